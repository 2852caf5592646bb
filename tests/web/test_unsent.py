"""What a phone says it still holds: kept with each delivery and each pack, shown to its leader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.outbox import Outbox
from tests.page import Page
from tests.plant import Plant
from tests.sealing import hazard_body, wire

Browsers = Callable[..., Page]


def unsent(plant: Plant) -> int | None:
    """What is known of the worker's phone."""
    held = plant.device("worker")
    assert held is not None
    found: int | None = plant.store.value("SELECT unsent FROM device WHERE id = :id", id=held[0])
    return found


def test_what_is_left_after_a_delivery_is_known(app: Flask, plant: Plant) -> None:
    outbox = Outbox(app, plant)
    assert unsent(plant) is None
    records = [wire(hazard_body(plant, "worker", str(n), seq=n)) for n in (1, 2, 3)]
    outbox.results(*records[:2], waiting=5)
    assert unsent(plant) == 3
    outbox.results(records[2], waiting=1)
    assert unsent(plant) == 0


def test_a_repeat_counts_as_delivered(app: Flask, plant: Plant) -> None:
    outbox, record = Outbox(app, plant), wire(hazard_body(plant, "worker", "滴油"))
    for _ in range(2):
        outbox.results(record, waiting=1)
        assert unsent(plant) == 0


@pytest.mark.parametrize("said", [None, -1, 1.5, True, "3", [], 10**9, 10**30])
def test_what_is_no_number_of_records_changes_nothing(app: Flask, plant: Plant, said: Any) -> None:
    outbox = Outbox(app, plant)
    outbox.results(wire(hazard_body(plant, "worker", "一")), waiting=4)
    outbox.results(wire(hazard_body(plant, "worker", "二", seq=2)), waiting=said)
    assert unsent(plant) == 3


def test_a_phone_that_delivers_nothing_says_it_with_the_pack(app: Flask, plant: Plant) -> None:
    client = Outbox(app, plant).client
    for left, known in (("7", 7), ("", 7), ("x", 7), ("-1", 7), ("9" * 40, 7), ("0", 0)):
        assert client.get("/api/v1/pack", query_string={"left": left}).status_code == 200
        assert unsent(plant) == known


def test_a_leader_sees_it_before_stopping_the_phone_and_after(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    words, worker = "还有 4 份没传", plant.id("worker")
    pages = (f"/board/people/{worker}", "/board/phones", "/manage/devices?show=")
    for url in pages:
        assert words not in page("admin").get(url).text
    Outbox(app, plant).results(wire(hazard_body(plant, "worker", "一")), waiting=5)
    for url in pages:
        assert words in page("admin").get(url).text
    held = plant.device("worker")
    assert held is not None
    page("leader").post(f"/board/people/{worker}/phones/{held[0]}/revoke")
    assert words in page("leader").get(f"/board/people/{worker}").text
    assert words in page("admin").get("/manage/devices?show=revoked").text


def test_the_number_is_no_business_of_others(app: Flask, plant: Plant, page: Browsers) -> None:
    Outbox(app, plant).results(wire(hazard_body(plant, "worker", "一")), waiting=5)
    page("other_leader").get(f"/board/people/{plant.id('worker')}", 403)
    assert "还有 4 份没传" not in page("other_leader").get("/board/phones").text
