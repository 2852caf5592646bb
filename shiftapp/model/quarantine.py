"""Records that are kept and answered but never read: other bytes under a known id, a form we do not
know. Each stands once; the same bytes again find what was written first.
"""

from __future__ import annotations

import json

from shiftapp.model import chain, counters
from shiftapp.model.judging import Arrival, Sealed
from shiftapp.store import Db, Row

LONGEST_KIND = 40


def keep(db: Db, sealed: Sealed, flag: str, arrival: Arrival) -> Row:
    """Keep a record, if its bytes are not kept already; gives `c`, `recv_ms`, `flags` as stored."""
    link = chain.link(sealed.text, sealed.body)
    made = db.run(
        "INSERT INTO quarantine (id, c, kind, body, salt, sig, flags, recv_ms, device, chain_dev,"
        " chain_seq, body_sha) VALUES (:id, :c, :kind, :body, :salt, :sig, :flags, :recv, :device,"
        " :chain_dev, :chain_seq, :body_sha)"
        " ON CONFLICT (id, c) DO NOTHING",
        id=sealed.id,
        c=sealed.c,
        kind=_storable(sealed.kind),
        body=sealed.text.encode(),
        salt=sealed.salt,
        sig=sealed.sig,
        flags=json.dumps([flag]),
        recv=arrival.recv_ms,
        device=arrival.device,
        chain_dev=link.dev,
        chain_seq=link.seq,
        body_sha=link.sha,
    )
    if made:
        counters.touch(db)
    row = db.row(
        "SELECT c, recv_ms, flags FROM quarantine WHERE id = :id AND c = :c",
        id=sealed.id,
        c=sealed.c,
    )
    assert row is not None  # inserted just now, or before
    return row


def _storable(kind: str) -> str:
    """A kind that is none of ours may be any text; U+0000 is refused by PostgreSQL."""
    return kind.encode("ascii", "replace").decode("ascii").replace("\0", "?")[:LONGEST_KIND]
