"""Guests: who says the same is the same, unverified until vouched for, gone the day after."""

from __future__ import annotations

import uuid

import pytest

from shiftapp.model import clockwork, guests, history, people, records, roster, slots
from shiftapp.model.roster import Post
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.ledger_walk import by_kind, check_ledger
from tests.plant import DUE_MS, HOUR_MS, NOW_MS, PUMPS, Clock, Plant
from tests.sealing import chained, commit_body, deliver, run_body

LI = guests.Guest("李外", "东方检修", "0831")


def register(plant: Plant, guest: guests.Guest = LI, at_ms: int = NOW_MS, crew: str = "JIA") -> str:
    id = str(uuid.UUID(bytes=plant.random(16), version=4))
    with plant.store.tx() as db:
        return guests.register(db, guest, crew, id=id, now_ms=at_ms)


def vouch(plant: Plant, person: str, at_ms: int) -> bool:
    with plant.store.tx() as db:
        return guests.vouch(db, person, by=plant.id("leader"), now_ms=at_ms)


def put(plant: Plant, person: str, at_ms: int = NOW_MS, instance: int = 0) -> None:
    with plant.store.tx() as db:
        roster.add(
            db,
            instance or plant.instance()["id"],
            person,
            [Post(PUMPS, "J02")],
            how="guest",
            by=plant.id("leader"),
            now_ms=at_ms,
            random=plant.random,
        )


def came(plant: Plant, at_ms: int = NOW_MS) -> str:
    """A guest who registered, and has committed and run; the cast calls them `guest`."""
    plant.ids["guest"] = register(plant, at_ms=at_ms)
    bodies = chained(commit_body(plant, "guest", at_ms), run_body(plant, "guest", at_ms))
    deliver(plant, *bodies, at_ms=at_ms)
    return plant.id("guest")


def marks(plant: Plant, person: str, at_ms: int) -> set[str]:
    found = history.people_states(plant.store, plant.instance(), at_ms)
    return set(next(one.state.marks for one in found if one.person == person))


def who(plant: Plant, person: str) -> Row:
    found = people.person(plant.store, person)
    assert found is not None
    return found


def test_a_guest_is_a_person_of_the_crew_with_a_number_and_no_way_in(plant: Plant) -> None:
    row = who(plant, register(plant))
    assert (row["no"], row["name"], row["employer"], row["phone"]) == (
        "G20261124A", "李外", "东方检修", "0831"
    )  # fmt: skip
    assert (row["guest"], row["crew"], row["vouched_ms"]) == (1, "JIA", None)
    assert (row["pin_hash"], row["password_hash"], row["badge_key"]) == (None, None, None)
    assert people.roles(plant.store, row["id"]) == [people.Role("operator")]


def test_numbers_go_on_after_z_and_are_never_given_twice(plant: Plant) -> None:
    made = [register(plant, guests.Guest(f"客{n}", "甲", f"{n:04}")) for n in range(28)]
    numbers = [who(plant, id)["no"] for id in made]
    assert len(set(numbers)) == 28
    assert numbers[25:] == ["G20261124Z", "G20261124AA", "G20261124AB"]
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE no = 'G20261124C'")
    fresh = register(plant, guests.Guest("客99", "甲", "9999"))
    assert who(plant, fresh)["no"] == "G20261124AC"


def test_who_says_the_same_on_the_same_day_is_the_same_person(plant: Plant) -> None:
    first = register(plant)
    assert register(plant, at_ms=NOW_MS + HOUR_MS) == first
    assert register(plant, at_ms=NOW_MS + 11 * HOUR_MS, crew="YI") == first
    assert register(plant, LI._replace(tail="0832")) != first
    assert register(plant, LI._replace(employer="别家")) != first
    assert register(plant, LI._replace(name="李内")) != first


