"""The ladder of sign-offs: what goes up it, what cannot be signed over, what reopens it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiftapp.model import findings, ladder, ladder_sign, roster, units
from shiftapp.model import settings as facts
from shiftapp.model.rungs import Change, Gap, Rung
from shiftapp.model.units import Unit
from shiftapp.problems import Problem
from tests.announcing import NIGHT_SHIFT, at, commit, day_works, night_works, sign
from tests.climbing import ALL_IN_PLACE, TOP, WORKSHOP, climb, placed, rung
from tests.crew import answer, crew_ready, plain_step, veto_step
from tests.plant import DUE_MS, NOW_MS, TODAY, Plant
from tests.sealing import deliver, run_body

MINUTE = 60_000
MORNING = at("08:20")  # both crews have signed by then


@pytest.fixture
def day(good_day: Plant) -> Plant:
    """Both crews signed; 丙班 over six people whose runs are missing, with a reason each."""
    return placed(good_day)


def whys(plant: Plant, unit: str, at_ms: int) -> list[str]:
    """The kinds of change that keep a unit's signature from holding."""
    signature = rung(plant, unit, at_ms).signature
    assert signature is not None
    return [change.what for change in signature.changes]


def texts(gap: Gap) -> list[str]:
    """What was written about a gap, from the crew up."""
    return [said.text for said in gap.said]


def test_the_crews_of_a_day_stand_below_their_workshop_and_it_below_the_plant(day: Plant) -> None:
    top = rung(day, TOP, MORNING)
    (workshop,) = top.below
    assert [one.row["crew"] for one in workshop.below] == ["BING", "JIA"]
    assert (workshop.expected, workshop.ready) == (12, 6) == (top.expected, top.ready)
    assert all(one.signed for one in workshop.below)
    assert not workshop.signed and not top.signed


def test_what_a_crew_signed_over_goes_up_with_its_reason(day: Plant) -> None:
    asks = rung(day, WORKSHOP, MORNING).asks
    assert {gap.kind for gap in asks} == {"running"} and len(asks) == 6
    assert all(texts(gap) == ["已说明"] and not gap.blocks for gap in asks)


def test_a_workshop_signs_with_a_reason_for_every_gap(day: Plant) -> None:
    with pytest.raises(Problem, match="no_reason"):
        climb(day, WORKSHOP, MORNING, reasons={})
    assert climb(day, WORKSHOP, MORNING) == 1
    signed = rung(day, WORKSHOP, MORNING)
    assert signed.signed and signed.signature is not None
    assert signed.signature.row["signer_name"] == "孙八"
    assert set(signed.signature.reasons.values()) == {"已安排"}


def test_the_plant_reads_what_every_level_below_wrote(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    asks = rung(day, TOP, MORNING + MINUTE).asks
    assert [texts(gap) for gap in asks] == [["已说明", "已安排"]] * 6
    assert [said.by["name"] for said in asks[0].said] == ["丙班", "生产一部"]
    assert climb(day, TOP, MORNING + MINUTE) == 1
    assert rung(day, TOP, MORNING + MINUTE).signed


def test_the_plant_cannot_sign_over_a_gap_its_workshop_has_not_answered(day: Plant) -> None:
    with pytest.raises(Problem, match="blocked"):
        climb(day, TOP, MORNING)


def test_a_workshop_cannot_sign_over_a_crew_with_unanswered_gaps(plant: Plant) -> None:
    placed(plant)
    day_works(plant)
    for n in range(1, 5):  # two of 丙班 are missing and its leader has not signed
        commit(plant, f"night{n}", at("19:50", "2026-11-23"), shift=NIGHT_SHIFT)
    with pytest.raises(Problem, match="blocked"):
        climb(plant, WORKSHOP, MORNING)
    sign(plant, "BING", "2026-11-23", "N", MORNING)
    assert climb(plant, WORKSHOP, MORNING + MINUTE) == 1


def test_a_crew_that_forgot_to_sign_with_nothing_open_needs_a_reason(plant: Plant) -> None:
    placed(plant)
    night_works(plant)
    crew_ready(plant)  # 甲班 is ready, nobody signed
    ask = next(gap for gap in rung(plant, WORKSHOP, MORNING).asks if gap.kind == "unsigned")
    assert ask.of["crew"] == "JIA" and not ask.blocks
    assert climb(plant, WORKSHOP, MORNING) == 1


def test_who_signs_later_reopens_nothing(plant: Plant) -> None:
    test_a_crew_that_forgot_to_sign_with_nothing_open_needs_a_reason(plant)
    sign(plant, "JIA", TODAY, "D", MORNING + MINUTE)
    assert rung(plant, WORKSHOP, MORNING + 2 * MINUTE).signed


def test_an_open_veto_blocks_every_level(day: Plant) -> None:
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=at("08:10"))
    workshop = rung(day, WORKSHOP, MORNING)
    assert [gap.kind for gap in workshop.blocking] == ["veto"]
    with pytest.raises(Problem, match="blocked"):
        climb(day, WORKSHOP, MORNING)
    assert "veto" in [gap.kind for gap in rung(day, TOP, MORNING).blocking]


