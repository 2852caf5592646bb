"""What an erasure does outside the database, once it is durable there: files, the engine's own
files, and the list of what a manager had erased.

The list (`erased` in the data folder) is what makes an erasure outlive a restored backup: what it
names and the database still holds is erased again (`erasing.again`). It has no word of anybody,
only ids of records. What the clock erases is not in it: the clock comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shiftapp.model import blobs
from shiftapp.store import Store, files

_LINE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) \d+")


@dataclass(frozen=True)
class Traces:
    """Where they are: the folder of photos and signatures, and the list."""

    blobs: Path
    listed: Path


def clear(store: Store, traces: Traces, gone: Iterable[bytes]) -> None:
    """Remove files that no row speaks of, then let the engine forget. Never inside a write.

    A crash before this leaves files without a row: `sweep` finds them.
    """
    for sha in gone:
        files.remove(traces.blobs, sha, lambda sha=sha: blobs.blob(store, sha) is not None)  # type: ignore[misc]
    store.scrub()


def sweep(store: Store, traces: Traces, before_s: float) -> int:
    """Remove the files without a row that are older than an instant; gives how many."""
    return files.orphans(traces.blobs, lambda some: blobs.known(store, some), before_s)


def note(traces: Traces, ids: Iterable[str], now_ms: int) -> None:
    """Add records to the list of what was erased, durably."""
    files.append(traces.listed, [f"{one} {now_ms}" for one in ids])


def noted(traces: Traces) -> list[str]:
    """The records on the list, each once; a line that was cut off by a crash is none."""
    if not traces.listed.is_file():
        return []
    text = traces.listed.read_text("utf-8", errors="replace")
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return list(dict.fromkeys(one[1] for one in found if one))