def test_a_night_is_one_day_and_the_next_day_is_another(plant: Plant) -> None:
    evening = DUE_MS + 12 * HOUR_MS
    first = register(plant, at_ms=evening)
    assert register(plant, at_ms=evening + 7 * HOUR_MS) == first
    assert register(plant, at_ms=evening + 14 * HOUR_MS) != first


def test_a_guest_put_on_a_roster_days_ahead_is_found_when_they_come(plant: Plant) -> None:
    later = plant.instance("JIA", "2026-11-28", "D")
    expected = register(plant)
    put(plant, expected, instance=later["id"])
    assert register(plant, at_ms=later["opens_ms"]) == expected
    assert register(plant, at_ms=later["closed_ms"]) != expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("", "甲", "0831"), "no_name"),
        (("  ", "甲", "0831"), "no_name"),
        (("\u200b\u2060", "甲", "0831"), "no_name"),  # nothing that anybody would see
        (("字" * 41, "甲", "0831"), "no_name"),
        (("李外", "", "0831"), "no_employer"),
        (("李外", "字" * 41, "0831"), "no_employer"),
        (("李外", "甲", "831"), "bad_tail"),
        (("李外", "甲", "08311"), "bad_tail"),
        (("李外", "甲", "08a1"), "bad_tail"),
        (("李外", "甲", "٠٨٣١"), "bad_tail"),
        (("李外", "甲", ""), "bad_tail"),
    ],
)
def test_what_is_not_said_properly_is_refused(typed: tuple[str, str, str], code: str) -> None:
    with pytest.raises(Problem) as refused:
        guests.read(*typed)
    assert (refused.value.status, refused.value.code) == (422, code)


def test_blanks_and_wide_figures_are_read_as_meant() -> None:
    assert guests.read("  李　外 ", "东方\t检修", "０８３１") == ("李 外", "东方 检修", "0831")


def test_what_nobody_sees_turns_no_name_round_and_makes_no_second_person() -> None:
    plain = guests.read("李外", "东方检修", "0831")
    assert guests.read("\u202e李\u200b外", "东方\ufeff检修", "0831") == plain


def test_what_a_guest_records_is_stored_flagged_and_counts_for_nobody_yet(plant: Plant) -> None:
    person = came(plant)
    (flags,) = {row["flags"] for row in plant.store.rows("SELECT flags FROM record ORDER BY seq")}
    assert "who_unverified" in flags and "not_on_roster" in flags
    (arrived,) = history.arrivals(plant.store, plant.instance())
    assert (arrived["id"], arrived["employer"], arrived["tail"]) == (person, "东方检修", "0831")
    assert arrived["unvouched"] == 1
    assert person not in {
        p.person for p in history.people_states(plant.store, plant.instance(), NOW_MS)
    }


def test_the_mark_is_there_until_somebody_vouches_and_history_keeps_it(plant: Plant) -> None:
    person = came(plant)
    put(plant, person)
    assert "unverified" in marks(plant, person, NOW_MS)
    assert vouch(plant, person, NOW_MS + 60_000)
    assert "unverified" in marks(plant, person, NOW_MS + 59_999)
    assert "unverified" not in marks(plant, person, NOW_MS + 60_000)
    before = plant.store.rows("SELECT flags, unverified FROM record ORDER BY seq")
    assert not vouch(plant, person, NOW_MS + 120_000)
    assert plant.store.rows("SELECT flags, unverified FROM record ORDER BY seq") == before
    assert who(plant, person)["vouched_ms"] == NOW_MS + 60_000
    check_ledger(plant.store)


def test_what_comes_after_somebody_vouched_is_not_flagged(plant: Plant) -> None:
    plant.ids["guest"] = person = register(plant)
    vouch(plant, person, NOW_MS)
    put(plant, person)
    (stored,) = deliver(plant, commit_body(plant, "guest"))
    assert stored is not None and stored.flags == []
    assert marks(plant, person, NOW_MS) == {"on_time"}


