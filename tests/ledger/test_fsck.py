"""A whole log looked at: an honest one is sound, and every planted fault has its own name."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiftapp.ledger import entries, fsck, policy, tree
from shiftapp.ledger.checkpoint import open_checkpoint
from shiftapp.ledger.encoding import b64u
from shiftapp.ledger.fsck import Known, Report
from shiftapp.ledger.verify_files import Missing
from tests.ledger import log_cases
from tests.ledger.log_cases import Day

Files = dict[str, bytes]


def keys_only(day: Day, count: int) -> None:
    """Entries between those that are looked at: no records of shifts that were never opened."""
    for n in range(count):
        device = b64u(hashlib.sha256(f"{len(day.entries)} {n}".encode()).digest())
        day.add(entries.key_entry(role="device", vk=device, from_s=1))


@pytest.fixture(autouse=True)
def filled_with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Day, "fill", keys_only)


def look(files: Files, rule: str, known: Known | None = None) -> Report:
    """What is found in a log of these files."""

    def get(path: str) -> bytes:
        if path not in files:
            raise Missing
        return files[path]

    told: list[tuple[int, int]] = []
    report = fsck.check(get, policy.parse(rule), known, lambda *at: told.append(at))
    assert all(done <= total for done, total in told)
    return report


def found(files: Files, day: Day, known: Known | None = None) -> set[str]:
    return {fault.code for fault in look(files, day.policy, known).faults}


def met(day: Day, signed: str) -> Known:
    rule = policy.parse(day.policy)
    return Known(open_checkpoint(signed, rule.log).checkpoint, signed)


@pytest.mark.parametrize("seed", range(24))
def test_an_honest_log_is_sound(seed: int) -> None:
    day = log_cases.honest_day(seed)
    files = day.files()
    report = look(files, day.policy)
    assert _of(day, report) == [] and not report.alarm
    size = int(files["checkpoint"].split(b"\n")[1])
    assert sum(report.kinds.values()) == size and report.quorum_s is not None
    for old in day.seen:
        if old <= size:
            assert _of(day, look(files, day.policy, met(day, day.signed(old)))) == []


def _of(day: Day, report: Report) -> list[fsck.Fault]:
    """Without the documents of what came after the one announcement of a day."""
    others = [one for one in report.faults if one.code == "no_document"]
    return [one for one in report.faults if one not in others or one.params["index"] == day.index]


def test_an_empty_place_is_said() -> None:
    day = log_cases.base()
    assert found({}, day) == {"no_checkpoint"}


# One fault, one name ------------------------------------------------------------------------------


def drop(path: str) -> Callable[[Files, Day], None]:
    def change(files: Files, day: Day) -> None:
        del files[_named(path, files, day)]

    return change


def turn(path: str, at: int = -1) -> Callable[[Files, Day], None]:
    def change(files: Files, day: Day) -> None:
        name = _named(path, files, day)
        held = bytearray(files[name])
        held[at] ^= 1
        files[name] = bytes(held)

    return change


def put(path: str, data: bytes) -> Callable[[Files, Day], None]:
    def change(files: Files, day: Day) -> None:
        files[_named(path, files, day)] = data

    return change


def swap_rosters(files: Files, day: Day) -> None:
    one, other = (f"roster/{b64u(s.s)}" for s in day.series[:2])
    files[one], files[other] = files[other], files[one]


def _named(path: str, files: Files, day: Day) -> str:
    size = int(files["checkpoint"].split(b"\n")[1])
    last = size % 256 or 256
    names = {
        "bundle": tree.bundle_path(0),
        "last bundle": tree.bundle_path(size // 256, last),
        "tile": tree.tile_path(0, 0),
        "last tile": tree.tile_path(0, size // 256, last),
        "upper tile": tree.tile_path(1, 0, size // 256),
        "roster": f"roster/{b64u(day.series[0].s)}",
        "document": f"announcement/{day.index}",
        "b": f"checkpoint/{day.b}",
        "a": f"checkpoint/{day.series[0].a}",
    }
    return names.get(path, path)


PLANTED: dict[str, tuple[Callable[[Files, Day], None], set[str]]] = {
    "a bit in the checkpoint's signature": (turn("checkpoint", 120), {"bad_checkpoint"}),
    "another text as checkpoint": (put("checkpoint", b"hello\n"), {"bad_checkpoint"}),
    "bytes that are no text": (put("checkpoint", b"\xff\xfe"), {"bad_checkpoint"}),
    "a bundle is missing": (drop("bundle"), {"no_bundle"}),
    "the last bundle is missing": (drop("last bundle"), {"no_bundle"}),
    "a bundle is cut off": (put("bundle", b"\0\5abc"), {"no_bundle"}),
    "a tile is missing": (drop("tile"), {"no_tile"}),
    "the last tile is missing": (drop("last tile"), {"no_tile"}),
    "an upper tile is missing": (drop("upper tile"), {"no_tile"}),
    "a bit in a tile": (turn("tile", 77), {"tile_differs"}),
    "a bit in the last tile": (turn("last tile"), {"tile_differs"}),
    "a bit in an upper tile": (turn("upper tile"), {"tile_differs"}),
    "a tile of another length": (put("tile", b"\0" * 31), {"tile_differs"}),
    "a roster is missing": (drop("roster"), {"no_roster"}),
    "a slot in a roster": (turn("roster"), {"roster_differs"}),
    "a roster of another length": (put("roster", b"\0" * 17), {"bad_roster"}),
    "rosters swapped": (swap_rosters, {"roster_differs"}),
    "a document is missing": (drop("document"), {"no_document"}),
    "a document altered": (turn("document", 20), {"doc_differs"}),
    "a cited checkpoint is missing": (drop("b"), {"no_cited"}),
    "a cited cut is missing": (drop("a"), {"no_cited"}),
    "a cited checkpoint altered": (turn("b", 120), {"bad_cited"}),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_by_its_name(name: str) -> None:
    change, codes = PLANTED[name]
    day = log_cases.base()
    files = day.files()
    assert found(files, day) == set()
    change(files, day)
    assert found(files, day) == codes


def test_a_bit_in_an_entry_shows_in_tile_and_root() -> None:
    day = log_cases.base()
    files = day.files()
    turn("bundle", 30)(files, day)
    codes = found(files, day)
    assert {"tile_differs", "root_differs"} <= codes
    assert "fork" not in codes  # damage is no second log


def test_where_tiles_and_bundle_are_gone_the_rest_is_not_guessed() -> None:
    day = log_cases.base()
    files = day.files()
    drop("bundle")(files, day)
    drop("tile")(files, day)
    assert {"no_bundle", "no_entries"} <= found(files, day)


def entry(data: bytes) -> dict[str, Any]:
    """A twist that puts one more entry into the log, before it is closed."""
    return {"counted": lambda day: day.add(data)}


OTHER = entries.chg_entry(s=b"x" * 16, add=[b"y" * 16], delete=[])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"k":"key", "v":1}', "bad_entry"),
        (b'{"a":1,"k":"odd","v":1}', "bad_entry"),
        (b'{"from":1,"from":1,"k":"key","role":"log","v":1,"vk":"x"}', "bad_entry"),
        (b"not json", "bad_entry"),
        (b"", "bad_entry"),
        (b"\xff", "bad_entry"),
        (OTHER, "not_opened"),
        (entries.amend_entry(of=1, why="mistake", s=b"x" * 16, slot=b"y" * 16), "not_opened"),
    ],
)
def test_an_entry_that_may_not_stand_there_is_found(data: bytes, code: str) -> None:
    day = log_cases.base(entry(data))
    report = look(day.files(), day.policy)
    assert [fault.code for fault in report.faults] == [code]
    assert report.faults[0].params["index"] == day.entries.index(data)


def change_of(add: Callable[[Day], list[bytes]], delete: Callable[[Day], list[bytes]]) -> Any:
    return lambda day: day.add(
        entries.chg_entry(s=day.series[0].s, add=add(day), delete=delete(day))
    )


@pytest.mark.parametrize(
    "twist",
    [
        change_of(lambda day: [day.series[0].slots[0]], lambda day: []),  # was there
        change_of(lambda day: [day.series[0].slots[11]], lambda day: []),  # comes back
        change_of(lambda day: [], lambda day: [b"z" * 16]),  # never was there
        change_of(lambda day: [], lambda day: [day.series[0].slots[11]]),  # gone already
        change_of(lambda day: [b"z" * 16, b"z" * 16], lambda day: []),  # twice
        change_of(lambda day: [], lambda day: []),
    ],
)
def test_a_change_that_cannot_be_is_found(twist: Any) -> None:
    day = log_cases.base({"after": twist})
    assert found(day.files(), day) == {"bad_change"}


def test_a_shift_opened_twice_is_found() -> None:
    day = log_cases.base({"after": lambda day: day.open(day.series[0])})
    assert "opened_twice" in found(day.files(), day)


def test_an_announcement_of_trees_that_cannot_be_is_found() -> None:
    def ahead(day: Day) -> None:
        day.b += 100

    day = log_cases.base({"counted": ahead})
    assert found(day.files(), day) == {"bad_trees"}


def test_many_parts_are_looked_at_too() -> None:
    day = log_cases.honest_day(5)
    files, path = day.files(), f"announcement/{day.index}/parts"
    assert path in files and found(files, day) == set()
    held = files.pop(path)
    assert found(files, day) == {"no_parts"}
    for other in (held.replace(b'"late":', b'"late": ', 1), b"[]", b"no list", held[:-1]):
        assert found({**files, path: other}, day) == {"parts_differ"}


# What was seen before -----------------------------------------------------------------------------


def test_a_log_that_went_back_is_shouted_about() -> None:
    day = log_cases.base()
    size, files = len(day.entries), day.files()
    day.fill(3)
    later = day.publish(log_cases.T0 + 9000)
    report = look(files, day.policy, met(day, day.signed(later)))
    assert [(one.code, one.params) for one in report.faults] == [
        ("rolled_back", {"size": size, "known": later})
    ]
    assert report.alarm and report.other == day.signed(later) and report.signed


@pytest.mark.parametrize("back", [0, 5])
def test_a_second_log_is_shouted_about(back: int) -> None:
    """The same size or an older one, rightly signed, with another entry in it."""
    day = log_cases.base()
    size = len(day.entries) - back
    day.seen[size] = {"self": 1, "union": 1, "insurer": 1}
    files, leaves = day.files(), day.leaves()
    leaves[3] = tree.leaf_hash(b"another")
    other = day.signed(size, leaves)
    report = look({**files, "checkpoint": day.signed(len(day.entries)).encode()}, day.policy,
                  met(day, other))  # fmt: skip
    assert [one.code for one in report.faults] == ["fork"]
    assert report.alarm and report.other == other


def test_a_cited_checkpoint_of_another_log_is_shouted_about() -> None:
    day = log_cases.base()
    files, leaves = day.files(), day.leaves()
    leaves[3] = tree.leaf_hash(b"another")
    other = day.signed(day.b, leaves)
    files[f"checkpoint/{day.b}"] = other.encode()
    report = look(files, day.policy)
    assert {one.code for one in report.faults} == {"fork"}
    assert report.alarm and report.other == other


def test_a_quorum_that_is_not_there_is_said_and_the_rest_looked_at() -> None:
    day = log_cases.base()
    files = day.files()
    kept = files["checkpoint"].split(b"\n")
    files["checkpoint"] = b"\n".join(kept[:5]) + b"\n"  # the log's own signature alone
    assert found(files, day) == {"no_quorum"}


@functools.cache
def _base() -> tuple[Day, Files]:
    day = log_cases.base()
    return day, day.files()


@settings(max_examples=50)
@given(data=st.data())
def test_any_changed_bit_is_noticed(data: st.DataObject) -> None:
    """Of every file that the newest checkpoint stands over."""
    day, files = _base()
    looked = sorted(one for one in files if one.startswith(("tile/", "roster/", "announcement/")))
    path = data.draw(st.sampled_from(looked))
    at = data.draw(st.integers(0, len(files[path]) * 8 - 1))
    held = bytearray(files[path])
    held[at // 8] ^= 1 << at % 8
    assert found({**files, path: bytes(held)}, day) != set()
