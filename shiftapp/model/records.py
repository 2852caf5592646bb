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

from shiftapp.ledger import entries
from shiftapp.model import counters, findings, history, judging, roster, slots, states
from shiftapp.model.judging import Arrival, Sealed, Secrets, Verdict
from shiftapp.store import Db, Row, Store

log = logging.getLogger("shiftapp")


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
    verdicts = [judging.judge(store, one, arrival, secrets) for one in sealed]
    return store.write(lambda db: [_guarded(db, one, arrival, grace_s) for one in verdicts])


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
    """The leader adds a person: roster row, `chg`, then the entries of what waits (formats.md §6)."""
    roster.add(db, instance["id"], person, wanted, how="added", by=by, now_ms=now_ms, random=random)
    waiting = db.rows(
        "SELECT * FROM record WHERE instance = :i AND person = :p AND counts = 1"
        " AND entry_seq IS NULL AND result IN ('committed', 'done') ORDER BY seq",
        i=instance["id"],
        p=person,
    )
    for record in waiting:
        counted = history.as_counted(record, [])
        offline = states.offline_at_acceptance(judging.window_of(instance), counted)
        entry = _entry(db, instance, person, record["kind"], record["c"], offline, now_ms)
        if entry is not None:
            db.run(
                "UPDATE record SET entry_seq = :e, slot_u = :u WHERE seq = :seq",
                e=entry.seq,
                u=entry.slot,
                seq=record["seq"],
            )


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
    db.run("SAVEPOINT record")
    try:
        stored = _store(db, verdict, arrival, grace_s)
    except Exception:
        log.exception("record %s was not stored", verdict.sealed.id)
        db.run("ROLLBACK TO SAVEPOINT record")
        stored = None
    db.run("RELEASE SAVEPOINT record")
    return stored


