"""`POST /api/v1/sync`: refusals in their order; past that line everything is kept."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.ledger_walk import check_ledger
from tests.outbox import SYNC, Outbox, counted
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, commit_body, text_of, wire

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
