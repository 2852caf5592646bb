"""Sums of a year from published documents: each figure where it belongs, and none twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.announcement_years import Seen, Sums, by_month, due_dates, total
from shiftapp.model.settings import Settings
from tests.announced import Doc, document


def seen(date: str, doc: Doc | None = None, **changes: int) -> Seen:
    found = document(date=date) if doc is None else doc
    about = {"first_ms": found["published_ms"], "updates": 0, "corrections": 0, **changes}
    return Seen(date=date, doc=found, **about)


def test_an_announcement_gives_its_figures() -> None:
    assert total([seen("2026-11-24")], ["2026-11-24"]) == Sums(
        due=1, announced=1, in_time=1, n=43, on=41, off=1, late=1
    )


def test_what_is_late_is_told_by_the_first_version() -> None:
    doc = document()
    assert total([seen("2026-11-24", first_ms=doc["due_ms"])], []).in_time == 1
    assert total([seen("2026-11-24", first_ms=doc["due_ms"] + 1)], []).in_time == 0


def test_open_things_overrides_updates_and_corrections() -> None:
    gap = {"code": "major", "n": 1, "zh": "", "en": ""}
    doc = document(named=[gap], override={"reason": "x", "gaps": [gap]})
    found = total([seen("2026-11-24", doc, updates=2, corrections=1)], [])
    assert (found.named, found.overridden, found.updates, found.corrections) == (1, 1, 2, 1)


def test_an_altered_one_is_announced_and_in_no_other_figure() -> None:
    one = Seen(date="2026-11-24", doc=None, first_ms=0, updates=0, corrections=0)
    assert total([one], ["2026-11-24"]) == Sums(due=1, announced=1, altered=1)


def test_a_day_without_figures_of_people_counts_as_a_day() -> None:
    found = total([seen("2026-11-24", document(total=None))], [])
    assert (found.announced, found.n, found.percent) == (1, 0, None)


def test_the_share_is_rounded_down() -> None:
    assert Sums(n=1000, on=999).percent == 99
    assert Sums(n=3, on=3).percent == 100


def test_what_was_announced_though_not_due_is_not_missing() -> None:
    found = total([seen("2026-11-24")], [])
    assert (found.due, found.announced) == (1, 1)


def test_months_that_owe_something_are_there_too() -> None:
    found = by_month([seen("2026-11-24")], ["2026-10-01", "2026-11-23", "2026-11-24"])
    assert list(found) == ["2026-10", "2026-11"]
    assert (found["2026-10"].due, found["2026-10"].announced) == (1, 0)
    assert (found["2026-11"].due, found["2026-11"].announced) == (2, 1)


@given(st.sets(st.integers(0, 363)))
def test_months_add_up_to_the_year(numbers: set[int]) -> None:
    days = [f"2026-{1 + n // 28 % 12:02}-{1 + n % 28:02}" for n in numbers]
    docs = [seen(day) for day in set(days)]
    whole = total(docs, days)
    parts = by_month(docs, days).values()
    for name in ("due", "announced", "in_time", "n", "on", "off", "late", "none"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


@pytest.mark.parametrize(
    ("rhythm", "dates"),
    [
        ("daily", 31),
        ("weekly", 5),
        ("monthly", 1),
        ("quarterly", 1),
        ("yearly", 0),
    ],
)
def test_how_many_a_plant_owes_in_march(rhythm: str, dates: int) -> None:
    found = due_dates(Settings(rhythm=rhythm), "2026-03-01", "2026-03-31")
    assert len(found) == dates


def test_a_week_is_owed_on_its_sunday_and_a_month_on_its_last_day() -> None:
    weekly, monthly = Settings(rhythm="weekly"), Settings(rhythm="monthly")
    assert due_dates(weekly, "2026-11-16", "2026-11-22") == ["2026-11-22"]
    assert due_dates(weekly, "2026-11-16", "2026-11-21") == []
    assert due_dates(monthly, "2028-02-10", "2028-03-30") == ["2028-02-29"]


def test_nothing_is_owed_backwards() -> None:
    assert due_dates(Settings(), "2026-11-24", "2026-11-23") == []
