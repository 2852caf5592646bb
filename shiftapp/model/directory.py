"""Everybody on the books as a list at a desk: found, counted, with what each still lacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from shiftapp.store import Db, Row

Lack = Literal["", "phone", "post", "left"]
PAGE = 50

_WHERE = (
    " FROM person LEFT JOIN crew ON crew.code = person.crew"
    " WHERE person.active = CASE WHEN :lack = 'left' THEN 0 ELSE 1 END"
    # ' JIA YI ' holds ' JIA '; '' are all crews, and those in none
    " AND (:crews = '' OR REPLACE(:crews, ' ' || COALESCE(person.crew, '-') || ' ', '') <> :crews)"
    " AND (:needle = '' OR REPLACE(LOWER(person.no), :needle, '') <> LOWER(person.no)"
    "  OR REPLACE(LOWER(person.name), :needle, '') <> LOWER(person.name)"
    "  OR REPLACE(LOWER(person.name_en), :needle, '') <> LOWER(person.name_en))"
    " AND (:lack <> 'phone' OR NOT EXISTS (SELECT 1 FROM device WHERE device.person = person.id"
    "  AND device.kind = 'personal' AND device.revoked_ms IS NULL AND device.expires_ms > :now))"
    " AND (:lack <> 'post' OR (person.crew IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM post WHERE post.person = person.id)))"
)


class Found(NamedTuple):
    """One page of people, and how many there are in all."""

    people: list[Row]
    total: int


def search(
    db: Db,
    now_ms: int,
    *,
    words: str = "",
    crews: Collection[str] | None = None,
    lack: Lack = "",
    skip: int = 0,
) -> Found:
    """People whose name or number holds `words`, of some crews (None: all, and in none).

    `lack`: only those without a phone, without a post, or who have left. Rows are persons with
    `crew_name`, `phones` (that work) and `pin` (0, 1).
    """
    if crews is not None and not crews:
        return Found([], 0)
    values = {
        "needle": words.strip().lower(),
        "crews": "" if crews is None else f" {' '.join(sorted(crews))} ",
        "lack": lack,
        "now": now_ms,
    }
    rows = db.rows(
        "SELECT person.id, person.no, person.name, person.name_en, person.title, person.title_en,"
        " person.crew, person.active, crew.name AS crew_name, crew.name_en AS crew_name_en,"
        " CASE WHEN person.pin_hash IS NULL THEN 0 ELSE 1 END AS pin,"
        " (SELECT COUNT(*) FROM device WHERE device.person = person.id"
        "  AND device.kind = 'personal' AND device.revoked_ms IS NULL"
        "  AND device.expires_ms > :now) AS phones"
        f"{_WHERE} ORDER BY person.no, person.id LIMIT :limit OFFSET :skip",
        **values,
        limit=PAGE,
        skip=skip,
    )
    return Found(rows, int(db.value(f"SELECT COUNT(*){_WHERE}", **values)))


def posts_of(db: Db, people: Sequence[str]) -> dict[str, list[Row]]:
    """Where some people (ids) ordinarily work: rows with the names of station and job."""
    wanted = set(people)
    found: dict[str, list[Row]] = {}
    if not wanted:
        return found
    for row in db.rows(
        "SELECT post.person, station.label, station.name, station.name_en, job.name AS job_name,"
        " job.name_en AS job_name_en FROM post JOIN station ON station.code = post.station"
        " JOIN job ON job.code = post.job WHERE post.person >= :first AND post.person <= :last"
        " ORDER BY post.person, station.label, post.job",
        first=min(wanted),
        last=max(wanted),
    ):
        if row["person"] in wanted:
            found.setdefault(row["person"], []).append(row)
    return found


def leaders_of(db: Db, crews: Sequence[Row]) -> dict[str, list[Row]]:
    """Who leads each of some crews (rows with `code` and `area`), by code; also area leaders."""
    rows = db.rows(
        "SELECT role.scope_kind, role.scope, person.id, person.name, person.name_en FROM role"
        " JOIN person ON person.id = role.person WHERE role.role = 'leader' AND person.active = 1"
        " ORDER BY role.scope_kind DESC, person.no, person.id"
    )
    return {
        crew["code"]: [
            row
            for row in rows
            if row["scope_kind"] == "all"
            or row["scope"] == (crew["code"] if row["scope_kind"] == "crew" else crew["area"])
        ]
        for crew in crews
    }


def admins(db: Db) -> list[str]:
    """The ids of active administrators of the whole plant."""
    return [
        str(row["person"])
        for row in db.rows(
            "SELECT role.person FROM role JOIN person ON person.id = role.person"
            " WHERE role.role = 'admin' AND role.scope_kind = 'all' AND person.active = 1"
            " ORDER BY role.person"
        )
    ]
