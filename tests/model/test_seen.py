"""The tree of the log that a record names shows when it was surely not made before."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shiftapp.ledger import checkpoint, log, note
from shiftapp.model import tokens
from shiftapp.model.pack import newest_checkpoint
from shiftapp.store import Row
from tests.announcing import at
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, b64u, commit_body, deliver
from tests.sealing_log import seal

OTHER = b64u(b"\x07" * 32)
NONE = {"token": None, "token_wall_ms": None, "mono_ms": None}


def names(plant: Plant) -> dict[str, Any]:
    """The newest tree, as a phone seals it."""
    found = newest_checkpoint(plant.store)
    assert found is not None
    return found


def stored(plant: Plant, body: Body, at_ms: int) -> Row:
    deliver(plant, body, at_ms=at_ms)
    row = plant.store.row(
        "SELECT lower_ms, estimate_ms, flags, counts FROM record WHERE id = :id", id=body["id"]
    )
    assert row is not None
    return row


def test_a_phone_is_told_the_newest_tree_that_a_quorum_has_seen(plant: Plant) -> None:
    assert newest_checkpoint(plant.store) is None
    seal(plant.store, plant.keys, seen=False)
    assert newest_checkpoint(plant.store) is None
    size = seal(plant.store, plant.keys)
    found = names(plant)
    root = base64.urlsafe_b64decode(found["root"] + "=")
    row = log.newest(plant.store)
    assert row is not None
    assert checkpoint.parse(note.split(row["note"])[0]) == ("aq.example.cn/log", size, root)


def test_a_record_was_made_after_the_tree_that_it_names(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:20"))
    body = commit_body(plant, "worker", at("07:50"), seen=names(plant))
    row = stored(plant, body, at("08:30"))
    assert (row["lower_ms"], row["estimate_ms"]) == (at("07:20"), None)
    assert row["flags"] == '["time_unverified"]'  # nothing shows that it was made in time


@pytest.mark.parametrize("lie", [{"root": OTHER}, {"size": 1}, {"size": 2**53 - 1}, {"size": 0}])
def test_a_tree_that_is_not_ours_shows_nothing_and_is_no_flag(
    plant: Plant, lie: dict[str, Any]
) -> None:
    seal(plant.store, plant.keys, at("07:20"))
    body = commit_body(plant, "worker", at("07:40"), seen={**names(plant), **lie})
    row = stored(plant, body, at("07:41"))
    assert (row["lower_ms"], row["flags"], row["counts"]) == (None, "[]", 1)


def test_a_tree_that_no_quorum_has_seen_shows_nothing(plant: Plant) -> None:
    size = seal(plant.store, plant.keys, at("07:20"), seen=False)
    head = log.head(plant.store)
    body = commit_body(plant, "worker", NOW_MS, seen={"size": size, "root": b64u(head.root)})
    assert stored(plant, body, NOW_MS)["lower_ms"] is None


def test_a_record_that_names_no_tree_has_no_bound(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:20"))
    assert stored(plant, commit_body(plant, "worker"), NOW_MS)["lower_ms"] is None


@pytest.mark.parametrize(("token", "lower"), [("07:10", "07:20"), ("07:30", "07:30")])
def test_the_later_of_tree_and_token_counts(plant: Plant, token: str, lower: str) -> None:
    seal(plant.store, plant.keys, at("07:20"))
    body = commit_body(plant, "worker", at("07:50"), seen=names(plant))
    body["time"] |= {
        "token": tokens.make(plant.keys.session_secret, body["dev"], at(token)),
        "token_wall_ms": at(token),
    }
    assert stored(plant, body, at("07:51"))["lower_ms"] == at(lower)


def test_a_witness_whose_clock_is_ahead_shows_no_more_than_when_it_came(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:59"))
    body = commit_body(plant, "worker", at("07:40"), seen=names(plant))
    assert stored(plant, body, at("07:41"))["lower_ms"] == at("07:41")


def test_a_claim_of_before_the_start_that_names_a_later_tree_is_late(plant: Plant) -> None:
    """The phone's clock was set back; the tree it names did not exist yet."""
    seal(plant.store, plant.keys, at("08:05"))
    body = commit_body(plant, "worker", at("07:50"), seen=names(plant))
    assert stored(plant, body, at("08:30"))["flags"] == "[]"  # late, and nothing doubtful
    assert plant.store.value("SELECT lower_ms FROM record") == at("08:05")


def test_what_was_surely_made_after_the_end_counts_for_nobody(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("20:05"))
    body = commit_body(plant, "worker", at("19:50"), seen=names(plant))
    row = stored(plant, body, at("20:30"))
    assert (row["flags"], row["counts"]) == ('["outside_window"]', 0)


def test_it_makes_nothing_earlier(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:00", "2026-11-22"))
    body = commit_body(plant, "worker", at("07:50"), seen=names(plant))
    row = stored(plant, body, at("08:30"))
    assert (row["lower_ms"], row["flags"]) == (at("07:00", "2026-11-22"), '["time_unverified"]')


def test_times_without_a_tree_stay_as_they_are() -> None:
    for found in (tokens.Times(None, None, False), tokens.Times(5, 6, True)):
        assert tokens.after(found, None, 9_000) == found
    assert tokens.after(tokens.Times(5000, 6000, True), 7, 9_000) == (7000, 6000, True)
    assert tokens.after(tokens.Times(8000, 6000, True), 7, 9_000) == (8000, 6000, True)
    assert tokens.after(tokens.Times(None, None, False), 7, 6_500) == (6500, None, False)
