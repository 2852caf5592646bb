"""Proof files: what a worker can show to somebody else, without a network."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiftapp.ledger.verify_proof import proof
from tests.ledger import log_cases

PROOFS = log_cases.proofs()


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_is_told_right(name: str) -> None:
    case = PROOFS[name]
    report = proof(case["text"], case["policy"])
    assert [one.code for one in report.findings] == case["expect"]["codes"]
    assert report.holds == case["expect"]["holds"]
    assert report.body == case["expect"]["body"]


def test_a_full_proof_shows_the_record_and_its_place() -> None:
    report = proof(PROOFS["full"]["text"], PROOFS["full"]["policy"]).as_json()
    assert report["entry"]["k"] == "rec"
    assert json.loads(report["body"])["who"] == "张三"
    assert report["log"]["quorum_s"] == log_cases.T0 + 4102
    assert [one["own"] for one in report["witnesses"]] == [True, False, False]


def test_a_bare_proof_shows_nothing_personal() -> None:
    report = proof(PROOFS["bare"]["text"], PROOFS["bare"]["policy"]).as_json()
    assert report["holds"] and report["body"] is None
    assert set(report["entry"]) == {"c", "k", "s", "u", "v", "w"}


def test_a_proof_under_another_policy_shows_nothing() -> None:
    other = log_cases.policy_text(log_cases.QUORUMS[1])
    case = PROOFS["full"]
    assert proof(case["text"], other).holds  # the union alone is enough there
    stranger = other.replace(other.split()[1], _another_log())
    assert [one.code for one in proof(case["text"], stranger).findings] == ["bad_checkpoint"]


def _another_log() -> str:
    key = log_cases.note.public_bytes(log_cases.OTHER)
    return log_cases.note.vkey(log_cases.ORIGIN, key)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["full", "bare"]), st.integers(0, 10**6), st.characters())
def test_no_sign_can_be_changed_to_show_another_record(name: str, at: int, sign: str) -> None:
    case = PROOFS[name]
    at %= len(case["text"])
    changed = case["text"][:at] + sign + case["text"][at + 1 :]
    report = proof(changed, case["policy"])
    if report.holds:
        honest = proof(case["text"], case["policy"])
        assert (report.entry, report.body, report.index) == (
            honest.entry,
            honest.body,
            honest.index,
        )


@given(st.text(max_size=200))
def test_any_other_text_is_no_proof(text: str) -> None:
    report = proof(text, PROOFS["bare"]["policy"])
    assert [one.code for one in report.findings] == ["bad_proof"]
