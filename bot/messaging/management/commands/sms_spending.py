"""`haki sms_spending`: what SMS have cost this month, by country; no person is named."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Sum
from django.utils import timezone

from bot.channels.names import Channel
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.spending import is_over, price_of
from bot.settings.environment import environment


class Command(BaseCommand):
    """Prints segments, people and the estimate by country of the phone number."""

    help = "Show segments sent by SMS this month (UTC) and their estimated cost."

    def handle(self, *args: Any, **options: Any) -> None:
        first = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        sent = Message.objects.filter(
            channel=Channel.SMS, direction=Direction.OUTBOUND, created_at__gte=first
        ).exclude(state=State.FAILED)
        rows = sent.values("contact__country_of_prefix").annotate(
            segments=Sum("segments"), people=Count("contact", distinct=True)
        )
        currency = environment().sms_costs.currency
        for row in rows.order_by("-segments"):
            country = row["contact__country_of_prefix"]
            price = price_of(row["segments"], country)
            said = f"{price:.2f} {currency}" if price is not None else "no price set"
            self.stdout.write(
                f"{country or '??'}: {row['segments']} segments, {row['people']} people, {said}"
            )
        if environment().sms_costs.ceiling is not None:
            writers = Contact.objects.filter(channel=Channel.SMS, last_inbound_at__gte=first)
            over = sum(is_over(contact) for contact in writers.iterator())
            self.stdout.write(f"{over} people have reached the monthly ceiling.")
