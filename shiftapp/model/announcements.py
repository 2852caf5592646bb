"""The announcement as it follows from the figures: computed, never typed.

`derive` gives a draft: the document without name and time, and what stands open. What is published
is kept as it was signed (publishing.py); here it is read again. The document holds counts and plain
names of places, no person's but the signatory's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shiftapp.ledger import encoding
from shiftapp.model import announcement_note, figures
from shiftapp.model.announcement_changes import differences
from shiftapp.model.announcement_content import Doc, content
from shiftapp.model.figures import Figures
from shiftapp.model.periods import Kind
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

__all__ = [
    "Doc",
    "Draft",
    "announcement",
    "current",
    "derive",
    "differences",
    "newest_of",
    "versions",
]
LAST = "9999-12-31"


@dataclass(frozen=True)
class Draft:
    """An announcement as the records have it; `sha` (hex) names its content."""

    figures: Figures
    content: Doc
    sha: str


def derive(db: Db, settings: Settings, date: str, now_ms: int, kind: Kind = "daily") -> Draft:
    """The draft of a day, or of the period that ends on it, at an instant.

    :raises ValueError: not a date, or no period of that kind ends on it.
    """
    found = figures.gather(db, settings, date, now_ms, kind)
    doc = content(settings, found)
    return Draft(found, doc, hashlib.sha256(encoding.canonical(doc)).hexdigest())


def current(db: Db) -> Row | None:
    """The newest announcement: of the newest date that which was published last."""
    return _read(db, "1 = 1 ORDER BY a.date DESC, a.published_ms DESC, a.id LIMIT 1")


def announcement(db: Db, id: str) -> Row:
    """A published announcement: its row, `doc` parsed, `bytes` as signed, `newer` (id, version).

    `doc` is None where somebody altered what is stored: one bad row keeps nobody from signing.

    :raises Problem: 404 `no_announcement`.
    """
    found = _read(db, "a.id = :id", id=id)
    if found is None:
        raise Problem(404, "no_announcement", "没有这份公告。对一下网址，或者看历次公告。")
    return found


def newest_of(db: Db, date: str, kind: Kind = "daily") -> Row | None:
    """The newest version of a day, or of the period that ends on it; as `announcement`."""
    where = "a.kind = :kind AND a.date = :date ORDER BY a.version DESC LIMIT 1"
    return _read(db, where, kind=kind, date=date)


def versions(db: Db, limit: int, before: str = LAST) -> list[Row]:
    """Every version dated before a date with who signed it, newest first."""
    rows = db.rows(
        "SELECT a.*, person.name AS signatory_name, person.name_en AS signatory_name_en"
        " FROM announcement AS a JOIN person ON person.id = a.published_by"
        " WHERE a.date < :before"
        " ORDER BY a.date DESC, a.kind, a.version DESC, a.id LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [_parsed(row) for row in rows]


def _read(db: Db, where: str, **values: object) -> Row | None:
    row = db.row(f"SELECT a.* FROM announcement AS a WHERE {where}", **values)
    if row is None:
        return None
    newer = db.row(
        "SELECT id, version, published_ms FROM announcement WHERE kind = :kind AND date = :date"
        " AND version > :version ORDER BY version DESC LIMIT 1",
        kind=row["kind"],
        date=row["date"],
        version=row["version"],
    )
    return {**_parsed(row), "newer": newer}


def _parsed(row: Row) -> Row:
    """The row with its document both as it was signed and as it reads."""
    return {**row, "bytes": row["doc"].encode(), "doc": announcement_note.document(row)}
