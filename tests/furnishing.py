"""Facilities for the plant of the tests: two units, a tank farm and a store, with their states."""

from __future__ import annotations

from typing import Any

from shiftapp.model import facilities
from shiftapp.model.facilities import Facility, Now
from tests.plant import HOUR_MS, NOW_MS, Plant

# A1 is 生产一部, A2 the tank farm; the store belongs to no area.
FACILITIES = (
    Facility("U1", "YC", "unit", "碳四装置", "C4 unit", area="A1", process=1),
    Facility("U2", "YC", "unit", "加氢装置", "Hydrogenation", area="A1"),
    Facility("T1", "YC", "tank_farm", "球罐区", "Spheres", "A2", 2, "PY-02"),
    Facility("W1", "YC", "warehouse", "危化品库", "Store", hazard_rank=3),
)
BEFORE_MS = NOW_MS - 10 * HOUR_MS  # yesterday evening


def furnish(plant: Plant, *, entered: bool = True) -> None:
    """Put the four on the list; `entered`: they run and are safe since yesterday evening."""
    with plant.store.tx() as db:
        for one in FACILITIES:
            facilities.save(db, one)
    if entered:
        for one in FACILITIES:
            state = "running" if one.kind == "unit" else "safe"
            enter(plant, one.code, state, BEFORE_MS, now_ms=BEFORE_MS)


def enter(
    plant: Plant, code: str, state: str, since_ms: int = NOW_MS, now_ms: int = 0, **more: Any
) -> bool:
    """Somebody enters a state: the manager, at NOW_MS or when it began, unless told."""
    by, at_ms = plant.id("manager"), now_ms or max(since_ms, NOW_MS)
    with plant.store.tx() as db:
        return facilities.set_state(db, code, state, since_ms=since_ms, by=by, now_ms=at_ms, **more)


def now(plant: Plant, at_ms: int = NOW_MS) -> dict[str, Now]:
    """The states as known at an instant, by code."""
    return {one.row["code"]: one for one in facilities.now(plant.store, at_ms)}
