"""The draft follows from the records: figures, sentence, what is named, what closes the button."""

from __future__ import annotations

import json

from shiftapp.model import announcements, findings, settings, slots
from shiftapp.model.announcements import Draft
from shiftapp.model.counts import Count
from shiftapp.store import Store
from tests.announcing import (
    add_crew,
    at,
    commit,
    day_works,
    draft,
    night_works,
    shift_of,
    sign,
)
from tests.plant import NOW_MS, TODAY, Plant
from tests.sealing import deliver, hazard_body, run_body

NINE = at("09:05")


def codes(found: Draft) -> list[str]:
    return [one["code"] for one in found.content["named"]]


def gaps(found: Draft) -> dict[str, int]:
    return {gap.code: gap.n for gap in found.figures.gaps}


def test_a_good_day_is_clear(good_day: Plant) -> None:
    found = draft(good_day, NINE)
    assert found.content["text"]["state"] == "clear"
    assert "应到的人都做了班前承诺" in found.content["text"]["zh"]
    assert "Everybody expected" in found.content["text"]["en"]
    assert found.content["total"] == {"n": 12, "on": 12, "off": 0, "late": 0, "none": 0}
    assert found.content["crews"] == {"signed": 2, "of": 2}
    assert codes(found) == []
    assert gaps(found) == {}


def test_each_shift_stands_with_its_group_and_its_figures(plant: Plant) -> None:
    night_works(plant)
    found = draft(plant, NINE).content["shifts"]
    assert [(s["group_name"], s["shift"], s["date"], s["n"], s["on"]) for s in found] == [
        ("生产一部丙班", "夜班", "2026-11-23", 6, 6),
        ("生产一部甲班", "白班", TODAY, 6, 0),
    ]


def test_late_is_told_in_figures_and_is_no_gap(plant: Plant) -> None:
    night_works(plant)
    day_works(plant, missing=1)
    commit(plant, "leader", at("08:20"))
    found = draft(plant, NINE)
    assert found.content["total"]["late"] == 1
    assert found.content["text"]["state"] == "clear"
    assert gaps(found) == {}


def test_somebody_missing_is_named_and_the_crews_reason_opens_the_button(plant: Plant) -> None:
    night_works(plant)
    day_works(plant, missing=1)
    found = draft(plant, NINE)
    assert found.content["text"]["state"] == "named"
    assert "除下面写明的以外" in found.content["text"]["zh"]
    assert found.content["named"] == [
        {
            "code": "missing",
            "n": 1,
            "zh": "1 人在班，还没做班前承诺。",
            "en": "1 person on shift has not made the commitment yet.",
        }
    ]
    assert gaps(found) == {}  # the leader signed it with a reason


def test_missing_becomes_missed_when_the_shift_is_over(plant: Plant) -> None:
    night_works(plant, missing=2)
    day_works(plant)
    found = draft(plant, NINE)
    assert codes(found) == ["missed"]
    assert found.content["named"][0]["en"].startswith("2 people made no commitment")


def test_a_crew_that_has_not_signed_is_a_gap_and_named(plant: Plant) -> None:
    night_works(plant)
    found = draft(plant, NINE)
    assert gaps(found) == {"unsigned": 1}
    assert codes(found) == ["missing", "unsigned"]
    assert found.content["crews"] == {"signed": 1, "of": 2}


def test_a_veto_closes_the_button_until_answered_and_is_named_until_fixed(good_day: Plant) -> None:
    bad = next(
        step["n"]
        for step in json.loads(good_day.store.value("SELECT doc FROM checklist WHERE job = 'J02'"))[
            "steps"
        ]
        if step.get("veto")
    )
    deliver(good_day, run_body(good_day, "worker", at("08:10"), bad=bad), at_ms=at("08:10"))
    found = draft(good_day, NINE)
    assert gaps(found) == {"veto_unanswered": 1, "unsigned": 1}  # it also reopens the signature
    assert codes(found)[0] == "veto_unanswered"
    veto = found.figures.hazards.veto_unanswered()[0]
    with good_day.store.tx() as db:
        findings.answer(
            db,
            veto["id"],
            "assigned",
            by=good_day.id("leader"),
            now_ms=at("08:20"),
            assignee=good_day.id("leader"),
            due_ms=at("10:00"),
        )
    found = draft(good_day, NINE)
    assert codes(found) == ["veto_open"]
    assert gaps(found) == {}
    with good_day.store.tx() as db:
        findings.answer(db, veto["id"], "fixed", by=good_day.id("leader"), now_ms=at("08:40"))
    assert codes(draft(good_day, NINE)) == []


def test_a_reported_fault_is_named_until_somebody_answers(plant: Plant) -> None:
    night_works(plant)
    deliver(plant, hazard_body(plant, "mate", "机封滴油", at("07:40")), at_ms=at("07:40"))
    found = draft(plant, NINE)
    assert found.content["hazards"] == {
        "general": 1,
        "major": 0,
        "veto_unanswered": 0,
        "unanswered": 1,
    }
    assert "unanswered" in codes(found)


