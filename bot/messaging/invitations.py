"""The WhatsApp templates that say an answer waits: made at Twilio, submitted, their state kept."""

from bot.channels.twilio.account import UNSUBMITTED, TwilioAccount
from bot.channels.twilio.contents import invitation, invitation_name
from bot.library.phrases import phrases
from bot.messaging.models import ContentTemplate
from bot.settings.environment import environment


def languages() -> tuple[str, ...]:
    """Return the languages that an invitation exists in."""
    return phrases(environment().content_dir).languages


def body(language: str) -> dict[str, object]:
    """Return the JSON body that makes the invitation in `language`."""
    texts = phrases(environment().content_dir)
    return invitation(
        language,
        texts.get("window.invitation", language),
        texts.get("window.open", language),
        texts.get("window.invitation", "en"),
    )


def invitation_sid(name: str) -> str:
    """Return the SID of the invitation `name`, made and submitted when it does not exist yet.

    `haki channels setup` does that before anybody waits. Raises DeliveryError.
    """
    known = ContentTemplate.objects.filter(name=name).values_list("sid", flat=True).first()
    return known or _made(TwilioAccount(environment().twilio), name)


def prepare(account: TwilioAccount, existing: dict[str, str]) -> dict[str, str]:
    """Make what is missing, submit what was never submitted; return WhatsApp's word by name.

    `existing` are the SIDs at Twilio by name (TwilioAccount.contents). Raises DeliveryError.
    """
    words = {}
    for name in map(invitation_name, languages()):
        if name in existing:
            _keep(name, existing[name])
        else:
            _made(account, name)
        words[name] = refresh(account, name)
        if words[name] == UNSUBMITTED:
            account.ask_approval(ContentTemplate.objects.get(name=name).sid, name)
            words[name] = refresh(account, name)
    return words


def refresh(account: TwilioAccount, name: str) -> str:
    """Ask what WhatsApp says of invitation `name`, keep and return it. Raises DeliveryError."""
    row = ContentTemplate.objects.get(name=name)
    row.approval = account.approval(row.sid)[:16]
    row.save(update_fields=["approval"])
    return row.approval


def _made(account: TwilioAccount, name: str) -> str:
    language = name.rpartition("_")[2]
    sid = account.make_content(body(language))
    account.ask_approval(sid, name)
    return _keep(name, sid)


def _keep(name: str, sid: str) -> str:
    ContentTemplate.objects.update_or_create(name=name, defaults={"sid": sid})
    return sid
