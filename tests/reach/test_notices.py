"""What is worth telling, when, to whom; once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shiftapp.model import clockwork, findings, notice_facts, notices, settings
from shiftapp.model.deliveries import Message
from tests.announcing import announce_three_crews, publish
from tests.climbing import TOP, WORKSHOP, climb, placed
from tests.crew import answer, crew_ready, plain_step, veto_step
from tests.model.test_signoffs import sign
from tests.plant import NOW_MS, TODAY, Clock, Plant
from tests.reach.conftest import events, queued
from tests.sealing import commit_body, deliver, make_ready, run_body

Add = Callable[..., int]
Tick = Callable[[], None]


@pytest.fixture(autouse=True)
def listening(channel: Add) -> None:
    channel()


def due(plant: Plant, at_ms: int) -> dict[str, Message]:
    """What is due at an instant about 甲班 today and about the plant, by event."""
    about = {str(plant.instance()["id"])}
    found = notices.due(plant.store, settings.get(plant.store), at_ms)
    return {
        one.event: one for one in found if one.event not in notices_of_shift or one.about in about
    }


notices_of_shift = {"missing", "alarm", "unsigned", "shift_done"}


def told(plant: Plant) -> list[tuple[str, str]]:
    """What was queued, without the summary of the shift that was over before."""
    return [one for one in events(plant.store) if one[0] != "shift_done"]


@pytest.mark.parametrize(
    ("time", "wanted"),
    [
        ("07:49", set()),
        ("07:50", {"missing"}),
        ("07:59", {"missing"}),
        ("08:00", set()),
        ("08:14", set()),
        ("08:15", {"alarm", "unsigned"}),
        ("09:29", {"alarm", "unsigned"}),
        ("09:30", {"alarm", "unsigned", "announcement_due"}),
        ("09:59", {"alarm", "unsigned", "announcement_due"}),
        ("10:00", {"alarm", "unsigned", "no_announcement"}),
        ("10:15", {"no_announcement"}),
        ("19:59", {"no_announcement"}),
        ("20:00", {"shift_done", "no_announcement"}),
        ("23:59", {"shift_done", "no_announcement"}),
    ],
)
def test_the_clock_brings_them(plant: Plant, clock: Clock, time: str, wanted: set[str]) -> None:
    assert set(due(plant, clock.at(time))) == wanted


def test_a_server_that_was_down_tells_no_old_story(plant: Plant, clock: Clock) -> None:
    assert set(due(plant, clock.at("07:59", "2026-11-25"))) == {"shift_done"}
    assert set(due(plant, clock.at("08:00", "2026-11-25"))) == set()


def test_who_is_ready_is_not_missed(plant: Plant, clock: Clock) -> None:
    make_ready(plant, "worker")
    make_ready(plant, "mate")
    facts = due(plant, clock.at("07:50"))["missing"].facts
    assert (facts["n"], facts["m"]) == (4, 6)
    crew_ready(plant, "worker", "mate")
    assert due(plant, clock.at("07:50")) == {}
    assert set(due(plant, clock.at("08:15"))) == {"unsigned"}
    sign(plant, at_ms=clock.at("08:10"))
    assert due(plant, clock.at("08:15")) == {}


def test_a_message_says_the_shift_and_where_to_look(plant: Plant, clock: Clock) -> None:
    facts = due(plant, clock.at("07:50"))["missing"].facts
    assert facts["path"] == "/board/JIA/2026-11-24/D"
    assert (facts["crew"], facts["crew_en"]) == ("甲班", "Crew JIA")
    assert (facts["shift"], facts["shift_en"]) == ("2026-11-24 白班", "2026-11-24 Day shift")
    assert (facts["starts"], facts["zone"]) == ("08:00", "Asia/Shanghai")


def test_a_veto_without_an_answer_is_urgent_and_told_within_a_tick(
    plant: Plant, clock: Clock
) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    clockwork.tick(plant.store, clock.ms)
    (row,) = queued(plant.store)
    (found,) = findings.of_instance(plant.store, plant.instance()["id"])
    assert (row["event"], row["about"]) == ("stopped", str(found["id"]))
    assert f'"/hazards/{found["id"]}"' in row["facts"]
    assert "stopped" in notices.URGENT


def test_what_is_abnormal_and_no_veto_alarms_nobody(plant: Plant, clock: Clock) -> None:
    deliver(plant, run_body(plant, "worker", bad=plain_step(plant)))
    clockwork.tick(plant.store, clock.ms)
    assert queued(plant.store) == []


def test_an_answered_veto_alarms_nobody(plant: Plant, clock: Clock) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    answer(plant, "fixed")
    clockwork.tick(plant.store, clock.ms)
    assert queued(plant.store) == []


def test_who_cannot_work_today_is_no_event(plant: Plant, clock: Clock, tick: Tick) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    tick()
    assert told(plant) == []


def test_a_signature_that_no_longer_holds_is_told_once_each(
    plant: Plant, clock: Clock, tick: Tick
) -> None:
    crew_ready(plant)
    sign(plant)
    tick()
    assert told(plant) == []
    deliver(plant, run_body(plant, "worker", NOW_MS + 1, bad=plain_step(plant)), at_ms=NOW_MS + 1)
    clock.at("07:40")
    tick()
    tick()
    first = plant.store.value("SELECT MAX(id) FROM signoff")
    assert told(plant) == [("reopened", f"c{first}")]
    assert '"n": 1' in queued(plant.store)[-1]["facts"]
    answer(plant, "fixed", at_ms=clock.ms)
    clock.at("07:41")
    tick()
    assert len(told(plant)) == 1


def test_a_reopened_crew_reopens_the_units_above_and_each_is_told(
    good_day: Plant, clock: Clock, channel: Add, tick: Tick
) -> None:
    plant = placed(good_day)
    only_crew = channel(crew="JIA", events=("reopened",))
    climb(plant, WORKSHOP, clock.at("08:20"))
    climb(plant, TOP, clock.at("08:21"))
    tick()
    assert [event for event, _ in told(plant) if event == "reopened"] == []
    clock.at("08:30")
    deliver(plant, run_body(plant, "worker", clock.ms, bad=plain_step(plant)), at_ms=clock.ms)
    tick()
    tick()
    rows = [row for row in queued(plant.store) if row["event"] == "reopened"]
    units = plant.store.rows("SELECT id, unit FROM unit_signoff ORDER BY id")
    wanted = {f"u{row['id']}": f"/ladder/{TODAY}/{row['unit']}" for row in units}
    said = {row["about"]: json.loads(row["facts"]) for row in rows if row["channel"] != only_crew}
    assert {about: said[about]["path"] for about in wanted} == wanted
    assert said[f"u{units[0]['id']}"]["crew"] == "生产一部"
    assert len(said) == 3 and len(rows) == 4
    assert [row["about"][0] for row in rows if row["channel"] == only_crew] == ["c"]


def test_a_signature_that_holds_again_is_no_longer_told_of(
    good_day: Plant, clock: Clock, tick: Tick
) -> None:
    plant = placed(good_day)
    climb(plant, WORKSHOP, clock.at("08:20"))
    deliver(plant, run_body(plant, "worker", clock.ms, bad=plain_step(plant)), at_ms=clock.ms)
    tick()
    about = next(about for event, about in told(plant) if about.startswith("u"))
    now = settings.get(plant.store)
    assert notice_facts.facts(plant.store, now, "reopened", about, clock.ms)
    answer(plant, "fixed", at_ms=clock.ms)
    assert notice_facts.facts(plant.store, now, "reopened", about, clock.ms) is None
    assert notice_facts.facts(plant.store, now, "reopened", "u99999", clock.ms) is None
    assert notice_facts.facts(plant.store, now, "reopened", "c99999", clock.ms) is None


def test_the_summary_counts_ready_late_missing_and_abnormal(plant: Plant, clock: Clock) -> None:
    make_ready(plant, "worker")
    make_ready(plant, "mate", clock.at("09:00"))
    deliver(plant, run_body(plant, "chen", bad=veto_step(plant)))
    facts = due(plant, clock.at("20:00"))["shift_done"].facts
    assert {key: facts[key] for key in ("n", "m", "late", "none", "abnormal")} == {
        "n": 2, "m": 6, "late": 1, "none": 3, "abnormal": 1,
    }  # fmt: skip


def test_a_shift_without_anybody_is_silent(plant: Plant, clock: Clock) -> None:
    with plant.store.tx() as db:
        db.run(
            "UPDATE roster SET ended_ms = :now, ended_why = 'leave' WHERE instance = :i",
            now=NOW_MS,
            i=plant.instance()["id"],
        )
    for time in ("07:50", "08:15"):
        assert due(plant, clock.at(time)) == {}
    assert set(due(plant, clock.at("20:00"))) == {"no_announcement"}


def test_a_published_day_is_not_reminded_of(good_day: Plant, clock: Clock) -> None:
    plant = good_day
    assert "announcement_due" in due(plant, clock.at("09:45"))
    announce_three_crews(plant)
    for time in ("09:45", "10:00", "23:59"):
        assert not {"announcement_due", "no_announcement"} & set(due(plant, clock.at(time)))


def test_past_its_time_it_is_told_until_it_is_published(good_day: Plant, clock: Clock) -> None:
    facts = due(good_day, clock.at("10:00"))["no_announcement"].facts
    assert (facts["shift"], facts["starts"], facts["path"]) == (TODAY, "10:00", "/publish")
    publish(good_day, clock.at("10:20"))
    assert "no_announcement" not in due(good_day, clock.at("10:21"))


@pytest.mark.parametrize(
    ("day", "time", "wanted"),
    [
        ("2026-12-02", "09:59", set()),
        ("2026-12-02", "10:00", {"announcement_due"}),  # a day ahead
        ("2026-12-03", "09:59", {"announcement_due"}),
        ("2026-12-03", "10:00", {"no_announcement"}),
        ("2026-12-31", "23:59", {"no_announcement"}),
    ],
)
def test_a_periods_announcement_is_reminded_of_as_well(
    plant: Plant, clock: Clock, day: str, time: str, wanted: set[str]
) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm="monthly")
    found = due(plant, clock.at(time, day))
    assert {event for event in found if "announcement" in event} == wanted
    for event in wanted:
        facts = found[event].facts
        assert facts["shift"] == "2026-11-01 – 2026-11-30"
        assert facts["starts"] == "2026-12-03 10:00"


def test_a_published_period_is_not_reminded_of(plant: Plant, clock: Clock) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm="weekly", due_day=1)
    now = clock.at("10:00", "2026-11-30")
    assert "no_announcement" in due(plant, now)
    publish(plant, now, date="2026-11-29", kind="weekly", override="本周没有问题")
    assert "no_announcement" not in due(plant, now)


def test_nothing_is_asked_where_nobody_listens(plant: Plant, clock: Clock) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET active = 0")
    assert due(plant, clock.at("08:15")) == {}


def test_a_channel_hears_its_crew_and_its_events_only(
    plant: Plant, clock: Clock, channel: Add, tick: Tick
) -> None:
    other, alarms = channel(crew="YI"), channel(crew="JIA", events=("alarm", "announcement_due"))
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    for time in ("07:50", "08:15", "09:30"):
        clock.at(time)
        tick()
    theirs = [(row["channel"], row["event"]) for row in queued(plant.store)]
    assert {event for number, event in theirs if number == other} == {"shift_done"}
    assert [event for number, event in theirs if number == alarms] == ["alarm"]
    everything = {event for number, event in theirs if number not in (other, alarms)}
    assert everything >= {"missing", "alarm", "unsigned", "stopped", "announcement_due"}


def test_looking_again_and_again_queues_once(plant: Plant, clock: Clock, tick: Tick) -> None:
    for time in ("07:50", "07:51", "07:59"):
        clock.at(time)
        tick()
    ours = [one for one in events(plant.store) if one[1] == str(plant.instance()["id"])]
    assert ours == [("missing", str(plant.instance()["id"]))]


def test_a_fault_in_it_stops_nothing_else(
    plant: Plant, clock: Clock, tick: Tick, caplog: pytest.LogCaptureFixture
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET events = 'not json'")
    clock.at("08:15")
    tick()
    assert "queueing reminders failed" in caplog.text


def test_what_is_older_than_ninety_days_is_forgotten(
    plant: Plant, clock: Clock, tick: Tick
) -> None:
    clock.at("07:50")
    tick()
    with plant.store.tx() as db:
        db.run("UPDATE delivery SET next_ms = NULL, sent_ms = made_ms WHERE event = 'missing'")
    clockwork.plan(plant.store, clock.ms + 90 * 24 * 3_600_000, plant.random)
    assert ("missing", str(plant.instance()["id"])) in events(plant.store)
    clockwork.plan(plant.store, clock.ms + 90 * 24 * 3_600_000 + 1, plant.random)
    assert ("missing", str(plant.instance()["id"])) not in events(plant.store)
