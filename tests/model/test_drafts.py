"""Drafts of texts: kept as typed, one a text, never overwritten unseen."""

from __future__ import annotations

import pytest

from shiftapp.model import drafts
from shiftapp.problems import Problem
from tests.plant import NOW_MS, Plant

ABOUT = "checklist:J02"
TYPED = {"title": "巡检\x00", "rows": [{"call": "不漏"}]}


def save(plant: Plant, typed: drafts.Typed, seen: str, part: str = "manager") -> str:
    with plant.store.tx() as db:
        drafts.save(db, ABOUT, typed, seen, plant.id(part), NOW_MS)
        found = drafts.draft(db, ABOUT)
        assert found is not None
        return str(found["mark"])


def test_a_draft_is_kept_as_typed_until_it_is_thrown_away(plant: Plant) -> None:
    mark = save(plant, TYPED, "")
    found = drafts.draft(plant.store, ABOUT)
    assert found is not None
    assert (found["typed"], found["name"], found["at_ms"]) == (TYPED, "孙八", NOW_MS)
    assert save(plant, {"title": "2"}, mark) != mark
    with plant.store.tx() as db:
        drafts.drop(db, ABOUT, save_mark(db))
    assert drafts.draft(plant.store, ABOUT) is None


def save_mark(db: object) -> str:
    found = drafts.draft(db, ABOUT)  # type: ignore[arg-type]
    return str(found["mark"]) if found else ""


def test_a_colleagues_draft_is_not_overwritten_unseen(plant: Plant) -> None:
    mark = save(plant, TYPED, "")
    other = save(plant, {"title": "别人的"}, mark, "admin")
    for seen in ("", mark):
        with pytest.raises(Problem, match="draft_changed.*郑一"):
            save(plant, TYPED, seen)
    assert save(plant, TYPED, other)
