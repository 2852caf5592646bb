"""What an announcement is derived from: shifts counted, plant, special work, hazards, signatures.

Everything is read at one instant and nothing is decided about words here (announcements.py). A day
covers the shifts that started in the 24 hours before its cut-off and the special work of its
calendar day; a period the shifts, works and hazards that began in it. How the plant stands and
what is open is always told as of now.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import (
    counts,
    days,
    disclosure,
    findings,
    ladder,
    level_figures,
    open_points,
    period_counts,
    plant_figures,
    roster_figures,
    signoffs,
    work_figures,
)
from shiftapp.model.counts import Part
from shiftapp.model.days import DAY_MS, Times, instances_of, times, today
from shiftapp.model.disclosure import Grouped, Published
from shiftapp.model.level_figures import Level
from shiftapp.model.open_points import Gap, Hazards
from shiftapp.model.periods import Kind, Period
from shiftapp.model.plant_figures import Plant
from shiftapp.model.roster_figures import Roster
from shiftapp.model.settings import Settings
from shiftapp.model.work_figures import Works
from shiftapp.store import Db, Row

# The instants and the shifts of an announcement are asked for here by those who show figures.
__all__ = [
    "DAY_MS",
    "Crew",
    "Figures",
    "Gap",
    "Hazards",
    "Roster",
    "Times",
    "gather",
    "instances_of",
    "times",
    "today",
]


@dataclass(frozen=True)
class Crew:
    """A crew's shift and its signature; None: not signed, or no longer holding."""

    instance: Row
    signature: signoffs.Signature | None

    @property
    def signed(self) -> bool:
        return self.signature is not None and self.signature.holds


@dataclass(frozen=True)
class Figures:
    """All that an announcement can say, as it was known at `now_ms`."""

    period: Period
    now_ms: int
    times: Times
    settled_ms: (
        int | None
    )  # the start of its last shift: figures are not due before. None: no shift
    parts: tuple[Part, ...]  # of a day: those with anybody expected
    published: Published | Grouped
    hazards: Hazards
    crews: tuple[Crew, ...]  # of a day
    signed: tuple[int, int]  # crews' shifts, of how many
    levels: tuple[Level, ...]
    plant: Plant | None
    works: Works | None
    roster: Roster
    points: dict[str, int]  # everything open, by the code of its sentence
    gaps: tuple[Gap, ...]

    @property
    def date(self) -> str:
        """The day it stands under: of a period the last."""
        return self.period.last.isoformat()

    @property
    def kind(self) -> Kind:
        return self.period.kind

    def gap(self, code: str) -> int:
        """How many of one kind of gap there are."""
        return sum(gap.n for gap in self.gaps if gap.code == code)


def gather(db: Db, settings: Settings, date: str, now_ms: int, kind: Kind = "daily") -> Figures:
    """The figures of a day, or of the period that ends on it, at an instant.

    :raises ValueError: not a date, or no period of that kind ends on it.
    """
    if kind != "daily":
        return _of_period(db, settings, days.period(date, kind), now_ms)
    return _of_day(db, settings, days.period(date), now_ms)


def _of_day(db: Db, settings: Settings, period: Period, now_ms: int) -> Figures:
    date = period.last.isoformat()
    when = times(db, settings, date)
    instances = instances_of(db, settings, date)
    found = counts.parts(db, instances, now_ms)
    staffed = tuple(part for part in found if part.count.n)
    published = disclosure.split(staffed, _changed(db, period, instances, now_ms))
    reads = [
        ladder.read(db, one.instance, now_ms, one.people) for part in found for one in part.staffed
    ]
    crews = tuple(Crew(one.instance, one.signature) for one in reads if one.expected)
    tops = ladder.tops_of(db, reads, date, now_ms)
    levels = level_figures.of_day(db, tops, date, now_ms)
    hazards = Hazards(tuple(findings.open_hazards_at(db, now_ms)))
    plant = plant_figures.plant(db, hazards.open, when.from_ms, now_ms)
    works = work_figures.of_day(db, *days.calendar(db, date), now_ms)
    points = {
        **open_points.now(hazards, plant, works),
        **_missing(published, now_ms),
        "research_no": level_figures.answered_no(tops),
        "unsigned": sum(not crew.signed for crew in crews),
        "level_unsigned": sum(level.of - level.signed for level in levels),
        "differs": sum(not part.agrees for part in staffed),
    }
    return Figures(
        period=period,
        now_ms=now_ms,
        times=when,
        settled_ms=max((one["starts_ms"] for one in instances), default=None),
        parts=staffed,
        published=published,
        hazards=hazards,
        crews=crews,
        signed=(sum(crew.signed for crew in crews), len(crews)),
        levels=levels,
        plant=plant,
        works=works,
        roster=roster_figures.of_day(found, published.held, now_ms),
        points=points,
        gaps=open_points.gaps(points, hazards, past=False),
    )


