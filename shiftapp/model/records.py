"""Acceptance: judged records become rows, entries and findings, once, in one transaction.

`accept` judges by reading, then one write function per request stores what is new; it signs
nothing. Receipts are signed after the commit from what is stored, and repeat byte for byte. Same
id and same bytes: the same receipt. Same id, other bytes: quarantined, never overwritten.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from shiftapp.model import devices, judging, quarantine, record_rows, roster
from shiftapp.model.judging import Arrival, Sealed, Secrets, Verdict
from shiftapp.store import Db, Row, Store

log = logging.getLogger("shiftapp")

TRIES = 2  # another node may have stored the same id while we did: then it is found


class Stored(NamedTuple):
    """What the database now holds for a record, and what the device is told of it."""

    id: str
    status: str  # 'stored', 'duplicate' or 'quarantined'
    c: bytes
    recv_ms: int
    leaf: bytes | None  # the leaf its receipt names
    flags: list[str]


def accept(
    store: Store, sealed: list[Sealed], arrival: Arrival, secrets: Secrets, grace_s: int
) -> list[Stored | None]:
    """Store what is new of a request; one result a record in the same order.

    None where storing failed for our own fault: that record is not delivered, the others stand.

    :raises Problem: 503 `busy`.
    """
    with store.reading() as db:
        verdicts = [_judged(db, one, arrival, secrets) for one in sealed]

    def write(db: Db) -> list[Stored | None]:
        if arrival.device is not None:
            devices.synced(db, arrival.device, arrival.recv_ms)
        return [_guarded(db, one, arrival, grace_s) for one in verdicts]

    return store.write(write)


def accept_form(
    store: Store,
    record_id: str,
    build: Callable[[], Sealed],
    recv_ms: int,
    secrets: Secrets,
    grace_s: int,
) -> Stored:
    """Seal a plain form's answers, only if its id is new; else what was sealed first."""

    def write(db: Db) -> Stored:
        first = _first(db, record_id)
        if first is not None:
            return first._replace(status="duplicate")
        arrival = Arrival(recv_ms, None, None)
        return _store(db, judging.judge(db, build(), arrival, secrets), arrival, grace_s)

    return store.write(write)


def join(
    db: Db,
    instance: Row,
    person: str,
    wanted: Iterable[roster.Post],
    *,
    by: str,
    now_ms: int,
    random: Callable[[int], bytes],
) -> None:
    """The leader adds a person who has come: roster row, `chg`, and the entries of what waits."""
    roster.add(db, instance["id"], person, wanted, how="added", by=by, now_ms=now_ms, random=random)


def body(db: Db, record_id: str) -> dict[str, Any] | None:
    """The body of a record as sealed, parsed; None when unknown or erased."""
    found = db.value("SELECT body FROM record WHERE id = :id", id=record_id)
    return None if found is None else json.loads(bytes(found))


def of_person(db: Db, person: str, limit: int) -> list[Row]:
    """A person's own records, newest first, with shift, station and job names."""
    return db.rows(
        "SELECT record.id, record.kind, record.c, record.recv_ms, record.result,"
        " record.receipt_leaf, record.station, record.job, instance.date, instance.code,"
        " instance.crew FROM record LEFT JOIN instance ON instance.id = record.instance"
        " WHERE record.person = :p ORDER BY record.seq DESC LIMIT :limit",
        p=person,
        limit=limit,
    )


def _judged(db: Db, sealed: Sealed, arrival: Arrival, secrets: Secrets) -> Verdict | None:
    """The verdict; None where judging failed for our own fault: it holds up no other."""
    try:
        return judging.judge(db, sealed, arrival, secrets)
    except Exception:
        log.exception("record %s was not judged", sealed.id)
        return None


def _guarded(db: Db, verdict: Verdict | None, arrival: Arrival, grace_s: int) -> Stored | None:
    """One record in a savepoint of its own, so that a fault of ours takes only this one."""
    if verdict is None:
        return None
    for attempt in range(1, TRIES + 1):
        db.run("SAVEPOINT record")
        try:
            stored = _store(db, verdict, arrival, grace_s)
        except Exception:
            db.run("ROLLBACK TO SAVEPOINT record")
            if attempt == TRIES:
                log.exception("record %s was not stored", verdict.sealed.id)
        else:
            db.run("RELEASE SAVEPOINT record")
            return stored
        db.run("RELEASE SAVEPOINT record")
    return None


def _store(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> Stored:
    first = _first(db, verdict.sealed.id)
    if first is not None and first.c == verdict.sealed.c:
        return first  # whatever signature came with it this time
    flag = "id_conflict" if first is not None else verdict.quarantine
    if flag is not None:
        row = quarantine.keep(db, verdict.sealed, flag, arrival)
        return _quarantined(verdict.sealed.id, row)
    leaf, flags = record_rows.insert(db, verdict, arrival, grace_s)
    return Stored(verdict.sealed.id, "stored", verdict.sealed.c, arrival.recv_ms, leaf, flags)


def _first(db: Db, record_id: str) -> Stored | None:
    """What was sealed first under this id."""
    row = db.row("SELECT c, recv_ms, receipt_leaf, flags FROM record WHERE id = :id", id=record_id)
    if row is not None:
        leaf = None if row["receipt_leaf"] is None else bytes(row["receipt_leaf"])
        flags = json.loads(row["flags"])
        return Stored(record_id, "duplicate", bytes(row["c"]), row["recv_ms"], leaf, flags)
    kept = quarantine.first(db, record_id)
    return None if kept is None else _quarantined(record_id, kept)


def _quarantined(record_id: str, row: Row) -> Stored:
    flags = json.loads(row["flags"])
    return Stored(record_id, "quarantined", bytes(row["c"]), row["recv_ms"], None, flags)
