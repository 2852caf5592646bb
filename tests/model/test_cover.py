"""Gaps, double cover and overlaps of a cycle; and what no pattern may be saved with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.model import cover, crews, cycles, places, settings, shifts
from shiftapp.model.cover import Double, Gap, Overlap
from shiftapp.model.cycles import Times
from shiftapp.problems import Problem
from shiftapp.store import Store
from tests.plant import MADE_MS, TODAY, Plant, fixed_bytes

TWELVE = {"D": Times("08:00", 720), "N": Times("20:00", 720)}
EIGHT = {"M": Times("08:00", 480), "A": Times("16:00", 480), "N": Times("00:00", 480)}
ANCHOR = date(2026, 11, 24)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
cycles_of = st.text("DNR", min_size=1, max_size=12).filter(lambda text: set(text) != {"R"})
offsets_of = st.lists(st.integers(-20, 20), max_size=6)


# Gaps and double cover ----------------------------------------------------------------------------


def test_four_crews_of_a_four_day_cycle_cover_everything_once() -> None:
    crews_of_it = {"JIA": 0, "YI": 1, "BING": 2, "DING": 3}
    assert cover.gaps("DNRR", crews_of_it.values()) == []
    assert cover.doubles("DNRR", crews_of_it) == []


def test_what_a_missing_crew_leaves_open_is_named_by_day_and_shift() -> None:
    assert cover.gaps("DNRR", [0, 1, 2]) == [Gap(1, "D"), Gap(2, "N")]
    assert len(cover.gaps("DNRR", [])) == 8


def test_two_crews_in_one_shift_are_named() -> None:
    found = cover.doubles("DNRR", {"JIA": 0, "YI": 4, "BING": 1})
    assert found == [Double(0, "D", ("JIA", "YI")), Double(1, "N", ("JIA", "YI"))]


def test_three_crews_in_one_shift_are_one_finding() -> None:
    assert cover.doubles("D", {"a": 0, "b": 0, "c": 9}) == [Double(0, "D", ("a", "b", "c"))]


def test_two_shifts_at_the_same_hours_are_no_double_cover() -> None:
    """Repairs by day beside the shifts: other letters are other work."""
    assert cover.doubles("DE", {"a": 0, "b": 1}) == [] and cover.gaps("DE", [0, 1]) == []


@given(cycles_of, offsets_of)
def test_a_cycle_tells_what_every_day_has(cycle: str, offsets: list[int]) -> None:
    """Held against the calendar: what one cycle says is so on any day, before the anchor too."""
    named = {f"crew {n}": offset for n, offset in enumerate(offsets)}
    gaps = {(one.day, one.letter) for one in cover.gaps(cycle, offsets)}
    doubles = {(one.day, one.letter): set(one.crews) for one in cover.doubles(cycle, named)}
    for number in range(-25, 25):
        day = ANCHOR + timedelta(days=number)
        at = {n: cycles.crew_shifts(cycle, offset, ANCHOR, day) for n, offset in named.items()}
        for letter in cover.letters(cycle):
            working = {n for n, worked in at.items() if worked == letter}
            key = (cover.day_number(cycle, ANCHOR, day), letter)
            assert (key in gaps) == (not working)
            assert doubles.get(key, set()) == (working if len(working) > 1 else set())


def test_crews_of_two_workshops_are_two_places() -> None:
    def row(code: str, area: str | None, offset: int, active: int = 1) -> dict[str, object]:
        return {"code": code, "site": "YC", "area": area, "day_offset": offset, "active": active}

    rows = [row("J1", "A1", 0), row("J2", "A2", 0), row("J3", None, 0), row("J4", "A1", 2, 0)]
    assert cover.by_place(rows) == {
        ("YC", "A1"): {"J1": 0},
        ("YC", "A2"): {"J2": 0},
        ("YC", ""): {"J3": 0},
    }


# Overlaps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "times"),
    [
        ("DNRR", TWELVE),
        ("ND", TWELVE),  # off the night at 08:00, on again at 08:00: hard, but it is no overlap
        ("AN", EIGHT),  # the afternoon ends at 24:00, the night starts at 00:00
        ("D", {"D": Times("08:00", 1440)}),
        ("DRR", {"D": Times("08:00", 1440)}),
        ("NRRM", {"N": Times("22:00", 600), "M": Times("07:00", 480)}),
    ],
)
def test_shifts_that_touch_do_not_overlap(cycle: str, times: dict[str, Times]) -> None:
    assert cover.overlaps(cycle, times) == []


def test_a_shift_that_runs_on_into_the_next_one() -> None:
    times = {"D": Times("08:00", 720), "N": Times("20:00", 750)}
    assert cover.overlaps("ND", times) == [Overlap(0, "N", 1, "D", 30)]
    assert cover.overlaps("DN", times) == [Overlap(1, "N", 0, "D", 30)]  # over the cycle's end
    assert cover.overlaps("NRD", times) == []


def test_a_shift_of_26_hours_runs_into_the_next_day() -> None:
    assert cover.overlaps("D", {"D": Times("08:00", 1560)}) == [Overlap(0, "D", 0, "D", 120)]
    assert cover.overlaps("DR", {"D": Times("08:00", 1560)}) == []


@given(
    cycles_of,
    st.sampled_from(ZONES),
    st.dates(date(2024, 1, 1), date(2031, 1, 1)),
    st.integers(0, 95),
    st.integers(0, 95),
    st.integers(4, 96),
    st.integers(4, 96),
)
def test_what_does_not_overlap_by_the_wall_clock_overlaps_in_no_zone(
    cycle: str, zone: str, first: date, d: int, n: int, long: int, longer: int
) -> None:
    times = {
        "D": Times(f"{d // 4:02}:{d % 4 * 15:02}", long * 15),
        "N": Times(f"{n // 4:02}:{n % 4 * 15:02}", longer * 15),
    }
    made = list(cycles.instances(cycle, ANCHOR, times, {"JIA": 0}, first, 40, zone))
    free = all(a.window.ends_ms <= b.window.starts_ms for a, b in pairwise(made))
    assert free or cover.overlaps(cycle, times)
    if zone == "Asia/Shanghai":  # where the clocks never change it is the same question
        assert free == (not cover.overlaps(cycle, times))


# Offsets ------------------------------------------------------------------------------------------


def test_the_first_offset_that_is_free() -> None:
    assert cover.free_offset("DNRR", []) == 0
    assert cover.free_offset("DNRR", [0, 1, 2]) == 3
    assert cover.free_offset("MMAANNRR", [0]) == 2
    assert cover.free_offset("DNRR", [0, 1, 2, 3]) is None


@given(cycles_of, offsets_of)
def test_a_free_offset_meets_nobody(cycle: str, offsets: list[int]) -> None:
    free = cover.free_offset(cycle, offsets)
    others = {f"crew {n}": one for n, one in enumerate(offsets)}
    for offset in range(len(cycle)) if free is None else [free]:
        found = cover.doubles(cycle, {**others, "me": offset})
        assert any("me" in one.crews for one in found) == (free is None)


@pytest.mark.parametrize("code", library.patterns())
def test_examples_are_the_crews_of_the_library(code: str) -> None:
    one = library.patterns()[code]
    assert cover.example_offsets(one["cycle"]) == [crew["offset"] for crew in one["crews"]]


def test_examples_do_not_meet_where_even_ones_would() -> None:
    found = cover.example_offsets("DNDNRRRR")
    assert cover.gaps("DNDNRRRR", found) == []
    assert cover.doubles("DNDNRRRR", {str(one): one for one in found}) == []


@given(cycles_of)
def test_there_are_examples_for_every_cycle(cycle: str) -> None:
    found = cover.example_offsets(cycle)
    assert found and found[0] == 0
    assert cover.doubles(cycle, {str(one): one for one in found}) == []


@given(cycles_of, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 11))
def test_the_next_day_of_a_number_is_within_one_cycle(cycle: str, first: date, n: int) -> None:
    number = n % len(cycle)
    day = cover.next_day(cycle, ANCHOR, number, first)
    assert 0 <= (day - first).days < len(cycle)
    assert cover.day_number(cycle, ANCHOR, day) == number
    assert cover.soonest(cycle, ANCHOR, list(range(len(cycle))), day) == number


# What is saved ------------------------------------------------------------------------------------

GOOD = crews.Pattern(
    "OWN", "自己的", cycle="DNRR", anchor=TODAY, shifts=(
        crews.Shift("D", "白班", start="08:00"), crews.Shift("N", "夜班", start="20:00"),
    ),
)  # fmt: skip


def with_minutes(minutes: int) -> crews.Pattern:
    day, night = GOOD.shifts
    return replace(GOOD, shifts=(day, replace(night, minutes=minutes)))


@pytest.mark.parametrize("minutes", [0, -60, 59, 1441, 26 * 60])
def test_a_shift_of_no_hours_or_26_is_refused(store: Store, minutes: int) -> None:
    with store.tx() as db, pytest.raises(Problem, match="shift_length") as refused:
        crews.save_pattern(db, with_minutes(minutes))
    assert refused.value.status == 422
    assert f"班次 N 长 {minutes} 分钟。一个班 1 到 24 小时" in refused.value.detail
    assert crews.patterns(store) == []


def test_a_shift_of_24_hours_is_saved(store: Store) -> None:
    day = crews.Shift("D", "全天", start="08:00", minutes=1440)
    with store.tx() as db:
        crews.save_pattern(db, replace(GOOD, cycle="DRR", shifts=(day,)))
    assert crews.pattern_shifts(store, "OWN")[0]["minutes"] == 1440


def test_shifts_that_overlap_are_refused_with_what_to_do(store: Store) -> None:
    day, night = GOOD.shifts
    late = replace(GOOD, cycle="NDRR", shifts=(day, replace(night, minutes=780)))
    with store.tx() as db, pytest.raises(Problem, match="shifts_overlap") as refused:
        crews.save_pattern(db, late)
    assert "循环第 1 天的 N 班还没下班" in refused.value.detail
    assert "改时间，或者中间加一天 R" in refused.value.detail
    assert crews.patterns(store) == []


@pytest.mark.parametrize(("cycle", "letters"), [("RRR", "RRR"), ("DAR", "A")])
def test_a_cycle_without_work_or_times_is_refused(store: Store, cycle: str, letters: str) -> None:
    with store.tx() as db, pytest.raises(Problem, match="pattern_shifts") as refused:
        crews.save_pattern(db, replace(GOOD, cycle=cycle))
    assert refused.value.params["letters"] == letters


def test_what_is_meant_is_kept_with_the_pattern(store: Store) -> None:
    for gaps_ok, double_ok in ((0, 0), (1, 0), (0, 1)):
        meant = replace(GOOD, gaps_ok=gaps_ok, double_ok=double_ok)
        with store.tx() as db:
            crews.save_pattern(db, meant)
        assert crews.stored_pattern(store, "OWN") == meant
    assert crews.stored_pattern(store, "NO") is None


# Two sites in two zones ---------------------------------------------------------------------------


def test_every_site_has_its_own_clock(plant: Plant) -> None:
    """One pattern at three sites: the days and the hours are those of the site."""
    zones = {"YC": "Asia/Shanghai", "HAM": "Europe/Berlin", "HOB": "Pacific/Auckland"}
    with plant.store.tx() as db:
        for code in ("HAM", "HOB"):
            places.save_site(db, places.Site(code, code, zone=zones[code]))
            crews.save_reporting_group(db, crews.Group(f"G-{code}", code, code))
            crews.save_crew(db, crews.Crew(f"C-{code}", code, f"G-{code}", code, "P4"))
        shifts.make_ahead(db, settings.get(db), MADE_MS, fixed_bytes("zones"))
    for site, crew in (("YC", "JIA"), ("HAM", "C-HAM"), ("HOB", "C-HOB")):
        rows = plant.store.rows(
            "SELECT * FROM instance WHERE crew = :crew ORDER BY starts_ms, id", crew=crew
        )
        today = shifts.site_day(zones[site], MADE_MS)
        days = {today + timedelta(days=n) for n in range(-1, 8)}
        wanted = {
            (day.isoformat(), letter): TWELVE[letter]
            for day in days
            if (letter := cycles.crew_shifts("DNRR", 0, ANCHOR, day))
        }
        assert {(row["date"], row["code"]) for row in rows} == set(wanted)
        for row in rows:
            times = wanted[row["date"], row["code"]]
            window = cycles.window(
                date.fromisoformat(row["date"]), times.start, times.minutes, zones[site]
            )
            assert (row["starts_ms"], row["ends_ms"]) == (window.starts_ms, window.ends_ms)
    starts = {
        crew: plant.instance(crew, TODAY, "D")["starts_ms"] for crew in ("JIA", "C-HAM", "C-HOB")
    }
    assert starts["C-HAM"] - starts["JIA"] == 7 * 3_600_000
    assert starts["JIA"] - starts["C-HOB"] == 5 * 3_600_000
