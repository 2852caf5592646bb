"""The register of special work as it was known at an instant: of a day, now, of a person."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiftapp.model import proxies, roster, special_work_entry, special_works
from shiftapp.store import Db
from shiftapp.store.sqlite import SqliteStore
from tests.announcing import NIGHT_SHIFT, at, commit
from tests.permits import API, cancel, close, entry, gas, register, work
from tests.plant import HOUR_MS, MADE_MS, NOW_MS, Plant
from tests.sealing import b64u, commit_body, deliver, run_body

DAY_MS = 24 * HOUR_MS
MIDNIGHT = at("00:00")
NEXT = MIDNIGHT + DAY_MS


def today(plant: Plant, now_ms: int = NEXT) -> list[str]:
    found = special_works.of_day(plant.store, MIDNIGHT, NEXT, now_ms)
    return [one.row["no"] for one in found]


def test_a_day_lists_its_works_by_their_start(plant: Plant) -> None:
    register(plant, "B", starts_ms=at("10:00"))
    register(plant, "A")
    register(plant, "C", starts_ms=at("08:30") + DAY_MS, ends_ms=at("12:00") + DAY_MS)
    assert today(plant) == ["A", "B"]


@pytest.mark.parametrize(
    ("starts_ms", "ends_ms", "counts"),
    [
        (MIDNIGHT - HOUR_MS, MIDNIGHT, False),  # over at midnight
        (MIDNIGHT - HOUR_MS, MIDNIGHT + 1, True),
        (MIDNIGHT - HOUR_MS, NEXT + HOUR_MS, True),
        (NEXT - 1, NEXT + HOUR_MS, True),
        (NEXT, NEXT + HOUR_MS, False),  # begins at midnight
        (MIDNIGHT - 47 * HOUR_MS, MIDNIGHT + HOUR_MS, True),
    ],
)
def test_a_window_across_midnight_is_of_both_days(
    plant: Plant, starts_ms: int, ends_ms: int, counts: bool
) -> None:
    register(plant, "N", level="2", starts_ms=starts_ms, ends_ms=ends_ms, now_ms=MADE_MS)
    assert today(plant) == (["N"] if counts else [])


def test_a_night_work_stands_in_the_register_of_two_days(plant: Plant) -> None:
    register(plant, "N", starts_ms=at("22:00"), ends_ms=at("22:00") + 4 * HOUR_MS)
    both = [
        special_works.of_day(plant.store, first, first + DAY_MS, NEXT + DAY_MS)
        for first in (MIDNIGHT - DAY_MS, MIDNIGHT, NEXT, NEXT + DAY_MS)
    ]
    assert [len(one) for one in both] == [0, 1, 1, 0]


def test_what_was_registered_later_is_not_known_yet(plant: Plant) -> None:
    id = register(plant, now_ms=at("09:00"))
    assert today(plant, at("08:59")) == []
    assert special_works.work(plant.store, id, at("08:59")) is None
    assert today(plant, at("09:00")) == ["DH-1124-01"]
    assert work(plant, id, at("09:00")).late


def test_an_end_that_came_later_is_not_known_yet(plant: Plant) -> None:
    id = register(plant)
    cancel(plant, id, at("10:00"))
    before, after = work(plant, id, at("09:59")), work(plant, id, at("10:00"))
    assert (before.row["cancelled_ms"], before.row["cancelled_why"]) == (None, "")
    assert before.under_way(at("09:59")) and not before.ended and not before.cancelled_late
    assert after.ended and after.cancelled_late and not after.under_way(at("10:00"))
    assert after.gas_due_ms is None and before.gas_due_ms == at("08:30")


def test_what_was_cancelled_before_its_start_is_none(plant: Plant) -> None:
    one, two = register(plant, "A"), register(plant, "B")
    cancel(plant, one, at("08:29"))
    cancel(plant, two, at("08:30"))
    assert today(plant, at("08:00")) == ["A", "B"]
    assert today(plant) == ["B"]
    assert not work(plant, one, NEXT).cancelled_late
    assert work(plant, two, NEXT).cancelled_late


def test_what_was_closed_yesterday_is_no_work_of_today(plant: Plant) -> None:
    long = {"level": "2", "starts_ms": MIDNIGHT - 20 * HOUR_MS, "ends_ms": MIDNIGHT + DAY_MS}
    one, two = (register(plant, no, now_ms=MADE_MS, **long) for no in ("A", "B"))
    close(plant, one, MIDNIGHT)
    close(plant, two, MIDNIGHT + 1)
    assert today(plant) == ["B"]


def test_a_work_is_under_way_and_then_over_until_it_is_closed(plant: Plant) -> None:
    id = register(plant, gas_every_min=0)

    def said(now_ms: int) -> tuple[bool, bool]:
        found = work(plant, id, now_ms)
        return found.under_way(now_ms), found.over(now_ms)

    assert said(at("08:29")) == (False, False)
    assert said(at("08:30")) == (True, False)
    assert said(at("11:59")) == (True, False)
    assert said(at("12:00")) == (False, True)
    close(plant, id, at("12:30"))
    assert said(at("12:29")) == (False, True)
    assert said(at("12:30")) == (False, False)


def test_what_is_open_has_started_and_nobody_has_ended_it(plant: Plant) -> None:
    ids = {no: register(plant, no) for no in "ABCD"}
    register(plant, "later", starts_ms=at("09:30"))
    cancel(plant, ids["A"], NOW_MS)
    cancel(plant, ids["B"], at("08:40"))
    close(plant, ids["C"], at("08:50"))

    def open_at(now_ms: int) -> list[str]:
        return [one.row["no"] for one in special_works.open_now(plant.store, now_ms)]

    assert open_at(NOW_MS) == []
    assert open_at(at("08:39")) == ["B", "C", "D"]
    assert open_at(at("09:00")) == ["D"]
    assert open_at(at("12:00") + 40 * DAY_MS) == ["D", "later"]  # over, however long ago


def test_gas_is_over_when_it_is_due_or_has_failed_while_the_work_runs(plant: Plant) -> None:
    id = register(plant, gas_every_min=60)

    def over(now_ms: int) -> bool:
        return work(plant, id, now_ms).gas_over(now_ms)

    assert not over(at("08:29"))
    assert over(at("08:30"))  # begun and never tested
    gas(plant, id, at("08:31"))
    assert not over(at("08:31"))
    assert not over(at("09:30"))
    assert over(at("09:31"))
    gas(plant, id, at("09:32"), passed=False)
    assert over(at("09:32"))
    gas(plant, id, at("09:40"))
    assert not over(at("09:40"))
    assert over(at("11:59"))
    assert not over(at("12:00"))  # the work is over: that is said of it instead


def test_where_no_gas_test_is_needed_none_is_due(plant: Plant) -> None:
    found = work(plant, register(plant, kind="power", level=""), at("09:00"))
    assert found.gas_due_ms is None
    assert not found.gas_over(at("09:00"))


def test_a_gas_test_entered_later_is_not_known_yet(plant: Plant) -> None:
    id = register(plant)
    gas(plant, id, at("08:20"), now_ms=at("09:00"))
    assert work(plant, id, at("08:59")).gas is None
    assert special_works.gas_tests(plant.store, id, at("08:59")) == []
    assert work(plant, id, at("09:00")).gas_due_ms == at("10:20")


def test_gas_tests_stand_newest_first(plant: Plant) -> None:
    id = register(plant)
    for minute in (10, 20, 30):
        gas(plant, id, at(f"09:{minute}"), result=f"LEL {minute} %")
    told = special_works.gas_tests(plant.store, id, NEXT)
    assert [one["result"] for one in told] == ["LEL 30 %", "LEL 20 %", "LEL 10 %"]


def test_somebody_finds_the_works_they_are_named_on(plant: Plant) -> None:
    register(plant, "A", workers=("1002",))
    register(plant, "B", guardians=(), workers=("1001",))
    register(plant, "C", guardians=("1002",))
    far = {"starts_ms": NOW_MS + 25 * HOUR_MS, "ends_ms": NOW_MS + 26 * HOUR_MS}
    register(plant, "D", **far)
    close(plant, register(plant, "E", starts_ms=at("07:00"), ends_ms=at("07:30")), NOW_MS)
    over = register(plant, "F", starts_ms=at("06:00"), ends_ms=at("07:00"))

    def mine(part: str, now_ms: int = NOW_MS) -> list[str]:
        found = special_works.of_person(plant.store, plant.id(part), now_ms)
        return [one.row["no"] for one in found]

    assert mine("worker") == ["F", "A", "B"]
    assert mine("mate") == ["A", "C"]
    assert mine("chen") == []
    assert work(plant, over, NOW_MS).over(NOW_MS)


# Who is named, and has committed ------------------------------------------------------------------


def said_of(plant: Plant, id: int, now_ms: int) -> list[tuple[str, str, bool]]:
    found = special_works.people_of(plant.store, work(plant, id, now_ms), now_ms)
    return [(one.row["no"], one.part, one.committed) for one in found]


def test_a_commitment_before_the_shift_is_seen_at_the_permit(plant: Plant) -> None:
    id = register(plant, workers=("1002", "1003"))
    commit(plant, "worker", at("07:40"))
    commit(plant, "mate", at("08:40"))
    assert said_of(plant, id, at("08:00")) == [
        ("1001", "guardian", True),
        ("1002", "worker", False),
        ("1003", "worker", False),
    ]
    assert [committed for _, _, committed in said_of(plant, id, at("09:00"))] == [True, True, False]


def test_a_run_of_the_shift_is_seen_with_its_time(plant: Plant) -> None:
    id = register(plant)
    deliver(plant, run_body(plant, "worker", at("07:50")), at_ms=at("07:50"))
    found = special_works.people_of(plant.store, work(plant, id, at("09:00")), at("09:00"))
    assert [(one.committed_ms, one.ran_ms) for one in found] == [(None, at("07:50"))]


def test_somebody_of_another_shift_has_not_committed_for_this_one(plant: Plant) -> None:
    id = register(plant, guardians=("3001",))  # of the night before
    commit(plant, "night1", at("19:40", "2026-11-23"), shift=NIGHT_SHIFT)
    assert said_of(plant, id, at("09:00")) == [("3001", "guardian", False)]


def test_a_commitment_of_days_ago_says_nothing_of_a_permit_that_lasts_for_days(
    plant: Plant,
) -> None:
    id = register(plant, level="2", ends_ms=at("08:30") + 72 * HOUR_MS)
    commit(plant, "worker", at("07:40"))
    assert said_of(plant, id, at("09:00"))[0][2]
    assert not said_of(plant, id, at("09:00") + 2 * DAY_MS)[0][2]


def test_who_went_on_leave_counts_as_not_committed(plant: Plant) -> None:
    id = register(plant)
    commit(plant, "worker", at("07:40"))
    number = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.end(db, number, plant.id("worker"), "leave", by="x", now_ms=at("08:10"))
    assert said_of(plant, id, at("08:09"))[0][2]
    assert not said_of(plant, id, at("08:11"))[0][2]


def test_a_proxy_entry_that_the_person_denies_is_no_commitment(plant: Plant) -> None:
    id = register(plant)
    device, _ = plant.device("leader")
    _, sid = plant.session("leader", device)
    said = {"k": "leader", "person": plant.id("leader"), "sid": b64u(sid), "why": "no_phone"}
    record = commit_body(plant, "worker")
    record |= {"dev": device, "who": {"person": plant.id("worker"), "ev": said}}
    deliver(plant, record)
    with plant.store.tx() as db:
        proxies.answer(db, record["id"], plant.id("worker"), mine=False, now_ms=at("08:20"))
    assert said_of(plant, id, at("08:19"))[0][2]
    assert not said_of(plant, id, at("08:20"))[0][2]


# Against a reading that goes through everything ---------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What becomes of one permit, in hours from the first midnight."""

    made: int
    starts: int
    hours: int
    ended: int | None
    how: str

    @property
    def ends(self) -> int:
        return self.starts + self.hours

    def of_day(self, first: int, until: int, now: int) -> bool:
        """Whether it is a work of first ≤ … < until as known at `now`."""
        if self.made > now:
            return False
        ended = self.ended if self.ended is not None and self.ended <= now else None
        if ended is not None and self.how == "cancel" and ended < self.starts:
            return False
        last = self.ends if ended is None else min(ended, self.ends)
        hours = range(self.starts, last)
        at_once = last == self.starts and first < self.starts < until  # ended as it began
        return at_once or any(first <= hour < until for hour in hours)

    def is_open(self, now: int) -> bool:
        """Whether it has started and nobody has ended it."""
        ended = self.ended is not None and self.ended <= now
        return self.made <= now and self.starts <= now and not ended


