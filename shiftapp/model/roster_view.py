"""The roster of a shift as a leader reads it: by station, who is on it and how they came.

Ended rows stay, with why and by whom. What somebody changed once the window was open is a change
and marked so; before that it is simply the roster.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import staffing
from shiftapp.store import Db, Row

_LINES = (
    "SELECT roster.*, person.name AS person_name, person.name_en AS person_name_en, person.no,"
    " person.guest, person.employer,"
    " CASE WHEN person.guest = 1 THEN person.phone ELSE '' END AS tail,"
    " job.name AS job_name, job.name_en AS job_name_en,"
    " instead.name AS instead_name, instead.name_en AS instead_name_en,"
    " adder.name AS adder_name, adder.name_en AS adder_name_en,"
    " ender.name AS ender_name, ender.name_en AS ender_name_en FROM roster"
    " JOIN person ON person.id = roster.person JOIN job ON job.code = roster.job"
    " LEFT JOIN person AS instead ON instead.id = roster.for_person"
    " LEFT JOIN person AS adder ON adder.id = roster.added_by"
    " LEFT JOIN person AS ender ON ender.id = roster.ended_by"
    " WHERE roster.instance = :i ORDER BY roster.id"
)
_STATIONS = (
    "SELECT code AS station, label, name AS station_name, name_en AS station_name_en, risk, staff"
    " FROM station WHERE code IN (SELECT roster.station FROM roster WHERE roster.instance = :i)"
    " ORDER BY risk, label, code"
)
_INSTANCES = (
    "SELECT instance.*, (SELECT COUNT(DISTINCT roster.person) FROM roster"
    "  WHERE roster.instance = instance.id AND roster.ended_ms IS NULL) AS expected,"
    " (SELECT COUNT(DISTINCT roster.person) FROM roster WHERE roster.instance = instance.id"
    "  AND roster.ended_why = 'leave' AND NOT EXISTS (SELECT 1 FROM roster AS live"
    "   WHERE live.instance = instance.id AND live.person = roster.person"
    "   AND live.ended_ms IS NULL)) AS away"
    " FROM instance WHERE crew = :crew AND date >= :first AND date <= :last"
    " ORDER BY starts_ms, id"
)


@dataclass(frozen=True)
class Line:
    """A roster row with all names; whether it began, or ended, as a change of an open shift."""

    row: Row
    came_late: bool
    left_late: bool

    @property
    def live(self) -> bool:
        return self.row["ended_ms"] is None


@dataclass(frozen=True)
class Place:
    """A station in a shift: its row (station, label, names, risk, staff), and its lines."""

    row: Row
    lines: tuple[Line, ...]

    @property
    def on(self) -> int:
        """How many people stand there."""
        return len({line.row["person"] for line in self.lines if line.live})

    @property
    def short(self) -> bool:
        """Fewer than the station needs."""
        return bool(self.on < self.row["staff"])


def places(db: Db, instance: Row) -> list[Place]:
    """The stations of a shift with everybody who is or was on them, by risk and label.

    Those on its roster, and those that need somebody and have nobody.
    """
    lines: dict[str, list[Line]] = {}
    for row in db.rows(_LINES, i=instance["id"]):
        lines.setdefault(row["station"], []).append(_line(row, instance["opens_ms"]))
    found = [*db.rows(_STATIONS, i=instance["id"]), *staffing.needs(db, instance)]
    stations = {row["station"]: row for row in found}.values()
    ordered = sorted(stations, key=lambda row: (row["risk"], row["label"], row["station"]))
    return [Place(row, tuple(lines.get(row["station"], ()))) for row in ordered]


def instances(db: Db, crew: str, first: str, last: str) -> list[Row]:
    """A crew's shifts of some days with `expected` people and how many are `away` on leave."""
    return db.rows(_INSTANCES, crew=crew, first=first, last=last)


def posts_offered(db: Db, instance: Row, first_job: str = "") -> list[Row]:
    """Station and job pairs to put somebody at: `value`, names; those of `first_job` first.

    Of the crew's area, where it has one, and of the stations that stand on the roster.
    """
    return db.rows(
        "SELECT station.code || '|' || job.code AS value, station.code AS station,"
        " job.code AS job, station.name AS station_name, station.name_en AS station_name_en,"
        " job.name AS job_name, job.name_en AS job_name_en,"
        " CASE WHEN EXISTS (SELECT 1 FROM checklist WHERE checklist.job = job.code)"
        "  THEN 1 ELSE 0 END AS has_card FROM station_job"
        " JOIN station ON station.code = station_job.station AND station.active = 1"
        " JOIN area ON area.code = station.area AND area.site = :site"
        " JOIN job ON job.code = station_job.job AND job.active = 1"
        " WHERE :area = '' OR station.area = :area OR station.code IN"
        "  (SELECT roster.station FROM roster WHERE roster.instance = :i)"
        " ORDER BY CASE WHEN job.code = :first THEN 0 ELSE 1 END, station.label, station.code,"
        " job.code",
        site=instance["site"],
        area=instance["area"] or "",
        i=instance["id"],
        first=first_job,
    )


def staying_on(db: Db, instance: Row) -> list[Row]:
    """Who is likely to do overtime, by number; nobody who is on this roster already.

    The crew's people, and those whose shift at the site ends as this one starts.
    """
    return db.rows(
        "SELECT person.id, person.no, person.name, person.name_en FROM person"
        " WHERE person.active = 1 AND person.guest = 0 AND NOT EXISTS (SELECT 1 FROM roster"
        "  WHERE roster.instance = :i AND roster.person = person.id AND roster.ended_ms IS NULL)"
        " AND (person.crew = :crew OR EXISTS (SELECT 1 FROM roster"
        "  JOIN instance ON instance.id = roster.instance JOIN crew ON crew.code = instance.crew"
        "  WHERE roster.person = person.id AND roster.ended_ms IS NULL AND crew.site = :site"
        "  AND instance.ends_ms = :starts)) ORDER BY person.no, person.id",
        i=instance["id"],
        crew=instance["crew"],
        site=instance["site"],
        starts=instance["starts_ms"],
    )


def swappable(db: Db, instance: Row, now_ms: int) -> list[Row]:
    """The other shifts of the site that have people on them and are not over, by start."""
    return db.rows(
        "SELECT instance.*, crew.name AS crew_name, crew.name_en AS crew_name_en FROM instance"
        " JOIN crew ON crew.code = instance.crew WHERE crew.site = :site AND instance.id <> :i"
        " AND instance.closed_ms > :now AND EXISTS (SELECT 1 FROM roster"
        "  WHERE roster.instance = instance.id AND roster.ended_ms IS NULL)"
        " ORDER BY instance.starts_ms, instance.crew, instance.id",
        site=instance["site"],
        i=instance["id"],
        now=now_ms,
    )


def on_it(db: Db, instance: int) -> list[Row]:
    """Who stands on the live roster of an instance, once each, by number."""
    return db.rows(
        "SELECT DISTINCT person.id, person.no, person.name, person.name_en FROM roster"
        " JOIN person ON person.id = roster.person WHERE roster.instance = :i"
        " AND roster.ended_ms IS NULL ORDER BY person.no, person.id",
        i=instance,
    )


def _line(row: Row, opens_ms: int) -> Line:
    by_hand = row["adder_name"] is not None
    ended_ms = row["ended_ms"]
    return Line(
        row,
        came_late=by_hand and row["added_ms"] >= opens_ms,
        left_late=ended_ms is not None and ended_ms >= opens_ms,
    )
