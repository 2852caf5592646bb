"""Handover: what a shift leaves, who of the next crew asked about it, and that nothing is lost."""

from __future__ import annotations

import pytest

from shiftapp.model import counters, crews, findings, handover, settings, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.crew import plain_step
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, PUMPS, Plant
from tests.sealing import commit_body, deliver, hazard_body, run_body

MINUTE = 60_000
DAY_MS = 24 * HOUR_MS
EVENING_MS = DUE_MS + 11 * HOUR_MS + 30 * MINUTE  # 19:30: the next night shift's window is open


def night(plant: Plant) -> Row:
    """丙班, who leaves at 08:00."""
    return plant.instance(crew="BING", date="2026-11-23", code="N")


def tonight(plant: Plant) -> Row:
    """乙班, who comes at 20:00."""
    return plant.instance(crew="YI", date="2026-11-24", code="N")


def leave(
    plant: Plant,
    what: str,
    shift: Row | None = None,
    *,
    station: str | None = None,
    by: str = "night1",
    at_ms: int = NOW_MS,
) -> bool:
    with plant.store.tx() as db:
        where = shift or night(plant)
        return handover.leave(db, where, what, station, by=plant.id(by), now_ms=at_ms)


def take(
    plant: Plant,
    id: int,
    shift: Row | None = None,
    *,
    note: str = "",
    by: str = "leader",
    at_ms: int = NOW_MS,
) -> bool:
    with plant.store.tx() as db:
        mine = shift or plant.instance()
        return handover.take(db, mine, id, note, by=plant.id(by), now_ms=at_ms)


def take_back(plant: Plant, id: int, *, by: str = "night1", at_ms: int = NOW_MS) -> bool:
    with plant.store.tx() as db:
        return handover.take_back(db, night(plant), id, by=plant.id(by), now_ms=at_ms)


def leave_hazards(plant: Plant, shift: Row, ids: list[int], at_ms: int = NOW_MS) -> int:
    with plant.store.tx() as db:
        by = plant.id("leader")
        return handover.leave_hazards(db, shift, ids, by=by, now_ms=at_ms)


def seen(plant: Plant, shift: Row | None = None, at_ms: int = NOW_MS) -> list[str]:
    return [i["what"] for i in handover.inherited(plant.store, shift or plant.instance(), at_ms)]


def waits(plant: Plant, shift: Row | None = None, at_ms: int = NOW_MS) -> list[str]:
    return [i["what"] for i in handover.waiting(plant.store, shift or plant.instance(), at_ms)]


def item(plant: Plant) -> int:
    """The newest item."""
    return int(plant.store.value("SELECT MAX(id) FROM handover"))


def refused(problem: pytest.ExceptionInfo[Problem]) -> tuple[int, str]:
    return problem.value.status, problem.value.code


def test_what_the_night_leaves_waits_for_the_day(plant: Plant) -> None:
    assert leave(plant, "  P-201A  备用泵\n停着 ", station=PUMPS)
    (found,) = handover.inherited(plant.store, plant.instance(), NOW_MS)
    assert (found["what"], found["station_name"]) == ("P-201A 备用泵 停着", "P-201 泵区")
    assert (found["crew_name"], found["shift_name"]) == ("丙班", "夜班")
    assert (found["writer_name"], found["taken_ms"]) == ("夜1", None)
    assert waits(plant) == ["P-201A 备用泵 停着"]


def test_nothing_is_left_to_oneself_or_to_who_was_there_before(plant: Plant) -> None:
    leave(plant, "阀门关了", plant.instance(), by="leader")
    assert seen(plant) == seen(plant, night(plant)) == []
    assert seen(plant, tonight(plant), EVENING_MS) == ["阀门关了"]


def test_an_item_says_who_asked_about_it_and_is_theirs_from_then_on(plant: Plant) -> None:
    leave(plant, "阀门关了")
    assert take(plant, item(plant), note="看过了")
    (found,) = handover.inherited(plant.store, plant.instance(), NOW_MS)
    assert (found["taker_name"], found["taken_ms"], found["taken_note"]) == (
        "王五",
        NOW_MS,
        "看过了",
    )
    assert waits(plant) == [] and seen(plant, tonight(plant), EVENING_MS) == []
    (left,) = handover.left(plant.store, night(plant)["id"])
    assert (left["taker_name"], left["taken_by_instance"]) == ("王五", plant.instance()["id"])


def test_what_nobody_asked_about_stays_until_somebody_does(plant: Plant) -> None:
    leave(plant, "阀门关了")
    assert waits(plant, tonight(plant), EVENING_MS) == ["阀门关了"]
    assert take(plant, item(plant), tonight(plant), by="other_leader", at_ms=EVENING_MS)
    assert seen(plant, plant.instance(), EVENING_MS) == []


def test_the_newest_stands_first(plant: Plant) -> None:
    for number in range(3):
        leave(plant, f"第 {number} 件", at_ms=NOW_MS + number)
    assert seen(plant, at_ms=NOW_MS + 3) == ["第 2 件", "第 1 件", "第 0 件"]


