"""`haki demo_case`: a case of the demonstration, opened as if a person had just agreed to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bot.channels.names import Channel
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.sealing import lookup_hash
from bot.settings.environment import environment
from console.handover.opening import open_case, unresolved
from console.models import Organisation

OUR_ADDRESSES = {Channel.SMS: "+15005550006", Channel.WHATSAPP: "whatsapp:+15005550007"}


class Command(BaseCommand):
    """Opens a case with a demonstration organisation for a made-up address of the simulator."""

    help = "Open a case with a demonstration organisation (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who writes what to whom."""
        parser.add_argument("address", help="for instance +15005550123, a phone of the simulator")
        parser.add_argument("--channel", choices=[str(one.value) for one in Channel], default="sms")
        parser.add_argument("--organisation", default="demo-north")
        parser.add_argument("--text", default="My boss has not paid me for three months")
        parser.add_argument("--language", default="en")
        parser.add_argument("--topic", default="wages")
        parser.add_argument("--country", default="MYS")
        parser.add_argument("--urgency", choices=["danger", "high", "normal"], default="normal")

    @transaction.atomic
    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Open the case and print its public id."""
        if environment().mode == "production":
            raise CommandError("These people are made up: not in production.")
        organisation = Organisation.objects.filter(slug=options["organisation"], demo=True).first()
        if organisation is None:
            raise CommandError("No such demonstration organisation; run `haki demo_people` first.")
        contact = self._contact(options)
        Message.objects.create(
            contact=contact,
            channel=contact.channel,
            direction=Direction.INBOUND,
            kind="text",
            text=options["text"],
            state=State.ANSWERED,
            language=options["language"],
        )
        facts = {name: options[name] for name in ("topic", "country", "language", "urgency")}
        wording = {"wording": "handover.consent", "wording_version": "0" * 12}
        shared = {"partner": organisation.pk, "share": "conversation"}
        open_case(contact, {**shared, **facts, **wording})
        opened = unresolved(contact.pk)
        self.stdout.write(opened.public_id if opened else "")

    def _contact(self, options: dict[str, Any]) -> Contact:
        channel = Channel(options["channel"])
        digest = lookup_hash(channel, options["address"], environment().lookup_key)
        contact, _new = Contact.objects.get_or_create(
            channel=channel.value,
            address_hash=digest,
            defaults={
                "address": options["address"],
                "our_address": OUR_ADDRESSES.get(channel, ""),
                "country": options["country"],
                "language": options["language"],
            },
        )
        return contact
