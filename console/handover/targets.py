"""By when a first reply is due."""

from datetime import datetime, timedelta

from bot.handover.hours import next_open
from console.models import Organisation, Target, Urgency

# Minutes of an organisation that set none. Danger and the working day: Libredesk's defaults of
# one hour to the first reply and a day; see research/features.md, planning numbers.
MINUTES = {Urgency.DANGER: 60, Urgency.HIGH: 240, Urgency.NORMAL: 24 * 60}


def due(organisation: Organisation, urgency: int, since: datetime) -> datetime:
    """Return when the first reply to somebody who waits since then is due (UTC).

    Time runs from when the organisation opens next, from `since` where it names no hours.
    """
    own = Target.objects.filter(organisation=organisation, urgency=urgency).first()
    minutes = own.minutes if own else MINUTES[Urgency(urgency)]
    start = next_open(organisation.hours, organisation.zone, since) or since
    return start + timedelta(minutes=minutes)
