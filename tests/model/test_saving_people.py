"""Many people are saved in few statements, under the same rules as one."""

from __future__ import annotations

import uuid

import pytest

from shiftapp.model import people
from shiftapp.model.people import Person, Post, Role
from shiftapp.problems import Problem
from tests.plant import NOW_MS, PUMPS, TANKS, Plant


def new(no: str, number: int, **more: object) -> Person:
    return Person(str(uuid.UUID(int=number, version=4)), no, f"员工{number}", **more)  # type: ignore[arg-type]


def save(plant: Plant, *saved: Person) -> list[int]:
    told: list[int] = []
    with plant.store.tx() as db:
        people.save_people(db, saved, NOW_MS, told.append)
    return told


def test_more_than_one_round_trip_holds(plant: Plant) -> None:
    posts, roles = (Post(PUMPS, "J02"), Post(TANKS, "J09", 0)), (Role("leader", "crew", "JIA"),)
    before = people.count(plant.store)
    told = save(plant, *(new(f"A{n}", n, posts=posts, roles=roles) for n in range(1, 1203)))
    assert told == [500, 1000, 1202]
    assert people.count(plant.store) == before + 1202
    last = people.by_no(plant.store, "A1202")
    assert last and people.posts(plant.store, last["id"]) == sorted(posts)
    assert people.roles(plant.store, last["id"]) == list(roles)


def test_saving_again_replaces_posts_and_roles(plant: Plant) -> None:
    save(plant, new("A1", 1, posts=(Post(PUMPS, "J02"),), roles=(Role("manager"),)))
    save(plant, new("A1", 1, posts=(Post(PUMPS, "J02"), Post(PUMPS, "J02", 0))))
    found = people.by_no(plant.store, "A1")
    assert found and people.posts(plant.store, found["id"]) == [Post(PUMPS, "J02", 0)]
    assert people.roles(plant.store, found["id"]) == [Role("operator")]


def test_a_number_is_free_once_its_owner_has_another_or_left(plant: Plant) -> None:
    save(plant, new("A1", 1), new("A2", 2))
    save(plant, new("A3", 1), new("A1", 3), new("A2", 2, active=0), new("A2", 4))
    found = [people.by_no(plant.store, no) for no in ("A1", "A2", "A3")]
    assert [row and row["name"] for row in found] == ["员工3", "员工4", "员工1"]


@pytest.mark.parametrize("numbers", [("A1", "A1"), ("1001",), ("A1", "A2", "1001")])
def test_a_number_that_is_taken_is_refused_and_nobody_is_saved(
    plant: Plant, numbers: tuple[str, ...]
) -> None:
    before = people.count(plant.store)
    with pytest.raises(Problem, match="no_taken"):
        save(plant, *(new(no, n) for n, no in enumerate(numbers, start=1)))
    assert people.count(plant.store) == before


def test_nobody_saves_nothing(plant: Plant) -> None:
    assert save(plant) == []
