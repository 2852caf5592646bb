"""Public entries of the log and their hashes (formats.md "Bytes" §1 and §6).

An entry is canonical JSON of at most 4,096 bytes with `"v":1` and a kind `"k"`; its leaf hash is
that of RFC 6962. Slots are sorted by their raw bytes, not by their text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from shiftapp.ledger.encoding import b64u, canonical

MAX_ENTRY_BYTES = 4096


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256 over 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def tree_hash(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1: the Merkle tree hash of a list of leaf values."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = tree_hash(leaves[:split]), tree_hash(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def roster_hash(slots: Iterable[bytes]) -> bytes:
    """The tree over the slots sorted by their 16 raw bytes."""
    return tree_hash(sorted(slots))


def open_entry(
    *,
    s: bytes,
    date: str,
    grace_s: int,
    group: str,
    shift: str,
    site: str,
    t0: int,
    t1: int,
    slots: list[bytes],
) -> bytes:
    """The entry of a window that opens: `t0` due and `t1` closed, Unix s; names ≤ 40 signs."""
    return _entry(
        {
            "date": date,
            "grace": grace_s,
            "group": group,
            "k": "open",
            "n": len(slots),
            "roster": b64u(roster_hash(slots)),
            "s": b64u(s),
            "shift": shift,
            "site": site,
            "t0": t0,
            "t1": t1,
            "v": 1,
        }
    )


def rec_entry(*, c: bytes, s: bytes, slot: bytes, kind: str, offline: bool = False) -> bytes:
    """The entry of a commitment or a run (`kind` `commit` or `run`) of a slot."""
    if kind not in ("commit", "run"):
        raise ValueError(f"no public entry for a {kind}")
    entry: dict[str, object] = {
        "c": b64u(c),
        "k": "rec",
        "s": b64u(s),
        "u": b64u(slot),
        "v": 1,
        "w": kind,
    }
    return _entry({**entry, "o": 1} if offline else entry)


def chg_entry(*, s: bytes, add: Iterable[bytes], delete: Iterable[bytes]) -> bytes:
    """The entry of a change of the slot list after `open`."""
    added, deleted = ([b64u(slot) for slot in sorted(slots)] for slots in (add, delete))
    return _entry({"add": added, "del": deleted, "k": "chg", "s": b64u(s), "v": 1})


def _entry(value: dict[str, object]) -> bytes:
    data = canonical(value)
    if len(data) > MAX_ENTRY_BYTES:
        raise ValueError("an entry has at most 4,096 bytes")
    return data
