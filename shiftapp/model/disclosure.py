"""Which counts may be published, so that no figure of fewer than five people can be worked out.

Pure. A shift under five people is never shown alone. That is not enough: if the total held its
people, total minus the shifts shown would be its figure (complementary disclosure). Showing one
more shift less would not help either: a shift of five or more is in the public log, where anybody
can count it and subtract. So small shifts go into the total only when those that the log does not
hold have together five different people or more; else they are left out of the total, and the
page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shiftapp.model.counts import Count, Part

MIN_PEOPLE = 5  # design.md §4 Public


@dataclass(frozen=True)
class Published:
    """What an outsider may read: `total` is None when too few people are left to count."""

    shown: tuple[Part, ...]
    small: tuple[Part, ...]  # not shown alone
    counted: bool  # whether the small ones are in the total, as one figure

    @property
    def rest(self) -> Count | None:
        """The small ones together, where that may be known."""
        return _sum(self.small) if self.small and self.counted else None

    @property
    def total(self) -> Count | None:
        held = (*self.shown, *self.small) if self.counted else self.shown
        return _sum(held) if held else None

    @property
    def left_out(self) -> bool:
        """Whether people are expected who are in no published figure."""
        return bool(self.small) and not self.counted


def split(parts: Sequence[Part]) -> Published:
    """Decide for the parts of one announcement; parts without anybody expected drop out."""
    staffed = [part for part in parts if part.count.n]
    small = tuple(part for part in staffed if part.count.n < MIN_PEOPLE)
    secret = tuple(part for part in small if not part.in_log) or small
    people = frozenset[str]().union(*(part.people for part in secret))
    return Published(
        shown=tuple(part for part in staffed if part.count.n >= MIN_PEOPLE),
        small=small,
        counted=bool(small) and len(people) >= MIN_PEOPLE,
    )


def _sum(parts: Sequence[Part]) -> Count:
    return sum((part.count for part in parts), Count())
