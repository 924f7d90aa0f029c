"""What SMS to a person are estimated to cost, and what changes once they cost too much.

Prices and the ceiling are the operator's (HAKI_SMS_PRICES, HAKI_MONTHLY_SMS_CEILING). Above the
ceiling nobody is left without an answer: answers come in short pieces, the next one on "1 = more",
and what need not be offered is left out. What a person's safety hangs on is never cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from bot.channels.layout import lay_out, shortened
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Option, Reply
from bot.library.phrases import phrases
from bot.messaging import incidents
from bot.messaging.incidents import Kind
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.stored_options import read_options
from bot.settings.environment import environment

# The command behind "more" of an answer that was cut; it never reaches the dialogue.
NEXT_PIECE = "/next_piece"
# Segments of one piece: less would be mostly menu.
PIECE = 2
# Danger, consent, erasing and what a person writes to a person are said whole.
SAID_WHOLE = ("emergency", "ask_consent", "opted_out", "deleted", "case_reply")


@dataclass(frozen=True)
class Spent:
    """SMS sent in a calendar month (UTC). `amount` is an estimate, None without a price."""

    segments: int
    amount: Decimal | None


def price_of(segments: int, country: str) -> Decimal | None:
    """Return the estimate for `segments` to a phone of `country` (ISO alpha-2), None unpriced."""
    price = environment().sms_costs.price(country)
    return None if price is None else price * segments


def spent_this_month(contact: Contact) -> Spent:
    """Return what `contact` has cost since the first of this month; failed messages are free."""
    first = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sent = contact.messages.filter(direction=Direction.OUTBOUND, created_at__gte=first)
    segments = sent.exclude(state=State.FAILED).aggregate(all=Sum("segments"))["all"] or 0
    return Spent(segments, price_of(segments, contact.country_of_prefix))


def is_over(contact: Contact) -> bool:
    """Tell whether `contact` has reached the monthly ceiling; never without one."""
    costs = environment().sms_costs
    if costs.ceiling is None or contact.channel != Channel.SMS:
        return False
    spent = spent_this_month(contact)
    used = Decimal(spent.segments) if costs.in_segments else spent.amount
    return used is not None and used >= costs.ceiling


def laid_out(contact: Contact, replies: Sequence[Reply]) -> list[tuple[Reply, Bubble]]:
    """Lay `replies` out for `contact`, in pieces if they have reached the ceiling."""
    channel = Channel(contact.channel)
    tight = is_over(contact)
    found = []
    for reply in replies:
        if tight and reply.kind not in SAID_WHOLE:
            bubbles = [shortened(reply, PIECE, _more(reply.language))]
        else:
            bubbles = lay_out(reply, channel)
        found += [(reply, bubble) for bubble in bubbles]
    if tight:
        incidents.note(Kind.SMS_CEILING, "", contact.channel, contact.our_address)
    return found


def next_piece(cut: Message) -> Reply | None:
    """Return what was left out of `cut`, None when nothing was."""
    if "rest" not in cut.details:
        return None
    return Reply(
        kind=cut.kind,
        text=cut.details["rest"],
        language=cut.language,
        options=tuple(read_options(cut.details["rest_options"])),
        card=cut.card,
        card_version=cut.card_version,
    )


def _more(language: str) -> Option:
    texts = phrases(environment().content_dir)
    return Option(
        texts.get("option.more", language), NEXT_PIECE, texts.get("option.more.short", language)
    )
