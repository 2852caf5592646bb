"""The levels of the ladder above the crews, as an announcement counts them.

A unit counts where it has something to sign for: a shift below it, something open, or a signature.
Of a day its signature must still hold; of a period each day on which a crew below had a shift asks
for one, and whether it held is a matter of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shiftapp.model import days, units
from shiftapp.model.periods import Period
from shiftapp.model.rungs import Rung
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Level:
    """One level: how many of its units (in a period: days of units) are signed."""

    no: int
    name: str
    name_en: str
    signed: int
    of: int
    written: int  # the same from the table of signatures alone, holding or not: never fewer
    rungs: tuple[Rung, ...] = ()  # of a day: what the figures count

    def figures(self) -> dict[str, object]:
        """As the document says it."""
        names = {"no": self.no, "name": self.name, "name_en": self.name_en}
        return {**names, "signed": self.signed, "of": self.of}


def of_day(db: Db, tops: Iterable[Rung], date: str, now_ms: int) -> tuple[Level, ...]:
    """The levels of a day's ladders, from the crews up."""
    found = [rung for top in tops for rung in _units(top)]
    wanted = [one for one in found if one.opens_ms is not None or one.asks or one.signature]
    if not wanted:
        return ()
    written = {unit for unit, _ in _signatures(db, date, date, now_ms)}
    levels = []
    for row in units.levels(db):
        theirs = tuple(one for one in wanted if one.row["level"] == row["no"])
        signed = sum(rung.signed for rung in theirs)
        again = sum(rung.row["code"] in written for rung in theirs)
        named = row["no"], row["name"], row["name_en"]
        levels += [Level(*named, signed, len(theirs), again, theirs)] if theirs else []
    return tuple(levels)


def of_period(
    db: Db, instances: Sequence[Row], cutoff: str, period: Period, now_ms: int
) -> tuple[Level, ...]:
    """The levels over the shifts of a period that had anybody on their roster."""
    asked = {(one["unit"], days.day_of(one, cutoff)) for one in instances if one["unit"]}
    if not asked:
        return ()
    lines = units.lines(db)
    by_level: dict[int, set[tuple[str, str]]] = {}
    for code, date in asked:
        for unit in lines.get(code, []):
            by_level.setdefault(unit["level"], set()).add((unit["code"], date))
    bounds = period.first.isoformat(), period.last.isoformat()
    signed = _signatures(db, *bounds, now_ms)
    return tuple(
        Level(
            row["no"], row["name"], row["name_en"], len(due & signed), len(due), len(due & signed)
        )
        for row in units.levels(db)
        if (due := by_level.get(row["no"], set()))
    )


def answered_no(tops: Iterable[Rung]) -> int:
    """How many items of the research a holding signature says are not in place."""
    return len({gap.key for top in tops for gap in top.gaps if gap.kind == "research"})


def _units(rung: Rung) -> list[Rung]:
    """The units of a ladder, the highest first."""
    below = [one for under in rung.below for one in _units(under)]
    return [rung, *below] if rung.is_unit else below


def _signatures(db: Db, first: str, last: str, now_ms: int) -> set[tuple[str, str]]:
    """The units and days that somebody has signed."""
    rows = db.rows(
        "SELECT DISTINCT unit, date FROM unit_signoff"
        " WHERE date >= :first AND date <= :last AND at_ms <= :now ORDER BY unit, date",
        first=first,
        last=last,
        now=now_ms,
    )
    return {(row["unit"], row["date"]) for row in rows}
