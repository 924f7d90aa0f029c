"""Reading a person's own words as a name, as hours, as a code word."""

import re
import unicodedata

from bot.understanding import reserved
from bot.understanding.normalise import match_key

MOST_NAME_WORDS, MOST_NAME = 4, 40
# A code word this short would be sent by accident. Scripts that write syllables or whole words say
# more with a letter.
SHORTEST_WORD, SHORTEST_OTHER_WORD, LONGEST_WORD = 4, 2, 24
_HOURS = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})?)?(am|pm)?\D{1,6}?(\d{1,2})(?:[:.h](\d{2})?)?(am|pm)?"
)


def name(text: str) -> str:
    """Return `text` as a name to be called by, '' when it reads like a message."""
    plain = " ".join(text.split())
    told = bool(plain) and len(plain) <= MOST_NAME and len(plain.split()) <= MOST_NAME_WORDS
    return plain if told and not re.search(r"[?？!؟\d]", plain) else ""


def hours(text: str) -> str:
    """Return the hours in `text` as "HH:MM-HH:MM", '' when there are not exactly two.

    Understands digits of every script, "9-12", "9h a 12h", "from 8pm to 10pm".
    """
    found = _HOURS.search(_plain_digits(text).casefold().replace(" am", "am").replace(" pm", "pm"))
    if found is None or re.search(r"\d", _plain_digits(text)[found.end() :]):
        return ""
    start_hour, start_minute, start_half, end_hour, end_minute, end_half = found.groups()
    if not start_half and int(start_hour) < int(end_hour) != 12:
        start_half = end_half
    start = _clock(start_hour, start_minute, start_half)
    end = _clock(end_hour, end_minute, end_half)
    return f"{start}-{end}" if start and end and start != end else ""


def code_word(text: str) -> str:
    """Return the word in `text` if it can serve as a code word, else ''."""
    word = text.strip().strip("\"'.!")
    letters = all(unicodedata.category(letter)[0] in "LM" for letter in word)
    latin = all(ord(letter) < 0x250 for letter in word)
    shortest = SHORTEST_WORD if latin else SHORTEST_OTHER_WORD
    fits = letters and shortest <= len(word) <= LONGEST_WORD
    return word if fits and match_key(word) and reserved.match(word) is None else ""


def _plain_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    number = int(hour) % 12 + 12 if half == "pm" else int(hour)
    if half == "am" and number == 12:
        number = 0
    minutes = int(minute or 0)
    if number == 24 and not minutes:
        number = 0
    return f"{number:02d}:{minutes:02d}" if number < 24 and minutes < 60 else ""
