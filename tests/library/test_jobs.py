"""The 17 jobs that ship: every step with evidence and veto, good data, English beside it."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp import library
from shiftapp.library.check import check_checklist, hints
from shiftapp.library.lint import lint_document
from tests.library.twins import without_english

# Each step of the seed scripts, in order: its evidence (main+further), * = veto step.
STEPS = {
    "J01": "R *R *R+D R C C R D",
    "J02": "*R C R+S R *R C S C",
    "J03": "*P *R *S C C C D *D T",
    "J04": "*P *S *R C C *R+D R T",
    "J05": "*S+D R *C *C *P *P R *D",
    "J06": "*C C *C C C *C C P",
    "J07": "C *C *C C R *C C C",
    "J08": "*D C *S C C *T+D P C",
    "J09": "*P C *P *T *C R+D C C",
    "J10": "*R *C *D C *C R C C",
    "J11": "R *R *C R *D C D",
    "J12": "*R *P R *R *P C C C",
    "J13": "*R *C R *R *T C C",
    "J14": "*P *R *C C *R D C",
    "J15": "*C *T P *P *R+D *D C D",
    "J16": "*R *C R *R C C",
    "J17": "*C *C D *P C *C",
}
NAMES = {
    "J01": "DCS 内操",
    "J02": "外操巡检",
    "J03": "动火作业监护人",
    "J05": "电工停送电",
    "J09": "危化品槽车装卸工",
    "J12": "危货车驾驶员出车前",
    "J17": "承包商入场作业人员",
}
JOBS = library.jobs()
every_job = pytest.mark.parametrize("code", JOBS)


def steps(code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = JOBS[code]["checklist"]["steps"]
    return found


def test_there_are_seventeen() -> None:
    assert list(JOBS) == list(STEPS)


@pytest.mark.parametrize("code", NAMES)
def test_a_job_is_called_as_in_the_trade(code: str) -> None:
    assert JOBS[code]["name"] == NAMES[code]


@every_job
def test_every_step_asks_for_its_evidence(code: str) -> None:
    found = [
        ("*" if step["veto"] else "") + "+".join([step["ev"], *step.get("also", [])])
        for step in steps(code)
    ]
    assert " ".join(found) == STEPS[code]


@every_job
def test_a_shipped_checklist_may_be_published(code: str) -> None:
    checklist = JOBS[code]["checklist"]
    assert check_checklist(checklist) == []
    assert check_checklist(library.with_examples(checklist)) == []


@every_job
def test_a_shipped_checklist_is_a_model_for_others(code: str) -> None:
    """Short calls, not too many steps, a step that stops."""
    assert hints(JOBS[code]["checklist"]) == []


@every_job
def test_no_shipped_text_shifts_liability(code: str) -> None:
    assert lint_document(JOBS[code]) == []


@every_job
def test_every_text_has_an_english_twin(code: str) -> None:
    assert list(without_english(JOBS[code])) == []


@every_job
def test_a_risk_card_names_three_risks_with_their_defence(code: str) -> None:
    card = JOBS[code]["card"]
    assert len(card["risks"]) == 3
    assert all(r["hazard"] and r["defence"] and r["level"] in "ABCD" for r in card["risks"])
    assert all(card[name] for name in ("consequence", "measures", "emergency", "level"))


@every_job
def test_protection_is_named_by_the_options_of_the_commitment(code: str) -> None:
    item = next(one for one in library.commitment()["items"] if one["type"] == "ppe")
    offered = {option["id"] for option in item["options"] if option["r"] == "ok"}
    assert JOBS[code]["ppe"] and set(JOBS[code]["ppe"]) <= offered


def test_examples_set_limits_and_leave_the_original_alone() -> None:
    checklist = JOBS["J02"]["checklist"]
    tried = library.with_examples(checklist)
    assert (checklist["steps"][2]["lo"], tried["steps"][2]["lo"]) == (None, "0.55")
    assert "example" in checklist["steps"][2] and "example" not in tried["steps"][2]


def test_each_call_gives_a_copy() -> None:
    library.job("J02")["checklist"]["steps"].clear()
    assert len(library.job("J02")["checklist"]["steps"]) == 8


def test_an_unknown_job_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        library.job("J99")
