"""The shape of a sealed body: the sentences of formats.md "Bytes" §2–§4, each with its own test."""

from __future__ import annotations

import copy
import json
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shiftapp.model.shapes import check_shape

PERSON = "a0000000-0000-4000-8000-000000000001"
LEADER = "a0000000-0000-4000-8000-000000000002"
DEVICE = "d0000000-0000-4000-8000-000000000001"
SHA = "WTZFQKXkxBlhx9kvGHk-jj9-9Y8Y1jR_sWItvCyC9hw"
OTHER_SHA = "a5uqD8YkNZG9r4p3hhq2ANTJp1zPKiaVkGm1CDJ9OPQ"
SID = "VVVVVVVVVVVVVVVVVVVVVQ"
STATION = {"code": "7K2M41QF", "mac": "W1T9V485JDP5PWF8"}

Path = tuple[str | int, ...]


# The bodies of the worked example (§9), as sealed -------------------------------------------------

EXAMPLES = {
    "commit": (
        '{"answers":[{"a":["can"],"i":"fit","r":"ok"},{"a":["helmet","suit","goggles","shoes",'
        '"detector"],"i":"ppe","r":"ok"},{"a":["hotwork"],"i":"risk","r":"ok"}],"app":"0.1.0",'
        '"blobs":[],"dev":"d0000000-0000-4000-8000-000000000001",'
        '"id":"c0000000-0000-4000-8000-000000000001","job":"J02","kind":"commit","prev":null,'
        '"result":"committed","seen":null,"seq":1,"shift":{"code":"D","crew":"JIA",'
        '"date":"2026-11-24"},"sign":{"blob":null,"how":"hold"},"station":{"code":"7K2M41QF",'
        '"mac":"W1T9V485JDP5PWF8"},"text":{"no":3,'
        '"sha":"WTZFQKXkxBlhx9kvGHk-jj9-9Y8Y1jR_sWItvCyC9hw"},"time":{"mono_ms":null,'
        '"sealed_ms":1795477268000,"started_ms":1795477080000,"token":null,'
        '"token_wall_ms":null},"v":1,"who":{"ev":{"k":"session","sid":"VVVVVVVVVVVVVVVVVVVVVQ"},'
        '"person":"a0000000-0000-4000-8000-000000000001"}}'
    ),
    "run": (
        '{"app":"0.1.0","blobs":[],"checklist":{"no":4,'
        '"sha":"a5uqD8YkNZG9r4p3hhq2ANTJp1zPKiaVkGm1CDJ9OPQ"},'
        '"dev":"d0000000-0000-4000-8000-000000000001",'
        '"id":"c0000000-0000-4000-8000-000000000002","job":"J02","kind":"run",'
        '"prev":"P4lrL64dwo40-xCIW_OzhL_ggdzCNpS9WmjpMyH8YbQ","result":"done","seen":null,"seq":2,'
        '"shift":{"code":"D","crew":"JIA","date":"2026-11-24"},"station":{"code":"7K2M41QF",'
        '"mac":"W1T9V485JDP5PWF8"},"steps":[{"e":"C","from_ms":0,"n":1,"r":"ok","to_ms":4200},'
        '{"e":"R","from_ms":4600,"n":2,"r":"ok","to_ms":15900,"value":"0.62"},{"e":"R",'
        '"from_ms":16300,"n":3,"note":"液位偏高，远传 80","r":"bad","to_ms":41000,"value":"83.0"}],'
        '"time":{"mono_ms":null,"sealed_ms":1795477510000,"started_ms":1795477290000,"token":null,'
        '"token_wall_ms":null},"v":1,"who":{"ev":{"k":"session","sid":"VVVVVVVVVVVVVVVVVVVVVQ"},'
        '"person":"a0000000-0000-4000-8000-000000000001"}}'
    ),
    "hazard": (
        '{"app":"0.1.0","blobs":[],"dev":"d0000000-0000-4000-8000-000000000001",'
        '"id":"c0000000-0000-4000-8000-000000000003","job":null,"kind":"hazard","of":null,'
        '"prev":"oyIm__DwzBnuUoNUHIgrBEKbB7Oows29CFxGc6y8pA4","seen":null,"seq":3,'
        '"shift":{"code":"D","crew":"JIA","date":"2026-11-24"},"station":{"code":"7K2M41QF",'
        '"mac":"W1T9V485JDP5PWF8"},"time":{"mono_ms":null,"sealed_ms":1795477590000,'
        '"started_ms":1795477560000,"token":null,"token_wall_ms":null},"v":1,'
        '"what":"P-202B 机封滴油","who":{"ev":{"k":"session","sid":"VVVVVVVVVVVVVVVVVVVVVQ"},'
        '"person":"a0000000-0000-4000-8000-000000000001"}}'
    ),
}


