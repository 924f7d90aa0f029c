"""The two organisations of a demonstration, with three people each. All of it is made up."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction

from bot.library.model import LANGUAGES
from console.models import CannedReply, Membership, Organisation, Role, Target, Urgency

# `.invalid` can never be somebody's address (RFC 2606).
DOMAIN = "demo.invalid"
ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}
MINUTES = {Urgency.DANGER: 15, Urgency.HIGH: 60, Urgency.NORMAL: 240}
PEOPLE = (
    (Role.COORDINATOR, "Coordinator"),
    (Role.CASE_WORKER, "Case worker"),
    (Role.ANALYST, "Analyst"),
)
CANNED = (
    ("en", "Got it", "Thank you. I have read this and will write to you again today."),
    ("en", "Is it safe to write?", "Is it safe for you to read my messages now?"),
    ("fr", "Bien lu", "Merci. J'ai lu votre message et je vous ecris encore aujourd'hui."),
    ("es", "Recibido", "Gracias. He leido su mensaje y le escribo otra vez hoy."),
    ("pt", "Recebido", "Obrigado. Li a sua mensagem e escrevo de novo hoje."),
    ("ar", "وصلت الرسالة", "شكرا لك. قرأت رسالتك وسأكتب إليك مرة أخرى اليوم."),
)


def email_of(place: str, role: str) -> str:
    """Return the sign-in of one of the demonstration's people, such as coordinator@north…"""
    return f"{role.replace('_', '-')}@{place}.{DOMAIN}"


@transaction.atomic
def make_demonstration(password: str) -> list[str]:
    """Make what is missing of both organisations and their people; return the sign-ins.

    Everybody has `password`, also after an earlier run with another one.
    """
    north = _organisation("north", "Demo organisation North", coordinating=True)
    south = _organisation("south", "Demo organisation South", countries=["ZAF", "ETH"])
    found = []
    for place, organisation in (("north", north), ("south", south)):
        for role, name in PEOPLE:
            found.append(email_of(place, role))
            _member(organisation, found[-1], f"{name} ({place.title()})", role, password)
        for language, title, text in CANNED:
            CannedReply.objects.get_or_create(
                organisation=organisation, language=language, title=title, defaults={"text": text}
            )
    return found


def _organisation(slug: str, name: str, **more: object) -> Organisation:
    defaults = {
        "name": name,
        "demo": True,
        "languages": list(LANGUAGES),
        "hours": ALL_DAY,
        "capacity": 500,
        **more,
    }
    made, new = Organisation.objects.get_or_create(slug=f"demo-{slug}", defaults=defaults)
    if new:
        for urgency, minutes in MINUTES.items():
            Target.objects.create(organisation=made, urgency=urgency, minutes=minutes)
    return made


def _member(organisation: Organisation, email: str, name: str, role: str, password: str) -> None:
    user, new = User.objects.get_or_create(username=email, defaults={"email": email})
    if new or not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        defaults={"name": name, "role": role, "trained_for_sensitive": role != Role.ANALYST},
    )
