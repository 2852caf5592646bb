"""The ladder at the desk: levels are named, units made, crews moved, signers named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import units
from shiftapp.model.people import Role
from tests.climbing import TOP, WORKSHOP, placed
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import Plant

PageOf = Callable[..., Page]
LEVELS = "/manage/ladder/levels"


def test_the_page_shows_units_crews_and_who_signs(page: PageOf, plant: Plant) -> None:
    text = page("manager").get("/manage/ladder").text
    assert "3 个班组还没有上级" in text
    html = page("manager").post("/manage/ladder/place")
    assert "车间 生产一部 一厂" in html.text and "周九" in html.text and "孙八" in html.text
    assert "还没有上级" not in html.text


def test_levels_are_named_up_to_five(page: PageOf, plant: Plant) -> None:
    placed(plant)
    fields = {"name__2": "工段", "name__3": "车间", "name__4": "厂级", "name_en__4": "Plant"}
    html = change(page("manager"), "/manage/ladder", action=LEVELS, **fields)
    assert "存好了" in html.text
    assert [row["name"] for row in units.levels(plant.store)] == ["班组", "工段", "车间", "厂级"]
    assert audited(plant)[-1]["what"] == "ladder.save"


def test_a_level_in_use_is_not_taken_away_and_what_was_typed_stays(
    page: PageOf, plant: Plant
) -> None:
    placed(plant)
    fields = {"name__1": "班", "name__2": "全厂", "name__3": "", "name_en__3": ""}
    html = change(page("manager"), "/manage/ladder", 409, action=LEVELS, **fields)
    assert "生产一部 还在要去掉的那一级上" in html.text
    assert html.one("input", id="name.2").attrs["value"] == "全厂"
    assert len(units.levels(plant.store)) == 3


def test_a_level_without_a_name_between_others_is_refused(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), "/manage/ladder", 422, action=LEVELS, name__2="")
    assert "每一级要有名称" in html.text


def test_a_unit_is_made_with_its_crews_and_signers(page: PageOf, plant: Plant) -> None:
    placed(plant)
    browser = page("manager")
    typed = {"code": "W2", "name": "二车间", "level": "2", "parent": TOP, "signers": "1010，2010"}
    change(browser, "/manage/new/unit", crews="YI", **typed)
    row = units.unit(plant.store, "W2")
    assert row is not None
    assert [one["name"] for one in units.signers(plant.store, row)] == ["王五", "赵六"]
    assert units.crews_below(plant.store)["W2"] == {"YI"}
    html = browser.get("/manage/units/W2")
    assert html.one("input", id="f-signers").attrs["value"] == "1010 2010"
    assert [line["what"] for line in audited(plant)] == ["unit.add"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"signers": "7777"}, {"signers": "没有工号 7777。"}),
        ({"name": ""}, {"name": "不能空。"}),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    page: PageOf, plant: Plant, typed: dict[str, str], said: dict[str, str]
) -> None:
    placed(plant)
    html = change(page("manager"), f"/manage/units/{WORKSHOP}", 422, **typed)
    assert set(faulty(html)) == set(said)


@pytest.mark.parametrize(
    "typed", [{"level": "9"}, {"parent": WORKSHOP}, {"level": "3"}, {"parent": ""}]
)
def test_a_place_without_sense_is_refused_with_a_sentence(
    page: PageOf, plant: Plant, typed: dict[str, str]
) -> None:
    placed(plant)
    html = change(page("manager"), f"/manage/units/{WORKSHOP}", 422, **typed)
    assert "级" in html.one("div", id="fault").text


def test_two_who_change_a_unit_at_once_see_each_other(page: PageOf, plant: Plant) -> None:
    placed(plant)
    path = f"/manage/units/{WORKSHOP}"
    first, second = page("manager"), page("admin")
    old = second.get(path).form(path)
    change(first, path, name="生产甲部")
    assert "别人刚改过" in second.post(path, {**old, "name": "生产乙部"}, 409).text


@pytest.mark.parametrize("part", ["leader", "signatory", "worker"])
def test_nobody_else_sees_or_changes_it(page: PageOf, plant: Plant, part: str) -> None:
    placed(plant)
    page(part).get("/manage/ladder", 403)
    page(part).post(LEVELS, {"name.1": "x"}, status=403)
    page(part).post(f"/manage/units/{WORKSHOP}", {}, status=403)


def test_a_manager_of_a_part_changes_nothing_of_the_whole(page: PageOf, plant: Plant) -> None:
    placed(plant)
    scoped(plant, "manager", Role("manager", "area", "A1"))
    page("manager").get("/manage/ladder", 403)
    page("manager").post(LEVELS, {"name.1": "x"}, status=403)
    html = page("inspector").get("/manage/ladder")
    assert "生产一部" in html.text and not html.all("form", action=LEVELS)
