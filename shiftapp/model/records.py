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

from shiftapp.model import (
    belief,
    counters,
    devices,
    findings,
    judging,
    leaves,
    quarantine,
    roster,
    slots,
    states,
)
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
        verdicts = [judging.judge(db, one, arrival, secrets) for one in sealed]

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


def _guarded(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> Stored | None:
    """One record in a savepoint of its own, so that a fault of ours takes only this one."""
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
    return _insert(db, verdict, arrival, grace_s)


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


def _insert(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> Stored:
    """Read who is on the roster, then write the entry, the record that names it, and findings."""
    sealed, flags = verdict.sealed, set(verdict.flags)
    on_roster = _on_roster(db, verdict)
    if not on_roster:
        flags.add("not_on_roster")
    leaf = None
    if verdict.counts:
        leaf = _leaf(db, verdict, arrival, grace_s, on_roster)
    told = sorted(flags)
    db.run(_INSERT, **_columns(verdict, arrival, leaf, told))
    _open_findings(db, verdict, arrival)
    counters.touch(db)
    receipt_leaf = leaf.leaf if leaf else None
    return Stored(sealed.id, "stored", sealed.c, arrival.recv_ms, receipt_leaf, told)


def _on_roster(db: Db, verdict: Verdict) -> bool:
    """False for a known person who is not on the claimed instance; a hazard needs no roster."""
    person, instance = verdict.person.id, verdict.instance
    if person is None or instance is None or verdict.sealed.kind == "hazard":
        return True
    return bool(roster.posts(db, instance["id"], person))


def _leaf(
    db: Db, verdict: Verdict, arrival: Arrival, grace_s: int, on_roster: bool
) -> leaves.Leaf | None:
    """The public entry of a record that counts now, its series opened if the clock has not."""
    instance, person, result = verdict.instance, verdict.person.id, verdict.content.result
    assert instance is not None and person is not None  # it counts
    if instance["series_state"] == "waiting":  # as it was judged; it never waits again
        slots.open_series(db, bytes(instance["s"]), arrival.recv_ms, grace_s)
    if not on_roster or result not in leaves.PUBLIC_RESULTS:
        return None
    when = judging.timed(verdict.sealed.body, verdict.times, arrival)
    return leaves.write_rec(
        db,
        bytes(instance["s"]),
        person,
        kind=verdict.sealed.kind,
        c=verdict.sealed.c,
        offline=states.offline_at_acceptance(states.window_of(instance), result, when),
        now_ms=arrival.recv_ms,
    )


_COLUMNS = (
    "id kind c salt body sig flags recv_ms device person instance station job version_no result"
    " counts sealed_ms lower_ms estimate_ms estimate_ok proxy unverified entry_seq receipt_leaf"
    " slot_u"
).split()
_INSERT = (
    f"INSERT INTO record ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(':' + name for name in _COLUMNS)})"
)


def _columns(
    verdict: Verdict, arrival: Arrival, leaf: leaves.Leaf | None, flags: list[str]
) -> dict[str, object]:
    sealed, times = verdict.sealed, verdict.times
    station = sealed.body["station"]
    return {
        "id": sealed.id,
        "kind": sealed.kind,
        "c": sealed.c,
        "salt": sealed.salt,
        "body": sealed.text.encode(),
        "sig": sealed.sig,
        "flags": json.dumps(flags),
        "recv_ms": arrival.recv_ms,
        "device": arrival.device,
        "person": verdict.person.id,
        "instance": verdict.instance["id"] if verdict.instance else None,
        "station": station["code"] if station else None,
        "job": sealed.body["job"],
        "version_no": verdict.content.version_no,
        "result": verdict.content.result,
        "counts": int(verdict.counts),
        "sealed_ms": sealed.body["time"]["sealed_ms"],
        "lower_ms": times.lower_ms,
        "estimate_ms": times.estimate_ms,
        "estimate_ok": int(times.estimate_ok),
        "proxy": int(verdict.person.proxy),
        "unverified": int(verdict.unverified),
        "entry_seq": leaf.seq if leaf else None,
        "receipt_leaf": leaf.leaf if leaf else None,
        "slot_u": leaf.slot if leaf else None,
    }


def _open_findings(db: Db, verdict: Verdict, arrival: Arrival) -> None:
    body, instance = verdict.sealed.body, verdict.instance
    claimed = body["shift"]["crew"] if body["shift"] else None
    for opened in verdict.content.opened:
        findings.open_finding(
            db,
            opened.kind,
            record_id=verdict.sealed.id,
            part=opened.part,
            what=opened.what,
            note=opened.note,
            veto=opened.veto,
            instance=instance["id"] if instance else None,
            crew=belief.known_crew(db, claimed),
            station=body["station"]["code"] if body["station"] else None,
            job=body["job"],
            reporter=verdict.person.id,
            now_ms=arrival.recv_ms,
        )
