"""Signing in at a desk, and out of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import credentials, sessions, throttle
from shiftapp.problems import Problem
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant
from tests.web.plain import url

Open = Callable[..., Page]
PASSWORD = "gate seven opens north"
WRONG = "工号或密码不对。再看一遍，或者找管理员重设。"


@pytest.fixture
def known(plant: Plant) -> Plant:
    """The manager has a password."""
    hashed = credentials.hash_secret(PASSWORD, plant.keys.pin_pepper)
    with plant.store.tx() as db:
        credentials.set_password(db, plant.id("manager"), hashed)
    return plant


def sign_in(browser: Page, no: str = "9001", password: str = PASSWORD, **more: str) -> int:
    response = browser.client.post(
        "/login",
        data={"no": no, "password": password, **more},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return response.status_code


def test_number_and_password_lead_to_ones_work(page: Open, known: Plant) -> None:
    browser = page(None)
    html = browser.post("/login", {"no": " 9001 ", "password": PASSWORD})
    assert browser.response is not None and html.one("h1").text
    assert known.store.value("SELECT how FROM session WHERE how = 'password'") == "password"


@pytest.mark.parametrize(
    ("no", "password"), [("9001", "wrong"), ("7777", PASSWORD), ("9002", PASSWORD), ("", "")]
)
def test_wrong_number_and_wrong_password_look_the_same(
    page: Open, known: Plant, no: str, password: str
) -> None:
    html = page(None).post("/login", {"no": no, "password": password}, status=403)
    assert html.one("p", id="fault").text == WRONG
    assert html.one("input", id="no").attrs["value"] == no
    assert "value" not in html.one("input", id="password").attrs


def test_a_wrong_password_keeps_where_one_was_going(page: Open, known: Plant) -> None:
    html = page(None).post("/login", {"no": "9001", "password": "x", "next": "/board"}, status=403)
    assert html.form("/login") == {"next": "/board", "no": "9001", "password": ""}


def test_wrong_passwords_cost_waiting(page: Open, known: Plant, clock: Clock) -> None:
    browser = page(None)
    assert [sign_in(browser, password="x") for _ in range(5)] == [403] * 5
    assert sign_in(browser) == 429
    assert sign_in(browser, "9002", "x") == 403  # nobody else waits
    clock.ms += 31_000
    assert sign_in(browser) == 303


def test_an_address_that_goes_through_all_numbers_waits_for_the_next_day(
    page: Open, known: Plant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS_DAILY_LIMIT", 8)
    browser = page(None)
    assert {sign_in(browser, str(no), "x") for no in range(7)} == {403}
    assert sign_in(browser) == 303  # the address still has tries left
    browser = page(None)
    assert sign_in(browser, "8", "x") == 403
    assert sign_in(browser) == 429  # the right password too: guessing must not be told
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(browser) == 303  # nobody elsewhere waits
    browser = page(None)
    clock.ms = (clock.ms // throttle.DAY_MS + 1) * throttle.DAY_MS
    assert sign_in(browser) == 303


def test_a_plant_behind_one_address_may_be_wrong_often() -> None:
    assert throttle.ADDRESS_DAILY_LIMIT >= 200


def test_a_hundred_guesses_at_one_moment_are_five(plant: Plant) -> None:
    with plant.store.tx() as db:
        for _ in range(100):
            throttle.check(db, "key", NOW_MS)
        for _ in range(throttle.FREE_TRIES):
            throttle.failed(db, "key", NOW_MS)
        with pytest.raises(Problem) as refused:
            throttle.admit(db, "key", NOW_MS)
    assert refused.value.code == "throttled"


def test_a_number_as_long_as_a_book_is_not_kept(page: Open, plant: Plant) -> None:
    assert sign_in(page(None), "9" * 100_000, "x") == 403
    page(None).post(url(plant), {"no": "9" * 100_000, "pin": "482913"}, status=403)
    assert plant.store.value("SELECT MAX(LENGTH(key)) FROM attempt") < 150


def test_the_time_to_wait_is_said_twice(page: Open, known: Plant) -> None:
    browser = page(None)
    for _ in range(5):
        sign_in(browser, password="x")
    html = browser.post("/login", {"no": "9001", "password": PASSWORD}, status=429)
    assert "等 30 秒再试" in html.text


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/manage/people?x=1", "/manage/people?x=1"),
        ("", "/home"),
        ("https://evil.example/", "/home"),
        ("//evil.example/", "/home"),
        ("/\\evil.example/", "/home"),
        ("/\t/evil.example/", "/home"),
        ("/a\\..\\evil.example", "/home"),
        ("/a\r\nSet-Cookie: x=1", "/home"),
        ("javascript:alert(1)", "/home"),
        ("board", "/home"),
    ],
)
def test_one_goes_on_within_the_house_only(
    page: Open, known: Plant, wanted: str, goes: str
) -> None:
    response = page(None).client.post(
        "/login",
        data={"no": "9001", "password": PASSWORD, "next": wanted},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert (response.status_code, response.headers["Location"]) == (303, goes)


def test_a_page_that_needs_somebody_comes_back_after_signing_in(page: Open, known: Plant) -> None:
    response = page(None).client.get("/home?x=1")
    assert response.status_code == 303
    assert response.headers["Location"] == "/login?next=/home?x%3D1"


def test_somebody_signed_in_is_led_on(page: Open) -> None:
    assert page("manager").client.get("/login").headers["Location"] == "/home"


PASSWORD_PAGES = {
    "manager": ("/manage", "/manage/people", "/manage/exchange"),
    "admin": ("/manage", "/manage/settings"),
    "inspector": ("/manage",),
}


@pytest.mark.parametrize(
    ("part", "url"), [(part, url) for part, urls in PASSWORD_PAGES.items() for url in urls]
)
def test_managing_needs_a_session_by_password(page: Open, part: str, url: str) -> None:
    html = page(part, device=True).get(url, status=403)
    assert "这里要用密码登录" in html.one("h1").text and "needs_password" in html.text
    [on] = [link for link in html.links if link.startswith("/login")]
    page(part).get(url)  # by password
    browser = page(part, device=True)
    html = browser.get(on)  # and not led straight back
    assert html.form("/login")["next"] == url


def test_a_pin_on_an_enrolled_device_changes_nothing_of_the_plant(page: Open, plant: Plant) -> None:
    browser = page("manager", device=True)
    with plant.store.tx() as db:
        db.run("UPDATE session SET how = 'pin' WHERE person = :p", p=plant.id("manager"))
    html = browser.post("/manage/new/area", {"code": "A9"}, status=403)
    assert "needs_password" in html.text
    assert [link for link in html.links if link.startswith("/login")] == ["/login?next=/home"]
    browser.post("/publish/delegations", {"no": "1001"}, status=403)


def test_a_leaders_phone_opens_the_board_and_nothing_above(page: Open) -> None:
    phone = page("leader", device=True)
    phone.get("/board")
    html = phone.get("/manage", status=403)
    assert "wrong_role" in html.text  # the role comes first: a password would not help
    assert "wrong_role" in page("worker", device=True).get("/publish", status=403).text


def test_on_a_phone_the_way_home_leads_to_what_opens(page: Open) -> None:
    doors = {"leader": "/board", "manager": "/W/", "admin": "/W/", "signatory": "/publish"}
    for part, door in doors.items():
        response = page(part, device=True).client.get("/home")
        assert response.headers["Location"].startswith(door), part


def test_signing_out_ends_the_session_on_the_server(page: Open, plant: Plant) -> None:
    browser = page("manager")
    secret = browser.client.get_cookie("__Host-sid")
    assert secret is not None
    browser.client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert browser.client.get_cookie("__Host-sid") is None
    assert sessions.find(plant.store, secret.value, NOW_MS) is None


def test_a_revoked_session_is_nobody(page: Open, plant: Plant) -> None:
    browser = page("manager")
    with plant.store.tx() as db:
        sessions.end_all(db, plant.id("manager"), NOW_MS)
    assert browser.client.get("/home").headers["Location"].startswith("/login")


def test_an_inactive_person_is_nobody(page: Open, known: Plant) -> None:
    browser = page("manager")
    with known.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=known.id("manager"))
    assert browser.client.get("/home").headers["Location"].startswith("/login")
    assert sign_in(page(None)) == 403


def test_a_session_ends_after_twelve_hours_untouched(
    page: Open, known: Plant, clock: Clock
) -> None:
    browser = page(None)
    sign_in(browser)
    clock.ms += sessions.DESK_MS - 60_000
    assert browser.client.get("/login").status_code == 303  # and this moves the end along
    clock.ms += sessions.DESK_MS + 1
    assert browser.client.get("/login").status_code == 200


def test_a_cookie_made_up_is_nobody(page: Open) -> None:
    browser = page(None)
    browser.client.set_cookie("__Host-sid", "x" * 43, domain="localhost", secure=True)
    assert browser.client.get("/home").headers["Location"].startswith("/login")


def test_each_part_of_the_cast_is_led_to_its_door(page: Open) -> None:
    doors = {
        "leader": "/board",
        "manager": "/manage",
        "admin": "/manage",
        "signatory": "/publish",
        "inspector": "/board",
        "worker": "/W/",
    }
    for part, door in doors.items():
        response = page(part).client.get("/home")
        assert response.headers["Location"].startswith(door), part
