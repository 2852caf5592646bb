"""Thresholds of signals on the page of a site: limits, the default beside each, the audit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import places
from shiftapp.model.people import Role
from shiftapp.model.signal_rules import LIMITS, Thresholds
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import Plant

Open = Callable[..., Page]
PATH = "/manage/sites/YC"


def kept(plant: Plant) -> str:
    text: str = plant.store.value("SELECT signals FROM site WHERE code = 'YC'")
    return text


def test_each_field_says_its_default_and_its_limits(page: Open) -> None:
    html = page("manager").get(PATH)
    for key, (low, high) in LIMITS.items():
        usual = getattr(Thresholds(), key)
        assert html.one("input", name=key).attrs["value"] == str(usual)
        help_text = html.one("span", id=f"help-{key}").text
        assert f"默认 {usual}，{low} 到 {high}" in help_text
    assert "/signals" in html.links


def test_only_what_differs_is_kept_and_the_audit_says_which(page: Open, plant: Plant) -> None:
    change(page("manager"), PATH, rhythm_ms="90")
    assert kept(plant) == '{"rhythm_ms": 90}'
    line = audited(plant)[-1]
    assert (line["what"], line["about"], line["detail"]) == ("site.save", "site:YC", "rhythm_ms")
    assert line["person"] == plant.id("manager")
    assert page("manager").get(PATH).one("input", name="rhythm_ms").attrs["value"] == "90"
    assert "0.09 秒" in page(None).get("/signals").text


@pytest.mark.parametrize("typed", ["", "180"])
def test_emptied_or_typed_again_it_is_the_default(page: Open, plant: Plant, typed: str) -> None:
    change(page("manager"), PATH, rhythm_ms="90")
    change(page("manager"), PATH, rhythm_ms=typed)
    assert kept(plant) == "{}"


@pytest.mark.parametrize("key", LIMITS)
def test_out_of_its_limits_is_refused_with_what_was_typed(
    page: Open, plant: Plant, key: str
) -> None:
    low, high = LIMITS[key]
    for typed in (str(low - 1), str(high + 1)):
        html = change(page("manager"), PATH, 422, **{key: typed})
        assert faulty(html)[key] == f"写 {low} 到 {high} 的整数。"
        assert html.one("input", name=key).attrs["value"] == typed
    for typed in ("9.5", "fast", "1e3"):
        assert key in faulty(change(page("manager"), PATH, 422, **{key: typed}))
    assert kept(plant) == "{}" and audited(plant) == []


def test_the_limits_themselves_are_taken(page: Open, plant: Plant) -> None:
    for at in (0, 1):
        change(page("manager"), PATH, **{key: str(ends[at]) for key, ends in LIMITS.items()})
    assert kept(plant).count(":") == len(LIMITS)


def test_a_new_site_has_the_defaults(page: Open, plant: Plant) -> None:
    page("manager").post("/manage/new/site", {"code": "EC", "name": "二厂", "zone": "Asia/Urumqi"})
    assert plant.store.value("SELECT signals FROM site WHERE code = 'EC'") == "{}"


def test_another_change_and_a_workbook_leave_them_as_they_are(page: Open, plant: Plant) -> None:
    change(page("manager"), PATH, burst_s="25")
    change(page("manager"), PATH, name="总厂")
    with plant.store.tx() as db:  # as an import writes it
        places.save_site(db, places.Site("YC", "一厂"))
    assert kept(plant) == '{"burst_s": 25}'


def test_who_may_only_look_changes_nothing(page: Open, plant: Plant) -> None:
    scoped(plant, "inspector", Role("inspector"))
    html = page("inspector").get(PATH)
    assert html.all("input", name="rhythm_ms") == [] and "180" in html.text
    page("inspector").post(PATH, {"name": "一厂", "rhythm_ms": "0"}, status=403)
    assert kept(plant) == "{}"
