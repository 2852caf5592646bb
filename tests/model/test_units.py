"""Levels and units: where a crew stands if nobody said, what can be changed, who signs."""

from __future__ import annotations

import pytest

from shiftapp.model import crews, people, places, placing, units
from shiftapp.model.people import Person, Role
from shiftapp.model.units import Unit
from shiftapp.problems import Problem
from tests.climbing import TOP, WORKSHOP, placed
from tests.plant import NOW_MS, Plant


def test_the_levels_are_crew_workshop_and_plant_unless_told(plant: Plant) -> None:
    assert [row["name"] for row in units.levels(plant.store)] == ["班组", "车间", "厂级"]


def test_a_crew_stands_under_the_workshop_of_its_area_and_it_under_the_site(plant: Plant) -> None:
    placed(plant)
    workshop, top = units.unit(plant.store, WORKSHOP), units.unit(plant.store, TOP)
    assert workshop is not None and top is not None
    assert (workshop["name"], workshop["level"], workshop["parent"]) == ("生产一部", 2, TOP)
    assert (top["name"], top["level"], top["parent"]) == ("一厂", 3, None)
    assert units.crews_below(plant.store)[TOP] == {"JIA", "YI", "BING"}
    lines = units.lines(plant.store)
    assert [row["code"] for row in lines[WORKSHOP]] == [WORKSHOP, TOP]
    assert {code for code, line in lines.items() if line[-1]["code"] == TOP} == {WORKSHOP, TOP}


def test_placing_again_places_nobody(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        assert placing.place(db) == 0
    assert len(units.units(plant.store)) == 2


def test_a_crew_of_the_whole_site_answers_to_the_plant(plant: Plant) -> None:
    with plant.store.tx() as db:
        crews.save_crew(db, crews.Crew("WX", "YC", "G-JIA", "维修", "P4"))
        placing.place(db)
    assert plant.store.value("SELECT unit FROM crew WHERE code = 'WX'") == TOP


def test_with_two_levels_every_crew_answers_to_the_plant(plant: Plant) -> None:
    with plant.store.tx() as db:
        units.set_levels(db, [("班组", "Crew"), ("厂级", "Plant")])
        placing.place(db)
    assert [row["code"] for row in units.units(plant.store)] == [TOP]
    assert plant.store.value("SELECT COUNT(*) FROM crew WHERE unit = :t", t=TOP) == 3


def test_a_code_that_is_taken_gets_a_number(plant: Plant) -> None:
    with plant.store.tx() as db:
        units.save_unit(db, Unit("YC", 3, "YC", "总厂"))
        units.save_unit(db, Unit("A1", 2, "YC", "别的单位", parent="YC"))
        placing.place(db)
    assert plant.store.value("SELECT unit FROM crew WHERE code = 'JIA'") == "A1-2"


def test_the_top_moves_to_the_new_last_level(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        units.set_levels(db, [(name, "") for name in ("班组", "工段", "车间", "厂", "公司")])
    top = units.unit(plant.store, TOP)
    assert top is not None and (top["level"], top["level_name"]) == (5, "公司")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["班组"], "level_count"),
        (["一", "二", "三", "四", "五", "六"], "level_count"),
        (["班组", "", "厂"], "level_name"),
        (["班组", "车" * 41, "厂"], "level_name"),
    ],
)
def test_levels_without_sense_are_refused(plant: Plant, names: list[str], code: str) -> None:
    with plant.store.tx() as db, pytest.raises(Problem, match=code):
        units.set_levels(db, [(name, "") for name in names])


def test_a_level_with_units_on_it_is_not_taken_away(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db, pytest.raises(Problem, match="level_in_use"):
        units.set_levels(db, [("班组", ""), ("厂级", "")])
    assert len(units.levels(plant.store)) == 3


def test_a_unit_that_no_crew_answers_to_is_in_nobodys_way(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        units.set_crews(db, TOP, ["JIA", "YI", "BING"])
        units.set_levels(db, [("班组", ""), ("厂级", "")])
    assert units.in_use(plant.store) == {TOP}
    assert [row["no"] for row in units.levels(plant.store)] == [1, 2]


def test_a_crew_of_another_site_answers_to_nobody_here(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂", "Plant 2"))
        units.save_unit(db, Unit("EC", 3, "EC", "二厂"))
        with pytest.raises(Problem, match="other_site"):
            units.set_crews(db, "EC", ["JIA"])


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        (Unit("N1", 2, "XX", "没有的厂", parent=TOP), "unknown_site"),
        (Unit("N1", 9, "YC", "没有的级", parent=TOP), "unknown_level"),
        (Unit("N1", 1, "YC", "班组级", parent=TOP), "unknown_level"),
        (Unit("N1", 2, "YC", "没有上级"), "unit_above"),
        (Unit("N1", 3, "YC", "第二个顶"), "unit_above"),
        (Unit("N1", 2, "YC", "同级上级", parent=WORKSHOP), "unit_above"),
        (Unit("N1", 2, "YC", "没有的上级", parent="XX"), "unit_above"),
        (Unit(TOP, 3, "YC", "自己在自己上面", parent=TOP), "unit_above"),
    ],
)
def test_a_unit_stands_below_one_of_a_higher_level(plant: Plant, unit: Unit, code: str) -> None:
    placed(plant)
    with plant.store.tx() as db, pytest.raises(Problem, match=code):
        units.save_unit(db, unit)


def test_a_unit_is_not_raised_above_its_own_parent(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        units.set_levels(db, [(name, "") for name in ("班组", "工段", "车间", "厂级")])
        units.save_unit(db, Unit("W", 3, "YC", "车间", parent=TOP))
        units.save_unit(db, Unit("S", 2, "YC", "工段", parent="W"))
        with pytest.raises(Problem, match="unit_above"):
            units.save_unit(db, Unit("W", 2, "YC", "车间", parent=TOP))


def names_of(plant: Plant, code: str) -> list[str]:
    unit = units.unit(plant.store, code)
    assert unit is not None
    return [row["name"] for row in units.signers(plant.store, unit)]


def test_signatories_sign_the_top_and_managers_the_rest_unless_told(plant: Plant) -> None:
    placed(plant)
    assert names_of(plant, TOP) == ["周九"] and names_of(plant, WORKSHOP) == ["孙八"]


def test_who_manages_the_area_signs_its_unit(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        head = Person(plant.id("outsider"), "2001", "钱七", roles=(Role("manager", "area", "A1"),))
        people.save_person(db, head, NOW_MS)
    assert names_of(plant, WORKSHOP) == ["钱七"]


def test_who_is_named_signs_instead(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        units.set_signers(db, TOP, [plant.id("admin"), plant.id("admin")])
    assert names_of(plant, TOP) == ["郑一"]
    assert units.named_signers(plant.store, TOP) == [plant.id("admin")]
    with plant.store.tx() as db:
        units.set_signers(db, TOP, [])
    assert names_of(plant, TOP) == ["周九"]


def test_who_has_left_signs_nothing(plant: Plant) -> None:
    placed(plant)
    with plant.store.tx() as db:
        units.set_signers(db, TOP, [plant.id("admin")])
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("admin"))
    assert names_of(plant, TOP) == ["周九"]
