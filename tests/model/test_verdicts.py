"""A body held against the version it names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.verdicts import (
    CommitVerdict,
    FailedStep,
    Negative,
    RunVerdict,
    judge_commit,
    judge_run,
)

CHECKLIST = {
    "steps": [
        {"n": 1, "ev": "C"},
        {"n": 2, "ev": "R", "lo": "0.50", "hi": "0.80", "dwell_ms": 3000},
        {"n": 3, "ev": "C", "veto": 1},
        {"n": 4, "ev": "R", "veto": True, "lo": None, "hi": "85.0"},
    ]
}
TEXT = {
    "items": [
        {"id": "fit", "type": "fit", "neg": "replace"},
        {"id": "ppe", "type": "pick", "neg": "todo"},
        {"id": "guards", "type": "ok", "neg": "hazard"},
    ]
}


def step(n: int, r: str = "ok", **more: Any) -> dict[str, Any]:
    return {"n": n, "r": r, "e": "C", "from_ms": 0, "to_ms": 1000, **more}


def run(*steps: dict[str, Any], result: str = "done") -> dict[str, Any]:
    return {"kind": "run", "result": result, "steps": list(steps)}


def good(**changed: dict[str, Any]) -> list[dict[str, Any]]:
    """A good answer for each step, but for those named as `s2=…`."""
    steps = {
        "s1": step(1),
        "s2": step(2, value="0.62"),
        "s3": step(3),
        "s4": step(4, value="84.9"),
    }
    return list({**steps, **changed}.values())


def answer(i: str, r: str = "ok", **more: Any) -> dict[str, Any]:
    return {"i": i, "r": r, "a": [], **more}


def commit(*answers: dict[str, Any], result: str = "committed") -> dict[str, Any]:
    return {"kind": "commit", "result": result, "answers": list(answers)}


# Runs ---------------------------------------------------------------------------------------------


def test_a_good_run_is_done_without_flags() -> None:
    assert judge_run(run(*good()), CHECKLIST) == RunVerdict("done", (), ())


def test_a_failed_step_leaves_a_done_run_done() -> None:
    found = judge_run(run(*good(s1=step(1, "bad", note="漏油"))), CHECKLIST)
    assert found == RunVerdict("done", (), (FailedStep(1, False, "漏油", None),))


def test_a_done_run_with_a_step_missing_is_incomplete_and_taken_as_stopped() -> None:
    found = judge_run(run(*good()[:3]), CHECKLIST)
    assert found == RunVerdict("stopped", ("incomplete",), ())


def test_a_done_run_with_a_failed_veto_is_incomplete_and_taken_as_stopped() -> None:
    found = judge_run(run(*good(s3=step(3, "bad"))), CHECKLIST)
    assert found == RunVerdict("stopped", ("incomplete",), (FailedStep(3, True, "", None),))


def test_a_stopped_run_may_leave_out_the_rest() -> None:
    found = judge_run(run(step(1, "bad"), result="stopped"), CHECKLIST)
    assert found == RunVerdict("stopped", (), (FailedStep(1, False, "", None),))


def test_an_ok_outside_the_limits_is_taken_as_bad() -> None:
    found = judge_run(run(*good(s2=step(2, value="0.81"))), CHECKLIST)
    assert found == RunVerdict("done", ("limit",), (FailedStep(2, False, "", "0.81"),))


def test_an_ok_outside_the_limits_of_a_veto_step_stops_the_run() -> None:
    found = judge_run(run(*good(s4=step(4, value="85.1"))), CHECKLIST)
    assert found == RunVerdict("stopped", ("limit",), (FailedStep(4, True, "", "85.1"),))


def test_incomplete_and_limit_are_both_named() -> None:
    found = judge_run(run(step(2, value="0.1")), CHECKLIST)
    assert (found.result, found.flags) == ("stopped", ("incomplete", "limit"))


def test_a_bad_step_outside_its_limits_is_no_wrong_ok() -> None:
    found = judge_run(run(*good(s2=step(2, "bad", value="9"))), CHECKLIST)
    assert found == RunVerdict("done", (), (FailedStep(2, False, "", "9"),))


@pytest.mark.parametrize("value", ["0.50", "0.5", "0.8", "0.800000", "00.6"])
def test_limits_are_inclusive_and_compared_as_decimals(value: str) -> None:
    assert judge_run(run(*good(s2=step(2, value=value))), CHECKLIST).flags == ()


@pytest.mark.parametrize("value", ["0.499999", "0.800001", "-0.6", "999999999"])
def test_the_last_digit_decides(value: str) -> None:
    assert judge_run(run(*good(s2=step(2, value=value))), CHECKLIST).flags == ("limit",)


def test_a_limit_of_nothing_is_no_limit_and_zero_is_one() -> None:
    assert judge_run(run(*good(s4=step(4, value="-999"))), CHECKLIST).flags == ()
    above_zero = {"steps": [{"n": 1, "lo": "0", "hi": ""}]}
    assert judge_run(run(step(1, value="-0.1")), above_zero).flags == ("limit",)


def test_a_reading_step_answered_as_choice_has_no_value_to_judge() -> None:
    assert judge_run(run(*good(s2=step(2))), CHECKLIST) == RunVerdict("done", (), ())


def test_a_step_that_the_version_does_not_know_is_ignored_unless_it_is_bad() -> None:
    assert judge_run(run(*good(), step(9, value="5")), CHECKLIST) == RunVerdict("done", (), ())
    found = judge_run(run(*good(), step(9, "bad")), CHECKLIST)
    assert found == RunVerdict("done", (), (FailedStep(9, False, "", None),))


def test_with_an_unknown_version_only_what_is_bad_comes_out() -> None:
    found = judge_run(run(step(1), step(2, "bad", value="9"), step(3, value="99999")), None)
    assert found == RunVerdict("done", (), (FailedStep(2, False, "", "9"),))


readings = st.decimals(-999_999_999, 999_999_999, places=6).map("{:f}".format)


@given(readings, readings, readings)
def test_a_value_is_taken_as_bad_exactly_when_it_lies_outside(lo: str, hi: str, value: str) -> None:
    doc = {"steps": [{"n": 1, "ev": "R", "lo": lo, "hi": hi}]}
    inside = Decimal(lo) <= Decimal(value) <= Decimal(hi)
    found = judge_run(run(step(1, value=value)), doc)
    assert found.flags == (() if inside else ("limit",))
    assert len(found.failed) == (0 if inside else 1)


step_numbers = st.integers(1, 6)
versions = st.none() | st.lists(
    st.fixed_dictionaries(
        {"n": step_numbers}, optional={"veto": st.booleans(), "lo": readings, "hi": readings}
    ),
    unique_by=lambda s: s["n"],
).map(lambda steps: {"steps": steps})
runs = st.builds(
    lambda steps, result: run(*steps, result=result),
    st.lists(
        st.builds(step, step_numbers, st.sampled_from(["ok", "bad"]), value=readings),
        unique_by=lambda s: s["n"],
    ),
    st.sampled_from(["done", "stopped"]),
)


@given(runs, versions)
def test_a_run_taken_as_done_has_every_step_and_no_failed_veto(body: Any, doc: Any) -> None:
    found = judge_run(body, doc)
    answered = {s["n"] for s in body["steps"]}
    if body["result"] == "stopped":
        assert found.result == "stopped"
    if found.result == "done":
        assert not any(failed.veto for failed in found.failed)
        assert doc is None or {s["n"] for s in doc["steps"]} <= answered
    bad = {s["n"] for s in body["steps"] if s["r"] == "bad"}
    assert bad <= {failed.n for failed in found.failed} <= answered


# Commitments --------------------------------------------------------------------------------------


def test_a_whole_commitment_is_one() -> None:
    found = judge_commit(commit(answer("fit"), answer("ppe"), answer("guards")), TEXT)
    assert found == CommitVerdict("committed", (), ())


def test_a_negative_answer_does_what_its_item_says_and_the_commitment_stands() -> None:
    body = commit(answer("fit"), answer("ppe", "bad", note="手套破"), answer("guards", "bad"))
    found = judge_commit(body, TEXT)
    assert (found.result, found.flags) == ("committed", ())
    assert found.negatives == (
        Negative("ppe", "bad", "todo", "手套破"),
        Negative("guards", "bad", "hazard", ""),
    )


def test_a_commitment_with_an_item_missing_is_none_but_its_negatives_stand() -> None:
    found = judge_commit(commit(answer("fit"), answer("guards", "bad")), TEXT)
    assert (found.result, found.flags) == ("none", ("incomplete",))
    assert found.negatives == (Negative("guards", "bad", "hazard", ""),)


def test_whoever_cannot_owes_no_further_answer() -> None:
    found = judge_commit(commit(answer("fit", "unfit"), result="cannot"), TEXT)
    assert found == CommitVerdict("cannot", (), (Negative("fit", "unfit", "replace", ""),))


def test_a_bad_on_the_fit_item_asks_for_a_replacement_and_keeps_no_reason() -> None:
    body = commit(answer("fit", "bad", note="头晕"), answer("ppe"), answer("guards"))
    assert judge_commit(body, TEXT).negatives == (Negative("fit", "bad", "replace", ""),)


def test_unfit_on_another_item_asks_for_a_replacement_all_the_same() -> None:
    found = judge_commit(commit(answer("ppe", "unfit"), result="cannot"), TEXT)
    assert found.negatives == (Negative("ppe", "unfit", "replace", ""),)


def test_an_item_that_the_version_does_not_know_is_ignored_unless_it_is_bad() -> None:
    whole = [answer("fit"), answer("ppe"), answer("guards")]
    assert judge_commit(commit(*whole, answer("new")), TEXT) == CommitVerdict("committed", (), ())
    found = judge_commit(commit(*whole, answer("new", "bad", note="x")), TEXT)
    assert found.negatives == (Negative("new", "bad", "hazard", "x"),)


def test_with_an_unknown_text_a_bad_still_opens_its_hazard() -> None:
    found = judge_commit(commit(answer("ppe", "bad"), answer("fit", "unfit")), None)
    assert (found.result, found.flags) == ("committed", ())
    assert [(n.item, n.neg) for n in found.negatives] == [("ppe", "hazard"), ("fit", "replace")]
