"""What is stored about somebody and who may see it, for that person (PIPL art. 44, 45)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shiftapp.model import audit, devices, people
from shiftapp.store import Db, Row

LINES = 20


def about(db: Db, person: str) -> dict[str, Any]:
    """`records` and `findings` (a row a kind, with `n`), `devices`, `changes` by others.

    `works`: how many permits name them."""
    return {
        "records": db.rows(
            "SELECT kind, COUNT(*) AS n, MIN(recv_ms) AS first_ms, MAX(recv_ms) AS last_ms"
            " FROM record WHERE person = :p GROUP BY kind ORDER BY kind",
            p=person,
        ),
        "findings": db.rows(
            "SELECT kind, COUNT(*) AS n FROM finding WHERE reporter = :p"
            " GROUP BY kind ORDER BY kind",
            p=person,
        ),
        "works": db.value(
            "SELECT COUNT(DISTINCT work) FROM special_work_person WHERE person = :p", p=person
        ),
        "devices": devices.owned(db, person),
        "changes": audit.lines(db, 0, LINES, f"person:{person}"),
    }


def seers(db: Db, crew: str | None, reading: Sequence[str]) -> list[Row]:
    """The active people who may see the records of a crew: `name`, `name_en` and their `roles`.

    `reading`: the roles that read, in the order in which people are listed.
    """
    found = db.rows(
        "SELECT person.id, person.name, person.name_en, role.role, role.scope_kind"
        " FROM role JOIN person ON person.id = role.person WHERE person.active = 1"
        " ORDER BY person.no, role.role, role.scope_kind DESC"
    )
    seen: dict[str, Row] = {}
    for row in [one for one in found if one["role"] in reading]:
        everywhere = row["scope_kind"] == "all"
        if everywhere or (crew and people.may(db, row["id"], row["role"], crew=crew)):
            fresh = {"name": row["name"], "name_en": row["name_en"], "roles": []}
            roles = seen.setdefault(row["id"], fresh)["roles"]
            roles += [row["role"]] if row["role"] not in roles else []
    return sorted(seen.values(), key=lambda one: min(map(reading.index, one["roles"])))
