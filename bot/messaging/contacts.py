"""Finding the person behind an address."""

import phonenumbers
from django.utils import timezone

from bot.channels.incoming import Incoming
from bot.channels.names import Channel
from bot.channels.twilio.optout import START_WORDS
from bot.messaging import service_window
from bot.messaging.models import Contact
from bot.messaging.sealing import lookup_hash
from bot.settings.environment import environment

# How a person agreed to get messages from us: nobody is written to who did not write first.
WROTE_FIRST = "wrote first"


def contact_for(incoming: Incoming) -> Contact:
    """Return the contact who wrote `incoming`, made on first contact.

    Safe against two deliveries at once: the address hash is unique per channel.
    """
    digest = lookup_hash(incoming.channel, incoming.address, environment().lookup_key)
    contact, _ = Contact.objects.get_or_create(
        channel=incoming.channel.value,
        address_hash=digest,
        defaults={
            "address": incoming.address,
            "our_address": incoming.our_address,
            "country_of_prefix": country_of_prefix(incoming.channel, incoming.address),
            "opted_in_at": timezone.now(),
            "opted_in_how": WROTE_FIRST,
        },
    )
    return contact


def new_contact(erased: Contact) -> Contact:
    """Return the person who now writes from the address of one who is being erased."""
    digest = lookup_hash(erased.channel, erased.address, environment().lookup_key)
    contact, _ = Contact.objects.get_or_create(
        channel=erased.channel,
        address_hash=digest,
        defaults={
            "address": erased.address,
            "our_address": erased.our_address,
            "country_of_prefix": erased.country_of_prefix,
            "opted_in_at": timezone.now(),
            "opted_in_how": WROTE_FIRST,
        },
    )
    return contact


def heard_from(contact: Contact, incoming: Incoming) -> None:
    """Note that the person just wrote, to which of our numbers, and what now may be delivered."""
    contact.last_inbound_at = timezone.now()
    contact.unreachable_at = contact.window_closed_at = None
    if _moves(contact, incoming):
        contact.our_address = incoming.our_address
    contact.save(
        update_fields=["last_inbound_at", "unreachable_at", "window_closed_at", "our_address"]
    )
    if contact.channel == Channel.WHATSAPP:
        service_window.opened(contact)


def _moves(contact: Contact, incoming: Incoming) -> bool:
    """Tell whether the person is now answered from the number that they just wrote to.

    They keep the number that they know, so that one conversation stays one. But a number that
    we gave up answers nobody; and Twilio blocks and unblocks per number, so after STOP to one
    and START to another only the other can reach them.
    """
    if not contact.our_address:
        return True
    if (
        contact.channel != Channel.SMS
        or incoming.our_address not in environment().twilio.sms_numbers
    ):
        return False
    gone = contact.our_address not in environment().twilio.sms_numbers
    return gone or incoming.text.strip().upper() in START_WORDS


def country_of_prefix(channel: Channel, address: str) -> str:
    """Return the ISO 3166-1 alpha-2 country of a phone address, '' when it shows none.

    Knows numbering plans (phonenumbers, Google's libphonenumber) and WhatsApp's business-scoped
    `whatsapp:CC.<id>`, which carries a country and no number.
    """
    if channel is Channel.TELEGRAM:
        return ""
    plain = address.removeprefix("whatsapp:")
    if channel is Channel.WHATSAPP and plain[2:3] == ".":
        return plain[:2]
    try:
        number = phonenumbers.parse(plain, None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_country_code(number.country_code or 0) or ""