def test_history_is_asked_at_any_instant(plant: Plant) -> None:
    leave(plant, "阀门关了")
    take(plant, item(plant), at_ms=NOW_MS + MINUTE)
    assert waits(plant, at_ms=NOW_MS - 1) == []
    assert waits(plant, at_ms=NOW_MS) == ["阀门关了"]
    assert waits(plant, at_ms=NOW_MS + MINUTE) == []
    leave(plant, "写错了", at_ms=NOW_MS + 2 * MINUTE)
    take_back(plant, item(plant), at_ms=NOW_MS + 4 * MINUTE)
    assert waits(plant, at_ms=NOW_MS + 3 * MINUTE) == ["写错了"]
    assert waits(plant, at_ms=NOW_MS + 4 * MINUTE) == []


def test_another_line_neither_sees_it_nor_takes_it(plant: Plant) -> None:
    leave(plant, "阀门关了")
    with plant.store.tx() as db:
        crews.save_crew(db, crews.Crew("DING", "YC", "G-JIA", "丁班", "P4", area="A2"))
        crews.save_crew(db, crews.Crew("WU", "YC", "G-JIA", "戊班", "P4"))  # the whole site
        shifts.make_ahead(db, settings.get(db), MADE_MS, plant.random)
    for crew in ("DING", "WU"):
        other = plant.instance(crew=crew)
        assert other["opens_ms"] == plant.instance()["opens_ms"] and seen(plant, other) == []
        with pytest.raises(Problem) as problem:
            take(plant, item(plant), other)
        assert refused(problem) == (404, "no_item")
    assert waits(plant) == ["阀门关了"]


def test_of_two_leaders_one_wins_and_the_other_reads_who(plant: Plant) -> None:
    leave(plant, "阀门关了")
    assert take(plant, item(plant), by="leader")
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), by="manager", at_ms=NOW_MS + 1)
    assert refused(problem) == (409, "taken") and "王五已经问清了" in problem.value.detail
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), tonight(plant), by="other_leader", at_ms=EVENING_MS)
    assert refused(problem) == (409, "taken")
    assert handover.left(plant.store, night(plant)["id"])[0]["taken_by"] == plant.id("leader")


def test_pressed_twice_each_thing_is_done_once(plant: Plant) -> None:
    assert [leave(plant, "阀门关了"), leave(plant, "阀门关了 ")] == [True, False]
    assert leave(plant, "阀门关了", station=PUMPS)  # somewhere else: another thing
    assert [take_back(plant, item(plant)), take_back(plant, item(plant))] == [True, False]
    first = handover.left(plant.store, night(plant)["id"])[0]["id"]
    before = counters.board(plant.store)
    assert [take(plant, first), take(plant, first, note="再点")] == [True, False]
    assert counters.board(plant.store) == before + 1
    assert handover.left(plant.store, night(plant)["id"])[0]["taken_note"] == ""


def test_nobody_takes_over_in_the_shift_that_left_it(plant: Plant) -> None:
    leave(plant, "阀门关了")
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), night(plant), by="night1")
    assert refused(problem) == (404, "no_item")


def test_who_wrote_it_takes_it_back_until_somebody_took_it_over(plant: Plant) -> None:
    leave(plant, "写错了")
    with pytest.raises(Problem) as problem:
        take_back(plant, item(plant), by="leader")
    assert refused(problem) == (403, "not_yours")
    assert take_back(plant, item(plant)) and waits(plant) == []
    with pytest.raises(Problem) as problem:
        take(plant, item(plant))
    assert refused(problem) == (404, "no_item")
    leave(plant, "阀门关了")
    take(plant, item(plant))
    with pytest.raises(Problem) as problem:
        take_back(plant, item(plant), at_ms=NOW_MS + 1)
    assert refused(problem) == (409, "taken")
    with pytest.raises(Problem) as problem, plant.store.tx() as db:
        handover.take_back(db, plant.instance(), item(plant), by=plant.id("night1"), now_ms=NOW_MS)
    assert refused(problem) == (404, "no_item")  # it is another shift's


@pytest.mark.parametrize(
    ("what", "station", "code"),
    [
        (" \n ", None, "no_words"),
        ("长" * 301, None, "too_long"),
        ("阀门关了", "NOWHERE0", "no_station"),
    ],
)
def test_words_that_say_nothing_too_much_or_nowhere_are_refused(
    plant: Plant, what: str, station: str | None, code: str
) -> None:
    with pytest.raises(Problem) as problem:
        leave(plant, what, station=station)
    assert refused(problem) == (422, code) and waits(plant) == []


def test_a_note_is_short_and_the_longest_words_fit(plant: Plant) -> None:
    assert leave(plant, "长" * 300)
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), note="长" * 201)
    assert refused(problem) == (422, "too_long")
    assert take(plant, item(plant), note="长" * 200)


