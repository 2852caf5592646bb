"""Shift instances: made ahead from the patterns, found by claim, by clock and by permission.

An instance = crew + `date` (of its start) + shift code. Crews of one reporting group with equal
date, code, start and end share one `series`, which is what the public log calls `s`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from shiftapp.model import cycles
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

DAYS_AHEAD = 8
DAYS_BACK = 1

# One shape of an instance everywhere: its own columns, its crew, group, site and zone.
_INSTANCE = (
    "SELECT instance.*, crew.name AS crew_name, crew.name_en AS crew_name_en, crew.area,"
    " crew.grp, crew.unit, area.name AS area_name, area.name_en AS area_name_en,"
    " reporting_group.name AS group_name, reporting_group.name_en AS group_name_en,"
    " site.code AS site, site.name AS site_name, site.name_en AS site_name_en, site.zone,"
    " site.phone, series.state AS series_state"
    " FROM instance JOIN crew ON crew.code = instance.crew"
    " JOIN reporting_group ON reporting_group.code = crew.grp"
    " JOIN site ON site.code = crew.site JOIN series ON series.s = instance.s"
    " LEFT JOIN area ON area.code = crew.area"
)


def site_day(zone: str, now_ms: int) -> datetime.date:
    """The calendar day at a site at an instant."""
    return datetime.datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date()


def make_ahead(db: Db, settings: Settings, now_ms: int, token_bytes: Callable[[int], bytes]) -> int:
    """Make the instances from yesterday to eight days ahead that are missing; gives how many."""
    made = 0
    for crew in _crews(db):
        today = site_day(crew["zone"], now_ms)
        made += make_instances(
            db,
            settings,
            crew,
            today - datetime.timedelta(days=DAYS_BACK),
            DAYS_AHEAD + DAYS_BACK,
            token_bytes,
        )
    return made


def make_instances(
    db: Db,
    settings: Settings,
    crew: Row,
    first: datetime.date,
    days: int,
    token_bytes: Callable[[int], bytes],
) -> int:
    """Make a crew's instances of some days, in order, leaving those that exist; gives how many."""
    shifts = {
        row["code"]: row
        for row in db.rows(
            "SELECT * FROM shift WHERE pattern = :p ORDER BY code", p=crew["pattern"]
        )
    }
    have = {
        (row["date"], row["code"])
        for row in db.rows(
            "SELECT date, code FROM instance WHERE crew = :crew AND date >= :first"
            " ORDER BY date, code",
            crew=crew["code"],
            first=first.isoformat(),
        )
    }
    made = 0
    for number in range(days):
        day = first + datetime.timedelta(days=number)
        code = cycles.crew_shifts(
            crew["cycle"], crew["day_offset"], datetime.date.fromisoformat(crew["anchor"]), day
        )
        if code in shifts and (day.isoformat(), code) not in have:
            made += _insert(db, settings, crew, shifts[code], day, token_bytes)
    return made


def instance(db: Db, crew: str, date: str, code: str) -> Row | None:
    """The instance that a record claims."""
    return db.row(
        f"{_INSTANCE} WHERE instance.crew = :crew AND instance.date = :date"
        " AND instance.code = :code",
        crew=crew,
        date=date,
        code=code,
    )


def by_id(db: Db, id: int) -> Row | None:
    """An instance by its number."""
    return db.row(f"{_INSTANCE} WHERE instance.id = :id", id=id)


def current(db: Db, crew: str, now_ms: int) -> Row | None:
    """The board's current instance: the latest opens ≤ now < closed."""
    return db.row(
        f"{_INSTANCE} WHERE instance.crew = :crew AND instance.opens_ms <= :now"
        " AND instance.closed_ms > :now ORDER BY instance.opens_ms DESC, instance.id LIMIT 1",
        crew=crew,
        now=now_ms,
    )


def before(db: Db, crew: str, opens_ms: int) -> Row | None:
    """The crew's instance before the one that opens then."""
    return db.row(
        f"{_INSTANCE} WHERE instance.crew = :crew AND instance.opens_ms < :opens"
        " ORDER BY instance.opens_ms DESC, instance.id LIMIT 1",
        crew=crew,
        opens=opens_ms,
    )


def after(db: Db, crew: str, opens_ms: int) -> Row | None:
    """The crew's next instance that opens after an instant."""
    return db.row(
        f"{_INSTANCE} WHERE instance.crew = :crew AND instance.opens_ms > :opens"
        " ORDER BY instance.opens_ms, instance.id LIMIT 1",
        crew=crew,
        opens=opens_ms,
    )


