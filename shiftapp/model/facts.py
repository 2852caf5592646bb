"""What the store knows of everything a record names, asked at once: one question a record.

At a shift change this is the busiest query there is. Python hands its lock to another thread with
every statement, so eight small questions cost several times what they look up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shiftapp.ledger import checkpoint, encoding, note
from shiftapp.model import chain
from shiftapp.store import Db, Row

# A body of good shape (shapes.py).
Json = dict[str, Any]

_WHO = (
    "person.id AS person, CASE WHEN person.active = 1 THEN person.badge_key END AS badge_key,"
    " CASE WHEN person.guest = 1 AND person.vouched_ms IS NULL THEN 1 ELSE 0 END AS unvouched,"
    " session.person AS session_person, session.device AS session_device,"
    " session.revoked_ms AS session_ended_ms"
)
_WHO_JOINS = (
    " LEFT JOIN person ON person.id = COALESCE(:person,"
    " (SELECT numbered.id FROM person AS numbered WHERE numbered.no = :no AND numbered.active = 1))"
    " LEFT JOIN session ON session.sid = :sid"
)
_ASK = (
    f"SELECT {_WHO},"
    " instance.id AS instance, instance.crew, instance.s, instance.opens_ms, instance.starts_ms,"
    " instance.closed_ms, series.state AS series_state,"
    " (SELECT pubkey FROM device WHERE id = :device) AS pubkey,"
    " (SELECT 1 FROM station WHERE code = :station) AS station,"
    " (SELECT 1 FROM job WHERE code = :job) AS job,"
    " (SELECT 1 FROM roster WHERE roster.instance = instance.id AND roster.person = person.id"
    " AND roster.ended_ms IS NULL LIMIT 1) AS rostered,"
    " COALESCE((SELECT 1 FROM record WHERE chain_dev = :device AND chain_seq = :seq LIMIT 1),"
    " (SELECT 1 FROM quarantine WHERE chain_dev = :device AND chain_seq = :seq LIMIT 1)) AS taken,"
    " COALESCE((SELECT 1 FROM record WHERE chain_dev = :device AND chain_seq = :seq_before"
    " AND body_sha = :prev LIMIT 1),"
    " (SELECT 1 FROM quarantine WHERE chain_dev = :device AND chain_seq = :seq_before"
    " AND body_sha = :prev LIMIT 1)) AS continued,"
    " (SELECT note FROM checkpoint WHERE size = :seen AND quorum_s IS NOT NULL) AS seen_note,"
    " (SELECT quorum_s FROM checkpoint WHERE size = :seen) AS seen_s"
    f" FROM (SELECT 1 AS one) AS record {_WHO_JOINS}"
    " LEFT JOIN instance ON instance.crew = :crew AND instance.date = :date"
    " AND instance.code = :code"
    " LEFT JOIN series ON series.s = instance.s"
)
_ASK_WHO = f"SELECT {_WHO} FROM (SELECT 1 AS one) AS record {_WHO_JOINS}"
_PERSON = ("person", "session_person", "session_device", "session_ended_ms")
_INSTANCE = ("crew", "s", "opens_ms", "starts_ms", "closed_ms", "series_state")


class Facts(NamedTuple):
    """Of the things a body names: what there is."""

    person: str | None  # by id, or by number among the active
    badge_key: bytes | None  # of an active person's badge
    unvouched: bool  # a guest, and no leader has confirmed who it is
    session_person: str | None  # whose the session is that the evidence names
    session_device: str | None
    session_ended_ms: int | None  # ended by hand; None: open, or run out
    instance: Row | None  # the claimed one: `id` and what acceptance reads of it
    pubkey: bytes | None  # of the device the body claims
    station: bool
    job: bool
    rostered: bool  # the person is on that instance
    chain_gap: bool  # it does not continue the chain of the device it claims
    seen_s: int | None  # when a quorum had seen the tree it names, Unix s; None: no tree of ours


def facts(db: Db, body: Json) -> Facts:
    """What the store knows of what a body of good shape names."""
    shift, station = body["shift"] or {}, body["station"] or {}
    seq_before, prev = chain.before(body)
    row = db.row(
        _ASK,
        **_who(body["who"]),
        crew=shift.get("crew"),
        date=shift.get("date"),
        code=shift.get("code"),
        device=body["dev"],
        station=station.get("code"),
        job=body["job"],
        seq=body["seq"],
        seq_before=seq_before,
        prev=prev,
        seen=body["seen"] and body["seen"]["size"],
    )
    assert row is not None  # of one row, with whatever joins it
    taken, continued = row["taken"] is not None, row["continued"] is not None
    return Facts(
        **_person(row),
        instance=None if row["instance"] is None else _instance(row),
        pubkey=_bytes(row["pubkey"]),
        station=row["station"] is not None,
        job=row["job"] is not None,
        rostered=row["rostered"] is not None,
        chain_gap=chain.is_gap(body, taken=taken, continued=continued),
        seen_s=row["seen_s"] if _is_root(row["seen_note"], body["seen"]) else None,
    )


def person_facts(db: Db, known: Facts, who: Json) -> Facts:
    """The facts of a record with another `who` in the place of its own."""
    row = db.row(_ASK_WHO, **_who(who))
    assert row is not None  # of one row, with whatever joins it
    return known._replace(**_person(row))


def _who(who: Json) -> dict[str, Any]:
    """What a `who` names, as parameters."""
    sid = who["ev"]["sid"] if who["ev"]["k"] in ("session", "leader") else None
    return {
        "person": who["person"],
        "no": who.get("no"),
        "sid": encoding.b64u_decode(sid, 16) if sid else None,
    }


def _person(row: Row) -> dict[str, Any]:
    """The fields of `Facts` that speak of a person."""
    known = {name: row[name] for name in _PERSON}
    return {**known, "badge_key": _bytes(row["badge_key"]), "unvouched": bool(row["unvouched"])}


def _is_root(signed: str | None, seen: Json | None) -> bool:
    """Whether a tree that a body names is the one of that size."""
    if signed is None or seen is None:
        return False
    return encoding.b64u(checkpoint.parse(note.split(signed)[0]).root) == str(seen["root"])


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _instance(row: Row) -> Row:
    return {"id": row["instance"], **{name: row[name] for name in _INSTANCE}}
