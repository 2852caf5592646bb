"""Before something is signed the log catches up; what is not sealed is said before the press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp.ledger import log
from shiftapp.model import credentials
from shiftapp.web import publish_sealing
from tests.announcing import at, commit
from tests.page import Page
from tests.plant import Clock, Plant
from tests.recounting import ann_of
from tests.sealing_log import seal, seal_rosters

Open = Callable[..., Page]
CHECK = "/publish/check"
PASSWORD = "correct horse battery"
NINE = at("09:05")


def never(seconds: float) -> None:
    raise AssertionError("nobody waits here")


def test_where_no_log_is_kept_nobody_waits(plant: Plant) -> None:
    commit(plant, "worker", NINE)
    assert publish_sealing.catch_up(plant.store, lambda: NINE, never) == NINE


def test_what_is_sealed_already_is_not_waited_for(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("08:00"))
    assert publish_sealing.catch_up(plant.store, lambda: NINE, never) == NINE
    assert plant.store.value("SELECT wanted_ms FROM head") == 0


def test_the_sequencer_is_asked_and_waited_for(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("08:00"))
    commit(plant, "worker", NINE - 1000)
    clock, waited = Clock(NINE), list[float]()

    def pause(seconds: float) -> None:
        waited.append(seconds)
        clock.ms += 500
        assert plant.store.value("SELECT wanted_ms FROM head") == NINE
        if len(waited) == 2:
            seal(plant.store, plant.keys, clock.ms)

    assert publish_sealing.catch_up(plant.store, clock, pause) == NINE + 1000
    assert len(waited) == 2


def test_for_some_seconds_and_no_longer(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("08:00"))
    commit(plant, "worker", NINE - 1000)
    waited = list[float]()
    publish_sealing.catch_up(plant.store, lambda: NINE, waited.append)
    assert sum(waited) == 5


def test_what_comes_while_one_waits_is_not_waited_for(plant: Plant) -> None:
    """At the start of a shift something comes all the time."""
    seal(plant.store, plant.keys, at("08:00"))
    commit(plant, "worker", NINE - 1000)
    waited = list[float]()

    def pause(seconds: float) -> None:
        waited.append(seconds)
        seal(plant.store, plant.keys, NINE)
        commit(plant, "mate", NINE + 1)

    publish_sealing.catch_up(plant.store, lambda: NINE, pause)
    assert len(waited) == 1


def test_for_a_period_nobody_waits(
    app: Flask, plant: Plant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(plant.store, plant.keys, at("08:00"))
    clock.at("09:05")
    commit(plant, "worker", NINE - 1000)
    monkeypatch.setattr(publish_sealing, "TRIES", 0)
    with app.test_request_context("/publish"):
        assert publish_sealing.instant("monthly") == NINE
        assert plant.store.value("SELECT wanted_ms FROM head") == 0
        assert publish_sealing.instant("daily") == NINE
    assert plant.store.value("SELECT wanted_ms FROM head") == NINE


@pytest.fixture
def day(late_day: Plant) -> Plant:
    """The same, and the log held the rosters before the shifts began."""
    return late_day


@pytest.fixture
def late_day(request: pytest.FixtureRequest, good_day: Plant, clock: Clock) -> Plant:
    """A good day at 09:05, all of it in the log since 08:20; the signatory has a password."""
    clock.at("09:05")
    if "day" in request.fixturenames:
        seal_rosters(good_day.store, good_day.keys)
    seal(good_day.store, good_day.keys, at("08:20"))
    with good_day.store.tx() as db:
        hashed = credentials.hash_secret(PASSWORD, good_day.keys.pin_pepper)
        db.run(
            "UPDATE person SET password_hash = :h WHERE id = :id",
            h=hashed,
            id=good_day.id("signatory"),
        )
    return good_day


def test_the_page_says_which_shifts_are_not_sealed_yet(page: Open, day: Plant) -> None:
    commit(day, "worker", at("08:30"))  # nobody has sealed that for half an hour
    signatory = page("signatory")
    html = signatory.post(CHECK, signatory.get("/publish").form(CHECK))
    assert "1 个班没有按时封存进公开账本" in html.text
    assert "生产一部甲班" in html.one("p", id="unsealed").text
    signatory.post("/publish", {**html.form("/publish"), "secret": PASSWORD})
    row = day.store.row("SELECT id, parts FROM announcement")
    assert row is not None
    _, ann = ann_of(day.store, row["id"])
    assert len(ann["of"]) == 1


def test_each_figure_says_whether_it_is_counted_from_what_is_sealed(page: Open, day: Plant) -> None:
    commit(day, "worker", at("08:30"))
    text = page("inspector").get("/publish").text
    assert "公开条目，没有按时封存" in text and "封存的公开条目" in text  # of two shifts


def test_the_sources_say_whose_commitments_were_not_sealed_in_time(
    page: Open, late_day: Plant
) -> None:
    """The log was sealed twenty minutes after the start: nobody can show what came before it."""
    said = "6 人的承诺按时收到，但公开账本没能在接班前封存"
    assert f"{said}：不算按时。" in page("inspector").get("/publish/sources").text
    assert (
        "12 人的承诺按时收到，但公开账本没能在接班前封存。"
        in page("inspector").get("/publish").text
    )


def test_where_all_is_sealed_the_page_has_nothing_to_say(page: Open, day: Plant) -> None:
    signatory = page("signatory")
    html = signatory.post(CHECK, signatory.get("/publish").form(CHECK))
    assert 'id="unsealed"' not in html.text
    signatory.post("/publish", {**html.form("/publish"), "secret": PASSWORD})
    row = day.store.row("SELECT id FROM announcement")
    assert row is not None
    _, ann = ann_of(day.store, row["id"])
    newest = log.newest(day.store)
    assert newest is not None
    assert (len(ann["of"]), ann["b"]) == (2, newest["size"])


def test_what_is_sealed_between_the_two_presses_changes_no_figure(page: Open, day: Plant) -> None:
    """Citing is of the entry: the text that was shown is the text that is signed."""
    commit(day, "worker", at("08:30"))
    signatory = page("signatory")
    html = signatory.post(CHECK, signatory.get("/publish").form(CHECK))
    seal(day.store, day.keys, at("09:04"))
    signatory.post("/publish", {**html.form("/publish"), "secret": PASSWORD})
    row = day.store.row("SELECT id FROM announcement")
    assert row is not None
    assert len(ann_of(day.store, row["id"])[1]["of"]) == 2
