"""The register of special work (危险作业台账) for reading: what runs, what is over, who is named.

We register permits that others issue and never issue one. Everything is read as it was known at
an instant: what was registered, ended or tested later is as if it were not yet. Fields that were
changed since (the end, the guardian, the gas interval) are as they are now: only the lines of
`audit` keep how they were. Writing is in special_work_entry.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from shiftapp import library
from shiftapp.model import special_work_people
from shiftapp.model.special_work_people import Named
from shiftapp.store import Db, Row

MINUTE_MS = 60_000
DAY_MS = 24 * 3_600_000
# No permit is valid for longer (library/special_work.json), so what began before is over: a day of
# the register costs the same after ten years.
LONGEST_MS = 31 * DAY_MS

_WORK = (
    "SELECT special_work.*, site.name AS site_name, site.name_en AS site_name_en, site.zone,"
    " area.name AS area_name, area.name_en AS area_name_en,"
    " facility.name AS facility_name, facility.name_en AS facility_name_en,"
    " maker.name AS maker_name, maker.name_en AS maker_name_en,"
    " ender.name AS ender_name, ender.name_en AS ender_name_en"
    " FROM special_work JOIN site ON site.code = special_work.site"
    " LEFT JOIN area ON area.code = special_work.area"
    " LEFT JOIN facility ON facility.code = special_work.facility"
    " LEFT JOIN person AS maker ON maker.id = special_work.made_by"
    " LEFT JOIN person AS ender ON ender.id = special_work.ended_by"
)
_PEOPLE = (
    "SELECT special_work_person.work, special_work_person.part, person.id, person.no, person.name,"
    " person.name_en, person.employer, person.crew FROM special_work"
    " JOIN special_work_person ON special_work_person.work = special_work.id"
    " JOIN person ON person.id = special_work_person.person"
)
_GAS = (
    "SELECT gas_test.*, person.name, person.name_en FROM special_work"
    " JOIN gas_test ON gas_test.work = special_work.id"
    " LEFT JOIN person ON person.id = gas_test.by_person"
)
# `:now` in each: what is known; then what is asked for.
_KNOWN = "special_work.made_ms <= :now"
_OF_DAY = (
    f"{_KNOWN} AND special_work.starts_ms > :oldest AND special_work.starts_ms < :until"
    " AND special_work.ends_ms > :since"
)
_OPEN = (
    f"{_KNOWN} AND special_work.starts_ms <= :now"
    " AND (special_work.closed_ms IS NULL OR special_work.closed_ms > :now)"
    " AND (special_work.cancelled_ms IS NULL OR special_work.cancelled_ms > :now)"
)
_BY_ID = f"{_KNOWN} AND special_work.id = :id"


@dataclass(frozen=True)
class Work:
    """One permit as known at an instant; an end that came later is None in `row`."""

    row: Row  # of special_work, with the names of site, area, facility, who made and who ended it
    late: bool  # registered after it had started
    gas_due_ms: int | None  # None: none needed, or ended; with no test yet: its start
    gas: Row | None  # the newest test, with the name of who entered it
    people: tuple[Row, ...] = ()  # `part`, `id`, `no`, `name`, `name_en`, …; guardians first

    @property
    def id(self) -> int:
        """Its number in the register."""
        return int(self.row["id"])

    @property
    def ended(self) -> bool:
        """Whether somebody closed or cancelled it."""
        return self.row["closed_ms"] is not None or self.row["cancelled_ms"] is not None

    @property
    def cancelled_late(self) -> bool:
        """Cancelled once it had started: it still counts."""
        return self.row["cancelled_ms"] is not None and not _never_began(self.row)

    @property
    def guardians(self) -> tuple[Row, ...]:
        """Who guards it."""
        return tuple(one for one in self.people if one["part"] == "guardian")

    def under_way(self, now_ms: int) -> bool:
        """Started, not past its end, neither closed nor cancelled."""
        return not self.ended and self.row["starts_ms"] <= now_ms < self.row["ends_ms"]

    def over(self, now_ms: int) -> bool:
        """Past its end, and neither closed nor cancelled."""
        return not self.ended and bool(self.row["ends_ms"] <= now_ms)

    def gas_over(self, now_ms: int) -> bool:
        """Under way with a gas test overdue, or with the newest one failed."""
        if self.gas_due_ms is None or not self.under_way(now_ms):
            return False
        return self.gas_due_ms <= now_ms or (self.gas is not None and not self.gas["passed"])


def kinds() -> list[Row]:
    """The kinds of special work with their levels, longest validity and gas interval."""
    return list(library.special_work().values())


def note() -> Row:
    """What is said beside these figures."""
    return library.special_work_note()


def label(kind: str, level: str = "") -> Row:
    """Kind and level in words: `name` and `name_en`, of the level where there is one."""
    found = library.special_work().get(kind, {"name": kind, "name_en": kind, "levels": []})
    named = next((one for one in found["levels"] if one["code"] == level), found)
    return {"name": named["name"], "name_en": named["name_en"]}


def of_day(db: Db, from_ms: int, to_ms: int, now_ms: int) -> list[Work]:
    """The works whose window meets from ≤ … < to, by start, as known at `now_ms`.

    The window of a work that was closed or stopped before its end lasts until then. One that was
    cancelled before it began is none; one cancelled later counts and is `cancelled_late`.
    """
    found = _works(
        db,
        _OF_DAY,
        now_ms,
        oldest=from_ms - LONGEST_MS,
        since=from_ms,
        until=to_ms,
    )
    return [one for one in found if not _never_began(one.row) and until(one.row) > from_ms]


def until(row: Row) -> int:
    """Until when it lasted: its end, or when it was ended before."""
    ended = [row[name] for name in ("closed_ms", "cancelled_ms") if row[name] is not None]
    return int(min([row["ends_ms"], *ended]))


def open_now(db: Db, now_ms: int) -> list[Work]:
    """What has started and is neither closed nor cancelled, also past its end; by start."""
    return _works(db, _OPEN, now_ms)


def work(db: Db, id: int, now_ms: int) -> Work | None:
    """One work; None: no such number, or not registered yet."""
    return next(iter(_works(db, _BY_ID, now_ms, id=id)), None)


def gas_tests(db: Db, id: int, now_ms: int) -> list[Row]:
    """The gas tests of a work, newest first, with the name of who entered each."""
    return db.rows(
        f"{_GAS} WHERE {_BY_ID} AND gas_test.at_ms <= :now"
        " ORDER BY gas_test.tested_ms DESC, gas_test.id DESC",
        now=now_ms,
        id=id,
    )


def of_person(db: Db, person: str, now_ms: int) -> list[Work]:
    """The works somebody is named on that run, are over and not closed, or start within a day."""
    rows = db.rows(
        "SELECT DISTINCT special_work.id FROM special_work_person JOIN special_work"
        " ON special_work.id = special_work_person.work WHERE special_work_person.person = :person"
        " AND special_work.closed_ms IS NULL AND special_work.cancelled_ms IS NULL"
        " AND special_work.starts_ms <= :soon ORDER BY special_work.id",
        person=person,
        soon=now_ms + DAY_MS,
    )
    found = [work(db, row["id"], now_ms) for row in rows]
    return sorted((one for one in found if one), key=lambda one: (one.row["starts_ms"], one.id))


def people_of(db: Db, work: Work, now_ms: int) -> list[Named]:
    """Who is named on a work, each with what they have recorded in a shift that meets it."""
    return people_of_all(db, [work], now_ms)[work.id]


def people_of_all(db: Db, works: Sequence[Work], now_ms: int) -> dict[int, list[Named]]:
    """`people_of` for many works by their numbers; the states of a shift are asked once."""
    told: special_work_people.Told = {}
    return {
        one.id: [special_work_people.named(db, one.row, row, told, now_ms) for row in one.people]
        for one in works
    }


def _works(db: Db, where: str, now_ms: int, **values: int) -> list[Work]:
    asked = {"now": now_ms, **values}
    rows = db.rows(
        f"{_WORK} WHERE {where} ORDER BY special_work.starts_ms, special_work.id", **asked
    )
    people = _by_work(
        db.rows(
            f"{_PEOPLE} WHERE {where} ORDER BY special_work_person.part, person.no, person.id",
            **asked,
        )
    )
    tests = _by_work(
        db.rows(
            f"{_GAS} WHERE {where} AND gas_test.at_ms <= :now"
            " ORDER BY gas_test.tested_ms DESC, gas_test.id DESC",
            **asked,
        )
    )
    return [_work(row, people[row["id"]], tests[row["id"]], now_ms) for row in rows]


def _work(row: Row, people: list[Row], tests: list[Row], now_ms: int) -> Work:
    known, gas = _as_known(row, now_ms), next(iter(tests), None)
    ended = known["closed_ms"] is not None or known["cancelled_ms"] is not None
    due_ms: int | None = None
    if row["gas_every_min"] and not ended:
        every_ms = row["gas_every_min"] * MINUTE_MS
        due_ms = gas["tested_ms"] + every_ms if gas else row["starts_ms"]
    late = bool(row["made_ms"] > row["starts_ms"])
    return Work(known, late=late, gas_due_ms=due_ms, gas=gas, people=tuple(people))


def _as_known(row: Row, now_ms: int) -> Row:
    """The row without an end that came later."""
    known = dict(row)
    if row["closed_ms"] is not None and row["closed_ms"] > now_ms:
        known |= {"closed_ms": None}
    if row["cancelled_ms"] is not None and row["cancelled_ms"] > now_ms:
        known |= {"cancelled_ms": None, "cancelled_why": ""}
    if known["closed_ms"] is None and known["cancelled_ms"] is None:
        known |= {"ended_by": None, "ender_name": None, "ender_name_en": None}
    return known


def _never_began(row: Row) -> bool:
    return row["cancelled_ms"] is not None and bool(row["cancelled_ms"] < row["starts_ms"])


def _by_work(rows: list[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["work"]].append(row)
    return found
