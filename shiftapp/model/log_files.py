"""The files of the public log, as C2SP tlog-tiles names them, read from the database by their path.

What is in a file is decided by the newest published checkpoint: nothing of the tree beyond it is
given to anybody, because a tree that only we have signed may still be lost. A file is what the
database has, also where somebody altered it: that is for the reader to find out. Every path is one
look-up by key, so the log may grow.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import NamedTuple

from shiftapp.ledger import encoding, entries, log, tree
from shiftapp.ledger.checkpoint import SIZE
from shiftapp.store import Db

TEXT = "text/plain; charset=utf-8"
BINARY = "application/octet-stream"
JSON = "application/json"

_TILE = re.compile(r"tile/(0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_BUNDLE = re.compile(r"tile/entries/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_NAMED = re.compile(
    r"(checkpoint|covering|roster|announcement|policy)/([A-Za-z0-9_-]{1,22})(/parts)?"
)


class File(NamedTuple):
    """A file of the log; `for_ever`: it never changes under its path."""

    data: bytes
    content_type: str
    for_ever: bool


def read(db: Db, path: str) -> File | None:
    """The file at a path behind the log's prefix; None: there is none (yet)."""
    if path == "checkpoint":
        found = log.newest(db)
        return None if found is None else _text(found["signed"])
    if path == "policy":
        policy = log.policy(db)
        return _text(policy) if policy else None
    if path.startswith("tile/"):
        return _read_tile(db, path)
    return _read_named(db, path)


def published_size(db: Db) -> int:
    """The size of the newest tree that left the house; 0 before the first."""
    return int(db.value("SELECT MAX(size) FROM checkpoint") or 0)


def _read_tile(db: Db, path: str) -> File | None:
    if match := _BUNDLE.fullmatch(path):
        number, width = _place(match[1], match[2])
        if path != tree.bundle_path(number, width) or not _is_there(db, 0, number, width):
            return None
        return _bundle(db, number, width)
    if match := _TILE.fullmatch(path):
        level, (number, width) = int(match[1]), _place(match[2], match[3])
        if path != tree.tile_path(level, number, width) or not _is_there(db, level, number, width):
            return None
        hashes = log.tile(db, level, number)[: width * tree.HASH_BYTES]
        return File(hashes, BINARY, True) if len(hashes) == width * tree.HASH_BYTES else None
    return None


def _place(groups: str, width: str | None) -> tuple[int, int]:
    """Number and width of a tile, from its path; a width that is no partial one gives 0."""
    number = int(groups.replace("/", "").replace("x", ""))
    if width is None:
        return number, tree.WIDTH
    return number, int(width) if int(width) < tree.WIDTH else 0


def _is_there(db: Db, level: int, number: int, width: int) -> bool:
    """Whether the newest published tree has so many hashes of a tile."""
    return 0 < width and number * tree.WIDTH + width <= published_size(db) >> tree.HEIGHT * level


def _bundle(db: Db, number: int, width: int) -> File | None:
    rows = db.rows(
        "SELECT data FROM entry WHERE idx >= :first AND idx < :end ORDER BY idx",
        first=number * tree.WIDTH,
        end=number * tree.WIDTH + width,
    )
    if len(rows) != width:
        return None
    found = [bytes(row["data"]) for row in rows]
    hashes = b"".join(tree.leaf_hash(one) for one in found)
    holds = log.tile(db, 0, number).startswith(hashes)
    return File(b"".join(len(one).to_bytes(2) + one for one in found), BINARY, holds)


def _read_named(db: Db, path: str) -> File | None:
    match = _NAMED.fullmatch(path)
    if match is None or (match[3] and match[1] != "announcement"):
        return None
    if match[1] == "roster":
        return _roster(db, match[2])
    if not SIZE.fullmatch(match[2]) or int(match[2]) >= 1 << 63:
        return None
    number = int(match[2])
    if match[1] == "announcement":
        return (_parts if match[3] else _document)(db, number)
    if match[1] == "policy":
        policy = log.policy_at(db, number) if number <= published_size(db) else None
        return _text(policy) if policy else None
    found = log.checkpoint(db, number) if match[1] == "checkpoint" else log.covering(db, number)
    return None if found is None else _text(found["signed"])


def _roster(db: Db, text: str) -> File | None:
    try:
        s = encoding.b64u_decode(text, 16)
    except ValueError:
        return None
    found = db.row(
        "SELECT series.roster, entry.data FROM series JOIN entry ON entry.s = series.s"
        " WHERE series.s = :s AND entry.kind = 'open' AND entry.idx < :size"
        " AND series.roster IS NOT NULL ORDER BY entry.seq LIMIT 1",
        s=s,
        size=published_size(db),
    )
    if found is None:
        return None
    slots = bytes(found["roster"])
    return File(slots, BINARY, _field(found["data"], "roster") == _roster_hash(slots))


def _document(db: Db, index: int) -> File | None:
    return _published(db, index, "doc", lambda data: hashlib.sha256(data).digest())


def _parts(db: Db, index: int) -> File | None:
    """The parts of an announcement, where its entry has only the hash over them."""
    return _published(db, index, "parts", _parts_hash)


def _published(db: Db, index: int, column: str, digest: Callable[[bytes], bytes]) -> File | None:
    found = db.row(
        "SELECT announcement.doc, announcement.parts, entry.data FROM announcement"
        " JOIN entry ON entry.seq = announcement.entry_seq"
        " WHERE entry.idx = :index AND entry.idx < :size",
        index=index,
        size=published_size(db),
    )
    if found is None:
        return None
    said = _field(found["data"], "doc" if column == "doc" else "of")
    if not isinstance(said, str):
        return None  # its parts stand in the entry itself
    data = found[column].encode()
    return File(data, JSON, encoding.b64u(digest(data)) == said)


def _parts_hash(data: bytes) -> bytes:
    """The hash over listed parts; that of nothing for what is no list of them."""
    try:
        return entries.parts_hash(json.loads(data))
    except (ValueError, TypeError, RecursionError):
        return b""


def _roster_hash(slots: bytes) -> str:
    return encoding.b64u(
        entries.roster_hash(slots[at : at + 16] for at in range(0, len(slots), 16))
    )


def _field(data: bytes, name: str) -> object:
    """A field of an entry; None where it has none."""
    try:
        found = encoding.read_object(bytes(data).decode())
    except ValueError:
        return None
    return found.get(name)


def _text(text: str) -> File:
    return File(text.encode(), TEXT, False)
