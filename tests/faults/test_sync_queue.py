"""Ten thousand records in one queue: the phone's batches, with every fault it repeats through."""

from __future__ import annotations

import random

from flask import Flask

from tests.outbox import Outbox
from tests.plant import Plant
from tests.sealing import hazard_body, wire

MANY, BATCH = 10_000, 20


def test_ten_thousand_records_of_one_queue_arrive_once_each(app: Flask, plant: Plant) -> None:
    """A third of the answers is lost, so those batches come twice (SQLite: 11 s)."""
    outbox, chance = Outbox(app, plant), random.Random(7)
    sealed = [hazard_body(plant, "worker", f"第 {n} 条", seq=n + 1) for n in range(MANY)]
    for at in range(0, MANY, BATCH):
        batch = [wire(body) for body in sealed[at : at + BATCH]]
        for status in ("stored", "duplicate")[: 2 if chance.random() < 1 / 3 else 1]:
            assert {one["status"] for one in outbox.results(*batch)} == {status}
    rows = plant.store.rows("SELECT id FROM record")
    assert sorted(row["id"] for row in rows) == sorted(body["id"] for body in sealed)
    assert plant.store.value("SELECT COUNT(*) FROM finding") == MANY
    assert plant.store.value("SELECT COUNT(*) FROM quarantine") == 0
