"""Erasure of one record: what names somebody or can be read goes, what a figure needs stays.

Body, salt, signature, person and device go, the files that only it names, what others noted about
it, and the reporter of what it opened; an `amend` entry says so in the log, whose leaf stays and
which nobody can open any more (ledger brief §7, level 1). Its slot keeps the record's time and
result, so that n, on time and late stay what they were. The slot loses its person with the last
record of theirs in that series; the station and the job go with it, which would name them.

A phone's next record must still find the one before it: the place in the chain of a personal phone
goes when nothing that is left continues it. The roster stays: it is the plan of who works.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from shiftapp.ledger import entries, log, tree
from shiftapp.model import counters, findings, slots
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

PUBLIC = ("committed", "done")

_RECORD = (
    "SELECT record.id, record.kind, record.c, record.recv_ms, record.result, record.person,"
    " record.slot_u, record.chain_dev, record.chain_seq, record.erased_ms, instance.s"
    " FROM record LEFT JOIN instance ON instance.id = record.instance WHERE record.id = :id"
)
_OF_SERIES = "instance IN (SELECT id FROM instance WHERE s = :s)"


class Leaf(NamedTuple):
    """A `rec` entry of a record: its place in the log (None: none yet) and the slot it names."""

    idx: int | None
    slot: bytes


def erase(db: Db, record_id: str, now_ms: int) -> list[bytes]:
    """Erase a record; gives the hashes of the files to remove once that is durable.

    Nothing is asked of why or when (erasing.py). A second time nothing changes.

    :raises Problem: 404 `no_record`; 409 `not_sealed_yet` while an entry of it has no place.
    """
    row = db.row(_RECORD, id=record_id)
    if row is None:
        raise Problem(404, "no_record", "没有这条记录。")
    if row["erased_ms"] is not None:
        return []
    theirs = _slots(db, row)
    leaves = _leaves(db, row, theirs)
    if any(leaf.idx is None for leaf in leaves):
        raise not_sealed_yet()
    _amend(db, row, leaves, now_ms)
    gone = drop_files(db, record_id)
    _forget_words(db, record_id)
    _empty(db, row, theirs[0] if theirs and not _is_named(db, row) else None, now_ms)
    if theirs and row["person"] is not None:
        _let_go(db, bytes(row["s"]), row["person"], theirs)
    if row["chain_dev"] is not None:
        _loosen(db, row["chain_dev"], row["chain_seq"])
    counters.touch(db)
    return gone


def not_sealed_yet() -> Problem:
    """The refusal of a record that the log has given no place yet."""
    return Problem(409, "not_sealed_yet", "这条还没封存进公开账本，过几分钟再删。")


def erase_unread(db: Db, seq: int) -> None:
    """Empty a body that was kept unread; id, `c` and its place in the chain stay."""
    db.run(
        "UPDATE quarantine SET body = :none, salt = :none, sig = NULL, device = NULL"
        " WHERE seq = :seq",
        none=b"",
        seq=seq,
    )
    counters.touch(db)


def amendments(db: Db, record_id: str) -> list[Row]:
    """The `amend` entries that tell of an erased record: `idx`, None until they have a place."""
    row = db.row(_RECORD, id=record_id)
    if row is None or row["erased_ms"] is None or row["slot_u"] is None:
        return []
    found = []
    for leaf in _leaves(db, row, [bytes(row["slot_u"])]):
        data = _amend_bytes(bytes(row["s"]), leaf)
        said = db.row("SELECT seq, idx FROM entry WHERE leaf = :leaf", leaf=tree.leaf_hash(data))
        found += [said] if said else []
    return found


def drop_files(db: Db, record_id: str) -> list[bytes]:
    """Forget which files a record names, and the rows of those that no other names; gives these.
    What is not here yet stays named, so that it is not kept when it comes (`blobs.is_erased`)."""
    here = "record = :id AND sha IN (SELECT sha FROM blob)"
    named = db.rows(f"DELETE FROM record_blob WHERE {here} RETURNING sha", id=record_id)
    return [sha for sha in sorted(bytes(row["sha"]) for row in named) if forget_file(db, sha)]


def forget_file(db: Db, sha: bytes) -> bool:
    """Delete the row of a file, unless a record names it; gives whether there was one."""
    return bool(
        db.run(
            "DELETE FROM blob WHERE sha = :sha"
            " AND NOT EXISTS (SELECT 1 FROM record_blob WHERE record_blob.sha = blob.sha)",
            sha=sha,
        )
    )


def _slots(db: Db, row: Row) -> list[bytes]:
    """The slots of a record's person in its series, that of the record (or the live one) first."""
    if row["s"] is None or row["kind"] == "hazard":  # a report counts on no roster
        return []
    found = db.rows(
        "SELECT u FROM slot WHERE s = :s AND person = :p"
        " ORDER BY CASE WHEN ended_ms IS NULL THEN 0 ELSE 1 END, added_ms DESC, u",
        s=row["s"],
        p=row["person"],
    )
    own = [] if row["slot_u"] is None else [bytes(row["slot_u"])]
    return list(dict.fromkeys(own + [bytes(one["u"]) for one in found]))