def body(kind: str, *changes: tuple[str, object]) -> dict[str, Any]:
    """A body of the worked example with some fields set, by path: ("who.ev.sid", …)."""
    made: dict[str, Any] = json.loads(EXAMPLES[kind])
    for path, value in changes:
        put(made, path_of(path), value)
    return made


def path_of(text: str) -> Path:
    parts = re.findall(r"[^.\[\]]+", text)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def put(made: Any, path: Path, value: object) -> None:
    *outer, last = path
    for part in outer:
        made = made[part]
    made[last] = value


def faults(kind: str, *changes: tuple[str, object]) -> list[str]:
    return check_shape(body(kind, *changes))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_bodies_of_the_worked_example_are_good(kind: str) -> None:
    assert check_shape(json.loads(EXAMPLES[kind])) == []


def test_unknown_fields_are_left_alone() -> None:
    more = ("later", [1]), ("who.later", 1), ("who.ev.later", 1), ("time.later", {"x": None})
    assert faults("run", *more, ("steps[0].later", 1), ("station.later", "x")) == []


# Every record -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["comit", "", None, 1, [], {}, True])
def test_a_kind_that_is_not_known_is_a_fault(kind: object) -> None:
    assert "kind" in faults("hazard", ("kind", kind))


@pytest.mark.parametrize("v", [2, 0, "1", True, None])
def test_v_is_the_number_one(v: object) -> None:
    assert faults("hazard", ("v", v)) == ["v"]


@pytest.mark.parametrize(
    "id", ["C0000000-0000-4000-8000-000000000001", PERSON[:-1], PERSON + "0", "x" * 36, ""]
)
def test_an_id_is_a_uuid_in_lower_case(id: str) -> None:
    assert faults("commit", ("id", id)) == ["id"]


@pytest.mark.parametrize(
    "sha", [SHA[:-1], SHA + "A", SHA[:-1] + "x", SHA[:-1] + "=", "+" + SHA[1:]]
)
def test_a_hash_is_canonical_base64url(sha: str) -> None:
    assert faults("commit", ("text.sha", sha)) == ["text.sha"]
    assert faults("commit", ("prev", sha)) == ["prev"]


def test_the_server_seals_without_a_place_in_a_chain() -> None:
    plain = ("dev", None), ("seq", None), ("prev", None)
    assert faults("commit", *plain) == []
    assert faults("commit", *plain, ("seq", 1)) == ["seq"]
    assert faults("commit", *plain, ("prev", SHA)) == ["prev"]


def test_a_device_counts_its_records_from_one() -> None:
    assert faults("commit", ("seq", None)) == ["seq"]
    assert faults("commit", ("seq", 0)) == ["seq"]


def test_a_chain_that_does_not_continue_is_no_fault_of_shape() -> None:
    assert faults("commit", ("seq", 7), ("prev", None)) == []
    assert faults("commit", ("seq", 1), ("prev", SHA)) == []


