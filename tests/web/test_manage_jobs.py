"""Jobs at the desk: risk card and protection, taken from the library, or one's own."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shiftapp.model import places, versions
from shiftapp.model.people import Role
from shiftapp.store import Row
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import PUMPS, Plant

PageOf = Callable[..., Page]
PATH = "/manage/jobs/J02"


def job(plant: Plant, code: str = "J02") -> Row:
    found = places.job(plant.store, code)
    assert found is not None
    return {**found, "card": json.loads(found["card"]), "ppe": json.loads(found["ppe"])}


def test_saving_what_is_there_changes_nothing(page: PageOf, plant: Plant) -> None:
    before = job(plant)
    change(page("manager"), PATH)
    assert job(plant) == before and audited(plant) == []


def test_the_risk_card_and_the_protection_are_changed(page: PageOf, plant: Plant) -> None:
    html = change(
        page("manager"), PATH, ppe=["helmet", "gloves"], risk1="氨泄漏", risk1_level="A",
        emergency="先撤到上风口",
    )  # fmt: skip
    now = job(plant)
    assert now["ppe"] == ["helmet", "gloves"] and now["card"]["emergency"] == "先撤到上风口"
    assert now["card"]["risks"][0] | {"level": "A", "hazard": "氨泄漏"} == now["card"]["risks"][0]
    ticked = [e.attrs["value"] for e in html.all("input", name="ppe") if "checked" in e.attrs]
    assert set(ticked) == {"helmet", "gloves"}
    poster = page("manager").client.get(f"/manage/stations/{PUMPS}/poster.pdf")
    assert poster.status_code == 200


def test_half_a_risk_is_told(page: PageOf, plant: Plant) -> None:
    before = job(plant)
    html = change(page("manager"), PATH, status=422, defence2="", risk3="被甩出")
    assert "要一起写" in faulty(html)["risk2"] and "risk3" not in faulty(html)
    assert html.one("textarea", id="f-risk3").text == "被甩出" and job(plant) == before


def test_a_job_leads_to_its_checklist_and_its_stations(page: PageOf) -> None:
    html = page("inspector").get(PATH)
    assert {f"{PATH}/checklist", f"/manage/stations/{PUMPS}"} <= set(html.links)
    assert f"{PATH}/checklist" in page("inspector").get("/manage/jobs").links


def test_a_job_of_the_library_comes_with_its_checklist(page: PageOf, plant: Plant) -> None:
    browser = page("manager")
    offered = [e.attrs["value"] for e in browser.get("/manage/new/job").all("input", name="code")]
    assert len([code for code in offered if code]) == 14 and "J02" not in offered
    html = browser.post("/manage/new/job/library", {"code": "J01"})
    assert html.all("form", action="/manage/jobs/J01/checklist")
    newest = versions.current_checklist(plant.store, "J01")
    assert newest is not None and (newest["no"], newest["published_by"]) == (1, "library")
    assert audited(plant)[-1]["what"] == "job.add"
    assert "J01" not in [e.attrs["value"] for e in browser.get("/manage/new/job").all("input")
                         if "value" in e.attrs]  # fmt: skip


@pytest.mark.parametrize(("code", "status"), [("J02", 409), ("J99", 404), ("", 404), ("../x", 404)])
def test_what_the_library_does_not_give(page: PageOf, plant: Plant, code: str, status: int) -> None:
    page("admin").post("/manage/new/job/library", {"code": code}, status=status)
    assert audited(plant) == []


def test_who_may_not_take_one(page: PageOf, plant: Plant) -> None:
    for part in ("inspector", "leader", "worker"):
        page(part).post("/manage/new/job/library", {"code": "J01"}, status=403)
    scoped(plant, "manager", Role("manager", "area", "A1"))
    page("manager").post("/manage/new/job/library", {"code": "J01"}, status=403)
    page("admin").get("/manage/new/job/library", 405)
    assert places.job(plant.store, "J01") is None


def test_a_job_of_one_s_own_says_that_steps_are_missing(page: PageOf) -> None:
    html = change(page("manager"), "/manage/new/job", code="OWN", name="氨机巡检")
    assert "没有卡，工人只能做承诺" in html.text
    assert "还没发布" in page("manager").get("/manage/jobs").text
    page("manager").get("/manage/jobs/OWN/checklist")
