"""Devices and sessions as the database knows them: hashed, revocable, sliding."""

from __future__ import annotations

import pytest

from shiftapp.model import devices, sessions
from shiftapp.problems import Problem
from tests.plant import MADE_MS, NOW_MS, Plant


def code_of(plant: Plant, device_secret: str | None, now_ms: int = NOW_MS) -> str:
    try:
        devices.by_secret(plant.store, device_secret, now_ms)
    except Problem as problem:
        assert problem.status == 401
        return problem.code
    return ""


def test_neither_codes_nor_credentials_are_stored(plant: Plant) -> None:
    device, secret = plant.device("worker")
    row = devices.device_row(plant.store, device)
    assert secret.encode() not in bytes(row["secret"])
    assert bytes(row["secret"]) == devices.digest(secret)
    assert all(len(bytes(r["hash"])) == 32 for r in plant.store.rows("SELECT hash FROM enrol_code"))


def test_a_device_is_known_revoked_or_expired(plant: Plant) -> None:
    device, secret = plant.device("worker")
    assert code_of(plant, secret) == ""
    assert code_of(plant, None) == code_of(plant, "") == code_of(plant, "guess") == "device_unknown"
    assert code_of(plant, secret, MADE_MS + devices.CREDENTIAL_MS - 1) == ""
    assert code_of(plant, secret, MADE_MS + devices.CREDENTIAL_MS) == "device_expired"
    with plant.store.tx() as db:
        devices.revoke(db, device, "x", NOW_MS)
        devices.revoke(db, device, "y", NOW_MS + 1)
    assert code_of(plant, secret) == "device_revoked"
    row = devices.device_row(plant.store, device)
    assert (row["revoked_ms"], row["revoked_by"]) == (NOW_MS, "x")  # the first stands


def test_revoking_a_device_ends_the_sessions_on_it(plant: Plant) -> None:
    device, _ = plant.device("worker")
    on_it, _ = plant.session("worker", device)
    at_desk, _ = plant.session("worker")
    with plant.store.tx() as db:
        devices.revoke(db, device, "x", NOW_MS)
    assert sessions.find(plant.store, on_it, NOW_MS) is None
    assert sessions.find(plant.store, at_desk, NOW_MS) is not None


def test_a_session_slides_for_as_long_as_it_was_made(plant: Plant) -> None:
    secret, _ = plant.session("worker", plant.device("worker")[0])
    later = NOW_MS + sessions.PERSONAL_MS - 1
    found = sessions.find(plant.store, secret, later)
    assert found is not None and sessions.wants_sliding(found, later)
    assert not sessions.wants_sliding(found, NOW_MS + sessions.SEEN_EVERY_MS - 1)
    with plant.store.tx() as db:
        sessions.slide(db, found, later)
    assert sessions.find(plant.store, secret, later + sessions.PERSONAL_MS - 1) is not None
    assert sessions.find(plant.store, secret, later + sessions.PERSONAL_MS) is None


def test_an_ended_session_is_gone(plant: Plant) -> None:
    secret, sid = plant.session("worker", plant.device("worker")[0])
    with plant.store.tx() as db:
        sessions.end(db, sid, NOW_MS)
    assert sessions.find(plant.store, secret, NOW_MS) is None


def test_all_sessions_of_a_person_end_together(plant: Plant) -> None:
    mine = [plant.session("worker")[0], plant.session("worker", plant.device("worker")[0])[0]]
    other, _ = plant.session("mate")
    with plant.store.tx() as db:
        sessions.end_all(db, plant.id("worker"), NOW_MS)
    assert [sessions.find(plant.store, secret, NOW_MS) for secret in mine] == [None, None]
    assert sessions.find(plant.store, other, NOW_MS) is not None


def test_who_has_left_has_no_session(plant: Plant) -> None:
    secret, _ = plant.session("worker")
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("worker"))
    assert sessions.find(plant.store, secret, NOW_MS) is None


@pytest.mark.parametrize("secret", [None, "", "guess", "班"])
def test_a_guess_is_no_session(plant: Plant, secret: str | None) -> None:
    assert sessions.find(plant.store, secret, NOW_MS) is None
