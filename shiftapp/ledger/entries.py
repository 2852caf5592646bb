"""The public entries `open`, `rec` and `chg`: tiny canonical JSON that names nobody.

An outsider counts slots; a slot is a random number that the private database alone gives a person
(ledger brief §2.3, formats.md "Bytes" §6).
"""

from __future__ import annotations

from collections.abc import Iterable

from shiftapp.ledger import tree
from shiftapp.ledger.encoding import b64u, canonical

MAX_ENTRY_BYTES = 4096
MAX_NAME = 40

WHAT = ("commit", "run")


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
    slots: Iterable[bytes],
) -> bytes:
    """The roster of a series, fixed when its window opens: its size, and a hash over the slots.

    `t0` = due and `t1` = closed, Unix seconds. Names longer than 40 characters are cut.
    """
    fixed = _sorted(slots)
    return _entry(
        {
            "date": date,
            "grace": grace_s,
            "group": group[:MAX_NAME],
            "k": "open",
            "n": len(fixed),
            "roster": b64u(roster_hash(fixed)),
            "s": _id(s),
            "shift": shift[:MAX_NAME],
            "site": site[:MAX_NAME],
            "t0": t0,
            "t1": t1,
            "v": 1,
        }
    )


def rec_entry(*, c: bytes, s: bytes, slot: bytes, kind: str, offline: bool) -> bytes:
    """That a slot of a series has a record: `kind` is `commit` or `run`, never what it found."""
    if kind not in WHAT or len(c) != 32:
        raise ValueError("a commit or a run, with its 32 bytes of commitment")
    entry: dict[str, object] = {"c": b64u(c), "k": "rec", "s": _id(s), "u": _id(slot), "v": 1}
    return _entry({**entry, "w": kind, **({"o": 1} if offline else {})})


def chg_entry(*, s: bytes, add: Iterable[bytes], delete: Iterable[bytes]) -> bytes:
    """A change of the slots after `open`.

    :raises ValueError: more than 4,096 bytes; some 160 slots fit, more go into several entries.
    """
    added = [_id(u) for u in _sorted(add)]
    gone = [_id(u) for u in _sorted(delete)]
    return _entry({"add": added, "del": gone, "k": "chg", "s": _id(s), "v": 1})


def roster_hash(slots: Iterable[bytes]) -> bytes:
    """The RFC 6962 tree hash with the sorted raw slots as leaves."""
    return tree.of_leaves([tree.leaf_hash(u) for u in _sorted(slots)])


def _sorted(slots: Iterable[bytes]) -> list[bytes]:
    """By their raw bytes: the text of base64url sorts otherwise."""
    return sorted(bytes(u) for u in slots)


def _id(raw: bytes) -> str:
    if len(raw) != 16:
        raise ValueError("a slot and a series have 16 bytes")
    return b64u(raw)


def _entry(fields: dict[str, object]) -> bytes:
    data = canonical(fields)
    if len(data) > MAX_ENTRY_BYTES:
        raise ValueError(f"an entry has at most {MAX_ENTRY_BYTES} bytes")
    return data
