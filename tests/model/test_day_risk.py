"""The grade of a day follows from the announcement's own figures by published rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.model import day_risk
from shiftapp.model.announcement_words import CODES, sentence
from shiftapp.model.work_figures import ACROSS, KINDS
from tests.announcing import at, draft
from tests.calm import NINE, make_calm
from tests.permits import register
from tests.plant import Plant

RULES = library.day_risk()["rules"]
PLANT = ("startup", "shutdown", "trial")


def doc(*codes: str) -> dict[str, Any]:
    """A document in which the figures of some rules are 1 and all others 0."""
    return {
        "plant": {code: int(code in codes) for code in PLANT},
        "works": {code: int(code in codes) for code in (*KINDS, *ACROSS, "total")},
        "named": [sentence(code, 1) for code in codes if code in CODES],
    }


def test_every_rule_speaks_of_a_figure_that_there_is() -> None:
    known = {*PLANT, *KINDS, *ACROSS, *CODES}
    assert {rule["code"] for rule in RULES} <= known
    assert len({rule["code"] for rule in RULES}) == len(RULES)


def test_grades_and_rules_have_words_in_both_languages() -> None:
    assert [grade["no"] for grade in library.day_risk()["grades"]] == [1, 2, 3, 4]
    for one in (*library.day_risk()["grades"], *RULES):
        assert one["name"] and one["name_en"]
    assert {rule["grade"] for rule in RULES} == {1, 2, 3}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["code"])
def test_each_rule_gives_its_grade(rule: dict[str, Any]) -> None:
    assert day_risk.grade(doc(rule["code"])) == {
        "grade": rule["grade"],
        "because": [rule["code"]],
    }


def test_a_day_with_nothing_of_it_is_low() -> None:
    assert day_risk.grade(doc()) == {"grade": 4, "because": []}
    nothing = {"plant": None, "works": None, "named": []}
    assert day_risk.grade(nothing) == {"grade": 4, "because": []}


@given(st.lists(st.sampled_from([rule["code"] for rule in RULES]), unique=True))
def test_the_worst_decides_and_more_never_makes_it_better(codes: list[str]) -> None:
    found = day_risk.grade(doc(*codes))
    grades = {rule["code"]: rule["grade"] for rule in RULES}
    assert found["grade"] == min((grades[code] for code in codes), default=4)
    assert set(found["because"]) == {  # type: ignore[call-overload]
        code for code in codes if grades[code] == found["grade"]
    }
    for code in codes:
        fewer = day_risk.grade(doc(*(one for one in codes if one != code)))
        assert int(str(fewer["grade"])) >= int(str(found["grade"]))


def test_special_grade_hot_work_makes_the_day_considerable(good_day: Plant) -> None:
    make_calm(good_day)
    register(good_day, "DH-9", level="special", starts_ms=at("10:00"), ends_ms=at("12:00"))
    assert draft(good_day, NINE).content["risk"] == {"grade": 2, "because": ["fire_special"]}
