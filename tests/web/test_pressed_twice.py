"""A button pressed twice at the desk: the second press changes nothing and leaves no line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import roster
from tests.page import Page
from tests.plant import Plant
from tests.sealing import commit_body, deliver, hazard_body

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"
ASSIGN = {"no": "1002", "date": "2026-11-24", "time": "08:30", "text": "换垫片"}


def lines(plant: Plant) -> list[str]:
    """What the desk did, oldest first."""
    rows = plant.store.rows("SELECT what FROM audit WHERE person IS NOT NULL ORDER BY seq")
    return [row["what"] for row in rows]


def twice(browser: Page, url: str, data: dict[str, str] | None = None) -> None:
    browser.post(url, data or {})
    browser.post(url, data or {})


def reported(plant: Plant) -> str:
    deliver(plant, hazard_body(plant, "worker", "P-202B 机封滴油"))
    return f"/hazards/{plant.store.value('SELECT MAX(id) FROM finding')}"


def test_each_step_of_a_hazard_is_one_line(page: PageOf, plant: Plant) -> None:
    url, leader, mate = reported(plant), page("leader"), page("mate")
    twice(leader, f"{url}/level", {"level": "major"})
    twice(leader, f"{url}/assign", ASSIGN)
    twice(mate, f"{url}/fix", {"text": "换好了"})
    twice(leader, f"{url}/accept")
    twice(leader, f"{url}/reopen", {"text": "又滴了"})
    assert lines(plant) == [
        f"hazard.{done}" for done in ("level", "assigned", "fixed", "accepted", "reopened")
    ]


def test_what_is_said_otherwise_is_a_second_line(page: PageOf, plant: Plant) -> None:
    url, leader = reported(plant), page("leader")
    leader.post(f"{url}/assign", ASSIGN)
    leader.post(f"{url}/assign", {**ASSIGN, "time": "09:00"})
    leader.post(f"{url}/fix", {"text": "换好了"})
    leader.post(f"{url}/fix", {"text": "换好了，试过"})
    assert lines(plant) == ["hazard.assigned"] * 2 + ["hazard.fixed"] * 2


def test_somebody_who_was_given_it_does_not_change_it_when_it_is_fixed(
    page: PageOf, plant: Plant
) -> None:
    url, mate = reported(plant), page("mate")
    page("leader").post(f"{url}/assign", ASSIGN)
    mate.post(f"{url}/fix", {"text": "换好了"})
    mate.post(f"{url}/fix", {"text": "别的话"}, status=403)


@pytest.mark.parametrize(
    ("action", "data", "line"),
    [
        ("absence", {"why": "on_the_way"}, "board.absence"),
        ("absence", {"why": "other", "note": "堵车"}, "board.absence"),
        ("end", {"why": "leave"}, "roster.end"),
        ("standin", {"no": "2001"}, "roster.standin"),
    ],
)
def test_a_change_of_the_roster_is_one_line(
    page: PageOf, plant: Plant, action: str, data: dict[str, str], line: str
) -> None:
    twice(page("leader"), f"{BASE}/people/{plant.id('worker')}/{action}", data)
    assert lines(plant) == [line]


def test_one_row_ended_twice_is_one_line(page: PageOf, plant: Plant) -> None:
    [row] = [
        one
        for one in roster.rows(plant.store, plant.instance()["id"])
        if one["person"] == plant.id("worker")
    ]
    data = {"why": "mistake", "row": str(row["id"])}
    twice(page("leader"), f"{BASE}/people/{plant.id('worker')}/end", data)
    assert lines(plant) == ["roster.end"]


def test_somebody_who_came_is_added_once(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "outsider"))
    twice(page("leader"), f"{BASE}/people/{plant.id('outsider')}/join")
    assert lines(plant) == ["roster.join"]


def test_a_reason_taken_back_for_another_is_a_second_line(page: PageOf, plant: Plant) -> None:
    leader, url = page("leader"), f"{BASE}/people/{plant.id('worker')}"
    leader.post(f"{url}/absence", {"why": "on_the_way"})
    leader.post(f"{url}/absence", {"why": "other", "note": "堵车"})
    assert lines(plant) == ["board.absence"] * 2
    leader.post(f"{url}/end", {"why": "leave"})
    leader.post(f"{url}/end", {"why": "mistake"}, status=409)


def test_a_phone_is_stopped_once(page: PageOf, plant: Plant) -> None:
    device, _ = plant.device("worker")
    url = f"/board/people/{plant.id('worker')}/phones/{device}/revoke"
    twice(page("leader"), url)
    twice(page("manager"), f"/manage/devices/{device}/revoke")
    assert lines(plant) == ["device.revoke"]


def test_sessions_end_once(page: PageOf, plant: Plant) -> None:
    plant.session("worker")
    twice(page("leader"), f"/board/people/{plant.id('worker')}/sessions/end")
    assert lines(plant) == ["session.end"]


def test_a_person_saved_twice_is_one_line(page: PageOf, plant: Plant) -> None:
    browser, url = page("manager"), f"/manage/people/{plant.id('worker')}"
    form = {**browser.get(url).form(url), "title": "主操"}
    twice(browser, url, form)  # the second press sends the mark of the page before
    assert lines(plant) == ["person.save"]
    browser.post(url, {**form, "title": "副操"}, status=409)  # but nothing else may
    assert plant.store.value("SELECT title FROM person WHERE id = :p", p=plant.id("worker")) == (
        "主操"
    )
