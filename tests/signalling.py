"""Runs with a rhythm and tablets in a hurry, delivered and looked at: for tests of signals."""

from __future__ import annotations

from typing import Any

from shiftapp.model import signal_watch
from shiftapp.model.signal_watch import SETTLED_MS
from shiftapp.store import Row
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, commit_body, deliver, run_body

PACE = (4000, 5200, 6100, 4800, 7000, 5500, 4300, 6600)
MINUTE_MS = 60_000


def paced(plant: Plant, part: str, at_ms: int = NOW_MS, *, by: int = 0, **changes: Any) -> Body:
    """A run of eight steps in the rhythm of `PACE`, each step `by` ms longer."""
    body = run_body(plant, part, at_ms, **changes)
    for step, ms in zip(body["steps"], PACE, strict=True):
        step["to_ms"] = step["from_ms"] + ms + by
    return body


def hurried(plant: Plant, part: str, at_ms: int = NOW_MS, **changes: Any) -> Body:
    """A run whose steps took 0.3 s each."""
    body = run_body(plant, part, at_ms, **changes)
    for step in body["steps"]:
        step["to_ms"] = step["from_ms"] + 300
    return body


def tablet(plant: Plant, *parts: str, apart_ms: int = 9000) -> list[Body]:
    """Commitments of several people, sealed one after the other on the device of the first."""
    device, _ = plant.device(parts[0])
    return [
        commit_body(plant, part, NOW_MS - MINUTE_MS + n * apart_ms, dev=device, seq=n + 1)
        for n, part in enumerate(parts)
    ]


def notice(plant: Plant, now_ms: int = NOW_MS + SETTLED_MS) -> int:
    """Look at what has come."""
    return signal_watch.notice(plant.store, now_ms)


def noticed(plant: Plant, *bodies: Body, at_ms: int = NOW_MS) -> set[tuple[str, str]]:
    """Deliver bodies one by one, look, and give what the table then holds."""
    for body in bodies:
        deliver(plant, body, at_ms=at_ms)
    notice(plant, at_ms + SETTLED_MS)
    return held(plant)


def held(plant: Plant) -> set[tuple[str, str]]:
    """Kind and record of every signal there is."""
    return {(row["kind"], row["record"]) for row in rows(plant)}


def rows(plant: Plant) -> list[Row]:
    return plant.store.rows("SELECT * FROM signal ORDER BY id")
