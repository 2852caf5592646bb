"""The crew round: who is called, in the order of the board's seats, and who has committed.

States come from `history.people_states` and nowhere else. Who declared not to be fit today is not
called again: that waits for the leader on the board.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shiftapp.model import history, seats, states
from shiftapp.model.history import PersonState
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Seat:
    """Somebody who is called: their live roster rows, the first of which the commitment is for."""

    rows: tuple[Row, ...]
    shown: seats.Shown
    marks: frozenset[states.Mark]
    committed_ms: int | None
    excused: bool  # declared not to be fit: not called, and nobody reads why
    ran: frozenset[tuple[str, str]]  # station and job of the complete runs

    @property
    def row(self) -> Row:
        """Their first live row, with all names."""
        return self.rows[0]

    @property
    def person(self) -> str:
        """The person's id."""
        return str(self.row["person"])

    @property
    def waits(self) -> bool:
        """Whether the round still has to come by."""
        return self.committed_ms is None and not self.excused

    @property
    def unrun(self) -> tuple[Row, ...]:
        """The live rows that ask for a run that is not there."""
        asked = (row for row in self.rows if row["run_required"])
        return tuple(row for row in asked if (row["station"], row["job"]) not in self.ran)


def seats_of(db: Db, instance: Row, now_ms: int) -> list[Seat]:
    """Everybody on the live roster of an instance, in the order of the board's seats."""
    people = history.people_states(db, instance, now_ms)
    window = states.window_of(instance)
    found = {person.person: _seat(person, window, now_ms) for person in people}
    order = [
        tile.row["person"]
        for station in seats.seat(instance, people, (), now_ms)
        for tile in station.tiles
    ]
    called = (found[person] for person in dict.fromkeys(order))
    return [seat for seat in called if seat is not None]


def next_after(called: Sequence[Seat], person: str) -> Seat | None:
    """Who is called after somebody: the next one who waits, never one before."""
    at = next((n for n, seat in enumerate(called) if seat.person == person), len(called))
    return next((seat for seat in called[at + 1 :] if seat.waits), None)


def has_committed(db: Db, instance: int, person: str) -> bool:
    """Whether a commitment of a person in an instance counts; asked where one is written."""
    found = db.value(
        "SELECT 1 FROM record WHERE instance = :i AND person = :p AND kind = 'commit'"
        " AND result = 'committed' AND counts = 1 LIMIT 1",
        i=instance,
        p=person,
    )
    return found is not None


def _seat(person: PersonState, window: states.Window, now_ms: int) -> Seat | None:
    live = tuple(row for row in person.rows if seats.is_live(row, now_ms))
    if not live:
        return None
    counted = [
        one
        for one in person.counted
        if one.counts and one.recv_ms <= now_ms and states.in_window(window, one)
    ]
    return Seat(
        rows=live,
        shown=seats.shown_state(person, now_ms),
        marks=person.state.marks,
        committed_ms=min((r.recv_ms for r in counted if r.result == "committed"), default=None),
        excused=person.name == "cannot",
        ran=frozenset((str(r.station), str(r.job)) for r in counted if r.result == "done"),
    )
