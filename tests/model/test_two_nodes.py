"""Two nodes on one PostgreSQL: what one process leaves to its single writer, the rows do here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftapp.model import facilities, records, roster, roster_changes, slots
from shiftapp.model.judging import Arrival
from shiftapp.model.roster import Post
from shiftapp.store import Db, Store, open_store
from tests.engines import Postgres, postgres_store
from tests.furnishing import BEFORE_MS, furnish
from tests.ledger_walk import check_ledger
from tests.plant import NOW_MS, PUMPS, Plant, fixed_bytes, make_keys, make_plant
from tests.sealing import Body, commit_body, sealed, secrets_of


@pytest.fixture
def nodes(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[Plant, list[Store]]]:
    for store in postgres_store(postgres):
        other = open_store(store.address)
        yield make_plant(store, make_keys(tmp_path / "keys")), [store, other]
        other.close()


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    barrier, found = threading.Barrier(len(work)), [None] * len(work)

    def run(number: int) -> None:
        barrier.wait()
        found[number] = work[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("turn", range(4))
def test_one_record_at_two_nodes_is_one_record(nodes: tuple[Plant, list[Store]], turn: int) -> None:
    plant, stores = nodes
    body = commit_body(plant, "worker")
    one, arrival = sealed(body), Arrival(NOW_MS, body["dev"], None)

    def deliver(store: Store) -> Callable[[], Any]:
        return lambda: records.accept(store, [one], arrival, secrets_of(plant), 120)[0]

    found = at_once([deliver(stores[number % 2]) for number in range(8)])
    check_ledger(plant.store)
    assert sorted(stored.status for stored in found) == ["duplicate"] * 7 + ["stored"]
    assert len({(stored.leaf, stored.recv_ms) for stored in found}) == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_window_opened_at_one_node_and_a_person_added_at_the_other(
    nodes: tuple[Plant, list[Store]], turn: int
) -> None:
    plant, stores = nodes
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
    instance = plant.instance("JIA", "2026-11-25", "N")

    def add(number: int) -> Callable[[Db], None]:
        return lambda db: roster.add(
            db,
            instance["id"],
            plant.id(f"night{number}"),
            [Post(PUMPS, "J02")],
            how="added",
            by="x",
            now_ms=instance["opens_ms"],
            random=fixed_bytes(f"node {number}"),
        )

    def opening(db: Db) -> int:
        return slots.open_due(db, instance["opens_ms"], 120)

    at_once(
        [
            lambda: stores[0].write(opening),
            lambda: stores[1].write(add(1)),
            lambda: stores[1].write(opening),
            lambda: stores[0].write(add(2)),
            lambda: stores[1].write(add(3)),
        ]
    )
    check_ledger(plant.store)
    assert len(slots.live_slots(plant.store, bytes(instance["s"]))) == 9


def test_connections_cut_while_idle_cost_nobody_an_answer(
    nodes: tuple[Plant, list[Store]],
) -> None:
    plant, (store, other) = nodes
    bodies = [commit_body(plant, "worker"), commit_body(plant, "mate")]

    def deliver(body: Body) -> str:
        arrival = Arrival(NOW_MS, body["dev"], None)
        (stored,) = records.accept(store, [sealed(body)], arrival, secrets_of(plant), 120)
        assert stored is not None
        return stored.status

    assert deliver(bodies[0]) == "stored"
    other.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert deliver(bodies[1]) == "stored"
    check_ledger(plant.store)


@pytest.mark.parametrize("turn", range(4))
def test_two_leaders_put_one_person_at_one_post_at_two_nodes(
    nodes: tuple[Plant, list[Store]], turn: int
) -> None:
    plant, stores = nodes
    instance, person = plant.instance(), plant.id("outsider")

    def add(number: int) -> Callable[[Db], bool]:
        return lambda db: roster_changes.overtime(
            db, instance, person, Post(PUMPS, "J02"), by=plant.id("leader"), now_ms=NOW_MS,
            random=fixed_bytes(f"node {turn} {number}"),
        )  # fmt: skip

    def write(number: int) -> Callable[[], Any]:
        return lambda: stores[number % 2].write(add(number))

    at_once([write(number) for number in range(4)])
    check_ledger(plant.store)
    assert len(roster.posts(plant.store, instance["id"], person)) == 1


@pytest.mark.parametrize("turn", range(4))
def test_states_entered_at_two_nodes_follow_each_other(
    nodes: tuple[Plant, list[Store]], turn: int
) -> None:
    """Eight say the same at once: one entry, and the first one's time."""
    plant, stores = nodes
    furnish(plant)

    def enter(number: int) -> Callable[[], bool]:
        since_ms, by = BEFORE_MS + 1 + number, plant.id("manager")
        return lambda: stores[number % 2].write(
            lambda db: facilities.set_state(
                db, "U1", "stopped", since_ms=since_ms, by=by, now_ms=NOW_MS
            )
        )

    found = at_once([enter(number) for number in range(8)])
    assert sorted(found) == [False] * 7 + [True]
    states = [row["state"] for row in facilities.history(plant.store, "U1")]
    assert states == ["stopped", "running"]
