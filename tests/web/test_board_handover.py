"""The handover at the desk: written by one leader, asked about by the next one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import handover
from shiftapp.model.people import Person, Role, save_person
from shiftapp.store import Row
from tests.page import Page
from tests.plant import MADE_MS, NOW_MS, PUMPS, Clock, Plant
from tests.sealing import commit_body, deliver, hazard_body

PageOf = Callable[..., Page]
DAY = "/board/JIA/2026-11-24/D"
NIGHT = "/board/BING/2026-11-23/N"
WORDS = {"what": "P-201A 备用泵停着", "station": PUMPS}


@pytest.fixture
def night_leader(plant: Plant) -> str:
    """夜1 leads 丙班, the night shift that goes home at 08:00."""
    leads = (Role("operator"), Role("leader", "crew", "BING"))
    with plant.store.tx() as db:
        me = Person(plant.id("night1"), "3001", "夜1", crew="BING", roles=leads)
        save_person(db, me, MADE_MS)
    return "night1"


def items(plant: Plant) -> list[Row]:
    return plant.store.rows("SELECT * FROM handover ORDER BY id")


def lines(plant: Plant) -> list[str]:
    found = plant.store.rows("SELECT what FROM audit ORDER BY seq")
    return [row["what"] for row in found if row["what"].startswith("handover.")]


def left(plant: Plant, what: str = "P-201A 备用泵停着") -> int:
    with plant.store.tx() as db:
        shift = plant.instance(crew="BING", date="2026-11-23", code="N")
        handover.leave(db, shift, what, PUMPS, by=plant.id("night1"), now_ms=NOW_MS)
    return int(items(plant)[-1]["id"])


def test_the_night_leaves_it_and_the_day_asks_about_it(
    page: PageOf, plant: Plant, night_leader: str
) -> None:
    html = page(night_leader).post(f"{NIGHT}/handover", WORDS)
    assert "P-201A 备用泵停着" in html.text and "接班的还没问" in html.text
    (item,) = items(plant)
    board = page("leader").get(DAY)
    assert "上班留下 1 项" in board.text and "P-201 泵区" in board.text
    take = f"{DAY}/handover/{item['id']}/take"
    html = page("leader").post(take, board.form(take))
    assert html.one("h1").text == "生产一部 甲班" and "都问清了" in html.text
    assert "王五 2026-11-24 07:38 问清了" in page(night_leader).get(f"{NIGHT}/handover").text
    assert lines(plant) == ["handover.leave", "handover.take"]


def test_from_the_handover_page_one_goes_back_to_it(page: PageOf, plant: Plant) -> None:
    item = left(plant)
    html = page("leader").post(f"{DAY}/handover/{item}/take", {"note": "一起看过"})
    assert html.one("h1").text == "交接班"
    assert "王五 07:38 问清了：一起看过" in html.text


def test_words_and_hazards_are_left_together(page: PageOf, plant: Plant) -> None:
    deliver(plant, hazard_body(plant, "worker", "P-202B 机封滴油"))
    browser = page("leader")
    html = browser.get(f"{DAY}/handover")
    hazard = html.one("input", type="checkbox").attrs["value"]
    browser.post(f"{DAY}/handover", {**WORDS, "finding": hazard})
    assert [i["what"] for i in items(plant)] == ["P-202B 机封滴油", "P-201A 备用泵停着"]
    assert browser.get(f"{DAY}/handover").all("input", type="checkbox") == []


def test_not_fit_is_never_offered(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    html = page("leader").get(f"{DAY}/handover")
    assert html.all("input", type="checkbox") == [] and "上岗" not in html.text
    private = str(plant.store.value("SELECT id FROM finding"))
    html = page("leader").post(f"{DAY}/handover", {"finding": private}, status=422)
    assert "这条隐患不在本班" in html.text and items(plant) == []


def test_what_was_typed_comes_back_with_the_reason(page: PageOf, plant: Plant) -> None:
    deliver(plant, hazard_body(plant, "worker", "P-202B 机封滴油"))
    hazard = str(plant.store.value("SELECT id FROM finding"))
    long = "长" * 301
    html = page("leader").post(
        f"{DAY}/handover", {"what": long, "station": PUMPS, "finding": hazard}, status=422
    )
    assert "太长了，写 300 字以内" in html.text and html.one("textarea", id="what").text == long
    assert "checked" in html.one("input", type="checkbox").attrs
    assert items(plant) == [], "nothing is left halfway"
    html = page("leader").post(f"{DAY}/handover", {"what": "  "}, status=422)
    assert "写几个字" in html.text
    assert html.one("textarea", id="what").attrs["aria-describedby"] == "fault"


@pytest.mark.parametrize("typed", ["x", "-1", "99999999999999999999", "7"])
def test_a_hazard_that_is_none_is_refused(page: PageOf, plant: Plant, typed: str) -> None:
    page("leader").post(f"{DAY}/handover", {"finding": typed}, status=422)
    assert items(plant) == []


def test_two_at_once_the_second_reads_who_was_first(page: PageOf, plant: Plant) -> None:
    take = f"{DAY}/handover/{left(plant)}/take"
    page("leader").post(take)
    html = page("manager").post(take, status=409)
    assert "王五已经问清了" in html.text
    page("leader").post(take)
    assert lines(plant) == ["handover.take"]


def test_a_taken_item_is_not_taken_back(page: PageOf, plant: Plant, night_leader: str) -> None:
    item = left(plant)
    browser = page(night_leader)
    back = f"{NIGHT}/handover/{item}/back"
    assert back in [f.attrs["action"] for f in browser.get(f"{NIGHT}/handover").all("form")]
    page("leader").post(f"{DAY}/handover/{item}/take")
    assert "撤不回来" in browser.post(back, status=409).text
    item = left(plant, "写错了")
    browser.post(f"{NIGHT}/handover/{item}/back")
    assert "写错了" not in page("leader").get(DAY).text


@pytest.mark.parametrize("part", ["worker", "other_leader", "signatory", "inspector", "admin"])
def test_only_who_leads_or_manages_the_crew_takes_over(
    page: PageOf, plant: Plant, part: str
) -> None:
    item = left(plant)
    page(part).post(f"{DAY}/handover/{item}/take", status=403)
    assert items(plant)[0]["taken_ms"] is None


def test_who_only_reads_sees_it_and_presses_nothing(page: PageOf, plant: Plant) -> None:
    left(plant)
    for url in (DAY, f"{DAY}/handover"):
        html = page("inspector").get(url)
        assert "P-201A 备用泵停着" in html.text
        assert not [f for f in html.all("form") if "handover" in f.attrs["action"]]
    page("inspector").post(f"{DAY}/handover", WORDS, status=403)


def test_an_outsider_and_a_shift_or_an_item_that_is_not_there(page: PageOf, plant: Plant) -> None:
    item = left(plant)
    outsider, leader = page("other_leader"), page("leader")
    outsider.get(f"{DAY}/handover", 403)
    outsider.post(f"{DAY}/handover", WORDS, status=403)
    outsider.post(f"{DAY}/handover/{item}/back", status=403)
    leader.get("/board/JIA/2026-11-24/X/handover", 404)
    leader.post(f"{DAY}/handover/999/take", status=404)
    leader.post(f"{DAY}/handover/999/back", status=404)
    leader.get(f"{DAY}/handover/{item}/take", 405)


def test_after_the_shift_nothing_is_written_or_taken_over(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    item = left(plant)
    clock.at("21:00")
    leader = page("leader")
    html = leader.get(f"{DAY}/handover")
    assert [f.attrs["action"] for f in html.all("form") if "handover" in f.attrs["action"]] == []
    assert "这一班现在不能写交接" in html.text
    assert "已经结束了" in leader.post(f"{DAY}/handover", WORDS, status=409).text
    assert "已经结束了" in leader.post(f"{DAY}/handover/{item}/take", status=409).text


def test_it_is_said_in_english_too(page: PageOf, plant: Plant) -> None:
    left(plant)
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=plant.id("leader"))
    assert "P-201 pumps" in page("leader").get(f"{DAY}/handover").text
