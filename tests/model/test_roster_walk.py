"""Random days of a roster: whatever is changed, before the opening and after, the sums agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiftapp.model import guests, history, leave, roster, roster_changes, slots, states
from shiftapp.model.roster import Post
from shiftapp.model.roster_changes import Side
from shiftapp.problems import Problem
from shiftapp.store import Db, Row, Store
from shiftapp.store.sqlite import SqliteStore
from tests.ledger_walk import check_ledger
from tests.plant import HOUR_MS, PUMPS, TANKS, Plant

CAST = ("worker", "mate", "chen", "night1", "night2", "night3", "outsider", "other_leader")
MINUTES = (5, 20, 90, 180)  # between two presses: from an hour before the first window opens
NAMES = ("leave", "back", "swap", "overtime", "guest", "standin", "end", "vouch", "fill")
POSTS = (Post(PUMPS, "J02"), Post(TANKS, "J09"), Post(PUMPS, "J05", False))
DAYS = ("2026-11-25", "2026-11-26")
STEP = st.tuples(
    st.sampled_from(NAMES),
    st.integers(0, len(CAST) - 1),
    st.integers(0, len(CAST) - 1),
    st.integers(0, 3),
)


class Walk:
    """Two shifts of two crews; each step is one leader's press, minutes or hours after the last."""

    def __init__(self, plant: Plant, db: Db) -> None:
        self.plant, self.db, self.by = plant, db, plant.id("leader")
        self.watched = [
            plant.instance("JIA", "2026-11-25", "N"),
            plant.instance("BING", "2026-11-26", "D"),
        ]
        self.instants: list[int] = []
        self.done: set[str] = set()
        self.now = min(one["opens_ms"] for one in self.watched) - HOUR_MS
        self.random = plant.random
        self.made = 0

    def press(self, step: tuple[str, int, int, int]) -> None:
        name, one, two, number = step
        self.now += MINUTES[number] * 60_000
        self.instants.append(self.now)
        slots.open_due(self.db, self.now, 120)
        self.db.run("SAVEPOINT press")
        try:
            getattr(self, f"_{name}")(self.plant.id(CAST[one]), self.plant.id(CAST[two]), number)
            self.done.add(name)
        except Problem:
            self.db.run("ROLLBACK TO SAVEPOINT press")
        self.db.run("RELEASE SAVEPOINT press")

    def _shift(self, number: int) -> Row:
        return self.watched[number % len(self.watched)]

    def _more(self) -> dict[str, object]:
        return {"by": self.by, "now_ms": self.now, "random": self.random}

    def _leave(self, one: str, two: str, number: int) -> None:
        first, last = sorted((DAYS[number % 2], DAYS[number // 2]))
        leave.take(self.db, one, first, last, by=self.by, now_ms=self.now)

    def _back(self, one: str, two: str, number: int) -> None:
        for row in leave.of_person(self.db, one, DAYS[0]):
            leave.take_back(self.db, row["id"], **self._more())

    def _swap(self, one: str, two: str, number: int) -> None:
        sides = Side(self._shift(number), one), Side(self._shift(number + 1), two)
        roster_changes.swap(self.db, *sides, **self._more())

    def _overtime(self, one: str, two: str, number: int) -> None:
        shift, post = self._shift(number), POSTS[number % len(POSTS)]
        roster_changes.overtime(self.db, shift, one, post, **self._more())

    def _guest(self, one: str, two: str, number: int) -> None:
        self.made += 1
        said = guests.Guest(f"客{number}", "甲", f"{number:04}")
        id = f"00000000-0000-4000-8000-{self.made:012}"
        person = guests.register(self.db, said, "JIA", id=id, now_ms=self.now)
        post = POSTS[number % len(POSTS)]
        roster_changes.put(self.db, self._shift(number), person, post, how="guest", **self._more())

    def _vouch(self, one: str, two: str, number: int) -> None:
        for row in guests.waiting(self.db, "JIA"):
            guests.vouch(self.db, row["id"], by=self.by, now_ms=self.now)

    def _standin(self, one: str, two: str, number: int) -> None:
        roster.replace(self.db, self._shift(number)["id"], one, two, "swapped", **self._more())

    def _end(self, one: str, two: str, number: int) -> None:
        id = self._shift(number)["id"]
        roster.end(self.db, id, one, "mistake", by=self.by, now_ms=self.now)

    def _fill(self, one: str, two: str, number: int) -> None:
        roster.fill_ahead(self.db, self.now, self.random)

    def check(self) -> None:
        """As it stands after a press."""
        for shift in self.watched:
            self._check_sums(shift, self.now)
            self._check_slots(shift)

    def check_all(self) -> None:
        """As it stood at every instant, asked afterwards; and the ledger."""
        for shift in self.watched:
            for at_ms in (*self.instants, self.now - 1):
                self._check_sums(shift, at_ms)
        check_ledger(self.db)

    def _check_sums(self, shift: Row, at_ms: int) -> None:
        tally = states.tally(one.state for one in history.people_states(self.db, shift, at_ms))
        n = self.db.value(
            "SELECT COUNT(DISTINCT person) FROM roster WHERE instance = :i AND added_ms <= :at"
            " AND (ended_ms IS NULL OR ended_ms > :at)",
            i=shift["id"],
            at=at_ms,
        )
        assert sum(tally.values()) - tally["excused"] == n

    def _check_slots(self, shift: Row) -> None:
        found = self.db.rows(
            "SELECT person FROM slot WHERE s = :s AND ended_ms IS NULL ORDER BY person",
            s=shift["s"],
        )
        rows = self.db.rows(
            "SELECT DISTINCT roster.person FROM roster"
            " JOIN instance ON instance.id = roster.instance"
            " WHERE instance.s = :s AND roster.ended_ms IS NULL ORDER BY roster.person",
            s=shift["s"],
        )
        assert [row["person"] for row in found] == [row["person"] for row in rows]


class Undo(Exception):
    """Ends an example, so that the next one finds the plant as it was."""


def test_whatever_is_changed_the_states_sum_to_n_and_the_slots_are_the_people(
    plant: Plant, store: Store
) -> None:
    done: set[str] = set()

    @settings(max_examples=40 if isinstance(store, SqliteStore) else 8)
    @given(steps=st.lists(STEP, min_size=6, max_size=16))
    def walk_along(steps: list[tuple[str, int, int, int]]) -> None:
        with pytest.raises(Undo), plant.store.tx() as db:
            walk = Walk(plant, db)
            roster.fill_ahead(db, walk.now, plant.random)
            for step in steps:
                walk.press(step)
                walk.check()
            walk.check_all()
            done.update(walk.done)
            raise Undo

    walk_along()
    if isinstance(store, SqliteStore):
        assert done == set(NAMES)  # each was done at least once and not only refused
