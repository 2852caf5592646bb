"""A crew in a shift: steps that fail, everybody ready, the leader's answer. For tests of boards."""

from __future__ import annotations

import json
from typing import Any

from shiftapp.model import findings
from shiftapp.store import Row
from tests.plant import NOW_MS, Plant
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


def answer(plant: Plant, outcome: Any, at_ms: int = NOW_MS, **more: Any) -> None:
    """Answer the only open finding as the leader."""
    asked = findings.of_instance(plant.store, plant.instance()["id"])
    (found,) = [f for f in asked if f["answered_ms"] is None]
    with plant.store.tx() as db:
        findings.answer(db, found["id"], outcome, by=plant.id("leader"), now_ms=at_ms, **more)


def _steps(plant: Plant, job: str) -> list[Row]:
    sql = "SELECT doc FROM checklist WHERE job = :j ORDER BY no DESC"
    return list(json.loads(plant.store.value(sql, j=job))["steps"])
