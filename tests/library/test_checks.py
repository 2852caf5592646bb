"""What keeps a checklist or a commitment text from being published, and that checks never raise."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.library.check import check_checklist, check_commitment, hints
from shiftapp.library.faults import SENTENCES, Fault
from shiftapp.library.lint import lint_document
from shiftapp.model import versions

Doc = dict[str, Any]


def checklist() -> Doc:
    found: Doc = library.job("J02")["checklist"]
    return found


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


def broken(doc: Doc, path: str, value: object) -> Doc:
    """The document with another value at `steps.0.call`; `…` takes the field away."""
    doc = copy.deepcopy(doc)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = doc
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return doc


@pytest.mark.parametrize(
    ("path", "value", "code", "at"),
    [
        ("title", "", "no_text", "title"),
        ("title", "长" * 201, "text_too_long", "title"),
        ("steps", [], "no_steps", "steps"),
        ("steps", "八步", "no_steps", "steps"),
        ("steps.0", "第一步", "bad_step", "steps[0]"),
        ("steps.0.n", 2, "bad_number", "steps[0].n"),
        ("steps.0.n", True, "bad_number", "steps[0].n"),
        ("steps.1.target", ..., "no_text", "steps[1].target"),
        ("steps.1.call", "   ", "no_text", "steps[1].call"),
        ("steps.1.call", "喊\x00", "bad_character", "steps[1].call"),
        ("steps.1.call", "喊\ud800", "bad_character", "steps[1].call"),
        ("steps.1.risk", 7, "no_text", "steps[1].risk"),
        ("steps.1.criteria", [], "no_criteria", "steps[1].criteria"),
        ("steps.1.criteria", ["一", "二", "三", "四"], "no_criteria", "steps[1].criteria"),
        ("steps.1.criteria_en", ["one"], "bad_criteria_en", "steps[1].criteria_en"),
        ("steps.1.ev", "X", "bad_evidence", "steps[1].ev"),
        ("steps.1.ev", "RS", "bad_evidence", "steps[1].ev"),
        ("steps.1.also", ["C"], "bad_also", "steps[1].also"),
        ("steps.1.ev", "D", "no_second", "steps[1].second"),
        ("steps.1.ev", "T", "bad_timer", "steps[1].timer_ms"),
        ("steps.1.hi", "5", "stray_limit", "steps[1].lo"),
        ("steps.0.reading", ..., "no_reading", "steps[0].reading"),
        ("steps.0.reading.label", "", "no_reading", "steps[0].reading"),
        ("steps.0.reading.unit", ..., "no_unit", "steps[0].reading.unit"),
        ("steps.0.hi", "1e3", "bad_limit", "steps[0].hi"),
        ("steps.0.hi", "1.1234567", "bad_limit", "steps[0].hi"),
        ("steps.0.hi", "５", "bad_limit", "steps[0].hi"),
        ("steps.0.lo", "9", "limits_swapped", "steps[0].lo"),
        ("steps.0.veto", "yes", "bad_veto", "steps[0].veto"),
        ("steps.0.fail", "report", "bad_fail", "steps[0].fail"),
        ("steps.1.fail", "pray", "bad_fail", "steps[1].fail"),
        ("steps.1.dwell_ms", -1, "bad_dwell", "steps[1].dwell_ms"),
        ("steps.1.dwell_ms", 2.5, "bad_figure", "steps[1].dwell_ms"),
    ],
)
def test_a_checklist_with_a_fault_names_it_and_its_place(
    path: str, value: object, code: str, at: str
) -> None:
    faults = check_checklist(broken(checklist(), path, value))
    assert (code, at) in [(fault.code, fault.at) for fault in faults]


@pytest.mark.parametrize("doc", [None, "", [], 7, {"steps": None}])
def test_something_else_is_no_checklist(doc: object) -> None:
    assert check_checklist(doc) != []


def test_sixty_steps_are_enough() -> None:
    doc = checklist()
    doc["steps"] = [{**doc["steps"][1], "n": n} for n in range(1, 62)]
    assert codes(check_checklist(doc)) == ["too_many_steps"]


def test_limits_may_be_equal_and_may_be_missing() -> None:
    assert check_checklist(broken(checklist(), "steps.0.lo", "5")) == []
    assert check_checklist(broken(checklist(), "steps.0.hi", None)) == []


def test_unknown_fields_are_left_alone() -> None:
    assert check_checklist({**checklist(), "colour": "blue"}) == []


def test_a_field_name_that_no_hash_takes_is_refused() -> None:
    doc = {**checklist(), "note\ud800": "x"}
    assert codes(check_checklist(doc)) == ["bad_character"]


def test_a_sentence_names_the_step_in_both_languages() -> None:
    doc = library.with_examples(checklist())
    [fault] = check_checklist(broken(doc, "steps.4.lo", "90"))
    assert str(fault) == "第 5 步：下限比上限大。"
    assert fault.en == "Step 5: the lower limit is above the upper one."


def test_hints_speak_of_the_wording() -> None:
    doc = broken(checklist(), "steps.1.call", "风从哪里来，往哪一侧撤离，确认")
    assert codes(hints(doc)) == ["long_call"]
    doc["steps"] = [{**doc["steps"][3], "n": n} for n in range(1, 11)]
    assert codes(hints(doc)) == ["many_steps", "no_veto"]


def test_a_faulty_checklist_gets_no_hints() -> None:
    assert hints({"title": "", "steps": []}) == []


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("title", ..., "no_text"),
        ("oath", "", "no_text"),
        ("rights", "", "no_text"),
        ("items", [], "no_items"),
        ("items.0.type", "choice", "no_fit"),
        ("items.0.neg", "todo", "bad_neg"),
        ("items.1.neg", "replace", "bad_neg"),
        ("items.1.type", "guess", "bad_type"),
        ("items.1.id", "fit", "same_id"),
        ("items.1.id", "防护", "bad_id"),
        ("items.1.q", "", "no_text"),
        ("items.2", [], "bad_item"),
        ("items.2.options", [], "no_options"),
        ("items.2.options.0.r", "fine", "bad_option"),
        ("items.2.options.1.id", "clear", "bad_option"),
        ("items.2.options.1.r", "ok", "no_equal_way"),
        ("items.0.options.1.r", "ok", "no_equal_way"),
    ],
)
def test_a_commitment_text_with_a_fault_names_it(path: str, value: object, code: str) -> None:
    assert code in codes(check_commitment(broken(library.commitment(), path, value)))


def test_thirty_questions_are_enough() -> None:
    doc = library.commitment()
    doc["items"] += [{**doc["items"][2], "id": f"q{n}"} for n in range(25)]
    assert codes(check_commitment(doc)) == ["too_many_items"]


def test_a_question_about_the_card_brings_its_answers_along() -> None:
    assert check_commitment(broken(library.commitment(), "items.4.options", [])) == []


# Nothing raises, whatever comes -------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def spoilt(draw: st.DrawFn, doc: Doc) -> Doc:
    """A good document with one value in it replaced by anything."""
    doc = copy.deepcopy(doc)
    place: Any = doc
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        inside = place[key]
        if not isinstance(inside, dict | list) or not inside or draw(st.booleans()):
            place[key] = draw(JSON)
            return doc
        place = inside


@given(JSON)
def test_checks_take_anything(value: object) -> None:
    for check in (check_checklist, check_commitment, hints, lint_document):
        assert isinstance(check(value), list)


@given(spoilt(checklist()))
def test_a_spoilt_checklist_is_judged_not_raised(doc: Doc) -> None:
    if check_checklist(doc) == []:
        versions.sha(doc)
        hints(doc)


@given(spoilt(library.commitment()))
def test_a_spoilt_commitment_is_judged_not_raised(doc: Doc) -> None:
    if check_commitment(doc) == []:
        versions.sha(doc)
        lint_document(doc)


def test_every_sentence_is_there_in_both_languages() -> None:
    for zh, en in SENTENCES.values():
        assert zh.endswith("。") and en.endswith(".")
        assert "{where}" in zh or "{where" not in en
