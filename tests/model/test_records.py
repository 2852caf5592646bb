"""Acceptance: what is stored, what is answered, what becomes public."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shiftapp.ledger.encoding import b64u
from shiftapp.model import (
    counters,
    counts,
    findings,
    records,
    retention,
    roster,
    settings,
    slots,
    states,
    tokens,
)
from shiftapp.model.history import people_states
from shiftapp.model.judging import Arrival, Sealed
from shiftapp.model.records import Stored
from shiftapp.model.roster import Post
from shiftapp.store import Row
from tests.ledger_walk import by_kind, check_ledger, entries_of
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, PUMPS, TODAY, Plant
from tests.sealing import (
    Body,
    commit_body,
    deliver,
    hazard_body,
    run_body,
    sealed,
    secrets_of,
    text_of,
)

MINUTE_MS = 60_000
SHUT_MS = DUE_MS + 12 * HOUR_MS
NIGHT = {"date": TODAY, "code": "N", "crew": "YI"}
NIGHT_OPENS_MS = DUE_MS + 12 * HOUR_MS - 45 * MINUTE_MS


def deliver_one(plant: Plant, body: Body, at_ms: int = NOW_MS) -> Stored:
    (stored,) = deliver(plant, body, at_ms=at_ms)
    assert stored is not None
    check_ledger(plant.store)
    return stored


def row_of(plant: Plant, body: Body) -> Row:
    found = plant.store.row("SELECT * FROM record WHERE id = :id", id=body["id"])
    assert found is not None
    return found


def state_of(plant: Plant, part: str, at_ms: int = NOW_MS) -> str:
    (found,) = [
        one
        for one in people_states(plant.store, plant.instance(), at_ms)
        if one.person == plant.id(part)
    ]
    return found.name


def offline_time(plant: Plant, part: str, token_ms: int, sealed_ms: int) -> dict[str, Any]:
    """The field `time` of a phone that had a token before it lost the network."""
    device, _ = plant.device(part)
    return {
        "started_ms": sealed_ms - MINUTE_MS,
        "sealed_ms": sealed_ms,
        "token": tokens.make(plant.keys.session_secret, device, token_ms),
        "token_wall_ms": token_ms,
        "mono_ms": None,
    }


def deliver_later(plant: Plant, body: Body, at_ms: int) -> Stored:
    """Deliver with the device's clock, as an outbox does when the network is back."""
    (stored,) = records.accept(
        plant.store, [sealed(body)], Arrival(at_ms, body["dev"], at_ms), secrets_of(plant), 120
    )
    assert stored is not None
    check_ledger(plant.store)
    return stored


# What is stored and what becomes public -----------------------------------------------------------


