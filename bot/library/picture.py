"""Coverage as a picture: countries by topics, with stages and the gaps. SVG without any script."""

from __future__ import annotations

from html import escape

from bot.library.coverage import Cell, cells, must_answer
from bot.library.edition import Edition

_CELL_WIDTH, _CELL_HEIGHT = 46, 26
_LEFT, _TOP, _BOTTOM = 170, 64, 74
_SHADES = ("#ffffff", "#d9ecef", "#a8d3d9", "#6fb3bd", "#3d8f9b", "#1f6b77")
_REQUIRED_GAP = "#b3261e"


def svg(edition: Edition) -> str:
    """The picture as text of an SVG file; every cell says its numbers in a title too."""
    table = cells(edition)
    countries, topics = list(edition.countries), list(edition.topics)
    width = _LEFT + _CELL_WIDTH * len(countries) + 20
    height = _TOP + _CELL_HEIGHT * len(topics) + _BOTTOM
    required = set(must_answer(edition))
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="12">'
        ),
        f"<title>{_summary(table)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<text x="12" y="24" font-size="16">Rights library: cards by country and topic</text>',
    ]
    for column, code in enumerate(countries):
        x = _LEFT + column * _CELL_WIDTH + _CELL_WIDTH / 2
        parts.append(f'<text x="{x}" y="{_TOP - 8}" text-anchor="middle">{code}</text>')
    for row, topic in enumerate(topics):
        y = _TOP + row * _CELL_HEIGHT + _CELL_HEIGHT * 0.66
        label = escape(edition.topics[topic].label_in("en"))
        parts.append(f'<text x="{_LEFT - 8}" y="{y}" text-anchor="end">{label}</text>')
    for cell in table:
        x = _LEFT + countries.index(cell.country) * _CELL_WIDTH
        y = _TOP + topics.index(cell.topic) * _CELL_HEIGHT
        parts.append(_cell(cell, x, y, (cell.country, cell.topic) in required))
    parts += _legend(height)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _cell(cell: Cell, x: int, y: int, required: bool) -> str:
    count = len(cell.cards)
    shade = _SHADES[min(count, len(_SHADES) - 1)]
    ink = "#ffffff" if count >= 4 else "#10242a"
    stroke, stroke_width = ("#c8d4d6", 1)
    if cell.is_gap and required:
        stroke, stroke_width = (_REQUIRED_GAP, 2)
    stages = sum(bool(ids) for ids in cell.stages.values())
    title = f"{cell.country}, {cell.topic}: {count} cards, {stages} of 4 stages"
    if cell.is_gap:
        title += f"; int: {', '.join(cell.fallback) or 'nothing'}"
    mark = str(count) if count else "int" if cell.fallback else ""
    parts = [
        f"<g><title>{escape(title)}</title>",
        (
            f'<rect x="{x + 1}" y="{y + 1}" width="{_CELL_WIDTH - 2}" height="{_CELL_HEIGHT - 2}"'
            f' fill="{shade}" stroke="{stroke}" stroke-width="{stroke_width}"/>'
        ),
        (
            f'<text x="{x + _CELL_WIDTH / 2}" y="{y + 14}" text-anchor="middle" fill="{ink}"'
            f' font-size="11">{mark}</text>'
        ),
    ]
    for number, ids in enumerate(cell.stages.values()):
        if ids:
            parts.append(f'<circle cx="{x + 11 + number * 8}" cy="{y + 20}" r="2" fill="{ink}"/>')
    return "".join([*parts, "</g>"])


def _legend(height: int) -> list[str]:
    y = height - _BOTTOM + 28
    return [
        (
            f'<text x="12" y="{y}">Number: cards that answer the topic. Dots, left to right: before'
            " departure, in transit, at destination, return.</text>"
        ),
        (
            f'<text x="12" y="{y + 18}">int: no card of the country, the international ones answer.'
            " Red frame: an answer that a destination must have of its own.</text>"
        ),
    ]


def _summary(table: list[Cell]) -> str:
    answered = sum(not cell.is_gap for cell in table)
    return f"{answered} of {len(table)} pairs of country and topic have a card of their own"
