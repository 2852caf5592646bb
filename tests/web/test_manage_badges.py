"""A badge code is issued at a desk, shown once, and opens a session on an enrolled phone."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import credentials, throttle
from shiftapp.model.people import Role
from shiftapp.web import manage_badges
from tests.managing import audited, scoped
from tests.openapi import DOCUMENT, faults
from tests.page import Html, Page
from tests.plant import Clock, Plant, client_of
from tests.web.test_session_api import OWN, refused, shared_phone, whose

PageOf = Callable[..., Page]
URL = "/api/v1/session"
SECRET = "7K2M41QF8T5NC0D5"


def of(plant: Plant, part: str = "worker") -> str:
    return f"/manage/people/{plant.id(part)}"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the QR codes of the pages say."""
    found: list[str] = []
    draw = qr.code.qr_svg

    def drawn(text: str, *, level: str = "Q") -> str:
        found.append(text)
        return draw(text, level=level)

    monkeypatch.setattr(manage_badges.qr.code, "qr_svg", drawn)
    return found


def issue(page: Page, plant: Plant, part: str = "worker", status: int = 200) -> Html:
    return page.post(f"{of(plant, part)}/badge", status=status)


def give_badge(plant: Plant, part: str, secret: str = SECRET) -> None:
    with plant.store.tx() as db:
        credentials.set_badge(db, plant.id(part), badge.key_of(secret))


# At the desk --------------------------------------------------------------------------------------


def test_a_badge_is_shown_once_to_print_with_whose_it_is(
    page: PageOf, plant: Plant, said: list[str]
) -> None:
    manager = page("manager")
    assert "没发" in manager.get(of(plant)).text
    html = issue(manager, plant)
    assert html.one("h1").text == "张三"
    assert "1001" in html.text and "丢了就再发一张，旧的马上失效。" in html.text
    (url,) = said
    assert re.fullmatch(r"HTTPS://AQ\.EXAMPLE\.CN/W/ME/[0-9A-HJKMNP-TV-Z]{16}", url)
    key = plant.store.value("SELECT badge_key FROM person WHERE no = '1001'")
    assert bytes(key) == badge.key_of(url[-16:])
    assert [(row["what"], row["about"]) for row in audited(plant)] == [
        ("badge.make", f"person:{plant.id('worker')}")
    ]
    assert url[-16:] not in manager.get(of(plant)).text
    assert "没发" not in manager.get(of(plant)).text
    assert "发工牌码" in page("admin").get("/manage/audit").text


def test_a_new_badge_ends_the_old_one_and_what_it_opened(
    app: Flask, page: PageOf, plant: Plant, said: list[str]
) -> None:
    phone = shared_phone(app, plant)
    issue(page("manager"), plant)
    assert hold(phone, said[0][-16:]).status_code == 200
    issue(page("manager"), plant)
    assert whose(phone) is None
    refused(hold(phone, said[0][-16:]), 403, "wrong_badge")
    assert hold(phone, said[1][-16:]).status_code == 200


@pytest.mark.parametrize("part", ["worker", "leader", "inspector", "signatory"])
def test_only_who_edits_people_issues_one(page: PageOf, plant: Plant, part: str) -> None:
    issue(page(part), plant, status=403)
    assert plant.store.value("SELECT badge_key FROM person WHERE no = '1001'") is None


def test_nobody_issues_one_above_their_own_access_or_outside_their_scope(
    page: PageOf, plant: Plant
) -> None:
    issue(page("manager"), plant, "admin", status=403)
    scoped(plant, "manager", Role("manager", "crew", "YI"))
    issue(page("manager"), plant, status=403)
    page("manager").post("/manage/people/nobody/badge", status=404)
    page("manager").get(f"{of(plant)}/badge", 405)


def test_who_has_left_gets_none(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("worker"))
    assert "已离职" in issue(page("manager"), plant, status=409).text
    assert not page("manager").get(of(plant)).all("form", action=f"{of(plant)}/badge")


# At the phone -------------------------------------------------------------------------------------


@pytest.fixture
def phone(app: Flask, plant: Plant) -> FlaskClient:
    """A shared phone; 张三 has a badge."""
    give_badge(plant, "worker")
    return shared_phone(app, plant)


def hold(phone: FlaskClient, said: object) -> TestResponse:
    """Hold a badge to a phone."""
    return phone.post(URL, json={"badge": said}, headers=OWN)


def test_a_badge_opens_a_session_on_this_device(phone: FlaskClient, plant: Plant) -> None:
    answer = hold(phone, SECRET)
    assert answer.status_code == 200
    assert faults(answer.get_json(), DOCUMENT["components"]["schemas"]["SessionAnswer"]) == []
    assert answer.get_json()["person"]["id"] == plant.id("worker")
    assert whose(phone) == "1001"
    row = plant.store.row("SELECT device FROM session WHERE how = 'badge'")
    assert row is not None and row["device"] is not None


