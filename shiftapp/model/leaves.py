"""The `rec` entries of records: written when a record counts, or when its person is added later.

Only for a commitment made and a run done, by somebody with a slot in an open series; what it found
is never public (formats.md §6).
"""

from __future__ import annotations

from typing import NamedTuple

from shiftapp.ledger import entries, log, tree
from shiftapp.model import slots, states
from shiftapp.store import Db, Row

PUBLIC_RESULTS = ("committed", "done")


class Leaf(NamedTuple):
    """A `rec` entry: its place in the table, its leaf hash and the slot it speaks of."""

    seq: int
    leaf: bytes
    slot: bytes


def write_rec(
    db: Db, s: bytes, person: str, *, kind: str, c: bytes, offline: bool, now_ms: int
) -> Leaf | None:
    """The public entry of a record that counts; None where the series is not public."""
    slot = slots.public_slot(db, s, person)
    if slot is None:
        return None
    data = entries.rec_entry(c=c, s=s, slot=slot, kind=kind, offline=offline)
    return Leaf(log.append(db, "rec", s, data, now_ms), tree.leaf_hash(data), slot)


def enter_waiting(db: Db, instance: int, person: str, now_ms: int) -> int:
    """Write the entries of what a person recorded without the slot they have now; gives how many.

    That is what came before they were on the roster, and what stands under an earlier slot of
    somebody who was taken off it and came back. The receipts they got stay as they were.
    """
    slot = slots.public_slot(db, slots.series_of(db, instance), person)
    if slot is None:
        return 0
    waiting = db.rows(
        "SELECT record.seq, record.kind, record.c, record.result, record.recv_ms,"
        " record.sealed_ms, record.lower_ms, record.estimate_ms, record.estimate_ok,"
        " instance.s, instance.opens_ms, instance.starts_ms, instance.closed_ms"
        " FROM record JOIN instance ON instance.id = record.instance"
        " WHERE record.instance = :i AND record.person = :p AND record.counts = 1"
        " AND (record.slot_u IS NULL OR record.slot_u <> :u)"
        " AND record.result IN ('committed', 'done')"
        " ORDER BY record.seq",
        i=instance,
        p=person,
        u=slot,
    )
    return sum(_enter(db, row, person, now_ms) for row in waiting)


def timed(record: Row) -> states.Timed:
    """The times of a row of the table `record`."""
    return states.Timed(
        recv_ms=record["recv_ms"],
        claim_ms=record["sealed_ms"],
        lower_ms=record["lower_ms"],
        estimate_ms=record["estimate_ms"],
        estimate_verified=bool(record["estimate_ok"]),
    )


def _enter(db: Db, row: Row, person: str, now_ms: int) -> int:
    window, when = states.window_of(row), timed(row)
    leaf = write_rec(
        db,
        bytes(row["s"]),
        person,
        kind=row["kind"],
        c=bytes(row["c"]),
        offline=states.offline_at_acceptance(window, row["result"], when),
        now_ms=now_ms,
    )
    return 0 if leaf is None else _link(db, row["seq"], leaf)


def _link(db: Db, record_seq: int, leaf: Leaf) -> int:
    return db.run(
        "UPDATE record SET entry_seq = :e, slot_u = :u WHERE seq = :seq",
        e=leaf.seq,
        u=leaf.slot,
        seq=record_seq,
    )
