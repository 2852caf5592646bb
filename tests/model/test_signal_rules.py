"""The published rules of integrity signals, on plain values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.model.signal_rules import (
    LIMITS,
    Sealing,
    Step,
    Thresholds,
    bursts,
    fast,
    read_thresholds,
    reading_ms,
    same_rhythm,
    steps,
    write_thresholds,
)
from shiftapp.problems import Problem

USUAL = Thresholds()
CARDS = [library.job(code)["checklist"] for code in library.CODES]

cards = st.sampled_from(CARDS)
limits = st.builds(
    Thresholds, **{name: st.integers(low, high) for name, (low, high) in LIMITS.items()}
)


def card(count: int = 8, **step: Any) -> dict[str, Any]:
    """A checklist of equal steps, 24 signs each: three seconds to read."""
    one = {
        "target": "压力表",
        "call": "压力正常指针在绿区",
        "criteria": ["指针不抖", "和内操的数一致"],
    }
    one |= {"ev": "C", "dwell_ms": 0, **step}
    return {"steps": [{"n": n, **one} for n in range(1, count + 1)]}


def body(doc: dict[str, Any], *took_ms: int, **step: Any) -> dict[str, Any]:
    """A run that took so long for each step, beginning with the first."""
    taken = zip(doc["steps"], took_ms, strict=False)
    return {
        "steps": [
            {"n": one["n"], "r": "ok", "e": "C", "from_ms": 1000, "to_ms": 1000 + ms, **step}
            for one, ms in taken
        ]
    }


def run(doc: dict[str, Any], *took_ms: int, **step: Any) -> list[Step]:
    return steps(body(doc, *took_ms, **step), doc)


# Reading time ------------------------------------------------------------------------------------


def test_the_reading_time_comes_from_the_signs_of_the_step() -> None:
    assert reading_ms(card()["steps"][0]) == 23 * 1000 // 8


def test_blanks_are_not_read() -> None:
    spaced = card(call="压力 正常\n指针 在绿区")["steps"][0]
    assert reading_ms(spaced) == reading_ms(card()["steps"][0])


def test_it_is_never_longer_than_the_stay_that_the_card_asks_for() -> None:
    assert reading_ms(card(dwell_ms=2000)["steps"][0]) == 2000
    assert reading_ms(card(dwell_ms=9000)["steps"][0]) == 23 * 1000 // 8
    for one in CARDS:
        assert all(reading_ms(step) <= step["dwell_ms"] for step in one["steps"])


# Fast --------------------------------------------------------------------------------------------


def test_a_run_that_nobody_can_have_read_signals_with_its_figures() -> None:
    found = fast(run(card(), *[500] * 8), USUAL)
    assert found is not None
    assert (found["steps"], found["quick"], found["took_ms"]) == (8, 8, 4000)
    assert found["needs_ms"] == 8 * 2875 and found["fast_factor"] == USUAL.fast_factor


@given(doc=cards, limit=limits, more=st.integers(0, 60_000))
def test_a_run_at_reading_pace_never_signals_fast(
    doc: dict[str, Any], limit: Thresholds, more: int
) -> None:
    took_ms = [reading_ms(one) + more for one in doc["steps"]]
    assert fast(run(doc, *took_ms), limit) is None


@given(doc=cards, limit=limits)
def test_who_stays_as_long_as_the_card_asks_never_signals_fast(
    doc: dict[str, Any], limit: Thresholds
) -> None:
    assert fast(run(doc, *[one["dwell_ms"] for one in doc["steps"]]), limit) is None


def test_two_quick_steps_are_not_a_run() -> None:
    assert fast(run(card(2), 300, 300), USUAL) is None
    assert fast(run(card(3), 300, 300, 300), USUAL) is not None


def test_the_share_decides() -> None:
    for quick, signals in ((4, False), (6, True)):
        took_ms = [300] * quick + [5000] * (10 - quick)
        assert (fast(run(card(10), *took_ms), USUAL) is not None) == signals


def test_to_say_abnormal_at_once_speaks_against_nobody() -> None:
    assert fast(run(card(), *[200] * 8, r="bad"), USUAL) is None


@pytest.mark.parametrize(("from_ms", "to_ms"), [(0, 0), (700, 700), (900, 100)])
def test_what_has_no_times_cannot_be_measured(from_ms: int, to_ms: int) -> None:
    untimed = run(card(), *[300] * 8, from_ms=from_ms, to_ms=to_ms)
    assert fast(untimed, USUAL) is None
    assert same_rhythm(untimed, untimed, USUAL) is None


def test_times_that_are_missing_are_no_times() -> None:
    sealed = body(card(), *[300] * 8)
    for one in sealed["steps"]:
        del one["from_ms"], one["to_ms"]
    assert fast(steps(sealed, card()), USUAL) is None


def test_a_stay_that_the_phone_times_is_left_out() -> None:
    assert fast(run(card(ev="T"), *[300] * 8), USUAL) is None


def test_a_step_that_the_version_does_not_know_is_left_out() -> None:
    assert len(steps(body(card(9), *[300] * 9), card(8))) == 8


def test_a_factor_of_nought_looks_at_nothing() -> None:
    assert fast(run(card(), *[1] * 8), Thresholds(fast_factor=0)) is None


# Same rhythm -------------------------------------------------------------------------------------

PACE = (4000, 5200, 6100, 4800, 7000, 5500, 4300, 6600)


def test_the_same_rhythm_signals_with_its_figures() -> None:
    found = same_rhythm(run(card(), *(ms + 80 for ms in PACE)), run(card(), *PACE), USUAL)
    assert found == {"steps": 8, "differ_ms": 80, "readings": 0, "rhythm_ms": USUAL.rhythm_ms}


def test_it_is_the_mean_that_counts_and_the_threshold_itself_is_enough() -> None:
    last = run(card(), *PACE)
    for by, signals in ((USUAL.rhythm_ms - 1, True), (USUAL.rhythm_ms, False)):
        found = same_rhythm(run(card(), *(ms + by for ms in PACE)), last, USUAL)
        assert (found is not None) == signals


def test_one_reading_that_differs_shows_that_somebody_looked() -> None:
    last = run(card(), *PACE, value="0.62")
    assert same_rhythm(run(card(), *PACE, value="0.62"), last, USUAL) is not None
    now = run(card(), *PACE, value="0.62")
    now[3] = now[3]._replace(value="0.63")
    assert same_rhythm(now, last, USUAL) is None


@pytest.mark.parametrize("which", [0, 1])
def test_something_abnormal_then_or_now_shows_that_somebody_looked(which: int) -> None:
    both = [run(card(), *PACE), run(card(), *PACE)]
    both[which][2] = both[which][2]._replace(ok=False)
    assert same_rhythm(both[0], both[1], USUAL) is None


def test_four_steps_are_too_few_for_a_rhythm() -> None:
    assert same_rhythm(run(card(4), *PACE), run(card(4), *PACE), USUAL) is None
    assert same_rhythm(run(card(5), *PACE), run(card(5), *PACE), USUAL) is not None


def test_a_rhythm_of_nought_looks_at_nothing() -> None:
    assert same_rhythm(run(card(), *PACE), run(card(), *PACE), Thresholds(rhythm_ms=0)) is None


# Bursts ------------------------------------------------------------------------------------------


def sealed(*at_s: float, people: str = "abcdefgh") -> list[Sealing]:
    """Records of one person after another, at these seconds."""
    pairs = zip(people, at_s, strict=False)
    return [Sealing(f"{n}", who, round(s * 1000)) for n, (who, s) in enumerate(pairs)]


def test_four_people_within_the_time_are_a_burst_of_all_four() -> None:
    found = bursts(sealed(0, 9, 20, 31), USUAL)
    assert sorted(found) == ["0", "1", "2", "3"]
    assert found["0"]["people"] == 4 and found["0"]["took_ms"] == 31_000


def test_one_second_too_long_is_none() -> None:
    assert len(bursts(sealed(0, 10, 20, USUAL.burst_s), USUAL)) == 4
    assert bursts(sealed(0, 10, 20, USUAL.burst_s + 0.001), USUAL) == {}


def test_one_person_may_seal_as_often_as_they_like() -> None:
    assert bursts(sealed(0, 1, 2, 3, 4, 5, people="aaaaaa"), USUAL) == {}
    assert bursts(sealed(0, 1, 2, 3, 4, 5, people="aabbcc"), USUAL) == {}


def test_who_came_later_at_the_same_tablet_is_not_in_it() -> None:
    assert "4" not in bursts(sealed(0, 9, 18, 27, 300), USUAL)


def test_nought_seconds_look_at_nothing() -> None:
    assert bursts(sealed(0, 0, 0, 0), Thresholds(burst_s=0)) == {}


@given(
    records=st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 120_000)), max_size=12),
    limit=limits,
    random=st.randoms(use_true_random=False),
)
def test_bursts_do_not_depend_on_the_order(
    records: list[tuple[str, int]], limit: Thresholds, random: Any
) -> None:
    made = [Sealing(str(n), who, at_ms) for n, (who, at_ms) in enumerate(records)]
    mixed = random.sample(made, len(made))
    assert bursts(mixed, limit) == bursts(made, limit)
    assert all(figures["people"] >= limit.burst_people for figures in bursts(made, limit).values())


# Thresholds --------------------------------------------------------------------------------------


def test_what_a_site_does_not_say_is_the_default() -> None:
    assert read_thresholds("{}") == USUAL
    assert read_thresholds('{"rhythm_ms":90}') == Thresholds(rhythm_ms=90)


def test_only_what_differs_is_kept() -> None:
    assert write_thresholds(USUAL) == "{}"
    assert write_thresholds(Thresholds(burst_s=20)) == '{"burst_s": 20}'


@given(limit=limits)
def test_thresholds_come_back_as_they_were_written(limit: Thresholds) -> None:
    assert read_thresholds(write_thresholds(limit)) == limit


@pytest.mark.parametrize(
    "text",
    ['{"speed":1}', '{"rhythm_ms":1001}', '{"rhythm_ms":-1}', '{"rhythm_ms":"90"}']
    + ['{"rhythm_ms":9.5}', '{"rhythm_ms":true}', '{"burst_people":2}', '{"fast_factor":101}']
    + ['{"fast_share":null}', '{"burst_s":601}'],
)
def test_an_unknown_name_or_a_value_out_of_its_limits_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_thresholds(text)
    assert (refused.value.status, refused.value.code) == (422, "bad_thresholds")


def test_the_same_is_refused_when_it_is_written() -> None:
    with pytest.raises(Problem):
        write_thresholds(Thresholds(fast_factor=150))
