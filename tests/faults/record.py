"""What stands in the database after the storm, beside what the phones show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
import psycopg

from bot.messaging.sealing import lookup_hash

_ROWS = """
SELECT contact.address_hash, contact.channel, direction, state, provider_id, kind, uncertain_sends
FROM messaging_message JOIN messaging_contact AS contact ON contact.id = contact_id
ORDER BY messaging_message.id
"""


@dataclass
class Findings:
    """What went wrong; all empty when nothing was lost, doubled or out of order."""

    unanswered: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    doubled: dict[str, int] = field(default_factory=dict)
    heard_twice: set[str] = field(default_factory=set)  # addresses of the phones in `doubled`
    uncertain: int = 0
    answers: int = 0
    inbound: int = 0


def compare(environment: Mapping[str, str], provider: str) -> Findings:
    """Hold every phone against the rows of its conversation, in a stack's `environment`."""
    found = Findings()
    sent: dict[str, list[str]] = {}
    with psycopg.connect(environment["HAKI_DATABASE_URL"]) as database:
        for person, channel, direction, state, provider_id, kind, uncertain in database.execute(
            _ROWS
        ):
            if direction == "in":
                found.inbound += 1
                if state != "answered":
                    found.unanswered.append(f"{channel} {state}")
                continue
            found.answers += 1
            found.uncertain += uncertain
            if state not in ("sent", "delivered", "read") or not provider_id:
                found.unsent.append(f"{channel} {kind} {state}")
                continue
            # Telegram numbers messages per chat; our id begins with the contact there.
            shown_id = provider_id.partition(":")[2] if channel == "telegram" else provider_id
            sent.setdefault(person, []).append(shown_id)
    with httpx.Client(base_url=f"{provider}/api", timeout=60, trust_env=False) as phones:
        for phone in phones.get("/phones").json()["phones"]:
            channel, address = str(phone["channel"]), str(phone["address"])
            full = f"whatsapp:{address}" if channel == "whatsapp" else address
            person = lookup_hash(channel, full, environment["HAKI_LOOKUP_KEY"])
            path = f"/phones/{channel}/{quote(address)}/messages"
            shown = phones.get(path, params={"by": "haki"}).json()["messages"]
            ids = [str(message["id"]) for message in shown]
            _compare_phone(channel, address, ids, sent.get(person, []), found)
    return found


def _compare_phone(
    channel: str, address: str, shown: list[str], stored: list[str], found: Findings
) -> None:
    known = [one for one in shown if one in stored]
    if extra := len(shown) - len(known):
        found.doubled[channel] = found.doubled.get(channel, 0) + extra
        found.heard_twice.add(address)
    if missing := [one for one in stored if one not in shown]:
        found.lost.append(f"{channel} {address}: {len(missing)}")
    if known != [one for one in stored if one in shown]:
        found.out_of_order.append(f"{channel} {address}")
