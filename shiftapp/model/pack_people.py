"""Who may come to a shared phone: all it needs to take their records without a signal.

It holds no PIN and nothing to try one out on: seven bits that tell a typo, and by what a badge is
known again. Nor does it hold how somebody's shift stands, which says who is not fit today: no more
than whether they have committed, and what they have run through.
"""

from __future__ import annotations

from typing import Any

from shiftapp.ledger import badge
from shiftapp.ledger.encoding import b64u
from shiftapp.model.pack_shifts import Shifts
from shiftapp.store import Db, Row

AHEAD_MS = 16 * 3_600_000
MOST = 200

_ASK = (
    "SELECT person.id, person.no, person.name, person.name_en, person.lang, person.pin_salt,"
    " person.pin_tag, person.badge_key, own.code AS crew, own.name AS crew_name,"
    " own.name_en AS crew_name_en, MIN(ABS(instance.opens_ms - :now)) AS nearness"
    " FROM roster JOIN instance ON instance.id = roster.instance"
    " JOIN crew ON crew.code = instance.crew JOIN person ON person.id = roster.person"
    " LEFT JOIN crew AS own ON own.code = person.crew"
    " WHERE crew.site = :site AND instance.opens_ms <= :then AND instance.closed_ms > :now"
    " AND roster.ended_ms IS NULL AND person.active = 1"
    " GROUP BY person.id, own.code ORDER BY nearness, person.no, person.id LIMIT :most"
)


def people(db: Db, site: str | None, now_ms: int) -> list[dict[str, Any]]:
    """Everybody on the roster of a shift of a site that runs or opens soon, nearest first.

    At most 200, each with `person` as the pack names who is signed in (without `sid`), `tag` and
    `badge` (None: no PIN, no badge) and their `shifts`.
    """
    if site is None:
        return []
    shifts = Shifts(db, now_ms, many=True)
    found = db.rows(_ASK, site=site, now=now_ms, then=now_ms + AHEAD_MS, most=MOST)
    return [
        {
            "person": _person(row),
            "tag": _tag(row),
            "badge": _badge(row),
            "shifts": [{**one, "state": None} for one in shifts.of(row["id"], row["crew"], site)],
        }
        for row in found
    ]


def _person(row: Row) -> dict[str, Any]:
    crew = {"code": row["crew"], "name": row["crew_name"], "name_en": row["crew_name_en"]}
    own = {name: row[name] for name in ("id", "no", "name", "name_en", "lang")}
    return {**own, "crew": crew if row["crew"] is not None else None}


def _tag(row: Row) -> dict[str, Any] | None:
    if row["pin_tag"] is None:
        return None
    return {"salt": b64u(bytes(row["pin_salt"])), "t": row["pin_tag"]}


def _badge(row: Row) -> str | None:
    key = row["badge_key"]
    return None if key is None else b64u(badge.known_by(bytes(key)))
