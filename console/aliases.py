"""The name that stands for a person wherever people look: never a number, never a chat name."""

from uuid import UUID

_FIRST = "Amber Azure Coral Cedar Dawn Delta Ember Fern Flint Grove Haven Indigo Ivory Jade Juniper Kite Lark Linden Maple Meadow Mint Nile Ocean Olive Opal Pearl Pine Quartz Rain River Saffron Sage Sand Sierra Sky Slate Snow Stone Summit Tidal Topaz Vale Violet Wheat Willow Wind".split()  # noqa: E501, SIM905


def alias(contact_id: UUID) -> str:
    """Return a short name made from the contact's random id, such as `Cedar 4821`.

    The same person always has the same alias; it tells nothing about them.
    """
    number = contact_id.int
    return f"{_FIRST[number % len(_FIRST)]} {number // len(_FIRST) % 10000:04d}"