def test_a_major_hazard_is_named_until_it_is_accepted(good_day: Plant) -> None:
    deliver(good_day, hazard_body(good_day, "mate", "罐底渗漏", at("07:40")), at_ms=at("07:40"))
    hazard = findings.hazards(good_day.store, only_open=True)[0]["id"]
    leader = good_day.id("leader")
    with good_day.store.tx() as db:
        findings.set_level(db, hazard, "major")
    assert gaps(draft(good_day, NINE))["major"] == 1
    with good_day.store.tx() as db:
        findings.answer(db, hazard, "fixed", by=leader, now_ms=at("08:40"))
    sign_again = draft(good_day, NINE)
    assert codes(sign_again) == ["major"]
    with good_day.store.tx() as db:
        findings.accept(db, hazard, by=good_day.id("manager"), now_ms=at("08:50"))
    assert codes(draft(good_day, NINE)) == []


def test_an_earlier_instant_has_the_hazards_of_then(good_day: Plant) -> None:
    """As the counts beside them: derived later for 08:35, nobody had answered."""
    deliver(good_day, hazard_body(good_day, "mate", "罐底渗漏", at("07:40")), at_ms=at("07:40"))
    hazard = findings.hazards(good_day.store, only_open=True)[0]["id"]
    instants = [at(clock) for clock in ("07:39", "08:35", "08:45", "08:55")]
    before = [draft(good_day, at_ms).content["hazards"] for at_ms in instants[:2]]
    with good_day.store.tx() as db:
        leader = good_day.id("leader")
        findings.answer(db, hazard, "fixed", by=leader, now_ms=at("08:40"))
    assert draft(good_day, at("08:45")).content["hazards"]["unanswered"] == 0
    with good_day.store.tx() as db:
        findings.accept(db, hazard, by=good_day.id("manager"), now_ms=at("08:50"))
    after = [draft(good_day, at_ms).content["hazards"] for at_ms in instants]
    assert after[:2] == before
    assert [found["general"] for found in after] == [0, 1, 1, 0]
    assert [found["unanswered"] for found in after] == [0, 1, 0, 0]


def test_who_is_not_fit_today_is_nobodys_business(plant: Plant) -> None:
    before = draft(plant, NINE).content
    commit(plant, "worker", at("07:45"), bad="fit")
    assert [f["kind"] for f in findings.of_instance(plant.store, plant.instance()["id"])] == [
        "replace"
    ]
    assert draft(plant, NINE).content == before


def test_a_day_without_a_shift_has_its_own_sentence(plant: Plant) -> None:
    found = draft(plant, at("09:05", "2026-12-30"), "2026-12-30")
    assert found.content["text"]["state"] == "no_shift"
    assert found.content["total"] is None
    assert found.content["shifts"] == []
    assert gaps(found) == {}
    assert found.figures.settled_ms is None


def test_an_empty_install_has_a_draft(store: Store) -> None:
    found = announcements.derive(store, settings.Settings(), "2026-11-24", NOW_MS)
    assert found.content["text"]["state"] == "no_shift"


def test_a_small_group_is_in_no_figure_and_the_sentence_speaks_of_the_others(plant: Plant) -> None:
    night_works(plant)
    small = add_crew(plant, "DING", 3)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    day_works(plant)
    for person in small[:2]:
        commit(plant, person, at("07:45"), shift=shift_of("DING"))
    sign(plant, "DING", TODAY, "D", at("08:10"))
    found = draft(plant, NINE)
    assert found.content["total"]["n"] == 12
    assert found.content["small"] == {"shifts": 1, "counted": False, "count": None}
    assert "下面列出的各班" in found.content["text"]["zh"]
    assert codes(found) == []  # one of three is missing, and the page must not tell
    assert "DING" not in json.dumps(found.content, ensure_ascii=False)


def test_an_unsigned_small_group_closes_the_button_like_any_other(good_day: Plant) -> None:
    add_crew(good_day, "DING", 3)
    assert gaps(draft(good_day, NINE)) == {"unsigned": 1}


def test_two_ways_of_counting_that_disagree_close_the_button(good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :now WHERE person = :p AND ended_ms IS NULL",
            now=at("08:30"),
            p=good_day.id("worker"),
        )
    found = draft(good_day, NINE)
    assert gaps(found) == {"differs": 1}
    assert codes(found) == ["differs"]
    assert [part.count for part in found.figures.parts if not part.agrees] == [Count(5, 5, 0, 0, 0)]


def test_the_draft_has_one_name_until_something_changes(plant: Plant) -> None:
    first = draft(plant, NINE).sha
    assert draft(plant, NINE + 60_000).sha == first
    commit(plant, "worker", at("08:50"))
    assert draft(plant, NINE).sha != first


def test_no_name_and_no_number_of_anybody_is_in_the_document(plant: Plant) -> None:
    night_works(plant, missing=1)
    day_works(plant, missing=1)
    commit(plant, "leader", at("08:20"), bad="fit")
    text = json.dumps(draft(plant, NINE).content, ensure_ascii=False)
    for row in plant.store.rows("SELECT id, no, name FROM person ORDER BY id"):
        assert row["name"] not in text
        assert row["id"] not in text
        assert f'"{row["no"]}"' not in text