HOURS = st.integers(0, 120)
STORIES = st.builds(
    Story,
    made=HOURS,
    starts=HOURS,
    hours=st.integers(1, 72),
    ended=st.none() | st.integers(0, 200),
    how=st.sampled_from(["close", "cancel"]),
).filter(
    lambda one: (
        one.ended is None
        or (one.ended >= one.made and (one.how == "cancel" or one.ended >= one.starts))
    )
)


class Undo(Exception):
    """Take everything back: the next example starts from the same plant."""


def play(db: Db, number: int, story: Story) -> None:
    """Enter a permit and what becomes of it, as the model itself writes it."""
    instant = [MADE_MS + hour * HOUR_MS for hour in (story.starts, story.ends, story.made)]
    said = entry(f"N{number}", level="2", starts_ms=instant[0], ends_ms=instant[1])
    id = special_work_entry.register(db, said, API, instant[2])
    if story.ended is None:
        return
    ended_ms = MADE_MS + story.ended * HOUR_MS
    if story.how == "close":
        special_work_entry.close(db, id, API, ended_ms)
    else:
        special_work_entry.cancel(db, id, "下雨", API, ended_ms)


def test_a_day_is_read_as_going_through_everything_would(plant: Plant) -> None:
    @settings(max_examples=80 if isinstance(plant.store, SqliteStore) else 10)
    @given(
        stories=st.lists(STORIES, min_size=1, max_size=6),
        first=HOURS,
        hours=st.integers(1, 48),
        now=st.integers(0, 220),
    )
    def read(stories: list[Story], first: int, hours: int, now: int) -> None:
        with pytest.raises(Undo), plant.store.tx() as db:
            for number, story in enumerate(stories):
                play(db, number, story)
            span = (MADE_MS + hour * HOUR_MS for hour in (first, first + hours, now))
            found = special_works.of_day(db, *span)
            assert sorted(one.row["no"] for one in found) == [
                f"N{number}"
                for number, story in enumerate(stories)
                if story.of_day(first, first + hours, now)
            ]
            order = [(one.row["starts_ms"], one.id) for one in found]
            assert order == sorted(order)
            still = special_works.open_now(db, MADE_MS + now * HOUR_MS)
            assert sorted(one.row["no"] for one in still) == [
                f"N{number}" for number, story in enumerate(stories) if story.is_open(now)
            ]
            raise Undo

    read()
