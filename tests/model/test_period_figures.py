"""A period's announcement: its groups, what happened within it, and how the plant stands now."""

from __future__ import annotations

import json

import pytest

from shiftapp.model import announcements, disclosure, findings, settings, slots
from shiftapp.model.counts import Count
from shiftapp.store.postgres import PostgresDb
from shiftapp.store.sqlite import SqliteDb
from tests.announcing import (
    add_crew,
    at,
    commit,
    day_works,
    draft,
    night_works,
    shift_of,
)
from tests.calm import make_calm
from tests.furnishing import enter, furnish
from tests.permits import cancel, register
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, deliver, hazard_body

LAST = "2026-11-30"
AFTER = at("09:05", "2026-12-01")
FREE_WEEK, MONDAY = "2026-11-22", at("09:05", "2026-11-23")


def month(plant: Plant) -> Body:
    return draft(plant, AFTER, LAST, "monthly").content


def test_a_month_has_groups_and_no_shifts(good_day: Plant) -> None:
    doc = month(good_day)
    assert (doc["kind"], doc["first"], doc["last"], doc["date"]) == (
        "monthly",
        "2026-11-01",
        LAST,
        LAST,
    )
    assert doc["shifts"] == []
    assert [(g["group_name"], g["shifts"], g["n"], g["on"], g["none"]) for g in doc["groups"]] == [
        ("生产一部丙班", 1, 6, 6, 0),
        ("生产一部甲班", 1, 6, 6, 0),
    ]
    assert doc["total"] == {"n": 12, "on": 12, "off": 0, "late": 0, "none": 0}
    assert doc["small"] == {"shifts": 1, "counted": False, "count": None}  # 乙班 by day, two people


def test_a_day_has_the_shape_of_a_period(good_day: Plant) -> None:
    day, period = draft(good_day, at("09:05")).content, month(good_day)
    assert {*period} == {*day}
    assert day["groups"] == [] and day["first"] == day["last"] == day["date"]
    assert {*period["hazards"]} - {*day["hazards"]} == {"found", "accepted"}


def test_a_period_is_the_sum_of_its_days(plant: Plant) -> None:
    """From the public entries both: also late, offline and missing."""
    night_works(plant, missing=2)
    day_works(plant, missing=3)
    commit(plant, "leader", at("08:20"))
    days: dict[str, Count] = {}
    for number in range(22, 31):
        for part in draft(plant, AFTER, f"2026-11-{number}").figures.parts:
            code = part.about["grp"]
            days[code] = days.get(code, Count()) + part.count
    period = draft(plant, AFTER, LAST, "monthly").figures.published
    assert isinstance(period, disclosure.Grouped)
    found = {group.about["grp"]: group.count for group in period.shown}
    for share in period.small:
        code = share.about["grp"]
        found[code] = found.get(code, Count()) + share.count
    assert found == days
    assert found["G-JIA"] == Count(6, 3, 0, 1, 2) and found["G-BING"] == Count(6, 4, 0, 0, 2)


def test_who_made_none_is_told_once_a_shift(plant: Plant) -> None:
    night_works(plant, missing=2)
    day_works(plant, missing=3)
    named = {one["code"]: one for one in month(plant)["named"]}
    assert named["missed"]["zh"] == "5 人次到下班也没做班前承诺。"
    assert named["missed"]["en"] == "5 commitments were not made by the end of the shift."
    assert "missing" not in named


def test_small_crews_have_a_figure_over_the_period_when_they_are_five(plant: Plant) -> None:
    for code in ("DING", "WU"):
        add_crew(plant, code, 3, "G-X")
        with plant.store.tx() as db:
            db.run("UPDATE crew SET day_offset = :n WHERE code = :c", n=len(code), c=code)
    with plant.store.tx() as db:  # two crews of one group, each with a shift of its own
        for code in ("DING", "WU"):
            s = plant.random(16)
            db.run(
                "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state) SELECT :s, grp,"
                " date, :code, starts_ms, ends_ms, 'small' FROM series WHERE s = :old",
                s=s,
                code=code,
                old=plant.instance(code)["s"],
            )
            db.run(
                "UPDATE slot SET s = :s WHERE person IN (SELECT id FROM person WHERE crew = :c)",
                s=s,
                c=code,
            )
            db.run("UPDATE instance SET s = :s WHERE id = :i", s=s, i=plant.instance(code)["id"])
        slots.open_due(db, NOW_MS, 120)
    commit(plant, "ding1", at("07:45"), shift=shift_of("DING"))
    commit(plant, "wu2", at("08:45"), shift=shift_of("WU"))
    assert "组DING" not in json.dumps(draft(plant, at("09:05")).content["shifts"])
    (group,) = [g for g in month(plant)["groups"] if g["group_name"] == "组WU"]
    assert (group["shifts"], group["n"], group["on"], group["late"]) == (2, 6, 1, 1)


def test_hazards_found_and_accepted_within_it(good_day: Plant) -> None:
    ids = []
    for text in ("机封滴油", "护罩松"):
        deliver(good_day, hazard_body(good_day, "mate", text, at("07:40")), at_ms=at("07:40"))
        ids.append(findings.hazards(good_day.store, only_open=True)[0]["id"])
    with good_day.store.tx() as db:
        findings.answer(db, ids[0], "fixed", by=good_day.id("leader"), now_ms=at("08:20"))
        findings.accept(db, ids[0], by=good_day.id("manager"), now_ms=at("08:30"))
    assert month(good_day)["hazards"] == {
        "general": 1,
        "major": 0,
        "veto_unanswered": 0,
        "unanswered": 1,
        "found": 2,
        "accepted": 1,
    }
    december = draft(good_day, at("09:05", "2027-01-01"), "2026-12-31", "monthly").content
    assert (december["hazards"]["found"], december["hazards"]["accepted"]) == (0, 0)
    assert december["hazards"]["general"] == 1  # still open, and told as of now


