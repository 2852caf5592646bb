"""What a manager is still writing: a checklist or commitment text as typed, right or wrong.

One draft a text. It is nobody's property, so that a colleague can go on; `mark` tells whether it is
still the one that somebody saw.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Typed = dict[str, Any]  # JSON of what was typed


def draft(db: Db, about: str) -> Row | None:
    """The draft as `{typed, mark, person, name, name_en, at_ms}`; None: nobody is writing.

    `about` is 'checklist:J02' or 'commitment'.
    """
    row = db.row(
        "SELECT draft.doc, draft.person, draft.at_ms, person.name, person.name_en FROM draft"
        " JOIN person ON person.id = draft.person WHERE draft.about = :about",
        about=about,
    )
    if row is None:
        return None
    text = row.pop("doc")
    return {**row, "typed": json.loads(text), "mark": _mark(text)}


def save(db: Db, about: str, typed: Typed, seen: str, person: str, now_ms: int) -> None:
    """Keep what was typed. `seen` is the mark of the draft it was typed into, '' for none.

    :raises Problem: 409 `draft_changed`: somebody else wrote meanwhile.
    """
    _check_seen(db, about, seen)
    db.run(
        "INSERT INTO draft (about, doc, person, at_ms) VALUES (:about, :doc, :person, :now)"
        " ON CONFLICT (about) DO UPDATE SET doc = excluded.doc, person = excluded.person,"
        " at_ms = excluded.at_ms",
        about=about,
        doc=json.dumps(typed, ensure_ascii=False, sort_keys=True),
        person=person,
        now=now_ms,
    )


def drop(db: Db, about: str, seen: str) -> None:
    """Throw a draft away: it was published, or nobody wants it.

    :raises Problem: 409 `draft_changed`.
    """
    _check_seen(db, about, seen)
    db.run("DELETE FROM draft WHERE about = :about", about=about)


def _check_seen(db: Db, about: str, seen: str) -> None:
    there = draft(db, about)
    if there is not None and there["mark"] != seen:
        raise Problem(
            409,
            "draft_changed",
            "%(name)s 刚改过这份草稿，你的还没存。再按一次，就用你的。",
            params={"name": there["name"]},
        )


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
