"""What stands open in the plant at an instant: an announcement names it and cannot look past it.

Some of it a person can still settle before it is signed; that closes the button until somebody
acts, or signs over it with a reason. The rest can only be named. The sentences, worst first, are
those of announcement_words.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shiftapp.model.plant_figures import Plant
from shiftapp.model.work_figures import Works
from shiftapp.store import Row

# Codes that close the button. `major` does until each has an answer. What is unsafe, missed or
# answered with no has its answer already: the document says it, and nobody settles it by a press.
CLOSING = (
    *("veto_unanswered", "facility_contradicts", "major", "gas_over", "work_over"),
    *("work_unguarded", "work_bare", "level_unsigned", "unsigned", "states_stale", "differs"),
    "figures_differ",
)
# Of a period these are history: what was not signed on its day cannot be signed any more.
PAST = ("level_unsigned", "unsigned")


@dataclass(frozen=True)
class Gap:
    """Something a person can still settle before it is signed."""

    code: str  # one of CLOSING
    n: int


@dataclass(frozen=True)
class Hazards:
    """Open hazards of the enterprise: no to-dos, and nothing about who is fit."""

    open: tuple[Row, ...]
    found: int = 0  # of a period: within it
    accepted: int = 0

    def general(self) -> list[Row]:
        return [h for h in self.open if h["level"] == "general"]

    def major(self) -> list[Row]:
        return [h for h in self.open if h["level"] == "major"]

    def major_unanswered(self) -> list[Row]:
        return [h for h in self.major() if h["answered_ms"] is None]

    def veto_unanswered(self) -> list[Row]:
        return [h for h in self.open if h["veto"] and h["answered_ms"] is None]

    def veto_open(self) -> list[Row]:
        return [h for h in self.open if h["veto"] and h["answered_ms"] and not h["fixed_ms"]]

    def unanswered(self) -> list[Row]:
        return [h for h in self.open if not h["veto"] and h["answered_ms"] is None]


def now(hazards: Hazards, plant: Plant | None, works: Works | None) -> dict[str, int]:
    """How many of each are open in the plant, by their code; 0 where nothing is."""
    found = {
        "veto_unanswered": len(hazards.veto_unanswered()),
        "veto_open": len(hazards.veto_open()),
        "major": len(hazards.major()),
        "unanswered": len(hazards.unanswered()),
        "figures_differ": 0,
    }
    if plant is not None:
        found |= {
            "major_unsafe": len(plant.unsafe_major),
            "storage_unsafe": len(plant.unsafe_other),
            "facility_contradicts": len(plant.contradictions),
            "states_stale": len(plant.stale),
        }
        found["figures_differ"] += plant.differs
    if works is not None:
        found |= {
            "work_over": len(works.over),
            "gas_over": len(works.gas_over),
            "work_unguarded": len(works.unguarded),
            "work_bare": len(works.bare),
        }
        found["figures_differ"] += len(works.differing)
    return found


def gaps(points: Mapping[str, int], hazards: Hazards, *, past: bool) -> tuple[Gap, ...]:
    """What closes the button; `past`: for a period, whose signatures are history."""
    closing = dict(points) | {"major": len(hazards.major_unanswered())}
    codes = [code for code in CLOSING if not (past and code in PAST)]
    return tuple(Gap(code, closing[code]) for code in codes if closing.get(code))