@pytest.mark.parametrize(
    "typed", ["7k2m-41qf-8t5n-cod5", " 7K2M 4iQF 8T5N C0D5 ", "7K2M4LQF8T5NCOD5"]
)
def test_it_is_read_as_a_station_code_is(phone: FlaskClient, typed: str) -> None:
    assert hold(phone, typed).status_code == 200


@pytest.mark.parametrize("said", ["", "7K2M", SECRET + "0", "U" * 16, "中" * 16, "0" * 16])
def test_what_is_no_badge_of_ours_is_one_answer(phone: FlaskClient, said: str) -> None:
    refused(hold(phone, said), 403, "wrong_badge")


@pytest.mark.parametrize("said", [None, 7, ["x"], {}])
def test_a_badge_is_a_text(phone: FlaskClient, said: object) -> None:
    refused(hold(phone, said), 400, "shape")


def test_a_badge_of_who_has_left_opens_nothing(phone: FlaskClient, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("worker"))
    refused(hold(phone, SECRET), 403, "wrong_badge")


def test_a_badge_opens_nothing_on_a_browser_that_nobody_enrolled(app: Flask, plant: Plant) -> None:
    give_badge(plant, "worker")
    refused(hold(client_of(app, plant, None), SECRET), 401, "device_unknown")


def test_a_badge_opens_nothing_on_a_personal_phone(app: Flask, plant: Plant) -> None:
    """Not even its owner's: there a session lasts for weeks."""
    give_badge(plant, "worker")
    for part in ("worker", "mate"):
        phone = client_of(app, plant, part, device=True)
        for said in (SECRET, "0" * 16):
            refused(hold(phone, said), 403, "badge_shared_only")
    assert plant.store.value("SELECT COUNT(*) FROM session WHERE how = 'badge'") == 0
    assert plant.store.value("SELECT COUNT(*) FROM attempt") == 0  # nobody guessed


def test_why_a_badge_is_refused_is_said_in_english_too(app: Flask, plant: Plant) -> None:
    phone = client_of(app, plant, "worker", device=True)
    assert hold(phone, SECRET).get_json()["detail"] == "工牌只在共用手机上用。"
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=plant.id("worker"))
    assert hold(phone, SECRET).get_json()["detail"] == "A badge is for shared phones only."


def test_guesses_of_a_device_are_limited_by_the_day_and_take_no_pin_away(
    phone: FlaskClient, plant: Plant, clock: Clock
) -> None:
    key = throttle.day("badge", device_of(plant), clock.ms)[0]
    with plant.store.tx() as db:
        for _ in range(throttle.ADDRESS_DAILY_LIMIT - 1):
            throttle.failed_today(db, key, clock.ms, clock.ms, throttle.ADDRESS_DAILY_LIMIT)
    assert hold(phone, SECRET).status_code == 200
    refused(hold(phone, "0" * 16), 403, "wrong_badge")
    refused(hold(phone, SECRET), 429, "throttled")
    pair = {"no": "1001", "pin": "000000"}
    refused(phone.post(URL, json=pair, headers=OWN), 403, "no_pin")  # not throttled
    clock.ms += 24 * 3_600_000
    assert hold(phone, SECRET).status_code == 200


def device_of(plant: Plant) -> str:
    return str(plant.store.value("SELECT id FROM device WHERE kind = 'shared'"))


def test_what_a_badge_opened_is_good_for_a_worker_s_pages_only(
    phone: FlaskClient, plant: Plant
) -> None:
    give_badge(plant, "worker", "0" * 16)
    give_badge(plant, "leader")
    hold(phone, SECRET)
    assert whose(phone) == "1010"
    assert phone.get("/W/mine").status_code == 200
    assert phone.get("/board/JIA/2026-11-24/D").status_code in (302, 303, 401)


# The address that a badge says --------------------------------------------------------------------


@pytest.mark.parametrize("way", ["/W/ME/", "/W/me/"])
@pytest.mark.parametrize("part", [None, "worker"])
def test_the_phone_s_own_camera_leads_to_a_sentence_and_signs_nobody_in(
    app: Flask, page: PageOf, plant: Plant, way: str, part: str | None
) -> None:
    give_badge(plant, "worker")
    html = page(part).get(f"{way}{SECRET}")
    assert "这是个人工牌" in html.text and SECRET not in html.text
    assert html.one("body").attrs["data-view"] == "badge"
    client = client_of(app, plant, None)
    answer = client.get(f"{way}{SECRET}")
    assert "Set-Cookie" not in answer.headers and SECRET not in answer.text
    assert plant.store.value("SELECT COUNT(*) FROM session WHERE how = 'badge'") == 0


def test_the_secret_is_in_no_line_of_the_log(
    app: Flask, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(app, plant, None)
    client.get(f"/W/ME/{SECRET}")
    client.get(f"/W/me/{SECRET}/more")
    assert any("GET /W/ME/<secret> 200" in line for line in caplog.messages)
    assert SECRET not in caplog.text
