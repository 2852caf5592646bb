"""Stations at the desk: code and QR, the areas one may put them in, out of use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import qr.code
from shiftapp.model import places, roster
from shiftapp.model.people import Role
from tests.managing import change, faulty, scoped
from tests.page import Page
from tests.plant import PUMPS, TANKS, Clock, Plant

PageOf = Callable[..., Page]
PATH = f"/manage/stations/{PUMPS}"


def test_a_station_shows_its_code_and_its_papers(page: PageOf) -> None:
    html = page("manager").get(PATH)
    assert html.one("p", class_="g-code").text == "7K2M-41QF"
    assert html.all("div", class_="g-qr", role="img")
    papers = {f"{PATH}/{name}" for name in ("poster.pdf", "poster.png", "label.pdf")}
    assert papers <= set(html.links) and "/manage/jobs/J05" in html.links


def test_a_new_station_gets_a_good_code(page: PageOf, plant: Plant) -> None:
    html = change(
        page("manager"), "/manage/new/station", label="P-301", name="新泵区", area="A1",
        risk="C", jobs=["J02", "J05"],
    )  # fmt: skip
    made = places.station_by_label(plant.store, "P-301")
    assert made is not None and qr.code.parse_code(made["code"]) == made["code"]
    assert html.one("p", class_="g-code").text == qr.code.format_code(made["code"])
    assert places.station_jobs(plant.store)[made["code"]] == ("J02", "J05")


def test_two_stations_have_two_labels(page: PageOf) -> None:
    html = change(page("admin"), PATH, status=409, label="V-305")
    assert "已经有一个工位叫 V-305" in faulty(html)["label"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"risk": "E"}, "risk"),
        ({"jobs": []}, "jobs"),
        ({"area": ""}, "area"),
        ({"label": " "}, "label"),
    ],
)
def test_what_cannot_be(page: PageOf, typed: dict[str, str], field: str) -> None:
    assert field in faulty(change(page("admin"), PATH, status=422, **typed))


def test_a_job_that_is_not_there(page: PageOf) -> None:
    html = change(page("admin"), PATH, status=422, jobs=["J02", "J99"])
    assert "没有这个岗位：J99" in faulty(html)["jobs"]


def test_the_manager_of_an_area(page: PageOf, plant: Plant) -> None:
    scoped(plant, "manager", Role("manager", "area", "A2"))
    browser = page("manager")
    html = browser.get("/manage/stations")
    assert f"/manage/stations/{TANKS}" in html.links and PATH not in html.links
    change(browser, f"/manage/stations/{TANKS}", name="改过")
    html = change(browser, f"/manage/stations/{TANKS}", status=422, area="A1")
    assert "不归你管" in faulty(html)["area"]
    change(browser, "/manage/new/station", label="T-1", name="新罐", area="A2", jobs="J09")
    found = places.station(plant.store, TANKS)
    assert found is not None and (found["name"], found["area"]) == ("改过", "A2")


def test_the_list_of_one_area(page: PageOf) -> None:
    html = page("inspector").get("/manage/stations?area=A2")
    assert f"/manage/stations/{TANKS}" in html.links and PATH not in html.links
    assert "这里没有工位" in page("inspector").get("/manage/stations?area=NO").text


def test_out_of_use_it_leaves_the_rosters_ahead(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("12:00")
    tonight = plant.instance("YI", code="N")["id"]
    with plant.store.tx() as db:
        roster.fill_ahead(db, clock.ms, plant.random)
    assert roster.posts(plant.store, tonight, plant.id("outsider"))
    html = change(page("manager"), PATH, active="0")
    assert "停用" in html.one("header").text
    assert roster.posts(plant.store, tonight, plant.id("outsider")) == []
    change(page("manager"), PATH, active="1")
    assert roster.posts(plant.store, tonight, plant.id("outsider"))


def test_out_of_scope_it_leaves_the_rosters_ahead(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("12:00")
    tonight = plant.instance("YI", code="N")["id"]
    with plant.store.tx() as db:
        roster.fill_ahead(db, clock.ms, plant.random)
    html = change(page("manager"), PATH, scoped="0", staff="3")
    chosen = [one for one in html.one("select", id="f-scoped").children if "selected" in one.attrs]
    assert chosen[0].attrs["value"] == "0"
    assert html.one("input", id="f-staff").attrs["value"] == "3"
    assert roster.posts(plant.store, tonight, plant.id("outsider")) == []
    found = places.station(plant.store, PUMPS)
    assert found is not None and (found["scoped"], found["staff"]) == (0, 3)


@pytest.mark.parametrize("staff", ["100", "-1", "两个"])
def test_a_number_of_people_that_cannot_be(page: PageOf, staff: str) -> None:
    assert "staff" in faulty(change(page("admin"), PATH, status=422, staff=staff))
