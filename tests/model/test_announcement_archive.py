"""Looking back: newest versions, months, versions of a day; an unreadable row hides no other."""

from __future__ import annotations

import pytest

from shiftapp.model import announcement_archive as archive
from shiftapp.problems import Problem
from tests.announced import document, further, rewrite, store
from tests.announcing import at
from tests.plant import Plant


def test_an_empty_plant_has_none(plant: Plant) -> None:
    db = plant.store
    assert archive.newest(db) is None
    assert archive.months(db) == [] and archive.newest_versions(db, 30) == []
    assert archive.earliest(db, "daily") is None and archive.changed_ms(db) is None
    assert archive.between(db, "0001-01-01", "9998-12-31", 9) == []


def test_the_newest_is_the_last_version_of_the_last_day(plant: Plant) -> None:
    first = store(plant, document())
    second = store(plant, further(first))
    store(plant, document(date="2026-11-23"))
    found = archive.newest(plant.store)
    assert found is not None and found["id"] == second["id"]
    assert found["doc"]["version"] == 2 and found["bytes"].startswith(b"{")


def test_one_is_found_by_its_id_or_refused(plant: Plant) -> None:
    doc = store(plant, document())
    assert archive.announcement(plant.store, doc["id"])["doc"] == doc
    with pytest.raises(Problem) as refused:
        archive.announcement(plant.store, "no")
    assert (refused.value.status, refused.value.code) == (404, "no_announcement")


def test_between_and_before_give_the_newest_version_of_each_day(plant: Plant) -> None:
    first = store(plant, document())
    store(plant, further(first), document(date="2026-11-23"), document(date="2026-11-22"))
    found = archive.between(plant.store, "2026-11-23", "2026-11-24", 9)
    assert [(row["date"], row["version"]) for row in found] == [
        ("2026-11-24", 2),
        ("2026-11-23", 1),
    ]
    assert len(archive.between(plant.store, "2026-11-22", "2026-11-24", 2)) == 2
    earlier = archive.before(plant.store, "2026-11-24", 1)
    assert [row["date"] for row in earlier] == ["2026-11-23"]


def test_versions_come_in_their_order_and_only_of_their_kind(plant: Plant) -> None:
    first = store(plant, document())
    second = store(plant, further(first, how="update"))
    store(plant, document(kind="monthly", shifts=[]))
    found = archive.versions(plant.store, "daily", "2026-11-24")
    assert [(row["id"], row["why"]) for row in found] == [
        (first["id"], "first"),
        (second["id"], "update"),
    ]
    assert len(archive.all_versions(plant.store, "2026-11-24", "2026-11-24")) == 3


def test_the_feed_goes_by_when_they_were_published(plant: Plant) -> None:
    old = store(plant, document(date="2026-11-20", published_ms=at("09:40")))
    store(plant, document())
    found = archive.newest_versions(plant.store, 1)
    assert [row["id"] for row in found] == [old["id"]]
    assert archive.changed_ms(plant.store) == at("09:40")


def test_months_newest_first_and_the_first_day_ever(plant: Plant) -> None:
    store(plant, *(document(date=date) for date in ("2025-12-31", "2026-11-23", "2026-11-24")))
    assert archive.months(plant.store) == ["2026-11", "2025-12"]
    assert archive.earliest(plant.store, "daily") == "2025-12-31"
    assert archive.earliest(plant.store, "weekly") is None


def test_an_unreadable_row_is_given_without_its_document(plant: Plant) -> None:
    bad = store(plant, document())
    store(plant, document(date="2026-11-23"))
    for text in ("{", "[]", "null", '"x"'):
        rewrite(plant, bad["id"], doc=text)
        found = archive.between(plant.store, "2026-11-23", "2026-11-24", 9)
        assert [row["doc"] is None for row in found] == [True, False]
        assert archive.announcement(plant.store, bad["id"])["bytes"] == text.encode()


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ("2026-11", ("2026-11-01", "2026-11-30")),
        ("2028-02", ("2028-02-01", "2028-02-29")),
        ("2026-12", ("2026-12-01", "2026-12-31")),
    ],
)
def test_the_days_of_a_month(month: str, days: tuple[str, str]) -> None:
    assert archive.month_days(month) == days


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "9999-12", "2026-00", "x" * 7])
def test_what_is_no_month(month: str) -> None:
    with pytest.raises(ValueError):
        archive.month_days(month)
