"""The verifier on whole logs: honest days are confirmed, and every lie has its own codes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiftapp.ledger import tree, verify
from shiftapp.ledger.verify_files import Missing, limit
from shiftapp.ledger.verify_report import VERDICTS, Report
from tests.ledger import log_cases
from tests.ledger.log_cases import LIES, MORE, T0, Case, base, honest

COUNT = ("n", "on", "off", "late", "none")
# Every lie with the sentences that a reader gets: `python -m tests.ledger.lie_texts` writes it.
TEXTS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "lie_texts.json").read_text("utf-8")
)


def getter(files: dict[str, bytes], asked: list[str] | None = None) -> verify.Get:
    def get(path: str) -> bytes:
        if asked is not None:
            asked.append(path)
        if path not in files:
            raise Missing
        return files[path]

    return get


def check(case: Case) -> Report:
    return verify.announcement(getter(case["files"]), case["policy"], case["index"], case["known"])


def codes(report: Report) -> list[str]:
    return sorted(finding.code for finding in report.findings)


def counts(report: Report) -> list[list[int]]:
    return [[part[key] for key in COUNT] for part in report.parts]


def matches(report: Report, case: Case) -> None:
    expect = case["expect"]
    assert codes(report) == expect["codes"]
    assert report.holds == expect["holds"]
    if "counts" in expect:
        assert counts(report) == expect["counts"]


@pytest.mark.parametrize("seed", range(100))
def test_it_confirms_an_honest_day(seed: int) -> None:
    case = honest(seed)
    assert case["expect"]["holds"]
    matches(check(case), case)


@pytest.mark.parametrize("name", MORE)
def test_it_confirms_an_honest_log(name: str) -> None:
    case = MORE[name]()
    matches(check(case), case)


@pytest.mark.parametrize("name", LIES)
def test_it_finds_the_lie(name: str) -> None:
    case = LIES[name]()
    report = check(case)
    matches(report, case)
    assert not report.holds


@pytest.mark.parametrize("name", LIES)
def test_every_lie_has_its_sentences(name: str) -> None:
    report = check(LIES[name]())
    told = [finding for finding in report.findings if finding.fails]
    assert {lang: [one.sentence(lang) for one in told] for lang in ("zh", "en")} == TEXTS[name]


def test_every_code_is_seen_in_a_case() -> None:
    made = [make() for make in LIES.values()] + [make() for make in MORE.values()]
    made += [honest(seed) for seed in range(20)] + list(log_cases.proofs().values())
    seen = {code for case in made for code in case["expect"]["codes"]}
    assert seen == set(VERDICTS)


@pytest.mark.parametrize("code", VERDICTS)
def test_a_verdict_says_the_same_in_both_languages(code: str) -> None:
    one = VERDICTS[code]
    assert one["kind"] in ("fail", "note")
    names = [sorted(_placeholders(one[lang])) for lang in ("zh", "en")]
    assert names[0] == names[1]
    assert one["en"].isascii() or "“" in one["en"]
    assert one["zh"].endswith("。") and one["en"].endswith(".")


def _placeholders(text: str) -> Iterator[str]:
    yield from (part.split("}")[0] for part in text.split("{")[1:])


# What a report holds.


def test_a_report_names_log_witnesses_and_what_was_counted() -> None:
    day = base()
    report = check(day.case()).as_json()
    size = max(day.seen)
    root = base64.b64encode(tree.of_leaves(day.leaves()[:size])).decode()
    first = day.series[0]
    assert report["holds"] is True
    assert report["log"] == {
        "origin": log_cases.ORIGIN,
        "size": size,
        "root": root,
        "quorum_s": T0 + 4102,
    }
    assert report["witnesses"] == [
        {"name": "self", "own": True, "seen_s": T0 + 4102},
        {"name": "union", "own": False, "seen_s": T0 + 4102},
        {"name": "insurer", "own": False, "seen_s": T0 + 4102},
    ]
    assert report["self_attested"] is False
    told = report["announcement"]
    assert (told["index"], told["kind"], told["date"]) == (day.index, "daily", log_cases.DATE)
    assert (told["b"], told["b_s"], told["version"]) == (day.b, T0 + 4002, 1)
    part = report["parts"][0]
    assert (part["site"], part["shift"], part["date"]) == ("一厂", "白班", log_cases.DATE)
    assert (part["open"], part["open_s"]) == (first.open, T0 - 2998)
    assert (part["a"], part["a_s"], part["grace"]) == (first.a, T0 + 3, 120)
    assert (part["t0"], part["t1"]) == (T0, T0 + 28800)
    assert [part[key] for key in COUNT] == [12, 6, 1, 1, 4]
    assert (part["added"], part["deleted"]) == (1, 1)


def test_a_report_that_ends_early_says_what_it_does_not_know() -> None:
    report = check(LIES["unreachable"]()).as_json()
    assert report["log"] == {
        "origin": log_cases.ORIGIN,
        "size": None,
        "root": None,
        "quorum_s": None,
    }
    assert [one["seen_s"] for one in report["witnesses"]] == [None, None, None]
    assert report["parts"] == []
    assert report["findings"] == [{"code": "unreachable", "part": None}]


def test_findings_name_their_part_and_their_numbers() -> None:
    report = check(LIES["on inflated"]()).as_json()
    assert report["findings"] == [
        {"code": "on_inflated", "part": 0, "announced": 10, "counted": 6},
        {"code": "small", "part": None, "n": 6, "on": 3},
    ]


def test_findings_stand_in_the_order_of_the_steps_and_parts() -> None:
    day = base({"cut": log_cases._late_cut, "before": log_cases._shared_slot})
    day.parts[1] = day.parts[1]._replace(n=99)
    day.entries.pop()
    day.write()
    day.doc["total"]["n"] += 1
    day.announce()
    day.publish(T0 + 5000)
    report = check(day.case())
    assert [(one.code, one.part) for one in report.findings] == [
        ("cut_late", 0),
        ("slot_reused", 0),
        ("slot_reused", 1),
        ("n_inflated", 1),
        ("small", None),
        ("doc_total", None),
    ]


def test_a_policy_that_cannot_be_read_is_refused() -> None:
    case = honest(0)
    for text in ("", "quorum none\n", "log x\n", "\x00", "witness a b\nquorum a\n"):
        with pytest.raises(ValueError):
            verify.announcement(getter(case["files"]), text, case["index"])


# What is fetched and hashed.


def test_whoever_brings_a_policy_trusts_no_earlier_one() -> None:
    case = MORE["a stricter policy since"]()
    get = getter(case["files"])
    assert verify.announcement(get, case["policy"], case["index"]).holds
    own = verify.announcement(get, case["policy"], case["index"], earlier=False)
    assert (own.holds, codes(own)) == (False, ["no_checkpoint"])


def test_a_file_is_fetched_once_and_only_what_is_needed() -> None:
    day = base()
    case, asked = day.case(), []
    verify.announcement(getter(case["files"], asked), case["policy"], case["index"])
    assert len(asked) == len(set(asked))
    first, second = day.series
    wanted = {
        "checkpoint",
        f"checkpoint/{day.b}",
        f"checkpoint/{first.a}",
        f"checkpoint/{second.a}",
        f"announcement/{day.index}",
        *(f"covering/{one.open}" for one in day.series),
        *(path for path in case["files"] if path.startswith(("roster/", "tile/entries/"))),
    }
    rest = {path for path in asked if path not in wanted}
    assert wanted <= set(asked)
    assert all(path.startswith(("tile/0/", "tile/1/")) for path in rest)


def test_what_lies_before_the_rosters_of_the_day_is_not_fetched() -> None:
    case, asked = log_cases.long_after_the_eve().case(), []
    verify.announcement(getter(case["files"], asked), case["policy"], case["index"])
    bundles = {path for path in asked if path.startswith("tile/entries/")}
    assert bundles == {"tile/entries/010", "tile/entries/011", "tile/entries/012.p/244"}


def test_rosters_of_the_day_are_sought_in_forty_bundles_at_most() -> None:
    case, asked = base(fill=42 * 256).case(), []
    verify.announcement(getter(case["files"], asked), case["policy"], case["index"])
    bundles = {path for path in asked if path.startswith("tile/entries/")}
    assert len(bundles) == 42 and "tile/entries/001" not in bundles


def test_each_entry_is_hashed_a_few_times_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"leaf": 0, "node": 0}
    leaf, node = tree.leaf_hash, tree.node_hash

    def leaf_hash(entry: bytes) -> bytes:
        counted["leaf"] += 1
        return leaf(entry)

    def node_hash(left: bytes, right: bytes) -> bytes:
        counted["node"] += 1
        return node(left, right)

    case = log_cases.long_after_the_eve().case()
    monkeypatch.setattr(tree, "leaf_hash", leaf_hash)
    monkeypatch.setattr(tree, "node_hash", node_hash)
    report = check(case)
    looked_at = report.log["size"] - 10 * 256
    slots = 12 + 9
    assert counted["leaf"] == looked_at + 1 + slots
    proofs, tiles = 1 + 3 + 2, 2 * 256  # of the entry, the cited trees, the rosters; at most
    assert counted["node"] < 2 * looked_at + slots + proofs * tiles


@pytest.mark.slow
def test_a_record_is_not_lost_below_a_stored_node_of_a_high_level() -> None:
    day = base(fill=65_300)
    case = day.case()
    assert check(case).holds
    path = tree.bundle_path(255)
    at = day.series[0].recs[0].index
    assert at < 65_536
    case["files"][path] = case["files"][path].replace(day.entries[at], day.entries[at + 1])
    assert codes(check(case)) == ["tiles_differ"]


def test_every_file_has_a_limit() -> None:
    for path, data in honest(5)["files"].items():
        assert 0 < len(data) <= limit(path)


def test_nobody_is_made_to_read_a_whole_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shiftapp.ledger.verify_entries.MOST", 300)
    assert codes(check(base().case())) == ["bad_trees"]


# Whatever is published, it says nothing but the truth.

CASES: dict[str, Case] = {"day": base().case(), "other": honest(14)}
HONEST = {name: counts(check(case)) for name, case in CASES.items()}
places = st.tuples(st.sampled_from(sorted(CASES)), st.integers(0, 10**6), st.integers(0, 10**6))


def _with(name: str, which: int, change: Callable[[bytes], bytes | None]) -> Report:
    case = CASES[name]
    path = sorted(case["files"])[which % len(case["files"])]
    changed = change(case["files"][path])
    files = {**case["files"], path: changed or b""}
    if changed is None:
        del files[path]
    return check({**case, "files": files})


def _is_true(report: Report, name: str) -> None:
    assert not report.holds or counts(report) == HONEST[name]
    assert json.dumps(report.as_json())
    for finding in report.findings:
        assert finding.sentence("zh") and finding.sentence("en")


@settings(max_examples=120, deadline=None)
@given(places, st.integers(1, 255))
def test_no_byte_can_be_changed_to_confirm_other_figures(
    place: tuple[str, int, int], by: int
) -> None:
    name, which, at = place

    def change(data: bytes) -> bytes:
        found = bytearray(data)
        found[at % len(data)] ^= by
        return bytes(found)

    _is_true(_with(name, which, change), name)


@settings(max_examples=60, deadline=None)
@given(places, st.sampled_from(["gone", "cut", "longer", "noise", "other"]))
def test_no_file_can_be_changed_to_confirm_other_figures(
    place: tuple[str, int, int], how: str
) -> None:
    name, which, at = place
    changes: dict[str, Callable[[bytes], bytes | None]] = {
        "gone": lambda _: None,
        "cut": lambda data: data[: at % len(data)],
        "longer": lambda data: data + data[: 1 + at % 40],
        "noise": lambda data: bytes((at * 31 + n * n) % 256 for n in range(len(data))),
        "other": lambda _: list(CASES[name]["files"].values())[at % len(CASES[name]["files"])],
    }
    _is_true(_with(name, which, changes[how]), name)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["n", "on", "off", "late", "open", "a", "b"]), st.integers(-5, 700))
def test_no_other_figure_can_be_announced_and_confirmed(key: str, value: int) -> None:
    def tell(day: log_cases.Day, told: dict[str, Any]) -> None:
        where = told if key == "b" else told["of"][0]
        where[key] = max(0, value)

    day = base({"announced": log_cases._ann(tell)})
    case = day.case()
    report = check(case)
    if report.holds:
        part = json.loads(day.entries[day.index])["of"][0]
        assert [part[k] for k in COUNT[:4]] == counts(report)[0][:4]
        assert counts(report) == case["expect"]["counts"]
