"""Written leave to sign: who may give it, for which days, and what it lets somebody do."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from shiftapp.model import credentials, delegations, people, publishing, settings
from shiftapp.model.delegations import Leave
from shiftapp.model.people import Person, Role
from shiftapp.problems import Problem
from tests.announcing import at, order, publish
from tests.plant import MADE_MS, TODAY, Plant

NINE = at("09:05")
PAPER = "安字〔2026〕7 号"


@pytest.fixture(autouse=True)
def accounts(plant: Plant) -> None:
    """The leader and the manager have a PIN, 冯十二 is a second principal."""
    second = Person(str(uuid.uuid4()), "9012", "冯十二", roles=(Role("signatory"),))
    hashed = credentials.hash_secret("471936", plant.keys.pin_pepper)
    with plant.store.tx() as db:
        people.save_person(db, second, MADE_MS)
        for part in ("leader", "manager"):
            credentials.set_pin(db, plant.id(part), hashed)
    plant.ids["second"] = second.id


def give(plant: Plant, by: str = "signatory", **more: Any) -> int:
    asked = {"delegate": "leader", "first": TODAY, "last": "2026-11-30", "document": PAPER, **more}
    asked["delegate"] = plant.ids.get(asked["delegate"], asked["delegate"])
    with plant.store.tx() as db:
        return delegations.give(db, Leave(**asked), by=plant.id(by), today=TODAY, now_ms=NINE)


def refused(plant: Plant, by: str = "signatory", **more: Any) -> str:
    before = plant.store.value("SELECT COUNT(*) FROM delegation")
    with pytest.raises(Problem) as caught:
        give(plant, by, **more)
    assert plant.store.value("SELECT COUNT(*) FROM delegation") == before
    return caught.value.code


def test_a_delegate_signs_and_the_note_says_for_whom(good_day: Plant) -> None:
    give(good_day)
    found = publish(good_day, NINE, by="leader")
    principal = found["doc"]["delegate_of"]
    assert found["doc"]["signatory"]["name"] == "王五"
    assert (principal["name"], principal["document"]) == ("周九", PAPER)
    assert f"受 周九 书面授权，授权书 {PAPER}" in found["note"]
    assert publishing.holds(found, good_day.keys.announcement.public_key())
    detail = good_day.store.value("SELECT detail FROM audit WHERE what = 'announcement.publish'")
    assert detail == f"{TODAY} v1 delegate_of"


def test_the_principal_signs_as_themselves_all_the_same(good_day: Plant) -> None:
    give(good_day)
    assert publish(good_day, NINE)["doc"]["delegate_of"] is None


@pytest.mark.parametrize("who", ["manager", "inspector", "admin", "worker"])
def test_leave_for_one_is_leave_for_nobody_else(good_day: Plant, who: str) -> None:
    give(good_day)
    with pytest.raises(Problem) as caught:
        publish(good_day, NINE, by=who)
    assert caught.value.code == "no_right"


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-25", "2026-11-30"), ("2026-12-01", "2026-12-01")]
)
def test_leave_is_for_its_dates_only(good_day: Plant, first: str, last: str) -> None:
    give(good_day, first=first, last=last)
    with pytest.raises(Problem) as caught:
        publish(good_day, NINE, by="leader")
    assert caught.value.code == "no_right"


@pytest.mark.parametrize("who", ["manager", "admin", "leader"])
def test_only_a_principal_gives_leave(plant: Plant, who: str) -> None:
    assert refused(plant, who, delegate="mate") == "no_right"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"first": "2026-11-23"}, "bad_dates"),  # from the past
        ({"first": "2026-11-30", "last": "2026-11-29"}, "bad_dates"),
        ({"last": "2026-12-25"}, "bad_dates"),  # 32 days
        ({"first": "20261124"}, "bad_dates"),
        ({"last": "tomorrow"}, "bad_dates"),
        ({"document": "  "}, "no_document"),
        ({"document": "号" * 101}, "no_document"),
        ({"document": "给张三的授权"}, "name_in_reason"),
        ({"delegate": "mate"}, "no_account"),  # no password, no PIN
        ({"delegate": "second"}, "needs_no_leave"),
        ({"delegate": "signatory"}, "needs_no_leave"),
        ({"delegate": "nobody"}, "no_person"),
    ],
)
def test_leave_of_a_wrong_shape_is_refused(plant: Plant, wrong: dict[str, str], code: str) -> None:
    assert refused(plant, **wrong) == code


def test_a_month_is_the_most(plant: Plant) -> None:
    assert give(plant, last="2026-12-24") == 1  # 31 days


def test_somebody_who_has_left_gets_no_leave(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("leader"))
    assert refused(plant) == "no_account"


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("signatory", {"delegate": "manager"}),  # the same principal, somebody else
        ("second", {}),  # another principal, the same delegate
        ("signatory", {"first": "2026-11-30", "last": "2026-12-02"}),  # the last day is shared
    ],
)
def test_leave_that_overlaps_is_refused(plant: Plant, by: str, more: dict[str, str]) -> None:
    give(plant)
    assert refused(plant, by, **more) == "overlaps"


def test_leave_that_follows_or_was_taken_back_does_not_overlap(plant: Plant) -> None:
    first = give(plant)
    assert give(plant, first="2026-12-01", last="2026-12-05")
    with plant.store.tx() as db:
        delegations.end(db, first, by=plant.id("second"), now_ms=NINE)
    assert give(plant, delegate="manager")


def test_leave_taken_back_is_no_leave(good_day: Plant) -> None:
    id = give(good_day)
    asked = order(good_day, NINE)
    with good_day.store.tx() as db:
        assert delegations.end(db, id, by=good_day.id("signatory"), now_ms=NINE)
        assert not delegations.end(db, id, by=good_day.id("signatory"), now_ms=NINE)
    with pytest.raises(Problem) as caught:
        publish(good_day, NINE, asked, by="leader")
    assert caught.value.code == "no_right"
    what = "SELECT what FROM audit WHERE what <> 'board.sign' ORDER BY seq"
    assert [row["what"] for row in good_day.store.rows(what)] == [
        "delegation.give",
        "delegation.end",
    ]


def test_only_a_principal_takes_leave_back(plant: Plant) -> None:
    id = give(plant)
    for who, wanted, code in (("leader", id, "no_right"), ("signatory", 99, "no_delegation")):
        with pytest.raises(Problem) as caught, plant.store.tx() as db:
            delegations.end(db, wanted, by=plant.id(who), now_ms=NINE)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE person SET active = 0 WHERE name = '周九'",
        "DELETE FROM role WHERE role = 'signatory'",
        "UPDATE person SET active = 0 WHERE name = '王五'",
    ],
)
def test_leave_ends_with_the_office_of_who_gave_it_or_who_has_it(plant: Plant, sql: str) -> None:
    give(plant)
    assert delegations.of_date(plant.store, plant.id("leader"), TODAY) is not None
    with plant.store.tx() as db:
        db.run(sql)
    assert delegations.of_date(plant.store, plant.id("leader"), TODAY) is None


def test_the_list_names_both_newest_first(plant: Plant) -> None:
    give(plant)
    give(plant, first="2026-12-01", last="2026-12-01", document="二")
    found = delegations.listed(plant.store, 9)
    assert [one["document"] for one in found] == ["二", PAPER]
    assert (found[0]["signatory_name"], found[0]["delegate_name"]) == ("周九", "王五")


def test_a_preview_needs_the_same_right(good_day: Plant) -> None:
    asked, now = order(good_day, NINE), settings.get(good_day.store)
    with pytest.raises(Problem) as caught:
        publishing.preview(good_day.store, now, asked, by=good_day.id("leader"), now_ms=NINE)
    assert caught.value.code == "no_right"


def test_a_period_is_signed_by_who_has_leave_on_that_day(good_day: Plant) -> None:
    """A week is over when it is signed: its own last day is no day of the leave."""
    week = {"date": "2026-11-22", "kind": "weekly", "override": "上周没有班"}
    give(good_day)
    found = publish(good_day, NINE, by="leader", **week)
    assert found["doc"]["delegate_of"]["document"] == PAPER
