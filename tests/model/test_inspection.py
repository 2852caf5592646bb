"""The self-check: each item on a plant that does well, and what it names when something is off."""

from __future__ import annotations

import json

import pytest

from shiftapp.model import inspection, settings
from shiftapp.problems import Problem
from tests.announcing import at, sign
from tests.model.inspected import (
    FIRST,
    LAST,
    NOON,
    announce,
    gas_test,
    item,
    only,
    permit,
    rows,
    unit_signed,
    works,
)
from tests.plant import PUMPS, TODAY, Plant

DAYS = ("2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")
MONDAY, TUESDAY = DAYS[1], DAYS[2]


def announced(plant: Plant, *but: str) -> None:
    """Every day of the span announced at 09:20."""
    for day in DAYS:
        if day not in but:
            announce(plant, day)


# In time ------------------------------------------------------------------------------------------


def test_every_day_in_time_is_good(plant: Plant) -> None:
    announced(plant)
    found = item(plant, "on_time")
    assert (found.of, found.passed, found.verdict, found.failing) == (5, 5, "good", ())


def test_a_missing_and_a_late_day_are_named(plant: Plant) -> None:
    announced(plant, MONDAY, TUESDAY)
    late = announce(plant, TUESDAY, "10:01")
    found = item(plant, "on_time")
    assert rows(found) == [(MONDAY, "missing"), (TUESDAY, "late")]
    assert (found.of, found.passed, found.verdict) == (5, 3, "look")
    assert found.failing[1].about == ("announcement", late)


def test_on_the_minute_is_in_time(plant: Plant) -> None:
    announced(plant, TUESDAY)
    announce(plant, TUESDAY, "10:00")
    assert item(plant, "on_time").failing == ()


def test_a_correction_after_the_hour_is_not_late(plant: Plant) -> None:
    announced(plant)
    announce(plant, TUESDAY, "15:00", version=2)
    assert item(plant, "on_time").failing == ()


def test_today_is_asked_for_once_it_is_due(plant: Plant) -> None:
    announced(plant, LAST)
    assert item(plant, "on_time", now=at("09:59", LAST)).of == 4
    assert rows(item(plant, "on_time", now=at("10:00", LAST))) == [(LAST, "missing")]


def test_days_before_the_plant_began_are_not_asked_for(plant: Plant) -> None:
    announced(plant)
    assert item(plant, "on_time", first="2026-10-28").of == 5


def test_an_empty_install_has_nothing_to_check(plant: Plant) -> None:
    with plant.store.tx() as db:
        for table in ("slot", "roster", "instance"):
            db.run(f"DELETE FROM {table}")
    found = item(plant, "on_time")
    assert (found.of, found.verdict) == (0, "none")


def test_who_announces_by_the_week_is_asked_for_weeks(plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm="weekly", due_day=2)
    # The week that ended on Sunday 22 November is due on Tuesday at 10:00.
    assert rows(item(plant, "on_time")) == [("2026-11-22", "missing")]
    assert item(plant, "on_time", now=at("09:00", TUESDAY)).of == 0
    due_ms = at("10:00", TUESDAY)
    announce(plant, DAYS[0], kind="weekly", at_ms=at("09:00", TUESDAY), due_ms=due_ms)
    found = item(plant, "on_time")
    assert (found.of, found.failing) == (1, ())


# The register -------------------------------------------------------------------------------------


def test_a_register_that_agrees_is_good(plant: Plant) -> None:
    permit(plant, "DH-1", at("09:30"), at("11:00"))
    announce(plant, TUESDAY, works=works(fire_2=1, total=1))
    found = item(plant, "register")
    assert (found.of, found.verdict) == (1, "good")


def test_an_inflated_count_is_named_with_both_figures(plant: Plant) -> None:
    permit(plant, "DH-1", at("09:30"), at("11:00"))
    announce(plant, TUESDAY, works=works(fire_2=3, total=3))
    assert only(item(plant, "register")).values["differ"] == [("fire_2", 3, 1), ("total", 3, 1)]


def test_a_permit_entered_after_the_announcement_is_named(plant: Plant) -> None:
    announce(plant, TUESDAY, works=works())
    permit(plant, "DH-1", at("14:00"), at("15:00"), made_ms=at("13:00"))
    found = item(plant, "register")
    assert rows(found) == [(TUESDAY, "added_after"), (TUESDAY, "counts")]
    assert (found.of, found.failed) == (1, 1), "one day fails, in two ways"


