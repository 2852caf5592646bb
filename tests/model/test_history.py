"""From rows to states: what the board, the announcement and the pack all read."""

from __future__ import annotations

from shiftapp.model import findings, history, states
from tests.plant import DUE_MS, NOW_MS, Plant
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body

MINUTE_MS = 60_000


def names(plant: Plant, at_ms: int) -> dict[str, str]:
    parts = {person: part for part, person in plant.ids.items()}
    found = history.people_states(plant.store, plant.instance(), at_ms)
    return {parts[one.person]: one.name for one in found}


def test_everybody_on_the_roster_has_one_state(plant: Plant) -> None:
    make_ready(plant, "worker")
    deliver(plant, commit_body(plant, "mate"))
    deliver(plant, commit_body(plant, "chen", bad="fit"))
    assert names(plant, NOW_MS) == {
        "worker": "ready",
        "mate": "running",
        "chen": "cannot",
        "lin": "expected",
        "huang": "expected",
        "leader": "expected",
    }


def test_history_can_be_asked_at_any_instant(plant: Plant) -> None:
    make_ready(plant, "worker", NOW_MS)
    assert names(plant, NOW_MS - 1)["worker"] == "expected"
    assert names(plant, NOW_MS)["worker"] == "ready"
    assert names(plant, DUE_MS + 13 * 60 * MINUTE_MS)["lin"] == "missed"


def test_an_answer_changes_the_state_from_then_on(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    item = next(a["i"] for a in body["answers"] if a["i"] != "fit")
    wrong = commit_body(plant, "worker", bad=item)
    deliver(plant, wrong, run_body(plant, "worker"))
    assert names(plant, NOW_MS)["worker"] == "abnormal"
    (found,) = findings.of_record(plant.store, wrong["id"])
    outcome: findings.Outcome = "briefed" if found["kind"] == "brief" else "fixed"
    with plant.store.tx() as db:
        findings.answer(db, found["id"], outcome, by=plant.id("leader"), now_ms=NOW_MS + MINUTE_MS)
    assert names(plant, NOW_MS + MINUTE_MS)["worker"] == "ready"
    assert names(plant, NOW_MS + MINUTE_MS - 1)["worker"] == "abnormal"


def test_a_report_changes_nobodys_state(plant: Plant) -> None:
    deliver(plant, hazard_body(plant, "worker", "滴油"))
    assert names(plant, NOW_MS)["worker"] == "expected"


def test_marks_come_with_the_state(plant: Plant) -> None:
    other, _ = plant.device("mate")
    body = commit_body(plant, "worker", dev=other)
    deliver(plant, body, at_ms=DUE_MS - 1)
    (found,) = [
        one
        for one in history.people_states(plant.store, plant.instance(), DUE_MS)
        if one.person == plant.id("worker")
    ]
    assert found.state == states.State("running", frozenset({"on_time", "overdue", "unverified"}))


def test_who_came_without_being_expected_is_listed_once(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "outsider"), run_body(plant, "outsider"))
    deliver(plant, commit_body(plant, "worker"))
    (arrived,) = history.arrivals(plant.store, plant.instance())
    assert (arrived["id"], arrived["name"], arrived["job"]) == (plant.id("outsider"), "钱七", "J02")


def test_the_state_of_one_is_that_of_all(plant: Plant) -> None:
    make_ready(plant, "worker")
    instance = plant.instance()
    for part, name in names(plant, NOW_MS).items():
        assert history.state_of(plant.store, instance, plant.id(part), NOW_MS) == name
    assert history.state_of(plant.store, instance, plant.id("outsider"), NOW_MS) is None
