"""The announcement as it follows from the figures: computed, never typed.

`derive` gives a draft: the document without name and time, and what stands open. What is published
is kept as it was signed (publishing.py); here it is read again. The document holds counts and plain
names of places, no person's but the signatory's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from shiftapp.ledger import encoding
from shiftapp.model import announcement_words, figures
from shiftapp.model.counts import Part
from shiftapp.model.figures import Figures
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Doc = dict[str, Any]  # JSON: strings, integers, booleans, null, arrays and objects


@dataclass(frozen=True)
class Draft:
    """A day's announcement as the records have it; `sha` (hex) names its content."""

    figures: Figures
    content: Doc
    sha: str


def derive(db: Db, settings: Settings, date: str, now_ms: int) -> Draft:
    """The draft of a day at an instant.

    :raises ValueError: not a date.
    """
    found = figures.gather(db, settings, date, now_ms)
    content = _content(settings, found)
    return Draft(found, content, hashlib.sha256(encoding.canonical(content)).hexdigest())


def current(db: Db) -> Row | None:
    """The newest version of the newest day, shaped as `announcement`."""
    return _read(db, "1 = 1 ORDER BY a.date DESC, a.version DESC LIMIT 1")


def announcement(db: Db, id: str) -> Row:
    """A published announcement: its row, `doc` parsed, `bytes` as signed, `newer` (id, version).

    :raises Problem: 404 `no_announcement`.
    """
    found = _read(db, "a.id = :id", id=id)
    if found is None:
        raise Problem(404, "no_announcement", "没有这份公告。对一下网址，或者看历次公告。")
    return found


def newest_of(db: Db, date: str) -> Row | None:
    """The newest version of a day, shaped as `announcement`."""
    return _read(db, "a.date = :date ORDER BY a.version DESC LIMIT 1", date=date)


def archive(db: Db, limit: int, before: str = "9999-12-31") -> list[Row]:
    """The newest version of each day before a date, newest first, `doc` parsed."""
    rows = db.rows(
        "SELECT a.* FROM announcement AS a WHERE a.kind = 'daily' AND a.date < :before"
        " AND NOT EXISTS (SELECT 1 FROM announcement AS b WHERE b.kind = a.kind"
        "  AND b.date = a.date AND b.version > a.version)"
        " ORDER BY a.date DESC, a.id LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [_parsed(row) for row in rows]


def versions(db: Db, limit: int, before: str = "9999-12-31") -> list[Row]:
    """Every version of the days before a date with who signed it, newest first."""
    rows = db.rows(
        "SELECT a.*, person.name AS signatory_name, person.name_en AS signatory_name_en"
        " FROM announcement AS a JOIN person ON person.id = a.published_by"
        " WHERE a.kind = 'daily' AND a.date < :before"
        " ORDER BY a.date DESC, a.version DESC, a.id LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [_parsed(row) for row in rows]


def _read(db: Db, where: str, **values: object) -> Row | None:
    row = db.row(f"SELECT a.* FROM announcement AS a WHERE a.kind = 'daily' AND {where}", **values)
    if row is None:
        return None
    newer = db.row(
        "SELECT id, version, published_ms FROM announcement WHERE kind = 'daily' AND date = :date"
        " AND version > :version ORDER BY version DESC LIMIT 1",
        date=row["date"],
        version=row["version"],
    )
    return {**_parsed(row), "newer": newer}


def _parsed(row: Row) -> Row:
    """The row with its document both as it was signed and as it reads."""
    return {**row, "bytes": row["doc"].encode(), "doc": json.loads(row["doc"])}


def _content(settings: Settings, found: Figures) -> Doc:
    published, hazards, when = found.published, found.hazards, found.times
    total, rest, named = published.total, published.rest, _named(found)
    return {
        "v": 1,
        "kind": "daily",
        "date": found.date,
        "zone": when.zone,
        "cutoff": settings.cutoff,
        "from_ms": when.from_ms,
        "to_ms": when.to_ms,
        "due_ms": when.due_ms,
        "valid_until_ms": when.valid_until_ms,
        "enterprise": {"name": settings.name, "name_en": settings.name_en},
        "demo": settings.demo,
        "text": _text(found, bool(named)),
        "named": named,
        "shifts": [_shift(part) for part in published.shown],
        "small": {
            "shifts": len(published.small),
            "counted": published.counted,
            "count": asdict(rest) if rest else None,
        },
        "total": asdict(total) if total else None,
        "hazards": {
            "general": len(hazards.general()),
            "major": len(hazards.major()),
            "veto_unanswered": len(hazards.veto_unanswered()),
            "unanswered": len(hazards.unanswered()),
        },
        "crews": {"signed": sum(crew.signed for crew in found.crews), "of": len(found.crews)},
    }


def _text(found: Figures, named: bool) -> dict[str, str]:
    people: announcement_words.People = "all"
    if found.published.left_out:
        people = "listed" if found.published.shown else "none"
    return announcement_words.text(shifts=bool(found.parts), people=people, named=named)


def _shift(part: Part) -> Doc:
    about = part.about
    names = ("site_name", "site_name_en", "group_name", "group_name_en")
    return {
        **{name: about[name] for name in names},
        "shift": about["name"],
        "shift_en": about["name_en"],
        "date": about["date"],
        "starts_ms": about["starts_ms"],
        "ends_ms": about["ends_ms"],
        "s": encoding.b64u(bytes(about["s"])) if part.in_log else None,
        **asdict(part.count),
    }


def _named(found: Figures) -> list[dict[str, object]]:
    """Everything open, worst first.

    People of shifts that are left out of the figures are not told of here: a word about fewer
    than five people is a figure of them. The sentence then speaks for the listed shifts only, and
    their crew's signature closes the button like any other.
    """
    published, hazards = found.published, found.hazards
    held = (*published.shown, *published.small) if published.counted else published.shown
    numbers = {
        "veto_unanswered": len(hazards.veto_unanswered()),
        "veto_open": len(hazards.veto_open()),
        "major": len(hazards.major()),
        "unanswered": len(hazards.unanswered()),
        "missing": sum(part.count.none for part in held if not _over(part, found.now_ms)),
        "missed": sum(part.count.none for part in held if _over(part, found.now_ms)),
        "unsigned": found.gap("unsigned"),
        "differs": found.gap("differs"),
    }
    return [announcement_words.sentence(code, n) for code, n in numbers.items() if n]


def _over(part: Part, now_ms: int) -> bool:
    return bool(part.about["closed_ms"] <= now_ms)
