"""`POST /api/v1/enrol`: a code becomes a device, once."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import qr.code
from shiftapp.ledger.encoding import b64u
from shiftapp.model import devices, people
from tests.openapi import DOCUMENT, faults
from tests.outbox import Outbox
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.sealing import commit_body, wire

URL = "/api/v1/enrol"
POINT = (
    ec.derive_private_key(3, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)


def code_for(plant: Plant, part: str | None, kind: devices.CodeKind = "leader") -> str:
    code = qr.code.make_code(plant.random(7))
    with plant.store.tx() as db:
        owner = plant.id(part) if part else None
        devices.make_code(db, code, kind, owner, plant.id("leader"), NOW_MS)
    return code


@pytest.fixture
def browser(app: Flask, plant: Plant) -> FlaskClient:
    """A phone that nobody has enrolled."""
    return client_of(app, plant, None)


def ask(browser: FlaskClient, **sent: Any) -> TestResponse:
    return browser.post(URL, json=sent, headers={"Sec-Fetch-Site": "same-origin"})


def refused(answer: TestResponse, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["leader", "card"])
def test_a_code_makes_a_device_and_signs_its_owner_in(
    browser: FlaskClient, plant: Plant, kind: devices.CodeKind
) -> None:
    code = code_for(plant, "worker", kind)
    answer = ask(browser, code=qr.code.format_code(code).lower(), pubkey=b64u(POINT))
    told = answer.get_json()
    assert answer.status_code == 200
    assert faults(told, DOCUMENT["components"]["schemas"]["EnrolAnswer"]) == []
    assert told["device"]["kind"] == "personal"
    assert told["person"]["id"] == plant.id("worker")
    row = devices.device_row(plant.store, told["device"]["id"])
    assert bytes(row["pubkey"]) == POINT
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith(("__Host-dev=", "__Host-sid="))
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    how = plant.store.value("SELECT how FROM session WHERE device = :d", d=row["id"])
    assert how == ("card" if kind == "card" else "code")


def test_the_new_device_delivers_at_once(app: Flask, browser: FlaskClient, plant: Plant) -> None:
    ask(browser, code=code_for(plant, "worker"))
    outbox = Outbox(app, plant, None)
    outbox.client = browser
    (result,) = outbox.results(wire(commit_body(plant, "worker")))
    assert result["flags"] == ["other_device"]


def test_a_shared_device_belongs_to_nobody(browser: FlaskClient, plant: Plant) -> None:
    told = ask(browser, code=code_for(plant, None, "shared")).get_json()
    assert (told["device"]["kind"], told["person"]) == ("shared", None)


def test_a_code_is_used_once(app: Flask, browser: FlaskClient, plant: Plant) -> None:
    code = code_for(plant, "worker")
    assert ask(browser, code=code).status_code == 200
    refused(ask(client_of(app, plant, None), code=code), 403, "code_used")


@pytest.mark.parametrize(
    ("kind", "lasts_ms"), [("leader", devices.LEADER_MS), ("card", devices.CARD_MS)]
)
def test_a_code_lasts_its_time_and_no_longer(
    browser: FlaskClient, plant: Plant, clock: Clock, kind: devices.CodeKind, lasts_ms: int
) -> None:
    code, other = code_for(plant, "worker", kind), code_for(plant, "mate", kind)
    clock.ms = NOW_MS + lasts_ms
    refused(ask(browser, code=code), 403, "code_expired")
    clock.ms -= 1
    assert ask(browser, code=other).status_code == 200


@pytest.mark.parametrize("typed", ["", "nonsense", "7K2M-41QX", "00000000", "班班班班", "x" * 500])
def test_an_unknown_code_is_refused(browser: FlaskClient, plant: Plant, typed: str) -> None:
    refused(ask(browser, code=typed), 403, "code_unknown")


def test_guessing_codes_is_slowed_down_but_mistyping_is_not(
    browser: FlaskClient, plant: Plant, clock: Clock
) -> None:
    for _ in range(12):
        refused(ask(browser, code="7K2M-41QX"), 403, "code_unknown")  # its check symbol is wrong
    for _ in range(5):
        guess = qr.code.make_code(plant.random(7))
        refused(ask(browser, code=guess), 403, "code_unknown")
    good = code_for(plant, "worker", "card")
    answer = ask(browser, code=good)
    refused(answer, 429, "throttled")
    assert answer.headers["Retry-After"] == "30"
    clock.ms += 30_000
    assert ask(browser, code=good).status_code == 200


def test_old_cards_do_not_lock_a_plant_out(
    browser: FlaskClient, plant: Plant, clock: Clock
) -> None:
    codes = [code_for(plant, "worker") for _ in range(8)]
    clock.ms = NOW_MS + devices.LEADER_MS
    for code in codes:
        refused(ask(browser, code=code), 403, "code_expired")


def test_a_browser_enrolled_again_for_its_owner_stays_the_same_device(
    browser: FlaskClient, plant: Plant
) -> None:
    first = ask(browser, code=code_for(plant, "worker")).get_json()["device"]["id"]
    again = ask(browser, code=code_for(plant, "worker")).get_json()["device"]["id"]
    other = ask(browser, code=code_for(plant, "mate")).get_json()["device"]["id"]
    assert first == again != other


def test_a_revoked_browser_enrolled_again_is_a_new_device(
    browser: FlaskClient, plant: Plant
) -> None:
    first = ask(browser, code=code_for(plant, "worker")).get_json()["device"]["id"]
    with plant.store.tx() as db:
        devices.revoke(db, first, "x", NOW_MS)
    again = ask(browser, code=code_for(plant, "worker")).get_json()["device"]["id"]
    assert first != again


def test_who_has_left_has_no_device(browser: FlaskClient, plant: Plant) -> None:
    code = code_for(plant, "worker")
    with plant.store.tx() as db:
        people.save_person(db, people.Person(plant.id("worker"), "1001", "张三", active=0), NOW_MS)
    refused(ask(browser, code=code), 403, "person_gone")


@pytest.mark.parametrize(
    "pubkey",
    ["", "A" * 87, "A" * 86, 7, [], b64u(POINT[:-1]), b64u(b"\x04" + bytes(64)), b64u(POINT) + "="],
)
def test_a_key_that_is_no_point_is_refused_and_the_code_stays_good(
    browser: FlaskClient, plant: Plant, pubkey: Any
) -> None:
    code = code_for(plant, "worker")
    refused(ask(browser, code=code, pubkey=pubkey), 400, "shape")
    assert ask(browser, code=code, pubkey=None).status_code == 200


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"code":7}', b"\xff", b"{}"])
def test_what_is_no_request_is_refused(browser: FlaskClient, data: bytes) -> None:
    answer = browser.post(URL, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    refused(answer, 400, "shape")


def test_too_much_is_refused(browser: FlaskClient) -> None:
    refused(ask(browser, code="x" * 20_000), 413, "request_too_big")


def test_a_foreign_page_uses_no_code_up(browser: FlaskClient, plant: Plant) -> None:
    code = code_for(plant, "worker")
    refused(browser.post(URL, json={"code": code}), 403, "foreign_origin")
    assert ask(browser, code=code).status_code == 200


def test_a_wrong_method(browser: FlaskClient) -> None:
    refused(browser.get(URL), 405, "wrong_method")
