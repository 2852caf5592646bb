"""The verdict on one record: every flag of the formats, and what it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shiftapp.ledger import encoding
from shiftapp.model import devices, judging, sessions, tokens
from shiftapp.model.judging import Arrival, Sealed, Verdict
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, TANKS, Plant
from tests.sealing import Body, b64u, commit_body, hazard_body, run_body, sealed, secrets_of

MINUTE_MS = 60_000
NOBODY = "a0000000-0000-4000-8000-00000000dead"
OTHER_SHA = "A" * 43

KEY = ec.derive_private_key(11, ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.fixture
def plant(standing_plant: Plant) -> Plant:
    return standing_plant


def judge(plant: Plant, body: Body, at_ms: int = NOW_MS, **changes: Any) -> Verdict:
    one = sealed(body)._replace(**{k: v for k, v in changes.items() if k == "sig"})
    arrival = Arrival(at_ms, changes.get("device", body["dev"]), changes.get("client_ms"))
    return judging.judge(plant.store, one, arrival, secrets_of(plant))


def sign(body: Body) -> bytes:
    r, s = decode_dss_signature(KEY.sign(sealed(body).c, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def clocks(plant: Plant, body: Body, token_ms: int, sealed_ms: int, **changes: Any) -> Body:
    """The body with a time token from then and the claim to be sealed then."""
    time = {
        "started_ms": sealed_ms - MINUTE_MS,
        "sealed_ms": sealed_ms,
        "token": tokens.make(plant.keys.session_secret, body["dev"], token_ms),
        "token_wall_ms": token_ms,
        "mono_ms": None,
        **changes,
    }
    return {**body, "time": time}


# A good record ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [commit_body, run_body])
def test_a_good_record_has_no_flag_and_counts(plant: Plant, make: Callable[..., Body]) -> None:
    verdict = judge(plant, make(plant, "worker"))
    assert verdict.flags == frozenset()
    assert verdict.counts and not verdict.unverified and not verdict.person.proxy
    assert verdict.person.id == plant.id("worker")
    assert verdict.content.version_no == 1
    assert verdict.content.opened == ()


def test_a_hazard_never_counts_and_opens_itself(plant: Plant) -> None:
    verdict = judge(plant, hazard_body(plant, "worker", "滴油"))
    assert (verdict.flags, verdict.counts) == (frozenset(), False)
    assert [one.what for one in verdict.content.opened] == ["滴油"]


def test_an_anonymous_hazard_is_of_nobody_and_no_flag(plant: Plant) -> None:
    body = hazard_body(plant, "worker", "滴油", who={"person": None, "ev": {"k": "none"}})
    verdict = judge(plant, {**body, "shift": None, "station": None, "job": None})
    assert (verdict.person.id, verdict.flags) == (None, frozenset())


# What cannot be read ------------------------------------------------------------------------------

UNREADABLE: list[tuple[str, dict[str, Any]]] = [
    ("schema", {"v": 2}),
    ("schema", {"v": "1"}),
    ("schema", {"v": None}),
    ("schema", {"kind": "gas"}),
    ("shape", {"v": True}),
    ("shape", {"app": 7}),
    ("shape", {"app": "x" * 33}),
    ("shape", {"app": "a\0b"}),
    ("shape", {"more": {"deep": ["\ud800"]}}),
    ("shape", {"more": 2**53}),
    ("shape", {"shift": None}),
    ("shape", {"station": {"code": "7K2M-41QF", "mac": None}}),
    ("shape", {"who": {}}),
    ("shape", {"time": {}}),
    ("shape", {"blobs": ["x"]}),
    ("shape", {"dev": "me"}),
    ("shape", {"answers": [{"i": "fit", "r": "fine", "a": []}]}),
]


@pytest.mark.parametrize(("flag", "broken"), UNREADABLE)
def test_what_cannot_be_read_is_quarantined(
    plant: Plant, flag: str, broken: dict[str, Any]
) -> None:
    body = {**commit_body(plant, "worker"), **broken}
    one = Sealed(json.dumps(body), body, b"", None, b"")
    verdict = judging.judge(plant.store, one, Arrival(NOW_MS, None, None), secrets_of(plant))
    assert verdict.quarantine == flag
    assert not verdict.counts


@pytest.mark.parametrize("number", ["1.0", "1e3", "-1.5", "1E400", "9" * 400])
def test_a_float_anywhere_is_a_fault_of_shape(plant: Plant, number: str) -> None:
    text = '{"v":1,"id":"x","kind":"run","more":[' + number + "]}"
    one = Sealed(text, encoding.read_object(text), b"", None, b"")
    verdict = judging.judge(plant.store, one, Arrival(NOW_MS, None, None), secrets_of(plant))
    assert verdict.quarantine == "shape"


def test_unknown_fields_are_left_alone(plant: Plant) -> None:
    assert judge(plant, commit_body(plant, "worker", later={"x": [1]})).flags == frozenset()


# Who, where, which version ------------------------------------------------------------------------

UNKNOWN: dict[str, dict[str, Any]] = {
    "unknown_person": {"who": {"person": NOBODY, "ev": {"k": "none"}}},
    "unknown_shift": {"shift": {"date": "2026-11-24", "code": "D", "crew": "WU"}},
    "unknown_job": {"job": "J99"},
    "unknown_station": {"station": {"code": "00000000", "mac": None}},
    "unknown_version": {"text": {"no": 1, "sha": OTHER_SHA}},
}


@pytest.mark.parametrize("flag", sorted(UNKNOWN))
def test_what_names_no_row_of_ours_is_stored_and_counts_for_nobody(plant: Plant, flag: str) -> None:
    verdict = judge(plant, {**commit_body(plant, "worker"), **UNKNOWN[flag]})
    assert verdict.quarantine is None
    assert flag in verdict.flags
    assert not verdict.counts


@pytest.mark.parametrize(
    "version", [{"no": 2, "sha": OTHER_SHA}, {"no": 1, "sha": OTHER_SHA}, {"no": 2**53 - 1}]
)
def test_number_and_hash_of_a_version_must_both_be_ours(
    plant: Plant, version: dict[str, Any]
) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "text": {**body["text"], **version}})
    assert verdict.flags == {"unknown_version"}
    assert verdict.content.version_no is None


def test_a_bad_step_of_an_unknown_version_still_opens_its_hazard(plant: Plant) -> None:
    body = run_body(plant, "worker", bad=2, note="漏")
    verdict = judge(plant, {**body, "checklist": {"no": 9, "sha": OTHER_SHA}})
    assert "unknown_version" in verdict.flags
    (opened,) = verdict.content.opened
    assert (opened.kind, opened.part, opened.note) == ("hazard", "2", "漏")


def test_a_number_as_typed_is_resolved_and_the_body_left_as_it_is(plant: Plant) -> None:
    body = commit_body(plant, "worker", who={"person": None, "no": "1002", "ev": {"k": "none"}})
    verdict = judge(plant, body)
    assert verdict.person.id == plant.id("mate")
    assert verdict.sealed.body["who"]["person"] is None
    assert verdict.flags == {"who_unverified"}


def test_a_number_that_nobody_has_is_an_unknown_person(plant: Plant) -> None:
    body = commit_body(plant, "worker", who={"person": None, "no": "77", "ev": {"k": "none"}})
    assert judge(plant, body).flags == {"unknown_person"}


def test_a_wrong_mac_is_flagged_and_counts(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "station": {**body["station"], "mac": "0" * 16}})
    assert verdict.flags == {"station_mac"}
    assert verdict.counts


def test_the_mac_of_another_station_is_wrong_here(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "station": {**body["station"], "code": TANKS}})
    assert "station_mac" in verdict.flags


def test_a_typed_station_has_no_mac_and_no_flag(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "station": {**body["station"], "mac": None}})
    assert verdict.flags == frozenset()


# Device and signature -----------------------------------------------------------------------------


def test_another_device_delivers(plant: Plant) -> None:
    other, _ = plant.device("mate")
    verdict = judge(plant, commit_body(plant, "worker"), device=other)
    assert verdict.flags == {"other_device"}
    assert verdict.counts and verdict.unverified


def test_a_revoked_device_named_by_one_that_was_enrolled_again(plant: Plant) -> None:
    body = commit_body(plant, "huang")
    old = plant.devices.pop("huang")[0]
    with plant.store.tx() as db:
        devices.revoke(db, old, "leader", NOW_MS)
    verdict = judge(plant, body, device=plant.device("huang")[0])
    assert verdict.flags == {"other_device"}
    assert verdict.counts


def test_a_record_sealed_by_the_server_comes_from_no_device(plant: Plant) -> None:
    body = commit_body(plant, "worker", dev=None, seq=None)
    assert judge(plant, body, device=None).flags == frozenset()
    assert judge(plant, body, device=plant.device("worker")[0]).flags == {"other_device"}


def test_a_signature_of_the_device_holds(plant: Plant) -> None:
    plant.device("chen", POINT)
    body = commit_body(plant, "chen")
    assert judge(plant, body, sig=sign(body)).flags == frozenset()


@pytest.mark.parametrize("part", ["chen", "lin"])
def test_a_wrong_signature_or_an_unknown_key(plant: Plant, part: str) -> None:
    plant.device("chen", POINT)
    plant.device("lin")  # without a key
    verdict = judge(plant, commit_body(plant, part), sig=b"\x01" * 64)
    assert verdict.flags == {"bad_sig"}
    assert verdict.counts and verdict.unverified


# Evidence of who it was ---------------------------------------------------------------------------


def by(plant: Plant, part: str, **evidence: Any) -> Body:
    return {"person": plant.id(part), "ev": evidence}


def sid_of(plant: Plant, part: str, device: str | None) -> str:
    return b64u(plant.session(part, device)[1])


@pytest.mark.parametrize("k", ["none", "pin", "badge"])
def test_evidence_that_cannot_be_checked_is_not_believed(plant: Plant, k: str) -> None:
    further = {"none": {}, "pin": {"kid": "1", "enc": "AAAA"}, "badge": {"code": "x"}}[k]
    verdict = judge(plant, commit_body(plant, "worker", who=by(plant, "worker", k=k, **further)))
    assert verdict.flags == {"who_unverified"}
    assert verdict.counts and verdict.unverified


def test_somebody_elses_session_is_not_believed(plant: Plant) -> None:
    device, _ = plant.device("worker")
    who = by(plant, "worker", k="session", sid=sid_of(plant, "mate", device))
    assert judge(plant, commit_body(plant, "worker", who=who)).flags == {"who_unverified"}


def test_a_session_on_another_device_is_not_believed(plant: Plant) -> None:
    other, _ = plant.device("mate")
    who = by(plant, "worker", k="session", sid=sid_of(plant, "worker", other))
    assert judge(plant, commit_body(plant, "worker", who=who)).flags == {"who_unverified"}


def test_any_session_of_the_person_is_believed_where_the_server_sealed(plant: Plant) -> None:
    who = by(plant, "worker", k="session", sid=sid_of(plant, "worker", None))
    body = commit_body(plant, "worker", who=who, dev=None, seq=None)
    assert judge(plant, body, device=None).flags == frozenset()


def test_a_session_that_never_was_is_not_believed(plant: Plant) -> None:
    who = by(plant, "worker", k="session", sid="A" * 22)
    assert judge(plant, commit_body(plant, "worker", who=who)).flags == {"who_unverified"}


@pytest.mark.parametrize(
    ("shown_ms", "flags"),
    [(None, set()), (NOW_MS - 1, set()), (NOW_MS, {"who_unverified"})],
    ids=["nothing shows when", "shown before", "shown after"],
)
def test_a_session_that_had_surely_ended_is_not_believed(
    plant: Plant, shown_ms: int | None, flags: set[str]
) -> None:
    """Its id is public: the next one at a shared phone could write it into a record."""
    device, _ = plant.device("worker")
    _, sid = plant.session("worker", device)
    with plant.store.tx() as db:
        sessions.end(db, sid, NOW_MS)
    who = by(plant, "worker", k="session", sid=b64u(sid))
    body = run_body(plant, "worker", who=who)
    if shown_ms is not None:
        body = clocks(plant, body, shown_ms, shown_ms)
    verdict = judge(plant, body, NOW_MS + MINUTE_MS)
    assert verdict.flags == flags
    assert verdict.counts


def led(plant: Plant, leader: str, on: str) -> Body:
    sid = sid_of(plant, leader, plant.device(on)[0])
    evidence = {"k": "leader", "person": plant.id(leader), "sid": sid, "why": "no_phone"}
    device, _ = plant.device("leader")
    return commit_body(plant, "worker", who=by(plant, "worker", **evidence), dev=device)


def test_the_leaders_entry_is_a_proxy_and_believed(plant: Plant) -> None:
    verdict = judge(plant, led(plant, "leader", "leader"))
    assert verdict.flags == frozenset()
    assert verdict.person.proxy and verdict.person.id == plant.id("worker")


@pytest.mark.parametrize(
    ("leader", "on"),
    [("other_leader", "leader"), ("mate", "leader"), ("leader", "worker")],
    ids=["leads another crew", "leads none", "on another device"],
)
def test_an_entry_for_others_needs_their_own_leader(plant: Plant, leader: str, on: str) -> None:
    verdict = judge(plant, led(plant, leader, on))
    assert verdict.flags == {"who_unverified"}
    assert verdict.person.proxy


# What the version says ----------------------------------------------------------------------------


def test_a_run_with_a_step_missing_is_incomplete_and_taken_as_stopped(plant: Plant) -> None:
    body = run_body(plant, "worker")
    verdict = judge(plant, {**body, "steps": body["steps"][:-1]})
    assert verdict.flags == {"incomplete"}
    assert verdict.content.result == "stopped"


def test_a_commitment_with_an_item_missing_is_taken_as_none(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "answers": body["answers"][:-1]})
    assert verdict.flags == {"incomplete"}
    assert verdict.content.result == "none"
    assert verdict.counts


def reading_of(body: Body) -> int:
    return next(at for at, step in enumerate(body["steps"]) if "value" in step)


def test_ok_on_a_value_outside_its_limits_is_taken_as_bad(plant: Plant) -> None:
    body = run_body(plant, "worker")
    at = reading_of(body)
    body["steps"][at]["value"] = "999999"
    verdict = judge(plant, body)
    assert verdict.flags == {"limit"}
    (opened,) = verdict.content.opened
    assert opened.part == str(body["steps"][at]["n"])
    assert "999999" in opened.what
    assert verdict.content.result == ("stopped" if opened.veto else "done")


def test_a_negative_answer_opens_what_its_item_says(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    kinds = set()
    for answer in body["answers"][1:]:
        (opened,) = judge(plant, commit_body(plant, "worker", bad=answer["i"])).content.opened
        assert opened.part == answer["i"]
        assert opened.what != answer["i"]  # the question, not its id
        kinds.add(opened.kind)
    assert kinds <= {"brief", "hazard"}


# Time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_ms", "flagged"),
    [
        (DUE_MS - 45 * MINUTE_MS - 1, True),
        (DUE_MS - 45 * MINUTE_MS, False),
        (DUE_MS + 12 * HOUR_MS - 1, False),
        # Without a lower bound nothing says that it was made after the window closed.
        (DUE_MS + 12 * HOUR_MS, False),
    ],
)
def test_surely_made_before_the_window_opened(plant: Plant, at_ms: int, flagged: bool) -> None:
    verdict = judge(plant, commit_body(plant, "worker", at_ms), at_ms)
    assert ("outside_window" in verdict.flags) == flagged
    assert verdict.counts != flagged


def test_surely_made_after_the_window_closed(plant: Plant) -> None:
    shut_ms = DUE_MS + 12 * HOUR_MS
    body = clocks(plant, run_body(plant, "worker"), shut_ms, shut_ms + MINUTE_MS)
    verdict = judge(plant, body, shut_ms + 2 * MINUTE_MS)
    assert verdict.flags == {"outside_window"}
    assert not verdict.counts


def test_a_claim_before_due_that_cannot_be_shown(plant: Plant) -> None:
    late_ms = DUE_MS + 30 * MINUTE_MS
    assert judge(plant, commit_body(plant, "worker"), late_ms).flags == {"time_unverified"}
    assert judge(plant, run_body(plant, "worker"), late_ms).flags == frozenset()
    honest = commit_body(plant, "worker", late_ms)
    assert judge(plant, honest, late_ms).flags == frozenset()


def test_a_claim_before_due_that_the_token_shows(plant: Plant) -> None:
    late_ms = DUE_MS + 30 * MINUTE_MS
    body = clocks(plant, commit_body(plant, "worker"), DUE_MS - HOUR_MS, DUE_MS - 20 * MINUTE_MS)
    verdict = judge(plant, body, late_ms, client_ms=late_ms)
    assert verdict.flags == frozenset()
    assert verdict.times == tokens.Times(DUE_MS - HOUR_MS, DUE_MS - 20 * MINUTE_MS, True)
    assert judge(plant, body, late_ms).flags == {"time_unverified"}  # no clock of the device


def test_the_token_of_another_device_shows_nothing(plant: Plant) -> None:
    body = clocks(plant, commit_body(plant, "worker"), MADE_MS, NOW_MS)
    stolen = tokens.make(plant.keys.session_secret, plant.device("mate")[0], MADE_MS)
    body["time"]["token"] = stolen
    assert judge(plant, body).times == tokens.Times(None, None, False)


def test_a_clock_set_back_is_told(plant: Plant) -> None:
    body = clocks(plant, commit_body(plant, "worker"), NOW_MS - HOUR_MS, NOW_MS - 2 * HOUR_MS)
    verdict = judge(plant, body)
    assert verdict.flags == {"clock_jump"}
    assert verdict.counts and not verdict.unverified


def test_a_named_file_is_missing_until_it_comes(plant: Plant) -> None:
    verdict = judge(plant, commit_body(plant, "worker", blobs=["A" * 43]))
    assert verdict.flags == {"blob_missing"}
    assert verdict.counts


def test_flags_add_up(plant: Plant) -> None:
    body = commit_body(plant, "worker", who=by(plant, "worker", k="none"), blobs=["A" * 43])
    body["station"]["mac"] = "0" * 16
    verdict = judge(plant, body, device=plant.device("mate")[0], sig=b"\x01" * 64)
    assert verdict.flags == {
        "bad_sig",
        "blob_missing",
        "other_device",
        "station_mac",
        "who_unverified",
    }
    assert verdict.counts
