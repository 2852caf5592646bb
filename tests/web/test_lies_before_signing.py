"""The other half of the table of lies: told before the signature, they are refused or published.

test_public_lies.py has those told afterwards. Whoever tells these can write the database or press
every button; each lie either cannot be signed, or a citizen reads it on the page that was signed.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp.ledger import encoding, entries, tree
from shiftapp.model import roster
from shiftapp.store import Row
from tests.announcing import add_crew, at, day_works, draft, night_works, order, publish, shift_of
from tests.page import Page
from tests.permits import cancel, register
from tests.plant import Clock, Plant

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def worked(plant: Plant, clock: Clock) -> None:
    """Last night's crew and this morning's worked; one person of the day is missing."""
    night_works(plant)
    day_works(plant, missing=1)
    clock.at("09:05")


def citizen(page: Open) -> str:
    """What anybody reads."""
    return page(None).get("/").text


def publish_over(plant: Plant, when: int) -> Row:
    """Published over whatever is open."""
    return publish(plant, when, order(plant, when, override="先公布"))


def test_an_inflated_count_is_named(plant: Plant, page: Open) -> None:
    """An entry is slipped in for who made none: the two counts no longer agree."""
    instance = plant.instance()
    slot = plant.store.value(
        "SELECT u FROM slot WHERE s = :s AND person = :p AND ended_ms IS NULL",
        s=instance["s"],
        p=plant.id("leader"),
    )
    data = entries.rec_entry(
        c=bytes(32), s=bytes(instance["s"]), slot=bytes(slot), kind="commit", offline=False
    )
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO entry (leaf, data, kind, s, recv_ms) VALUES (:leaf, :data, 'rec', :s, :r)",
            leaf=tree.leaf_hash(data),
            data=data,
            s=instance["s"],
            r=at("07:50"),
        )
    assert draft(plant, at("09:05")).figures.gap("differs") == 1
    publish_over(plant, at("09:05"))
    assert "1 个班的数，两种算法不一样。" in citizen(page)


def test_a_post_dropped_after_the_window_opened_is_told(plant: Plant, page: Open) -> None:
    """Who has not committed is taken off the roster: all of those who are left were on time."""
    with plant.store.tx() as db:
        instance = plant.instance()["id"]
        roster.end(
            db, instance, plant.id("leader"), "mistake", by=plant.id("leader"), now_ms=at("09:00")
        )
    publish_over(plant, at("09:05"))
    assert "承诺时段开始后，名单上去掉 1 人" in citizen(page)


def test_a_permit_called_off_after_it_began_still_counts(plant: Plant, page: Open) -> None:
    work = register(plant, now_ms=at("08:00"), guardians=())
    cancel(plant, work, at("09:00"), "没有做")
    doc = publish_over(plant, at("09:05"))["doc"]
    assert doc["works"]["fire_1"] == 1 and doc["works"]["cancelled_late"] == 1
    assert "1 处开始后才取消" in citizen(page)


def test_a_permit_shown_only_after_it_began_is_told(plant: Plant, page: Open) -> None:
    register(plant, now_ms=at("09:00"), guardians=())
    doc = publish_over(plant, at("09:05"))["doc"]
    assert doc["works"]["registered_late"] == 1
    assert "1 处开始后才登记" in citizen(page)


def test_a_permit_held_back_until_the_figure_is_out_comes_out_in_the_check(
    plant: Plant, page: Open, clock: Clock
) -> None:
    register(plant, "DH-1", now_ms=at("08:00"), guardians=())
    publish_over(plant, at("09:05"))
    clock.at("11:00")
    register(plant, "DH-2", now_ms=at("10:50"), place="V-305", guardians=())
    assert "一级动火 1 改为 2" in page("signatory").get("/publish").text
    assert "DH-2" in page("inspector").get("/publish/inspection?from=2026-11-24&to=2026-11-24").text


@pytest.mark.parametrize("date", ["2026-11-22", "2026-11-25"])
def test_no_other_day_is_signed_back_or_ahead(plant: Plant, page: Open, date: str) -> None:
    signatory = page("signatory")
    form = signatory.get("/publish").form("/publish/check") | {"date": date, "override": "补签"}
    status = 404 if date > "2026-11-24" else 409
    signatory.post("/publish/check", form, status)
    signatory.post("/publish", form | {"shown": "0" * 64, "secret": "x"}, status)
    assert plant.store.value("SELECT COUNT(*) FROM announcement") == 0


def test_signed_after_the_time_it_says_so(plant: Plant, page: Open, clock: Clock) -> None:
    when = clock.at("10:20")
    doc = publish_over(plant, when)["doc"]
    assert doc["published_ms"] == when
    assert "晚于 10:00" in citizen(page)


def test_words_and_figures_of_a_form_are_not_taken(app: Flask, plant: Plant, page: Open) -> None:
    """Whatever a tampered form sends beside what we ask for: what was derived is what is signed."""
    signatory = page("signatory")
    form = signatory.get("/publish").form("/publish/check") | {"override": "先公布"}
    lie = {"text": "一切正常", "on": "999", "named": "", "published_ms": "1"}
    shown = signatory.post("/publish/check", form | lie)
    assert "一切正常" not in shown.text and "999" not in shown.text
    forged = shown.form("/publish") | lie | {"shown": encoding.b64u(bytes(32))}
    signatory.post("/publish", forged, 403)  # no password
    assert plant.store.value("SELECT COUNT(*) FROM announcement") == 0


def test_a_figure_of_fewer_than_five_is_in_no_version(plant: Plant, page: Open) -> None:
    """A crew of three cannot be worked out from two versions either."""
    small = add_crew(plant, "WU", 3)
    first = publish_over(plant, at("09:05"))["doc"]
    assert first["small"] == {"shifts": 1, "counted": False, "count": None}
    assert all(shift["n"] >= 5 for shift in first["shifts"])
    assert shift_of("WU")["crew"] not in str(first) and small
    assert "1 个班人数少，不单列" in citizen(page)