def test_seen_is_a_checkpoint_or_null() -> None:
    assert faults("commit", ("seen", {"size": 0, "root": SHA})) == []
    assert faults("commit", ("seen", {"size": -1, "root": SHA})) == ["seen.size"]
    assert faults("commit", ("seen", {"size": 1})) == ["seen.root"]


@pytest.mark.parametrize("field", ["shift", "station", "job"])
def test_shift_station_and_job_are_null_in_a_hazard_only(field: str) -> None:
    assert faults("hazard", (field, None)) == []
    assert faults("commit", (field, None)) == [field]
    assert faults("run", (field, None)) == [field]


@pytest.mark.parametrize(
    "date", ["2026-11-31", "2027-02-29", "20261124", "2026-W48", "26-11-24", "2026-11-24 "]
)
def test_a_shift_date_is_a_day_of_the_calendar(date: str) -> None:
    assert faults("commit", ("shift.date", date)) == ["shift.date"]
    assert faults("commit", ("shift.date", "2028-02-29")) == []


@pytest.mark.parametrize("code", ["7K2M-41QF", "7k2m41qf", "7K2M41Q", "7K2M41QFF", "7K2M41QI", ""])
def test_a_station_code_is_eight_symbols_in_upper_case(code: str) -> None:
    assert faults("run", ("station.code", code)) == ["station.code"]


def test_a_mac_is_sixteen_symbols_or_null_for_a_typed_code() -> None:
    assert faults("run", ("station.mac", None)) == []
    assert faults("run", ("station.mac", "W1T9V485JDP5PWF")) == ["station.mac"]
    assert faults("run", ("station.mac", "")) == ["station.mac"]
    typed = body("run")
    del typed["station"]["mac"]
    assert check_shape(typed) == ["station.mac"]


@pytest.mark.parametrize(
    ("kind", "path", "most"),
    [
        ("commit", "app", 32),
        ("commit", "job", 16),
        ("commit", "shift.code", 8),
        ("commit", "shift.crew", 16),
        ("commit", "answers[1].note", 500),
        ("run", "steps[2].note", 500),
        ("hazard", "what", 500),
    ],
)
def test_a_text_has_a_length_in_characters(kind: str, path: str, most: int) -> None:
    assert faults(kind, (path, "安" * most)) == []
    assert faults(kind, (path, "安" * (most + 1))) == [path]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "油\udfff"])
def test_no_text_holds_a_zero_or_half_a_character(text: str) -> None:
    assert faults("hazard", ("what", text)) == ["what"]


@pytest.mark.parametrize("number", [1.0, True, "1", None, 2**53, -(2**53)])
def test_a_time_is_an_integer_that_every_reader_keeps(number: object) -> None:
    assert faults("run", ("time.sealed_ms", number)) == ["time.sealed_ms"]


# Who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evidence",
    [
        {"k": "session", "sid": SID},
        {"k": "pin", "kid": "2026", "enc": "BNZak5d8qj0bCBhS"},
        {"k": "badge", "code": "T-123"},
        {"k": "leader", "person": LEADER, "sid": SID, "why": "no_phone"},
        {"k": "leader", "person": LEADER, "sid": SID, "why": "paper"},
        {"k": "leader", "person": LEADER, "sid": SID, "why": "other"},
        {"k": "none"},
    ],
    ids=lambda e: e["k"],
)
def test_each_evidence_of_who_it_was_is_known(evidence: dict[str, str]) -> None:
    assert faults("commit", ("who.ev", evidence)) == []
    for name in evidence:
        less = {k: v for k, v in evidence.items() if k != name}
        assert faults("commit", ("who.ev", less)) == [f"who.ev.{name}"]
        assert f"who.ev.{name}" in faults("commit", ("who.ev", {**evidence, name: 1}))


def test_an_evidence_that_is_not_known_is_a_fault() -> None:
    assert faults("commit", ("who.ev", {"k": "face"})) == ["who.ev.k"]
    assert faults("commit", ("who.ev", "session")) == ["who.ev.k"]
    assert faults("commit", ("who.ev.sid", SID[:-1] + "R")) == ["who.ev.sid"]


