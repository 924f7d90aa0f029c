"""Why something was not done with a case. At the edge each becomes a sentence."""


class CaseError(Exception):
    """Something was not done; nothing was changed."""


class NotAllowed(CaseError):
    """The member's role, or their training, does not allow it."""


class NoSuchCase(CaseError):
    """No such case in this member's organisation."""


class Taken(CaseError):
    """Somebody was quicker: the case has another assignee, or the person another holder."""


class CaseClosed(CaseError):
    """The case is resolved, or its consent was taken back."""


class NotConsented(CaseError):
    """The person has not agreed to this."""


class TooLong(CaseError):
    """The text does not fit in what their channel carries."""


class Empty(CaseError):
    """There is no text."""


class WrongTime(CaseError):
    """Not a time in the near future."""
