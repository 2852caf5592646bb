"""The private side of the log: each thing that may go wrong has its own name; on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp.ledger import log, note
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.model import log_audit, roster
from shiftapp.store import Store
from tests.plant import NOW_MS, PUMPS, Plant
from tests.sealing import make_ready
from tests.sealing_log import origin_of, seal

GUARDS = ("entry_frozen", "entry_no_delete")


def faults(
    plant: Plant, remembered: Checkpoint | None = None, now_ms: int = NOW_MS
) -> list[tuple[str, dict[str, Any]]]:
    key = note.parse_vkey(note.vkey(origin_of(plant.store), note.public_bytes(plant.keys.log)))
    found = log_audit.faults(plant.store, key, remembered, now_ms)
    return [(one.code, one.params) for one in found]


def past_the_guards(store: Store, sql: str, **values: object) -> None:
    """As somebody with the database in hand."""
    with store.tx() as db:
        for name in GUARDS:
            of = " ON entry" if store.engine == "postgres" else ""
            db.run(f"DROP TRIGGER IF EXISTS {name}{of}")
        db.run(sql, **values)


@pytest.fixture
def kept(plant: Plant) -> Plant:
    for part in ("worker", "mate", "chen"):
        make_ready(plant, part)
    seal(plant.store, plant.keys)
    return plant


def test_a_log_that_is_kept_has_nothing_wrong(kept: Plant) -> None:
    held = log.head(kept.store)
    assert faults(kept, Checkpoint("aq.example.cn/log", *held)) == []
    make_ready(kept, "lin")
    assert faults(kept) == []  # what came a moment ago may wait


def test_a_log_that_nobody_keeps_is_said(plant: Plant) -> None:
    assert faults(plant) == [("not_kept", {})]


def test_an_empty_log_has_nothing_wrong(store: Store, plant: Plant) -> None:
    past_the_guards(plant.store, "DELETE FROM entry")
    seal(plant.store, plant.keys)
    assert faults(plant) == []


def test_what_waits_longer_than_promised_is_counted(kept: Plant) -> None:
    make_ready(kept, "lin")
    waiting = kept.store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL")
    assert faults(kept, now_ms=NOW_MS + 300_000) == []
    assert faults(kept, now_ms=NOW_MS + 300_001) == [("overdue", {"n": waiting})]


@pytest.mark.parametrize("place", [0, 3])
def test_a_hole_is_found_where_it_is(kept: Plant, place: int) -> None:
    size = log.head(kept.store).size
    past_the_guards(kept.store, "UPDATE entry SET idx = NULL WHERE idx = :place", place=place)
    assert ("hole", {"index": place, "size": size}) in faults(kept)


def test_the_last_place_without_an_entry_is_a_hole(kept: Plant) -> None:
    size = log.head(kept.store).size
    past_the_guards(kept.store, "UPDATE entry SET idx = NULL WHERE idx = :n", n=size - 1)
    assert ("hole", {"index": size - 1, "size": size}) in faults(kept)


def test_a_place_beyond_the_head_is_said(kept: Plant) -> None:
    make_ready(kept, "lin")
    size = log.head(kept.store).size
    seq = kept.store.value("SELECT MIN(seq) FROM entry WHERE idx IS NULL")
    with kept.store.tx() as db:
        db.run("UPDATE entry SET idx = :n WHERE seq = :seq", n=size + 7, seq=seq)
    assert ("hole", {"index": size, "size": size}) in faults(kept)


def test_a_receipt_whose_entry_is_another_is_named(kept: Plant) -> None:
    rows = kept.store.rows("SELECT id, entry_seq FROM record ORDER BY seq")
    with kept.store.tx() as db:
        db.run(
            "UPDATE record SET entry_seq = :other WHERE id = :id",
            other=rows[2]["entry_seq"],
            id=rows[0]["id"],
        )
    assert faults(kept) == [("receipt_broken", {"id": rows[0]["id"]})]


def test_a_receipt_without_an_entry_is_named(kept: Plant) -> None:
    record = kept.store.value("SELECT id FROM record ORDER BY seq LIMIT 1")
    with kept.store.tx() as db:
        db.run("UPDATE record SET entry_seq = NULL WHERE id = :id", id=record)
    assert faults(kept) == [("receipt_broken", {"id": record})]


def test_who_came_back_has_another_entry_than_the_receipt_says_and_that_is_right(
    kept: Plant,
) -> None:
    instance, worker, leader = kept.instance()["id"], kept.id("worker"), kept.id("leader")
    with kept.store.tx() as db:
        roster.end(db, instance, worker, "leave", by=leader, now_ms=NOW_MS + 1)
        post = [roster.Post(PUMPS, "J02")]
        roster.add(
            db,
            instance,
            worker,
            post,
            how="added",
            by=leader,
            now_ms=NOW_MS + 2,
            random=kept.random,
        )
    others = "SELECT COUNT(*) FROM record JOIN entry ON entry.seq = entry_seq"
    assert kept.store.value(f"{others} WHERE leaf <> receipt_leaf") > 0
    assert faults(kept) == []


def test_a_head_behind_what_was_published_is_said(kept: Plant) -> None:
    size = log.head(kept.store).size
    with kept.store.tx() as db:
        db.run("UPDATE head SET size = :n", n=size - 1)
    found = faults(kept)
    assert ("head_behind", {"size": size - 1, "known": size}) in found


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE head SET root = :other",
        "UPDATE head SET note = 'no note'",
        "UPDATE tile SET hashes = :other WHERE level = 0 AND number = 0",
    ],
)
def test_a_head_that_is_not_the_tree_is_said(kept: Plant, sql: str) -> None:
    size = log.head(kept.store).size
    other = b"\1" * (32 if "root" in sql else 32 * size)
    with kept.store.tx() as db:
        db.run(sql, **({"other": other} if ":other" in sql else {}))
    assert faults(kept) == [("head_differs", {"size": size})]


def test_a_restored_older_database_is_said(kept: Plant) -> None:
    size, root = log.head(kept.store)
    ahead = Checkpoint("aq.example.cn/log", size + 5, root)
    assert faults(kept, ahead) == [("guard_ahead", {"size": size, "known": size + 5})]


def test_another_log_than_was_published_is_said(kept: Plant) -> None:
    other = Checkpoint("aq.example.cn/log", 4, b"\1" * 32)
    assert faults(kept, other) == [("guard_forked", {"size": 4})]