def test_an_unanswered_fault_blocks_until_the_crew_has_signed_over_it(day: Plant) -> None:
    deliver(day, run_body(day, "worker", bad=plain_step(day)), at_ms=at("08:10"))
    assert [gap.kind for gap in rung(day, WORKSHOP, MORNING).blocking] == ["finding"]
    sign(day, "JIA", TODAY, "D", MORNING)
    assert not rung(day, WORKSHOP, MORNING).blocking
    climb(day, WORKSHOP, MORNING + MINUTE)


def test_a_finding_after_all_signatures_reopens_every_level_and_says_why(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    climb(day, TOP, MORNING + MINUTE)
    later = MORNING + 10 * MINUTE
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=later)
    assert not rung(day, WORKSHOP, later).signed and not rung(day, TOP, later).signed
    assert whys(day, WORKSHOP, later) == ["reopened"] == whys(day, TOP, later)
    signature = rung(day, TOP, later).signature
    assert signature is not None
    (change,) = signature.changes
    assert isinstance(change, Change) and change.rung.key == f"u{WORKSHOP}"


def test_it_is_signed_again_from_the_crew_up(day: Plant) -> None:
    test_a_change_of_the_roster_reopens_every_level(day)
    then = MORNING + 20 * MINUTE
    sign(day, "JIA", TODAY, "D", then + MINUTE)
    # The workshop signed when the crew's first signature stood: it signs again, and so the plant.
    assert whys(day, WORKSHOP, then + 2 * MINUTE) == ["again"]
    assert climb(day, WORKSHOP, then + 3 * MINUTE) == 2
    assert whys(day, TOP, then + 4 * MINUTE) == ["again"]
    assert climb(day, TOP, then + 5 * MINUTE) == 2
    assert rung(day, TOP, then + 6 * MINUTE).signed


