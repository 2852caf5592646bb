"""How many people a station needs in a shift, where the plant has said so."""

from __future__ import annotations

from shiftapp.store import Db, Row

# Shifts that overlap with another one start at most this long before it does.
LONGEST_MS = 48 * 3_600_000


def needs(db: Db, instance: Row) -> list[Row]:
    """The stations of a shift that say how many people they need, shaped as on the roster.

    Those on its roster, and those of the crew (by area, or somebody's ordinary post) where no other
    crew is put at the time: a station that nobody was given is on no roster, and would be missed.
    """
    return db.rows(
        "SELECT station.code AS station, station.label, station.name AS station_name,"
        " station.name_en AS station_name_en, station.risk, station.staff FROM station"
        " WHERE station.staff > 0 AND station.scoped = 1 AND station.active = 1"
        " AND (station.code IN (SELECT roster.station FROM roster WHERE roster.instance = :i)"
        " OR (station.area = :area OR station.code IN (SELECT post.station FROM post"
        "  JOIN person ON person.id = post.person"
        "  WHERE person.crew = :crew AND person.active = 1))"
        " AND station.code NOT IN (SELECT roster.station FROM instance"
        "  JOIN roster ON roster.instance = instance.id AND roster.ended_ms IS NULL"
        "  WHERE instance.opens_ms > :since AND instance.opens_ms < :ends"
        "  AND instance.starts_ms < :ends AND instance.ends_ms > :starts))"
        " ORDER BY station.risk, station.label, station.code",
        i=instance["id"],
        area=instance["area"] or "",
        crew=instance["crew"],
        since=instance["starts_ms"] - LONGEST_MS,
        starts=instance["starts_ms"],
        ends=instance["ends_ms"],
    )
