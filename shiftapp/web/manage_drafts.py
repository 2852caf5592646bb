"""What the pages of versioned texts share: drafts that are kept, versions that stay, sentences.

A text is named in the audit log as the model names its draft: 'checklist:J02', 'commitment'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from shiftapp.exchange.drafting import Said
from shiftapp.model import audit, drafts, people
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store


def keep(db: Db, about: str, typed: drafts.Typed) -> None:
    """Keep what was typed; that somebody began a draft is noted.

    :raises Problem: 409 `draft_changed`.
    """
    me, seen = auth.account().id, request.form.get("seen", "")
    if drafts.draft(db, about) is None:
        audit.note(db, now_ms(), me, "draft.begin", about)
    drafts.save(db, about, typed, seen, me, now_ms())


def throw_away(db: Db, about: str) -> None:
    """Nobody wants the draft.

    :raises Problem: 409 `draft_changed`.
    """
    drafts.drop(db, about, request.form.get("seen", ""))
    audit.note(db, now_ms(), auth.account().id, "draft.discard", about)


def published(db: Db, about: str, no: int) -> None:
    """The draft is a version now: it goes, and who published is noted."""
    there = drafts.draft(db, about)
    drafts.drop(db, about, there["mark"] if there else "")
    audit.note(db, now_ms(), auth.account().id, "version.publish", about, str(no))


def must_be_newest(newest: Row | None, base: int) -> None:
    """Nobody has published since the draft was begun.

    :raises Problem: 409 `newer_version`.
    """
    if newest is not None and newest["no"] != base:
        raise Problem(
            409,
            "newer_version",
            "第 %(no)s 版刚由别人发布。先看一眼再发布：再按一次，就发布你的。",
            params={"no": newest["no"]},
        )


def not_yet(faults: Sequence[Said]) -> Problem:
    """The refusal of a text with faults, which stand where they belong."""
    return Problem(422, "not_yet", "还有 %(n)s 处要改，标在它们的地方。", params={"n": len(faults)})


def number(name: str) -> int:
    """A small whole number of the form or address; 0 for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def version_list(rows: Sequence[Row]) -> list[Row]:
    """Versions with the row of the person who published each; None: import or library."""
    names = {by: people.person(store(), by) for by in {row["published_by"] for row in rows}}
    return [{**row, "person": names[row["published_by"]]} for row in rows]


def by_row(said: Sequence[Said]) -> dict[int, list[dict[str, Any]]]:
    """Sentences by row, −1: of the whole; `text` and `text_en` for the filter `named`."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in said:
        row = -1 if one.row is None else one.row
        found.setdefault(row, []).append({"key": one.key, "text": one.zh, "text_en": one.en})
    return found
