"""What an announcement says besides commitments: plant, special work, levels, rosters, sources."""

from __future__ import annotations

import dataclasses
import uuid

import pytest

from shiftapp.model import announcement_content, announcements, roster, settings, slots
from shiftapp.model.counts import Count
from shiftapp.model.work_figures import ACROSS, KINDS
from tests import announced
from tests.announcing import add_crew, at, commit, draft, publish
from tests.calm import NINE, make_calm
from tests.climbing import TOP, WORKSHOP, climb, placed
from tests.furnishing import enter, furnish
from tests.permits import cancel, register
from tests.plant import NOW_MS, TODAY, Plant
from tests.sealing import deliver, hazard_body


def test_the_plant_is_told_by_the_states_of_its_facilities(plant: Plant) -> None:
    furnish(plant)
    enter(plant, "U2", "trial", at("07:00"))
    assert draft(plant, NINE).content["plant"] == {
        "units": {"total": 2, "running": 2, "stopped": 0, "maintenance": 0},
        "startup": 0,
        "shutdown": 0,
        "trial": 1,
        "storage": {"total": 2, "safe": 2},
        "major": {"total": 2, "safe": 2, "ranks": [0, 1, 1, 0]},
        "processes": 1,
        "seen_ms": at("21:38", "2026-11-23"),
    }


def test_a_state_entered_later_is_not_known_yet(plant: Plant) -> None:
    furnish(plant)
    enter(plant, "U2", "stopped", at("08:00"), now_ms=at("08:50"))
    units = [draft(plant, at(clock)).content["plant"]["units"] for clock in ("08:49", "08:51")]
    assert [one["stopped"] for one in units] == [0, 1]


EVERY = {  # each kind of work once, with where it counts
    "fire_special": {"level": "special"},
    "fire_1": {"level": "1"},
    "fire_2": {"level": "2"},
    "height": {"kind": "height", "level": "4"},
    "lifting": {"kind": "lifting", "level": "1"},
    "contractor": {"kind": "contractor", "level": "", "contractor": "宏达检修"},
    **{
        kind: {"kind": kind, "level": ""}
        for kind in (*KINDS, "change")
        if not kind.startswith(("fire", "height", "lifting"))
    },
}


@pytest.mark.parametrize("key", [*KINDS, *ACROSS])
def test_each_kind_of_work_counts_under_its_own_figure(plant: Plant, key: str) -> None:
    register(plant, "X-1", **EVERY[key])
    works = draft(plant, NINE).figures.works
    assert works is not None
    expected = dict.fromkeys([*KINDS, *ACROSS, "total"], 0) | {key: 1, "total": 1}
    assert works.count == works.check == expected


def test_a_contractors_change_counts_across_and_once_in_the_total(plant: Plant) -> None:
    register(plant, "X-1", contractor="宏达检修", changed=True)
    register(plant, "X-2", kind="contractor", level="", contractor="宏达检修")
    works = draft(plant, NINE).content["works"]
    assert (works["fire_1"], works["contractor"], works["change"], works["total"]) == (1, 2, 1, 2)


def test_what_was_registered_or_cancelled_late_is_told(plant: Plant) -> None:
    late = register(plant, "X-1", starts_ms=at("07:00"), now_ms=at("07:30"))
    register(plant, "X-2")
    assert draft(plant, NINE).content["works"]["registered_late"] == 1
    cancel(plant, late, at("07:50"))
    works = draft(plant, NINE).content["works"]
    assert (works["cancelled_late"], works["total"]) == (1, 2)


def test_a_work_of_another_day_is_not_of_this_one(plant: Plant) -> None:
    register(plant, "X-1", starts_ms=at("08:00", "2026-11-25"), ends_ms=at("10:00", "2026-11-25"))
    register(plant, "X-2", level="2", starts_ms=at("22:00"), ends_ms=at("02:00", "2026-11-25"))
    assert draft(plant, NINE).content["works"]["total"] == 1
    tomorrow = draft(plant, at("09:05", "2026-11-25"), "2026-11-25").content["works"]
    assert (tomorrow["fire_1"], tomorrow["fire_2"], tomorrow["total"]) == (1, 1, 2)


