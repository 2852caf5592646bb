"""`/api/v1/session`: employee number and PIN on an enrolled device, throttled."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import qr.code
from shiftapp.model import credentials, devices, sessions, throttle
from tests.openapi import DOCUMENT, faults
from tests.plant import NOW_MS, Clock, Plant, client_of

URL = "/api/v1/session"
OWN = {"Sec-Fetch-Site": "same-origin"}
PIN = "482913"


@pytest.fixture
def hashed(plant: Plant) -> str:
    return credentials.hash_secret(PIN, plant.keys.pin_pepper)


@pytest.fixture
def phone(app: Flask, plant: Plant, hashed: str) -> FlaskClient:
    """A shared phone; 张三 and 李四 have a PIN."""
    with plant.store.tx() as db:
        for part in ("worker", "mate"):
            credentials.set_pin(db, plant.id(part), hashed)
    return shared_phone(app, plant)


def shared_phone(app: Flask, plant: Plant) -> FlaskClient:
    code, secret = qr.code.make_code(plant.random(7)), plant.random(16).hex()
    device = f"d0000000-0000-4000-8000-{plant.random(6).hex()}"
    with plant.store.tx() as db:
        devices.make_code(db, code, "shared", None, "x", NOW_MS)
        devices.enrol(db, code, device=device, secret=secret, pubkey=None, held=None, now_ms=NOW_MS)
    client = client_of(app, plant, None)
    client.set_cookie("__Host-dev", secret, domain="localhost", secure=True, path="/")
    return client


def sign_in(phone: FlaskClient, no: str = "1001", pin: str = PIN) -> TestResponse:
    return phone.post(URL, json={"no": no, "pin": pin}, headers=OWN)


def refused(answer: TestResponse, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert "Set-Cookie" not in answer.headers


def whose(phone: FlaskClient) -> str | None:
    person = phone.get("/api/v1/pack").get_json()["person"]
    return person["no"] if person else None


def test_number_and_pin_open_a_session_on_this_device(phone: FlaskClient, plant: Plant) -> None:
    answer = sign_in(phone, " 1001 ")
    assert answer.status_code == 200
    assert faults(answer.get_json(), DOCUMENT["components"]["schemas"]["SessionAnswer"]) == []
    assert answer.get_json()["person"]["id"] == plant.id("worker")
    assert whose(phone) == "1001"
    row = plant.store.row("SELECT * FROM session WHERE how = 'pin'")
    assert row is not None and row["device"] is not None


def test_a_shared_phone_forgets_after_ten_idle_minutes(phone: FlaskClient, clock: Clock) -> None:
    sign_in(phone)
    clock.ms += sessions.SHARED_IDLE_MS - 1
    assert whose(phone) == "1001"  # and that was a sign of life
    clock.ms += sessions.SHARED_IDLE_MS - 1
    assert whose(phone) == "1001"
    clock.ms += sessions.SHARED_IDLE_MS
    assert whose(phone) is None


def test_another_person_takes_over(phone: FlaskClient) -> None:
    sign_in(phone)
    assert sign_in(phone, "1002").status_code == 200
    assert whose(phone) == "1002"


def test_taking_over_ends_the_session_of_who_was_there(
    phone: FlaskClient, plant: Plant, clock: Clock
) -> None:
    """Else its public id could be written into a record that somebody else seals."""
    sign_in(phone)
    plant.session("mate", plant.device("mate")[0])
    clock.ms += 60_000
    sign_in(phone, "1002")
    ended = plant.store.rows(
        "SELECT person, how, revoked_ms FROM session WHERE revoked_ms IS NOT NULL ORDER BY sid"
    )
    assert ended == [{"person": plant.id("worker"), "how": "pin", "revoked_ms": clock.ms}]


def test_the_same_person_signing_in_again_ends_nothing(phone: FlaskClient, plant: Plant) -> None:
    sign_in(phone)
    sign_in(phone)
    assert plant.store.value("SELECT COUNT(*) FROM session WHERE revoked_ms IS NOT NULL") == 0


def test_signing_out_leaves_the_device(phone: FlaskClient) -> None:
    sign_in(phone)
    answer = phone.delete(URL, headers=OWN)
    assert (answer.status_code, answer.data) == (204, b"")
    assert whose(phone) is None
    assert phone.delete(URL, headers=OWN).status_code == 204


@pytest.mark.parametrize(("no", "pin"), [("1001", "000000"), ("77", PIN), ("", ""), ("1001", "")])
def test_a_wrong_pair_is_one_answer_whatever_is_wrong(
    phone: FlaskClient, no: str, pin: str
) -> None:
    refused(sign_in(phone, no, pin), 403, "wrong_pin")


def test_somebody_without_a_pin_is_told_where_to_get_one(phone: FlaskClient) -> None:
    refused(sign_in(phone, "1003"), 403, "no_pin")


def test_five_tries_are_free_then_each_waits_longer(phone: FlaskClient, clock: Clock) -> None:
    for _ in range(throttle.FREE_TRIES):
        refused(sign_in(phone, pin="000000"), 403, "wrong_pin")
    answer = sign_in(phone)
    refused(answer, 429, "throttled")
    assert answer.headers["Retry-After"] == "30"
    clock.ms += 30_000
    refused(sign_in(phone, pin="000000"), 403, "wrong_pin")
    assert sign_in(phone).headers["Retry-After"] == "60"
    clock.ms += 60_000
    assert sign_in(phone).status_code == 200
    refused(sign_in(phone, pin="000000"), 403, "wrong_pin")  # free tries again


def test_nobody_can_lock_a_colleague_out(app: Flask, phone: FlaskClient, plant: Plant) -> None:
    for _ in range(throttle.FREE_TRIES):
        sign_in(phone, pin="000000")
    refused(sign_in(phone), 429, "throttled")
    assert sign_in(phone, "1002").status_code == 200  # another number on the same phone
    assert sign_in(shared_phone(app, plant)).status_code == 200  # the same on another phone


def test_twenty_wrong_tries_a_day_stop_a_phone_until_midnight(
    phone: FlaskClient, clock: Clock
) -> None:
    for number in range(throttle.DAILY_LIMIT):
        refused(sign_in(phone, str(5000 + number)), 403, "wrong_pin")
    refused(sign_in(phone), 429, "throttled")
    clock.ms += 24 * 3_600_000
    assert sign_in(phone).status_code == 200


def test_a_browser_that_nobody_enrolled_has_no_session(app: Flask, plant: Plant) -> None:
    refused(sign_in(client_of(app, plant, None)), 401, "device_unknown")


@pytest.mark.parametrize(
    "sent", [{}, {"no": "1001"}, {"no": 1001, "pin": PIN}, {"no": "1", "pin": 1}]
)
def test_both_must_be_texts(phone: FlaskClient, sent: dict[str, object]) -> None:
    refused(phone.post(URL, json=sent, headers=OWN), 400, "shape")


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
@pytest.mark.parametrize("name", ["no", "pin"])
def test_a_text_that_no_database_holds_is_refused(phone: FlaskClient, name: str, text: str) -> None:
    refused(phone.post(URL, json={"no": "1001", "pin": PIN, name: text}, headers=OWN), 400, "shape")


def test_a_foreign_page_neither_signs_in_nor_out(phone: FlaskClient) -> None:
    sign_in(phone)
    for ask in (phone.post, phone.delete):
        refused(ask(URL, json={"no": "1002", "pin": PIN}), 403, "foreign_origin")
    assert whose(phone) == "1001"


def test_a_wrong_method(phone: FlaskClient) -> None:
    refused(phone.get(URL), 405, "wrong_method")
