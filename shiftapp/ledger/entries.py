"""The public entries: tiny canonical JSON that names nobody; a closed list of kinds.

An outsider counts slots; a slot is a random number that the private database alone gives a person
(ledger brief §2.3, formats.md "Bytes" §6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from shiftapp.ledger import tree
from shiftapp.ledger.encoding import b64u, canonical

MAX_ENTRY_BYTES = 4096
MAX_NAME = 40
MIN_SLOTS = 5  # design.md §4 Public: the smallest group that is ever published

MAX_PARTS = 30  # of an `ann` entry; more stand in a list of their own

WHAT = ("commit", "run")
WHY_AMENDED = ("withdrawn", "mistake", "erased")
ROLES = ("log", "receipt", "announcement", "device")  # of a key

Why = Literal["withdrawn", "mistake", "erased"]
Role = Literal["log", "receipt", "announcement", "device"]


class Part(NamedTuple):
    """What an announcement says of a series, and which trees show it."""

    s: bytes
    open: int  # index of its `open` entry
    cut: int  # size of the tree that holds what was there when the shift started
    n: int
    on: int
    off: int
    late: int


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


def amend_entry(*, of: int, why: Why, s: bytes, slot: bytes) -> bytes:
    """What became of a `rec` entry (its index): taken back, a mistake, or its body erased."""
    if why not in WHY_AMENDED or of < 0:
        raise ValueError("an index, and one of the reasons")
    entry = {"k": "amend", "of": of, "r": why, "s": _id(s), "u": _id(slot), "v": 1}
    return _entry(entry)


def key_entry(*, role: Role, vk: str, from_s: int) -> bytes:
    """A key of the install from an instant on, Unix seconds.

    `vk` is the vkey; of a device's key its SHA-256 as base64url.
    """
    if role not in ROLES or not vk.isascii():
        raise ValueError("a known role, and a key in plain letters")
    return _entry({"from": from_s, "k": "key", "role": role, "v": 1, "vk": vk})


def ann_entry(*, doc: bytes, b: int, parts: Sequence[Part], sup: bytes | None) -> bytes:
    """An announcement: its document's hash, and for each series what it says and by which trees.

    `b` is the size of the tree it was counted from. `a`, the cut, is said once for all parts that
    started last; an earlier shift of the day names its own. `sup` is the hash of the document that
    it supersedes. More than 30 parts: `of` is the tree hash over them (`parts_hash`), and the list
    is published beside the document.
    """
    a = max((part.cut for part in parts), default=b)
    listed = part_list(parts)
    of: object = listed if len(parts) <= MAX_PARTS else b64u(parts_hash(listed))
    return _entry(
        {
            "a": a,
            "b": b,
            "doc": _hash(doc),
            "k": "ann",
            "of": of,
            "sup": None if sup is None else _hash(sup),
            "v": 1,
        }
    )


def part_list(parts: Sequence[Part]) -> list[dict[str, object]]:
    """The parts as they are published: `a` only where it is another than the newest cut."""
    a = max((part.cut for part in parts), default=0)
    return [
        {
            "late": part.late,
            "n": part.n,
            "off": part.off,
            "on": part.on,
            "open": part.open,
            "s": _id(part.s),
            **({} if part.cut == a else {"a": part.cut}),
        }
        for part in parts
    ]


def parts_hash(listed: Iterable[dict[str, object]]) -> bytes:
    """The RFC 6962 tree hash with each part's canonical bytes as a leaf, in their order."""
    return tree.of_leaves([tree.leaf_hash(canonical(part)) for part in listed])


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


def _hash(raw: bytes) -> str:
    if len(raw) != 32:
        raise ValueError("a hash has 32 bytes")
    return b64u(raw)


def _entry(fields: dict[str, object]) -> bytes:
    data = canonical(fields)
    if len(data) > MAX_ENTRY_BYTES:
        raise ValueError(f"an entry has at most {MAX_ENTRY_BYTES} bytes")
    return data
