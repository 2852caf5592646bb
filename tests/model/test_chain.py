"""Each body names the one before it: what does not continue its device's chain is flagged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shiftapp.model import records, retention, settings
from shiftapp.model.chain_end import chain_end
from shiftapp.model.flags_now import flags_now
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, b64u, chained, commit_body, deliver, hazard_body, run_body, sha_of

OTHER = b64u(b"\x07" * 32)
DAY_MS = 24 * 3_600_000


def flags_of(plant: Plant, *bodies: Body, at_ms: int = NOW_MS) -> list[list[str]]:
    """The flags of a delivery, in its order."""
    return [one.flags for one in deliver(plant, *bodies, at_ms=at_ms) if one is not None]


def three(plant: Plant) -> list[Body]:
    """Three records of 张三, one after the other."""
    return chained(
        commit_body(plant, "worker"),
        run_body(plant, "worker"),
        hazard_body(plant, "worker", "滴油"),
    )


def test_records_in_order_have_no_flag_in_one_request_or_in_several(plant: Plant) -> None:
    first, second, third = three(plant)
    assert flags_of(plant, first, second) == [[], []]
    assert flags_of(plant, third) == [[]]


def test_what_comes_before_its_predecessor_is_flagged_and_stays_so(plant: Plant) -> None:
    first, second, third = three(plant)
    assert flags_of(plant, second, first, third) == [["chain_gap"], [], []]
    assert flags_of(plant, second) == [["chain_gap"]]  # what was found first is told again


def test_a_flagged_record_counts_and_is_no_question_of_who(plant: Plant) -> None:
    _, second, _ = three(plant)
    deliver(plant, second)
    row = plant.store.row("SELECT counts, unverified, flags FROM record")
    assert row == {"counts": 1, "unverified": 0, "flags": '["chain_gap"]'}


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 2, "prev": OTHER},  # another body than the one we have
        {"seq": 2, "prev": None},
        {"seq": 4},  # one is missing
        {"seq": 1},  # the number is taken, and the first names nobody
        {"seq": 1, "prev": None},  # the number is taken
        {"seq": 2**53 - 1},
    ],
    ids=str,
)
def test_what_does_not_continue_the_chain_is_flagged(plant: Plant, wrong: dict[str, Any]) -> None:
    first, second, _ = three(plant)
    assert flags_of(plant, first, {**second, **wrong}) == [[], ["chain_gap"]]


def test_a_first_record_that_names_another_is_flagged(plant: Plant) -> None:
    (body,) = chained(commit_body(plant, "worker"), prev=OTHER)
    assert flags_of(plant, body) == [["chain_gap"]]


def test_two_bodies_with_one_number_are_a_fork(plant: Plant) -> None:
    """A copied phone: the second branch is flagged where it begins, and goes on from there."""
    first, second, third = three(plant)
    other = {**run_body(plant, "worker", bad=2), "seq": 2, "prev": sha_of(first)}
    assert flags_of(plant, first, second, other, third) == [[], [], ["chain_gap"], []]


def test_each_device_has_a_chain_of_its_own(plant: Plant) -> None:
    first, second, _ = three(plant)
    (others,) = chained(commit_body(plant, "mate"))
    assert flags_of(plant, first) == [[]]
    assert flags_of(plant, others) == [[]]
    stolen = {**run_body(plant, "mate"), "seq": 2, "prev": sha_of(first)}
    assert flags_of(plant, stolen) == [["chain_gap"]]
    assert flags_of(plant, second) == [[]]


def test_what_is_kept_unread_holds_its_place(plant: Plant) -> None:
    """A record of a newer program is read after an upgrade; the one behind it has no gap."""
    first, second, third = chained(
        {**commit_body(plant, "worker"), "v": 2},
        {**run_body(plant, "worker"), "steps": "none"},
        hazard_body(plant, "worker", "滴油"),
    )
    assert flags_of(plant, first, second, third) == [["schema"], ["shape"], []]
    again = {**hazard_body(plant, "worker", "滴油"), "seq": 2, "prev": sha_of(first)}
    assert flags_of(plant, again) == [["chain_gap"]]  # the number of the one kept unread


@pytest.mark.parametrize("place", [{"seq": "2"}, {"dev": 7}, {"seq": 2**60}, {"seq": None}])
def test_what_is_kept_unread_and_says_no_place_has_none(
    plant: Plant, place: dict[str, Any]
) -> None:
    body = {**commit_body(plant, "worker"), **place, "app": None}
    assert flags_of(plant, commit_body(plant, "worker"), body) == [[], ["shape"]]
    row = plant.store.row("SELECT chain_dev, chain_seq FROM quarantine")
    assert row == {"chain_dev": None, "chain_seq": None}


def test_an_erased_body_is_still_what_the_next_one_continues(plant: Plant) -> None:
    first, second = chained(commit_body(plant, "worker", bad="fit"), run_body(plant, "worker"))
    deliver(plant, first)
    assert retention.end(plant.store, settings.get(plant.store), NOW_MS + 31 * DAY_MS) == 1
    assert records.body(plant.store, first["id"]) is None
    deliver(plant, second, at_ms=NOW_MS + 1)
    flags = plant.store.value("SELECT flags FROM record WHERE id = :id", id=second["id"])
    assert json.loads(flags) == []


def test_what_the_server_seals_stands_in_no_chain(plant: Plant) -> None:
    body = {**commit_body(plant, "worker"), "dev": None, "seq": None, "prev": None}
    assert flags_of(plant, body, {**run_body(plant, "worker"), **dict.fromkeys(CHAIN)}) == [[], []]


CHAIN = ("dev", "seq", "prev")


def test_a_gap_that_was_filled_later_is_none_any_more(plant: Plant) -> None:
    first, second, third = three(plant)
    deliver(plant, third, second)
    assert now(plant, third) == [] and now(plant, second) == ["chain_gap"]
    deliver(plant, first)
    assert now(plant, second) == []


def test_a_gap_whose_filling_does_not_fit_stays(plant: Plant) -> None:
    first, second, _ = three(plant)
    deliver(plant, second)
    deliver(plant, {**first, "time": {**first["time"], "started_ms": 1}})  # another body than named
    assert now(plant, second) == ["chain_gap"]


def test_two_bodies_with_one_number_stay_a_gap(plant: Plant) -> None:
    first, second, _ = three(plant)
    twin = {**second, "id": "c0000000-0000-4000-8000-00000000000f"}
    deliver(plant, first, second, twin)
    assert now(plant, twin) == ["chain_gap"]


def now(plant: Plant, body: Body) -> list[str]:
    """The flags of a record as somebody reads them now."""
    stored = plant.store.value("SELECT flags FROM record WHERE id = :id", id=body["id"])
    return flags_now(plant.store, body["id"], json.loads(stored))


def test_a_device_is_told_where_its_chain_ends(plant: Plant) -> None:
    first, second, third = three(plant)
    dev = first["dev"]
    assert chain_end(plant.store, dev) is None
    deliver(plant, first, third)
    assert chain_end(plant.store, dev) == {"seq": 3, "sha": sha_of(third)}
    deliver(plant, second)
    assert chain_end(plant.store, dev) == {"seq": 3, "sha": sha_of(third)}
    assert chain_end(plant.store, "d0000000-0000-4000-8000-00000000000f") is None


def test_what_is_quarantined_is_a_link_too(plant: Plant) -> None:
    first, second, _ = three(plant)
    unread = {**second, "v": 2}
    deliver(plant, first, unread)
    assert chain_end(plant.store, first["dev"]) == {"seq": 2, "sha": sha_of(unread)}