def test_special_work_counts_where_it_began(plant: Plant) -> None:
    last = at("08:59", LAST)
    ends = at("10:00", LAST)
    register(plant, "DH-1")
    register(plant, "DH-2", starts_ms=last, ends_ms=ends, now_ms=last)
    register(plant, "DH-3", starts_ms=last + 60_000, ends_ms=ends, now_ms=last)  # December's
    cancel(plant, register(plant, "DH-4", level="special"), at("08:00"))  # did not take place
    november = month(plant)["works"]
    assert (november["fire_1"], november["fire_special"], november["total"]) == (2, 0, 2)
    december = draft(plant, at("09:05", "2027-01-01"), "2026-12-31", "monthly").content["works"]
    assert december["total"] == 1
    found = draft(plant, AFTER, LAST, "monthly").figures.works
    assert found is not None
    assert [one.row["no"] for one in found.under("fire_1")] == ["DH-1", "DH-2"]
    assert found.differing == ()


def test_the_plant_stands_as_of_now_and_open_gaps_close_the_button(plant: Plant) -> None:
    furnish(plant)
    register(plant, "DH-1")
    enter(plant, "U1", "maintenance", at("08:00", LAST), note="换热器")
    found = draft(plant, AFTER, LAST, "monthly")
    assert found.content["plant"]["units"]["maintenance"] == 1
    gaps = {gap.code: gap.n for gap in found.figures.gaps}
    assert gaps == {"work_over": 1, "states_stale": 4}
    codes = [one["code"] for one in found.content["named"]]
    assert "unsigned" in codes  # named, but nobody can sign a shift of last week any more


def test_levels_and_crews_count_days_of_the_period(good_day: Plant) -> None:
    doc = draft(make_calm(good_day), AFTER, LAST, "monthly").content
    assert doc["crews"] == {"signed": 2, "of": 3}  # 乙班 on Monday did not
    assert [(one["name"], one["signed"], one["of"]) for one in doc["levels"]] == [
        ("车间", 1, 2),
        ("厂级", 1, 2),
    ]
    named = {one["code"]: one["zh"] for one in doc["named"]}
    assert named["unsigned"] == "1 个班次没有签字。"
    assert named["level_unsigned"] == "班组以上有 2 次没有签字。"
    assert "没有每班逐级签字" in doc["text"]["zh"]


def test_a_period_in_which_all_went_well_is_clear_in_words_of_a_period(good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run("DELETE FROM roster WHERE instance IN (SELECT id FROM instance WHERE crew = 'YI')")
        db.run("DELETE FROM slot WHERE s IN (SELECT s FROM instance WHERE crew = 'YI')")
    text = month(good_day)["text"]
    assert text["state"] == "clear"
    assert text["zh"].startswith("这期间，我公司各班都做了班前安全风险研判。应到的人都做了班前承诺")
    assert text["en"].startswith(
        "In this period our company assessed the risks before every shift."
    )


def test_a_period_without_a_shift_has_its_own_sentence(plant: Plant) -> None:
    doc = draft(plant, MONDAY, FREE_WEEK, "weekly").content
    assert doc["text"]["state"] == "no_shift"
    assert doc["text"]["zh"].startswith("这期间没有人排班")
    assert (doc["total"], doc["groups"], doc["crews"]) == (None, [], {"signed": 0, "of": 0})


def test_changes_of_rosters_are_told_over_the_period(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run(
            "UPDATE roster SET ended_ms = :now, ended_why = 'leave', ended_by = 'x'"
            " WHERE instance = :i AND person = :p",
            now=at("07:50"),
            i=plant.instance()["id"],
            p=plant.id("mate"),
        )
    assert month(plant)["roster"] == {"added": 0, "ended": 1}


def test_two_ways_of_counting_that_disagree_close_the_button(good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :now WHERE person = :p AND ended_ms IS NULL",
            now=at("08:30"),
            p=good_day.id("worker"),
        )
    assert draft(good_day, AFTER, LAST, "monthly").figures.gap("differs") == 1


def test_what_is_asked_of_the_store_does_not_grow_with_the_period(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def count(cls: type, name: str) -> None:
        plain = getattr(cls, name)

        def counted(self: object, sql: str, **values: object) -> object:
            nonlocal asked
            asked += 1
            return plain(self, sql, **values)

        monkeypatch.setattr(cls, name, counted)

    for cls in (SqliteDb, PostgresDb):
        for name in ("rows", "row", "value"):
            count(cls, name)
    facts, found = settings.get(plant.store), []
    for code in ("", "DING", "WU", "JI"):
        if code:
            add_crew(plant, code, 7)
        asked = 0
        announcements.derive(plant.store, facts, LAST, AFTER, "monthly")
        found.append(asked)
    assert len(set(found)) == 1 and found[0] <= 20


def test_no_name_of_anybody_is_in_the_document(good_day: Plant) -> None:
    doc = draft(make_calm(good_day), AFTER, LAST, "monthly").content
    text = json.dumps(doc, ensure_ascii=False)
    for row in good_day.store.rows("SELECT id, name FROM person ORDER BY id"):
        assert row["name"] not in text
        assert row["id"] not in text
