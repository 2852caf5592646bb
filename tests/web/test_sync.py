"""`POST /api/v1/sync`: answers, order of refusals, the worked example, many at once."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiftapp.ledger import note, receipts
from shiftapp.ledger.encoding import b64u_decode
from shiftapp.model import devices
from shiftapp.model import settings as model_settings
from shiftapp.model.people import Person, save_person
from shiftapp.store import Db
from tests.ledger.vectors import VECTORS
from tests.ledger_walk import check_ledger, entries_of
from tests.outbox import SYNC, Outbox
from tests.plant import NOW_MS, Clock, Plant, make_app
from tests.sealing import Body, b64u, commit_body, hazard_body, run_body, text_of, wire

HOST = "aq.example.cn/log"


def counted(db: Db) -> tuple[int, ...]:
    """How many rows of everything a sync may write."""
    tables = ("record", "quarantine", "entry", "finding")
    return tuple(int(db.value(f"SELECT COUNT(*) FROM {table}")) for table in tables)


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


# Refusals, in their order -------------------------------------------------------------------------


@pytest.fixture
def outbox(standing_app: Flask, standing_plant: Plant) -> Iterator[Outbox]:
    """The worker's phone in front of a plant in which nothing may change."""
    before = counted(standing_plant.store)
    yield Outbox(standing_app, standing_plant)
    assert counted(standing_plant.store) == before
    check_ledger(standing_plant.store)


@pytest.fixture
def good(standing_plant: Plant) -> Body:
    return commit_body(standing_plant, "worker")


def refused(answer: Any, status: int, code: str, at: int | None = None) -> None:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    told = answer.get_json()
    assert (told["status"], told["code"], told.get("at")) == (status, code, at)
    assert told["detail"]
    assert told.keys() <= {"status", "code", "detail", "at"}


def test_a_browser_that_nobody_enrolled_is_refused_first(
    outbox: Outbox, standing_app: Flask, standing_plant: Plant
) -> None:
    stranger = Outbox(standing_app, standing_plant, None)
    refused(stranger.post("{", Sec_Fetch_Site="cross-site"), 401, "device_unknown")
    stranger.client.set_cookie("__Host-dev", "guess", domain="localhost", secure=True, path="/")
    refused(stranger.post("{"), 401, "device_unknown")


@pytest.mark.parametrize(
    ("column", "code"), [("revoked_ms", "device_revoked"), ("expires_ms", "device_expired")]
)
def test_a_stopped_phone_keeps_its_records(
    app: Flask, plant: Plant, column: str, code: str
) -> None:
    outbox, record = Outbox(app, plant), wire(commit_body(plant, "worker"))
    with plant.store.tx() as db:
        db.run(f"UPDATE device SET {column} = :now", now=NOW_MS)
    refused(outbox.send(record), 401, code)
    refused(outbox.post("{", Sec_Fetch_Site="cross-site"), 401, code)
    assert counted(plant.store)[0] == 0


