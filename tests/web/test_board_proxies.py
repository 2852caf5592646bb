"""What a leader entered for somebody: asked on their phone, and seen by who stands above."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import people, proxies
from shiftapp.model.people import Person, Role
from tests.calling import BASE, by_word, of, state_of
from tests.page import Page
from tests.plant import MADE_MS, NOW_MS, Clock, Plant
from tests.sealing import commit_body, deliver
from tests.web.plain import stored

PageOf = Callable[..., Page]
MINE, BOARD = "/W/mine/proxies", "/board/proxies"
DAY_MS = 24 * 3_600_000


def entered(page: PageOf, plant: Plant, part: str = "worker", **more: str) -> str:
    """A proxy entry of the leader for somebody; its record."""
    by_word(page("leader"), plant, part, **more)
    return str(of(plant, part)[-1]["id"])


def say(browser: Page, record: str, mine: str, status: int = 200) -> str:
    return browser.post(f"{MINE}/{record}", {"mine": mine}, status).text


def phone(page: PageOf, part: str = "worker") -> Page:
    return page(part, device=True)


# On the person's own phone ------------------------------------------------------------------------


def test_it_names_both_says_when_and_why(page: PageOf, plant: Plant) -> None:
    entered(page, plant)
    text = phone(page).get(MINE).text
    for said in ("张三", "王五", "11月24日 07:38", "没带手机 / 忘了 PIN", "班前承诺", "甲班"):
        assert said in text, said


def test_other_reasons_stand_in_their_words(page: PageOf, plant: Plant) -> None:
    entered(page, plant, why="other", note="手指受伤")
    assert "手指受伤" in phone(page).get(MINE).text


def test_it_was_me_is_an_answer(page: PageOf, plant: Plant) -> None:
    record = entered(page, plant)
    text = say(phone(page), record, "yes")
    assert "没有要你确认的" in text and "是我本人做的" in text
    assert plant.store.row("SELECT * FROM proxy_answer") == {
        "record": record, "mine": 1, "at_ms": NOW_MS, "looked_ms": None, "looked_by": None,
    }  # fmt: skip
    assert state_of(plant, "worker") == ("running", ["on_time", "proxy"])


def test_not_me_changes_no_record_and_marks_the_state_from_then_on(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    record, before = entered(page, plant), stored(plant)
    clock.at("07:50")
    say(phone(page), record, "no")
    assert stored(plant) == before
    assert state_of(plant, "worker", clock.ms) == ("running", ["on_time", "proxy", "unverified"])
    assert state_of(plant, "worker", clock.ms - 1) == ("running", ["on_time", "proxy"])
    assert "身份没核实" in page("leader").get(f"{BASE}/people/{plant.id('worker')}").text


def test_said_twice_it_is_said_once(page: PageOf, plant: Plant, clock: Clock) -> None:
    record, browser = entered(page, plant), phone(page)
    say(browser, record, "no")
    clock.at("07:50")
    say(browser, record, "no")
    assert plant.store.value("SELECT at_ms FROM proxy_answer") == NOW_MS


@pytest.mark.parametrize(("first", "then"), [("yes", "no"), ("no", "yes")])
def test_an_answer_is_not_taken_back(page: PageOf, plant: Plant, first: str, then: str) -> None:
    record, browser = entered(page, plant), phone(page)
    say(browser, record, first)
    assert "答过了，改不了" in say(browser, record, then, status=409)
    assert plant.store.value("SELECT mine FROM proxy_answer") == (first == "yes")


@pytest.mark.parametrize("part", ["mate", "leader", "manager"])
def test_only_the_person_themselves_may_say_it(page: PageOf, plant: Plant, part: str) -> None:
    record = entered(page, plant)
    assert "没有这一条代录" in say(page(part), record, "yes", status=404)
    assert plant.store.value("SELECT COUNT(*) FROM proxy_answer") == 0
    assert "没有要你确认的" in page(part).get(MINE).text


def test_ones_own_record_is_no_proxy(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"))
    say(phone(page), of(plant, "worker")[0]["id"], "no", status=404)
    assert "没有要你确认的" in phone(page).get(MINE).text


def test_a_stranger_is_asked_who_they_are(page: PageOf, plant: Plant) -> None:
    record = entered(page, plant)
    text = page(None).get(MINE).text
    assert "先说你是谁" in text and "张三" not in text
    say(page(None), record, "no", status=401)
    assert plant.store.value("SELECT COUNT(*) FROM proxy_answer") == 0


@pytest.mark.parametrize("mine", ["", "maybe"])
def test_no_answer_is_none(page: PageOf, plant: Plant, mine: str) -> None:
    assert "选一个" in say(phone(page), entered(page, plant), mine, status=422)
    assert plant.store.value("SELECT COUNT(*) FROM proxy_answer") == 0


def test_nobody_is_asked_after_thirty_days(page: PageOf, plant: Plant) -> None:
    entered(page, plant)
    for now_ms, asked in ((NOW_MS + 30 * DAY_MS - 1, 1), (NOW_MS + 30 * DAY_MS, 0)):
        assert len(proxies.of_person(plant.store, plant.id("worker"), now_ms)) == asked


# On the board -------------------------------------------------------------------------------------


def denied(page: PageOf, plant: Plant) -> str:
    record = entered(page, plant)
    say(phone(page), record, "no")
    return record


def test_not_me_comes_to_who_stands_above(page: PageOf, plant: Plant) -> None:
    denied(page, plant)
    html = page("manager").get(BOARD)
    assert "不是本人" in html.text and "张三" in html.text and "王五" in html.text
    assert [e.text for e in html.all("button")] == ["看过了"]


def test_the_leader_who_entered_it_sees_it_and_cannot_close_it(page: PageOf, plant: Plant) -> None:
    record = denied(page, plant)
    html = page("leader").get(BOARD)
    assert "等上一级来看" in html.text and html.all("button") == []
    html = page("leader").post(f"{BOARD}/{record}/looked", status=403)
    assert "由上一级来看" in html.text
    assert plant.store.value("SELECT looked_ms FROM proxy_answer") is None


@pytest.mark.parametrize("part", ["manager", "admin"])
def test_looked_at_is_noted_once_with_a_name(
    page: PageOf, plant: Plant, clock: Clock, part: str
) -> None:
    record = denied(page, plant)
    for _ in range(2):
        html = page(part).post(f"{BOARD}/{record}/looked")
        clock.ms += 60_000
    who = {"manager": "孙八", "admin": "郑一"}[part]
    assert f"{who} 11月24日 07:38 看过了" in html.text and html.all("button") == []
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE what = 'proxy.looked'") == 1
    assert f"{who} 11月24日 07:38 看过了" in phone(page).get(MINE).text


def test_a_second_leader_of_the_crew_may_look(page: PageOf, plant: Plant) -> None:
    record = denied(page, plant)
    with plant.store.tx() as db:
        roles = (Role("leader", "crew", "JIA"),)
        person = Person(plant.id("mate"), "1002", "李四", crew="JIA", roles=roles)
        people.save_person(db, person, MADE_MS)
    page("mate").post(f"{BOARD}/{record}/looked")
    assert plant.store.value("SELECT looked_by FROM proxy_answer") == plant.id("mate")


def test_whom_it_is_about_does_not_look_at_it_either(page: PageOf, plant: Plant) -> None:
    record = denied(page, plant)
    with plant.store.tx() as db:
        roles = (Role("leader", "crew", "JIA"),)
        person = Person(plant.id("worker"), "1001", "张三", crew="JIA", roles=roles)
        people.save_person(db, person, MADE_MS)
    page("worker").post(f"{BOARD}/{record}/looked", status=403)
    assert plant.store.value("SELECT looked_ms FROM proxy_answer") is None


def test_an_entry_of_somebody_who_leads_no_more_is_looked_at(page: PageOf, plant: Plant) -> None:
    record = denied(page, plant)
    with plant.store.tx() as db:
        person = Person(plant.id("leader"), "1010", "王五", crew="JIA")
        people.save_person(db, person, MADE_MS)
    page("manager").post(f"{BOARD}/{record}/looked")
    assert plant.store.value("SELECT looked_by FROM proxy_answer") == plant.id("manager")


def test_what_was_not_denied_is_not_looked_at(page: PageOf, plant: Plant) -> None:
    record = entered(page, plant)
    page("manager").post(f"{BOARD}/{record}/looked", status=404)
    say(phone(page), record, "yes")
    page("manager").post(f"{BOARD}/{record}/looked", status=404)
    page("manager").post(f"{BOARD}/nothing/looked", status=404)


def test_another_crews_are_not_there(page: PageOf, plant: Plant) -> None:
    record = denied(page, plant)
    text = page("other_leader").get(BOARD).text
    assert "没有代录" in text and "张三" not in text and "甲班" not in text
    page("other_leader").post(f"{BOARD}/{record}/looked", status=404)


@pytest.mark.parametrize("part", ["worker", "inspector", "signatory"])
def test_who_does_not_act_does_not_see_the_list(page: PageOf, part: str) -> None:
    page(part).get(BOARD, 403)


def test_the_shares_of_a_week_and_a_month(page: PageOf, plant: Plant, clock: Clock) -> None:
    entered(page, plant, why="paper")
    entered(page, plant, part="mate")
    for part in ("chen", "lin"):
        deliver(plant, commit_body(plant, part))
    row = next(tr.text for tr in page("manager").get(BOARD).all("tr") if "甲班" in tr.text)
    assert row == "甲班 2 / 4 50% 1 2 / 4 50% 1"
    clock.ms += 8 * DAY_MS
    row = next(tr.text for tr in page("manager").get(BOARD).all("tr") if "甲班" in tr.text)
    assert row == "甲班 0 / 0 0 2 / 4 50% 1"


def test_what_waits_for_a_look_stands_first(page: PageOf, plant: Plant, clock: Clock) -> None:
    denied(page, plant)
    clock.at("07:45")
    entered(page, plant, part="mate")
    rows = [tr.text for tr in page("manager").get(BOARD).all("tr") if "还没答" in tr.text
            or "不是本人" in tr.text]  # fmt: skip
    assert "张三" in rows[0] and "李四" in rows[1]


def test_a_long_list_ends_and_never_with_what_waits_for_a_look(
    page: PageOf, plant: Plant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "LISTED", 3)
    denied(page, plant)
    for minute, part in enumerate(("mate", "chen", "lin"), start=41):
        clock.at(f"07:{minute}")
        entered(page, plant, part=part)
    listed = proxies.of_crews(plant.store, ["JIA", "YI"], clock.ms)
    assert [one["person_name"] for one in listed] == ["张三", "林二", "陈一"]
    assert "最多列 3 条" in page("manager").get(BOARD).text


def test_the_list_is_found_by_the_shifts_of_late_and_not_among_all_records(plant: Plant) -> None:
    if plant.store.engine != "sqlite":
        return
    sql = f"EXPLAIN QUERY PLAN {proxies._PROXY} AND record.recv_ms > :since{proxies._OF_CREW}"
    plan = plant.store.rows(sql, crew="JIA", since=0, early=0, most=1)
    assert not [one["detail"] for one in plan if one["detail"].startswith("SCAN record")]


def test_an_erased_body_still_counts_and_names_nobody(page: PageOf, plant: Plant) -> None:
    entered(page, plant)
    with plant.store.tx() as db:
        db.run("UPDATE record SET body = NULL, salt = NULL, erased_ms = 1")
    text = page("manager").get(BOARD).text
    assert "1 / 1" in text and "其他原因" in text
