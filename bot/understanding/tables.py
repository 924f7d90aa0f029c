"""Reading the tables below `data/`."""

from pathlib import Path
from typing import Any

import yaml


def read_table(path: Path) -> dict[Any, Any]:
    """Return the YAML of `path`, by libyaml: in pure Python a glossary takes seconds."""
    told: dict[Any, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return told
