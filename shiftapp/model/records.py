"""Acceptance: sealed records become rows, entries and findings, once, in one transaction.

One write function per request judges and stores what is new; it signs nothing. It judges where it
stores because there nothing changes in between, and because many threads that read at once only
hand each other Python's lock. Receipts are signed after the commit from what is stored, and repeat
byte for byte. Same id and same bytes: the same receipt. Same id, other bytes: quarantined, never
overwritten.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from shiftapp.model import counters, devices, elsewhere, judging, quarantine, record_rows, roster
from shiftapp.model.judging import Arrival, Sealed, Secrets
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

    None where a record failed for our own fault: it is not delivered, the others stand.

    :raises Problem: 503 `busy`.
    """

    def write(db: Db) -> list[Stored | None]:
        stored = [_guarded(db, one, arrival, secrets, grace_s) for one in sealed]
        if arrival.device is not None:
            left = _left(arrival, stored)
            devices.seen(db, arrival.device, arrival.recv_ms, left, sent=True)
        if any(one is not None and one.status == "stored" for one in stored):
            counters.touch(db)
        return stored

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
    return store.write(lambda db: seal_form(db, record_id, build, recv_ms, secrets, grace_s))


def seal_form(
    db: Db,
    record_id: str,
    build: Callable[[], Sealed],
    recv_ms: int,
    secrets: Secrets,
    grace_s: int,
) -> Stored:
    """As `accept_form`, within a transaction that writes more than this record."""
    first = _first(db, record_id)
    if first is not None:
        return first._replace(status="duplicate")
    counters.touch(db)
    return _store(db, build(), Arrival(recv_ms, None, None), secrets, grace_s)


def join(
    db: Db,
    instance: Row,
    person: str,
    wanted: Iterable[roster.Post],
    *,
    by: str,
    now_ms: int,
    random: Callable[[int], bytes],
    how: roster.How = "added",
) -> None:
    """The leader adds a person who has come: roster row, `chg`, and the entries of what waits.

    :raises Problem: 409 `elsewhere`.
    """
    elsewhere.must_be_free(db, instance["id"], person)
    roster.add(db, instance["id"], person, wanted, how=how, by=by, now_ms=now_ms, random=random)


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


def _left(arrival: Arrival, stored: list[Stored | None]) -> int | None:
    """How many records the device still holds once it has been answered; None: it does not say."""
    if arrival.waiting is None:
        return None
    return max(0, arrival.waiting - sum(one is not None for one in stored))


def _guarded(
    db: Db, sealed: Sealed, arrival: Arrival, secrets: Secrets, grace_s: int
) -> Stored | None:
    """One record in a savepoint of its own, so that a fault of ours takes only this one."""
    for attempt in range(1, TRIES + 1):
        db.run("SAVEPOINT record")
        try:
            stored = _store(db, sealed, arrival, secrets, grace_s)
        except Exception:
            db.run("ROLLBACK TO SAVEPOINT record")
            if attempt == TRIES:
                log.exception("record %s was not stored", sealed.id)
        else:
            db.run("RELEASE SAVEPOINT record")
            return stored
        db.run("RELEASE SAVEPOINT record")
    return None


def _store(db: Db, sealed: Sealed, arrival: Arrival, secrets: Secrets, grace_s: int) -> Stored:
    first = _first(db, sealed.id)
    if first is not None and first.c == sealed.c:
        return first  # whatever signature came with it this time
    if first is not None:
        return _quarantined(sealed.id, quarantine.keep(db, sealed, "id_conflict", arrival))
    verdict = judging.judge(db, sealed, arrival, secrets)
    if verdict.quarantine is not None:
        return _quarantined(sealed.id, quarantine.keep(db, sealed, verdict.quarantine, arrival))
    leaf, flags = record_rows.insert(db, verdict, arrival, grace_s)
    return Stored(sealed.id, "stored", sealed.c, arrival.recv_ms, leaf, flags)


def _first(db: Db, record_id: str) -> Stored | None:
    """What was sealed first under this id."""
    row = db.row(
        "SELECT 'duplicate' AS status, c, recv_ms, receipt_leaf, flags, 0 AS place FROM record"
        " WHERE id = :id UNION ALL SELECT 'quarantined', c, recv_ms, NULL, flags, seq"
        " FROM quarantine WHERE id = :id ORDER BY place LIMIT 1",
        id=record_id,
    )
    if row is None:
        return None
    leaf = None if row["receipt_leaf"] is None else bytes(row["receipt_leaf"])
    flags = json.loads(row["flags"])
    return Stored(record_id, row["status"], bytes(row["c"]), row["recv_ms"], leaf, flags)


def _quarantined(record_id: str, row: Row) -> Stored:
    flags = json.loads(row["flags"])
    return Stored(record_id, "quarantined", bytes(row["c"]), row["recv_ms"], None, flags)
