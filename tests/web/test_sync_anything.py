"""`POST /api/v1/sync`: many at once, any order, any repetition, any bytes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiftapp.store import Db
from tests.ledger_walk import check_ledger, entries_of
from tests.outbox import Outbox, counted
from tests.plant import Clock, Plant
from tests.sealing import b64u, commit_body, hazard_body, run_body, text_of, wire

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
    # All but what speaks of the order itself.
    flags = {one[0]: [f for f in json.loads(one[3]) if f != "chain_gap"] for one in stored}
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
