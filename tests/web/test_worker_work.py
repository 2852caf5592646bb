"""The work I guard on my own phone: until when, when gas is due, and one tap for a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.announcing import at
from tests.page import Page
from tests.permits import cancel, close, gas, register, work
from tests.plant import Clock, Plant
from tests.web.test_worker_shifts import session_of

Open = Callable[..., Page]
PATH = "/W/mine/work"


def test_a_guardian_sees_permit_window_and_countdown(
    page: Open, plant: Plant, clock: Clock
) -> None:
    id = register(plant)
    gas(plant, id, at("08:40"))
    clock.at("09:00")
    text = page("worker", device=True).get(PATH).text
    for said in (
        "一级动火 DH-1124-01",
        "P-201 泵区北侧",
        "11-24 08:30–12:00",
        "剩 3 小时 0 分",
        "08:40 合格",
        "1 小时 40 分 后再测",
        "进行中",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("now", "said"),
    [("08:40", "气检过时"), ("12:01", "超时没关"), ("08:00", "没开始")],
)
def test_what_is_over_has_a_sign_and_a_word(
    page: Open, plant: Plant, clock: Clock, now: str, said: str
) -> None:
    register(plant)
    clock.at(now)
    badge = page("worker", device=True).get(PATH).one("span", class_="badge")
    assert badge.text == said and badge.children[0].tag == "svg"


def test_one_tap_enters_the_test_of_now(page: Open, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    phone = page("worker", device=True)
    html = phone.post(f"{PATH}/{id}/gas", {"passed": "1", "result": "LEL 0 %，O₂ 20.8 %"})
    assert "09:00 合格" in html.text
    newest = work(plant, id, at("09:00")).gas
    assert newest is not None
    assert (newest["by_person"], newest["result"]) == (plant.id("worker"), "LEL 0 %，O₂ 20.8 %")
    assert "停下，处理后再测" in phone.post(f"{PATH}/{id}/gas", {"passed": "0"}).text


def test_a_refusal_stands_at_its_permit(page: Open, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    html = page("worker", device=True).post(f"{PATH}/{id}/gas", {}, 422)
    fault = html.one("p", role="alert")
    assert fault.text == "选合格或者不合格。" and fault.inside("section")


def test_who_works_on_it_sees_it_and_enters_nothing(page: Open, plant: Plant, clock: Clock) -> None:
    id = register(plant, workers=("1002",))
    clock.at("09:00")
    html = page("mate", device=True).get(PATH)
    assert "DH-1124-01" in html.text and not html.all("form", action=f"{PATH}/{id}/gas")
    page("mate", device=True).post(f"{PATH}/{id}/gas", {"passed": "1"}, 403)
    page("chen", device=True).post(f"{PATH}/{id}/gas", {"passed": "1"}, 403)
    page("chen", device=True).post(f"{PATH}/99/gas", {"passed": "1"}, 403)
    assert plant.store.value("SELECT COUNT(*) FROM gas_test") == 0


def test_nothing_of_others_and_nothing_that_has_ended_is_there(
    page: Open, plant: Plant, clock: Clock
) -> None:
    register(plant, "OTHERS", guardians=("1002",))
    clock.at("09:00")
    close(plant, register(plant, "CLOSED"), at("09:00"))
    cancel(plant, register(plant, "CANCELLED"), at("09:00"))
    text = page("worker", device=True).get(PATH).text
    assert "票上没有你" in text
    assert not [no for no in ("OTHERS", "CLOSED", "CANCELLED") if no in text]


def test_after_the_work_has_ended_a_test_is_refused(page: Open, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    close(plant, id, at("09:00"))
    html = page("worker", device=True).post(f"{PATH}/{id}/gas", {"passed": "1"}, 409)
    assert "已经关闭或者取消" in html.one("p", role="alert").text


def test_a_stranger_is_asked_who_they_are(page: Open, plant: Plant) -> None:
    register(plant)
    text = page(None).get(PATH).text
    assert "先说你是谁" in text and "DH-1124-01" not in text
    answer = page(None).client.post(f"{PATH}/1/gas", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303 and "/login" in answer.headers["Location"]


def test_a_dropped_badge_enters_no_test(app: Flask, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("08:35")
    badge = session_of(app, plant, "badge", device=True)
    assert "DH-1124-01" not in badge.get(PATH).text
    Page(badge).post(f"{PATH}/{id}/gas", {"passed": "1"}, 403)
    Page(session_of(app, plant, "pin", device=True)).post(f"{PATH}/{id}/gas", {"passed": "1"})
    assert plant.store.value("SELECT COUNT(*) FROM gas_test") == 1


def test_a_foreign_page_enters_nothing(page: Open, plant: Plant) -> None:
    id = register(plant)
    client = page("worker", device=True).client
    answer = client.post(
        f"{PATH}/{id}/gas", data={"passed": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_the_first_page_and_the_page_about_me_lead_there(page: Open, plant: Plant) -> None:
    phone = page("worker", device=True)
    assert PATH in phone.get("/W/mine").links and PATH not in phone.get("/W/").links
    assert "写着我的作业票" not in phone.get("/W/mine").text
    register(plant)
    assert "写着我的作业票 1 张" in phone.get("/W/mine").text
    html = phone.get("/W/")
    assert PATH in html.links and "你在 1 张作业票上" in html.text
    assert PATH not in page("chen", device=True).get("/W/").links