@pytest.mark.parametrize("enc", ["", "A", "AB", "AAB", "AAAA=", "AAAAA"])
def test_a_sealed_pin_is_canonical_base64url(enc: str) -> None:
    evidence = {"k": "pin", "kid": "x", "enc": enc}
    assert faults("commit", ("who.ev", evidence)) == ["who.ev.enc"]
    for good in ("AA", "AAA", "AAAA", "AAAAAA"):
        assert faults("commit", ("who.ev", {**evidence, "enc": good})) == []


def test_a_number_is_typed_only_where_the_person_is_null() -> None:
    assert faults("commit", ("who.person", None), ("who.no", "1024")) == []
    assert faults("commit", ("who.no", "1024")) == ["who.no"]
    assert faults("commit", ("who.person", None), ("who.no", "1" * 33)) == ["who.no"]
    assert faults("commit", ("who.person", None), ("who.no", None)) == ["who.no"]


def test_only_a_hazard_is_anonymous() -> None:
    assert faults("hazard", ("who", {"person": None, "ev": {"k": "none"}})) == []
    assert faults("commit", ("who", {"person": None, "ev": {"k": "none"}})) == ["who.person"]
    assert faults("run", ("who.person", None)) == ["who.person"]


# Time ---------------------------------------------------------------------------------------------


def test_a_token_and_its_arrival_come_together() -> None:
    token, wall = ("time.token", "t" * 200), ("time.token_wall_ms", 1_795_470_000_000)
    assert faults("run", token, wall) == []
    assert faults("run", token, wall, ("time.mono_ms", 0)) == []
    assert faults("run", token) == ["time.token_wall_ms"]
    assert faults("run", wall) == ["time.token_wall_ms"]
    assert faults("run", ("time.mono_ms", 5)) == ["time.mono_ms"]
    assert faults("run", token, wall, ("time.mono_ms", -1)) == ["time.mono_ms"]
    assert faults("run", ("time.token", "t" * 201), wall) == ["time.token"]


# Commitment ---------------------------------------------------------------------------------------

CANNOT = ("result", "cannot"), ("sign", None), ("answers", [{"i": "fit", "r": "unfit", "a": []}])


def test_cannot_is_an_unfit_answer_without_a_signature() -> None:
    assert faults("commit", *CANNOT) == []
    assert faults("commit", *CANNOT, ("result", "committed")) == ["result", "sign"]
    assert faults("commit", ("result", "cannot"), ("sign", None)) == ["result"]
    assert faults("commit", *CANNOT, ("sign", {"how": "hold", "blob": None})) == ["sign"]


def test_a_commitment_is_signed() -> None:
    assert faults("commit", ("sign", None)) == ["sign"]
    assert faults("commit", ("sign.how", "click")) == ["sign.how"]


def test_nobody_says_why_they_are_not_fit() -> None:
    assert faults("commit", *CANNOT, ("answers[0].note", "头晕")) == ["answers[0].note"]


def test_an_item_is_answered_once() -> None:
    assert faults("commit", ("answers[2].i", "fit")) == ["answers[2].i"]


def test_an_answer_is_ok_bad_or_unfit() -> None:
    assert faults("commit", ("answers[1].r", "bad")) == []
    assert faults("commit", ("answers[1].r", "maybe")) == ["answers[1].r"]


def test_there_are_thirty_answers_at_most() -> None:
    answers = [{"i": f"item{n}", "r": "ok", "a": []} for n in range(31)]
    assert faults("commit", ("answers", answers[:30])) == []
    assert faults("commit", ("answers", answers)) == ["answers"]


# Run ----------------------------------------------------------------------------------------------


