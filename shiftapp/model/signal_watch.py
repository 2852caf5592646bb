"""What the published rules (signal_rules) find in new records, beside all requests.

Nothing waits for a signal and nothing follows from one: no state, no figure and no announcement
reads that table. What somebody entered for another (proxy), what the server sealed (a plain form, a
crew round) and "not today" never signal. Which signals there are does not depend on the order in
which records arrive: the neighbours of one that comes late are looked at again, and what no longer
holds is taken back as long as nobody has seen it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import signal_rules, versions
from shiftapp.model.signal_rules import Figures, Sealing, Step, Thresholds
from shiftapp.store import Db, Row, Store

log = logging.getLogger("shiftapp")

SETTLED_MS = 60_000  # a lower number may still be on its way to the database from another node
BATCH = 500  # records a pass
NEAR = 40  # records of the same person or device at each side of one

_RECORD = (
    "SELECT record.seq, record.id, record.kind, record.recv_ms, record.sealed_ms, record.result,"
    " record.person, record.instance, record.job, record.version_no, record.chain_dev,"
    " record.chain_seq, record.proxy, record.counts, record.flags, instance.crew, site.signals,"
    " record.body IS NOT NULL AS kept"
    " FROM record LEFT JOIN instance ON instance.id = record.instance"
    " LEFT JOIN crew ON crew.code = instance.crew LEFT JOIN site ON site.code = crew.site"
)


class _Change(NamedTuple):
    """What the table should hold of a record; figures None: nothing that nobody has seen."""

    kind: str
    record: Row
    figures: Figures | None


def notice(store: Store, now_ms: int) -> int:
    """Look at the records that have come since the last time; gives at how many.

    Reads on this thread and writes once, so that no phone waits for it. Twice is once.
    """
    rows = store.rows(
        f"{_RECORD} WHERE record.seq > (SELECT value FROM counter WHERE name = 'signals')"
        " ORDER BY record.seq LIMIT :batch",
        batch=BATCH,
    )
    news = list(takewhile(lambda row: row["recv_ms"] <= now_ms - SETTLED_MS, rows))
    changes = [change for row in news for change in _guarded(store, row)]

    def write(db: Db) -> int:
        for change in changes:
            _settle(db, change, now_ms)
        db.run(
            "UPDATE counter SET value = :seq WHERE name = 'signals' AND value < :seq",
            seq=news[-1]["seq"],
        )
        return len(news)

    return store.write(write) if news else 0


def _guarded(db: Db, record: Row) -> list[_Change]:
    """What a record changes; a fault in one stops no other."""
    try:
        return list(_changes(db, record)) if _is_own(record) else []
    except Exception:
        log.exception("record %s was not looked at for signals", record["id"])
        return []


def _is_own(record: Row) -> bool:
    """Made by the person on a device, for a shift that we know; not erased and not "not today"."""
    known = record["kept"] and record["counts"] and record["crew"] is not None
    by_hand = record["chain_dev"] is not None and not record["proxy"]
    return bool(known and by_hand and record["result"] != "cannot")


def _changes(db: Db, record: Row) -> Iterable[_Change]:
    limit = signal_rules.read_thresholds(record["signals"])
    if record["kind"] == "run":
        if found := signal_rules.fast(_steps(db, record), limit):
            yield _Change("fast", record, found)
        yield from _rhythm(db, record)
    yield from _bursts(db, record, limit)


def _rhythm(db: Db, record: Row) -> Iterable[_Change]:
    """The run against the one before it, and the one after it, which may have come earlier."""
    runs = [one for one in _near(db, record, "person", "seq") if _is_alike(one, record)]
    runs.sort(key=lambda one: (one["sealed_ms"], one["id"]))
    at = [one["id"] for one in runs].index(record["id"])
    for here in range(at, min(at + 2, len(runs))):
        run, found = runs[here], None
        if here:
            limit = signal_rules.read_thresholds(run["signals"])
            last = _steps(db, runs[here - 1])
            found = signal_rules.same_rhythm(_steps(db, run), last, limit)
        if found or _is_held(db, "same_rhythm", run):
            yield _Change("same_rhythm", run, found)


def _is_held(db: Db, kind: str, record: Row) -> bool:
    """Whether there is a signal to take back: asked here, so that the write is short."""
    sql = "SELECT 1 FROM signal WHERE kind = :kind AND record = :id"
    return db.value(sql, kind=kind, id=record["id"]) is not None


def _is_alike(one: Row, record: Row) -> bool:
    same = all(one[name] == record[name] for name in ("kind", "job", "version_no"))
    return same and _is_own(one)


def _bursts(db: Db, record: Row, limit: Thresholds) -> Iterable[_Change]:
    """The record and those around it on its device; one that comes late can make a burst of them.

    Times are those of the device's clock: where that has jumped they say nothing.
    """
    near = [one for one in _near(db, record, "chain_dev", "chain_seq") if _is_timed(one, record)]
    sealed = [Sealing(one["id"], one["person"], one["sealed_ms"]) for one in near]
    found = signal_rules.bursts(sealed, limit)
    reach_ms = limit.burst_s * 1000
    for one in near:
        if one["id"] in found and abs(one["sealed_ms"] - record["sealed_ms"]) <= reach_ms:
            yield _Change("burst", one, found[one["id"]])


def _is_timed(one: Row, record: Row) -> bool:
    return one["kind"] == record["kind"] and _is_own(one) and "clock_jump" not in one["flags"]


def _near(db: Db, record: Row, same: str, order: str) -> list[Row]:
    """The records of the same person (or device) around one, itself among them, by an index."""
    around = (("<", f"record.{order} DESC, record.seq DESC"), (">=", f"record.{order}, record.seq"))
    found = []
    for side, by in around:
        sql = (
            f"{_RECORD} WHERE record.{same} = :same AND record.{order} {side} :here"
            f" ORDER BY {by} LIMIT :near"
        )
        found += db.rows(sql, same=record[same], here=record[order], near=NEAR)
    return found


def _steps(db: Db, record: Row) -> list[Step]:
    """The steps of a run; none where its version is not ours."""
    text = db.value("SELECT body FROM record WHERE id = :id", id=record["id"])
    body = json.loads(bytes(text))
    sha = encoding.b64u_decode(body["checklist"]["sha"], 32)
    version = versions.checklist(db, record["job"], body["checklist"]["no"], sha)
    return signal_rules.steps(body, version["doc"]) if version else []


def _settle(db: Db, change: _Change, now_ms: int) -> None:
    """Write a signal, or take it back; what somebody has seen stays as it was seen."""
    kind, record = change.kind, change.record
    if change.figures is None:
        db.run(
            "DELETE FROM signal WHERE kind = :kind AND record = :record"
            " AND shown_ms IS NULL AND looked_ms IS NULL",
            kind=kind,
            record=record["id"],
        )
        return
    db.run(
        "INSERT INTO signal (kind, record, person, instance, crew, figures, at_ms)"
        " VALUES (:kind, :record, :person, :instance, :crew, :figures, :now)"
        " ON CONFLICT (kind, record) DO UPDATE SET figures = excluded.figures"
        " WHERE signal.shown_ms IS NULL AND signal.looked_ms IS NULL",
        kind=kind,
        record=record["id"],
        person=record["person"],
        instance=record["instance"],
        crew=record["crew"],
        figures=json.dumps(change.figures, sort_keys=True),
        now=now_ms,
    )
