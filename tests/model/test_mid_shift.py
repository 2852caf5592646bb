"""A job that begins in mid-shift is a run of the shift that runs: a fire watch at two o'clock.

Nobody expects it, so it makes nobody ready and nobody late. What it finds is found all the same.
"""

from __future__ import annotations

from shiftapp.model import findings, history, records
from tests.crew import answer, crew_ready, plain_step, veto_step
from tests.plant import HOUR_MS, NOW_MS, TODAY, Plant
from tests.sealing import Body, base_body, commit_body, deliver, make_ready, run_body

# The shift began at 08:00; NOW_MS is 07:38.
AT_TWO = NOW_MS + 6 * HOUR_MS + 22 * 60_000


def guard(plant: Plant, part: str, *, bad: int = 0) -> Body:
    """A run of J05 by somebody whose own job is another one, begun at 13:58 and sealed at 14:00."""
    sealed = run_body(plant, "leader", AT_TWO, bad=bad)  # the leader's job is J05
    mine = base_body(plant, part, "run", AT_TWO)
    started = {"started_ms": AT_TWO - 120_000, "sealed_ms": AT_TWO}
    return {**sealed, "who": mine["who"], "dev": mine["dev"], "time": {**sealed["time"], **started}}


def names(plant: Plant, at_ms: int) -> dict[str, str]:
    parts = {person: part for part, person in plant.ids.items()}
    found = history.people_states(plant.store, plant.instance(), at_ms)
    return {parts[one.person]: one.name for one in found}


def test_the_run_belongs_to_the_shift_that_runs(plant: Plant) -> None:
    body = guard(plant, "worker")
    (stored,) = deliver(plant, body, at_ms=AT_TWO)
    assert stored and (stored.status, stored.flags) == ("stored", [])
    newest = records.of_person(plant.store, plant.id("worker"), 1)[0]
    assert (newest["id"], newest["crew"], newest["date"], newest["code"]) == (
        body["id"],
        "JIA",
        TODAY,
        "D",
    )
    row = plant.store.row("SELECT instance, job FROM record WHERE id = :id", id=body["id"])
    assert row and (row["instance"], row["job"]) == (plant.instance()["id"], "J05")


def test_it_changes_no_state_and_no_figure(plant: Plant) -> None:
    crew_ready(plant, "chen", "huang", "lin")
    deliver(plant, commit_body(plant, "chen"))
    before = names(plant, AT_TWO)
    assert (before["worker"], before["chen"], before["huang"]) == ("ready", "running", "expected")
    for part in ("worker", "chen"):
        deliver(plant, guard(plant, part), at_ms=AT_TWO)
    assert names(plant, AT_TWO) == before


def test_it_does_not_stand_for_the_run_that_is_asked(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"), guard(plant, "worker"), at_ms=AT_TWO)
    assert names(plant, AT_TWO)["worker"] == "running"
    make_ready(plant, "worker", AT_TWO + 1)
    assert names(plant, AT_TWO + 1)["worker"] == "ready"


def test_a_guard_of_another_crew_counts_for_nobody(plant: Plant) -> None:
    crew_ready(plant, "lin")
    before = names(plant, AT_TWO)
    (stored,) = deliver(plant, guard(plant, "outsider"), at_ms=AT_TWO)
    assert stored and stored.status == "stored" and "not_on_roster" in stored.flags
    assert names(plant, AT_TWO) == before and "outsider" not in before
    (arrived,) = history.arrivals(plant.store, plant.instance())
    assert (arrived["id"], arrived["job"]) == (plant.id("outsider"), "J05")


def test_a_step_that_fails_in_mid_shift_does_change_the_state(plant: Plant) -> None:
    crew_ready(plant)
    body = guard(plant, "worker", bad=plain_step(plant, "J05"))
    deliver(plant, body, at_ms=AT_TWO)
    assert names(plant, AT_TWO - 1)["worker"] == "ready"
    assert names(plant, AT_TWO)["worker"] == "abnormal"
    (found,) = findings.of_record(plant.store, body["id"])
    assert (found["kind"], found["veto"], found["job"]) == ("hazard", 0, "J05")
    answer(plant, "fixed", AT_TWO + 60_000)
    assert names(plant, AT_TWO + 60_000)["worker"] == "ready"


def test_a_veto_in_mid_shift_stops(plant: Plant) -> None:
    crew_ready(plant)
    deliver(plant, guard(plant, "worker", bad=veto_step(plant, "J05")), at_ms=AT_TWO)
    everybody = names(plant, AT_TWO)
    assert everybody.pop("worker") == "stopped"
    assert set(everybody.values()) == {"ready"}


def test_what_a_guard_of_another_crew_finds_is_asked_of_this_one(plant: Plant) -> None:
    crew_ready(plant)
    before = names(plant, AT_TWO)
    body = guard(plant, "outsider", bad=plain_step(plant, "J05"))
    deliver(plant, body, at_ms=AT_TWO)
    asked = findings.of_instance(plant.store, plant.instance()["id"])
    assert [one["record_id"] for one in asked] == [body["id"]]
    assert names(plant, AT_TWO) == before
