"""`POST /api/v1/sync`: what is answered, and the worked example byte for byte."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from shiftapp.ledger import note, receipts
from shiftapp.ledger.encoding import b64u_decode
from shiftapp.model import devices
from shiftapp.model import settings as model_settings
from shiftapp.model.people import Person, save_person
from tests.ledger.vectors import VECTORS
from tests.ledger_walk import check_ledger
from tests.outbox import Outbox
from tests.plant import NOW_MS, Clock, Plant, make_app
from tests.sealing import commit_body, hazard_body, run_body, wire

HOST = "aq.example.cn/log"


# Answers ------------------------------------------------------------------------------------------


def test_a_record_is_answered_with_a_receipt_that_verifies(app: Flask, plant: Plant) -> None:
    body = commit_body(plant, "worker")
    (result,) = Outbox(app, plant).results(wire(body))
    check_ledger(plant.store)
    assert result.keys() == {"id", "status", "receipt", "flags"}
    assert (result["id"], result["status"], result["flags"]) == (body["id"], "stored", [])
    public = note.public_bytes(plant.keys.receipt)
    verifier = note.parse_vkey(note.vkey(receipts.signer(HOST), public))
    text, names = note.open_note(result["receipt"], [verifier])
    assert names == [f"{HOST}/receipt"]
    assert text.splitlines()[0] == f"{HOST}/receipt"
    assert text.splitlines()[2:] == [str(NOW_MS), str(NOW_MS // 1000 + 300)]


def test_results_come_in_the_order_of_the_records(app: Flask, plant: Plant) -> None:
    bodies = [
        run_body(plant, "worker"),
        {**commit_body(plant, "worker"), "v": 9},
        hazard_body(plant, "worker", "滴油"),
        commit_body(plant, "worker"),
    ]
    found = Outbox(app, plant).results(*[wire(body) for body in bodies])
    check_ledger(plant.store)
    assert [one["id"] for one in found] == [body["id"] for body in bodies]
    assert [one["status"] for one in found] == ["stored", "quarantined", "stored", "stored"]
    assert [one["receipt"].splitlines()[0] for one in found] == [
        f"{HOST}/receipt",
        f"{HOST}/record",
        f"{HOST}/record",
        f"{HOST}/receipt",
    ]


def test_a_repeat_is_answered_byte_for_byte_later_on(
    app: Flask, plant: Plant, clock: Clock
) -> None:
    outbox, record = Outbox(app, plant), wire(commit_body(plant, "worker"))
    first = outbox.send(record).get_json()
    clock.ms += 3_600_000
    again = outbox.send({**record, "sig": "A" * 86}).get_json()
    assert again["server_ms"] == first["server_ms"] + 3_600_000
    assert again["results"] == [{**first["results"][0], "status": "duplicate"}]


def test_a_record_that_we_failed_to_store_is_left_out(app: Flask, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DROP TABLE handover")
        db.run("DROP TABLE finding")
    good, lost = commit_body(plant, "worker"), hazard_body(plant, "worker", "滴油")
    (result,) = Outbox(app, plant).results(wire(lost), wire(good))
    assert result["id"] == good["id"]


def test_the_receive_time_is_taken_when_the_body_has_been_read(
    plant: Plant, tmp_path: Path
) -> None:
    ticks = itertools.count(NOW_MS, 1000)  # every look at the clock is a second later
    app = make_app(plant, tmp_path, lambda: next(ticks))  # type: ignore[arg-type]
    answer = Outbox(app, plant).send(wire(commit_body(plant, "worker"))).get_json()
    received = plant.store.value("SELECT recv_ms FROM record")
    assert received == answer["server_ms"] > NOW_MS  # the first look was for the device


def test_an_anonymous_phone_on_the_device_delivers_too(app: Flask, plant: Plant) -> None:
    """The device authenticates the sync; nobody has to be signed in."""
    outbox = Outbox(app, plant)
    outbox.client.delete_cookie("__Host-sid", domain="localhost", path="/")
    (result,) = outbox.results(wire(commit_body(plant, "worker")))
    assert (result["status"], result["flags"]) == ("stored", [])


def test_a_device_that_was_enrolled_again_drains_what_the_old_one_sealed(
    app: Flask, plant: Plant
) -> None:
    record = wire(commit_body(plant, "worker"))
    old = plant.devices.pop("worker")[0]
    with plant.store.tx() as db:
        devices.revoke(db, old, "x", NOW_MS)
    (result,) = Outbox(app, plant).results(record)
    check_ledger(plant.store)
    assert (result["status"], result["flags"]) == ("stored", ["other_device"])
    assert "/receipt\n" in result["receipt"]


# The worked example -------------------------------------------------------------------------------


@pytest.fixture
def example(plant: Plant, tmp_path: Path, clock: Clock) -> tuple[Flask, Plant]:
    """The plant with the keys, the origin, the person and the phone of the worked example."""
    seed = bytes.fromhex(VECTORS["receipt_key"]["seed"])
    plant.keys = dataclasses.replace(
        plant.keys,
        receipt=Ed25519PrivateKey.from_private_bytes(seed),
        station_secret=bytes.fromhex(VECTORS["station"]["secret"]),
    )
    person = "a0000000-0000-4000-8000-000000000001"
    device = "d0000000-0000-4000-8000-000000000001"
    with plant.store.tx() as db:
        model_settings.put(db, origin=VECTORS["origin"])
        save_person(db, Person(person, "1099", "例", crew="JIA"), NOW_MS)
        point = b64u_decode(VECTORS["device_key"]["public_b64u"], 65)
        db.run(
            "INSERT INTO device (id, kind, person, secret, pubkey, enrolled_ms, seen_ms,"
            " expires_ms) VALUES (:id, 'personal', :p, :secret, :key, :now, :now, :then)",
            id=device,
            p=person,
            secret=devices.digest("example"),
            key=point,
            now=NOW_MS,
            then=NOW_MS + devices.CREDENTIAL_MS,
        )
        db.run(
            "INSERT INTO session (sid, secret, person, device, how, made_ms, seen_ms, expires_ms)"
            " VALUES (:sid, :secret, :p, :d, 'card', :now, :now, :then)",
            sid=b"\x55" * 16,
            secret=b"none",
            p=person,
            d=device,
            now=NOW_MS,
            then=NOW_MS + 1,
        )
    plant.devices["example"] = device, "example"
    plant.ids["example"] = person
    return make_app(plant, tmp_path, clock), plant


def test_the_worked_example_is_answered_byte_for_byte(
    example: tuple[Flask, Plant], clock: Clock
) -> None:
    app, plant = example
    outbox = Outbox(app, plant, "example")
    for record in VECTORS["records"][:2]:  # what its body continues
        outbox.results({name: record[name] for name in ("kind", "body", "salt", "sig")})
    clock.ms = 1795477591900
    answer = outbox.post(VECTORS["sync"]["request"])
    assert answer.text == VECTORS["sync"]["answer"]
    clock.ms += 5000
    again = outbox.post(VECTORS["sync"]["request"]).text
    wanted = VECTORS["sync"]["answer"].replace('"stored"', '"duplicate"')
    assert again == wanted.replace('"server_ms":1795477591900', '"server_ms":1795477596900')
    check_ledger(plant.store)


def test_signed_records_of_the_worked_example_hold(
    example: tuple[Flask, Plant], clock: Clock
) -> None:
    app, plant = example
    clock.ms = VECTORS["records"][1]["recv_ms"]
    for record in VECTORS["records"][:2]:
        sent = {name: record[name] for name in ("kind", "body", "salt", "sig")}
        (result,) = Outbox(app, plant, "example").results(sent)
        assert result["flags"] == ["not_on_roster", "unknown_version"]
    check_ledger(plant.store)
