"""Fonts for the letters of our nine languages, made ready for the PDF library."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from bot.settings.environment import environment

_VENDORED = Path(__file__).resolve().parents[1] / "fonts"
# The first is the text's own; the others are asked for letters that it lacks, in this order.
NAMES = (
    "noto-sans-latin",
    "noto-sans-latin-ext",
    "noto-sans-arabic",
    "noto-sans-ethiopic",
    "noto-sans-devanagari",
    "noto-sans-sc",
)


@lru_cache(maxsize=1)
def fonts() -> dict[str, Path]:
    """Return the TrueType file of each name, unpacked once into the state folder."""
    folder = environment().state_dir / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _unpacked(name, folder) for name in NAMES}


def _unpacked(name: str, folder: Path) -> Path:
    made = folder / f"{name}.ttf"
    if not made.exists():
        font = TTFont(_VENDORED / f"{name}.woff")
        font.flavor = None
        unfinished = folder / f".{name}.ttf"
        font.save(unfinished)
        unfinished.replace(made)
    return made