def test_a_stopped_run_ends_in_a_bad_step() -> None:
    assert faults("run", ("result", "stopped")) == []
    assert faults("run", ("result", "stopped"), ("steps[2].r", "ok")) == ["result"]
    assert faults("run", ("result", "stopped"), ("steps", [])) == ["result"]
    assert faults("run", ("steps", [])) == []  # done: what is missing says the version


def test_steps_come_once_each_by_their_number() -> None:
    assert faults("run", ("steps[1].n", 1)) == ["steps[1].n"]
    assert faults("run", ("steps[0].n", 3)) == ["steps[1].n"]
    assert faults("run", ("steps[0].n", 0)) == ["steps[0].n"]


def test_there_are_sixty_steps_at_most() -> None:
    steps = [{"n": n, "r": "ok", "e": "C", "from_ms": 0, "to_ms": 0} for n in range(1, 62)]
    assert faults("run", ("steps", steps[:60])) == []
    assert faults("run", ("steps", steps)) == ["steps"]


@pytest.mark.parametrize("value", ["0", "-0.5", "007", "123456789.123456", "83.0"])
def test_a_reading_is_a_decimal_as_typed(value: str) -> None:
    assert faults("run", ("steps[1].value", value)) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-",
        ".5",
        "5.",
        "1e3",
        "+1",
        "1,5",
        " 1",
        "1\n",
        "1234567890",
        "0.1234567",
        "１",
        1,
        None,
    ],
)
def test_a_reading_of_another_form_is_a_fault(value: object) -> None:
    assert faults("run", ("steps[1].value", value)) == ["steps[1].value"]


@pytest.mark.parametrize("e", ["r", "X", "RS", "", None])
def test_evidence_is_one_of_six_letters(e: object) -> None:
    assert faults("run", ("steps[0].e", e)) == ["steps[0].e"]


def test_optional_fields_of_a_step_are_left_out_and_never_null() -> None:
    for name in ("value", "note", "second", "scan", "blob"):
        assert faults("run", (f"steps[0].{name}", None)) == [f"steps[0].{name}"]


def test_a_second_person_is_a_who_and_never_anonymous() -> None:
    second = {"person": LEADER, "ev": {"k": "session", "sid": SID}}
    assert faults("run", ("steps[0].second", second)) == []
    nobody = ("steps[0].second", {**second, "person": None})
    assert faults("run", nobody) == ["steps[0].second.person"]
    assert faults("run", ("steps[0].second", {"person": LEADER})) == ["steps[0].second.ev"]


def test_a_scan_is_a_station() -> None:
    assert faults("run", ("steps[0].scan", STATION)) == []
    assert faults("run", ("steps[0].scan", {**STATION, "code": "x"})) == ["steps[0].scan.code"]


# Hazard, files ------------------------------------------------------------------------------------


def test_a_hazard_says_what_and_may_name_a_step() -> None:
    assert faults("hazard", ("what", "")) == ["what"]
    assert faults("hazard", ("of", {"id": PERSON, "n": 3})) == []
    assert faults("hazard", ("of", {"id": PERSON})) == ["of.n"]


def test_blobs_lists_every_file_that_the_body_names() -> None:
    assert faults("commit", ("sign.blob", SHA)) == ["blobs"]
    assert faults("commit", ("sign.blob", SHA), ("blobs", [SHA])) == []
    assert faults("run", ("steps[0].blob", SHA), ("blobs", [OTHER_SHA])) == ["blobs"]
    assert faults("run", ("steps[0].blob", SHA), ("blobs", [OTHER_SHA, SHA])) == []


def test_there_are_twenty_blobs_at_most() -> None:
    assert faults("hazard", ("blobs", [SHA] * 20)) == []
    assert faults("hazard", ("blobs", [SHA] * 21)) == ["blobs"]
    assert faults("hazard", ("blobs", ["x"])) == ["blobs[0]"]


# For any body -------------------------------------------------------------------------------------

