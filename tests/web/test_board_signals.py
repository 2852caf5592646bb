"""The leader's list: whom it is for, the two answers, and that nobody else hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shiftapp.model.people import Role
from shiftapp.model.signals import FIRST_MS
from tests.managing import audited, scoped
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant
from tests.signalling import hurried, noticed, rows

Open = Callable[..., Page]
PATH = "/board/signals"
DAY = "2026-11-25"


def signal_of(plant: Plant, clock: Clock, part: str = "worker", *, shown: bool = True) -> int:
    """Something was noticed about a run of somebody, and they have seen it."""
    noticed(plant, hurried(plant, part))
    clock.at("08:20")
    if shown:
        with plant.store.tx() as db:
            db.run("UPDATE signal SET shown_ms = :now WHERE shown_ms IS NULL", now=clock.ms)
    return int(rows(plant)[-1]["id"])


def test_the_leader_reads_who_when_and_what(page: Open, plant: Plant, clock: Clock) -> None:
    signal_of(plant, clock)
    html = page("leader").get(PATH)
    for said in ("张三", "甲班", "2026-11-24", "白班", "答得比读完还快", "一共用了 2.4 秒"):
        assert said in html.text, said
    assert f"/board/JIA/2026-11-24/D/people/{plant.id('worker')}" in html.links
    assert [button.text for button in html.all("button")] == ["看过，没事", "当面聊过"]


def test_the_person_sees_it_first(page: Open, plant: Plant, clock: Clock) -> None:
    id = signal_of(plant, clock, shown=False)
    assert "没有要看的" in page("leader").get(PATH).text
    page("leader").post(f"{PATH}/{id}/look", {"how": "fine"}, status=404)
    page("worker", device=True).get("/W/mine/signals")
    assert "张三" in page("leader").get(PATH).text


def test_after_a_day_it_is_there_all_the_same(page: Open, plant: Plant, clock: Clock) -> None:
    signal_of(plant, clock, shown=False)
    clock.ms = rows(plant)[0]["at_ms"] + FIRST_MS
    assert "张三" in page("leader").get(PATH).text


@pytest.mark.parametrize(("how", "said"), [("fine", "看过，没事"), ("talked", "当面聊过")])
def test_an_answer_moves_it_below(
    page: Open, plant: Plant, clock: Clock, how: str, said: str
) -> None:
    id = signal_of(plant, clock)
    html = page("leader").post(f"{PATH}/{id}/look", {"how": how})
    assert "没有要看的" in html.text and "30 天内答复过的" in html.text
    assert f"王五 11月24日 08:20 {said}" in html.text
    assert html.all("button") == []


def test_pressed_twice_is_once(page: Open, plant: Plant, clock: Clock) -> None:
    id = signal_of(plant, clock)
    page("leader").post(f"{PATH}/{id}/look", {"how": "fine"})
    clock.at("09:00")
    page("manager").post(f"{PATH}/{id}/look", {"how": "talked"})
    row = rows(plant)[0]
    assert (row["looked_how"], row["looked_by"]) == ("fine", plant.id("leader"))


@pytest.mark.parametrize("how", ["", "cheated"])
def test_no_answer_is_asked_for_again(page: Open, plant: Plant, clock: Clock, how: str) -> None:
    id = signal_of(plant, clock)
    html = page("leader").post(f"{PATH}/{id}/look", {"how": how}, status=422)
    assert "看过，没事" in html.one("p", id="fault").text and "张三" in html.text
    assert rows(plant)[0]["looked_ms"] is None


@pytest.mark.parametrize(
    ("part", "status"),
    [("worker", 403), ("mate", 403), ("signatory", 403), ("inspector", 403)]
    + [("other_leader", 404)],
)
def test_nobody_else_is_told_or_may_answer(
    page: Open, plant: Plant, clock: Clock, part: str, status: int
) -> None:
    id = signal_of(plant, clock)
    if part == "other_leader":
        assert "张三" not in page(part).get(PATH).text
    else:
        page(part).get(PATH, status)
    page(part).post(f"{PATH}/{id}/look", {"how": "fine"}, status=status)
    assert rows(plant)[0]["looked_ms"] is None


def test_a_stranger_is_sent_to_sign_in(page: Open, plant: Plant, clock: Clock) -> None:
    id = signal_of(plant, clock)
    for html in (page(None).get(PATH), page(None).post(f"{PATH}/{id}/look", {"how": "fine"})):
        assert html.all("input", name="password") and "张三" not in html.text
    assert rows(plant)[0]["looked_ms"] is None


def test_a_manager_sees_those_of_the_area(page: Open, plant: Plant, clock: Clock) -> None:
    id = signal_of(plant, clock)
    scoped(plant, "manager", Role("manager", "area", "A2"))
    assert "没有要看的" in page("manager").get(PATH).text
    page("manager").post(f"{PATH}/{id}/look", {"how": "fine"}, status=404)
    scoped(plant, "manager", Role("manager", "area", "A1"))
    assert "张三" in page("manager").get(PATH).text


def test_a_leaders_own_goes_to_who_stands_above(page: Open, plant: Plant, clock: Clock) -> None:
    id = signal_of(plant, clock, "leader")
    assert "没有要看的" in page("leader").get(PATH).text
    page("leader").post(f"{PATH}/{id}/look", {"how": "fine"}, status=404)
    page("manager").post(f"{PATH}/{id}/look", {"how": "talked"})
    assert rows(plant)[0]["looked_by"] == plant.id("manager")
    assert "30 天内答复过的" not in page("leader").get(PATH).text


@pytest.mark.parametrize("id", ["999", "x", "-1"])
def test_no_such_signal(page: Open, id: str) -> None:
    page("leader").post(f"{PATH}/{id}/look", {"how": "fine"}, status=404)


def test_the_answer_is_posted(page: Open, plant: Plant, clock: Clock) -> None:
    page("leader").get(f"{PATH}/{signal_of(plant, clock)}/look", 405)


def test_it_is_in_no_state_no_announcement_no_public_page_and_no_audit(
    page: Open, plant: Plant, clock: Clock
) -> None:
    before = page("leader").get("/board").text
    id = signal_of(plant, clock)
    page("leader").post(f"{PATH}/{id}/look", {"how": "fine"})
    clock.ms = NOW_MS
    for word in ("答得比读完还快", "看过，没事"):
        assert word not in page("leader").get("/board").text and word not in before
    for url in ("/", "/announcements", "/signals"):
        assert "张三" not in page(None).get(url).text
    assert "signal" not in json.dumps(audited(plant))
