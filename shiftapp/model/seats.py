"""Who sits where on the board: people by station, in fixed seats, with what a tile shows.

States come from `history.people_states` and nowhere else. "Not fit today" is health data: a tile
shows it as *abnormal* like any other (or as *stopped*, where a veto waits too).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shiftapp.model import signoffs, states
from shiftapp.model.history import PersonState
from shiftapp.store import Row

Shown = Literal["excused", "stopped", "abnormal", "ready", "running", "missed", "expected"]

INSTEAD = ("standin", "swap")  # how somebody comes onto a roster in another's place


@dataclass(frozen=True)
class Tile:
    """A person at a station. `row` is their newest roster row there, with all names."""

    row: Row
    shown: Shown
    marks: frozenset[states.Mark]
    at_ms: int | None  # ready: when the last thing needed was there; else None
    asks: int  # findings without an answer
    vetoes: int  # of them failed vetoes
    done: tuple[str, ...]  # running: which of 'commit', 'run' is there
    instead_of: Row | None  # the person this one stands in for, or has swapped with: names

    @property
    def overdue(self) -> bool:
        """Past due with something open: drawn in red. Not told of who waits for an answer."""
        return "overdue" in self.marks and self.shown in ("expected", "running")


@dataclass(frozen=True)
class Station:
    """A station with its seats; a seat never moves when a state changes."""

    row: Row  # station, label, station_name, station_name_en, risk
    ready: int
    expected: int
    tiles: tuple[Tile, ...]
    staff: int = 0  # people it needs in a shift; 0: not said

    @property
    def short(self) -> bool:
        """Fewer people expected than it needs."""
        return self.expected < self.staff


@dataclass(frozen=True)
class Person:
    """A person with all their stations; the tile is that of no single station."""

    tile: Tile
    stations: tuple[Row, ...]  # roster rows, live ones if there are any, one a station

    @property
    def rank(self) -> int:
        """Where in the list of people: first who needs somebody, last who is away."""
        if self.tile.overdue:
            return _RANKS["missed"]
        return _RANKS[self.tile.shown]


_RANKS: dict[Shown, int] = {
    "stopped": 0,
    "abnormal": 1,
    "missed": 2,
    "expected": 3,
    "running": 4,
    "ready": 5,
    "excused": 6,
}


def seat(
    instance: Row, people: Sequence[PersonState], needs: Sequence[Row], now_ms: int
) -> list[Station]:
    """Stations by risk, then label; their seats in the order in which people came to them.

    `needs` are rows of staffing.py: a station that needs people and has nobody stands there too.
    """
    names = {p.person: p.rows[0] for p in people}
    seats: dict[str, list[tuple[int, Tile]]] = {}
    for person in people:
        for code in dict.fromkeys(row["station"] for row in person.rows):
            here = [r for r in person.rows if r["station"] == code and r["added_ms"] <= now_ms]
            if here:
                tile = _tile(instance, person, here, names, now_ms)
                seats.setdefault(code, []).append((here[0]["id"], tile))
    staff = {row["station"]: row["staff"] for row in needs}
    found = [
        _station([tile for _, tile in sorted(s, key=_seat)], staff.get(code, 0))
        for code, s in seats.items()
    ]
    found += [Station(row, 0, 0, (), row["staff"]) for row in needs if row["station"] not in seats]
    return sorted(found, key=lambda s: (s.row["risk"], s.row["label"], s.row["station"]))


def by_person(instance: Row, people: Sequence[PersonState], now_ms: int) -> list[Person]:
    """Everybody once, who needs somebody first, then by name; where two names are one, by number.

    Their own state only: what a tile of a single station leaves out is not left out here.
    """
    names = {p.person: p.rows[0] for p in people}
    found = []
    for person in people:
        here = [row for row in person.rows if row["added_ms"] <= now_ms]
        if here:
            stands = [row for row in here if is_live(row, now_ms)] or here
            places = {row["station"]: row for row in stands}
            tile = _tile(instance, person, here, names, now_ms)
            found.append(Person(tile, tuple(places.values())))
    return sorted(found, key=lambda p: (p.rank, p.tile.row["person_name"], p.tile.row["no"]))


def shown_state(person: PersonState, now_ms: int) -> Shown:
    """The state as the board shows it: nobody sees who declared not to be fit."""
    if person.state.state != "cannot":
        return person.state.state
    vetoed = any(f["veto"] and signoffs.is_open(f, now_ms) for f in person.findings)
    return "stopped" if vetoed else "abnormal"


def is_live(row: Row, now_ms: int) -> bool:
    """Whether a roster row asks for something at an instant."""
    ended_ms = row["ended_ms"]
    return bool(row["added_ms"] <= now_ms and (ended_ms is None or ended_ms > now_ms))


def _seat(seat: tuple[int, Tile]) -> int:
    return seat[0]


def _station(tiles: Sequence[Tile], staff: int) -> Station:
    counted = [tile for tile in tiles if tile.shown != "excused"]
    ready = sum(tile.shown == "ready" for tile in counted)
    return Station(tiles[0].row, ready, len(counted), tuple(tiles), staff)


def _tile(
    instance: Row, person: PersonState, here: list[Row], names: dict[str, Row], now_ms: int
) -> Tile:
    live = [row for row in here if is_live(row, now_ms)]
    row = (live or here)[-1]
    shown = shown_state(person, now_ms) if live else "excused"
    counted = _counted(instance, person, now_ms)
    asked = [f for f in person.findings if signoffs.is_open(f, now_ms)]
    return Tile(
        row=row,
        shown=shown,
        marks=person.state.marks if live else frozenset(),
        at_ms=_ready_ms(person, counted, now_ms) if shown == "ready" else None,
        asks=len(asked),
        vetoes=sum(f["veto"] for f in asked),
        done=tuple(sorted({r.kind for r in counted if r.result in ("committed", "done")})),
        instead_of=names.get(row["for_person"]) if row["how"] in INSTEAD else None,
    )


def _counted(instance: Row, person: PersonState, now_ms: int) -> list[states.Counted]:
    window = states.window_of(instance)
    return [
        r
        for r in person.counted
        if r.counts and r.recv_ms <= now_ms and states.in_window(window, r)
    ]


def _ready_ms(person: PersonState, counted: list[states.Counted], now_ms: int) -> int:
    """When the last of what makes ready was made (offline, by the phone) or came in."""
    needed = [min(_made_ms(r, person) for r in counted if r.result == "committed")]
    for row in person.rows:
        if is_live(row, now_ms) and row["run_required"]:
            fits = (row["station"], row["job"])
            done = [r for r in counted if r.result == "done" and (r.station, r.job) == fits]
            needed.append(min(_made_ms(r, person) for r in done))
    return max(needed)


def _made_ms(record: states.Counted, person: PersonState) -> int:
    offline = "offline" in person.state.marks and record.estimate_verified
    return record.estimate_ms if offline and record.estimate_ms else record.recv_ms
