"""Over anything open the text is not the clear one, and each open thing is named: every code."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import announcement_words, facilities, findings, roster, work_figures
from shiftapp.model.announcement_words import CODES, sentence
from shiftapp.model.facilities import Facility
from shiftapp.model.open_points import CLOSING
from tests.announcing import add_crew, at, draft
from tests.calm import NINE, make_calm
from tests.climbing import ALL_IN_PLACE, TOP, WORKSHOP, climb
from tests.crew import veto_step
from tests.furnishing import enter
from tests.permits import register
from tests.plant import PUMPS, Plant
from tests.sealing import deliver, hazard_body, run_body
from tests.sealing_log import seal

CLEAR_STATES = ("clear", "no_shift", "stopped")


@pytest.fixture
def calm(good_day: Plant) -> Plant:
    """The plant of the good day with facilities, permits and a ladder, nothing open."""
    return make_calm(good_day)


def hazard(plant: Plant, level: str = "general", part: str = "mate") -> int:
    """A fault reported at 08:10; its number."""
    deliver(plant, hazard_body(plant, part, "机封滴油", at("08:10")), at_ms=at("08:10"))
    found = int(findings.hazards(plant.store, only_open=True)[0]["id"])
    with plant.store.tx() as db:
        findings.set_level(db, found, level)
    return found


def answer(plant: Plant, id: int, outcome: findings.Outcome) -> None:
    with plant.store.tx() as db:
        leader = plant.id("leader")
        due_ms = at("10:00") if outcome == "assigned" else None
        findings.answer(
            db, id, outcome, by=leader, now_ms=at("08:20"), assignee=leader, due_ms=due_ms
        )


def failed_veto(plant: Plant) -> int:
    body = run_body(plant, "worker", at("08:10"), bad=veto_step(plant))
    deliver(plant, body, at_ms=at("08:10"))
    return int(findings.hazards(plant.store, only_open=True)[0]["id"])


def add(plant: Plant, crew: str, date: str, code: str) -> None:
    """钱七 is put on a roster after its window opened, and commits to nothing."""
    with plant.store.tx() as db:
        roster.add(
            db,
            plant.instance(crew, date, code)["id"],
            plant.id("outsider"),
            [roster.Post(PUMPS, "J02")],
            how="added",
            by=plant.id("leader"),
            now_ms=at("07:55"),
            random=plant.random,
        )


def unsafe_store(plant: Plant) -> None:
    save(plant, Facility("W2", "YC", "warehouse", "五金库"))
    enter(plant, "W2", "unsafe", at("08:00"), note="屋面漏水")


def save(plant: Plant, facility: Facility) -> None:
    with plant.store.tx() as db:
        facilities.save(db, facility)


def not_in_place(plant: Plant) -> None:
    """The workshop signs again: one item of its research is not in place."""
    with plant.store.tx() as db:
        db.run("DELETE FROM unit_signoff")
    item = next(iter(ALL_IN_PLACE))
    answers = {**ALL_IN_PLACE, item: "no"}
    climb(plant, WORKSHOP, at("08:50"), answers=answers, notes={item: "已停用，挂牌"})
    climb(plant, TOP, at("08:55"))


def unsign_levels(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DELETE FROM unit_signoff")


def end_a_slot(plant: Plant) -> None:
    """The public log loses somebody whom the roster has."""
    with plant.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :now WHERE person = :p AND ended_ms IS NULL",
            now=at("08:30"),
            p=plant.id("worker"),
        )


CAUSES: dict[str, Callable[[Plant], object]] = {
    "veto_unanswered": failed_veto,
    "major_unsafe": lambda plant: enter(plant, "T1", "unsafe", at("08:00"), note="液位超限"),
    "facility_contradicts": lambda plant: hazard(plant, "major", "worker"),
    "veto_open": lambda plant: answer(plant, failed_veto(plant), "assigned"),
    "major": lambda plant: answer(plant, hazard(plant, "major"), "fixed"),
    "storage_unsafe": unsafe_store,
    "gas_over": lambda plant: register(plant, "DH-2", gas_every_min=30),
    "work_over": lambda plant: register(plant, "DH-2", ends_ms=at("08:50")),
    "work_unguarded": lambda plant: register(plant, "DH-2", guardians=()),
    "work_bare": lambda plant: register(plant, "DH-2", guardians=("2001",)),
    "research_no": not_in_place,
    "unanswered": hazard,
    "missing": lambda plant: add(plant, "JIA", "2026-11-24", "D"),
    "missed": lambda plant: add(plant, "BING", "2026-11-23", "N"),
    "unsealed": lambda plant: seal(plant.store, plant.keys, at("08:30")),
    "level_unsigned": unsign_levels,
    "unsigned": lambda plant: add_crew(plant, "DING", 6),
    "states_stale": lambda plant: save(plant, Facility("U3", "YC", "unit", "新装置")),
    "differs": end_a_slot,
}


def test_a_calm_day_is_clear(calm: Plant) -> None:
    found = draft(calm, NINE)
    assert found.content["text"] == {
        "state": "clear",
        "zh": "我公司今天已做班前安全风险研判。应到的人都做了班前承诺，报上来的异常都有人答复，"
        "没有未消除的重大隐患，风险防控措施已落实。运行的装置处于安全运行状态，罐区、仓库和重大危险源受控。",
        "en": "Our company has assessed today's risks before the shift. Everybody expected made the"
        " pre-shift commitment, what was reported has been answered, there is no open major hazard,"
        " and the risk controls are in place. The process units in operation run safely; the tank"
        " farms, the warehouses and the major-hazard facilities are under control.",
    }
    assert found.content["named"] == []
    assert found.figures.gaps == ()
    assert found.content["risk"] == {"grade": 3, "because": ["fire_1", "confined"]}


@pytest.mark.parametrize("code", CODES)
def test_each_open_thing_is_named_and_takes_the_clear_text_away(
    calm: Plant, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code == "figures_differ":  # two ways of counting that cannot be made to differ by records
        monkeypatch.setattr(work_figures, "_counted", lambda *_: [])
    else:
        CAUSES[code](calm)
    found = draft(calm, NINE)
    named = {one["code"]: one for one in found.content["named"]}
    assert code in named
    assert named[code] == sentence(code, named[code]["n"])
    assert found.content["text"]["state"] not in CLEAR_STATES
    for comfort in ("受控", "安全运行", "没有未消除", "都做了班前承诺"):
        assert comfort not in found.content["text"]["zh"]
    if code in CLOSING and code != "major":  # that one was answered
        assert found.figures.gap(code) == named[code]["n"]
    assert {gap.code for gap in found.figures.gaps} <= set(named)


def test_every_code_that_closes_the_button_has_a_sentence() -> None:
    assert set(CLOSING) <= set(CODES)
    assert set(CAUSES) | {"figures_differ"} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_counts_one_and_more_in_both_languages(code: str) -> None:
    for period in (False, True):
        one, more = sentence(code, 1, period=period), sentence(code, 23, period=period)
        assert one["en"] != str(more["en"]).replace("23", "1")
        for said in (one, more):
            zh, en = str(said["zh"]), str(said["en"])
            assert zh.endswith("。") and en.endswith(".")
            assert str(said["n"]) in zh and str(said["n"]) in en
            assert "%" not in zh + en
            assert not re.search(r"[，。、；：“”（）]", en)
            assert not re.search(r"[\u4e00-\u9fff]", en)


def test_the_worst_stands_first(calm: Plant) -> None:
    failed_veto(calm)
    register(calm, "DH-2", ends_ms=at("08:50"))
    order = [one["code"] for one in draft(calm, NINE).content["named"]]
    assert order == sorted(order, key=announcement_words.CODES.index)
    assert order[0] == "veto_unanswered"


def test_until_every_level_has_signed_nobody_says_that_the_risks_were_assessed(
    calm: Plant,
) -> None:
    unsign_levels(calm)
    text = draft(calm, NINE).content["text"]
    assert "已做" not in text["zh"] and "还没有逐级签完字" in text["zh"]
    assert "has assessed" not in text["en"]


def test_a_contradiction_names_the_facilities_and_what_stands_against_them(calm: Plant) -> None:
    id = hazard(calm, "major", "worker")  # at the pumps, in the area of both units
    plant = draft(calm, NINE).figures.plant
    assert plant is not None
    assert [
        (one.facility.row["code"], [h["id"] for h in one.hazards]) for one in plant.contradictions
    ] == [("U1", [id]), ("U2", [id])]
    enter(calm, "U1", "stopped", at("08:30"))
    plant = draft(calm, NINE).figures.plant
    assert plant is not None
    assert [one.facility.row["code"] for one in plant.contradictions] == ["U2"]


def test_who_looks_after_the_answer_may_find_a_facility_safe(calm: Plant) -> None:
    """Somebody answers for the hazard, then somebody looks: "running" is no old word any more."""
    id = hazard(calm, "major", "worker")
    answer(calm, id, "assigned")
    plant = draft(calm, NINE).figures.plant
    assert plant is not None and len(plant.contradictions) == 2
    with calm.store.tx() as db:
        facilities.look(db, "YC", by=calm.id("manager"), now_ms=NINE)
    found = draft(calm, NINE)
    assert found.figures.plant is not None and found.figures.plant.contradictions == ()
    assert [one["code"] for one in found.content["named"]] == ["major"]


def test_an_open_thing_settled_gives_the_clear_text_back(calm: Plant) -> None:
    id = hazard(calm)
    assert draft(calm, NINE).content["text"]["state"] == "named"
    answer(calm, id, "fixed")
    assert draft(calm, NINE).content["text"]["state"] == "clear"
