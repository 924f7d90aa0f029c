"""The PDF of a case: facts, consent, what was said. Laid out for printing on A4."""

import re
from collections.abc import Mapping
from typing import Any

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from console.cases.fonts import NAMES, fonts

MARGIN, LINE = 18, 5.2  # millimetres
TEXT, SMALL, TITLE = 10, 8, 15  # points
_FACTS = (
    "person", "called_by", "organisation", "status", "outcome", "topic", "country", "origin",
    "stage", "language", "channel", "opened_at", "resolved_at", "exported_at", "exported_by",
)  # fmt: skip
# No font of ours has the block that stands for a blotted letter.
_BLOTTED = re.compile("\u2588+")
_SHAPED = {"at", "kind", "from", "text"}


class _Page(FPDF):
    """Counts pages at the foot and names the case there."""

    def __init__(self, case: str) -> None:
        super().__init__(format="A4")
        self._case = case
        for name, path in fonts().items():
            self.add_font(name, fname=path)
        # Falls back letter by letter; HarfBuzz joins Arabic and orders Devanagari.
        self.set_fallback_fonts([*NAMES[1:]], exact_match=False)
        self.set_text_shaping(True)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)

    def footer(self) -> None:
        """Print case and page number."""
        self.set_y(-MARGIN + 4)
        self.set_font(NAMES[0], size=SMALL)
        self.cell(0, 4, f"{self._case}  -  {self.page_no()}", align=Align.C)

    def line_of(self, text: str, size: float = TEXT) -> None:
        """Print a paragraph over the whole width."""
        self.set_font(NAMES[0], size=size)
        height = LINE * size / TEXT
        self.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L)


def sheet(record: Mapping[str, Any]) -> bytes:
    """Return the PDF of what `console.cases.exporting.record` made."""
    page = _Page(str(record["case"]))
    page.set_title(f"Case {record['case']}")
    page.add_page()
    page.line_of(f"Case {record['case']}", TITLE)
    page.ln(2)
    for name in _FACTS:
        if record[name]:
            page.line_of(f"{name.replace('_', ' ')}: {record[name]}")
    for consent in record["consents"]:
        page.line_of("consent: " + _told(consent))
    page.ln(3)
    for line in record["timeline"]:
        _print(page, line)
    return bytes(page.output())


def _print(page: _Page, line: Mapping[str, Any]) -> None:
    more = {name: value for name, value in line.items() if name not in _SHAPED}
    told = f"  ({_told(more)})" if more else ""
    page.line_of(f"{line['at']}  {line['from']}, {line['kind']}{told}", SMALL)
    if line.get("text"):
        page.line_of(_BLOTTED.sub("[...]", line["text"]))
    page.ln(1.5)


def _told(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items() if value)
