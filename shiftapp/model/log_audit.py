"""The private side of the log, which no outsider can look at: is what was promised also kept?

Every entry has its place in time, without a gap; every record that has an entry has the one of its
receipt; the head is the tree that is stored, and not behind what has left the house.
"""

from __future__ import annotations

import json

from shiftapp.ledger import log, receipts, tree
from shiftapp.ledger.checkpoint import Checkpoint, open_checkpoint
from shiftapp.ledger.encoding import b64u
from shiftapp.ledger.fsck_entries import Fault
from shiftapp.ledger.note import Verifier
from shiftapp.store import Db, Row

MERGE_MS = receipts.MERGE_S * 1000


def faults(db: Db, key: Verifier, remembered: Checkpoint | None, now_ms: int) -> list[Fault]:
    """What is wrong; `remembered`: the newest checkpoint that the guard's file holds."""
    found = [*_places(db), *_waiting(db, now_ms), *_records(db)]
    return found + _head(db, key) + _guard(db, remembered)


def overdue(db: Db, now_ms: int) -> int:
    """How many entries wait for their place longer than their receipts promise."""
    return int(
        db.value(
            "SELECT COUNT(*) FROM entry WHERE idx IS NULL AND recv_ms < :before",
            before=now_ms - MERGE_MS,
        )
    )


def _places(db: Db) -> list[Fault]:
    """Places from 0 to the head without a gap; one statement, because the log grows meanwhile."""
    found = db.row(
        "SELECT COUNT(idx) AS n, COALESCE(MAX(idx) + 1, 0) AS stop,"
        " COALESCE((SELECT size FROM head WHERE id = 1), 0) AS size FROM entry"
    )
    assert found is not None  # an aggregate has a row
    if found["n"] == found["stop"] == found["size"]:
        return []
    first = db.value(
        "SELECT MIN(place) FROM (SELECT 0 AS place UNION ALL SELECT idx + 1 FROM entry"
        " WHERE idx IS NOT NULL) AS next WHERE NOT EXISTS"
        " (SELECT 1 FROM entry WHERE entry.idx = next.place)"
    )
    return [Fault("hole", {"index": int(first), "size": found["size"]})]


def _waiting(db: Db, now_ms: int) -> list[Fault]:
    late = overdue(db, now_ms)
    return [Fault("overdue", {"n": late})] if late else []


def _records(db: Db) -> list[Fault]:
    """A receipt over a leaf promised that very entry; later another one may speak of the record.

    That is so for somebody who was taken off a roster and came back (leaves.py).
    """
    others = db.rows(
        "SELECT record.id, record.c, entry.data, promised.seq AS promised FROM record"
        " LEFT JOIN entry ON entry.seq = record.entry_seq"
        " LEFT JOIN entry AS promised ON promised.leaf = record.receipt_leaf"
        " WHERE record.receipt_leaf IS NOT NULL"
        " AND (entry.leaf IS NULL OR entry.leaf <> record.receipt_leaf) ORDER BY record.id"
    )
    return [Fault("receipt_broken", {"id": row["id"]}) for row in others if not _is_told(row)]


def _is_told(row: Row) -> bool:
    """Whether what was promised is there, and the entry that stands for the record is of it."""
    if row["promised"] is None or row["data"] is None:
        return False
    return bool(json.loads(bytes(row["data"])).get("c") == b64u(bytes(row["c"])))


def _head(db: Db, key: Verifier) -> list[Fault]:
    """Head, its note and the tiles are one tree, and no smaller than what was published."""
    row = db.row(
        "SELECT size, root, note, COALESCE((SELECT MAX(size) FROM checkpoint), 0) AS published"
        " FROM head WHERE id = 1"
    )
    if row is None:
        return [Fault("not_kept")]
    size = int(row["size"])
    if size < row["published"]:
        return [Fault("head_behind", {"size": size, "known": row["published"]})]
    if size == 0:
        return []
    try:
        signed = open_checkpoint(row["note"], key).checkpoint
    except ValueError:
        return [Fault("head_differs", {"size": size})]
    own = tree.root(size, log.hashes(db))
    agree = (signed.size, signed.root) == (size, own) and bytes(row["root"]) == own
    return [] if agree else [Fault("head_differs", {"size": size})]


def _guard(db: Db, remembered: Checkpoint | None) -> list[Fault]:
    """The file outside the database remembers what left the house, also after a restore."""
    if remembered is None:
        return []
    size = log.head(db).size
    if size < remembered.size:
        return [Fault("guard_ahead", {"size": size, "known": remembered.size})]
    if tree.root(remembered.size, log.hashes(db)) != remembered.root:
        return [Fault("guard_forked", {"size": remembered.size})]
    return []
