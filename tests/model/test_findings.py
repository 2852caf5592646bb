"""What asks a person for an answer, and who may give which."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp.model import counters, findings, records, retention, settings
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.ledger_walk import check_ledger
from tests.plant import HOUR_MS, NOW_MS, Plant
from tests.sealing import commit_body, deliver, hazard_body


def hazard(plant: Plant, part: str = "worker") -> Row:
    body = hazard_body(plant, part, "滴油")
    deliver(plant, body)
    (found,) = findings.of_record(plant.store, body["id"])
    return found


def todo(plant: Plant, bad: str) -> Row:
    body = commit_body(plant, "worker", bad=bad)
    deliver(plant, body)
    (found,) = findings.of_record(plant.store, body["id"])
    return found


def answer(
    plant: Plant, found: Row, outcome: findings.Outcome, by: str = "leader", **more: Any
) -> Row:
    with plant.store.tx() as db:
        findings.answer(db, found["id"], outcome, by=plant.id(by), now_ms=NOW_MS + 1, **more)
    return findings.finding(plant.store, found["id"])


def refused(code: str, plant: Plant, found: Row, outcome: findings.Outcome, **more: Any) -> None:
    with pytest.raises(Problem) as error:
        answer(plant, found, outcome, **more)
    assert error.value.code == code


def test_a_hazard_goes_from_found_to_accepted(plant: Plant) -> None:
    found = hazard(plant)
    assert (found["state"], found["level"], found["reporter_name"]) == ("found", "general", "张三")
    told = answer(plant, found, "assigned", assignee=plant.id("mate"), due_ms=NOW_MS + 9)
    assert (told["state"], told["assignee_name"], told["answered_ms"]) == (
        "assigned",
        "李四",
        NOW_MS + 1,
    )
    assert answer(plant, found, "fixed", text="换了机封")["state"] == "fixed"
    with plant.store.tx() as db:
        findings.accept(db, found["id"], by=plant.id("manager"), now_ms=NOW_MS + 2)
    assert findings.hazards(plant.store, only_open=True) == []
    assert findings.hazards(plant.store, only_open=False)[0]["accepted_ms"] == NOW_MS + 2


def test_the_first_answer_stands_when_a_hazard_is_reopened(plant: Plant) -> None:
    found = hazard(plant)
    answer(plant, found, "fixed")
    with plant.store.tx() as db:
        findings.reopen(db, found["id"])
    told = findings.finding(plant.store, found["id"])
    assert (told["state"], told["answered_ms"], told["fixed_ms"]) == ("found", NOW_MS + 1, None)
    with pytest.raises(Problem), plant.store.tx() as db:
        findings.reopen(db, found["id"])


def test_nobody_answers_or_accepts_their_own_report(plant: Plant) -> None:
    found = hazard(plant, "leader")
    refused("own_report", plant, found, "fixed")
    answer(plant, found, "fixed", by="manager")
    with pytest.raises(Problem) as error, plant.store.tx() as db:
        findings.accept(db, found["id"], by=plant.id("leader"), now_ms=NOW_MS)
    assert error.value.code == "own_report"


def test_only_what_is_fixed_can_be_accepted(plant: Plant) -> None:
    found = hazard(plant)
    with pytest.raises(Problem) as error, plant.store.tx() as db:
        findings.accept(db, found["id"], by=plant.id("leader"), now_ms=NOW_MS)
    assert error.value.code == "not_fixed"


def test_an_assignment_names_who_and_until_when(plant: Plant) -> None:
    found = hazard(plant)
    refused("no_assignee", plant, found, "assigned", due_ms=NOW_MS)
    refused("no_due", plant, found, "assigned", assignee=plant.id("mate"))


def test_each_kind_has_its_own_answers(plant: Plant) -> None:
    refused("wrong_outcome", plant, hazard(plant), "briefed")
    unfit = todo(plant, "fit")
    refused("wrong_outcome", plant, unfit, "fixed")
    answer(plant, unfit, "replaced")
    refused("wrong_outcome", plant, unfit, "mistake")  # answered already


def test_an_unknown_finding_is_no_finding(plant: Plant) -> None:
    with pytest.raises(Problem) as error:
        findings.finding(plant.store, 0)
    assert (error.value.status, error.value.code) == (404, "no_finding")


def test_the_same_part_of_a_record_opens_once(plant: Plant) -> None:
    found = hazard(plant)
    with plant.store.tx() as db:
        findings.open_finding(
            db,
            "hazard",
            record_id=found["record_id"],
            part="self",
            what="again",
            note="",
            veto=False,
            instance=None,
            crew=None,
            station=None,
            job=None,
            reporter=None,
            now_ms=NOW_MS,
        )
    (still,) = findings.of_record(plant.store, found["record_id"])
    assert still["what"] == "滴油"


def test_every_change_moves_the_board(plant: Plant) -> None:
    found = hazard(plant)
    before = counters.board(plant.store)
    answer(plant, found, "fixed")
    with plant.store.tx() as db:
        findings.set_level(db, found["id"], "major")
        findings.reopen(db, found["id"])
    assert counters.board(plant.store) == before + 3


def test_not_today_is_erased_after_thirty_days_and_nothing_else(plant: Plant) -> None:
    unfit, other = todo(plant, "fit"), hazard(plant)
    facts, kept_ms = settings.get(plant.store), NOW_MS + 30 * 24 * HOUR_MS
    assert retention.end(plant.store, facts, kept_ms) == 0
    assert retention.end(plant.store, facts, kept_ms + 1) == 1
    check_ledger(plant.store)
    assert findings.of_record(plant.store, unfit["record_id"]) == []
    assert records.body(plant.store, unfit["record_id"]) is None
    assert findings.of_record(plant.store, other["record_id"])
    assert records.body(plant.store, other["record_id"])