def test_an_update_that_counts_it_puts_it_right(plant: Plant) -> None:
    announce(plant, TUESDAY, works=works())
    permit(plant, "DH-1", at("14:00"), at("15:00"), made_ms=at("13:00"))
    announce(plant, TUESDAY, "13:10", version=2, works=works(fire_2=1, total=1))
    assert item(plant, "register").failing == ()


def test_a_permit_entered_or_cancelled_after_its_start_is_named(plant: Plant) -> None:
    late = permit(plant, "DH-1", at("06:00"), at("07:00"), made_ms=at("06:20"))
    gone = permit(plant, "DH-2", at("06:00"), at("07:00"), closed_ms=None, cancelled_ms=at("06:30"))
    announce(plant, TUESDAY, works=works(fire_2=2, total=2))
    found = item(plant, "register")
    assert rows(found) == [(TUESDAY, "cancelled_late"), (TUESDAY, "registered_late")]
    assert [one.about for one in found.failing] == [("permit", str(gone)), ("permit", str(late))]


def test_one_cancelled_before_its_start_counts_nowhere(plant: Plant) -> None:
    permit(plant, "DH-2", at("09:30"), at("11:00"), closed_ms=None, cancelled_ms=at("09:00"))
    announce(plant, TUESDAY, works=works())
    assert item(plant, "register").failing == ()


def test_a_register_that_was_not_used_is_named_when_it_has_permits(plant: Plant) -> None:
    announce(plant, TUESDAY, "09:20")
    assert item(plant, "register").failing == ()
    permit(plant, "DH-1", at("09:30"), at("11:00"))
    assert [one.code for one in item(plant, "register").failing] == ["unused"]


def test_a_work_over_days_counts_on_each(plant: Plant) -> None:
    permit(plant, "YD-1", at("08:00"), at("08:00", DAYS[4]), kind="power", level="")
    for day in DAYS[2:]:
        announce(plant, day, works=works(power=1, total=1))
    found = item(plant, "register")
    assert (found.of, found.failing) == (3, ())


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"kind": "fire", "level": "special"}, {"fire_special": 1}),
        ({"kind": "height", "level": "3"}, {"height": 1}),
        ({"kind": "contractor", "level": ""}, {"contractor": 1}),
        ({"kind": "change", "level": ""}, {"change": 1}),
        ({"kind": "road", "level": "", "contractor": "甲公司"}, {"road": 1, "contractor": 1}),
        ({"kind": "blind", "level": "", "changed": 1}, {"blind": 1, "change": 1}),
    ],
)
def test_works_are_counted_as_the_document_counts_them(
    plant: Plant, more: dict[str, object], counts: dict[str, int]
) -> None:
    permit(plant, "X-1", at("09:30"), at("11:00"), **more)
    announce(plant, TUESDAY, works=works(total=1, **counts))
    assert item(plant, "register").failing == ()


# Posts and signatures -----------------------------------------------------------------------------


def test_posts_of_a_good_day_are_covered(good_day: Plant) -> None:
    found = item(good_day, "stations", first=MONDAY, last=TUESDAY)
    bad = {(one.values["crew"], one.day) for one in found.failing}
    assert ("JIA", TUESDAY) not in bad and ("BING", MONDAY) not in bad
    assert found.of > len(found.failing)


def test_a_post_without_commitment_is_named_without_the_worker(plant: Plant) -> None:
    found = item(plant, "stations", first=TUESDAY, last=TUESDAY)
    here = next(one for one in found.failing if one.values["station"] == PUMPS)
    assert here.code == "station_short" and here.about == ("shift", f"JIA/{TUESDAY}/D")
    assert here.values["n"] == here.values["left"] == 4
    told = json.dumps([dict(one.values) for one in found.failing], ensure_ascii=False)
    names = [row["name"] for row in plant.store.rows("SELECT name FROM person ORDER BY id")]
    assert not [name for name in names if name in told]