def test_a_change_of_the_roster_reopens_every_level(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    climb(day, TOP, MORNING + MINUTE)
    later, instance = MORNING + 5 * MINUTE, day.instance()
    with day.store.tx() as db:
        by = day.id("leader")
        roster.end(db, instance["id"], day.id("mate"), "leave", by=by, now_ms=later)
    assert whys(day, TOP, later) == ["reopened"]


def test_an_answered_fault_lets_the_signatures_stand_again(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    later = MORNING + 10 * MINUTE
    deliver(day, run_body(day, "worker", bad=plain_step(day)), at_ms=later)
    assert not rung(day, WORKSHOP, later).signed
    answer(day, "fixed", later + MINUTE, text="紧了")
    assert rung(day, WORKSHOP, later + 2 * MINUTE).signed


def test_what_was_signed_is_asked_of_any_instant(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    assert not rung(day, WORKSHOP, MORNING - 1).signed
    later = MORNING + 10 * MINUTE
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=later)
    assert rung(day, WORKSHOP, later - 1).signed and not rung(day, WORKSHOP, later).signed


def test_every_item_of_the_research_is_answered(day: Plant) -> None:
    some = {**ALL_IN_PLACE}
    del some["seals"]
    with pytest.raises(Problem, match="no_research"):
        climb(day, WORKSHOP, MORNING, answers=some)
    with pytest.raises(Problem, match="no_research"):
        climb(day, WORKSHOP, MORNING, answers={**ALL_IN_PLACE, "seals": "perhaps"})


def test_what_is_not_in_place_needs_a_measure_and_is_a_gap_above(day: Plant) -> None:
    answers = {**ALL_IN_PLACE, "seals": "no", "roof": "none"}
    with pytest.raises(Problem, match="no_measure"):
        climb(day, WORKSHOP, MORNING, answers=answers, notes={"seals": " "})
    climb(day, WORKSHOP, MORNING, answers=answers, notes={"seals": "P-201 机封滴漏，接了盘"})
    asks = rung(day, TOP, MORNING).asks
    (gap,) = [one for one in asks if one.kind == "research"]
    assert gap.what == "seals" and texts(gap) == ["P-201 机封滴漏，接了盘"] and not gap.blocks
    with pytest.raises(Problem, match="no_reason"):
        climb(day, TOP, MORNING, reasons={one.key: "" for one in asks})
    climb(day, TOP, MORNING)


def test_nobody_signs_what_they_have_not_seen(day: Plant) -> None:
    seen = rung(day, WORKSHOP, MORNING).sha
    then = MORNING + MINUTE
    deliver(day, run_body(day, "worker", bad=plain_step(day)), at_ms=then)
    sign(day, "JIA", TODAY, "D", then + MINUTE)  # over the fault, with a reason
    with pytest.raises(Problem, match="changed"):
        climb(day, WORKSHOP, then + 2 * MINUTE, seen=seen)


@pytest.mark.parametrize("part", ["worker", "leader", "signatory", "inspector", "admin"])
def test_only_its_signer_signs_a_unit(day: Plant, part: str) -> None:
    with pytest.raises(Problem, match="not_signer"):
        climb(day, WORKSHOP, MORNING, part=part)


def test_nobody_signs_twice_while_it_holds(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING)
    with pytest.raises(Problem, match="already_signed"):
        climb(day, WORKSHOP, MORNING + MINUTE)


def test_two_who_sign_at_once_are_one_signature(day: Plant) -> None:
    with day.store.tx() as db:
        units.set_signers(db, WORKSHOP, [day.id("manager"), day.id("admin")])
    results: list[str] = []
    order = ladder_sign.Order(
        WORKSHOP,
        TODAY,
        rung(day, WORKSHOP, MORNING).sha,
        ALL_IN_PLACE,
        {},
        {gap.key: "已安排" for gap in rung(day, WORKSHOP, MORNING).asks},
    )

    def press(part: str) -> Callable[[], None]:
        def go() -> None:
            try:
                day.store.write(
                    lambda db: ladder_sign.sign(
                        db, facts.get(db), order, by=day.id(part), now_ms=MORNING
                    )
                )
                results.append("signed")
            except Problem as problem:
                results.append(problem.code)

        return go

    threads = [threading.Thread(target=press(part)) for part in ("manager", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["already_signed", "signed"]
    assert day.store.value("SELECT COUNT(*) FROM unit_signoff") == 1


def test_two_servers_whose_clocks_differ_keep_one_signature(day: Plant) -> None:
    climb(day, WORKSHOP, MORNING + MINUTE)
    with pytest.raises(Problem, match="already_signed"):
        climb(day, WORKSHOP, MORNING)
    assert day.store.value("SELECT COUNT(*) FROM unit_signoff") == 1


def test_nothing_is_signed_before_the_last_shift_of_the_day_opens(day: Plant) -> None:
    with pytest.raises(Problem, match="not_open_yet"):
        climb(day, WORKSHOP, at("07:00"))


def test_a_day_without_shifts_can_be_signed(plant: Plant) -> None:
    placed(plant)
    assert climb(plant, WORKSHOP, NOW_MS, date="2026-10-01") == 1
    assert climb(plant, TOP, NOW_MS, date="2026-10-01") == 1


def test_a_unit_that_is_not_there_is_refused(day: Plant) -> None:
    order = ladder_sign.Order("XX", TODAY, "")
    with day.store.tx() as db, pytest.raises(Problem, match="no_unit"):
        ladder_sign.sign(db, facts.get(db), order, by=day.id("manager"), now_ms=MORNING)


def test_five_levels_sign_one_after_the_other(day: Plant) -> None:
    names = [("班组", ""), ("工段", ""), ("车间", ""), ("厂", ""), ("公司", "")]
    with day.store.tx() as db:
        units.set_levels(db, names)
        units.save_unit(db, Unit("F1", 4, "YC", "分厂", parent=TOP))
        units.save_unit(db, Unit("W1", 3, "YC", "大车间", parent="F1"))
        units.save_unit(db, Unit(WORKSHOP, 2, "YC", "工段一", parent="W1", area="A1"))
    order = [(WORKSHOP, "manager"), ("W1", "manager"), ("F1", "manager"), (TOP, "signatory")]
    for number, (unit, part) in enumerate(order):
        then = MORNING + number * MINUTE
        if number + 1 < len(order):
            with pytest.raises(Problem, match="blocked"):
                climb(day, order[number + 1][0], then, part=order[number + 1][1])
        climb(day, unit, then, part=part)
    top = rung(day, TOP, MORNING + 9 * MINUTE)
    assert top.signed and {len(gap.said) for gap in top.asks} == {4}
    deliver(day, run_body(day, "mate", bad=veto_step(day, "J09")), at_ms=MORNING + 10 * MINUTE)
    assert not rung(day, TOP, MORNING + 10 * MINUTE).signed


def test_one_above_the_crews_is_enough(day: Plant) -> None:
    with day.store.tx() as db:
        db.run("UPDATE crew SET unit = :top", top=TOP)
        db.run("DELETE FROM unit WHERE code = :w", w=WORKSHOP)
        units.set_levels(db, [("班组", "Crew"), ("厂级", "Plant")])
    assert climb(day, TOP, MORNING) == 1
    assert rung(day, TOP, MORNING).signed


EVENTS = st.lists(
    st.sampled_from(["veto", "fault", "answer", "crew", "workshop", "plant", "leave"]), max_size=8
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_whatever_happens_the_top_never_stands_over_what_reopened_below(
    standing_plant: Plant, events: list[str]
) -> None:
    """In one standing plant, a day of its own an example would be slow: what is there adds up."""
    plant = placed(standing_plant)
    now = max(DUE_MS, plant.store.value("SELECT COALESCE(MAX(at_ms), 0) FROM audit")) + MINUTE
    for event in events:
        now += MINUTE
        _do(plant, event, now)
        with plant.store.tx() as db:
            db.run("INSERT INTO audit (at_ms, what, about) VALUES (:now, 'test', 'clock')", now=now)
        for top in ladder.tops(plant.store, facts.get(plant.store), TODAY, now):
            _check(top)


def _check(rung: Rung) -> None:
    """Above a rung that holds everything that ever signed holds too, and nothing blocks."""
    for below in rung.below:
        _check(below)
        then = _number_then(rung, below)
        if rung.signed and then:
            assert below.signed
    if rung.is_unit and rung.signed:
        assert not rung.blocking


def _number_then(rung: Rung, below: Rung) -> int:
    if rung.signature is None:
        return 0
    return int(json.loads(rung.signature.row["below"]).get(below.key, 0))


def _do(plant: Plant, event: str, now: int) -> None:
    try:
        if event in ("veto", "fault"):
            bad = veto_step(plant) if event == "veto" else plain_step(plant)
            deliver(plant, run_body(plant, "worker", now, bad=bad), at_ms=now)
        elif event == "answer":
            asked = findings.of_instance(plant.store, plant.instance()["id"])
            for one in [found for found in asked if found["answered_ms"] is None]:
                with plant.store.tx() as db:
                    by = plant.id("leader")
                    findings.answer(db, one["id"], "fixed", by=by, now_ms=now, text="好了")
        elif event == "leave":
            with plant.store.tx() as db:
                instance, by = plant.instance()["id"], plant.id("leader")
                roster.end(db, instance, plant.id("huang"), "leave", by=by, now_ms=now)
        elif event == "crew":
            sign(plant, "JIA", TODAY, "D", now)
            sign(plant, "BING", "2026-11-23", "N", now)
        else:
            climb(plant, WORKSHOP if event == "workshop" else TOP, now)
    except Problem:
        return  # refused as it should be; what stands is checked by who asked