B64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
notes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=500)
hashes = st.text(B64, min_size=42, max_size=42).map(lambda t: t + "A")
sids = st.text(B64, min_size=21, max_size=21).map(lambda t: t + "g")
uuids = st.uuids().map(str)
times = st.integers(0, 2**53 - 1)
stations = st.fixed_dictionaries(
    {
        "code": st.text(CROCKFORD, min_size=8, max_size=8),
        "mac": st.none() | st.text(CROCKFORD, min_size=16, max_size=16),
    }
)
evidences = st.one_of(
    st.fixed_dictionaries({"k": st.just("session"), "sid": sids}),
    st.fixed_dictionaries({"k": st.just("pin"), "kid": words, "enc": hashes}),
    st.fixed_dictionaries({"k": st.just("badge"), "code": words}),
    st.fixed_dictionaries(
        {
            "k": st.just("leader"),
            "person": uuids,
            "sid": sids,
            "why": st.sampled_from(["no_phone", "paper", "other"]),
        }
    ),
    st.just({"k": "none"}),
)
whos = st.fixed_dictionaries({"person": uuids, "ev": evidences}) | st.fixed_dictionaries(
    {"person": st.none(), "no": words, "ev": evidences}
)
tokens = st.just({"token": None, "token_wall_ms": None, "mono_ms": None}) | st.fixed_dictionaries(
    {
        "token": st.text("abc.", max_size=200),
        "token_wall_ms": times,
        "mono_ms": st.none() | times,
    }
)
chains = st.just({"dev": None, "seq": None, "prev": None}) | st.fixed_dictionaries(
    {"dev": uuids, "seq": st.integers(1, 2**53 - 1), "prev": st.none() | hashes}
)
versions = st.fixed_dictionaries({"no": st.integers(1, 9999), "sha": hashes})
readings = st.decimals(-999_999_999, 999_999_999, places=6).map("{:f}".format)


@st.composite
def commits(draw: st.DrawFn) -> dict[str, Any]:
    items = draw(st.lists(words, unique=True, min_size=1, max_size=4))
    answers: list[dict[str, Any]] = [
        {"i": item, "r": draw(st.sampled_from(["ok", "bad"])), "a": draw(st.lists(words))}
        for item in items
    ]
    if draw(st.booleans()):
        answers[-1]["note"] = draw(notes)
    cannot = draw(st.booleans())
    if cannot:
        answers[0] = {"i": items[0], "r": "unfit", "a": []}
    blob = draw(st.none() | hashes)
    sign = {"how": draw(st.sampled_from(["hold", "taps", "form"])), "blob": blob}
    return {
        "kind": "commit",
        "text": draw(versions),
        "result": "cannot" if cannot else "committed",
        "answers": answers,
        "sign": None if cannot else sign,
        "blobs": [] if cannot or blob is None else [blob],
    }


@st.composite
def runs(draw: st.DrawFn) -> dict[str, Any]:
    numbers = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=4)))
    one = st.fixed_dictionaries(
        {
            "r": st.sampled_from(["ok", "bad"]),
            "e": st.sampled_from("RSPCDT"),
            "from_ms": times,
            "to_ms": times,
        },
        optional={
            "value": readings,
            "note": notes,
            "second": whos,
            "scan": stations,
            "blob": hashes,
        },
    )
    steps = [{**draw(one), "n": n} for n in numbers]
    ends_bad = steps[-1]["r"] == "bad"
    return {
        "kind": "run",
        "checklist": draw(versions),
        "result": draw(st.sampled_from(["done", "stopped"])) if ends_bad else "done",
        "steps": steps,
        "blobs": [s["blob"] for s in steps if "blob" in s],
    }