def test_a_commitment_is_stored_and_has_a_public_entry(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    stored = deliver_one(plant, body)
    assert (stored.status, stored.flags, stored.recv_ms) == ("stored", [], NOW_MS)
    record = row_of(plant, body)
    assert bytes(record["body"]) == text_of(body).encode()
    (entry,) = by_kind(plant.store)["rec"]
    assert (entry["w"], entry["c"]) == ("commit", b64u(stored.c))
    assert "o" not in entry
    assert bytes(record["receipt_leaf"]) == stored.leaf


def test_a_done_run_has_an_entry_of_its_own(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    deliver_one(plant, run_body(plant, "worker"))
    assert [entry["w"] for entry in by_kind(plant.store)["rec"]] == ["commit", "run"]
    assert state_of(plant, "worker") == "ready"


def test_an_entry_names_nobody_and_not_what_was_found(plant: Plant) -> None:
    good, bad = run_body(plant, "chen"), failed_run(plant, "worker", "done")
    deliver_one(plant, good)
    deliver_one(plant, bad)
    first, second = by_kind(plant.store)["rec"]
    assert first.keys() == second.keys()
    assert all(len(entry) == 6 for entry in (first, second))


def test_the_slot_of_a_person_is_one_for_all_records(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    deliver_one(plant, run_body(plant, "worker"))
    deliver_one(plant, commit_body(plant, "mate"))
    used = [entry["u"] for entry in by_kind(plant.store)["rec"]]
    assert used[0] == used[1] != used[2]


def test_a_second_commitment_of_the_same_person_is_an_entry_too(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    deliver_one(plant, commit_body(plant, "worker"))
    assert len(by_kind(plant.store)["rec"]) == 2


@pytest.mark.parametrize("what", ["hazard", "cannot", "stopped"])
def test_what_is_no_public_matter_has_a_receipt_over_its_commitment(
    plant: Plant, what: str
) -> None:
    body = {
        "hazard": hazard_body(plant, "worker", "P-202B 机封滴油"),
        "cannot": commit_body(plant, "worker", bad="fit"),
        "stopped": failed_run(plant, "worker", "stopped"),
    }[what]
    before = entries_of(plant.store)
    stored = deliver_one(plant, body)
    assert (stored.status, stored.leaf) == ("stored", None)
    assert entries_of(plant.store) == before


def failed_run(plant: Plant, part: str, result: str) -> Body:
    """A run with one failed step: a veto step stops it, another does not."""
    for number in range(1, 20):
        body = run_body(plant, part, bad=number, note="漏")
        if body["result"] == result:
            return body
    raise AssertionError(f"no step of the checklist leaves a run {result}")


def test_findings_open_with_their_record(plant: Plant) -> None:
    run, hazard = failed_run(plant, "worker", "stopped"), hazard_body(plant, "mate", "围堰裂缝")
    unfit = commit_body(plant, "chen", bad="fit")
    deliver(plant, run)
    deliver(plant, hazard)
    deliver_one(plant, unfit)
    (veto,) = findings.of_record(plant.store, run["id"])
    assert (veto["kind"], veto["veto"], veto["note"]) == ("hazard", 1, "漏")
    assert (veto["reporter"], veto["crew"], veto["station"]) == (plant.id("worker"), "JIA", PUMPS)
    (report,) = findings.of_record(plant.store, hazard["id"])
    assert (report["what"], report["part"], report["veto"]) == ("围堰裂缝", "self", 0)
    (todo,) = findings.of_record(plant.store, unfit["id"])
    assert (todo["kind"], todo["note"]) == ("replace", "")
    assert state_of(plant, "worker") == "stopped"
    assert state_of(plant, "chen") == "cannot"


def test_every_new_record_moves_the_write_counter_and_a_repeat_does_not(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    before = counters.board(plant.store)
    deliver_one(plant, body)
    moved = counters.board(plant.store)
    assert moved > before
    deliver_one(plant, body)
    assert counters.board(plant.store) == moved
    deliver_one(plant, {**body, "app": "changed"})
    assert counters.board(plant.store) > moved


def test_a_delivery_is_noted_with_its_device(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    device, _ = plant.device("worker")
    row = plant.store.row("SELECT * FROM device WHERE id = :d", d=device)
    assert row is not None and row["synced_ms"] == row["seen_ms"] == NOW_MS


# The same again -----------------------------------------------------------------------------------


def test_the_same_bytes_again_give_the_first_answer(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    first = deliver_one(plant, body)
    again = deliver_one(plant, body, NOW_MS + MINUTE_MS)
    assert again == first._replace(status="duplicate")
    assert len(by_kind(plant.store)["rec"]) == 1


def test_flags_of_a_repeat_are_those_of_the_first_acceptance(plant: Plant) -> None:
    body = commit_body(plant, "outsider")
    first = deliver_one(plant, body)
    assert first.flags == ["not_on_roster"]
    with plant.store.tx() as db:
        instance = plant.instance()
        roster.add(
            db,
            instance["id"],
            plant.id("outsider"),
            [Post(PUMPS, "J02")],
            how="added",
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )
    again = deliver_one(plant, body, NOW_MS + MINUTE_MS)
    assert again == first._replace(status="duplicate")


def test_another_signature_on_a_repeat_is_ignored(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    first = deliver_one(plant, body)
    signed = sealed(body)._replace(sig=b"\x07" * 64)
    (again,) = records.accept(
        plant.store, [signed], Arrival(NOW_MS, body["dev"], None), secrets_of(plant), 120
    )
    assert again == first._replace(status="duplicate")
    assert row_of(plant, body)["sig"] is None


def test_the_same_id_twice_in_a_request_is_a_repeat(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    first, second, third = deliver(plant, body, body, {**body, "app": "other"})
    check_ledger(plant.store)
    assert first is not None and second == first._replace(status="duplicate")
    assert third is not None and (third.status, third.flags) == ("quarantined", ["id_conflict"])


def test_other_bytes_under_a_known_id_are_kept_apart_and_change_nothing(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    first = deliver_one(plant, body)
    other = {**body, "app": "other"}
    kept = deliver_one(plant, other, NOW_MS + 1)
    assert (kept.status, kept.flags, kept.leaf) == ("quarantined", ["id_conflict"], None)
    assert kept.c != first.c
    assert bytes(row_of(plant, body)["body"]) == text_of(body).encode()
    assert deliver_one(plant, other, NOW_MS + 2) == kept
    assert deliver_one(plant, body, NOW_MS + 3) == first._replace(status="duplicate")


def test_the_same_body_under_another_salt_is_other_bytes(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    deliver_one(plant, body)
    (kept,) = records.accept(
        plant.store,
        [sealed(body, b"\x02" * 32)],
        Arrival(NOW_MS, body["dev"], None),
        secrets_of(plant),
        120,
    )
    assert kept is not None and kept.status == "quarantined"


@pytest.mark.parametrize("broken", [{"v": 2}, {"kind": "gas"}, {"seq": "1"}, {"blobs": None}])
def test_what_cannot_be_read_is_kept_once_and_answered_alike(
    plant: Plant, broken: dict[str, Any]
) -> None:
    body = {**commit_body(plant, "worker"), **broken}
    kept = deliver_one(plant, body)
    assert kept.status == "quarantined"
    assert kept.flags == ["schema" if {"v", "kind"} & broken.keys() else "shape"]
    assert deliver_one(plant, body, NOW_MS + 5) == kept
    assert plant.store.value("SELECT COUNT(*) FROM record") == 0
    assert plant.store.value("SELECT COUNT(*) FROM finding") == 0


def test_an_id_that_was_kept_apart_does_not_come_back_as_another_record(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    deliver_one(plant, {**body, "v": 2})
    later = deliver_one(plant, body)
    assert (later.status, later.flags) == ("quarantined", ["id_conflict"])


@pytest.mark.parametrize("kind", ["a\0b", "班" * 50, "\x1f", ""])
def test_a_kind_of_any_text_is_kept(plant: Plant, kind: str) -> None:
    body = {**commit_body(plant, "worker"), "kind": kind}
    assert deliver_one(plant, body).status == "quarantined"


# Faults of ours -----------------------------------------------------------------------------------


def test_a_fault_of_ours_takes_one_record_only(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    good, other = commit_body(plant, "worker"), commit_body(plant, "mate", dev=None, seq=None)
    spoilt = sealed(run_body(plant, "worker"))._replace(c=b"short")  # the database refuses it
    arrival = Arrival(NOW_MS, good["dev"], None)
    found = records.accept(
        plant.store, [sealed(good), spoilt, sealed(other)], arrival, secrets_of(plant), 120
    )
    check_ledger(plant.store)
    assert [one and one.status for one in found] == ["stored", None, "stored"]
    assert spoilt.id in caplog.text
    assert plant.store.value("SELECT COUNT(*) FROM record") == 2


def test_a_record_that_we_fail_to_judge_holds_up_no_other(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    good, lost = commit_body(plant, "worker"), run_body(plant, "worker")
    broken = sealed(lost)._replace(sig=b"\x01" * 64, c=None)  # type: ignore[arg-type]
    with plant.store.tx() as db:
        db.run("UPDATE device SET pubkey = :key WHERE id = :id", key=b"x", id=good["dev"])
    secrets = secrets_of(plant)._replace(mac=lambda code: 1 // 0)
    arrival = Arrival(NOW_MS, good["dev"], None)
    typed = sealed({**good, "station": {**good["station"], "mac": None}})
    found = records.accept(plant.store, [broken, typed], arrival, secrets, 120)
    assert [one and one.status for one in found] == [None, "stored"]
    assert lost["id"] in caplog.text
    check_ledger(plant.store)


def test_nothing_is_left_of_a_record_that_failed_half_way(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DROP TABLE handover")
        db.run("DROP TABLE finding")
    before = entries_of(plant.store)
    (lost,) = deliver(plant, failed_run(plant, "worker", "done"))
    assert lost is None
    assert entries_of(plant.store) == before
    assert plant.store.value("SELECT COUNT(*) FROM record") == 0


# Off the roster, and added later ------------------------------------------------------------------


def test_somebody_off_the_roster_is_stored_and_counts_for_nobody(plant: Plant) -> None:
    before = entries_of(plant.store)
    stored = deliver_one(plant, commit_body(plant, "outsider"))
    assert (stored.status, stored.flags, stored.leaf) == ("stored", ["not_on_roster"], None)
    assert entries_of(plant.store) == before
    everybody = people_states(plant.store, plant.instance(), NOW_MS)
    assert plant.id("outsider") not in {one.person for one in everybody}


def add_outsider(plant: Plant, at_ms: int) -> None:
    with plant.store.tx() as db:
        records.join(
            db,
            plant.instance(),
            plant.id("outsider"),
            [Post(PUMPS, "J02")],
            by=plant.id("leader"),
            now_ms=at_ms,
            random=plant.random,
        )
    check_ledger(plant.store)


def test_a_person_added_later_has_the_entries_of_what_waits(plant: Plant) -> None:
    commit, run = commit_body(plant, "outsider"), run_body(plant, "outsider")
    hazard = hazard_body(plant, "outsider", "滴油")
    first = deliver_one(plant, commit)
    deliver_one(plant, run)
    deliver_one(plant, hazard)
    add_outsider(plant, NOW_MS + MINUTE_MS)
    told = entries_of(plant.store)[-3:]
    assert [entry["k"] for entry in told] == ["chg", "rec", "rec"]
    assert [told[0]["add"], told[0]["del"]] == [[told[1]["u"]], []]
    assert [told[1]["w"], told[2]["w"]] == ["commit", "run"]
    assert state_of(plant, "outsider", NOW_MS + MINUTE_MS) == "ready"
    assert deliver_one(plant, commit) == first._replace(status="duplicate")


def test_somebody_ended_and_added_again_has_the_entries_under_the_new_slot(plant: Plant) -> None:
    commit = commit_body(plant, "outsider")
    first = deliver_one(plant, commit)
    add_outsider(plant, NOW_MS + MINUTE_MS)
    with plant.store.tx() as db:
        instance, leader = plant.instance()["id"], plant.id("leader")
        roster.end(
            db, instance, plant.id("outsider"), "mistake", by=leader, now_ms=NOW_MS + 2 * MINUTE_MS
        )
    check_ledger(plant.store)
    add_outsider(plant, NOW_MS + 3 * MINUTE_MS)
    *_, out, back, again = entries_of(plant.store)
    assert [out["k"], back["k"], again["k"]] == ["chg", "chg", "rec"]
    assert back["add"] == [again["u"]] != out["del"]
    [figures] = counts.parts(plant.store, [plant.instance()], NOW_MS + 4 * MINUTE_MS)
    assert figures.count == figures.check and figures.count.on == 1
    assert deliver_one(plant, commit) == first._replace(status="duplicate")


def test_the_receipt_of_an_entry_stays_the_first_for_one_who_comes_back(plant: Plant) -> None:
    commit, instance = commit_body(plant, "worker"), plant.instance()["id"]
    first = deliver_one(plant, commit)
    assert first.leaf is not None
    with plant.store.tx() as db:
        by, at_ms = plant.id("leader"), NOW_MS + MINUTE_MS
        roster.end(db, instance, plant.id("worker"), "mistake", by=by, now_ms=at_ms)
        post = [Post(PUMPS, "J02")]
        records.join(
            db,
            plant.instance(),
            plant.id("worker"),
            post,
            by=by,
            now_ms=at_ms,
            random=plant.random,
        )
    check_ledger(plant.store)
    assert deliver_one(plant, commit) == first._replace(status="duplicate")


def test_a_change_of_the_roster_and_its_entries_are_one_transaction(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "outsider"))
    before = entries_of(plant.store)
    with pytest.raises(ZeroDivisionError), plant.store.tx() as db:
        records.join(
            db,
            plant.instance(),
            plant.id("outsider"),
            [Post(PUMPS, "J02")],
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )
        raise ZeroDivisionError
    check_ledger(plant.store)
    assert entries_of(plant.store) == before


def test_a_stand_in_who_was_there_first_has_entries_too(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "outsider"))
    with plant.store.tx() as db:
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            plant.id("outsider"),
            "replaced",
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )
    check_ledger(plant.store)
    assert [entry["k"] for entry in entries_of(plant.store)[-3:]] == ["chg", "chg", "rec"]
    assert state_of(plant, "worker") == "excused"
    assert state_of(plant, "outsider") == "running"


def test_who_leaves_and_comes_back_has_a_new_slot(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    with plant.store.tx() as db:
        roster.end(
            db, plant.instance()["id"], plant.id("worker"), "leave", by="x", now_ms=NOW_MS + 1
        )
    check_ledger(plant.store)
    with plant.store.tx() as db:
        roster.add(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            [Post(PUMPS, "J02")],
            how="added",
            by="x",
            now_ms=NOW_MS + 2,
            random=plant.random,
        )
    deliver_one(plant, run_body(plant, "worker"), NOW_MS + 3)
    first, second, run = by_kind(plant.store)["rec"]
    assert (first["c"], first["u"]) != (second["c"], second["u"])
    assert first["c"] == second["c"] and second["u"] == run["u"] != first["u"]
    gone, back = by_kind(plant.store)["chg"]
    assert (gone["del"], back["add"]) == ([first["u"]], [second["u"]])


def test_a_person_on_leave_is_not_on_the_roster(plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.end(db, plant.instance()["id"], plant.id("worker"), "leave", by="x", now_ms=NOW_MS)
    stored = deliver_one(plant, commit_body(plant, "worker"), NOW_MS + 1)
    assert (stored.flags, stored.leaf) == (["not_on_roster"], None)


# Series -------------------------------------------------------------------------------------------


def fill(plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)


def test_the_first_record_opens_a_window_that_the_clock_has_not(plant: Plant) -> None:
    fill(plant)
    tomorrow = {"date": "2026-11-25", "code": "N", "crew": "JIA"}
    opens_ms = DUE_MS + 36 * HOUR_MS - 45 * MINUTE_MS
    instance = plant.instance("JIA", "2026-11-25", "N")
    assert slots.state(plant.store, bytes(instance["s"])) == "waiting"
    deliver_one(plant, commit_body(plant, "worker", opens_ms, shift=tomorrow), opens_ms)
    told = entries_of(plant.store)[-2:]
    assert [(entry["k"], entry["s"]) for entry in told] == [
        ("open", b64u(bytes(instance["s"]))),
        ("rec", b64u(bytes(instance["s"]))),
    ]
    assert told[0]["n"] == 6


def test_a_record_before_the_window_opens_none(plant: Plant) -> None:
    fill(plant)
    tomorrow = {"date": "2026-11-25", "code": "N", "crew": "JIA"}
    stored = deliver_one(plant, commit_body(plant, "worker", shift=tomorrow))
    assert (stored.flags, stored.leaf) == (["outside_window"], None)
    instance = plant.instance("JIA", "2026-11-25", "N")
    assert slots.state(plant.store, bytes(instance["s"])) == "waiting"


def test_a_group_under_five_is_never_public(plant: Plant) -> None:
    late = NIGHT_OPENS_MS + MINUTE_MS
    fill(plant)
    before = entries_of(plant.store)
    stored = deliver_one(plant, commit_body(plant, "outsider", late, shift=NIGHT), late)
    assert (stored.status, stored.flags, stored.leaf) == ("stored", [], None)
    assert entries_of(plant.store) == before
    instance = plant.instance("YI", TODAY, "N")
    found = {one.person: one.name for one in people_states(plant.store, instance, late)}
    assert found[plant.id("outsider")] == "running"


def test_a_group_that_was_small_when_it_opened_stays_so(plant: Plant) -> None:
    instance = plant.instance("YI", TODAY, "N")
    before = entries_of(plant.store)
    with plant.store.tx() as db:
        slots.open_due(db, NIGHT_OPENS_MS, 120)
        for part in ("night1", "night2", "night3", "night4"):
            roster.add(
                db,
                instance["id"],
                plant.id(part),
                [Post(PUMPS, "J02")],
                how="added",
                by="x",
                now_ms=NIGHT_OPENS_MS,
                random=plant.random,
            )
    deliver_one(plant, commit_body(plant, "night1", NIGHT_OPENS_MS, shift=NIGHT), NIGHT_OPENS_MS)
    assert entries_of(plant.store) == before


# Time ---------------------------------------------------------------------------------------------


def test_an_offline_commitment_says_so_in_public(plant: Plant) -> None:
    time = offline_time(plant, "worker", DUE_MS - 40 * MINUTE_MS, DUE_MS - 19 * MINUTE_MS)
    stored = deliver_later(plant, commit_body(plant, "worker", time=time), DUE_MS + 30 * MINUTE_MS)
    assert stored.flags == []
    (entry,) = by_kind(plant.store)["rec"]
    assert entry["o"] == 1


def test_an_offline_run_does_not(plant: Plant) -> None:
    time = offline_time(plant, "worker", DUE_MS - 40 * MINUTE_MS, DUE_MS - 19 * MINUTE_MS)
    deliver_later(plant, run_body(plant, "worker", time=time), DUE_MS + 30 * MINUTE_MS)
    (entry,) = by_kind(plant.store)["rec"]
    assert "o" not in entry


def test_offline_is_settled_when_it_was_accepted_also_for_one_added_later(plant: Plant) -> None:
    time = offline_time(plant, "outsider", DUE_MS - 40 * MINUTE_MS, DUE_MS - 19 * MINUTE_MS)
    deliver_later(plant, commit_body(plant, "outsider", time=time), DUE_MS + 30 * MINUTE_MS)
    add_outsider(plant, DUE_MS + HOUR_MS)
    (entry,) = by_kind(plant.store)["rec"]
    assert entry["o"] == 1


def test_an_offline_record_still_counts_after_the_window_closed(plant: Plant) -> None:
    time = offline_time(plant, "worker", DUE_MS - 40 * MINUTE_MS, DUE_MS - 19 * MINUTE_MS)
    stored = deliver_later(plant, commit_body(plant, "worker", time=time), SHUT_MS + HOUR_MS)
    assert stored.leaf is not None
    assert state_of(plant, "worker", SHUT_MS + 2 * HOUR_MS) == "running"


# The plain form -----------------------------------------------------------------------------------


def form_seal(plant: Plant, body: Body) -> tuple[list[Sealed], Any]:
    built: list[Sealed] = []

    def build() -> Sealed:
        built.append(sealed({**body, "dev": None, "seq": None, "prev": None}))
        return built[-1]

    return built, build


def test_the_plain_form_is_sealed_once_whatever_the_second_post_carries(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    built, build = form_seal(plant, body)
    first = records.accept_form(plant.store, body["id"], build, NOW_MS, secrets_of(plant), 120)
    again = records.accept_form(plant.store, body["id"], build, NOW_MS + 9, secrets_of(plant), 120)
    check_ledger(plant.store)
    assert (first.status, first.flags) == ("stored", [])
    assert again == first._replace(status="duplicate")
    assert len(built) == 1


def test_a_body_reads_back_as_it_was_sealed(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    deliver_one(plant, body)
    assert records.body(plant.store, body["id"]) == body
    assert records.body(plant.store, "nobody") is None


def test_my_records_are_mine_and_newest_first(plant: Plant) -> None:
    mine = [commit_body(plant, "worker"), run_body(plant, "worker")]
    for body in (*mine, commit_body(plant, "mate")):
        deliver_one(plant, body)
    found = records.of_person(plant.store, plant.id("worker"), 10)
    assert [row["id"] for row in found] == [mine[1]["id"], mine[0]["id"]]
    assert len(records.of_person(plant.store, plant.id("worker"), 1)) == 1


# Erasure ------------------------------------------------------------------------------------------


def test_erasing_a_body_leaves_the_receipt_and_the_ledger(plant: Plant) -> None:
    body = commit_body(plant, "worker", bad="fit")
    first = deliver_one(plant, body)
    assert (
        retention.end(plant.store, settings.get(plant.store), NOW_MS + 30 * 24 * HOUR_MS + 1) == 1
    )
    check_ledger(plant.store)
    assert records.body(plant.store, body["id"]) is None
    assert deliver_one(plant, body) == first._replace(status="duplicate")


def test_what_is_written_cannot_be_rewritten(plant: Plant) -> None:
    deliver_one(plant, commit_body(plant, "worker"))
    for sql in (
        "UPDATE entry SET data = leaf",
        "DELETE FROM entry",
        "DELETE FROM record",
        "UPDATE record SET flags = '[]', c = salt",
        "UPDATE record SET recv_ms = 0",
    ):
        with pytest.raises(Exception, match="append-only"), plant.store.tx() as db:
            db.run(sql)
    check_ledger(plant.store)


def test_the_state_sums_stay_whole(plant: Plant) -> None:
    for body in (
        commit_body(plant, "worker"),
        run_body(plant, "worker"),
        failed_run(plant, "chen", "stopped"),
    ):
        deliver_one(plant, body)
    found = people_states(plant.store, plant.instance(), NOW_MS)
    tally = states.tally(one.state for one in found)
    assert sum(tally.values()) == len(found) == 6
    assert json.dumps(sorted(tally)) and MADE_MS < NOW_MS
