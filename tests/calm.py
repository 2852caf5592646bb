"""A good day of a plant with facilities, permits and a ladder: everything known, nothing open."""

from __future__ import annotations

from tests.announcing import at
from tests.climbing import TOP, WORKSHOP, climb, placed
from tests.furnishing import furnish
from tests.permits import gas, register
from tests.plant import Plant

NINE = at("09:05")


def make_calm(plant: Plant) -> Plant:
    """On top of a good day: two units run, two stores are safe, two permits, all levels signed."""
    furnish(placed(plant))
    for id in (register(plant), register(plant, "SX-1124-01", kind="confined", level="")):
        gas(plant, id, at("08:25"))
    climb(plant, WORKSHOP, at("08:30"))
    climb(plant, TOP, at("08:40"))
    return plant
