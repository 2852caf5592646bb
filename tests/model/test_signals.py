"""Who hears of a signal: the person first, then who leads them, and then it is over."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp.model import signals
from shiftapp.model.signals import ANSWERED_MS, FIRST_MS, KEPT_MS
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.plant import NOW_MS, Plant
from tests.signalling import hurried, noticed

SOON_MS = NOW_MS + 120_000


def signal_of(plant: Plant, part: str = "worker") -> int:
    """Something was noticed about a run of somebody."""
    noticed(plant, hurried(plant, part))
    found: int = plant.store.value("SELECT MAX(id) FROM signal")
    return found


def show(plant: Plant, part: str = "worker", now_ms: int = SOON_MS) -> None:
    with plant.store.tx() as db:
        signals.show_to(db, plant.id(part), now_ms)


def asked_of(plant: Plant, part: str = "leader", now_ms: int = SOON_MS) -> list[Row]:
    return signals.open_of(plant.store, ["JIA"], plant.id(part), now_ms)


def look(plant: Plant, id: int, how: str = "fine", by: str = "leader", **more: Any) -> None:
    given = {"crews": ["JIA"], "now_ms": SOON_MS, **more}
    with plant.store.tx() as db:
        signals.look(db, id, how, by=plant.id(by), **given)


def test_the_person_sees_it_at_once_and_the_leader_not_yet(plant: Plant) -> None:
    signal_of(plant)
    (own,) = signals.of_person(plant.store, plant.id("worker"))
    assert own["kind"] == "fast" and own["figures"]["quick"] >= 3
    assert asked_of(plant) == []
    assert signals.of_person(plant.store, plant.id("mate")) == []


def test_once_they_have_seen_it_the_leader_may(plant: Plant) -> None:
    id = signal_of(plant)
    show(plant)
    (asked,) = asked_of(plant)
    assert (asked["id"], asked["name"], asked["crew_name"]) == (id, "张三", "甲班")


def test_who_never_opens_the_page_has_had_a_day(plant: Plant) -> None:
    signal_of(plant)
    at_ms = plant.store.value("SELECT at_ms FROM signal")
    assert asked_of(plant, now_ms=at_ms + FIRST_MS - 1) == []
    assert len(asked_of(plant, now_ms=at_ms + FIRST_MS)) == 1


def test_it_is_shown_once(plant: Plant) -> None:
    signal_of(plant)
    show(plant)
    show(plant, now_ms=SOON_MS + 9)
    assert plant.store.value("SELECT shown_ms FROM signal") == SOON_MS


def test_only_of_ones_own_crews(plant: Plant) -> None:
    signal_of(plant)
    show(plant)
    assert signals.open_of(plant.store, ["YI"], plant.id("other_leader"), SOON_MS) == []
    assert signals.open_of(plant.store, [], plant.id("worker"), SOON_MS) == []


@pytest.mark.parametrize("how", ["fine", "talked"])
def test_an_answer_closes_it_and_the_person_reads_it(plant: Plant, how: str) -> None:
    id = signal_of(plant)
    show(plant)
    look(plant, id, how)
    assert asked_of(plant) == []
    (own,) = signals.of_person(plant.store, plant.id("worker"))
    assert (own["looked_how"], own["looked_ms"], own["looker_name"]) == (how, SOON_MS, "王五")


def test_looked_at_twice_is_once_and_the_first_answer_stands(plant: Plant) -> None:
    id = signal_of(plant)
    show(plant)
    look(plant, id, "fine")
    look(plant, id, "talked", by="manager", now_ms=SOON_MS + 5)
    (own,) = signals.of_person(plant.store, plant.id("worker"))
    assert (own["looked_how"], own["looked_ms"], own["looker_name"]) == ("fine", SOON_MS, "王五")


def test_nobody_answers_for_themselves(plant: Plant) -> None:
    id = signal_of(plant, "leader")
    show(plant, "leader")
    assert asked_of(plant, "leader") == []
    with pytest.raises(Problem) as refused:
        look(plant, id)
    assert (refused.value.status, refused.value.code) == (404, "no_signal")
    assert [one["id"] for one in asked_of(plant, "manager")] == [id]
    look(plant, id, by="manager")
    assert signals.answered_of(plant.store, ["JIA"], plant.id("leader"), SOON_MS) == []


def test_another_crew_and_one_that_is_not_there_are_not_told_apart(plant: Plant) -> None:
    id = signal_of(plant)
    show(plant)
    for number, crews in ((id, ["YI"]), (id, []), (id + 1, ["JIA"])):
        with pytest.raises(Problem) as refused:
            look(plant, number, crews=crews, by="other_leader")
        assert (refused.value.status, refused.value.code) == (404, "no_signal")


def test_what_the_person_has_not_seen_cannot_be_answered(plant: Plant) -> None:
    id = signal_of(plant)
    with pytest.raises(Problem) as refused:
        look(plant, id)
    assert refused.value.code == "no_signal"


@pytest.mark.parametrize("how", ["", "cheated", "FINE", "fine talked"])
def test_there_are_two_answers_and_no_other(plant: Plant, how: str) -> None:
    id = signal_of(plant)
    show(plant)
    with pytest.raises(Problem) as refused:
        look(plant, id, how)
    assert (refused.value.status, refused.value.code) == (422, "no_answer")
    assert plant.store.value("SELECT looked_ms FROM signal") is None


def test_what_was_answered_is_listed_for_thirty_days(plant: Plant) -> None:
    id = signal_of(plant)
    show(plant)
    look(plant, id)
    for now_ms, listed in ((SOON_MS + ANSWERED_MS - 1, 1), (SOON_MS + ANSWERED_MS, 0)):
        found = signals.answered_of(plant.store, ["JIA"], plant.id("leader"), now_ms)
        assert len(found) == listed


def test_open_or_answered_it_is_gone_after_ninety_days(plant: Plant) -> None:
    first = signal_of(plant)
    signal_of(plant, "mate")
    show(plant)
    look(plant, first)
    at_ms = plant.store.value("SELECT MAX(at_ms) FROM signal")
    with plant.store.tx() as db:
        assert signals.erase_old(db, at_ms + KEPT_MS + 1) == 2
    assert signals.of_person(plant.store, plant.id("worker")) == []
