"""How rosters changed after their windows had opened: who was put on and who was taken off.

A figure of commitments looks better without those who are missing, so an announcement tells how its
denominator came about. It tells only of shifts that the log holds, where anybody can see as much,
or that a published figure counts: of others it would be a figure of fewer than five people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shiftapp.model import counts
from shiftapp.model.counts import Part
from shiftapp.model.history import PersonState
from shiftapp.model.period_counts import Share


@dataclass(frozen=True)
class Roster:
    """People put on and taken off, once a person and shift."""

    added: int
    ended: int
    opened: int  # how many were on them when their windows opened
    expected: int  # how many are now, counted a second time by their slots
    put_on: tuple[PersonState, ...] = ()  # of a day: who, for signed-in readers only
    taken_off: tuple[PersonState, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether who was there, who came and who went give who is there."""
        return self.opened + self.added - self.ended == self.expected


def of_day(parts: Iterable[Part], held: Iterable[Part], now_ms: int) -> Roster:
    """The changes in the shifts of a day, also in those that nobody is left in."""
    counted = set(map(id, held))
    told = [part for part in parts if part.in_log or id(part) in counted]
    added = tuple(person for part in told for person in counts.put_on(part, now_ms))
    ended = tuple(person for part in told for person in counts.taken_off(part, now_ms))
    opened = sum(counts.opened(part, now_ms) for part in told)
    expected = sum(part.count.n for part in told)
    return Roster(len(added), len(ended), opened, expected, added, ended)


def of_period(shares: Iterable[Share], held: Iterable[Share]) -> Roster:
    """The changes in the shifts of a period, in numbers only."""
    counted = set(map(id, held))
    told = [share for share in shares if share.in_log or id(share) in counted]
    return Roster(
        added=sum(len(share.put_on) for share in told),
        ended=sum(len(share.taken_off) for share in told),
        opened=sum(share.opened for share in told),
        expected=sum(share.count.n for share in told),
    )
