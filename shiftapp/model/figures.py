"""What an announcement is derived from: the shifts of its day counted, hazards, signatures.

Everything is read at one instant and nothing is decided about words here (announcements.py). It
covers the shifts that started in the 24 hours before the day's cut-off. Units and special work
come beside `hazards` when they come.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from shiftapp.model import counts, cycles, disclosure, findings, places, shifts, signoffs
from shiftapp.model.counts import Part
from shiftapp.model.disclosure import Published
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000

# What closes the button until somebody acts, or signs over it with a reason.
GapCode = Literal["veto_unanswered", "major", "unsigned", "differs"]


@dataclass(frozen=True)
class Times:
    """The instants of a day's announcement, ms."""

    zone: str
    from_ms: int  # the shifts that count start at or after this
    to_ms: int  # … and before this, the cut-off
    due_ms: int  # it should be out by then
    valid_until_ms: int


@dataclass(frozen=True)
class Crew:
    """A crew's shift and its signature; None: not signed, or no longer holding."""

    instance: Row
    signature: signoffs.Signature | None

    @property
    def signed(self) -> bool:
        return self.signature is not None and self.signature.holds


@dataclass(frozen=True)
class Hazards:
    """Open hazards of the enterprise: no to-dos, and nothing about who is fit."""

    open: tuple[Row, ...]

    def general(self) -> list[Row]:
        return [h for h in self.open if h["level"] == "general"]

    def major(self) -> list[Row]:
        return [h for h in self.open if h["level"] == "major"]

    def major_unanswered(self) -> list[Row]:
        return [h for h in self.major() if h["answered_ms"] is None]

    def veto_unanswered(self) -> list[Row]:
        return [h for h in self.open if h["veto"] and h["answered_ms"] is None]

    def veto_open(self) -> list[Row]:
        return [h for h in self.open if h["veto"] and h["answered_ms"] and not h["fixed_ms"]]

    def unanswered(self) -> list[Row]:
        return [h for h in self.open if not h["veto"] and h["answered_ms"] is None]


@dataclass(frozen=True)
class Gap:
    """Something a person can still settle before it is signed."""

    code: GapCode
    n: int


@dataclass(frozen=True)
class Figures:
    """All that a day's announcement can say, as it was known at `now_ms`."""

    date: str
    now_ms: int
    times: Times
    parts: tuple[Part, ...]  # those with anybody expected
    published: Published
    hazards: Hazards
    crews: tuple[Crew, ...]
    gaps: tuple[Gap, ...]

    @property
    def settled_ms(self) -> int | None:
        """The latest start among its shifts: before it the figures are not due. None: no shift."""
        return max((part.about["starts_ms"] for part in self.parts), default=None)

    def gap(self, code: GapCode) -> int:
        """How many of one kind of gap there are."""
        return sum(gap.n for gap in self.gaps if gap.code == code)


def today(db: Db, now_ms: int) -> str:
    """The date at the enterprise (its first site), YYYY-MM-DD."""
    return shifts.site_day(_zone(db), now_ms).isoformat()


def times(db: Db, settings: Settings, date: str) -> Times:
    """The instants of a day's announcement.

    :raises ValueError: not a date.
    """
    zone = _zone(db)
    due_ms = _instant(date, settings.due, zone)
    to_ms = _instant(date, settings.cutoff, zone)
    return Times(zone, to_ms - DAY_MS, to_ms, due_ms, due_ms + settings.valid_hours * 3_600_000)


def gather(db: Db, settings: Settings, date: str, now_ms: int) -> Figures:
    """The figures of a day at an instant.

    :raises ValueError: not a date.
    """
    when = times(db, settings, date)
    found = counts.parts(db, instances_of(db, settings, date), now_ms)
    staffed = tuple(part for part in found if part.count.n)
    hazards = Hazards(tuple(findings.open_hazards_at(db, now_ms)))
    crews = tuple(_crews(db, staffed, now_ms))
    return Figures(
        date=date,
        now_ms=now_ms,
        times=when,
        parts=staffed,
        published=disclosure.split(staffed),
        hazards=hazards,
        crews=crews,
        gaps=tuple(_gaps(staffed, hazards, crews)),
    )


def _zone(db: Db) -> str:
    return next((str(site["zone"]) for site in places.sites(db)), "UTC")


def _instant(date: str, clock: str, zone: str) -> int:
    return cycles.window(datetime.date.fromisoformat(date), clock, 1, zone).starts_ms


def instances_of(db: Db, settings: Settings, date: str) -> list[Row]:
    """The shifts of a day: cut-off − 24 h ≤ start < cut-off, by the clock of each site.

    :raises ValueError: not a date.
    """
    when = times(db, settings, date)
    widest = shifts.started_between(db, when.from_ms - DAY_MS, when.to_ms + DAY_MS)
    found = []
    for instance in widest:
        cutoff_ms = _instant(date, settings.cutoff, instance["zone"])
        if cutoff_ms - DAY_MS <= instance["starts_ms"] < cutoff_ms:
            found.append(instance)
    return found


def _crews(db: Db, parts: tuple[Part, ...], now_ms: int) -> list[Crew]:
    """The crews that have somebody on their roster, each with its signature."""
    found = []
    for one in (staffed for part in parts for staffed in part.staffed):
        if one.expected:
            asked = findings.of_instance(db, one.instance["id"])
            signature = signoffs.signature(db, one.instance, one.people, asked, now_ms)
            found.append(Crew(one.instance, signature))
    return found


def _gaps(parts: tuple[Part, ...], hazards: Hazards, crews: tuple[Crew, ...]) -> list[Gap]:
    found: list[tuple[GapCode, int]] = [
        ("veto_unanswered", len(hazards.veto_unanswered())),
        ("major", len(hazards.major_unanswered())),
        ("unsigned", sum(not crew.signed for crew in crews)),
        ("differs", sum(not part.agrees for part in parts)),
    ]
    return [Gap(code, n) for code, n in found if n]
