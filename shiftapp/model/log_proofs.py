"""Proofs that an entry is in the log, in files that are checked offline (C2SP tlog-proof).

Each stands on the first checkpoint that a quorum saw with the entry in it: that also shows by when
the entry was there. What the entry says comes along, because a hash alone tells nobody anything:
`extra` = its length as two bytes, its bytes, and for the person alone salt and body of the record.
"""

from __future__ import annotations

from typing import NamedTuple

from shiftapp.ledger import log, receipts, tree
from shiftapp.ledger.proof import LogProof
from shiftapp.model import log_state
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

CONTENT_TYPE = "text/plain; charset=utf-8"


class Proof(NamedTuple):
    """A proof file: its text and the code that names it."""

    text: str
    code: str


def sealed_size(db: Db) -> int:
    """How many entries stand in a published tree that a quorum has seen."""
    found = log.newest(db)
    return 0 if found is None else int(found["size"])


def place(db: Db, entry_seq: int | None) -> int | None:
    """The place of an entry in the log once it is sealed; None before, and without an entry."""
    if entry_seq is None:
        return None
    found = db.value(
        "SELECT idx FROM entry WHERE seq = :seq AND idx < :size",
        seq=entry_seq,
        size=sealed_size(db),
    )
    return None if found is None else int(found)


def of_announcement(db: Db, id: str) -> str:
    """The proof of an announcement, whose document stands beside it.

    :raises Problem: 404 `not_sealed`.
    """
    entry = db.row(
        "SELECT entry.idx, entry.data FROM announcement"
        " JOIN entry ON entry.seq = announcement.entry_seq WHERE announcement.id = :id",
        id=id,
    )
    return _proof(db, entry)


def of_record(db: Db, id: str, person: str, *, with_body: bool) -> Proof:
    """The proof of somebody's own record; without the body it shows nothing personal.

    :raises Problem: 404 `no_record`, also for another person's; `not_sealed`; 410 `erased` where
        the body is wanted and gone.
    """
    found = db.row(
        "SELECT record.salt, record.body, record.c, record.receipt_leaf, entry.idx, entry.data"
        " FROM record LEFT JOIN entry ON entry.seq = record.entry_seq"
        " WHERE record.id = :id AND record.person = :p",
        id=id,
        p=person,
    )
    if found is None:
        raise Problem(404, "no_record", "没有这一份。从“我的班次”里选。")
    if with_body and found["body"] is None:
        raise Problem(410, "erased", "这份的原文已经删除。用你以前下载的，或者下载不带原文的证明。")
    own = bytes(found["salt"]) + bytes(found["body"]) if with_body else b""
    code = receipts.receipt_code(bytes(found["receipt_leaf"] or found["c"]))
    return Proof(_proof(db, found, own), code)


def _seen(db: Db, index: int) -> Row | None:
    """The checkpoint that a proof stands on: the first, where the policy in force is content.

    Who signed that one made the quorum of its day. After a change of the policy they may be too
    few; then the newest shows that the entry is there, and since when at the latest.
    """
    first = log.covering(db, index)
    if first is None or log_state.is_quorate(db, first["signed"]):
        return first
    newest = log.newest(db)
    return newest if newest and log_state.is_quorate(db, newest["signed"]) else first


def _proof(db: Db, entry: Row | None, own: bytes = b"") -> str:
    seen = None if entry is None or entry["idx"] is None else _seen(db, entry["idx"])
    if entry is None or seen is None:
        raise Problem(404, "not_sealed", "还没有封存。过几分钟再来。")
    data = bytes(entry["data"])
    path = tree.inclusion(entry["idx"], seen["size"], log.hashes(db))
    extra = len(data).to_bytes(2) + data + own
    return LogProof(entry["idx"], path, seen["signed"], extra).text
