"""Permits that another system sends: by its key alone, all of a request or nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from shiftapp.model import api_keys
from shiftapp.model.special_work_checks import Entry
from tests.announcing import at
from tests.openapi import DOCUMENT, faults
from tests.permits import register, work
from tests.plant import HOUR_MS, NOW_MS, Clock, Plant, client_of

URL = "/api/v1/special-work"
KEY = "sk_a-key-of-the-permit-system"
ONE: dict[str, Any] = {
    "no": "DH-1124-01",
    "kind": "fire",
    "level": "1",
    "area": "A1",
    "place": "P-201 泵区北侧",
    "what": "更换法兰",
    "starts_ms": at("08:30"),
    "ends_ms": at("12:00"),
    "guardians": ["1001"],
    "workers": ["1002"],
}


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    """Another system: no cookie, and a key that is good."""
    with plant.store.tx() as db:
        api_keys.add(db, "作业票系统", KEY, by=plant.id("manager"), now_ms=NOW_MS)
    return client_of(app, plant, None)


def send(client: FlaskClient, body: Any, key: str | None = KEY, **headers: str) -> TestResponse:
    sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return client.post(URL, data=sent, headers=headers, content_type="application/json")


def statuses(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["status"] for one in answer.get_json()["results"]]


def refused(answer: TestResponse, status: int, code: str, at: int | None = None) -> None:
    told = answer.get_json(force=True)
    assert (answer.status_code, told["code"], told.get("at")) == (status, code, at), told
    assert answer.content_type == "application/problem+json"
    both = DOCUMENT["paths"][URL]["post"]["responses"][str(status)]["content"]
    schema = both["application/problem+json"]["schema"]["allOf"]
    assert faults(told, schema[0]) == []
    assert code in schema[1]["properties"]["code"]["enum"]
    assert told["detail"].endswith("。")


def how_many(plant: Plant, table: str = "special_work") -> int:
    return int(plant.store.value(f"SELECT COUNT(*) FROM {table}"))


def test_permits_are_registered(client: FlaskClient, plant: Plant) -> None:
    answer = send(client, [ONE, {**ONE, "no": "DH-1124-02", "level": "2"}])
    assert statuses(answer) == ["new", "new"]
    first = answer.get_json()["results"][0]
    found = work(plant, first["id"], NOW_MS)
    assert (first["no"], found.row["no"]) == ("DH-1124-01", "DH-1124-01")
    assert (found.row["source"], found.row["made_by"]) == ("api", None)
    assert [(one["no"], one["part"]) for one in found.people] == [
        ("1001", "guardian"),
        ("1002", "worker"),
    ]
    assert "Set-Cookie" not in answer.headers


def test_requests_and_answers_are_what_the_document_says(client: FlaskClient) -> None:
    full = {
        **ONE,
        "site": "YC",
        "facility": None,
        "contractor": "",
        "changed": False,
        "gas_every_min": None,
        "gas": [{"tested_ms": NOW_MS, "passed": True, "result": "LEL 0 %"}],
        "closed": False,
        "cancelled": None,
    }
    post = DOCUMENT["paths"][URL]["post"]
    assert faults([full], post["requestBody"]["content"]["application/json"]["schema"]) == []
    answer = send(client, [full])
    schema = post["responses"]["200"]["content"]["application/json"]["schema"]
    assert statuses(answer) == ["new"] and faults(answer.get_json(), schema) == []


def test_every_field_of_a_permit_is_documented() -> None:
    told = set(DOCUMENT["components"]["schemas"]["SpecialWork"]["properties"])
    assert told == {*Entry.__dataclass_fields__, "gas", "closed", "cancelled"}


def test_the_same_again_is_unchanged_and_something_else_changes_it(
    client: FlaskClient, plant: Plant
) -> None:
    assert statuses(send(client, [ONE])) == ["new"]
    assert statuses(send(client, [ONE])) == ["unchanged"]
    assert statuses(send(client, [{**ONE, "no": "dh 1124 01"}])) == ["unchanged"]
    assert statuses(send(client, [{**ONE, "place": "P-202"}])) == ["changed"]
    assert how_many(plant) == 1
    assert how_many(plant, "audit") == 2


def test_gas_tests_come_along_in_any_order_and_again(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    clock.at("09:30")
    tests = [
        {"tested_ms": at(time), "passed": passed, "result": "LEL 0 %"}
        for time, passed in (("09:10", True), ("08:20", True), ("09:00", False))
    ]
    assert statuses(send(client, [{**ONE, "gas": tests}])) == ["new"]
    assert statuses(send(client, [{**ONE, "gas": tests}])) == ["unchanged"]
    more = [*tests, {"tested_ms": at("09:25"), "passed": True}]
    assert statuses(send(client, [{**ONE, "gas": more}])) == ["changed"]
    assert how_many(plant, "gas_test") == 4


def test_a_permit_is_closed_or_cancelled_from_outside(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    two = {**ONE, "no": "DH-1124-02"}
    send(client, [ONE, two])
    clock.at("11:00")
    ended = [{**ONE, "closed": True}, {**two, "cancelled": "突降大雨"}]
    assert statuses(send(client, ended)) == ["changed", "changed"]
    assert statuses(send(client, ended)) == ["unchanged", "unchanged"]
    assert work(plant, 1, at("11:00")).row["closed_ms"] == at("11:00")
    second = work(plant, 2, at("11:00"))
    assert (second.row["cancelled_ms"], second.row["cancelled_why"]) == (at("11:00"), "突降大雨")
    refused(send(client, [{**ONE, "cancelled": "x"}]), 409, "work_ended", 0)


def test_a_work_is_extended_from_outside(client: FlaskClient, plant: Plant, clock: Clock) -> None:
    send(client, [ONE])
    clock.at("09:00")
    assert statuses(send(client, [{**ONE, "ends_ms": at("14:00")}])) == ["changed"]
    refused(send(client, [ONE]), 422, "only_extend", 0)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("ends_before", {"ends_ms": at("08:30")}),
        ("unknown_kind", {"kind": "diving"}),
        ("no_level", {"level": ""}),
        ("unknown_level", {"level": "7"}),
        ("valid_too_long", {"ends_ms": at("08:30") + 9 * HOUR_MS}),
        ("unknown_no", {"workers": ["7777"]}),
        ("guardian_works", {"workers": ["1001"]}),
        ("unknown_site", {"site": "XX"}),
        ("unknown_area", {"area": "A9"}),
        ("unknown_facility", {"facility": "F9"}),
        ("bad_text", {"no": " "}),
        ("bad_text", {"place": "某" * 61}),
        ("bad_gas", {"gas_every_min": 1441}),
        ("gas_future", {"gas": [{"tested_ms": NOW_MS + 1, "passed": True}]}),
        ("gas_early", {"gas": [{"tested_ms": 0, "passed": True}]}),
        ("not_started", {"closed": True}),
        ("too_old", {"starts_ms": 0, "ends_ms": 1}),
        ("too_far", {"starts_ms": 2**53 - 2, "ends_ms": 2**53 - 1}),
    ],
)
def test_one_wrong_permit_stops_them_all(
    client: FlaskClient, plant: Plant, code: str, wrong: dict[str, Any]
) -> None:
    good = {**ONE, "no": "GOOD-1"}
    refused(send(client, [good, {**ONE, **wrong}, {**ONE, "no": "GOOD-2"}]), 422, code, 1)
    for table in ("special_work", "special_work_person", "gas_test", "audit"):
        assert how_many(plant, table) == 0


def test_a_permit_counted_twice_in_one_request_is_refused(
    client: FlaskClient, plant: Plant
) -> None:
    refused(send(client, [ONE, {**ONE, "no": "ｄｈ－1124 01"}]), 422, "permit_twice", 1)
    assert how_many(plant) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"{}",
        b'"x"',
        b"null",
        b"[" * 100_000,
        b"[NaN]",
        b'[{"no": 1' + b"9" * 5000 + b"}]",
    ],
)
def test_what_is_no_list_cannot_be_read(client: FlaskClient, body: bytes) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "shape")


@pytest.mark.parametrize(
    "wrong",
    [
        {"no": None},
        {"no": 5},
        {"no": "a\x00b"},
        {"no": "\ud800"},
        {"kind": ["fire"]},
        {"starts_ms": "08:30"},
        {"starts_ms": 1.5},
        {"starts_ms": True},
        {"ends_ms": 2**60},
        {"area": 1},
        {"changed": 1},
        {"changed": "no"},
        {"gas_every_min": "60"},
        {"guardians": "1001"},
        {"guardians": [1001]},
        {"guardians": ["1"] * 51},
        {"gas": {}},
        {"gas": [{"tested_ms": NOW_MS}]},
        {"gas": [{"tested_ms": NOW_MS, "passed": 1}]},
        {"gas": [{"tested_ms": NOW_MS, "passed": True, "result": 0}]},
        {"gas": [{"tested_ms": NOW_MS, "passed": True}] * 101},
        {"closed": "yes"},
        {"cancelled": True},
        {"closed": True, "cancelled": "x"},
    ],
)
def test_a_field_of_another_type_cannot_be_read(
    client: FlaskClient, plant: Plant, wrong: dict[str, Any]
) -> None:
    sent = json.dumps([{**ONE, "no": "GOOD-1"}, {**ONE, **wrong}]).encode()
    refused(send(client, sent), 400, "shape", 1)
    assert how_many(plant) == 0


@pytest.mark.parametrize("field", ["no", "kind", "place", "starts_ms", "ends_ms"])
def test_a_field_that_is_missing_is_named(client: FlaskClient, field: str) -> None:
    answer = send(client, [{name: value for name, value in ONE.items() if name != field}])
    refused(answer, 400, "shape", 0)
    assert field in answer.get_json(force=True)["detail"]


def test_what_nobody_knows_is_left_alone(client: FlaskClient) -> None:
    assert statuses(send(client, [{**ONE, "colour": "red"}])) == ["new"]


def test_nothing_sent_is_nothing_done(client: FlaskClient) -> None:
    assert statuses(send(client, [])) == []


def test_so_many_and_no_more(client: FlaskClient, plant: Plant) -> None:
    def many(count: int) -> Iterable[dict[str, Any]]:
        return [{**ONE, "no": f"N{n}", "guardians": [], "workers": []} for n in range(count)]

    refused(send(client, many(201)), 413, "too_many_works")
    assert statuses(send(client, many(200))) == ["new"] * 200
    refused(send(client, [{**ONE, "what": "x" * 600_000}]), 413, "request_too_big")
    assert how_many(plant) == 200


# The key ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "key_missing"),
        ({"Authorization": ""}, "key_missing"),
        ({"Authorization": "Bearer"}, "key_missing"),
        ({"Authorization": "Bearer   "}, "key_missing"),
        ({"Authorization": f"Basic {KEY}"}, "key_missing"),
        ({"Authorization": KEY}, "key_missing"),
        ({"Authorization": "Bearer wrong"}, "key_unknown"),
        ({"Authorization": f"Bearer {KEY}x"}, "key_unknown"),
        ({"Authorization": f"Bearer {KEY[:-1]}"}, "key_unknown"),
        ({"Authorization": f"Bearer {KEY.upper()}"}, "key_unknown"),
    ],
)
def test_without_a_good_key_nothing_is_read(
    client: FlaskClient, plant: Plant, header: dict[str, str], code: str
) -> None:
    refused(send(client, [ONE], None, **header), 401, code)
    refused(send(client, b"x" * 600_000, None, **header), 401, code)  # asked before the size
    assert how_many(plant) == 0


def test_a_key_that_was_stopped_is_refused(client: FlaskClient, plant: Plant) -> None:
    send(client, [ONE])
    with plant.store.tx() as db:
        api_keys.revoke(db, 1, NOW_MS)
    refused(send(client, [{**ONE, "no": "DH-2"}]), 401, "key_revoked")
    assert how_many(plant) == 1


def test_a_session_is_no_key(app: Flask, plant: Plant) -> None:
    manager = client_of(app, plant, "manager")
    answer = send(manager, [ONE], None, Sec_Fetch_Site="same-origin")
    refused(answer, 401, "key_missing")


def test_a_key_is_asked_for_and_not_where_a_request_comes_from(client: FlaskClient) -> None:
    assert statuses(send(client, [ONE], Sec_Fetch_Site="cross-site")) == ["new"]
    assert statuses(send(client, [ONE], Origin="https://permits.example.cn")) == ["unchanged"]


def test_a_key_opens_nothing_else(client: FlaskClient, plant: Plant) -> None:
    register(plant)
    bearer = {"Authorization": f"Bearer {KEY}"}
    for url in ("/special-work", "/board", "/manage", "/api/v1/pack"):
        assert client.get(url, headers=bearer).status_code in (303, 401)


def test_the_last_use_is_told_to_the_minute(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    def used() -> int | None:
        found: int | None = api_keys.keys(plant.store)[0]["used_ms"]
        return found

    assert used() is None
    send(client, [ONE])
    assert used() == NOW_MS
    clock.ms += 59_999
    send(client, [ONE])
    assert used() == NOW_MS
    clock.ms += 1
    send(client, [ONE])
    assert used() == NOW_MS + 60_000


def test_a_get_is_not_answered(client: FlaskClient) -> None:
    answer = client.get(URL, headers={"Authorization": f"Bearer {KEY}"})
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (405, "wrong_method")


# Whatever is sent ---------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ONE, "gas"]), inner)
    ),
    max_leaves=6,
)


def test_whatever_is_sent_is_taken_or_refused_and_never_breaks(client: FlaskClient) -> None:
    @settings(max_examples=60)
    @given(st.dictionaries(st.sampled_from([*ONE, "gas", "closed", "cancelled"]), JSON, max_size=3))
    def try_it(wrong: dict[str, Any]) -> None:
        answer = send(client, json.dumps([{**ONE, **wrong}]).encode())
        assert answer.status_code in (200, 400, 409, 422), answer.text

    try_it()
