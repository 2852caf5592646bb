"""What the self-check is made of: the days it looks at, an item with its share, a failing row.

Nothing is scored or weighed: an item says how many of how many hold, and names those that do not.
No failing row names a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["good", "look", "none"]


@dataclass(frozen=True)
class Span:
    """The days that are looked at, both included, and the instants of their midnights."""

    first: str
    last: str
    zone: str  # of the enterprise
    from_ms: int
    to_ms: int
    now_ms: int


@dataclass(frozen=True)
class Failing:
    """One thing that does not hold: `code` names its sentence, `values` fill it.

    `about` is what to open: `(kind, key)`, such as `("announcement", id)`; None: nothing.
    """

    day: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[str, str] | None = None


@dataclass(frozen=True)
class Item:
    """One thing that is checked: `of` were looked at, `failed` of them do not hold."""

    code: str
    of: int
    failed: int
    failing: tuple[Failing, ...]

    @property
    def passed(self) -> int:
        """How many hold."""
        return self.of - self.failed

    @property
    def verdict(self) -> Verdict:
        """good: all hold; look: a person should; none: there was nothing to check."""
        if not self.of:
            return "none"
        return "look" if self.failed else "good"


def item(code: str, of: int, failing: Iterable[Failing], failed: int | None = None) -> Item:
    """An item of which every failing row is one that failed, unless told otherwise."""
    rows = tuple(failing)
    return Item(code, of, len(rows) if failed is None else failed, rows)
