"""PINs sealed on a shared phone: checked when they arrive, before any write, and throttled."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from shiftapp.model import credentials, throttle
from shiftapp.problems import Problem
from tests.outbox import OWN, Outbox, counted
from tests.page import Page
from tests.plant import Clock, Plant
from tests.sealing import Body, chained, commit_body, hazard_body, run_body, wire, with_pin
from tests.web.plain import PIN, give_pin

WRONG = "000001"


@pytest.fixture
def outbox(app: Flask, plant: Plant) -> Outbox:
    """A phone that 张三 and 李四 use; both have a PIN, 陈一 has none."""
    give_pin(plant, "worker")
    give_pin(plant, "mate")
    return Outbox(app, plant)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The PINs that were checked, which is what takes long."""
    found: list[str] = []
    check = credentials.check_secret

    def counted_check(stored: str | None, text: str, pepper: bytes) -> bool:
        found.append(text)
        return check(stored, text, pepper)

    monkeypatch.setattr(credentials, "check_secret", counted_check)
    return found


def by_pin(plant: Plant, body: Body, pin: str = PIN, part: str = "worker") -> Body:
    return {**body, "who": with_pin(plant, part, body, pin)}


def commit(plant: Plant, pin: str = PIN, part: str = "worker") -> Body:
    return by_pin(plant, commit_body(plant, "worker"), pin, part)


def flags_of(outbox: Outbox, *bodies: Body) -> list[list[str]]:
    """The flags of a delivery, without those of the chain."""
    results = outbox.results(*(wire(body) for body in bodies))
    return [[flag for flag in one["flags"] if flag != "chain_gap"] for one in results]


def test_a_right_pin_shows_who_it_was(outbox: Outbox, plant: Plant) -> None:
    assert flags_of(outbox, commit(plant)) == [[]]
    assert plant.store.row("SELECT counts, unverified, person FROM record") == {
        "counts": 1,
        "unverified": 0,
        "person": plant.id("worker"),
    }


def test_a_wrong_pin_is_stored_counted_and_marked(outbox: Outbox, plant: Plant) -> None:
    assert flags_of(outbox, commit(plant, WRONG)) == [["who_unverified"]]
    row = plant.store.row("SELECT counts, unverified FROM record")
    assert row == {"counts": 1, "unverified": 1}


def test_the_pin_itself_is_nowhere_in_what_is_stored(outbox: Outbox, plant: Plant) -> None:
    flags_of(outbox, commit(plant))
    assert PIN.encode() not in bytes(plant.store.value("SELECT body FROM record"))
    assert plant.store.value("SELECT COUNT(*) FROM attempt") == 0


def test_the_pin_of_somebody_else_shows_nothing(outbox: Outbox, plant: Plant) -> None:
    other = credentials.hash_secret("482913", plant.keys.pin_pepper)
    with plant.store.tx() as db:
        credentials.set_pin(db, plant.id("mate"), other)
    assert flags_of(outbox, commit(plant, "482913")) == [["who_unverified"]]


def test_a_number_as_typed_is_looked_up(outbox: Outbox, plant: Plant) -> None:
    body = commit(plant)
    typed = {"person": None, "no": "1001", "ev": body["who"]["ev"]}
    assert flags_of(outbox, {**body, "who": typed}) == [[]]
    nobody = {**commit(plant), "who": {**typed, "no": "77"}}
    assert flags_of(outbox, nobody) == [["unknown_person"]]


