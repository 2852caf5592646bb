"""`GET /api/v1/pack`: what a phone carries into a shift without a signal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from shiftapp.model import devices, findings, tokens
from tests.openapi import DOCUMENT, faults
from tests.outbox import Outbox
from tests.plant import NOW_MS, PUMPS, TANKS, Clock, Plant, client_of
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body

URL = "/api/v1/pack"


def pack_of(app: Flask, plant: Plant, part: str = "worker") -> dict[str, Any]:
    answer = client_of(app, plant, part, device=True).get(URL)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    assert faults(told, DOCUMENT["components"]["schemas"]["Pack"]) == []
    return told


def test_a_pack_has_what_the_next_shift_needs(app: Flask, plant: Plant) -> None:
    pack = pack_of(app, plant)
    assert set(pack["stations"]) == {PUMPS, TANKS}
    assert pack["stations"][PUMPS]["mac"] == plant.mac
    assert set(pack["jobs"]) == {"J02", "J05", "J09"}
    assert all(job["checklist"]["doc"]["steps"] for job in pack["jobs"].values())
    assert pack["commitment"]["doc"]["items"]
    assert pack["person"]["crew"]["code"] == "JIA"
    assert pack["site"]["phone"]


def test_my_shift_stands_first_with_my_rows_and_my_state(app: Flask, plant: Plant) -> None:
    mine, *others = pack_of(app, plant)["shifts"]
    assert (mine["mine"], mine["crew"], mine["state"]) == (True, "JIA", "expected")
    assert mine["rows"] == [{"station": PUMPS, "job": "J02", "run_required": True}]
    assert not any(other["mine"] for other in others)


def test_what_i_have_done_is_in_it(app: Flask, plant: Plant) -> None:
    make_ready(plant, "worker")
    pack = pack_of(app, plant)
    mine = pack["shifts"][0]
    assert (mine["commit"], mine["state"]) == (True, "ready")
    assert mine["runs"] == [{"station": PUMPS, "job": "J02"}]
    assert [one["kind"] for one in pack["history"]] == ["run", "commit"]
    assert all(len(one["code"]) == 9 and one["code"][4] == "-" for one in pack["history"])


def test_what_was_found_and_answered_comes_back_to_who_found_it(app: Flask, plant: Plant) -> None:
    body = hazard_body(plant, "worker", "滴油")
    deliver(plant, body)
    (found,) = findings.of_record(plant.store, body["id"])
    with plant.store.tx() as db:
        findings.answer(db, found["id"], "fixed", by=plant.id("leader"), now_ms=NOW_MS, text="好了")
    (told,) = pack_of(app, plant)["history"][0]["findings"]
    assert (told["what"], told["state"], told["answer"]) == ("滴油", "fixed", "好了")


def test_an_open_hazard_of_before_is_handed_over(app: Flask, plant: Plant) -> None:
    early = plant.instance()["opens_ms"] - 60_000
    body = hazard_body(plant, "night1", "围堰裂缝", early)
    deliver(plant, {**body, "station": {"code": PUMPS, "mac": None}}, at_ms=early)
    assert [one["what"] for one in pack_of(app, plant)["shifts"][0]["handover"]] == ["围堰裂缝"]
    assert pack_of(app, plant, "mate")["shifts"][0]["handover"] == []


def test_nothing_of_others_is_in_it(app: Flask, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "mate", bad="fit"))
    deliver(plant, run_body(plant, "mate"))
    client = client_of(app, plant, "worker", device=True)
    text = client.get(URL).text
    assert pack_of(app, plant)["history"] == []
    for part in plant.ids:
        assert part == "worker" or plant.id(part) not in text


def test_a_phone_that_nobody_is_signed_in_on_carries_no_person(app: Flask, plant: Plant) -> None:
    client = client_of(app, plant, "worker", device=True)
    client.delete_cookie("__Host-sid", domain="localhost", path="/")
    pack = client.get(URL).get_json()
    assert (pack["person"], pack["shifts"], pack["history"]) == (None, [], [])
    assert pack["stations"]


def test_a_session_of_another_device_is_nobody_here(app: Flask, plant: Plant) -> None:
    client = client_of(app, plant, "worker", device=True)
    secret, _ = plant.session("mate", plant.device("mate")[0])
    client.set_cookie("__Host-sid", secret, domain="localhost", secure=True, path="/")
    assert client.get(URL).get_json()["person"] is None


def test_the_time_token_is_this_devices(app: Flask, plant: Plant) -> None:
    pack = pack_of(app, plant)
    secret, device = plant.keys.session_secret, plant.device("worker")[0]
    assert tokens.read(secret, device, pack["time_token"]) == NOW_MS == pack["server_ms"]


@pytest.mark.parametrize(
    ("column", "code"), [("revoked_ms", "device_revoked"), ("expires_ms", "device_expired")]
)
def test_a_stopped_phone_is_told_so(app: Flask, plant: Plant, column: str, code: str) -> None:
    client = client_of(app, plant, "worker", device=True)
    with plant.store.tx() as db:
        db.run(f"UPDATE device SET {column} = :now", now=NOW_MS)
    answer = client.get(URL)
    assert (answer.status_code, answer.get_json()["code"]) == (401, code)


def test_a_stranger_carries_nothing(app: Flask, plant: Plant) -> None:
    for part in (None, "manager"):  # an account is no device
        answer = client_of(app, plant, part).get(URL)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "device_unknown")


def test_a_phone_in_use_keeps_its_credential(app: Flask, plant: Plant, clock: Clock) -> None:
    client, device = client_of(app, plant, "worker", device=True), plant.device("worker")[0]
    clock.ms = NOW_MS + 100 * 24 * 3_600_000
    assert client.get(URL).status_code == 200
    row = devices.device_row(plant.store, device)
    assert row["expires_ms"] == clock.ms + devices.CREDENTIAL_MS
    assert row["synced_ms"] is None
    Outbox(app, plant).results({"kind": "x", **_kept(plant)})
    assert devices.device_row(plant.store, device)["synced_ms"] == clock.ms


def _kept(plant: Plant) -> dict[str, Any]:
    """A record that is quarantined: delivered all the same."""
    text = '{"id":"c0000000-0000-4000-8000-000000000001","kind":"x"}'
    return {"body": text, "salt": "A" * 43, "sig": None}


def test_a_wrong_method(app: Flask, plant: Plant) -> None:
    client = client_of(app, plant, "worker", device=True)
    answer = client.post(URL, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.get_json()["code"]) == (405, "wrong_method")