def _leaves(db: Db, row: Row, theirs: list[bytes]) -> list[Leaf]:
    """The `rec` entries of a record: who came back has one under each slot.

    Their bytes follow from the record, so each is found by its hash.
    """
    if row["result"] not in PUBLIC:
        return []
    found = []
    for slot in theirs:
        for offline in (False, True):
            data = entries.rec_entry(
                c=bytes(row["c"]),
                s=bytes(row["s"]),
                slot=slot,
                kind=row["kind"],
                offline=offline,
            )
            entry = db.row("SELECT idx FROM entry WHERE leaf = :leaf", leaf=tree.leaf_hash(data))
            found += [Leaf(entry["idx"], slot)] if entry else []
    return found


def _amend(db: Db, row: Row, leaves: list[Leaf], now_ms: int) -> None:
    for leaf in leaves:
        s = bytes(row["s"])
        log.append(db, "amend", s, _amend_bytes(s, leaf), now_ms)


def _amend_bytes(s: bytes, leaf: Leaf) -> bytes:
    assert leaf.idx is not None  # looked at before
    return entries.amend_entry(of=leaf.idx, why="erased", s=s, slot=leaf.slot)


def _forget_words(db: Db, record_id: str) -> None:
    """What others keep about a record: a hazard stays, without who reported it in which words."""
    db.run("DELETE FROM signal WHERE record = :id", id=record_id)
    denied = db.run("DELETE FROM proxy_answer WHERE record = :id AND mine = 0", id=record_id)
    if denied:  # what they said of it leaves the mark that it left
        db.run("UPDATE record SET unverified = 1 WHERE id = :id", id=record_id)
    db.run("DELETE FROM proxy_answer WHERE record = :id", id=record_id)
    _forget_signed(db, record_id)
    findings.forget(db, record_id)


def _forget_signed(db: Db, record_id: str) -> None:
    """Who reported what a crew has signed over: as of an anonymous one. The reasons stay."""
    found = db.rows("SELECT id FROM finding WHERE record_id = :id ORDER BY id", id=record_id)
    keys, nobody = {f"f{row['id']}" for row in found}, {"person": None, "name": "", "name_en": ""}
    for row in db.rows(
        "SELECT id, gaps FROM signoff WHERE instance IN (SELECT instance FROM finding"
        " WHERE record_id = :record) ORDER BY id",
        record=record_id,
    ):
        old = json.loads(row["gaps"])
        new = [{**line, **nobody} if line["key"] in keys else line for line in old]
        if new != old:
            gaps = json.dumps(new, ensure_ascii=False)
            db.run("UPDATE signoff SET gaps = :gaps WHERE id = :id", gaps=gaps, id=row["id"])


def _empty(db: Db, row: Row, slot: bytes | None, now_ms: int) -> None:
    """Take out of the row what names somebody. "Not today" leaves no trace of having been it."""
    db.run(
        "UPDATE record SET body = NULL, salt = NULL, sig = NULL, person = NULL, device = NULL,"
        " erased_ms = :now, slot_u = :u, result = :result WHERE id = :id",
        now=now_ms,
        u=slot,
        result="none" if row["result"] == "cannot" else row["result"],
        id=row["id"],
    )
    if slot is None:
        db.run("UPDATE record SET station = NULL, job = NULL WHERE id = :id", id=row["id"])


def _let_go(db: Db, s: bytes, person: str, theirs: list[bytes]) -> None:
    """A person's slots in a series name nobody once no record of theirs is left in it."""
    if _left(db, s, person):
        return
    slots.let_go(db, s, person)
    for u in theirs:
        db.run(
            f"UPDATE record SET station = NULL, job = NULL WHERE {_OF_SERIES}"
            " AND erased_ms IS NOT NULL AND slot_u = :u",
            s=s,
            u=u,
        )


def _is_named(db: Db, row: Row) -> bool:
    """Whether a slot would tell who declared "not today": its person has other records there."""
    return row["result"] == "cannot" and _left(db, bytes(row["s"]), row["person"]) > 1


def _left(db: Db, s: bytes, person: str | None) -> int:
    """How many records name somebody in a series."""
    return int(
        db.value(
            f"SELECT COUNT(*) FROM record WHERE {_OF_SERIES} AND person = :p AND kind <> 'hazard'",
            s=s,
            p=person,
        )
    )


def _loosen(db: Db, dev: str, seq: int) -> None:
    """Take erased records out of a personal phone's chain where nothing needs their place.

    It is needed by the record that follows, while that is there, and at the end of the chain of a
    phone that may still send.
    """
    db.run(
        "UPDATE record SET chain_dev = NULL, chain_seq = NULL WHERE chain_dev = :dev"
        " AND chain_seq <= :seq AND erased_ms IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM device WHERE device.id = :dev AND device.kind = 'personal'"
        "  AND (device.revoked_ms IS NOT NULL OR record.chain_seq <"
        "   (SELECT MAX(last.chain_seq) FROM record AS last WHERE last.chain_dev = :dev)))"
        " AND NOT EXISTS (SELECT 1 FROM record AS next WHERE next.chain_dev = :dev"
        "  AND next.chain_seq = record.chain_seq + 1 AND next.erased_ms IS NULL)",
        dev=dev,
        seq=seq,
    )
