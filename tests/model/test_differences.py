"""What two announcements differ in: a sentence for each figure, in both languages."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from shiftapp.model import announcements, facilities
from shiftapp.model.announcement_changes import _FIGURES
from shiftapp.model.facilities import Facility
from shiftapp.model.work_figures import KINDS
from tests.announcing import at, draft
from tests.calm import NINE, make_calm
from tests.furnishing import enter
from tests.permits import register
from tests.plant import Plant

NOVEMBER = at("09:05", "2026-12-01")


@pytest.fixture
def doc(good_day: Plant) -> dict[str, Any]:
    """The document of the calm day."""
    return draft(make_calm(good_day), NINE).content


def put(doc: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    """A copy with one figure changed."""
    changed = copy.deepcopy(doc)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def test_the_same_twice_differs_in_nothing(doc: dict[str, Any]) -> None:
    assert announcements.differences(doc, copy.deepcopy(doc)) == []


def test_every_figure_that_changes_is_told(doc: dict[str, Any]) -> None:
    paths = [path for path, _, _ in _FIGURES if path[-1] not in ("found", "accepted")]
    for path in (*paths, *(("works", key) for key in KINDS)):
        told = announcements.differences(doc, put(doc, path, 77))
        assert len(told) == 1, path
        assert "改为 77。" in told[0]["zh"] and "is now 77." in told[0]["en"]
        assert not re.search(r"[\u4e00-\u9fff，。]", told[0]["en"])


@pytest.mark.parametrize("block", ["total", "plant", "works"])
def test_what_one_of_them_has_not_is_a_dash(doc: dict[str, Any], block: str) -> None:
    told = announcements.differences({**doc, block: None}, doc)
    assert told and all(" – 改为 " in one["zh"] for one in told)
    back = announcements.differences(doc, {**doc, block: None})
    assert all(one["en"].endswith("is now –.") for one in back)
    assert announcements.differences({**doc, block: None}, {**doc, block: None}) == []


def test_the_levels_are_told_by_their_names(doc: dict[str, Any]) -> None:
    before = copy.deepcopy(doc)
    before["levels"][0] |= {"signed": 0}
    assert announcements.differences(before, doc) == [
        {"zh": "车间签字 0/1 改为 1/1。", "en": "Workshop signed: 0/1 is now 1/1."}
    ]
    assert announcements.differences({**doc, "levels": []}, doc)[0]["zh"] == (
        "车间签字 – 改为 1/1。"
    )


def test_other_words_are_told_once(doc: dict[str, Any]) -> None:
    changed = put(doc, ("text", "zh"), "别的话")
    assert announcements.differences(doc, changed) == [
        {"zh": "承诺的话改了。", "en": "The words have changed."}
    ]


def test_a_day_beside_the_day_before(good_day: Plant) -> None:
    before = draft(make_calm(good_day), NINE).content
    register(good_day, "DH-7", level="2", starts_ms=at("09:30"), ends_ms=at("11:00"))
    enter(good_day, "U2", "stopped", at("09:10"))
    told = announcements.differences(before, draft(good_day, at("09:20")).content)
    assert [one["zh"] for one in told] == [
        "运行装置 2 改为 1。",
        "停产装置 0 改为 1。",
        "危险作业合计 2 改为 3。",
        "二级动火 0 改为 1。",
    ]
    assert told[0]["en"] == "Units running: 2 is now 1."


def test_a_period_tells_what_was_found_and_accepted(good_day: Plant) -> None:
    doc = draft(good_day, NOVEMBER, "2026-11-30", "monthly").content
    told = announcements.differences(doc, put(doc, ("hazards", "found"), 9))
    assert told == [{"zh": "发现的隐患 0 改为 9。", "en": "Hazards found: 0 is now 9."}]


def test_a_facility_added_since_is_a_difference(good_day: Plant) -> None:
    before = draft(make_calm(good_day), NINE).content
    with good_day.store.tx() as db:
        facilities.save(db, Facility("U3", "YC", "unit", "新装置", "New unit"))
    enter(good_day, "U3", "running", at("08:00"))
    told = [one["en"] for one in announcements.differences(before, draft(good_day, NINE).content)]
    assert "Process units: 2 is now 3." in told
