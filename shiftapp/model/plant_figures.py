"""The state of the plant as an announcement says it, counted twice, and where it does not hold.

A unit counts as running, stopped or under maintenance, and the three sum to the total; of one whose
state nobody ever entered nothing is said but that. A store is safe, or empty, or neither. Beside
what was entered stand the open vetoes and major hazards of the same area: where nobody has looked
since somebody answered for those, "running" and "safe" are contradicted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shiftapp.model import facilities
from shiftapp.model.facilities import Now
from shiftapp.store import Db, Row

UNIT_STATES = ("running", "stopped", "maintenance")
SAFE = ("safe", "empty")
RANKS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Contradiction:
    """A facility stated running or safe, and what is open in its area."""

    facility: Now
    hazards: tuple[Row, ...]


@dataclass(frozen=True)
class Plant:
    """Every registered facility, as known at an instant."""

    facilities: tuple[Now, ...]
    contradictions: tuple[Contradiction, ...]
    stale: tuple[Now, ...]  # nobody entered or looked at its state within the day
    check: dict[str, int]  # how many are in each state, counted a second time by the store

    @property
    def units(self) -> tuple[Now, ...]:
        return self._where(lambda one: one.row["kind"] == "unit")

    @property
    def stores(self) -> tuple[Now, ...]:
        return self._where(lambda one: one.row["kind"] != "unit")

    @property
    def major(self) -> tuple[Now, ...]:
        """What is a major hazard, units among it."""
        return self._where(lambda one: one.row["hazard_rank"] > 0)

    @property
    def unsafe_major(self) -> tuple[Now, ...]:
        return self._where(lambda one: one.state == "unsafe" and one.row["hazard_rank"] > 0)

    @property
    def unsafe_other(self) -> tuple[Now, ...]:
        return self._where(lambda one: one.state == "unsafe" and not one.row["hazard_rank"])

    @property
    def stopped(self) -> bool:
        """Whether there are units and all of them are known to stand still (停产)."""
        return bool(self.units) and all(
            one.counts_as in ("stopped", "maintenance") for one in self.units
        )

    @property
    def seen_ms(self) -> int | None:
        """Since when every state has been entered or looked at; None: one never was."""
        seen = [one.seen_ms for one in self.facilities]
        return None if None in seen else min(ms for ms in seen if ms is not None)

    @property
    def differs(self) -> bool:
        """Whether the second count finds other states."""
        return self.check != _tally(self.facilities)

    def count(self, state: str) -> int:
        """Units in one of the single states: startup, shutdown, trial."""
        return sum(one.state == state for one in self.units)

    def figures(self) -> dict[str, object]:
        """As the document says it."""
        by_state = {name: sum(one.counts_as == name for one in self.units) for name in UNIT_STATES}
        return {
            "units": {"total": sum(by_state.values()), **by_state},
            "startup": self.count("startup"),
            "shutdown": self.count("shutdown"),
            "trial": self.count("trial"),
            "storage": {"total": len(self.stores), "safe": sum(map(_is_safe, self.stores))},
            "major": {
                "total": len(self.major),
                "safe": sum(map(_is_safe, self.major)),
                "ranks": [sum(m.row["hazard_rank"] == rank for m in self.major) for rank in RANKS],
            },
            "processes": sum(one.row["process"] for one in self.facilities),
            "seen_ms": self.seen_ms,
        }

    def _where(self, wanted: Callable[[Now], bool]) -> tuple[Now, ...]:
        return tuple(one for one in self.facilities if wanted(one))


def plant(db: Db, hazards: Iterable[Row], stale_before_ms: int, now_ms: int) -> Plant | None:
    """The plant beside the open hazards of the same instant; None: no facility is registered."""
    found = tuple(facilities.now(db, now_ms))
    if not found:
        return None
    by_area = _by_area(db, hazards)
    contradicted = (
        Contradiction(one, against)
        for one in found
        if one.counts_as in ("running", "safe")
        and (against := _against(one, by_area.get(one.row["area"], ())))
    )
    stale = (one for one in found if one.seen_ms is None or one.seen_ms < stale_before_ms)
    return Plant(found, tuple(contradicted), tuple(stale), _stated(db, now_ms))


def _is_safe(one: Now) -> bool:
    """A store by its state; a unit that is a major hazard is so while its state is known."""
    return one.state in SAFE or (one.row["kind"] == "unit" and one.state != "")


def _against(one: Now, hazards: Iterable[Row]) -> tuple[Row, ...]:
    """What is open in the area of a facility and was not known to who said last how it stands.

    Over something that somebody answers for one may look and find the facility safe; over what
    nobody has answered, or what was answered later than that look, "safe" is only an old word.
    """
    seen_ms = one.seen_ms or 0
    return tuple(h for h in hazards if not h["answered_ms"] or h["answered_ms"] > seen_ms)


def _by_area(db: Db, hazards: Iterable[Row]) -> dict[str, list[Row]]:
    """The vetoes nobody has answered and the major hazards, by the area of their station."""
    wanted = [h for h in hazards if h["level"] == "major" or (h["veto"] and not h["answered_ms"])]
    found: dict[str, list[Row]] = {}
    if not wanted:
        return found
    areas = {
        row["code"]: row["area"] for row in db.rows("SELECT code, area FROM station ORDER BY code")
    }
    for one in wanted:
        if one["station"] in areas:
            found.setdefault(areas[one["station"]], []).append(one)
    return found


def _tally(found: Iterable[Now]) -> dict[str, int]:
    tally: dict[str, int] = {}
    for one in found:
        if one.state:
            tally[one.state] = tally.get(one.state, 0) + 1
    return tally


def _stated(db: Db, now_ms: int) -> dict[str, int]:
    rows = db.rows(
        "SELECT entry.state, COUNT(*) AS n FROM facility_state AS entry"
        " JOIN facility ON facility.code = entry.facility AND facility.active = 1"
        " WHERE entry.since_ms <= :now AND entry.at_ms <= :now AND NOT EXISTS"
        " (SELECT 1 FROM facility_state AS newer WHERE newer.facility = entry.facility"
        "  AND newer.since_ms > entry.since_ms AND newer.since_ms <= :now AND newer.at_ms <= :now)"
        " GROUP BY entry.state ORDER BY entry.state",
        now=now_ms,
    )
    return {row["state"]: row["n"] for row in rows}
