"""A badge, a second person and a station scanned in a step: what of it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import credentials, judging, people
from shiftapp.model.judging import Arrival, Verdict
from tests.plant import MADE_MS, NOW_MS, PUMPS, TANKS, Plant
from tests.sealing import Body, b64u, commit_body, run_body, sealed, secrets_of

SECRET = "7K2M41QF8T5NC0D5"


@pytest.fixture
def plant(standing_plant: Plant) -> Iterator[Plant]:
    """张三 and 李四 have a badge."""
    with standing_plant.store.tx() as db:
        for part in ("worker", "mate"):
            credentials.set_badge(db, standing_plant.id(part), key(part))
    yield standing_plant
    with standing_plant.store.tx() as db:
        db.run("UPDATE person SET badge_key = NULL, active = 1")


def key(part: str) -> bytes:
    return badge.key_of(SECRET if part == "worker" else part)


def judge(plant: Plant, body: Body, *proven: str) -> Verdict:
    pairs = frozenset((body["id"], plant.id(part)) for part in proven)
    arrival = Arrival(NOW_MS, body["dev"], None, proven=pairs)
    return judging.judge(plant.store, sealed(body), arrival, secrets_of(plant))


def by_badge(plant: Plant, part: str, body: Body, of: str = "") -> Body:
    evidence = {"k": "badge", "code": badge.code_of(key(of or part), body["id"])}
    return {"person": plant.id(part), "ev": evidence}


def by_pin(plant: Plant, part: str) -> Body:
    return {"person": plant.id(part), "ev": {"k": "pin", "kid": "00000000", "enc": "AAAA"}}


# Badge and PIN ------------------------------------------------------------------------------------


def test_a_badge_shows_who_it_was(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    verdict = judge(plant, {**body, "who": by_badge(plant, "worker", body)})
    assert (verdict.flags, verdict.counts) == (frozenset(), True)


def test_a_badge_with_the_number_as_typed(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    who = {**by_badge(plant, "worker", body), "person": None, "no": "1001"}
    assert judge(plant, {**body, "who": who}).flags == frozenset()


def test_a_badge_of_somebody_else_or_for_another_record_shows_nothing(plant: Plant) -> None:
    body, other = commit_body(plant, "worker"), commit_body(plant, "worker")
    for who in (
        by_badge(plant, "worker", body, of="mate"),
        by_badge(plant, "worker", other),
        {"person": plant.id("worker"), "ev": {"k": "badge", "code": "中"}},
        {**by_badge(plant, "worker", body), "person": plant.id("chen")},  # who has none
    ):
        verdict = judge(plant, {**body, "who": who})
        assert verdict.flags == {"who_unverified"}
        assert verdict.counts and verdict.unverified


def test_a_badge_that_was_replaced_shows_nothing(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    who = by_badge(plant, "worker", body)
    with plant.store.tx() as db:
        credentials.set_badge(db, plant.id("worker"), badge.key_of("0" * 16))
    assert judge(plant, {**body, "who": who}).flags == {"who_unverified"}


def test_a_badge_of_who_has_left_shows_nothing(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    with plant.store.tx() as db:
        db.run("UPDATE person SET active = 0 WHERE id = :id", id=plant.id("worker"))
    verdict = judge(plant, {**body, "who": by_badge(plant, "worker", body)})
    assert verdict.flags == {"who_unverified"}


def test_a_pin_shows_who_it_was_where_it_was_found_right_before(plant: Plant) -> None:
    body = commit_body(plant, "worker", who=by_pin(plant, "worker"))
    assert judge(plant, body, "worker").flags == frozenset()
    assert judge(plant, body).flags == {"who_unverified"}
    assert judge(plant, body, "mate").flags == {"who_unverified"}


def test_what_was_found_right_holds_for_its_own_record(plant: Plant) -> None:
    body = commit_body(plant, "worker", who=by_pin(plant, "worker"))
    arrival = Arrival(NOW_MS, body["dev"], None, proven=frozenset({("x", plant.id("worker"))}))
    verdict = judging.judge(plant.store, sealed(body), arrival, secrets_of(plant))
    assert verdict.flags == {"who_unverified"}


# A second person ----------------------------------------------------------------------------------


def with_second(plant: Plant, body: Body, *seconds: Body) -> Body:
    """The run with a second person at its first steps."""
    steps = [dict(step) for step in body["steps"]]
    for step, second in zip(steps, seconds, strict=False):
        step["second"] = second
    return {**body, "steps": steps}


def in_session(plant: Plant, part: str, device: str) -> Body:
    _, sid = plant.session(part, device)
    return {"person": plant.id(part), "ev": {"k": "session", "sid": b64u(sid)}}


def test_a_second_person_by_badge_by_pin_or_by_session(plant: Plant) -> None:
    body = run_body(plant, "worker")
    seconds = (
        by_badge(plant, "mate", body),
        by_pin(plant, "mate"),
        in_session(plant, "mate", body["dev"]),
        {**by_pin(plant, "mate"), "person": None, "no": "1002"},
    )
    verdict = judge(plant, with_second(plant, body, *seconds), "mate")
    assert (verdict.flags, verdict.counts) == (frozenset(), True)
    assert verdict.person.id == plant.id("worker")


def test_the_second_person_is_another_one(plant: Plant) -> None:
    body = run_body(plant, "worker")
    body = with_second(plant, body, by_badge(plant, "worker", body))
    assert judge(plant, body).flags == {"who_unverified"}


WRONG: dict[str, Any] = {
    "nobody is known by that id": {"person": "a0000000-0000-4000-8000-00000000dead"},
    "nobody has that number": {"person": None, "no": "77"},
    "no evidence": {"ev": {"k": "none"}},
    "a pin that was not right": {"ev": {"k": "pin", "kid": "x", "enc": "AAAA"}},
    "another badge": {"ev": {"k": "badge", "code": "A" * 22}},
    "a session that never was": {"ev": {"k": "session", "sid": "A" * 22}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_second_person_who_does_not_show_it_is_flagged_and_counts(
    plant: Plant, wrong: dict[str, Any]
) -> None:
    body = run_body(plant, "worker")
    good, bad = by_badge(plant, "mate", body), {**by_badge(plant, "mate", body), **wrong}
    verdict = judge(plant, with_second(plant, body, good, bad))
    assert verdict.flags == {"who_unverified"}
    assert verdict.counts and verdict.person.id == plant.id("worker")


def test_a_leader_does_not_stand_in_for_a_second_person(plant: Plant) -> None:
    body = run_body(plant, "worker")
    _, sid = plant.session("leader", body["dev"])
    proxy = {"k": "leader", "person": plant.id("leader"), "sid": b64u(sid), "why": "other"}
    body = with_second(plant, body, {"person": plant.id("mate"), "ev": proxy})
    assert judge(plant, body).flags == {"who_unverified"}


def test_the_second_persons_session_was_on_that_device(plant: Plant) -> None:
    body = run_body(plant, "worker")
    elsewhere = in_session(plant, "mate", plant.device("mate")[0])
    assert judge(plant, with_second(plant, body, elsewhere)).flags == {"who_unverified"}


# A station scanned --------------------------------------------------------------------------------


def scanning(plant: Plant, code: str, mac: str | None) -> Body:
    body = run_body(plant, "worker")
    steps = [{**step, "scan": {"code": code, "mac": mac}} for step in body["steps"]]
    return {**body, "steps": steps}


@pytest.mark.parametrize("code", [PUMPS, TANKS])
def test_a_station_scanned_or_typed_on_the_way_is_ours(plant: Plant, code: str) -> None:
    mac = qr.code.mac(plant.keys.station_secret, code)
    assert judge(plant, scanning(plant, code, mac)).flags == frozenset()
    assert judge(plant, scanning(plant, code, None)).flags == frozenset()


def test_a_scan_with_a_wrong_mac_or_of_no_station_is_flagged_and_counts(plant: Plant) -> None:
    strange = "00000000"
    for code, mac in (
        (PUMPS, "0" * 16),
        (PUMPS, qr.code.mac(plant.keys.station_secret, TANKS)),
        (strange, qr.code.mac(plant.keys.station_secret, strange)),
        (strange, None),
    ):
        verdict = judge(plant, scanning(plant, code, mac))
        assert verdict.flags == {"station_mac"}
        assert verdict.counts


def test_a_badge_is_one_persons(plant: Plant) -> None:
    found = credentials.by_badge(plant.store, key("worker"))
    assert found == {"id": plant.id("worker"), "no": "1001"}
    assert credentials.by_badge(plant.store, badge.key_of("0" * 16)) is None


def test_saving_a_person_leaves_badge_and_pin_as_they_are(plant: Plant) -> None:
    with plant.store.tx() as db:
        credentials.set_pin(db, plant.id("mate"), "hash", credentials.tag_of("482913", b"s" * 16))
        people.save_person(db, people.Person(plant.id("mate"), "1002", "李四", crew="JIA"), MADE_MS)
        row = people.person(db, plant.id("mate"))
        credentials.set_pin(db, plant.id("mate"), None)
        bare = people.person(db, plant.id("mate"))
    assert row is not None and bare is not None
    assert (row["pin_hash"], bytes(row["pin_salt"])) == ("hash", b"s" * 16)
    assert bytes(row["badge_key"]) == key("mate")
    assert (bare["pin_hash"], bare["pin_salt"], bare["pin_tag"]) == (None, None, None)
