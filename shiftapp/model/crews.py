"""Crews, the shift patterns they work and the reporting groups they are counted in.

The instances that follow from a pattern are made in shifts.py; changing a pattern here does not
touch instances that exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import counters, cover
from shiftapp.model.cycles import Times
from shiftapp.problems import Problem
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Group:
    """A reporting group: one or more crews, the smallest unit that is ever published."""

    code: str
    site: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Shift:
    """A shift of a pattern: `start` HH:MM site time, `minutes` long."""

    code: str
    name: str
    name_en: str = ""
    start: str = "08:00"
    minutes: int = 720


@dataclass(frozen=True)
class Pattern:
    """A cycle of shift codes, one letter a day, R = rest; `anchor` YYYY-MM-DD is its day 0.

    `gaps_ok`: that a shift has no crew on some days is meant; `double_ok`: that it has several.
    """

    code: str
    name: str
    name_en: str = ""
    cycle: str = "D"
    anchor: str = "2026-01-01"
    shifts: tuple[Shift, ...] = ()
    gaps_ok: int = 0
    double_ok: int = 0

    @property
    def times(self) -> dict[str, Times]:
        """Start and length of each shift, by letter."""
        return {one.code: Times(one.start, one.minutes) for one in self.shifts}


@dataclass(frozen=True)
class Crew:
    """People who work one pattern together; `area` None is the whole site."""

    code: str
    site: str
    grp: str
    name: str
    pattern: str
    name_en: str = ""
    area: str | None = None
    day_offset: int = 0
    active: int = 1


_CREW = (
    "SELECT crew.*, area.name AS area_name, area.name_en AS area_name_en,"
    " reporting_group.name AS group_name, reporting_group.name_en AS group_name_en,"
    " pattern.name AS pattern_name, pattern.name_en AS pattern_name_en,"
    " pattern.cycle, pattern.anchor, site.name AS site_name, site.name_en AS site_name_en,"
    " site.zone,"
    " (SELECT COUNT(*) FROM person WHERE person.crew = crew.code AND person.active = 1) AS people"
    " FROM crew JOIN site ON site.code = crew.site JOIN pattern ON pattern.code = crew.pattern"
    " JOIN reporting_group ON reporting_group.code = crew.grp"
    " LEFT JOIN area ON area.code = crew.area"
)


def groups(db: Db) -> list[Row]:
    """All reporting groups, by code."""
    return db.rows("SELECT * FROM reporting_group ORDER BY code")


def patterns(db: Db) -> list[Row]:
    """All patterns, by code."""
    return db.rows("SELECT * FROM pattern ORDER BY code")


def pattern(db: Db, code: str) -> Row | None:
    """A pattern by its code."""
    return db.row("SELECT * FROM pattern WHERE code = :code", code=code)


def stored_pattern(db: Db, code: str) -> Pattern | None:
    """A pattern with its shifts as it would be saved."""
    row = pattern(db, code)
    if row is None:
        return None
    keys = ("code", "name", "name_en", "start", "minutes")
    shifts = tuple(Shift(**{key: one[key] for key in keys}) for one in pattern_shifts(db, code))
    return Pattern(**row, shifts=shifts)


def pattern_shifts(db: Db, pattern: str) -> list[Row]:
    """The shifts of a pattern, by start."""
    return db.rows(
        "SELECT * FROM shift WHERE pattern = :pattern ORDER BY start, code", pattern=pattern
    )


def all_shifts(db: Db) -> list[Row]:
    """The shifts of all patterns."""
    return db.rows("SELECT * FROM shift ORDER BY pattern, start, code")


def crews(db: Db) -> list[Row]:
    """All crews with the names of area, group, pattern and site and `people`, active first."""
    return db.rows(f"{_CREW} ORDER BY crew.active DESC, crew.code")


def crew(db: Db, code: str) -> Row | None:
    """A crew, shaped as `crews`; also an inactive one."""
    return db.row(f"{_CREW} WHERE crew.code = :code", code=code)


def save_reporting_group(db: Db, group: Group) -> None:
    """Insert or replace a reporting group.

    :raises Problem: 422 `unknown_site`.
    """
    _must_exist(db, "site", group.site)
    db.run(
        "INSERT INTO reporting_group (code, site, name, name_en)"
        " VALUES (:code, :site, :name, :name_en)"
        " ON CONFLICT (code) DO UPDATE SET site = excluded.site, name = excluded.name,"
        " name_en = excluded.name_en",
        **vars(group),
    )
    counters.touch(db)


def save_pattern(db: Db, pattern: Pattern) -> None:
    """Insert or replace a pattern and its shifts.

    Whether its crews leave gaps is not asked here: they may come later.

    :raises Problem: 422 as `cover.must_be_workable`.
    """
    cover.must_be_workable(pattern.code, pattern.cycle, pattern.times)
    db.run(
        "INSERT INTO pattern (code, name, name_en, cycle, anchor, gaps_ok, double_ok)"
        " VALUES (:code, :name, :name_en, :cycle, :anchor, :gaps_ok, :double_ok)"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " cycle = excluded.cycle, anchor = excluded.anchor, gaps_ok = excluded.gaps_ok,"
        " double_ok = excluded.double_ok",
        **{key: value for key, value in vars(pattern).items() if key != "shifts"},
    )
    db.run("DELETE FROM shift WHERE pattern = :code", code=pattern.code)
    for shift in pattern.shifts:
        db.run(
            "INSERT INTO shift (pattern, code, name, name_en, start, minutes)"
            " VALUES (:pattern, :code, :name, :name_en, :start, :minutes)",
            pattern=pattern.code,
            **vars(shift),
        )
    counters.touch(db)


def save_crew(db: Db, crew: Crew) -> None:
    """Insert or replace a crew.

    :raises Problem: 422 `unknown_site`, `unknown_area`, `unknown_group`, `unknown_pattern`.
    """
    _must_exist(db, "site", crew.site)
    _must_exist(db, "reporting_group", crew.grp)
    _must_exist(db, "pattern", crew.pattern)
    if crew.area is not None:
        _must_exist(db, "area", crew.area)
    db.run(
        "INSERT INTO crew (code, site, area, grp, name, name_en, pattern, day_offset, active)"
        " VALUES (:code, :site, :area, :grp, :name, :name_en, :pattern, :day_offset, :active)"
        " ON CONFLICT (code) DO UPDATE SET site = excluded.site, area = excluded.area,"
        " grp = excluded.grp, name = excluded.name, name_en = excluded.name_en,"
        " pattern = excluded.pattern, day_offset = excluded.day_offset,"
        " active = excluded.active",
        **vars(crew),
    )
    counters.touch(db)


_NOUNS = {
    "site": ("unknown_site", "没有这个厂区：%(code)s。"),
    "area": ("unknown_area", "没有这个区域：%(code)s。"),
    "reporting_group": ("unknown_group", "没有这个统计组：%(code)s。"),
    "pattern": ("unknown_pattern", "没有这个班制：%(code)s。"),
}


def _must_exist(db: Db, table: str, code: str) -> None:
    if db.value(f"SELECT 1 FROM {table} WHERE code = :code", code=code) is None:
        error, sentence = _NOUNS[table]
        raise Problem(422, error, sentence, params={"code": code})