def _store(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> Stored:
    first = _first(db, verdict.sealed.id)
    if first is not None and first.c == verdict.sealed.c:
        return first
    if first is not None:
        return _quarantine(db, verdict, "id_conflict", arrival)
    if verdict.quarantine is not None:
        return _quarantine(db, verdict, verdict.quarantine, arrival)
    return _insert(db, verdict, arrival, grace_s)


def _first(db: Db, record_id: str) -> Stored | None:
    """What was sealed first under this id."""
    row = db.row("SELECT c, recv_ms, receipt_leaf, flags FROM record WHERE id = :id", id=record_id)
    if row is not None:
        leaf = None if row["receipt_leaf"] is None else bytes(row["receipt_leaf"])
        flags = json.loads(row["flags"])
        return Stored(record_id, "duplicate", bytes(row["c"]), row["recv_ms"], leaf, flags)
    row = db.row(
        "SELECT c, recv_ms, flags FROM quarantine WHERE id = :id ORDER BY seq LIMIT 1",
        id=record_id,
    )
    return None if row is None else _quarantined(record_id, row)


def _quarantine(db: Db, verdict: Verdict, flag: str, arrival: Arrival) -> Stored:
    sealed = verdict.sealed
    db.run(
        "INSERT INTO quarantine (id, c, kind, body, salt, sig, flags, recv_ms, device)"
        " VALUES (:id, :c, :kind, :body, :salt, :sig, :flags, :recv, :device)"
        " ON CONFLICT (id, c) DO NOTHING",
        id=sealed.id,
        c=sealed.c,
        kind=sealed.kind,
        body=sealed.text.encode(),
        salt=sealed.salt,
        sig=sealed.sig,
        flags=json.dumps([flag]),
        recv=arrival.recv_ms,
        device=arrival.device,
    )
    row = db.row(
        "SELECT c, recv_ms, flags FROM quarantine WHERE id = :id AND c = :c",
        id=sealed.id,
        c=sealed.c,
    )
    assert row is not None  # inserted just now, or before
    counters.touch(db)
    return _quarantined(sealed.id, row)


def _quarantined(record_id: str, row: Row) -> Stored:
    flags = json.loads(row["flags"])
    return Stored(record_id, "quarantined", bytes(row["c"]), row["recv_ms"], None, flags)


def _insert(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> Stored:
    sealed, instance = verdict.sealed, verdict.instance
    entry = None
    if verdict.counts and instance is not None and verdict.person is not None:
        slots.open_series(db, instance["s"], arrival.recv_ms, grace_s)
        if not roster.posts(db, instance["id"], verdict.person):
            verdict.flags.add("not_on_roster")
        elif verdict.result in ("committed", "done"):
            entry = _entry(
                db,
                instance,
                verdict.person,
                sealed.kind,
                sealed.c,
                _offline(verdict, arrival),
                arrival.recv_ms,
            )
    flags = sorted(verdict.flags)
    db.run(_INSERT, **_columns(verdict, arrival, entry, flags))
    _open_findings(db, verdict, arrival)
    counters.touch(db)
    leaf = entry.leaf if entry else None
    return Stored(sealed.id, "stored", sealed.c, arrival.recv_ms, leaf, flags)


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
    verdict: Verdict, arrival: Arrival, entry: _Entry | None, flags: list[str]
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
        "person": verdict.person,
        "instance": verdict.instance["id"] if verdict.instance else None,
        "station": station["code"] if station else None,
        "job": sealed.body["job"],
        "version_no": verdict.version_no,
        "result": verdict.result,
        "counts": int(verdict.counts),
        "sealed_ms": sealed.body["time"]["sealed_ms"],
        "lower_ms": times.lower_ms,
        "estimate_ms": times.estimate_ms,
        "estimate_ok": int(times.estimate_ok),
        "proxy": int(verdict.proxy),
        "unverified": int(verdict.unverified),
        "entry_seq": entry.seq if entry else None,
        "receipt_leaf": entry.leaf if entry else None,
        "slot_u": entry.slot if entry else None,
    }


class _Entry(NamedTuple):
    seq: int
    leaf: bytes
    slot: bytes


def _entry(
    db: Db, instance: Row, person: str, kind: str, c: bytes, offline: bool, now_ms: int
) -> _Entry | None:
    """The public entry of a record that counts; None where the series is not public."""
    s = bytes(instance["s"])
    slot = slots.slot_of(db, s, person)
    if slot is None or db.value("SELECT state FROM series WHERE s = :s", s=s) != "open":
        return None
    data = entries.rec_entry(c=bytes(c), s=s, slot=slot, kind=kind, offline=offline)
    return _Entry(slots.append(db, "rec", s, data, now_ms), entries.leaf_hash(data), slot)


def _offline(verdict: Verdict, arrival: Arrival) -> bool:
    assert verdict.instance is not None  # only asked of a record that counts
    return verdict.result == "committed" and (
        states.time_mark(judging.window_of(verdict.instance), judging.timed(verdict, arrival))
        == "offline"
    )


def _open_findings(db: Db, verdict: Verdict, arrival: Arrival) -> None:
    body, instance = verdict.sealed.body, verdict.instance
    crew = instance["crew"] if instance else (body["shift"] or {}).get("crew")
    for opened in verdict.findings:
        findings.open_finding(
            db,
            opened.kind,  # type: ignore[arg-type]  # judging gives only the three kinds
            record_id=verdict.sealed.id,
            part=opened.part,
            what=opened.what,
            note=opened.note,
            veto=opened.veto,
            instance=instance["id"] if instance else None,
            crew=_known_crew(db, crew),
            station=body["station"]["code"] if body["station"] else None,
            job=body["job"],
            reporter=verdict.person,
            now_ms=arrival.recv_ms,
        )


def _known_crew(db: Db, crew: str | None) -> str | None:
    found = db.value("SELECT code FROM crew WHERE code = :crew", crew=crew or "")
    return None if found is None else str(found)
