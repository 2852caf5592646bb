"""Everybody at once, for workbooks and for printing: what people.py gives one person at a time."""

from __future__ import annotations

from collections.abc import Collection

from shiftapp.store import Db, Row


def people(db: Db) -> list[Row]:
    """All people, those who left too: active first, by number, latest made first."""
    return db.rows(
        "SELECT id, no, name, name_en, title, title_en, crew, employer, phone, lang, active, guest"
        " FROM person ORDER BY active DESC, no, made_ms DESC, id"
    )


def roles(db: Db) -> dict[str, list[tuple[str, str, str]]]:
    """Role, kind and code of scope of every active person by id, sorted."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in db.rows(
        "SELECT role.* FROM role JOIN person ON person.id = role.person WHERE person.active = 1"
        " ORDER BY role.person, role.role, role.scope_kind, role.scope"
    ):
        found.setdefault(row["person"], []).append((row["role"], row["scope_kind"], row["scope"]))
    return found


def posts(db: Db) -> dict[str, list[tuple[str, str, int]]]:
    """Label of the station, job and whether a run is required, of every active person by id."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in db.rows(
        "SELECT post.person, station.label, post.job, post.run_required FROM post"
        " JOIN station ON station.code = post.station JOIN person ON person.id = post.person"
        " WHERE person.active = 1 ORDER BY post.person, station.label, post.job"
    ):
        found.setdefault(row["person"], []).append((row["label"], row["job"], row["run_required"]))
    return found


def for_cards(db: Db, now_ms: int, crew: str, everybody: bool) -> list[Row]:
    """Active people of a crew ('' all) for enrolment cards, by crew and number; no guests.

    Unless `everybody`, only those without a personal device that works.
    """
    return db.rows(
        "SELECT person.id, person.no, person.name, person.name_en, crew.name AS crew_name,"
        " crew.name_en AS crew_name_en FROM person LEFT JOIN crew ON crew.code = person.crew"
        " WHERE person.active = 1 AND person.guest = 0"
        " AND (:crew = '' OR person.crew = :crew) AND (:everybody = 1 OR"
        " NOT EXISTS (SELECT 1 FROM device WHERE device.person = person.id"
        "  AND device.kind = 'personal' AND device.revoked_ms IS NULL"
        "  AND device.expires_ms > :now))"
        " ORDER BY COALESCE(person.crew, ''), person.no, person.id",
        crew=crew,
        everybody=int(everybody),
        now=now_ms,
    )


def withdraw_cards(db: Db, people: Collection[str], now_ms: int) -> int:
    """End the unused cards of people (ids): only the newest print is good. Gives how many."""
    cards = db.rows(
        "SELECT hash, person FROM enrol_code WHERE kind = 'card' AND used_ms IS NULL"
        " AND expires_ms > :now ORDER BY hash",
        now=now_ms,
    )
    wanted = set(people)
    old = [{"hash": row["hash"], "now": now_ms} for row in cards if row["person"] in wanted]
    db.run_many("UPDATE enrol_code SET expires_ms = :now WHERE hash = :hash", old)
    return len(old)


def busiest_jobs(db: Db) -> dict[str, str]:
    """The job that most people ordinarily do at a station, by code of the station."""
    rows = db.rows(
        "SELECT post.station, post.job, COUNT(*) AS n FROM post"
        " JOIN person ON person.id = post.person WHERE person.active = 1"
        " GROUP BY post.station, post.job ORDER BY n, post.station, post.job DESC"
    )
    return {row["station"]: row["job"] for row in rows}  # the last one wins: the most
