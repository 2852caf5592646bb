"""A crew in a shift: steps that fail, everybody ready, the leader's answer. For tests of boards."""

from __future__ import annotations

import json
from typing import Any

from shiftapp.model import findings, people, places
from shiftapp.store import Row
from tests.plant import MADE_MS, NOW_MS, Plant
from tests.sealing import commit_body, deliver, make_ready

EVERYBODY = ("worker", "mate", "chen", "lin", "huang", "leader")


def veto_step(plant: Plant, job: str = "J02") -> int:
    """The number of the first step that stops a run when it fails."""
    return next(s["n"] for s in _steps(plant, job) if s.get("veto"))


def plain_step(plant: Plant, job: str = "J02") -> int:
    """The number of the first step that may fail without stopping the run."""
    return next(s["n"] for s in _steps(plant, job) if not s.get("veto"))


def crew_ready(plant: Plant, *but: str) -> None:
    """Everybody of 甲班 is ready but those named; the leader's row asks for no run."""
    for part in EVERYBODY:
        if part == "leader":
            deliver(plant, commit_body(plant, part))
        elif part not in but:
            make_ready(plant, part)


def big_crew(plant: Plant, size: int, stations: int, first: int = 0) -> list[str]:
    """More people on the roster of 甲班, spread over so many new stations; gives their ids."""
    ids = []
    with plant.store.tx() as db:
        for number in range(first, first + stations):
            code, label = f"{number:08}", f"S-{number:03}"
            where = places.Station(code, label, "A1", f"工位 {number}", risk="C", jobs=("J02",))
            places.save_station(db, where)
        for number in range(first, first + size):
            ids.append(f"{number:08}-0000-4000-9000-000000000000")
            named = people.Person(ids[-1], f"7{number:03}", f"工人 {number}", crew="JIA")
            people.save_person(db, named, MADE_MS)
        db.run_many(
            "INSERT INTO roster (instance, person, station, job, run_required, how, added_ms,"
            " added_by) VALUES (:i, :p, :s, 'J02', 1, 'pattern', :t, 'pattern')",
            [
                {
                    "i": plant.instance()["id"],
                    "p": id,
                    "s": f"{first + n % stations:08}",
                    "t": MADE_MS,
                }
                for n, id in enumerate(ids)
            ],
        )
    return ids


def answer(plant: Plant, outcome: Any, at_ms: int = NOW_MS, **more: Any) -> None:
    """Answer the only open finding as the leader."""
    asked = findings.of_instance(plant.store, plant.instance()["id"])
    (found,) = [f for f in asked if f["answered_ms"] is None]
    with plant.store.tx() as db:
        findings.answer(db, found["id"], outcome, by=plant.id("leader"), now_ms=at_ms, **more)


def _steps(plant: Plant, job: str) -> list[Row]:
    sql = "SELECT doc FROM checklist WHERE job = :j ORDER BY no DESC"
    return list(json.loads(plant.store.value(sql, j=job))["steps"])
