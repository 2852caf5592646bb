"""The flags of a record as they stand now: what came late takes away what its absence said.

Stored and told to the phone are those of the first acceptance (formats.md §5). Who reads a record
later reads no `blob_missing` once its last file is here, and no `chain_gap` once the record before
it is: a phone sends what was refused after the rest, which is no fault of anybody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from shiftapp.model import blobs, chain
from shiftapp.store import Db

_CHAINED = (
    " FROM (SELECT id, chain_dev, chain_seq, body_sha FROM record"
    " UNION ALL SELECT id, chain_dev, chain_seq, body_sha FROM quarantine) AS link"
    " WHERE chain_dev = :dev AND chain_seq = :seq"
)


def flags_now(db: Db, record: str, flags: Sequence[str]) -> list[str]:
    """`flags` without those that no longer hold."""
    gone = set()
    if "blob_missing" in flags and not blobs.missing(db, record):
        gone.add("blob_missing")
    if "chain_gap" in flags and not _is_gap(db, record):
        gone.add("chain_gap")
    return [flag for flag in flags if flag not in gone]


def _is_gap(db: Db, record: str) -> bool:
    """Whether a record still does not continue its chain; one whose body was erased stays so."""
    raw = db.value("SELECT body FROM record WHERE id = :id", id=record)
    if raw is None:
        return True
    body = json.loads(bytes(raw))
    seq_before, prev = chain.before(body)
    taken = db.value(
        f"SELECT 1{_CHAINED} AND id <> :id", id=record, dev=body["dev"], seq=body["seq"]
    )
    continued = prev is not None and db.value(
        f"SELECT 1{_CHAINED} AND body_sha = :sha", dev=body["dev"], seq=seq_before, sha=prev
    )
    return chain.is_gap(body, taken=taken is not None, continued=bool(continued))
