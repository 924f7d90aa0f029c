"""What passed between Haki and its providers, in order, for exact-request tests and timing."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from itertools import islice
from typing import Any

#: Entries kept; older ones are forgotten. A benchmark reads the log as it goes.
LOG_LENGTH = 50_000

Entry = dict[str, Any]


def now_ms() -> float:
    """Milliseconds since the epoch, with fractions."""
    return time.time() * 1000


class Record:
    """A bounded log. `n` grows by one and is never reused."""

    def __init__(self, length: int = LOG_LENGTH) -> None:
        self._entries: deque[Entry] = deque(maxlen=length)
        self._last = 0
        self._changed = asyncio.Event()

    def add(self, kind: str, **values: Any) -> Entry:
        """Append one entry; the caller may fill in an answer later."""
        self._last += 1
        entry: Entry = {"n": self._last, "t": now_ms(), "kind": kind, **values}
        self._entries.append(entry)
        self._changed.set()
        self._changed = asyncio.Event()
        return entry

    def since(self, after: int, *, kind: str = "", limit: int = 1000) -> list[Entry]:
        """Entries with ``n > after``, oldest first."""
        skipped = max(0, after - (self._last - len(self._entries)))
        rest = islice(self._entries, skipped, None)
        return list(islice((e for e in rest if not kind or e["kind"] == kind), limit))

    async def wait(self, seconds: float) -> None:
        """Return at the next entry or after `seconds`."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        self._entries.clear()

    @property
    def last(self) -> int:
        """Number of the newest entry, 0 when there was none yet."""
        return self._last
