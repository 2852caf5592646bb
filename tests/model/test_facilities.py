"""State of the plant: what is entered, what it counts as, what stays as it was; what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shiftapp.model import counters, facilities, places
from shiftapp.model.facilities import STATES, Facility, Now
from shiftapp.problems import Problem
from tests.plant import HOUR_MS, NOW_MS, Plant

C4 = Facility("U1", "YC", "unit", "碳四装置", "C4 unit", area="A1", process=1)
TANKS = Facility("T1", "YC", "tank_farm", "球罐区", area="A2", hazard_rank=2, hazard_code="PY-02")
STORE = Facility("W1", "YC", "warehouse", "危化品库", hazard_rank=3)


def save(plant: Plant, *these: Facility) -> None:
    with plant.store.tx() as db:
        for one in these:
            facilities.save(db, one)


def enter(
    plant: Plant, code: str, state: str, since_ms: int = NOW_MS, now_ms: int = 0, **more: Any
) -> bool:
    by = plant.id("manager")
    with plant.store.tx() as db:
        return facilities.set_state(
            db, code, state, since_ms=since_ms, by=by, now_ms=now_ms or max(since_ms, NOW_MS),
            **more,
        )  # fmt: skip


def look(plant: Plant, site: str = "YC", now_ms: int = NOW_MS) -> None:
    with plant.store.tx() as db:
        facilities.look(db, site, by=plant.id("manager"), now_ms=now_ms)


def now(plant: Plant, at_ms: int = NOW_MS) -> dict[str, Now]:
    return {one.row["code"]: one for one in facilities.now(plant.store, at_ms)}


def refused(plant: Plant, code: str, *entry: Any, **more: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        enter(plant, code, *entry, **more)
    return caught.value.status, caught.value.code


def not_saved(plant: Plant, one: Facility) -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        save(plant, one)
    return caught.value.status, caught.value.code


def test_what_nobody_has_entered_has_no_state(plant: Plant) -> None:
    save(plant, C4)
    found = now(plant)["U1"]
    assert (found.state, found.counts_as, found.note) == ("", "", "")
    assert found.since_ms is None and found.seen_ms is None
    assert found.row["name"] == "碳四装置" and found.row["area_name"] == "生产一部"


def test_a_state_holds_from_when_it_began_and_the_newest_wins(plant: Plant) -> None:
    save(plant, C4)
    assert enter(plant, "U1", "running", NOW_MS - 3 * HOUR_MS)
    assert enter(plant, "U1", "stopped", NOW_MS - HOUR_MS, note=" 没有料 ")
    found = now(plant)["U1"]
    assert (found.state, found.since_ms) == ("stopped", NOW_MS - HOUR_MS)
    assert found.note == "没有料" and found.seen_ms == NOW_MS


def test_it_tells_what_was_known_at_an_instant_not_what_came_to_light_later(plant: Plant) -> None:
    save(plant, C4)
    enter(plant, "U1", "running", NOW_MS)
    late_ms = NOW_MS + 4 * HOUR_MS
    enter(plant, "U1", "stopped", NOW_MS + HOUR_MS, now_ms=late_ms)
    assert now(plant, NOW_MS - 1)["U1"].state == ""
    assert now(plant, late_ms - 1)["U1"].state == "running"
    assert now(plant, late_ms)["U1"].since_ms == NOW_MS + HOUR_MS


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("running", "running"),
        ("trial", "running"),
        ("startup", "running"),
        ("shutdown", "running"),
        ("stopped", "stopped"),
        ("maintenance", "maintenance"),
    ],
)
def test_starting_up_and_shutting_down_count_as_running(
    plant: Plant, state: str, counts: str
) -> None:
    save(plant, C4)
    enter(plant, "U1", state, note="检修")
    assert (now(plant)["U1"].state, now(plant)["U1"].counts_as) == (state, counts)


@pytest.mark.parametrize("kind", ["tank_farm", "warehouse"])
@pytest.mark.parametrize("state", ["safe", "unsafe", "empty"])
def test_what_stores_is_safe_unsafe_or_empty(plant: Plant, kind: str, state: str) -> None:
    save(plant, replace(TANKS, kind=kind))
    enter(plant, "T1", state, note="液位计坏")
    assert now(plant)["T1"].counts_as == state


def test_entering_what_holds_already_writes_nothing(plant: Plant) -> None:
    save(plant, C4, TANKS)
    enter(plant, "U1", "running")
    assert not enter(plant, "U1", "running", NOW_MS + HOUR_MS)
    assert len(facilities.history(plant.store, "U1")) == 1
    assert now(plant, NOW_MS + HOUR_MS)["U1"].seen_ms == NOW_MS


def test_a_look_says_that_a_site_is_as_it_was_entered(plant: Plant) -> None:
    save(plant, C4, TANKS)
    enter(plant, "U1", "running", NOW_MS - HOUR_MS, now_ms=NOW_MS - HOUR_MS)
    enter(plant, "T1", "safe", NOW_MS - HOUR_MS, now_ms=NOW_MS - HOUR_MS)
    look(plant)
    assert {code: one.seen_ms for code, one in now(plant).items()} == {"U1": NOW_MS, "T1": NOW_MS}
    assert now(plant, NOW_MS - 1)["U1"].seen_ms == NOW_MS - HOUR_MS
    enter(plant, "U1", "stopped", NOW_MS + HOUR_MS)
    later = now(plant, NOW_MS + HOUR_MS)
    assert (later["U1"].seen_ms, later["T1"].seen_ms) == (NOW_MS + HOUR_MS, NOW_MS)


def test_a_look_at_one_site_says_nothing_of_another(plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
    save(plant, C4, replace(C4, code="U9", site="EC", area=None))
    enter(plant, "U1", "running")
    enter(plant, "U9", "running")
    look(plant, "EC", NOW_MS + HOUR_MS)
    found = now(plant, NOW_MS + HOUR_MS)
    assert (found["U9"].seen_ms, found["U1"].seen_ms) == (NOW_MS + HOUR_MS, NOW_MS)


def test_a_look_needs_facilities_and_a_state_of_each(plant: Plant) -> None:
    with pytest.raises(Problem) as caught:
        look(plant)
    assert (caught.value.status, caught.value.code) == (404, "no_facility")
    save(plant, C4, TANKS)
    enter(plant, "U1", "running")
    with pytest.raises(Problem) as caught:
        look(plant)
    assert (caught.value.status, caught.value.code) == (409, "state_missing")
    assert "球罐区" in caught.value.detail


@pytest.mark.parametrize(
    ("entry", "more", "refusal"),
    [
        (("U1", "safe"), {}, (422, "wrong_state")),
        (("T1", "running"), {}, (422, "wrong_state")),
        (("U1", "exploded"), {}, (422, "wrong_state")),
        (("U1", "stopped", NOW_MS + 1), {"now_ms": NOW_MS}, (422, "since_future")),
        (("U1", "maintenance"), {}, (422, "no_note")),
        (("T1", "unsafe"), {"note": "  "}, (422, "no_note")),
        (("U1", "stopped"), {"note": "长" * 201}, (422, "too_long")),
        (("U1", "stopped", NOW_MS - HOUR_MS), {}, (409, "since_too_early")),
        (("U1", "stopped", NOW_MS - 2 * HOUR_MS), {}, (409, "since_too_early")),
        (("NIX", "running"), {}, (404, "no_facility")),
        (("OFF", "running"), {}, (409, "facility_inactive")),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    plant: Plant, entry: Any, more: Any, refusal: tuple[int, str]
) -> None:
    save(plant, C4, TANKS, replace(C4, code="OFF", active=0))
    enter(plant, "U1", "running", NOW_MS - HOUR_MS)
    assert refused(plant, *entry, **more) == refusal
    assert len(plant.store.rows("SELECT id FROM facility_state ORDER BY id")) == 1


def test_a_reason_is_asked_for_what_others_ask_about_and_for_nothing_else(plant: Plant) -> None:
    save(plant, C4, TANKS)
    free = set(STATES["unit"]) - {"maintenance"}
    for hours, state in enumerate(sorted(free)):
        assert enter(plant, "U1", state, NOW_MS + hours * HOUR_MS)
    assert enter(plant, "T1", "empty") and enter(plant, "T1", "safe", NOW_MS + 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facility_state SET since_ms = since_ms - 1",
        "UPDATE facility_state SET state = 'running'",
        "UPDATE facility_state SET note = 'x'",
        "DELETE FROM facility_state",
    ],
)
def test_an_inspector_finds_the_history_as_it_was_entered(plant: Plant, statement: str) -> None:
    save(plant, C4)
    enter(plant, "U1", "stopped")
    before = facilities.history(plant.store, "U1")
    with pytest.raises(Exception, match="append-only"), plant.store.tx() as db:
        db.run(statement)
    assert facilities.history(plant.store, "U1") == before


def test_the_history_names_who_entered_what_newest_first(plant: Plant) -> None:
    save(plant, C4, TANKS)
    enter(plant, "U1", "startup", NOW_MS - HOUR_MS)
    enter(plant, "U1", "running")
    enter(plant, "T1", "safe")
    found = facilities.history(plant.store, "U1")
    assert [(row["state"], row["at_ms"], row["name"]) for row in found] == [
        ("running", NOW_MS, "孙八"),
        ("startup", NOW_MS, "孙八"),
    ]


def test_units_come_first_then_tank_farms_then_warehouses(plant: Plant) -> None:
    save(plant, STORE, TANKS, C4, replace(C4, code="U0", active=0))
    assert [row["code"] for row in facilities.facilities(plant.store)] == ["U1", "T1", "W1"]
    assert [row["code"] for row in facilities.every(plant.store)] == ["U1", "T1", "W1", "U0"]


def test_saving_again_changes_the_facts_and_keeps_the_states(plant: Plant) -> None:
    save(plant, C4)
    enter(plant, "U1", "running")
    save(plant, replace(C4, name="碳四一套", area=None, process=0))
    row = facilities.facility(plant.store, "U1")
    assert row and (row["name"], row["area"], row["process"]) == ("碳四一套", None, 0)
    assert now(plant)["U1"].state == "running"


def test_what_is_out_of_use_is_counted_no_more_and_its_history_stays(plant: Plant) -> None:
    save(plant, C4)
    enter(plant, "U1", "stopped")
    save(plant, replace(C4, active=0))
    assert now(plant) == {} and len(facilities.history(plant.store, "U1")) == 1
    save(plant, C4)
    assert now(plant)["U1"].state == "stopped"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "  "}, (422, "bad_name")),
        ({"name": ""}, (422, "bad_name")),
        ({"name": "长" * 41}, (422, "bad_name")),
        ({"name_en": "x" * 121}, (422, "bad_name")),
        ({"hazard_rank": 5}, (422, "bad_rank")),
        ({"hazard_rank": -1}, (422, "bad_rank")),
        ({"site": "NIX", "area": None}, (422, "unknown_site")),
        ({"area": "NIX"}, (422, "unknown_area")),
        ({"area": "B1"}, (422, "unknown_area")),
        ({"process": 1}, (422, "not_a_unit")),
    ],
)
def test_a_facility_that_cannot_be_is_not_saved(
    plant: Plant, change: Any, refusal: tuple[int, str]
) -> None:
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
        places.save_area(db, places.Area("B1", "EC", "别处"))
    assert not_saved(plant, replace(TANKS, **change)) == refusal
    assert facilities.every(plant.store) == []


def test_what_has_a_history_keeps_its_kind_and_its_site(plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
    save(plant, TANKS)
    save(plant, replace(TANKS, kind="warehouse"))  # nothing entered yet: a slip of the hand
    enter(plant, "T1", "safe")
    assert not_saved(plant, TANKS) == (409, "has_history")
    assert not_saved(plant, replace(STORE, code="T1", site="EC")) == (409, "has_history")
    row = facilities.facility(plant.store, "T1")
    assert row and (row["kind"], row["site"]) == ("warehouse", "YC")


def test_what_is_unsafe_is_not_taken_out_of_sight(plant: Plant) -> None:
    save(plant, TANKS)
    enter(plant, "T1", "unsafe", note="液位计坏")
    assert not_saved(plant, replace(TANKS, active=0)) == (409, "still_unsafe")
    enter(plant, "T1", "empty", NOW_MS + HOUR_MS)
    save(plant, replace(TANKS, active=0))
    assert now(plant) == {}


def test_a_board_learns_of_every_change(plant: Plant) -> None:
    counts = [counters.board(plant.store)]
    for step in (
        lambda: save(plant, C4),
        lambda: enter(plant, "U1", "running"),
        lambda: look(plant),
    ):
        step()
        counts.append(counters.board(plant.store))
    assert counts == sorted(set(counts))
    enter(plant, "U1", "running", NOW_MS + 1)
    assert counters.board(plant.store) == counts[-1]
