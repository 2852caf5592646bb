"""`GET /api/v1/pack`: what a phone carries into a shift without a signal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

import qr.code
from shiftapp import library
from shiftapp.ledger import log
from shiftapp.model import devices, findings, places, roster, tokens, versions
from tests.openapi import DOCUMENT, faults
from tests.outbox import Outbox
from tests.plant import MADE_MS, NOW_MS, PUMPS, TANKS, Clock, Plant, client_of, fixed_bytes
from tests.sealing import b64u, commit_body, deliver, hazard_body, make_ready, run_body
from tests.sealing_log import seal

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
    assert not any(other["mine"] for other in others if other["opens_ms"] <= NOW_MS)


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


def test_a_phone_carries_the_newest_tree_that_a_quorum_has_seen(app: Flask, plant: Plant) -> None:
    assert pack_of(app, plant)["checkpoint"] is None  # nobody has kept the log yet
    size = seal(plant.store, plant.keys)
    told = pack_of(app, plant)["checkpoint"]
    assert told == {"size": size, "root": b64u(log.head(plant.store).root)}
    deliver(plant, commit_body(plant, "worker"))
    seal(plant.store, plant.keys, seen=False)
    assert pack_of(app, plant)["checkpoint"] == told


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


# What a phone has already -------------------------------------------------------------------------

ALIKE = {"enterprise", "commitment", "jobs", "stations", "pin"}


def test_what_a_phone_has_already_is_not_sent_again(app: Flask, plant: Plant) -> None:
    whole = pack_of(app, plant)
    client = client_of(app, plant, "worker", device=True)
    again = client.get(f"{URL}?have={whole['plant']}").get_json()
    assert set(whole) - set(again) == ALIKE
    assert again["shifts"] == whole["shifts"]
    assert faults(again, DOCUMENT["components"]["schemas"]["Pack"]) == []


def test_another_text_or_station_is_sent_whole(app: Flask, plant: Plant) -> None:
    known = pack_of(app, plant)["plant"]
    client = client_of(app, plant, "worker", device=True)
    with plant.store.tx() as db:
        places.save_station(db, places.Station("AAAAAAA3", "P-9", "A1", "新泵", jobs=("J02",)))
    again = client.get(f"{URL}?have={known}").get_json()
    assert ALIKE <= set(again) and again["plant"] != known
    assert "AAAAAAA3" in again["stations"]


@pytest.mark.parametrize("have", ["", "0" * 16, "x", "’"])
def test_a_fingerprint_of_nothing_gets_all_of_it(app: Flask, plant: Plant, have: str) -> None:
    client = client_of(app, plant, "worker", device=True)
    assert set(client.get(URL, query_string={"have": have}).get_json()) >= ALIKE


def test_200_stations_are_within_300_kb(app: Flask, plant: Plant) -> None:
    """Issue of the offline start: the whole site's pack, compressed."""
    random = fixed_bytes("stations")
    with plant.store.tx() as db:
        for code, job in library.jobs().items():
            places.save_job(
                db, places.Job(code, job["name"], job["name_en"], tuple(job["ppe"]), job["card"])
            )
            versions.publish_checklist(
                db, code, library.with_examples(job["checklist"]), MADE_MS, "library"
            )
        for number in range(200):
            place = places.Station(
                qr.code.make_code(random(7)),
                f"P-{number}",
                "A1",
                f"{number} 号泵区操作站",
                f"Pump station {number}",
                place=f"二层 {number} 号平台",
                jobs=("J02", "J05"),
            )
            places.save_station(db, place)
    client = client_of(app, plant, "worker", device=True)
    answer = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 300 * 1024, len(answer.data)


def test_the_shifts_of_the_next_day_and_a_half_are_in_it(app: Flask, plant: Plant) -> None:
    """A phone that was online yesterday begins today's shift without a signal."""
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
    found = [one for one in pack_of(app, plant)["shifts"] if one["mine"]]
    assert [one["opens_ms"] for one in found] == sorted(one["opens_ms"] for one in found)
    assert found[0]["opens_ms"] <= NOW_MS < found[0]["closed_ms"]
    ahead = found[1:]
    assert ahead and all(one["opens_ms"] <= NOW_MS + roster.FILL_AHEAD_MS for one in ahead)
    assert all(one["rows"] == found[0]["rows"] for one in ahead)