def ahead(db: Db, from_ms: int, to_ms: int, person: str = "", crew: str = "") -> list[Row]:
    """Instances with from < opening ≤ to: all, or of a crew or with that person on the roster."""
    return db.rows(
        f"{_INSTANCE} WHERE instance.opens_ms > :a AND instance.opens_ms <= :b"
        " AND (:person = '' OR instance.crew = :crew OR EXISTS (SELECT 1 FROM roster"
        " WHERE ended_ms IS NULL AND roster.instance = instance.id AND roster.person = :person))"
        " ORDER BY instance.opens_ms, instance.id",
        **{"a": from_ms, "b": to_ms, "crew": crew, "person": person},
    )


def running(db: Db, site: str, now_ms: int) -> list[Row]:
    """All instances of a site whose window is open."""
    return db.rows(
        f"{_INSTANCE} WHERE crew.site = :site AND instance.opens_ms <= :now"
        " AND instance.closed_ms > :now ORDER BY instance.opens_ms, instance.id",
        site=site,
        now=now_ms,
    )


def started_between(db: Db, from_ms: int, to_ms: int) -> list[Row]:
    """Instances with from ≤ start < to, as an announcement counts them."""
    return db.rows(
        f"{_INSTANCE} WHERE instance.starts_ms >= :a AND instance.starts_ms < :b"
        " ORDER BY instance.starts_ms, reporting_group.code, instance.id",
        a=from_ms,
        b=to_ms,
    )


def from_date(db: Db, first: str, until: str) -> list[Row]:
    """Instances dated first ≤ date < until, with `expected`: people on the live roster."""
    return db.rows(
        "SELECT site.code AS site, instance.crew, instance.date AS shift_date, instance.code,"
        " instance.opens_ms, instance.starts_ms, instance.ends_ms,"
        " (SELECT COUNT(DISTINCT roster.person) FROM roster"
        "  WHERE roster.instance = instance.id AND roster.ended_ms IS NULL) AS expected"
        " FROM instance JOIN crew ON crew.code = instance.crew JOIN site ON site.code = crew.site"
        " WHERE instance.date >= :first AND instance.date < :until"
        " ORDER BY instance.starts_ms, instance.crew",
        first=first,
        until=until,
    )


def _crews(db: Db) -> list[Row]:
    return db.rows(
        "SELECT crew.*, site.zone, pattern.cycle, pattern.anchor FROM crew"
        " JOIN site ON site.code = crew.site JOIN pattern ON pattern.code = crew.pattern"
        " WHERE crew.active = 1 ORDER BY crew.code"
    )


def _insert(
    db: Db,
    settings: Settings,
    crew: Row,
    shift: Row,
    day: datetime.date,
    token_bytes: Callable[[int], bytes],
) -> int:
    window = cycles.window(
        day, shift["start"], shift["minutes"], crew["zone"], settings.opens_before_min
    )
    if window.starts_ms == window.ends_ms:  # a shift that the clocks skip altogether
        return 0
    return db.run(
        "INSERT INTO instance (crew, date, code, name, name_en, opens_ms, starts_ms, ends_ms,"
        " closed_ms, s) VALUES (:crew, :date, :code, :name, :name_en, :opens, :starts, :ends,"
        " :closed, :s)",
        crew=crew["code"],
        date=day.isoformat(),
        code=shift["code"],
        name=shift["name"],
        name_en=shift["name_en"],
        opens=window.opens_ms,
        starts=window.starts_ms,
        ends=window.ends_ms,
        closed=window.closed_ms,
        s=_series(db, crew["grp"], day, shift, window, token_bytes),
    )


def _series(
    db: Db,
    grp: str,
    day: datetime.date,
    shift: Row,
    window: cycles.Window,
    token_bytes: Callable[[int], bytes],
) -> bytes:
    db.run(
        "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state)"
        " VALUES (:s, :grp, :date, :code, :starts, :ends, 'waiting')"
        " ON CONFLICT (grp, date, code, starts_ms, ends_ms) DO NOTHING",
        s=token_bytes(16),
        grp=grp,
        date=day.isoformat(),
        code=shift["code"],
        starts=window.starts_ms,
        ends=window.ends_ms,
    )
    return bytes(
        db.value(
            "SELECT s FROM series WHERE grp = :grp AND date = :date AND code = :code"
            " AND starts_ms = :starts AND ends_ms = :ends",
            grp=grp,
            date=day.isoformat(),
            code=shift["code"],
            starts=window.starts_ms,
            ends=window.ends_ms,
        )
    )