hazards = st.fixed_dictionaries(
    {
        "kind": st.just("hazard"),
        "what": notes.filter(bool),
        "of": st.none() | st.fixed_dictionaries({"id": uuids, "n": st.integers(1, 60)}),
        "blobs": st.lists(hashes, max_size=2),
    }
)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A good body of any kind."""
    own = draw(st.one_of(commits(), runs(), hazards))
    null = st.none() if own["kind"] == "hazard" else st.nothing()
    who = whos
    if own["kind"] == "hazard":
        who = whos | st.just({"person": None, "ev": {"k": "none"}})
    shift = st.fixed_dictionaries({"date": st.dates().map(str), "code": words, "crew": words})
    made = {
        "v": 1,
        "id": draw(uuids),
        **draw(chains),
        "seen": draw(st.none() | st.fixed_dictionaries({"size": times, "root": hashes})),
        "app": draw(words),
        "who": draw(who),
        "shift": draw(null | shift),
        "station": draw(null | stations),
        "job": draw(null | words),
        "time": {"started_ms": draw(times), "sealed_ms": draw(times), **draw(tokens)},
        **own,
    }
    return copy.deepcopy(made)  # what `st.just` gives is shared by all examples


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place inside a body with what stands there."""
    if path:
        yield path, value
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, name))


OPTIONAL = {"note", "value", "second", "scan"}


def wrong_values(value: Any) -> list[Any]:
    """Values that can stand nowhere where this one does; null is there only where it is wrong."""
    wrong: list[Any] = [True, 1.5, {}, [[]], "\0"]
    if isinstance(value, int):
        wrong += ["7", [], 2**53, -(2**60), None]
    elif isinstance(value, list):
        wrong += ["x", 7, None]
    else:
        wrong += [7, []]
    return wrong


@given(bodies())
def test_every_good_body_is_good(made: dict[str, Any]) -> None:
    assert check_shape(made) == []


@given(bodies(), st.data())
def test_a_required_field_that_is_missing_is_noticed(made: dict[str, Any], data: Any) -> None:
    required = [
        path
        for path, _ in places(made)
        if isinstance(path[-1], str)
        and path[-1] not in OPTIONAL
        and path[0] != "blobs"
        and not (path[0] == "steps" and path[-1] == "blob")
    ]
    path = data.draw(st.sampled_from(required))
    changed = made
    for part in path[:-1]:
        changed = changed[part]
    anonymous = made["kind"] == "hazard" and path == ("who", "no")
    del changed[path[-1]]  # type: ignore[arg-type]
    assert check_shape(made) or anonymous


def dotted(path: Path) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


@given(bodies(), st.data())
def test_a_value_of_another_type_is_noticed_and_named(made: dict[str, Any], data: Any) -> None:
    path, value = data.draw(st.sampled_from(list(places(made))))
    wrong = data.draw(st.sampled_from(wrong_values(value)))
    # Beside a token both are good: a number, and none where the page has begun anew since.
    assume(path != ("time", "mono_ms") or wrong not in (7, None))
    put(made, path, wrong)
    found = check_shape(made)
    assert any(fault.startswith(dotted(path)) for fault in found), (path, found)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_place_of_the_worked_example_is_looked_at(kind: str) -> None:
    for path, value in list(places(body(kind))):
        for wrong in wrong_values(value):
            changed = body(kind)
            put(changed, path, wrong)
            assert check_shape(changed), (path, wrong)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted({str(path[-1]) for kind in EXAMPLES for path, _ in places(body(kind))})


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), anything))
def test_no_object_whatever_raises(made: dict[str, Any]) -> None:
    assert check_shape(made)


@given(bodies(), anything, st.data())
def test_no_change_of_a_good_body_raises(made: dict[str, Any], value: Any, data: Any) -> None:
    before = copy.deepcopy(made)
    path, _ = data.draw(st.sampled_from(list(places(made))))
    put(made, path, value)
    changed = copy.deepcopy(made)
    check_shape(made)
    assert made == changed or made != made  # only looked at (a NaN is never equal to itself)
    assert check_shape(before) == []


def test_a_deep_nest_in_any_place_does_not_raise() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for kind in EXAMPLES:
        for path, _ in list(places(body(kind))):
            changed = body(kind)
            put(changed, path, deep)
            assert check_shape(changed)