def test_every_figure_of_works_lists_its_permits(good_day: Plant) -> None:
    make_calm(good_day)
    register(good_day, "X-1", kind="height", level="2", contractor="宏达检修")
    works = draft(good_day, NINE).figures.works
    assert works is not None
    for key, n in works.count.items():
        assert len(works.under(key)) == n
    assert [one.row["no"] for one in works.under("contractor")] == ["X-1"]


def test_a_bare_work_lists_who_has_not_committed(plant: Plant) -> None:
    register(plant, "X-1", guardians=("1001", "1002"))
    commit(plant, "worker", at("07:45"))
    works = draft(plant, NINE).figures.works
    assert works is not None
    (bare,) = works.bare
    assert [one.row["no"] for one in bare.missing] == ["1002"]


def test_the_levels_above_the_crews_by_their_signatures(good_day: Plant) -> None:
    placed(good_day)
    climb(good_day, WORKSHOP, at("08:30"))
    found = draft(good_day, NINE)
    assert found.content["levels"] == [
        {"no": 2, "name": "车间", "name_en": "Workshop", "signed": 1, "of": 1},
        {"no": 3, "name": "厂级", "name_en": "Plant", "signed": 0, "of": 1},
    ]
    assert found.figures.gap("level_unsigned") == 1
    climb(good_day, TOP, at("08:40"))
    assert draft(good_day, NINE).figures.gaps == ()


def test_a_signature_that_no_longer_holds_is_written_but_not_counted(good_day: Plant) -> None:
    make_calm(good_day)
    deliver(good_day, hazard_body(good_day, "mate", "机封滴油", at("08:50")), at_ms=at("08:50"))
    levels = draft(good_day, NINE).figures.levels
    assert [(one.signed, one.written, one.of) for one in levels] == [(0, 1, 1), (0, 1, 1)]
    assert [rung.row["code"] for level in levels for rung in level.rungs] == [WORKSHOP, TOP]


def test_a_plant_without_units_has_no_levels(good_day: Plant) -> None:
    assert draft(good_day, NINE).content["levels"] == []


def end(plant: Plant, part: str, crew: str = "JIA", code: str = "D", when: str = "07:50") -> None:
    with plant.store.tx() as db:
        instance = plant.instance(crew, TODAY, code)["id"]
        by = plant.id("leader")
        roster.end(db, instance, plant.id(part), "mistake", by=by, now_ms=at(when))


def test_a_dropped_post_is_told(good_day: Plant) -> None:
    """A figure looks better without who is missing: so who was taken off afterwards is a figure."""
    end(good_day, "mate", when="08:30")
    found = draft(good_day, NINE)
    assert found.content["roster"] == {"added": 0, "ended": 1}
    assert found.content["total"]["n"] == 11
    roster_now = found.figures.roster
    assert [one.person for one in roster_now.taken_off] == [good_day.id("mate")]
    assert (roster_now.opened, roster_now.expected, roster_now.agrees) == (12, 11, True)


def test_a_crew_taken_off_altogether_is_in_no_shift_and_still_told(plant: Plant) -> None:
    for part in ("worker", "mate", "chen", "lin", "huang", "leader"):
        end(plant, part)
    doc = draft(plant, NINE).content
    assert [one["group_name"] for one in doc["shifts"]] == ["生产一部丙班"]
    assert doc["roster"] == {"added": 0, "ended": 6}


def test_changes_in_a_shift_too_small_to_show_are_not_told(plant: Plant) -> None:
    parts = add_crew(plant, "DING", 3)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    end(plant, parts[0], "DING")
    assert draft(plant, NINE).content["roster"] == {"added": 0, "ended": 0}


