"""Which counts may be published, so that no figure of fewer than five people can be worked out.

All but one question to the store is pure. A shift under five people is never shown alone. That is
not enough: if the total held its people, total minus the shifts shown would be its figure
(complementary disclosure). Showing one more shift less would not help either: a shift of five or
more is in the public log, where anybody can count it and subtract. So small shifts go into the
total only when those that the log does not hold have together five different people or more; else
they are left out of the total, and the page says so.

Over a period the same is asked of a group's shifts together, by the different people in them: what
the log holds of a group anybody subtracts, so what it does not hold is five people by itself or in
no figure of the group.

Two versions can be subtracted from each other too: whoever was put on the roster of a shift that
the log does not hold, or taken off it, between them would be a figure of one. So once the people of
such a shift have changed since the first version (`changed`, from `changed_since`), it has no
figure of its own any more, and no shift that the log does not hold is in the total as a rest.

Known weakness: periods of different kinds overlap, and can be subtracted where they do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shiftapp.model.counts import Count, Part
from shiftapp.model.period_counts import Share
from shiftapp.store import Db, Row

NOTHING: Collection[bytes] = frozenset()
MIN_PEOPLE = 5  # design.md §4 Public


class Counted(Protocol):
    """A shift of a group with its count."""

    @property
    def about(self) -> Row: ...

    @property
    def in_log(self) -> bool: ...

    @property
    def count(self) -> Count: ...

    @property
    def people(self) -> frozenset[str]: ...


Piece = TypeVar("Piece", bound=Counted)


class Disclosed(Generic[Piece]):
    """What follows from which pieces may be shown, whatever those are."""

    small: tuple[Piece, ...]
    counted: bool

    @property
    def held(self) -> tuple[Piece, ...]:
        """The pieces whose people are in a published figure."""
        raise NotImplementedError

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
class Published(Disclosed[Part]):
    """What an outsider may read: `total` is None when too few people are left to count."""

    shown: tuple[Part, ...]
    small: tuple[Part, ...]  # not shown alone
    counted: bool  # whether the small ones are in the total, as one figure

    @property
    def held(self) -> tuple[Part, ...]:
        """The parts whose people are in a published figure."""
        return (*self.shown, *self.small) if self.counted else self.shown


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
class Grouped(Disclosed[Share]):
    """What an outsider may read of a period; see `Published`."""

    shown: tuple[Group, ...]
    small: tuple[Share, ...]  # shifts that stand in no group's figure
    counted: bool

    @property
    def held(self) -> tuple[Share, ...]:
        """The shifts whose people are in a published figure."""
        shown = tuple(share for group in self.shown for share in group.shares)
        return (*shown, *self.small) if self.counted else shown


def split(parts: Sequence[Part], changed: Collection[bytes] = NOTHING) -> Published:
    """Decide for the parts of one announcement; parts without anybody expected drop out."""
    shown: list[Part] = []
    small: list[Part] = []
    for part in (part for part in parts if part.count.n):
        alone = part.count.n >= MIN_PEOPLE and not _has_changed(part, changed)
        (shown if alone else small).append(part)
    return Published(tuple(shown), tuple(small), counted=not changed and _enough(small))


def by_group(shares: Sequence[Share], changed: Collection[bytes] = NOTHING) -> Grouped:
    """Decide for the shifts of a period, group by group; those without anybody drop out."""
    groups: dict[str, list[Share]] = {}
    for share in shares:
        if share.count.n:
            groups.setdefault(share.about["grp"], []).append(share)
    shown: list[Group] = []
    small: list[Share] = []
    moved = {share.about["grp"] for share in shares if _has_changed(share, changed)}
    for group, theirs in groups.items():
        public = [share for share in theirs if share.in_log]
        secret = [share for share in theirs if not share.in_log]
        told = _people(secret) >= MIN_PEOPLE and group not in moved
        held, rest = (theirs, []) if told else (public, secret)
        if _people(held) < MIN_PEOPLE:
            held, rest = [], theirs
        shown += [Group(tuple(held))] if held else []
        small += rest
    return Grouped(tuple(shown), tuple(small), counted=not changed and _enough(small))


def changed_since(
    db: Db, kind: str, date: str, from_ms: int, to_ms: int, now_ms: int
) -> frozenset[bytes]:
    """The shifts from ≤ … < to that the log does not hold and whose people are, or were meanwhile,
    others than when the first version of a day or period was signed; none before that."""
    rows = db.rows(
        "SELECT DISTINCT slot.s FROM announcement AS a"
        " JOIN series ON series.starts_ms >= :a AND series.starts_ms < :b"
        " JOIN slot ON slot.s = series.s"
        " WHERE a.kind = :kind AND a.date = :date AND a.version = 1 AND series.state <> 'open'"
        " AND ((slot.added_ms > a.published_ms AND slot.added_ms <= :now)"
        "  OR (slot.ended_ms > a.published_ms AND slot.ended_ms <= :now))"
        " ORDER BY slot.s",
        a=from_ms,
        b=to_ms,
        kind=kind,
        date=date,
        now=now_ms,
    )
    return frozenset(bytes(row["s"]) for row in rows)


def _has_changed(one: Counted, changed: Collection[bytes]) -> bool:
    return bool(changed) and not one.in_log and bytes(one.about["s"]) in changed


def _enough(small: Sequence[Counted]) -> bool:
    """Whether small ones may be one figure: those that the log does not hold are five people."""
    secret = [one for one in small if not one.in_log] or small
    return _people(secret) >= MIN_PEOPLE


def _people(counted: Iterable[Counted]) -> int:
    """How many different people."""
    return len(frozenset[str]().union(*(one.people for one in counted)))


def _sum(counted: Iterable[Counted]) -> Count:
    return sum((one.count for one in counted), Count())