def test_a_shift_of_one_person_costs_one_check(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    bodies = [commit_body(plant, "worker"), run_body(plant, "worker")]
    bodies += [hazard_body(plant, "worker", "滴油") for _ in range(18)]
    sent = chained(*(by_pin(plant, body) for body in bodies))
    results = outbox.results(*(wire(body) for body in sent))
    assert [one["flags"] for one in results] == [[]] * 20
    assert checks == [PIN]


def test_a_record_that_is_here_already_costs_nothing_again(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    body, kept = commit(plant), {**commit(plant), "v": 2}
    for _ in range(3):
        assert flags_of(outbox, body, kept) == [[], ["schema"]]
    assert checks == [PIN]


def test_a_second_body_under_one_id_proves_nothing_of_the_first(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    wrong = commit(plant, WRONG)
    right = by_pin(plant, {**wrong, "app": "x"})
    assert flags_of(outbox, wrong, right) == [["who_unverified"], ["id_conflict"]]
    assert checks == [WRONG]


def test_a_pin_of_another_record_or_key_is_no_try(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    stolen = {**commit(plant), "who": commit(plant)["who"]}
    body = commit(plant)
    other_key = {**body["who"], "ev": {**body["who"]["ev"], "kid": "00000000"}}
    broken = {**body["who"], "ev": {**body["who"]["ev"], "enc": "AAAA"}}
    assert flags_of(outbox, stolen) == [["who_unverified"]]
    for who in (other_key, broken):
        assert flags_of(outbox, {**commit(plant), "who": who}) == [["who_unverified"]]
    assert checks == []


@pytest.mark.parametrize("part", ["chen", "mate"])
def test_who_has_no_pin_or_has_left_is_not_verified(
    outbox: Outbox, plant: Plant, checks: list[str], part: str
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("mate"))
    (flags,) = flags_of(outbox, commit(plant, part=part))
    assert "who_unverified" in flags
    assert checks == []


# A second person ----------------------------------------------------------------------------------


def with_second(plant: Plant, body: Body, part: str, pin: str = PIN) -> Body:
    first, *rest = body["steps"]
    return {**body, "steps": [{**first, "second": with_pin(plant, part, body, pin)}, *rest]}


@pytest.mark.parametrize(
    ("part", "pin", "flags"),
    [("mate", PIN, []), ("mate", WRONG, ["who_unverified"]), ("worker", PIN, ["who_unverified"])],
)
def test_a_second_person_gives_a_pin_too(
    outbox: Outbox, plant: Plant, part: str, pin: str, flags: list[str]
) -> None:
    body = by_pin(plant, run_body(plant, "worker"))
    assert flags_of(outbox, with_second(plant, body, part, pin)) == [flags]


# Throttling ---------------------------------------------------------------------------------------


def test_after_five_wrong_ones_the_right_one_must_wait_and_the_record_does_not(
    outbox: Outbox, plant: Plant, clock: Clock, checks: list[str]
) -> None:
    for number in range(throttle.FREE_TRIES):
        assert flags_of(outbox, commit(plant, f"00000{number}")) == [["who_unverified"]]
    assert flags_of(outbox, commit(plant)) == [["who_unverified"]]
    assert len(checks) == throttle.FREE_TRIES
    assert flags_of(outbox, commit(plant, part="mate")) == [[]]
    clock.ms += 30_000
    assert flags_of(outbox, commit(plant)) == [[]]


def test_guesses_in_one_request_are_counted_one_by_one(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    guesses = [f"00000{number}" for number in range(9)]
    assert set(map(tuple, flags_of(outbox, *(commit(plant, pin) for pin in guesses)))) == {
        ("who_unverified",)
    }
    assert checks == guesses[: throttle.FREE_TRIES]


def test_a_colleague_on_another_phone_locks_nobody_out(
    app: Flask, outbox: Outbox, plant: Plant
) -> None:
    for number in range(throttle.FREE_TRIES):
        flags_of(outbox, commit(plant, f"00000{number}"))
    body = by_pin(plant, commit_body(plant, "mate"), part="worker")
    (result,) = Outbox(app, plant, "mate").results(wire(body))
    assert "who_unverified" not in result["flags"]


def test_tries_count_together_with_those_at_sign_in(
    outbox: Outbox, plant: Plant, checks: list[str]
) -> None:
    for number in range(throttle.FREE_TRIES):
        flags_of(outbox, commit(plant, f"00000{number}"))
    own = {"Sec-Fetch-Site": OWN["Sec-Fetch-Site"]}
    answer = outbox.client.post("/api/v1/session", json={"no": "1001", "pin": PIN}, headers=own)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "throttled")


def test_where_too_many_are_waiting_nothing_is_stored_and_the_phone_comes_again(
    outbox: Outbox, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(stored: str | None, text: str, pepper: bytes) -> bool:
        raise Problem(503, "busy", "现在登录的人多，等几秒再试。", retry_after_s=3)

    monkeypatch.setattr(credentials, "check_secret", full)
    answer = outbox.send(wire(commit(plant)), wire(hazard_body(plant, "worker", "滴油")))
    assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "3"
    assert counted(plant.store)[:2] == (0, 0)


# Any shape, and a file ----------------------------------------------------------------------------

STEPS: list[Any] = [None, 7, "pin", [None], ["second"], [{"second": {}}], {"second": {"ev": 1}}]


@pytest.mark.parametrize("steps", STEPS, ids=str)
@pytest.mark.parametrize("kind", ["commit", "hazard"])
def test_steps_of_what_is_no_run_are_a_field_like_any_that_nobody_knows(
    outbox: Outbox, plant: Plant, kind: str, steps: Any
) -> None:
    body = commit_body(plant, "worker") if kind == "commit" else hazard_body(plant, "worker", "滴")
    assert flags_of(outbox, {**by_pin(plant, body), "steps": steps}) == [[]]


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_steps_of_a_run_of_another_form_are_kept_unread(
    outbox: Outbox, plant: Plant, steps: Any
) -> None:
    body = {**by_pin(plant, run_body(plant, "worker")), "steps": steps}
    assert flags_of(outbox, body) == [["shape"]]


def test_a_file_with_such_steps_is_taken_too(plant: Plant, page: Callable[..., Page]) -> None:
    give_pin(plant, "worker")
    bodies = [
        {**by_pin(plant, hazard_body(plant, "worker", "滴")), "steps": steps} for steps in STEPS
    ]
    content = json.dumps({"v": 1, "records": [wire(body) for body in bodies]}).encode()
    page("leader").upload("/board/rescue", content, "shiftapp-1.json", 200)
    assert counted(plant.store)[0] == len(STEPS)


SHAPES: list[Any] = [
    None,
    [],
    "pin",
    {"k": "pin"},
    {"k": "pin", "kid": 1, "enc": 2},
    {"k": "pin", "kid": "x", "enc": "!"},
]


@pytest.mark.parametrize("evidence", SHAPES, ids=str)
def test_evidence_of_another_form_is_kept_unread(
    outbox: Outbox, plant: Plant, evidence: Any
) -> None:
    body = commit(plant)
    who = {**body["who"], "ev": evidence}
    assert flags_of(outbox, {**body, "who": who}) == [["shape"]]
    assert flags_of(outbox, {**commit(plant), "who": evidence}) == [["shape"]]


def test_a_pin_in_a_file_that_a_leader_brings_is_checked_too(
    outbox: Outbox, plant: Plant, page: Callable[..., Page]
) -> None:
    right, wrong = wire(commit(plant)), wire(commit(plant, WRONG))
    content = json.dumps({"v": 1, "records": [right, wrong]}).encode()
    page("leader").upload("/board/rescue", content, "shiftapp-1.json", 200)
    rows = plant.store.rows("SELECT flags FROM record ORDER BY seq")
    assert [("who_unverified" in row["flags"]) for row in rows] == [False, True]
