"""What holds for every thing on the manager's pages: who may, bad input, lost updates, audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from shiftapp.model.people import Role
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import PUMPS, TANKS, Plant, client_of

PageOf = Callable[..., Page]
TOO_LONG = "长" * 300


class Thing(NamedTuple):
    """One kind of thing, as the tests change it."""

    word: str
    path: str
    new: dict[str, str]  # what a new one needs
    whole: bool  # holds for the whole plant: who manages an area may not


THINGS = [
    Thing("site", "/manage/sites/YC", {"code": "EC", "name": "二厂", "zone": "Asia/Urumqi"}, True),
    Thing("area", "/manage/areas/A1", {"code": "A3", "site": "YC", "name": "装卸区"}, True),
    Thing(
        "station",
        f"/manage/stations/{PUMPS}",
        {"label": "P-301", "name": "P-301 泵区", "area": "A1", "jobs": "J02"},
        False,
    ),
    Thing("job", "/manage/jobs/J02", {"code": "OWN1", "name": "自己的岗位"}, True),
    Thing("crew", "/manage/crews/JIA", {"code": "DING", "name": "丁班"}, True),
    Thing("group", "/manage/groups/G-JIA", {"code": "G9", "site": "YC", "name": "丁班"}, True),
    Thing("pattern", "/manage/patterns/P4", {"code": "OWN", "name": "白班", "cycle": "DR"}, True),
    Thing("person", "/manage/people/worker", {"no": "5001", "name": "新来的"}, True),
]
every_thing = pytest.mark.parametrize("thing", THINGS, ids=lambda one: one.word)


def path_of(thing: Thing, plant: Plant) -> str:
    return thing.path.replace("worker", plant.id("worker"))


def new_one(thing: Thing) -> dict[str, str]:
    more = {
        "crew": {"group": "G-JIA", "pattern": "P4"},
        "pattern": {
            "rows": "1",
            "code.0": "D",
            "name.0": "白班",
            "start.0": "8:00",
            "end.0": "16点",
        },
    }
    return {**thing.new, **more.get(thing.word, {})}


@pytest.fixture
def visit(standing_app: Flask, standing_plant: Plant) -> PageOf:
    """A browser of somebody in a plant that no test here changes."""
    return lambda part: Page(client_of(standing_app, standing_plant, part))


@every_thing
def test_a_manager_changes_it(page: PageOf, plant: Plant, thing: Thing) -> None:
    path = path_of(thing, plant)
    html = change(page("manager"), path, name="改过的名称", name_en="Changed")
    assert html.one("h1").text == "改过的名称" and "存好了" in html.text
    line = audited(plant)[-1]
    assert (line["what"], line["detail"]) == (f"{thing.word}.save", "name name_en")
    assert line["about"] == f"{thing.word}:{path.rpartition('/')[2]}"
    assert line["person"] == plant.id("manager")


@every_thing
def test_an_inspector_reads_it(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    path = path_of(thing, standing_plant)
    html = visit("inspector").get(path)
    assert "只能看" in html.text and not html.all("form", action=path)
    visit("inspector").post(path, {"name": "x"}, status=403)
    visit("inspector").get(f"/manage/new/{thing.word}", 403)
    assert audited(standing_plant) == []


@every_thing
def test_others_do_not(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    path = path_of(thing, standing_plant)
    for part in ("worker", "leader", "signatory", "outsider"):
        browser = visit(part)
        browser.get(path, 403)
        browser.post(path, {"name": "x"}, status=403)
        browser.get(f"/manage/new/{thing.word}", 403)
        browser.post(f"/manage/new/{thing.word}", new_one(thing), status=403)
    assert audited(standing_plant) == []


@every_thing
def test_a_stranger_signs_in_first(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    for url in (path_of(thing, standing_plant), f"/manage/new/{thing.word}"):
        assert "/login" in visit(None).client.get(url).headers["Location"]


@every_thing
def test_the_manager_of_another_area_does_not(page: PageOf, plant: Plant, thing: Thing) -> None:
    scoped(plant, "manager", Role("manager", "area", "A2"))
    browser, path = page("manager"), path_of(thing, plant)
    browser.get(path, 200 if thing.word in ("job", "pattern") else 403)
    browser.post(path, {"name": "x"}, status=403)
    refused = 403 if thing.whole and thing.word != "person" else 422
    browser.post(f"/manage/new/{thing.word}", new_one(thing), status=refused)
    assert audited(plant) == []


@every_thing
def test_there_is_none_and_wrong_method(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    base = path_of(thing, standing_plant).rpartition("/")[0]
    for key in ("nobody", "没有", "%2E%2E", "a b"):
        visit("admin").get(f"{base}/{key}", 404)
        visit("admin").post(f"{base}/{key}", {"name": "x"}, status=404)
    assert visit("admin").client.delete(path_of(thing, standing_plant)).status_code in (403, 405)
    visit("admin").get(f"/manage/new/{thing.word}/x", 404)


@every_thing
def test_bad_input_keeps_what_was_typed(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    path = path_of(thing, standing_plant)
    html = change(visit("admin"), path, status=422, name=TOO_LONG, name_en="<b>Typed</b>")
    assert "太长" in faulty(html)["name"]
    assert html.one("input", id="f-name").attrs["value"] == TOO_LONG
    assert html.one("input", id="f-name_en").attrs["value"] == "<b>Typed</b>"
    summary = html.one("div", id="fault")
    assert summary.attrs["role"] == "alert" and "#f-name" in html.links
    assert audited(standing_plant) == []


@every_thing
def test_what_is_needed_is_said(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    html = visit("admin").post(f"/manage/new/{thing.word}", {"name_en": "Kept"}, status=422)
    first = next(iter(thing.new))
    assert faulty(html)[first] == "不能空。"
    assert html.one("input", id="f-name_en").attrs["value"] == "Kept"


@every_thing
def test_a_lost_update_is_refused_and_shows_both(page: PageOf, plant: Plant, thing: Thing) -> None:
    path = path_of(thing, plant)
    mine, other = page("manager"), page("admin")
    fields = mine.get(path).form(path)
    change(other, path, name="别人写的")
    html = mine.post(path, {**fields, "name": "我写的"}, status=409)
    assert html.one("input", id="f-name").attrs["value"] == "我写的"
    assert html.one("span", id="stored-name").text == "别人刚存的： 别人写的"
    assert [line["what"] for line in audited(plant)] == [f"{thing.word}.save"]
    html = mine.post(path, {**html.form(path)})
    assert html.one("h1").text == "我写的"


@every_thing
def test_a_new_one_is_added_once(page: PageOf, plant: Plant, thing: Thing) -> None:
    url, data = f"/manage/new/{thing.word}", new_one(thing)
    html = change(page("admin"), url, **data)
    assert html.one("h1").text == data["name"] and "加好了" in html.text
    assert audited(plant)[-1]["what"] == f"{thing.word}.add"
    again = change(page("admin"), url, status=409, **{**data, "name": "又一个"})
    field = next(iter(thing.new))
    assert "已经有" in faulty(again)[field] and again.one("input", id="f-name")
    assert len(audited(plant)) == 1


@every_thing
def test_it_speaks_english(visit: PageOf, standing_plant: Plant, thing: Thing) -> None:
    browser = visit("admin")
    for url in (path_of(thing, standing_plant), f"/manage/new/{thing.word}"):
        html = browser.get(f"{url}?lang=en")
        labels = [one.text for one in html.all("label") if one.text]
        assert "Name" in labels or "Name in English" in labels
    html = browser.post(f"/manage/new/{thing.word}?lang=en", {}, status=422)
    assert "This cell may not be empty." in faulty(html).values()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", ["manager", "inspector"])
def test_the_lists(visit: PageOf, standing_plant: Plant, part: str, lang: str) -> None:
    links = set()
    for name in ("areas", "stations", "jobs", "crews", "patterns", "people", "devices"):
        html = visit(part).get(f"/manage/{name}?lang={lang}")
        links |= set(html.links)
        assert bool([one for one in html.links if "/manage/new/" in one]) == (
            part != "inspector" and name != "devices"
        )
    wanted = {path_of(thing, standing_plant) for thing in THINGS} | {f"/manage/stations/{TANKS}"}
    assert wanted <= links


def test_who_sees_no_list(visit: PageOf) -> None:
    for name in ("areas", "stations", "jobs", "crews", "patterns", "people"):
        for part in ("worker", "leader", "signatory"):
            visit(part).get(f"/manage/{name}", 403)
        assert "/login" in visit(None).client.get(f"/manage/{name}").headers["Location"]