def _of_period(db: Db, settings: Settings, period: Period, now_ms: int) -> Figures:
    date = period.last.isoformat()
    when = times(db, settings, date, period.kind)
    instances = instances_of(db, settings, date, period.kind)
    shares = period_counts.shares(db, instances, now_ms)
    published = disclosure.by_group(shares, _changed(db, period, instances, now_ms))
    signed, of = period_counts.signed(db, instances, now_ms)
    staffed = {bytes(share.about["s"]) for share in shares if share.count.n}
    at_work = [one for one in instances if bytes(one["s"]) in staffed]
    levels = level_figures.of_period(db, at_work, settings.cutoff, period, now_ms)
    hazards = Hazards(
        tuple(findings.open_hazards_at(db, now_ms)),
        *_found_and_accepted(db, when.from_ms, when.to_ms, now_ms),
    )
    plant = plant_figures.plant(db, hazards.open, now_ms - DAY_MS, now_ms)
    works = work_figures.of_period(db, when.from_ms, when.to_ms, now_ms)
    points = {
        **open_points.now(hazards, plant, works),
        **_missing(published, now_ms),
        "unsigned": of - signed,
        "level_unsigned": sum(level.of - level.signed for level in levels),
        "differs": sum(not share.agrees for share in shares),
    }
    return Figures(
        period=period,
        now_ms=now_ms,
        times=when,
        settled_ms=when.to_ms,
        parts=(),
        published=published,
        hazards=hazards,
        crews=(),
        signed=(signed, of),
        levels=levels,
        plant=plant,
        works=works,
        roster=roster_figures.of_period(shares, published.held),
        points=points,
        gaps=open_points.gaps(points, hazards, past=True),
    )


def _changed(db: Db, period: Period, instances: list[Row], now_ms: int) -> frozenset[bytes]:
    """The shifts that the log does not hold and whose people changed after the first version."""
    starts = [one["starts_ms"] for one in instances]
    if not starts:
        return frozenset()
    date = period.last.isoformat()
    return disclosure.changed_since(db, period.kind, date, min(starts), max(starts) + 1, now_ms)


def _missing(published: Published | Grouped, now_ms: int) -> dict[str, int]:
    """The people without a commitment, by whether their shift is over, and without a proof of it.

    People of shifts that are left out of the figures are not told of: a word about fewer than
    five people is a figure of them. The sentence then speaks for the listed shifts only, and
    their crew's signature closes the button like any other.
    """
    found = {"missing": 0, "missed": 0, "unsealed": 0}
    for one in published.held:
        over = one.about["closed_ms"] <= now_ms
        found["missed" if over else "missing"] += one.count.none
        found["unsealed"] += one.unsealed
    return found


def _found_and_accepted(db: Db, from_ms: int, to_ms: int, at_ms: int) -> tuple[int, int]:
    """How many hazards were found, and how many accepted, from ≤ … < to, as known at an instant."""
    row = db.row(
        "SELECT COUNT(CASE WHEN found_ms >= :a AND found_ms < :b THEN 1 END) AS found,"
        " COUNT(CASE WHEN accepted_ms >= :a AND accepted_ms < :b AND accepted_ms <= :at THEN 1 END)"
        " AS accepted FROM finding WHERE kind = 'hazard' AND found_ms <= :at",
        **{"a": from_ms, "b": to_ms, "at": at_ms},
    )
    assert row is not None  # an aggregate has one row
    return int(row["found"]), int(row["accepted"])
