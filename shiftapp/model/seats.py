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


def seat(instance: Row, people: Sequence[PersonState], now_ms: int) -> list[Station]:
    """Stations by risk, then label; their seats in the order in which people came to them."""
    names = {p.person: p.rows[0] for p in people}
    seats: dict[str, list[tuple[int, Tile]]] = {}
    for person in people:
        for code in dict.fromkeys(row["station"] for row in person.rows):
            here = [r for r in person.rows if r["station"] == code and r["added_ms"] <= now_ms]
            if here:
                tile = _tile(instance, person, here, names, now_ms)
                seats.setdefault(code, []).append((here[0]["id"], tile))
    found = [_station([tile for _, tile in sorted(s, key=_seat)]) for s in seats.values()]
    return sorted(found, key=lambda s: (s.row["risk"], s.row["label"], s.row["station"]))


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


def _station(tiles: Sequence[Tile]) -> Station:
    counted = [tile for tile in tiles if tile.shown != "excused"]
    ready = sum(tile.shown == "ready" for tile in counted)
    return Station(tiles[0].row, ready, len(counted), tuple(tiles))


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
