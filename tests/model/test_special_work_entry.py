"""Entering permits of special work: what is taken, what is refused, what is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.model import people, places, special_work_entry, special_works
from shiftapp.model.people import Person
from shiftapp.model.special_work_checks import Author, Entry, no_key
from shiftapp.problems import Problem
from shiftapp.store import Db, Store, open_store
from tests.announcing import at
from tests.engines import Postgres, postgres_store
from tests.permits import API, by, cancel, close, entry, gas, register, work
from tests.plant import HOUR_MS, MADE_MS, NOW_MS, Plant, make_keys, make_plant

DAY_MS = 24 * HOUR_MS
STARTED = at("09:00")  # while the permit of `entry` runs


def refused(do: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        do()
    assert caught.value.detail.endswith("。")
    return caught.value


def change(plant: Plant, id: int, said: Entry, now_ms: int = NOW_MS) -> str:
    who = by(plant)
    return plant.store.write(lambda db: special_work_entry.change(db, id, said, who, now_ms))


def upsert(plant: Plant, said: Entry, now_ms: int = NOW_MS, author: Author = API) -> str:
    return plant.store.write(lambda db: special_work_entry.upsert(db, said, author, now_ms))[1]


def lines(plant: Plant) -> list[tuple[str, str]]:
    rows = plant.store.rows(
        "SELECT what, detail FROM audit WHERE SUBSTR(about, 1, 5) = 'work:' ORDER BY seq"
    )
    return [(row["what"], row["detail"]) for row in rows]


def how_many(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM special_work"))


def test_a_permit_is_registered_with_what_the_kind_says(plant: Plant) -> None:
    id = register(plant, by=by(plant))
    found = work(plant, id, NOW_MS)
    said = {name: found.row[name] for name in ("no", "kind", "level", "site", "area", "source")}
    assert said == {
        "no": "DH-1124-01",
        "kind": "fire",
        "level": "1",
        "site": "YC",  # said by the area
        "area": "A1",
        "source": "desk",
    }
    assert found.row["gas_every_min"] == 120
    assert [(one["no"], one["part"]) for one in found.people] == [("1001", "guardian")]
    assert not found.late
    assert lines(plant) == [("work.register", "DH-1124-01")]


def test_a_board_is_told(plant: Plant) -> None:
    before = plant.store.value("SELECT value FROM counter WHERE name = 'board'")
    register(plant)
    assert plant.store.value("SELECT value FROM counter WHERE name = 'board'") > before


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("ends_before", {"ends_ms": at("08:30")}),
        ("ends_before", {"ends_ms": at("08:00")}),
        ("unknown_kind", {"kind": "diving"}),
        ("no_level", {"level": ""}),
        ("unknown_level", {"level": "3"}),
        ("unknown_level", {"kind": "confined", "level": "1"}),
        ("valid_too_long", {"ends_ms": at("08:30") + 8 * HOUR_MS + 1}),
        ("unknown_no", {"guardians": ("7777",)}),
        ("unknown_no", {"workers": ("7777",)}),
        ("guardian_works", {"guardians": ("1001",), "workers": ("1002", "1001")}),
        ("unknown_site", {"site": "XX"}),
        ("unknown_area", {"area": "A9"}),
        ("unknown_facility", {"facility": "F9"}),
        ("other_site", {"site": "EC"}),
        ("bad_text", {"no": "  "}),
        ("bad_text", {"no": "- —-"}),
        ("bad_text", {"no": "9" * 41}),
        ("bad_text", {"place": ""}),
        ("bad_text", {"place": "某" * 61}),
        ("bad_text", {"what": "某" * 201}),
        ("bad_text", {"contractor": "某" * 61}),
        ("bad_gas", {"gas_every_min": -1}),
        ("bad_gas", {"gas_every_min": 1441}),
        ("no_contractor", {"kind": "contractor", "level": ""}),
        ("too_many_people", {"workers": tuple(f"{n}" for n in range(51))}),
        ("too_old", {"starts_ms": NOW_MS - 30 * DAY_MS - 1, "ends_ms": NOW_MS - 30 * DAY_MS}),
        ("too_far", {"starts_ms": NOW_MS + 93 * DAY_MS, "ends_ms": NOW_MS + 93 * DAY_MS + 1}),
    ],
)
def test_what_cannot_be_a_permit_is_refused(plant: Plant, code: str, wrong: Any) -> None:
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
    assert refused(lambda: register(plant, **wrong)).code == code
    assert how_many(plant) == 0
    assert lines(plant) == []


def test_eight_hours_are_allowed_and_seventy_two_at_grade_two(plant: Plant) -> None:
    register(plant, "A-1", ends_ms=at("08:30") + 8 * HOUR_MS)
    register(plant, "A-2", level="2", ends_ms=at("08:30") + 72 * HOUR_MS)
    assert how_many(plant) == 2


def test_with_two_sites_a_permit_without_a_place_of_any_needs_one(plant: Plant) -> None:
    register(plant, "A-1", area=None)
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
    assert refused(lambda: register(plant, "A-2", area=None)).code == "unknown_site"
    register(plant, "A-3", area=None, site="EC")


def test_who_has_left_is_named_on_no_new_permit(plant: Plant) -> None:
    gone = Person(plant.id("worker"), "1001", "张三", active=0)
    id = register(plant)
    with plant.store.tx() as db:
        people.save_person(db, gone, NOW_MS)
    assert refused(lambda: register(plant, "DH-2")).code == "unknown_no"
    assert change(plant, id, entry(place="P-202")) == "changed"  # the old one still names them
    assert work(plant, id, NOW_MS).guardians[0]["no"] == "1001"


@pytest.mark.parametrize(
    "again",
    ["DH-1124-01", "dh-1124-01", "ＤＨ－１１２４－０１", "DH 1124 01", "DH112401", "DH–1124—01"],
)
def test_a_permit_is_counted_once_however_its_number_is_written(plant: Plant, again: str) -> None:
    register(plant)
    problem = refused(lambda: register(plant, again, place="别处"))
    assert (problem.status, problem.code) == (409, "permit_taken")
    assert how_many(plant) == 1


@given(st.text(max_size=40))
def test_a_number_compared_twice_is_compared_the_same(no: str) -> None:
    assert no_key(no_key(no)) == no_key(no)
    assert no_key(f" {no}-") == no_key(no)
    assert no_key(no.upper()) == no_key(no)


def test_a_late_registration_is_taken_and_marked(plant: Plant) -> None:
    two_days_ago = {"starts_ms": NOW_MS - 2 * DAY_MS, "ends_ms": NOW_MS - 2 * DAY_MS + HOUR_MS}
    assert work(plant, register(plant, **two_days_ago), NOW_MS).late
    assert work(plant, register(plant, "DH-2", starts_ms=NOW_MS - 1), NOW_MS).late
    assert not work(plant, register(plant, "DH-3", starts_ms=NOW_MS), NOW_MS).late


def test_everything_may_be_put_right_before_the_start(plant: Plant) -> None:
    id = register(plant)
    said = entry(
        kind="confined", level="", place="V-305 罐内", area="A2", guardians=(), workers=("1002",)
    )
    said = replace(said, starts_ms=at("09:00"), ends_ms=at("10:00"), contractor="某检修公司")
    assert change(plant, id, said) == "changed"
    row = work(plant, id, NOW_MS).row
    assert (row["kind"], row["level"], row["place"], row["area"]) == (
        "confined",
        "",
        "V-305 罐内",
        "A2",
    )
    assert [what for what, _ in lines(plant)] == [
        "work.register",
        "work.change",
        "work.ends",
        "work.guardian",
    ]
    changed = dict(lines(plant))["work.change"]
    assert changed == "area, contractor, kind, level, place, starts_ms, workers"


def test_the_number_of_a_permit_never_changes(plant: Plant) -> None:
    id = register(plant)
    assert change(plant, id, entry("DH-1124-99")) == "same"
    assert work(plant, id, NOW_MS).row["no"] == "DH-1124-01"


def test_what_is_the_same_changes_nothing_and_leaves_no_line(plant: Plant) -> None:
    id = register(plant, gas_every_min=30)
    assert change(plant, id, entry(gas_every_min=30)) == "same"
    assert change(plant, id, entry()) == "same"  # an interval that nobody gives stays
    assert len(lines(plant)) == 1


def test_once_started_it_is_extended_guarded_and_tested_otherwise(plant: Plant) -> None:
    id = register(plant)
    later = entry(ends_ms=at("16:30"), guardians=("1002",), gas_every_min=60)
    assert change(plant, id, later, STARTED) == "changed"
    found = work(plant, id, STARTED)
    assert found.row["ends_ms"] == at("16:30")
    assert [one["no"] for one in found.guardians] == ["1002"]
    assert lines(plant)[1:] == [
        ("work.ends", "2026-11-24 12:00 → 2026-11-24 16:30"),
        ("work.guardian", "1001 → 1002"),
        ("work.gas_every", "120 → 60 min"),
    ]


def test_once_started_an_interval_mistyped_too_short_goes_up_to_that_of_its_kind(
    plant: Plant,
) -> None:
    id = register(plant, gas_every_min=12)
    assert change(plant, id, entry(gas_every_min=120), STARTED) == "changed"
    longer = register(plant, "DH-2", gas_every_min=240)
    assert change(plant, longer, entry("DH-2", gas_every_min=240), STARTED) == "same"
    assert change(plant, longer, entry("DH-2", gas_every_min=180), STARTED) == "changed"


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("only_extend", {"ends_ms": at("11:00")}),
        ("valid_too_long", {"ends_ms": at("08:30") + 8 * HOUR_MS + 1}),
        ("work_started", {"level": "2"}),
        ("work_started", {"place": "别处"}),
        ("work_started", {"starts_ms": at("08:00")}),
        ("work_started", {"starts_ms": at("10:00")}),
        ("work_started", {"workers": ("1002",)}),
        ("work_started", {"contractor": "某检修公司"}),
        ("unknown_no", {"guardians": ("7777",)}),
        ("gas_longer", {"gas_every_min": 121}),
        ("gas_longer", {"gas_every_min": 0}),
    ],
)
def test_once_started_nothing_else_changes(plant: Plant, code: str, other: Any) -> None:
    id = register(plant)
    assert refused(lambda: change(plant, id, entry(**other), STARTED)).code == code
    assert len(lines(plant)) == 1
    assert work(plant, id, STARTED).guardians[0]["no"] == "1001"


@pytest.mark.parametrize("end", [close, cancel])
def test_what_has_ended_stays_as_it_is(plant: Plant, end: Callable[..., None]) -> None:
    id = register(plant)
    end(plant, id, STARTED)
    for do in (
        lambda: change(plant, id, entry(ends_ms=at("13:00")), STARTED),
        lambda: gas(plant, id, STARTED),
        lambda: (cancel if end is close else close)(plant, id, STARTED),
    ):
        problem = refused(do)
        assert (problem.status, problem.code) == (409, "work_ended")


def test_closing_twice_or_cancelling_twice_is_done_once(plant: Plant) -> None:
    one, two = register(plant), register(plant, "DH-2")
    for _ in range(2):
        close(plant, one, STARTED)
        cancel(plant, two, STARTED)
    assert [what for what, _ in lines(plant)][2:] == ["work.close", "work.cancel"]


def test_a_work_that_has_not_begun_is_not_closed(plant: Plant) -> None:
    id = register(plant)
    assert refused(lambda: close(plant, id, at("08:29"))).code == "not_started"
    close(plant, id, at("08:30"))
    assert work(plant, id, at("08:31")).row["closed_ms"] == at("08:30")


def test_a_reason_is_needed_to_cancel_what_has_begun(plant: Plant) -> None:
    one, two = register(plant), register(plant, "DH-2")
    cancel(plant, one, NOW_MS, why="")
    assert refused(lambda: cancel(plant, two, STARTED, why="  ")).code == "no_why"
    cancel(plant, two, STARTED, why="突降大雨")
    assert work(plant, two, STARTED).row["cancelled_why"] == "突降大雨"


def test_who_does_not_know_the_number_is_told(plant: Plant) -> None:
    for do in (
        lambda: change(plant, 99, entry()),
        lambda: close(plant, 99, NOW_MS),
        lambda: cancel(plant, 99, NOW_MS),
        lambda: gas(plant, 99, NOW_MS),
    ):
        problem = refused(do)
        assert (problem.status, problem.code) == (404, "no_work")


def test_a_gas_test_is_entered_and_the_next_is_due(plant: Plant) -> None:
    id = register(plant)
    assert work(plant, id, NOW_MS).gas_due_ms == at("08:30")
    assert gas(plant, id, at("08:10")) == "changed"
    found = work(plant, id, at("08:40"))
    assert found.gas is not None and found.gas["result"] == "LEL 0 %"
    assert found.gas_due_ms == at("10:10")
    assert lines(plant)[-1] == ("work.gas_passed", "API 作业票系统: LEL 0 %")


def test_a_gas_test_of_the_future_or_of_before_the_newest_is_refused(plant: Plant) -> None:
    id = register(plant)
    assert refused(lambda: gas(plant, id, NOW_MS + 1, now_ms=NOW_MS)).code == "gas_future"
    yesterday = at("08:30") - DAY_MS
    assert refused(lambda: gas(plant, id, yesterday - 1, now_ms=NOW_MS)).code == "gas_early"
    gas(plant, id, at("08:10"))
    assert refused(lambda: gas(plant, id, at("08:09"), now_ms=STARTED)).code == "gas_older"
    assert refused(lambda: gas(plant, id, STARTED, result="9" * 101)).code == "bad_result"
    assert plant.store.value("SELECT COUNT(*) FROM gas_test") == 1


def test_a_press_too_many_is_one_gas_test(plant: Plant) -> None:
    id = register(plant)
    assert gas(plant, id, STARTED) == "changed"
    assert gas(plant, id, STARTED + 900) == "same"
    assert gas(plant, id, STARTED) == "same"  # told once more by another system
    assert gas(plant, id, STARTED + 1000, passed=False) == "changed"
    assert gas(plant, id, STARTED + 2000) == "changed"  # passed, failed, passed: three tests
    assert gas(plant, id, STARTED + 120_000) == "changed"


def test_the_same_permit_sent_again_is_unchanged_changed_or_new(plant: Plant) -> None:
    assert upsert(plant, entry()) == "new"
    assert upsert(plant, entry("dh 1124 01")) == "same"
    assert upsert(plant, entry(place="P-202")) == "changed"
    assert upsert(plant, entry("DH-1124-02")) == "new"
    assert how_many(plant) == 2
    assert [detail for _, detail in lines(plant)] == [
        "API 作业票系统: DH-1124-01",
        "API 作业票系统: place",
        "API 作业票系统: DH-1124-02",
    ]


def test_an_old_permit_sent_again_stays_unchanged(plant: Plant) -> None:
    id = register(plant)
    close(plant, id, STARTED)
    assert upsert(plant, entry(), NOW_MS + 40 * DAY_MS) == "same"


def test_work_of_a_change_is_marked_as_such(plant: Plant) -> None:
    id = register(plant, kind="change", level="")
    assert work(plant, id, NOW_MS).row["changed"] == 1


def test_every_kind_of_the_library_can_be_registered(plant: Plant) -> None:
    for number, (code, kind) in enumerate(library.special_work().items()):
        level = kind["levels"][0]["code"] if kind["levels"] else ""
        register(plant, f"N-{number}", kind=code, level=level, contractor="某公司")
        named = special_works.label(code, level)
        assert named["name"] and named["name_en"]
    assert how_many(plant) == 14


def test_no_permit_is_valid_for_longer_than_a_day_of_the_register_looks_back() -> None:
    for kind in library.special_work().values():
        hours = [kind["hours"], *(one.get("hours", 0) for one in kind["levels"])]
        assert max(hours) * HOUR_MS < special_works.LONGEST_MS


# Two at once --------------------------------------------------------------------------------------


@pytest.fixture
def nodes(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[Plant, list[Store]]]:
    for store in postgres_store(postgres):
        other = open_store(store.address)
        yield make_plant(store, make_keys(tmp_path / "keys")), [store, other]
        other.close()


def at_once(do: Callable[[Db], Any], stores: list[Store]) -> list[str]:
    """Do the same at every node at the same instant; gives the codes of who was refused."""
    barrier, found = threading.Barrier(len(stores)), [""] * len(stores)

    def run(number: int) -> None:
        barrier.wait()
        try:
            stores[number].write(do)
        except Problem as problem:
            found[number] = problem.code

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(stores))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_of_two_nodes_registering_the_same_number_one_is_refused(
    nodes: tuple[Plant, list[Store]],
) -> None:
    plant, stores = nodes
    for turn in range(5):
        said = entry(f"DH-{turn}")
        found = at_once(
            lambda db, said=said: special_work_entry.register(db, said, API, NOW_MS), stores
        )
        assert found == ["", "permit_taken"]
    assert how_many(plant) == 5
    assert plant.store.value("SELECT COUNT(*) FROM special_work_person") == 5


def test_of_two_who_end_a_work_at_once_it_ends_once(nodes: tuple[Plant, list[Store]]) -> None:
    plant, stores = nodes
    for turn in range(5):
        id = register(plant, f"DH-{turn}", now_ms=MADE_MS)
        at_once(lambda db, id=id: special_work_entry.close(db, id, API, STARTED), stores)
        assert work(plant, id, STARTED).row["closed_ms"] == STARTED
