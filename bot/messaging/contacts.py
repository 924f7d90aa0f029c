"""Finding the person behind an address."""

import phonenumbers
from django.utils import timezone

from bot.channels.incoming import Incoming
from bot.channels.names import Channel
from bot.messaging.models import Contact
from bot.messaging.sealing import lookup_hash
from bot.settings.environment import environment


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
        },
    )
    return contact


def heard_from(contact: Contact, incoming: Incoming) -> None:
    """Note that the person just wrote, and to which of our numbers; they keep that number."""
    contact.last_inbound_at = timezone.now()
    contact.unreachable_at = None
    contact.our_address = contact.our_address or incoming.our_address
    contact.save(update_fields=["last_inbound_at", "unreachable_at", "our_address"])


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
