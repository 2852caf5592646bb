"""How long things are kept, by kind, and the clock's part in ending it: oldest first, a few a
minute, so that a first run over years holds nobody up.

Days stand in the settings, 0 keeps for ever. A record whose hazard is open stays; what it opened
must have been closed as long as the record itself. "Not today" goes after its own short time,
whatever else: it is health data. Lines of who changed what, sessions and rosters are no part of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

from shiftapp.model import audit, erasure, traces
from shiftapp.model.settings import Settings
from shiftapp.model.traces import Traces
from shiftapp.problems import Problem
from shiftapp.store import Db, Row, Store

log = logging.getLogger("shiftapp")

DAY_MS = 24 * 3_600_000
MOST = 200  # of all kinds together, a minute
AT_ONCE = 20  # in one transaction
KINDS = ("commit", "run", "hazard")

_HAZARDS = "FROM finding WHERE finding.record_id = {0} AND finding.kind = 'hazard'"
_NOT_CLOSED = f"{_HAZARDS} AND (finding.state <> 'accepted' OR finding.accepted_ms >= :then)"
_SEALED = "(record.entry_seq IS NULL OR entry.idx IS NOT NULL)"  # else it waits for its place


class Ended(NamedTuple):
    """How many went in a minute, by what they were."""

    counts: dict[str, int]
    gone: list[bytes]  # files


def has_open_hazard(db: Db, record_id: str) -> bool:
    """Whether something that a record reported is not closed."""
    sql = f"SELECT 1 {_HAZARDS.format(':id')} AND finding.state <> 'accepted' LIMIT 1"
    return db.value(sql, id=record_id) is not None


def kept_days(row: Row, facts: Settings) -> int:
    """How many days a record (`kind`, `result`) is kept; 0: for ever."""
    if row["result"] == "cannot":
        return facts.keep_cannot_days
    return int(getattr(facts, f"keep_{row['kind']}_days"))


def is_over(row: Row, facts: Settings, now_ms: int) -> bool:
    """Whether a record has been kept as long as it must be."""
    kept = kept_days(row, facts)
    return kept > 0 and bool(row["recv_ms"] < now_ms - kept * DAY_MS)


def end(store: Store, facts: Settings, now_ms: int, where: Traces | None = None) -> int:
    """Erase what has been kept long enough, at most `MOST` things; gives how many.

    `where` None: the files stay until they are swept (tests, a demo that is being made).
    """
    counts: dict[str, int] = {}
    gone: list[bytes] = []
    try:
        for what, look, act in _kinds(facts, now_ms):
            left = MOST - sum(counts.values())
            due = look(store, left) if left > 0 else []
            for first in range(0, len(due), AT_ONCE):
                some = due[first : first + AT_ONCE]
                done = store.write(lambda db, some=some, act=act: _each(db, some, act))  # type: ignore[misc]
                counts[what] = counts.get(what, 0) + done[0]
                gone += done[1]
    finally:  # also when the disk refused half way: what is erased is cleared
        if where is not None and any(counts.values()):
            traces.clear(store, where, gone)
    if any(counts.values()):
        said = ", ".join(f"{what} {n}" for what, n in counts.items() if n)
        store.write(lambda db: audit.note(db, now_ms, None, "record.expire", "records", said))
    elif where is not None:
        store.scrub(again=True)
    return sum(counts.values())


Look = Callable[[Db, int], list[Row]]
Act = Callable[[Db, Row], list[bytes]]


def _kinds(facts: Settings, now_ms: int) -> list[tuple[str, Look, Act]]:
    """What may be due: its word, how it is found (so many at most) and what is done about each."""

    def then(kept: int) -> int:
        return now_ms - kept * DAY_MS

    def gone(db: Db, row: Row) -> list[bytes]:
        return erasure.erase(db, row["id"], now_ms)

    found: list[tuple[str, int, Callable[[Db, int, int], list[Row]], Act]] = [
        ("cannot", facts.keep_cannot_days, _not_today, gone),
        *(
            (kind, getattr(facts, f"keep_{kind}_days"), _of_kind(kind), gone)
            for kind in KINDS
        ),
        ("photo", facts.keep_photo_days, _files, _drop_file),
        ("unread", facts.keep_unread_days, _unread, _drop_unread),
    ]  # fmt: skip
    return [
        (what, lambda db, most, look=look, kept=kept: look(db, then(kept), most), act)  # type: ignore[misc]
        for what, kept, look, act in found
        if kept > 0
    ]


def _each(db: Db, rows: list[Row], act: Act) -> tuple[int, list[bytes]]:
    gone: list[bytes] = []
    done = 0
    for row in rows:
        try:
            gone += act(db, row)
            done += 1
        except Problem as problem:
            log.info("%s stays: %s", row.get("id", "a file"), problem.code)
    return done, gone


def _not_today(db: Db, then_ms: int, most: int) -> list[Row]:
    """ "Not today", by the to-do it opened."""
    return db.rows(
        "SELECT DISTINCT finding.record_id AS id FROM finding JOIN record"
        " ON record.id = finding.record_id WHERE finding.kind = 'replace'"
        " AND finding.found_ms < :then ORDER BY finding.record_id LIMIT :most",
        then=then_ms,
        most=most,
    )


def _of_kind(kind: str) -> Callable[[Db, int, int], list[Row]]:
    def look(db: Db, then_ms: int, most: int) -> list[Row]:
        return db.rows(
            "SELECT record.id FROM record LEFT JOIN entry ON entry.seq = record.entry_seq"
            " WHERE record.kind = :kind AND record.erased_ms IS NULL AND record.recv_ms < :then"
            f" AND {_SEALED} AND NOT EXISTS (SELECT 1 {_NOT_CLOSED.format('record.id')})"
            " ORDER BY record.recv_ms, record.seq LIMIT :most",
            kind=kind,
            then=then_ms,
            most=most,
        )

    return look


def _files(db: Db, then_ms: int, most: int) -> list[Row]:
    """Files that only records of before an instant name, or none: nobody's for so long."""
    return db.rows(
        "SELECT blob.sha FROM blob WHERE blob.recv_ms < :then AND NOT EXISTS"
        " (SELECT 1 FROM record_blob JOIN record ON record.id = record_blob.record"
        "  WHERE record_blob.sha = blob.sha AND (record.recv_ms >= :then"
        f"  OR EXISTS (SELECT 1 {_NOT_CLOSED.format('record.id')})))"
        " ORDER BY blob.recv_ms, blob.sha LIMIT :most",
        then=then_ms,
        most=most,
    )


def _drop_file(db: Db, row: Row) -> list[bytes]:
    sha = bytes(row["sha"])
    db.run("DELETE FROM record_blob WHERE sha = :sha", sha=sha)
    return [sha] if erasure.forget_file(db, sha) else []


def _unread(db: Db, then_ms: int, most: int) -> list[Row]:
    return db.rows(
        "SELECT seq, id FROM quarantine WHERE recv_ms < :then AND length(body) > 0"
        " ORDER BY seq LIMIT :most",
        then=then_ms,
        most=most,
    )


def _drop_unread(db: Db, row: Row) -> list[bytes]:
    erasure.erase_unread(db, row["seq"])
    return []
