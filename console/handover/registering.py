"""Plugging cases into the messaging core, once for each process."""

from bot.messaging import effects, partners
from console.handover import ending, inbound, opening, safety, unmet
from console.handover.speaking import CaseHandover

CHANGES = {
    # What the dialogue may ask for.
    "open_case": opening.open_case,
    "refuse_case": opening.refuse_case,
    "safety": safety.plan,
    "withdraw_consent": ending.withdraw,
    "unmet": unmet.count,
    # What only `speaking` and `commands` make.
    "case_words": inbound.take_in,
    "case_reopen": inbound.reopen,
    "case_thanks": inbound.thank,
    "case_line": inbound.add_line,
    "case_left": inbound.leave,
    "case_rate": inbound.rate,
    "case_refer": ending.answer_referral,
    "case_export": ending.answer_export,
    "case_hide": safety.hide,
    "case_back": safety.come_back,
}


def plug_in() -> None:
    """Let partners speak before the bot, and their effects be applied."""
    for name, change in CHANGES.items():
        effects.register(name, change)
    partners.register(CaseHandover())