FOREIGN: list[dict[str, str | None]] = [
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": None},
    {"Sec_Fetch_Site": None, "Origin": "https://evil.example"},
    {"Sec_Fetch_Site": None, "Origin": "null"},
    {"Sec_Fetch_Site": None, "Origin": "https://aq.example.cn.evil.example"},
    {"Sec_Fetch_Site": "cross-site", "Origin": "https://aq.example.cn"},
    {"X_Requested_With": None},
    {"X_Requested_With": "XMLHttpRequest"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("big", [False, True])
def test_a_foreign_page_is_refused_before_anything_is_read(
    outbox: Outbox, good: Body, headers: dict[str, str | None], big: bool
) -> None:
    data = "x" * 600_000 if big else json.dumps({"records": [wire(good)]})
    refused(outbox.post(data, **headers), 403, "foreign_origin")


def test_an_older_browser_is_known_by_its_origin(app: Flask, plant: Plant) -> None:
    data = json.dumps({"records": [wire(commit_body(plant, "worker"))]})
    answer = Outbox(app, plant).post(data, Sec_Fetch_Site=None, Origin="https://aq.example.cn")
    assert answer.status_code == 200


def test_too_many_bytes_are_refused_before_they_are_read(outbox: Outbox) -> None:
    refused(outbox.post("x" * 524_289), 413, "request_too_big")
    refused(outbox.post("x" * 524_288), 400, "shape")


def test_a_request_that_does_not_tell_its_length_is_cut_off(outbox: Outbox) -> None:
    answer = outbox.client.post(
        SYNC,
        input_stream=io.BytesIO(b"x" * 600_000),
        headers={"Sec-Fetch-Site": "same-origin", "X-Requested-With": "outbox"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    refused(answer, 413, "request_too_big")


def test_more_than_twenty_records_are_too_many(outbox: Outbox, good: Body) -> None:
    refused(outbox.send(*[wire(good)] * 21), 413, "too_many_records")
    refused(outbox.send(*[{}] * 21), 413, "too_many_records")


def test_a_body_has_at_most_16384_bytes(outbox: Outbox, good: Body) -> None:
    long = {**wire(good), "body": "班" * 5462}
    refused(outbox.send(wire(good), long), 413, "body_too_big", 1)
    refused(outbox.send({}, long), 413, "body_too_big", 1)  # size before shape
    refused(outbox.send({**long, "body": "班" * 5461}), 400, "shape", 0)


def test_a_body_of_16384_bytes_is_taken(app: Flask, plant: Plant) -> None:
    body = commit_body(plant, "worker", pad="")
    body["pad"] = "x" * (16_384 - len(text_of(body).encode()))
    (result,) = Outbox(app, plant).results(wire(body))
    assert (result["status"], result["flags"]) == ("stored", [])


NO_REQUEST = [
    "",
    "{",
    "[]",
    "null",
    "7",
    '"x"',
    "{}",
    '{"records":null}',
    '{"records":{}}',
    '{"records":[]}',
    '{"records":NaN}',
    '{"records":[1],"x":Infinity}',
    "[" * 100_000,
    b"\xff\xfe{",
    b'{"records":["\xff"]}',
    "\ufeff{}",
]


@pytest.mark.parametrize("data", NO_REQUEST, ids=range(len(NO_REQUEST)))
def test_what_is_no_request_of_records_is_refused(outbox: Outbox, data: str | bytes) -> None:
    answer = outbox.post(data)
    refused(answer, 400, "shape", answer.get_json().get("at"))


def ided(text: str) -> str:
    """A text with a good id in the place of ID."""
    return text.replace("ID", '"id":"c0000000-0000-4000-8000-000000000001"')


BROKEN: list[Any] = [
    None,
    7,
    [],
    "record",
    {},
    {"kind": None},
    {"kind": "run"},
    {"kind": ["commit"]},
    {"salt": None},
    {"salt": "A" * 42},
    {"salt": "A" * 44},
    {"salt": "A" * 42 + "B"},
    {"salt": 7},
    {"sig": "A" * 85},
    {"sig": 7},
    {"sig": False},
    {"body": None},
    {"body": {}},
    {"body": ""},
    {"body": "[]"},
    {"body": "{"},
    {"body": '{"a":1,"a":2}'},
    {"body": ided('{ID,"kind":"commit"} x')},
    {"body": ided('{ID,"kind":"run"}')},
    {"body": ided("{ID}")},
    {"body": '{"kind":"commit"}'},
    {"body": '{"id":null,"kind":"commit"}'},
    {"body": '{"id":"x","kind":"commit"}'},
    {"body": ided('{ID,"kind":"commit"}').replace("c0000", "C0000")},
    {"body": ided('{ID,"kind":"commit"}').replace('001"', '001\\n"')},
    {"body": ided('{ID,"kind":"commit","x":NaN}')},
    {"body": ided('{ID,"kind":"commit","x":"\ud800"}')},
    {"body": ided('{ID,"kind":"commit","x":') + "[" * 9000},
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_a_record_that_cannot_be_taken_is_named_by_its_index(
    outbox: Outbox, good: Body, broken: Any
) -> None:
    record = {**wire(good), **broken} if isinstance(broken, dict) and broken else broken
    data = json.dumps({"records": [wire(good), record, {}]})
    refused(outbox.post(data), 400, "shape", 1)


@pytest.mark.parametrize("missing", ["kind", "body", "salt", "sig"])
def test_each_of_the_four_fields_must_be_there(outbox: Outbox, good: Body, missing: str) -> None:
    record = wire(good)
    del record[missing]
    refused(outbox.send(record), 400, "shape", 0)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_a_wrong_method_is_told_which_is_right(outbox: Outbox, method: str) -> None:
    answer = getattr(outbox.client, method)(SYNC, headers={"Sec-Fetch-Site": "same-origin"})
    refused(answer, 405, "wrong_method")
    assert "POST" in answer.headers["Allow"]


def test_a_refusal_speaks_english_to_who_asks_for_it(outbox: Outbox) -> None:
    refused(outbox.post("{", Accept_Language="en"), 400, "shape")


# Past that line everything is kept ----------------------------------------------------------------


QUARANTINED = ["1.5", "1e3", '"\\u0000"', '"\\ud800"', "9007199254740993"]


@pytest.mark.parametrize("value", QUARANTINED)
def test_a_well_formed_body_with_a_wrong_value_is_kept(
    app: Flask, plant: Plant, value: str
) -> None:
    record = {
        "kind": "run",
        "body": ided('{ID,"kind":"run","v":1,"x":' + value + "}"),
        "salt": "A" * 43,
        "sig": None,
    }
    (result,) = Outbox(app, plant).results(record)
    check_ledger(plant.store)
    assert (result["status"], result["flags"]) == ("quarantined", ["shape"])
    assert result["receipt"]


# Many at once -------------------------------------------------------------------------------------


def at_once(count: int, send: Any) -> list[Any]:
    """What `send(n)` gives when all threads start at the same moment."""
    barrier, found = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        found[number] = send(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_eight_equal_submissions_at_the_same_moment_are_one_record(
    app: Flask, plant: Plant
) -> None:
    record = wire(commit_body(plant, "worker"))
    phones = [Outbox(app, plant) for _ in range(8)]
    found = [one for (one,) in at_once(8, lambda n: phones[n].results(record))]
    check_ledger(plant.store)
    assert sorted(one["status"] for one in found) == ["duplicate"] * 7 + ["stored"]
    assert len({one["receipt"] for one in found}) == 1
    assert counted(plant.store)[:2] == (1, 0)


def test_eight_different_bodies_under_one_id_are_one_record_and_seven_kept(
    app: Flask, plant: Plant
) -> None:
    body = commit_body(plant, "worker")
    phones = [Outbox(app, plant) for _ in range(8)]
    found = at_once(8, lambda n: phones[n].results(wire({**body, "app": f"v{n}"}))[0])
    check_ledger(plant.store)
    assert sorted(one["status"] for one in found) == ["quarantined"] * 7 + ["stored"]
    assert len({one["receipt"] for one in found}) == 8


def test_a_whole_crew_at_once_opens_one_series(app: Flask, plant: Plant, clock: Clock) -> None:
    parts = ["worker", "mate", "chen", "lin", "huang"]
    phones = {part: Outbox(app, plant, part) for part in parts}
    records = {part: wire(commit_body(plant, part)) for part in parts}
    found = at_once(5, lambda n: phones[parts[n]].results(records[parts[n]])[0])
    check_ledger(plant.store)
    assert [one["status"] for one in found] == ["stored"] * 5
    assert len({entry["u"] for entry in entries_of(plant.store) if entry["k"] == "rec"}) == 5


# Any order, any repetition, any bytes -------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(standing_app: Flask, standing_plant: Plant) -> tuple[Outbox, Plant]:
    return Outbox(standing_app, standing_plant), standing_plant


def truth(db: Db, ids: list[str]) -> set[tuple[Any, ...]]:
    """What is stored under these ids, without the order of arrival."""
    rows = db.rows("SELECT * FROM record ORDER BY id")
    entries = {
        row["seq"]: bytes(row["data"]) for row in db.rows("SELECT * FROM entry ORDER BY seq")
    }
    return {
        (
            row["id"],
            bytes(row["c"]),
            bytes(row["body"]),
            row["flags"],
            entries.get(row["entry_seq"]),
        )
        for row in rows
        if row["id"] in ids
    }


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_of_a_sync_ends_in_the_same_set(
    busy: tuple[Outbox, Plant], data: st.DataObject
) -> None:
    outbox, plant = busy
    bodies = [
        commit_body(plant, "worker"),
        run_body(plant, "worker"),
        hazard_body(plant, "worker", "滴油"),
        commit_body(plant, "outsider"),
    ]
    sent = [wire(body) for body in bodies]
    extra = data.draw(st.lists(st.sampled_from(sent), max_size=6))
    order = data.draw(st.permutations([*sent, *extra]))
    cuts = data.draw(st.integers(1, len(order)))
    given_receipts: dict[str, set[str]] = {body["id"]: set() for body in bodies}
    for at in range(0, len(order), cuts):
        for result in outbox.results(*order[at : at + cuts]):
            assert result["status"] in ("stored", "duplicate")
            given_receipts[result["id"]].add(result["receipt"])
    check_ledger(plant.store)
    assert {len(found) for found in given_receipts.values()} == {1}
    stored = truth(plant.store, [body["id"] for body in bodies])
    assert {(one[0], one[2]) for one in stored} == {
        (body["id"], text_of(body).encode()) for body in bodies
    }
    flags = {one[0]: json.loads(one[3]) for one in stored}
    assert [flags[body["id"]] for body in bodies] == [[], [], [], ["not_on_roster", "other_device"]]
    assert [one[4] is None for one in sorted(stored)] == [
        body["kind"] == "hazard" or body is bodies[3]
        for body in sorted(bodies, key=lambda b: b["id"])
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
    max_leaves=8,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths(value[key], (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


fuzz = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(data=st.data())
def test_no_change_of_a_body_is_a_server_error(
    busy: tuple[Outbox, Plant], data: st.DataObject
) -> None:
    outbox, plant = busy
    make = data.draw(st.sampled_from([commit_body, run_body]))
    body = make(plant, "worker")
    spoilt = changed(body, data.draw(st.sampled_from(list(paths(body)))), data.draw(JSON))
    text = json.dumps(spoilt, ensure_ascii=data.draw(st.booleans()))
    kind = spoilt.get("kind") if isinstance(spoilt, dict) else "run"
    record = {"kind": kind, "body": text, "salt": b64u(bytes(32)), "sig": None}
    answer = outbox.post(json.dumps({"records": [record]}))
    assert answer.status_code in (200, 400, 413)
    if answer.status_code == 200:
        (result,) = answer.get_json()["results"]  # nothing well formed is lost
        assert result["receipt"]


@fuzz
@given(st.binary(max_size=300) | st.text(max_size=300) | JSON.map(json.dumps))
def test_no_bytes_are_a_server_error(busy: tuple[Outbox, Plant], raw: bytes | str) -> None:
    data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    assert busy[0].post(data).status_code in (400, 413)


@fuzz
@given(at=st.integers(0, 5000), new=st.characters())
def test_no_changed_character_of_a_request_is_a_server_error(
    busy: tuple[Outbox, Plant], at: int, new: str
) -> None:
    outbox, plant = busy
    data = json.dumps({"records": [wire(run_body(plant, "worker"))]})
    at %= len(data)
    spoilt = (data[:at] + new + data[at + 1 :]).encode("utf-8", "surrogatepass")
    assert outbox.post(spoilt).status_code in (200, 400, 413)


def test_the_ledger_holds_after_all_of_it(busy: tuple[Outbox, Plant]) -> None:
    check_ledger(busy[1].store)
