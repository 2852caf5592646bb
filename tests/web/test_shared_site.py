"""A shared phone at a second site knows the people of that site, also when nobody is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import credentials, devices, places
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.web.test_session_api import OWN

FIRST = places.Site("A0", "总厂", "Head plant", phone="0393-000 0999")
BADGE = "7K2M41QF8T5NC0D5"


@pytest.fixture
def plant(plant: Plant) -> Plant:
    """The crews are at the second of two sites; 张三 and the manager, of no crew, have a badge."""
    with plant.store.tx() as db:
        places.save_site(db, FIRST)
        credentials.set_badge(db, plant.id("worker"), badge.key_of(BADGE))
        credentials.set_badge(db, plant.id("manager"), badge.key_of(BADGE[::-1]))
    return plant


def phone_by(app: Flask, plant: Plant, by: str, phone: FlaskClient | None = None) -> FlaskClient:
    """A browser that uses a code for a shared phone, made by somebody (person id or a word)."""
    code = qr.code.make_code(plant.random(7))
    with plant.store.tx() as db:
        devices.make_code(db, code, "shared", None, by, NOW_MS)
    phone = phone or client_of(app, plant, None)
    assert phone.post("/api/v1/enrol", json={"code": code}, headers=OWN).status_code == 200
    return phone


def told(phone: FlaskClient) -> tuple[str | None, bool]:
    """The English name of the site of the pack, and whether it carries anybody."""
    content: dict[str, Any] = phone.get("/api/v1/pack").get_json()
    return content["site"] and content["site"]["name_en"], bool(content["people"])


def hold(phone: FlaskClient, secret: str) -> None:
    answer = phone.post("/api/v1/session", json={"badge": secret}, headers=OWN)
    assert answer.status_code == 200


def leave(phone: FlaskClient) -> None:
    assert phone.delete("/api/v1/session", headers=OWN).status_code == 204


def test_it_is_where_the_leader_works_who_had_it_enrolled(app: Flask, plant: Plant) -> None:
    phone = phone_by(app, plant, plant.id("leader"))
    assert told(phone) == ("Plant 1", True)
    assert plant.store.value("SELECT site FROM device WHERE kind = 'shared'") == "YC"


@pytest.mark.parametrize("by", ["admin", "a word"])
def test_of_who_has_no_crew_it_is_the_first_site(app: Flask, plant: Plant, by: str) -> None:
    phone = phone_by(app, plant, plant.ids.get(by, by))
    assert told(phone) == ("Head plant", False)


def test_it_is_where_who_signed_in_last_works(app: Flask, plant: Plant, clock: Clock) -> None:
    phone = phone_by(app, plant, plant.id("admin"))
    hold(phone, BADGE)
    assert told(phone) == ("Plant 1", True)
    leave(phone)
    assert told(phone) == ("Plant 1", True)


def test_who_has_no_crew_moves_it_nowhere(app: Flask, plant: Plant) -> None:
    phone = phone_by(app, plant, plant.id("leader"))
    hold(phone, BADGE[::-1])
    assert told(phone) == ("Plant 1", True)
    leave(phone)
    assert told(phone) == ("Plant 1", True)


def test_enrolled_anew_it_is_where_that_leader_works(app: Flask, plant: Plant) -> None:
    phone = phone_by(app, plant, plant.id("admin"))
    phone_by(app, plant, plant.id("leader"), phone)
    assert plant.store.value("SELECT COUNT(*) FROM device WHERE kind = 'shared'") == 1
    assert told(phone) == ("Plant 1", True)


def test_the_number_to_call_is_that_of_its_site(app: Flask, plant: Plant) -> None:
    for by, number in (("leader", "0393-000 0119"), ("admin", "0393-000 0999")):
        assert number in phone_by(app, plant, plant.id(by)).get("/W/").text


def test_a_personal_phone_remembers_none(app: Flask, plant: Plant) -> None:
    phone = client_of(app, plant, "worker", device=True)
    assert told(phone) == ("Plant 1", False)
    assert plant.store.value("SELECT COUNT(*) FROM device WHERE site IS NOT NULL") == 0
