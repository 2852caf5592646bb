"""Where a device's chain ends, for a phone that lost its own place in it.

A browser that clears its storage, or keeps none, still has its cookie: it goes on as the same
device, and must not begin its chain anew, which would be flagged as a gap for ever.
"""

from __future__ import annotations

from shiftapp.ledger import encoding
from shiftapp.store import Db


def chain_end(db: Db, dev: str) -> dict[str, int | str] | None:
    """`seq` and `sha` (b64u) of a device's last body that is here; None before its first."""
    found = [
        row
        for table in ("record", "quarantine")
        if (
            row := db.row(
                f"SELECT chain_seq, body_sha FROM {table} WHERE chain_dev = :dev"
                " ORDER BY chain_seq DESC LIMIT 1",
                dev=dev,
            )
        )
    ]
    if not found:
        return None
    last = max(found, key=lambda row: int(row["chain_seq"]))
    return {"seq": last["chain_seq"], "sha": encoding.b64u(bytes(last["body_sha"]))}
