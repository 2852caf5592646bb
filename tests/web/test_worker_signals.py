"""The page of what was noticed about me: to me first, kindly, with the rule and its figures."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from shiftapp.model import signals
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.signalling import MINUTE_MS, hurried, noticed, paced, rows, tablet
from tests.web.test_worker_shifts import session_of

Open = Callable[..., Page]
PATH = "/W/mine/signals"


def test_a_quick_run_is_told_in_kind_words_with_rule_and_figures(page: Open, plant: Plant) -> None:
    noticed(plant, hurried(plant, "worker"))
    text = page("worker", device=True).get(PATH).text
    for said in (
        "答得比读完还快",
        "现场看清了就没事；班长可能会来问一句",
        "8 步里有 8 步：一共用了 2.4 秒",
        "规则：至少 3 步，占 60% 或更多，用时不到读完的 40%",
        "班长还没看",
        "不扣分",
        "90 天后删掉",
        "外操巡检",
    ):
        assert said in text, said


def test_a_dropped_badge_shows_nothing_and_nothing_counts_as_shown(
    app: Flask, plant: Plant
) -> None:
    noticed(plant, hurried(plant, "worker"))
    text = session_of(app, plant, "badge", device=True).get(PATH).text
    assert "先说你是谁" in text and "答得比读完还快" not in text
    assert [row["shown_ms"] for row in rows(plant)] == [None]
    assert "答得比读完还快" in session_of(app, plant, "pin", device=True).get(PATH).text


def test_no_word_of_it_blames(page: Open, plant: Plant) -> None:
    noticed(plant, hurried(plant, "worker"), *tablet(plant, "mate", "worker", "chen", "lin"))
    text = page("worker", device=True).get(PATH).text
    for word in ("作弊", "造假", "违规", "违章", "代替", "警告", "处罚", "不诚实"):
        assert word not in text


def test_rhythm_and_burst_say_what_was_measured(page: Open, plant: Plant) -> None:
    noticed(plant, paced(plant, "worker"), paced(plant, "worker", NOW_MS + MINUTE_MS, by=50))
    noticed(plant, *tablet(plant, "mate", "worker", "chen", "lin"))
    text = page("worker", device=True).get(PATH).text
    assert "8 步，平均只差 0.05 秒；4 个读数都一样" in text
    assert "规则：至少 5 步，平均差不到 0.18 秒" in text
    assert "27.0 秒里 4 个人" in text and "轮着用一台手机也会这样" in text


def test_opening_it_is_what_shown_means(page: Open, plant: Plant, clock: Clock) -> None:
    noticed(plant, hurried(plant, "worker"))
    page("mate", device=True).get(PATH)
    assert rows(plant)[0]["shown_ms"] is None
    shown_ms = clock.at("08:20")
    page("worker", device=True).get(PATH)
    clock.at("09:00")
    page("worker", device=True).get(PATH)
    assert rows(plant)[0]["shown_ms"] == shown_ms


def test_what_the_leader_answered_is_there(page: Open, plant: Plant, clock: Clock) -> None:
    noticed(plant, hurried(plant, "worker"))
    clock.at("08:20")
    page("worker", device=True).get(PATH)
    id = rows(plant)[0]["id"]
    page("leader").post(f"/board/signals/{id}/look", {"how": "talked"})
    assert "王五 11月24日 08:20 当面聊过" in page("worker", device=True).get(PATH).text


def test_other_peoples_are_not_there(page: Open, plant: Plant) -> None:
    noticed(plant, hurried(plant, "worker"))
    for part in ("mate", "leader", "manager"):
        assert "没有提醒" in page(part).get(PATH).text
    assert rows(plant)[0]["shown_ms"] is None


def test_a_stranger_is_asked_who_they_are_and_nothing_is_written(page: Open, plant: Plant) -> None:
    noticed(plant, hurried(plant, "worker"))
    text = page(None).get(PATH).text
    assert "先说你是谁" in text and "答得比读完还快" not in text
    assert rows(plant)[0]["shown_ms"] is None


def test_nothing_noticed_says_so(page: Open) -> None:
    text = page("worker", device=True).get(PATH).text
    assert "没有提醒" in text and "不扣分" in text


def test_it_leads_to_the_rules_in_its_language(page: Open) -> None:
    assert "/signals" in page("worker", device=True).get(PATH).links
    assert "/en/signals" in page("worker", device=True).get(f"{PATH}?lang=en").links


def test_nothing_can_be_sent_there(app: Flask, plant: Plant) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client_of(app, plant, "worker").post(PATH, headers=own).status_code == 405


def test_it_is_gone_with_its_time(page: Open, plant: Plant) -> None:
    noticed(plant, hurried(plant, "worker"))
    with plant.store.tx() as db:
        signals.erase_old(db, NOW_MS + 2 * signals.KEPT_MS)
    assert "没有提醒" in page("worker", device=True).get(PATH).text