def test_a_shift_leaves_things_from_its_opening_until_an_hour_after_its_end(plant: Plant) -> None:
    closed_ms = night(plant)["closed_ms"]
    assert leave(plant, "还在说", at_ms=closed_ms + HOUR_MS - 1)
    with pytest.raises(Problem) as problem:
        leave(plant, "太晚了", at_ms=closed_ms + HOUR_MS)
    assert refused(problem) == (409, "closed")
    with pytest.raises(Problem) as problem:
        leave(plant, "太早了", tonight(plant), by="other_leader")
    assert refused(problem) == (409, "not_open_yet")


def test_a_shift_takes_over_only_while_it_is_open(plant: Plant) -> None:
    leave(plant, "阀门关了")
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), at_ms=plant.instance()["closed_ms"])
    assert refused(problem) == (409, "closed")
    with pytest.raises(Problem) as problem:
        take(plant, item(plant), tonight(plant), by="other_leader")
    assert refused(problem) == (409, "not_open_yet")
    assert waits(plant) == ["阀门关了"]


def test_two_weeks_later_it_is_put_to_nobody(plant: Plant) -> None:
    leave(plant, "阀门关了")
    later = []
    with plant.store.tx() as db:
        for day in (13, 16):
            shifts.make_ahead(db, settings.get(db), MADE_MS + day * DAY_MS, plant.random)
    for date in ("2026-12-06", "2026-12-10"):
        later.append(
            plant.store.row("SELECT * FROM instance WHERE date = :d ORDER BY id LIMIT 1", d=date)
        )
    shown = [seen(plant, row, row["opens_ms"]) for row in later if row is not None]
    assert shown == [["阀门关了"], []]


# --- Hazards -------------------------------------------------------------------------------------


def reported(plant: Plant) -> int:
    deliver(plant, hazard_body(plant, "worker", "P-202B 机封滴油"))
    return int(plant.store.value("SELECT MAX(id) FROM finding"))


def offered(plant: Plant, shift: Row) -> list[int]:
    return [row["id"] for row in handover.hazards_to_leave(plant.store, shift["id"])]


def test_an_open_hazard_is_left_once_with_its_words(plant: Plant) -> None:
    hazard, day = reported(plant), plant.instance()
    assert offered(plant, day) == [hazard]
    assert [leave_hazards(plant, day, [hazard]), leave_hazards(plant, day, [hazard])] == [1, 0]
    (found,) = handover.inherited(plant.store, tonight(plant), EVENING_MS)
    assert (found["what"], found["finding"]) == ("P-202B 机封滴油", hazard)
    assert offered(plant, day) == []


def test_a_hazard_taken_back_can_be_left_again(plant: Plant) -> None:
    hazard, day = reported(plant), plant.instance()
    leave_hazards(plant, day, [hazard])
    with plant.store.tx() as db:
        handover.take_back(db, day, item(plant), by=plant.id("leader"), now_ms=NOW_MS + 1)
    assert leave_hazards(plant, day, [hazard], NOW_MS + 2) == 1


def test_a_hazard_still_open_is_handed_on_by_who_took_it_over(plant: Plant) -> None:
    hazard, day = reported(plant), plant.instance()
    leave_hazards(plant, day, [hazard])
    take(plant, item(plant), tonight(plant), by="other_leader", at_ms=EVENING_MS)
    assert offered(plant, tonight(plant)) == [hazard]
    with plant.store.tx() as db:
        findings.answer(db, hazard, "fixed", by=plant.id("leader"), now_ms=EVENING_MS)
    assert offered(plant, tonight(plant)) == []


def test_what_is_no_open_hazard_of_the_shift_is_refused(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "mate", bad="fit"))
    private = int(plant.store.value("SELECT MAX(id) FROM finding"))
    deliver(plant, run_body(plant, "worker", bad=plain_step(plant)))
    fixed = int(plant.store.value("SELECT MAX(id) FROM finding"))
    with plant.store.tx() as db:
        findings.answer(db, fixed, "fixed", by=plant.id("leader"), now_ms=NOW_MS)
    hazard, day = reported(plant), plant.instance()
    assert offered(plant, day) == [hazard]
    for wrong in (private, fixed, 999):
        with pytest.raises(Problem) as problem:
            leave_hazards(plant, day, [hazard, wrong])
        assert refused(problem) == (422, "no_hazard")
    with pytest.raises(Problem) as problem:
        leave_hazards(plant, night(plant), [hazard])
    assert refused(problem) == (422, "no_hazard")
    assert handover.left(plant.store, day["id"]) == []


# --- Phones --------------------------------------------------------------------------------------


def test_a_phone_gets_the_newest_twenty(plant: Plant) -> None:
    for number in range(22):
        leave(
            plant, f"第 {number} 件", station=PUMPS if number == 21 else None, at_ms=NOW_MS + number
        )
    take(plant, item(plant), at_ms=NOW_MS + 30)
    found = handover.for_pack(plant.store, plant.instance()["id"], NOW_MS + HOUR_MS)
    assert len(found) == 20
    assert found[0] == {"what": "第 21 件", "station": PUMPS, "from_ms": NOW_MS + 21}
    assert found[1] == {"what": "第 20 件", "station": None, "from_ms": NOW_MS + 20}
    assert handover.for_pack(plant.store, 999, NOW_MS) == []