def test_a_shift_that_is_not_closed_is_not_asked_for(plant: Plant) -> None:
    found = item(plant, "stations", now=at("12:00"), first=TUESDAY, last=TUESDAY)
    assert (found.of, found.verdict) == (0, "none")
    assert item(plant, "crews", now=at("12:00"), first=TUESDAY, last=TUESDAY).of == 0


def test_a_station_out_of_scope_asks_for_nobody(plant: Plant) -> None:
    before = item(plant, "stations", first=TUESDAY, last=TUESDAY).of
    with plant.store.tx() as db:
        db.run("UPDATE station SET scoped = 0 WHERE code = :c", c=PUMPS)
    assert 0 < item(plant, "stations", first=TUESDAY, last=TUESDAY).of < before


def test_who_left_the_roster_is_not_expected(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run(
            "UPDATE roster SET ended_ms = :t, ended_why = 'leave', ended_by = 'x'", t=at("07:00")
        )
    assert item(plant, "stations").of == item(plant, "crews").of == 0


def test_a_crew_that_signed_is_good_and_one_that_did_not_is_named(good_day: Plant) -> None:
    found = item(good_day, "crews", first=MONDAY, last=TUESDAY)
    bad = {(one.values["crew"], one.day) for one in found.failing}
    assert ("JIA", TUESDAY) not in bad
    assert ("YI", MONDAY) in bad, "乙班 worked by day, nobody signed"


def test_levels_are_those_of_the_newest_version(plant: Plant) -> None:
    level = {"no": 2, "name": "车间", "name_en": "Workshop", "signed": 1, "of": 3}
    announce(plant, TUESDAY, levels=[level])
    one = only(item(plant, "levels"))
    assert (one.code, one.values["left"], one.about) == ("level_unsigned", 2, ("ladder", TUESDAY))
    announce(plant, TUESDAY, "11:00", version=2, levels=[{**level, "signed": 3}])
    assert item(plant, "levels").verdict == "good"


# Times --------------------------------------------------------------------------------------------


def test_an_announcement_before_its_last_shift_is_named(plant: Plant) -> None:
    shifts = [{"starts_ms": at("20:00", MONDAY)}, {"starts_ms": at("08:00")}]
    announce(plant, TUESDAY, "07:59", shifts=shifts)
    assert only(item(plant, "early_announcement")).code == "early_announcement"


def test_one_after_its_last_shift_is_good_and_one_without_shifts_not_asked(plant: Plant) -> None:
    announce(plant, TUESDAY, "08:00", shifts=[{"starts_ms": at("08:00")}])
    announce(plant, MONDAY, shifts=[])
    found = item(plant, "early_announcement")
    assert (found.of, found.verdict) == (1, "good")


def test_a_signature_before_the_window_is_named(good_day: Plant) -> None:
    assert item(good_day, "early_signatures").failing == ()
    with good_day.store.tx() as db:
        db.run("UPDATE signoff SET at_ms = :t WHERE instance = :i", t=at("06:00"),
               i=good_day.instance()["id"])  # fmt: skip
    one = only(item(good_day, "early_signatures"))
    assert (one.code, one.about) == ("crew_early", ("shift", f"JIA/{TUESDAY}/D"))


def test_a_unit_that_signed_before_its_last_shift_opened_is_named(plant: Plant) -> None:
    unit_signed(plant, TUESDAY, at("07:00"))
    one = only(item(plant, "early_signatures"))
    assert (one.code, one.values["opens_ms"]) == ("unit_early", plant.instance()["opens_ms"])
    assert one.about == ("ladder", f"{TUESDAY}/W1")


def test_a_unit_that_signed_in_the_morning_of_its_day_is_good(plant: Plant) -> None:
    # Tonight's shift starts after the cut-off: it belongs to tomorrow's announcement.
    unit_signed(plant, TUESDAY, at("08:20"))
    found = item(plant, "early_signatures")
    assert (found.of, found.failing) == (1, ())


def signal(plant: Plant, kind: str = "fast", **more: object) -> None:
    row = plant.store.row("SELECT * FROM record WHERE kind = 'run' ORDER BY seq")
    assert row is not None
    values = {"shown_ms": None, "looked_how": None, "at_ms": at("08:10"), **more}
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO signal (kind, record, person, instance, crew, figures, at_ms, shown_ms,"
            " looked_ms, looked_how) VALUES (:kind, :r, :p, :i, 'JIA', '{}', :at_ms, :shown_ms,"
            " :looked, :looked_how)",
            kind=kind,
            r=row["id"],
            p=row["person"],
            i=row["instance"],
            looked=None if values["looked_how"] is None else at("09:00"),
            **values,
        )


def test_a_signal_is_a_count_of_a_day_and_nothing_else(good_day: Plant) -> None:
    signal(good_day)
    signal(good_day, "burst")
    found = item(good_day, "pace")
    assert [(one.day, one.code, dict(one.values), one.about) for one in found.failing] == [
        (TUESDAY, "pace_burst", {"n": 1}, None),
        (TUESDAY, "pace_fast", {"n": 1}, None),
    ]
    assert found.failed == 1, "one record, two rules"
    assert found.of > 10


def test_a_signal_that_the_worker_has_not_had_a_day_to_see_is_not_told(good_day: Plant) -> None:
    signal(good_day)
    assert item(good_day, "pace", now=at("12:00")).failing == ()
    assert len(item(good_day, "pace", now=at("08:10", DAYS[3])).failing) == 1


def test_one_that_the_worker_has_seen_is_told_at_once(good_day: Plant) -> None:
    signal(good_day, shown_ms=at("08:30"))
    assert item(good_day, "pace", now=at("08:29")).failing == ()
    assert len(item(good_day, "pace", now=at("08:31")).failing) == 1


def test_one_that_was_looked_at_and_fine_is_not(good_day: Plant) -> None:
    signal(good_day, looked_how="fine")
    assert item(good_day, "pace").verdict == "good"
    signal(good_day, "burst", looked_how="talked")
    assert rows(item(good_day, "pace")) == [(TUESDAY, "pace_burst")]


def test_a_gas_test_entered_half_an_hour_later_is_named(plant: Plant) -> None:
    work = permit(plant, "SX-1", at("09:00"), at("11:00"))
    gas_test(plant, work, at("08:50"), at("09:20"))
    assert item(plant, "gas").verdict == "good"
    gas_test(plant, work, at("10:00"), at("10:31"))
    found = item(plant, "gas")
    assert (found.of, only(found).values["no"]) == (2, "SX-1")


@pytest.mark.parametrize(
    ("closed", "code"),
    [
        (at("08:50"), "closed_before"),
        (at("09:09"), "closed_soon"),
        (at("09:10"), ""),
        (at("10:20"), ""),
        (at("13:00"), ""),
        (at("13:01"), "closed_late"),
        (None, "never_closed"),
    ],
)
def test_a_permit_is_closed_when_somebody_can_have_looked(
    plant: Plant, closed: int | None, code: str
) -> None:
    permit(plant, "DH-1", at("09:00"), at("11:00"), closed_ms=closed)
    found = item(plant, "closing")
    assert [one.code for one in found.failing] == ([code] if code else [])


def test_one_that_still_runs_or_was_cancelled_is_not_asked_for(plant: Plant) -> None:
    permit(plant, "DH-1", at("09:00"), at("09:00", "2026-11-28"), closed_ms=None)
    permit(plant, "DH-2", at("09:00"), at("11:00"), closed_ms=None, cancelled_ms=at("09:30"))
    assert item(plant, "closing").of == 0


# Words --------------------------------------------------------------------------------------------


def override(reason: str) -> dict[str, object]:
    return {"reason": reason, "gaps": []}


def test_a_reason_of_three_days_is_named_once(plant: Plant) -> None:
    for day in DAYS[:3]:
        announce(plant, day, override=override("已安排专人 跟进处理。"))
    one = only(item(plant, "texts"))
    assert (one.code, one.values["days"], one.day) == ("same_company", 3, DAYS[2])
    assert (one.values["first"], one.values["last"]) == (DAYS[0], DAYS[2])


def test_two_days_are_not_many(plant: Plant) -> None:
    for day in DAYS[:2]:
        announce(plant, day, override=override("已安排专人跟进处理。"))
    found = item(plant, "texts")
    assert (found.of, found.verdict) == (2, "good")


def test_versions_of_one_day_are_one_day(plant: Plant) -> None:
    for number in (1, 2, 3):
        announce(
            plant,
            TUESDAY,
            f"1{number}:00",
            version=number,
            change={"how": "update", "reason": "新增一处作业", "changes": []},
        )
    assert item(plant, "texts").failing == ()


def test_a_short_word_is_no_reason(plant: Plant) -> None:
    for day in DAYS:
        announce(plant, day, override=override("病假。"))
    assert item(plant, "texts").of == 0


def test_notes_and_reasons_of_the_ladder_are_looked_at(plant: Plant) -> None:
    for day in DAYS[:3]:
        unit_signed(plant, day, at("08:30", day), note="联锁正在检修", reason="人员正在路上")
    found = item(plant, "texts")
    assert {one.values["text"] for one in found.failing} == {"联锁正在检修", "人员正在路上"}
    assert {one.about for one in found.failing} == {("ladder", f"{DAYS[2]}/W1")}
    assert (found.of, found.failed) == (6, 6)


def test_two_units_may_say_the_same(plant: Plant) -> None:
    unit_signed(plant, DAYS[0], at("08:30", DAYS[0]), note="联锁正在检修")
    unit_signed(plant, DAYS[1], at("08:30", DAYS[1]), note="联锁正在检修")
    announce(plant, DAYS[2], override=override("联锁正在检修"))
    assert item(plant, "texts").failing == ()


def test_the_names_of_people_are_struck_out(plant: Plant) -> None:
    for day in DAYS[:3]:
        unit_signed(plant, day, at("08:30", day), note="张三（1001）没带手机，11001 号泵停")
    assert only(item(plant, "texts")).values["text"] == "▇▇（▇▇）没带手机，11001 号泵停"


def test_reasons_of_a_crew_are_looked_at(plant: Plant) -> None:
    sign(plant, "JIA", TUESDAY, "D", at("08:05"))  # everybody is missing: 已说明, too short
    with plant.store.tx() as db:
        for number, row in enumerate(
            db.rows("SELECT id FROM instance WHERE crew = 'JIA' ORDER BY starts_ms LIMIT 3")
        ):
            db.run(
                "INSERT INTO signoff (instance, no, person, at_ms, expected, ready, gaps)"
                " VALUES (:i, 9, :p, :t, 6, 5, :g)",
                i=row["id"],
                p=plant.id("leader"),
                t=NOON + number,
                g=json.dumps([{"key": "p1", "what": "expected", "reason": "他的手机没电了"}]),
            )
    found = item(plant, "texts", last="2026-12-03")
    assert [(one.code, one.about) for one in found.failing] == [("same_crew", None)]


# The span -----------------------------------------------------------------------------------------


def test_it_looks_at_the_last_thirty_days_unless_told() -> None:
    found = inspection.span("Asia/Shanghai", "", "", TODAY, NOON)
    assert (found.first, found.last) == ("2026-10-26", TODAY)
    assert inspection.span("Asia/Shanghai", "", "2026-03-01", TODAY, NOON).first == "2026-01-31"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-25", "2026-11-24"),
        ("2025-11-01", "2026-11-24"),
        ("yesterday", ""),
        ("", "2026-13-01"),
        ("", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("0001-01-01", "0001-01-01"),
        ("2026-11-2４", ""),
    ],
)
def test_a_span_that_is_none_is_refused(first: str, last: str) -> None:
    with pytest.raises(Problem) as refused:
        inspection.span("Asia/Shanghai", first, last, TODAY, NOON)
    assert refused.value.code == "bad_span"


def test_what_lies_outside_is_not_looked_at(plant: Plant) -> None:
    permit(plant, "DH-1", at("09:00"), at("11:00"), closed_ms=None)
    announce(plant, TUESDAY, "11:00", works=works())
    for code in ("on_time", "register", "closing", "texts", "gas"):
        assert not [
            one for one in item(plant, code, first=FIRST, last=FIRST).failing if one.day > FIRST
        ]


def test_it_takes_few_queries_however_many_days(
    good_day: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(first: str) -> int:
        count = 0
        real = type(good_day.store).rows

        def counting(self: object, sql: str, **values: object) -> object:
            nonlocal count
            count += 1
            return real(self, sql, **values)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(type(good_day.store), "rows", counting)
            item(good_day, "texts", first=first)
        return count

    for number in range(20):
        announce(good_day, f"2026-10-{number + 5:02}", works=works())
    assert asked(DAYS[4]) == asked("2026-10-01") <= 20