def test_vouching_for_a_person_clears_no_other_doubt(plant: Plant) -> None:
    plant.ids["guest"] = person = register(plant)
    put(plant, person)
    body = commit_body(plant, "guest")
    stranger = {"person": person, "ev": {"k": "none"}}
    deliver(plant, {**body, "who": stranger})
    vouch(plant, person, NOW_MS)
    assert "unverified" in marks(plant, person, NOW_MS)


def test_nobody_vouches_for_our_own_people(plant: Plant) -> None:
    assert not vouch(plant, plant.id("worker"), NOW_MS)
    assert who(plant, plant.id("worker"))["vouched_ms"] is None


def test_a_guest_who_joins_late_is_told_to_the_log_with_what_waits(plant: Plant) -> None:
    person = came(plant)
    before = {kind: len(found) for kind, found in by_kind(plant.store).items()}
    with plant.store.tx() as db:
        guests.vouch(db, person, by=plant.id("leader"), now_ms=NOW_MS)
        records.join(
            db,
            plant.instance(),
            person,
            [Post(PUMPS, "J02")],
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
            how="guest",
        )
    after = {kind: len(found) for kind, found in by_kind(plant.store).items()}
    assert after["chg"] == before.get("chg", 0) + 1 and after["rec"] == before.get("rec", 0) + 2
    assert history.state_of(plant.store, plant.instance(), person, NOW_MS) == "ready"
    check_ledger(plant.store)


def test_guests_leave_a_day_after_their_last_shift_and_no_earlier(plant: Plant) -> None:
    worked, idle = came(plant), register(plant, LI._replace(name="没来"))
    put(plant, worked)
    ends_ms = plant.instance()["ends_ms"]
    for at_ms, active in (
        (NOW_MS + 24 * HOUR_MS, (1, 1)),
        (NOW_MS + 24 * HOUR_MS + 1, (1, 0)),
        (ends_ms + 24 * HOUR_MS, (1, 0)),
        (ends_ms + 24 * HOUR_MS + 1, (0, 0)),
    ):
        clockwork.plan(plant.store, at_ms, plant.random)
        assert (who(plant, worked)["active"], who(plant, idle)["active"]) == active
    assert who(plant, plant.id("worker"))["active"] == 1
    with plant.store.tx() as db:
        assert guests.let_go(db, ends_ms + 25 * HOUR_MS) == 0


def test_a_guest_with_a_shift_ahead_stays_and_one_who_only_recorded_counts_from_there(
    plant: Plant, clock: Clock
) -> None:
    ahead, recorded = register(plant), came(plant, NOW_MS + 1)
    assert ahead == recorded
    other = register(plant, LI._replace(name="后天"))
    put(plant, other, instance=plant.instance("JIA", "2026-11-28")["id"])
    with plant.store.tx() as db:
        assert guests.let_go(db, plant.instance()["ends_ms"] + 24 * HOUR_MS) == 0
        assert guests.let_go(db, plant.instance()["ends_ms"] + 25 * HOUR_MS) == 1
    assert who(plant, other)["active"] == 1


def test_those_who_wait_are_listed_until_somebody_vouches(plant: Plant) -> None:
    first, second = register(plant), register(plant, LI._replace(name="王外"), NOW_MS + 1)
    assert [row["id"] for row in guests.waiting(plant.store, "JIA")] == [first, second]
    assert guests.waiting(plant.store, "YI") == []
    vouch(plant, first, NOW_MS)
    assert [row["tail"] for row in guests.waiting(plant.store, "JIA")] == ["0831"]


def test_a_guest_counts_in_n_like_anybody_once_on_the_roster(plant: Plant) -> None:
    s = bytes(plant.instance()["s"])
    before = len(slots.live_slots(plant.store, s))
    put(plant, register(plant))
    assert len(slots.live_slots(plant.store, s)) == before + 1
    check_ledger(plant.store)
