"""What a shared phone carries of those who may come to it, and of nobody else."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from flask import Flask

from shiftapp.ledger import badge, encoding, sealed_pin
from shiftapp.model import credentials, pack, pack_people, roster
from shiftapp.store import Db
from tests.openapi import DOCUMENT, faults
from tests.outbox import Outbox
from tests.plant import DUE_MS, HOUR_MS, NOW_MS, PUMPS, Clock, Plant, client_of
from tests.sealing import commit_body, make_ready, run_body, wire
from tests.web.plain import PIN as PLAIN_PIN
from tests.web.plain import give_pin
from tests.web.test_session_api import OWN, shared_phone

URL = "/api/v1/pack"
PIN, SALT = "482913", b"\x07" * 16


@pytest.fixture
def plant(plant: Plant) -> Plant:
    """The rosters of tonight are filled too."""
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
    return plant


def pack_of(app: Flask, plant: Plant) -> dict[str, Any]:
    answer = shared_phone(app, plant).get(URL)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    assert faults(told, DOCUMENT["components"]["schemas"]["Pack"]) == []
    return told


def one_of(told: dict[str, Any], plant: Plant, part: str) -> dict[str, Any]:
    (found,) = [one for one in told["people"] if one["person"]["id"] == plant.id(part)]
    return dict(found)


def numbers(told: dict[str, Any]) -> list[str]:
    return [one["person"]["no"] for one in told["people"]]


def test_a_personal_phone_carries_nobody_else(app: Flask, plant: Plant) -> None:
    assert client_of(app, plant, "worker", device=True).get(URL).get_json()["people"] == []


def test_who_is_on_a_roster_now_or_soon_is_carried_nearest_first(app: Flask, plant: Plant) -> None:
    found = numbers(pack_of(app, plant))
    day, night = (
        ["1001", "1002", "1003", "1004", "1005", "1010"],
        [f"30{n:02}" for n in range(1, 7)],
    )
    assert found[:6] == day  # their window opened 23 minutes ago
    assert set(night) < set(found)  # their shift is about to end
    assert set(found) == {*day, *night, "2001", "2010"}  # 乙班 comes tonight
    assert len(found) == len(set(found))


def test_who_comes_later_than_in_sixteen_hours_is_not_carried(
    app: Flask, plant: Plant, clock: Clock
) -> None:
    clock.ms = DUE_MS - 14 * HOUR_MS  # 18:00 the day before: 甲班 opens in 13 hours
    assert "1001" in numbers(pack_of(app, plant))
    clock.ms -= 3 * HOUR_MS
    assert "1001" not in numbers(pack_of(app, plant))


def test_who_left_or_was_taken_off_is_not_carried(app: Flask, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE no = '1002'")
        db.run(
            "UPDATE roster SET ended_ms = 1, ended_why = 'leave', ended_by = 'x' WHERE person = :p",
            p=plant.id("chen"),
        )
    found = numbers(pack_of(app, plant))
    assert "1001" in found and not {"1002", "1003"} & set(found)


def test_people_are_named_as_who_is_signed_in_without_a_session(app: Flask, plant: Plant) -> None:
    _, sid = plant.session("worker")
    told = pack.person(plant.store, plant.id("worker"), sid)
    del told["sid"]
    assert one_of(pack_of(app, plant), plant, "worker")["person"] == told


def test_their_shifts_are_those_of_their_own_pack_but_how_they_stand(
    app: Flask, plant: Plant
) -> None:
    make_ready(plant, "worker")
    told = pack_of(app, plant)
    for part in ("worker", "mate", "night1", "outsider", "leader"):
        own = pack.shifts_of(plant.store, plant.id(part), NOW_MS)
        assert one_of(told, plant, part)["shifts"] == [{**one, "state": None} for one in own]
    done = one_of(told, plant, "worker")["shifts"][0]
    assert done["commit"] and done["runs"] == [{"station": PUMPS, "job": "J02"}]


@pytest.mark.parametrize("part", ["worker", "mate"])
def test_nobody_learns_from_a_shared_phone_who_is_not_fit_today(
    app: Flask, plant: Plant, part: str
) -> None:
    """Also not who is signed in on it, and not of themselves: the phone keeps it for the next."""
    before = pack_of(app, plant)["people"]
    (result,) = Outbox(app, plant).results(wire(commit_body(plant, "worker", bad="fit")))
    assert result["flags"] == []
    assert pack_of(app, plant)["people"] == before
    phone = shared_phone(app, plant)
    give_pin(plant, part)
    no = {"worker": "1001", "mate": "1002"}[part]
    phone.post("/api/v1/session", json={"no": no, "pin": PLAIN_PIN}, headers=OWN)
    told = phone.get(URL).get_json()
    assert [{**one, "tag": None} for one in told["people"]] == before
    own = told["shifts"][0]["state"]
    assert own == ("cannot" if part == "worker" else "expected")  # one's own is told


def test_a_run_that_was_stopped_is_not_told_either(app: Flask, plant: Plant) -> None:
    """What is open at a station is told whoever comes there next, and not who found it."""
    before = pack_of(app, plant)
    Outbox(app, plant).results(wire(run_body(plant, "worker", bad=1, note="漏")))
    after = pack_of(app, plant)
    assert without_handover(after) == without_handover(before)
    assert after != before


def without_handover(told: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return [[{**one, "handover": []} for one in each["shifts"]] for each in told["people"]]


def test_who_fills_in_for_another_crew_sees_that_shift_ahead(app: Flask, plant: Plant) -> None:
    """The same that their own phone says."""
    tonight = plant.instance("YI", code="N")
    with plant.store.tx() as db:
        moved = db.run(
            "UPDATE roster SET instance = :yi WHERE person = :p AND instance <> :now",
            **{"yi": tonight["id"], "p": plant.id("chen"), "now": plant.instance()["id"]},
        )
    assert moved == 1
    own = pack.shifts_of(plant.store, plant.id("chen"), NOW_MS)
    assert [one["crew"] for one in own if one["mine"]] == ["JIA", "YI", "JIA"]
    carried = one_of(pack_of(app, plant), plant, "chen")["shifts"]
    assert carried == [{**one, "state": None} for one in own]


def test_a_pin_is_seven_bits_and_a_badge_a_hash(app: Flask, plant: Plant) -> None:
    secret = "7K2M41QF8T5NC0D5"
    with plant.store.tx() as db:
        tag = credentials.tag_of(PIN, SALT)
        credentials.set_pin(db, plant.id("worker"), "hash", tag)
        credentials.set_badge(db, plant.id("worker"), badge.key_of(secret))
        credentials.set_pin(db, plant.id("chen"), "hash")  # set before there were tags
    told = pack_of(app, plant)
    mine = one_of(told, plant, "worker")
    first = hashlib.pbkdf2_hmac("sha256", PIN.encode(), SALT, 10_000)[0]
    assert mine["tag"] == {"salt": encoding.b64u(SALT), "t": first & 0x7F}
    key = hashlib.sha256(b"shiftapp/badge/v1\n" + secret.encode()).digest()
    assert mine["badge"] == encoding.b64u(hashlib.sha256(key).digest())
    code = encoding.b64u(hmac.new(key, b"id", hashlib.sha256).digest())[:22]
    assert badge.proves(key, "id", code)
    for part in ("mate", "chen"):
        assert (one_of(told, plant, part)["tag"], one_of(told, plant, part)["badge"]) == (
            None,
            None,
        )


def test_the_key_for_pins_is_the_install_s(app: Flask, plant: Plant) -> None:
    told = pack_of(app, plant)
    point = encoding.b64u_decode(told["pin"]["key"], 65)
    assert point == sealed_pin.point(plant.keys.pin_key.public_key())
    assert told["pin"]["kid"] == sealed_pin.kid(point)


def test_an_install_without_a_site_carries_nobody(store: Db) -> None:
    assert pack_people.people(store, None, NOW_MS) == []
    assert pack_people.people(store, "YC", NOW_MS) == []


def test_another_site_has_its_own_people(plant: Plant) -> None:
    assert pack_people.people(plant.store, "OTHER", NOW_MS) == []


def test_at_most_two_hundred_are_carried(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_people, "MOST", 3)
    found = pack_people.people(plant.store, "YC", NOW_MS)
    assert [one["person"]["no"] for one in found] == ["1001", "1002", "1003"]


class Counting:
    """A database that counts what it is asked."""

    def __init__(self, db: Db) -> None:
        self._db, self.asked = db, 0

    def __getattr__(self, name: str) -> Any:
        if name in ("row", "rows", "value"):
            self.asked += 1
        return getattr(self._db, name)


def test_one_more_person_of_a_crew_costs_no_question(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for most in (2, 6):
        db: Any = Counting(plant.store)
        monkeypatch.setattr(pack_people, "MOST", most)
        assert len(pack_people.people(db, "YC", NOW_MS)) == most
        asked.append(db.asked)
    assert asked[1] == asked[0]
