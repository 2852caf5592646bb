"""The page of what is stored about me: all of it, who may see it, how long; mine only."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from shiftapp.model import mine, people
from shiftapp.web import scope
from tests.outbox import Outbox
from tests.page import Page
from tests.plant import Plant
from tests.sealing import commit_body, hazard_body, wire

Browsers = Callable[..., Page]


def names(plant: Plant, crew: str | None) -> dict[str, list[str]]:
    """Who may see a crew's records, and as what."""
    return {one["name"]: one["roles"] for one in mine.seers(plant.store, crew, scope.READ)}


def test_it_shows_my_records_my_phones_and_who_i_am(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    Outbox(app, plant).results(
        wire(commit_body(plant, "worker")), wire(hazard_body(plant, "worker", "滴油"))
    )
    text = page("worker", device=True).get("/W/mine").text
    for said in ("张三", "班前承诺", "报的异常", "1 份，2026-11-24 到 2026-11-24", "我报的隐患"):
        assert said in text, said
    assert "最近联网" in text


def test_what_others_did_is_not_there(app: Flask, plant: Plant, page: Browsers) -> None:
    Outbox(app, plant).results(wire(commit_body(plant, "worker")))
    assert "还没有记录" in page("other_leader").get("/W/mine").text


def test_not_today_is_there_with_how_long_it_is_kept(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    Outbox(app, plant).results(wire(commit_body(plant, "worker", bad="fit", result="cannot")))
    assert "只有带班的人看得到" in page("worker", device=True).get("/W/mine").text


def test_a_report_without_my_name_is_not_found_by_it(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    who = {"person": None, "ev": {"k": "none"}}
    body = hazard_body(plant, "worker", "滴油", who=who, shift=None)
    assert Outbox(app, plant).results(wire(body))[0]["status"] == "stored"
    text = page("worker", device=True).get("/W/mine").text
    assert "还没有记录" in text and "我报的隐患" not in text


def test_changes_by_others_are_named(plant: Plant, page: Browsers) -> None:
    page("leader").post(f"/board/people/{plant.id('worker')}/code")
    text = page("worker", device=True).get("/W/mine").text
    assert "给登记码" in text


def test_who_may_see_it_are_those_whose_role_covers_my_crew(plant: Plant) -> None:
    seen = names(plant, "JIA")
    leader = people.person(plant.store, plant.id("leader"))
    other = people.person(plant.store, plant.id("other_leader"))
    assert leader is not None and other is not None
    assert seen[leader["name"]] == ["leader"]
    assert other["name"] not in seen
    assert all("operator" not in roles for roles in seen.values())
    # Of nobody's crew: those of the whole plant only.
    assert leader["name"] not in names(plant, None)
    assert names(plant, None)


def test_they_are_those_whom_the_board_lets_in(plant: Plant) -> None:
    """The list and the check are one rule: whoever is on it may read, who is not may not."""
    for crew in ("JIA", "YI"):
        listed = set(names(plant, crew))
        for person in people.people(plant.store):
            allowed = people.may(plant.store, person["id"], scope.READ, crew=crew)
            assert (person["name"] in listed) == bool(allowed and person["active"]), person["name"]


def test_a_stranger_is_asked_who_they_are(page: Browsers) -> None:
    assert "先说你是谁" in page(None).get("/W/mine").text


def test_the_first_page_leads_there_and_english_is_whole(page: Browsers) -> None:
    assert "/W/mine" in page("worker", device=True).get("/W/").links
    text = page("worker", device=True).get("/W/mine?lang=en").text
    assert "Who may see it" in text and "How long it is kept" in text
