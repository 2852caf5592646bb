"""Enrolling a phone on the server's page: what a code may do, once, and what is said otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

import qr.code
from shiftapp.model import devices
from tests.page import Page
from tests.plant import NOW_MS, PUMPS, Clock, Plant

Open = Callable[..., Page]
OWN = {"Sec-Fetch-Site": "same-origin"}


def code_of(plant: Plant, part: str | None = "worker", kind: devices.CodeKind = "card") -> str:
    code = qr.code.make_code(plant.random(7))
    person = plant.id(part) if part else None
    with plant.store.tx() as db:
        devices.make_code(db, code, kind, person, plant.id("leader"), NOW_MS)
    return code


def test_a_card_shows_whose_phone_this_becomes_and_uses_nothing_up(
    page: Open, plant: Plant
) -> None:
    code = code_of(plant)
    for _ in range(2):
        html = page(None).get(f"/enrol/{code}")
        assert "张三" in html.text and "1001" in html.text
    assert plant.store.value("SELECT used_ms FROM enrol_code WHERE used_ms IS NOT NULL") is None


def test_the_form_enrols_and_signs_in(page: Open, plant: Plant) -> None:
    opened = page(None)
    html = opened.get(f"/enrol/{code_of(plant)}")
    home = opened.post("/enrol", html.form("/enrol"))
    assert "还有 22 分" in home.text and "张三" in home.text
    cookies = [opened.client.get_cookie(f"__Host-{name}") for name in ("dev", "sid")]
    assert all(one is not None and one.secure and one.http_only for one in cookies)


def test_a_code_typed_by_hand_is_folded(page: Open, plant: Plant) -> None:
    code = code_of(plant, kind="leader")
    typed = f" {code[:4].lower()} - {code[4:]} "
    assert "张三" in page(None).post("/enrol", {"code": typed}).text


def test_a_shared_phone_is_nobody_s(page: Open, plant: Plant) -> None:
    opened = page(None)
    html = opened.get(f"/enrol/{code_of(plant, None, 'shared')}")
    assert "公用手机" in html.text
    assert "先说你是谁" in opened.post("/enrol", html.form("/enrol")).text


@pytest.mark.parametrize(
    ("use", "at", "says"),
    [
        (True, "07:38", "这个登记码用过了"),
        (False, "07:50", "这个登记码过期了"),
    ],
)
def test_a_used_or_old_code_says_the_next_step(
    page: Open, plant: Plant, clock: Clock, use: bool, at: str, says: str
) -> None:
    code = code_of(plant, kind="leader")
    if use:
        page(None).post("/enrol", {"code": code})
    clock.at(at)
    assert says in page(None).get(f"/enrol/{code}", status=403).text
    html = page(None).post("/enrol", {"code": code}, status=403)
    assert says in html.text and "班长" in html.text
    assert html.form("/enrol")["code"] == code  # what was typed stays


@pytest.mark.parametrize("typed", ["", "7K2M", "7K2M41QF", "7K2M41QG", "登记码", "x" * 5000])
def test_an_unknown_code_is_refused_and_nothing_is_made(
    page: Open, plant: Plant, typed: str
) -> None:
    before = plant.store.value("SELECT COUNT(*) FROM device")
    html = page(None).post("/enrol", {"code": typed}, status=403)
    assert html.one("span", id="code-help").attrs["class"] == "bad"
    assert plant.store.value("SELECT COUNT(*) FROM device") == before


def test_guessing_is_slowed_down(page: Open) -> None:
    opened = page(None)
    for _ in range(5):
        opened.post("/enrol", {"code": "7K2M41QF"}, status=403)
    assert "试错太多次" in opened.post("/enrol", {"code": "7K2M41QF"}, status=429).text


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        (f"/W/{PUMPS}", f"/W/{PUMPS}"),
        (f"/F/{PUMPS}", f"/F/{PUMPS}"),
        ("//evil.example", "/W/"),
        ("https://evil.example/W/", "/W/"),
        ("/manage/", "/W/"),
        ("", "/W/"),
    ],
)
def test_afterwards_it_leads_to_a_page_of_the_worker(
    app: Flask, plant: Plant, wanted: str, leads: str
) -> None:
    data = {"code": code_of(plant), "next": wanted}
    answered = app.test_client().post("/enrol", data=data, headers=OWN)
    assert (answered.status_code, answered.headers["Location"]) == (303, leads)


def test_a_form_of_another_site_enrols_nobody(app: Flask, plant: Plant) -> None:
    code = code_of(plant)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answered = app.test_client().post("/enrol", data={"code": code}, headers=headers)
    assert answered.status_code == 403
    assert devices.code(plant.store, code, NOW_MS)["used_ms"] is None


def test_the_code_page_is_only_read(app: Flask, plant: Plant) -> None:
    assert app.test_client().post(f"/enrol/{code_of(plant)}", headers=OWN).status_code == 405