def test_the_people_of_a_day_are_counted_as_before(good_day: Plant) -> None:
    make_calm(good_day)
    assert draft(good_day, NINE).figures.published.total == Count(12, 12, 0, 0, 0)


def test_a_draft_is_the_same_until_the_plant_or_the_register_changes(good_day: Plant) -> None:
    make_calm(good_day)
    shas = [draft(good_day, NINE).sha, draft(good_day, NINE + 60_000).sha]
    enter(good_day, "U2", "stopped", at("09:00"))
    shas.append(draft(good_day, NINE).sha)
    register(good_day, "X-1", level="2")
    shas.append(draft(good_day, NINE).sha)
    assert shas[0] == shas[1] and len(set(shas)) == 3


def test_the_document_is_put_together_without_the_store(good_day: Plant) -> None:
    found = draft(make_calm(good_day), NINE)
    again = announcement_content.content(settings.get(good_day.store), found.figures)
    assert again == found.content
    renamed = dataclasses.replace(settings.get(good_day.store), name="别的公司")
    other = announcement_content.content(renamed, found.figures)
    assert other["enterprise"]["name"] == "别的公司"


# --- Reading what was published -------------------------------------------------------------------


def keep(plant: Plant, kind: str, date: str, version: int = 1, published_ms: int = 0) -> str:
    """An announcement as if it had been published."""
    id = str(uuid.UUID(bytes=plant.random(16), version=4))
    earlier = plant.store.value(
        "SELECT id FROM announcement WHERE kind = :kind AND date = :date AND version = :v",
        kind=kind,
        date=date,
        v=version - 1,
    )
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
            " published_by, supersedes, entry_seq) VALUES (:id, :kind, :date, :v, :why, '{}', '',"
            " :ms, :by, :earlier, :entry)",
            id=id,
            kind=kind,
            date=date,
            v=version,
            why="first" if version == 1 else "update",
            ms=published_ms,
            by=plant.id("signatory"),
            earlier=earlier,
            entry=announced.entered(db, id.encode(), published_ms),
        )
    return id


def listed(rows: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(row["kind"], row["date"], row["version"]) for row in rows]


def test_the_current_one_is_of_the_newest_date_and_published_last(plant: Plant) -> None:
    assert announcements.current(plant.store) is None
    keep(plant, "monthly", "2026-10-31", published_ms=9)
    keep(plant, "weekly", "2026-11-22", published_ms=5)
    newest = keep(plant, "daily", "2026-11-22", published_ms=6)
    found = announcements.current(plant.store)
    assert found is not None and found["id"] == newest and found["newer"] is None


def test_versions_of_kinds_are_their_own(plant: Plant) -> None:
    week = keep(plant, "weekly", "2026-11-22")
    keep(plant, "daily", "2026-11-22")
    second = keep(plant, "daily", "2026-11-22", version=2)
    assert announcements.announcement(plant.store, week)["newer"] is None
    found = announcements.newest_of(plant.store, "2026-11-22")
    assert found is not None and found["id"] == second
    found = announcements.newest_of(plant.store, "2026-11-22", "weekly")
    assert found is not None and found["id"] == week
    assert announcements.newest_of(plant.store, "2026-11-22", "yearly") is None
    assert listed(announcements.versions(plant.store, 9)) == [
        ("daily", "2026-11-22", 2),
        ("daily", "2026-11-22", 1),
        ("weekly", "2026-11-22", 1),
    ]


def test_the_next_draft_differs_from_what_was_published_by_what_happened(good_day: Plant) -> None:
    first = publish(make_calm(good_day), NINE)
    register(good_day, "X-1", level="special", starts_ms=at("10:00"))
    later = draft(good_day, at("09:30"))
    told = [one["zh"] for one in announcements.differences(first["doc"], later.content)]
    assert told == ["危险作业合计 2 改为 3。", "特级动火 0 改为 1。", "风险等级 3 改为 2。"]
