"""Which counts may be published, so that no figure of fewer than five people can be worked out.

Pure. A shift under five people is never shown alone. That is not enough: if the total held its
people, total minus the shifts shown would be its figure (complementary disclosure). Showing one
more shift less would not help either: a shift of five or more is in the public log, where anybody
can count it and subtract. So small shifts go into the total only when those that the log does not
hold have together five different people or more; else they are left out of the total, and the
page says so.

Over a period the same is asked of a group's shifts together, by the different people in them: what
the log holds of a group anybody subtracts, so what it does not hold is five people by itself or in
no figure of the group.

Known weakness: two versions of a day can be subtracted from each other. Who was put on the roster
of a shift that the log does not hold between them is then a figure of one, without a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shiftapp.model.counts import Count, Part
from shiftapp.model.period_counts import Share
from shiftapp.store import Row

MIN_PEOPLE = 5  # design.md §4 Public


class Counted(Protocol):
    """A shift of a group with its count."""

    @property
    def in_log(self) -> bool: ...

    @property
    def count(self) -> Count: ...

    @property
    def people(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Published:
    """What an outsider may read: `total` is None when too few people are left to count."""

    shown: tuple[Part, ...]
    small: tuple[Part, ...]  # not shown alone
    counted: bool  # whether the small ones are in the total, as one figure

    @property
    def held(self) -> tuple[Part, ...]:
        """The parts whose people are in a published figure."""
        return (*self.shown, *self.small) if self.counted else self.shown

    @property
    def rest(self) -> Count | None:
        """The small ones together, where that may be known."""
        return _sum(self.small) if self.small and self.counted else None

    @property
    def total(self) -> Count | None:
        return _sum(self.held) if self.held else None

    @property
    def left_out(self) -> bool:
        """Whether people are expected who are in no published figure."""
        return bool(self.small) and not self.counted


@dataclass(frozen=True)
class Group:
    """A reporting group in a period, with those of its shifts that may be counted in it."""

    shares: tuple[Share, ...]

    @property
    def about(self) -> Row:
        """The names of group and site."""
        return self.shares[0].about

    @property
    def count(self) -> Count:
        return _sum(self.shares)

    @property
    def check(self) -> Count:
        return sum((share.check for share in self.shares), Count())


@dataclass(frozen=True)
class Grouped:
    """What an outsider may read of a period; see `Published`."""

    shown: tuple[Group, ...]
    small: tuple[Share, ...]  # shifts that stand in no group's figure
    counted: bool

    @property
    def held(self) -> tuple[Share, ...]:
        """The shifts whose people are in a published figure."""
        shown = tuple(share for group in self.shown for share in group.shares)
        return (*shown, *self.small) if self.counted else shown

    @property
    def rest(self) -> Count | None:
        return _sum(self.small) if self.small and self.counted else None

    @property
    def total(self) -> Count | None:
        return _sum(self.held) if self.held else None

    @property
    def left_out(self) -> bool:
        return bool(self.small) and not self.counted


def split(parts: Sequence[Part]) -> Published:
    """Decide for the parts of one announcement; parts without anybody expected drop out."""
    staffed = [part for part in parts if part.count.n]
    small = tuple(part for part in staffed if part.count.n < MIN_PEOPLE)
    return Published(
        shown=tuple(part for part in staffed if part.count.n >= MIN_PEOPLE),
        small=small,
        counted=_enough(small),
    )


def by_group(shares: Sequence[Share]) -> Grouped:
    """Decide for the shifts of a period, group by group; those without anybody drop out."""
    groups: dict[str, list[Share]] = {}
    for share in shares:
        if share.count.n:
            groups.setdefault(share.about["grp"], []).append(share)
    shown: list[Group] = []
    small: list[Share] = []
    for theirs in groups.values():
        public = [share for share in theirs if share.in_log]
        secret = [share for share in theirs if not share.in_log]
        held, rest = (theirs, []) if _people(secret) >= MIN_PEOPLE else (public, secret)
        if _people(held) < MIN_PEOPLE:
            held, rest = [], theirs
        shown += [Group(tuple(held))] if held else []
        small += rest
    return Grouped(tuple(shown), tuple(small), counted=_enough(small))


def _enough(small: Sequence[Counted]) -> bool:
    """Whether small ones may be one figure: those that the log does not hold are five people."""
    secret = [one for one in small if not one.in_log] or small
    return _people(secret) >= MIN_PEOPLE


def _people(counted: Iterable[Counted]) -> int:
    """How many different people."""
    return len(frozenset[str]().union(*(one.people for one in counted)))


def _sum(counted: Iterable[Counted]) -> Count:
    return sum((one.count for one in counted), Count())
