"""Who is called in the crew round, in which order, and who comes next."""

from __future__ import annotations

import pytest

from shiftapp.model import roster, rounds
from tests.calling import ORDER
from tests.plant import NOW_MS, PUMPS, TANKS, Plant
from tests.sealing import commit_body, deliver, make_ready, run_body


def called(plant: Plant, now_ms: int = NOW_MS) -> list[rounds.Seat]:
    return rounds.seats_of(plant.store, plant.instance(), now_ms)


def parts(plant: Plant, found: list[rounds.Seat]) -> list[str]:
    names = {id: part for part, id in plant.ids.items()}
    return [names[seat.person] for seat in found]


def seat(plant: Plant, part: str, now_ms: int = NOW_MS) -> rounds.Seat:
    return next(one for one in called(plant, now_ms) if one.person == plant.id(part))


def next_after(plant: Plant, part: str) -> str | None:
    found = rounds.next_after(called(plant), plant.id(part))
    return parts(plant, [found])[0] if found else None


def test_the_order_is_that_of_the_board(plant: Plant) -> None:
    found = called(plant)
    assert parts(plant, found) == list(ORDER)
    assert [one.row["risk"] for one in found] == ["A", "A", "B", "B", "B", "B"]


def test_who_has_two_seats_is_called_once_for_the_first_row(plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.add(
            db, plant.instance()["id"], plant.id("worker"), [roster.Post(TANKS, "J09")],
            how="added", by="test", now_ms=NOW_MS, random=plant.random,
        )  # fmt: skip
    assert sorted(parts(plant, called(plant))) == sorted(ORDER)
    found = seat(plant, "worker")
    assert (found.row["station"], len(found.rows), len(found.unrun)) == (PUMPS, 2, 2)


def test_the_next_one_is_never_one_before(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"))
    assert next_after(plant, "lin") == "chen", "who has committed is passed over"
    assert next_after(plant, "leader") is None
    assert next_after(plant, "outsider") is None


def test_a_commitment_is_the_end_of_waiting_and_a_run_is_not(plant: Plant) -> None:
    assert seat(plant, "worker").waits and len(seat(plant, "worker").unrun) == 1
    deliver(plant, run_body(plant, "worker"))
    assert seat(plant, "worker").waits and seat(plant, "worker").unrun == ()
    make_ready(plant, "mate")
    found = seat(plant, "mate")
    assert (found.waits, found.committed_ms, found.shown) == (False, NOW_MS, "ready")


def test_not_fit_today_is_not_called_and_not_told(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    found = seat(plant, "worker")
    assert (found.waits, found.shown, found.committed_ms) == (False, "abnormal", None)


@pytest.mark.parametrize("why", ["leave", "swapped", "mistake"])
def test_who_is_off_the_roster_is_not_called(plant: Plant, why: roster.Why) -> None:
    with plant.store.tx() as db:
        boss, instance = plant.id("leader"), plant.instance()["id"]
        roster.end(db, instance, plant.id("worker"), why, by=boss, now_ms=NOW_MS)
    assert "worker" not in parts(plant, called(plant))
    assert "worker" in parts(plant, called(plant, NOW_MS - 1))


def test_a_record_of_later_is_not_known(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"), at_ms=NOW_MS + 1000)
    assert seat(plant, "worker").waits and not seat(plant, "worker", NOW_MS + 1000).waits


def test_what_counts_for_nobody_is_no_commitment(plant: Plant) -> None:
    instance = plant.instance()
    deliver(plant, commit_body(plant, "worker", job="J99"))
    assert not rounds.has_committed(plant.store, instance["id"], plant.id("worker"))
    deliver(plant, commit_body(plant, "mate", bad="fit"))
    assert not rounds.has_committed(plant.store, instance["id"], plant.id("mate"))
    deliver(plant, commit_body(plant, "chen"))
    assert rounds.has_committed(plant.store, instance["id"], plant.id("chen"))
