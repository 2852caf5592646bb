"""One record erased: what names somebody goes, what figures, chains and proofs need stays."""

from __future__ import annotations

import json

import pytest

from shiftapp.ledger import encoding, log, note, proof, tree
from shiftapp.model import (
    blobs,
    counts,
    erasure,
    findings,
    hazards,
    history,
    inspection_floor,
    my_shifts,
    period_counts,
    proxies,
    records,
    report,
    roster,
    settings,
    shifts,
    signoffs,
)
from shiftapp.model.chain_end import chain_end
from shiftapp.model.flags_now import flags_now
from shiftapp.model.inspection_items import Span
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.announcing import DAY, add_crew, at, commit, draft, shift_of
from tests.erased import DAY_MS, LATER_MS, ORIGIN, erase, photo, record, seal, traces_in
from tests.ledger_walk import check_ledger
from tests.plant import NOW_MS, PUMPS, TANKS, Plant
from tests.sealing import (
    chained,
    commit_body,
    deliver,
    hazard_body,
    make_ready,
    run_body,
    sha_of,
)
from tests.shift_story import by_leader


def my_records(plant: Plant, part: str = "worker") -> list[str]:
    found = plant.store.rows(
        "SELECT id FROM record WHERE person = :p ORDER BY seq", p=plant.id(part)
    )
    return [row["id"] for row in found]


def amends(plant: Plant) -> list[dict[str, object]]:
    rows = plant.store.rows("SELECT data FROM entry WHERE kind = 'amend' ORDER BY seq")
    return [json.loads(bytes(row["data"])) for row in rows]


def entry_of(plant: Plant, record_id: str) -> Row:
    row = plant.store.row(
        "SELECT * FROM entry WHERE seq = :seq", seq=record(plant.store, record_id)["entry_seq"]
    )
    assert row is not None
    return row


# What goes and what stays -------------------------------------------------------------------------


def test_what_names_somebody_goes_and_what_a_figure_needs_stays(plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant)
    first, second = my_records(plant)
    before = record(plant.store, first)
    for one in (first, second):
        erase(plant, one)
    now = record(plant.store, first)
    gone = ("body", "salt", "sig", "person", "device", "station", "job")
    assert [now[name] for name in gone] == [None] * len(gone)
    assert now["erased_ms"] == LATER_MS
    kept = ("c", "body_sha", "kind", "instance", "result", "counts", "recv_ms", "entry_seq")
    assert [now[name] for name in kept] == [before[name] for name in kept]
    assert now["slot_u"] == before["slot_u"] and now["receipt_leaf"] == before["receipt_leaf"]
    slot = plant.store.row("SELECT person FROM slot WHERE u = :u", u=now["slot_u"])
    assert slot == {"person": None}
    check_ledger(plant.store)


def test_an_amend_entry_tells_of_each_leaf_and_is_there_once(plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant)
    first, second = my_records(plant)
    leaf = entry_of(plant, first)
    erase(plant, first)
    erase(plant, first)
    assert [one["of"] for one in amends(plant)] == [leaf["idx"]]
    assert amends(plant)[0] == {
        "k": "amend",
        "of": leaf["idx"],
        "r": "erased",
        "s": encoding.b64u(bytes(leaf["s"])),
        "u": encoding.b64u(bytes(record(plant.store, first)["slot_u"])),
        "v": 1,
    }
    assert [row["idx"] for row in erasure.amendments(plant.store, first)] == [None]
    size = seal(plant)
    assert [row["idx"] for row in erasure.amendments(plant.store, first)] == [size - 1]
    assert erasure.amendments(plant.store, second) == []


def test_who_came_back_under_another_slot_has_an_amend_for_each_leaf(plant: Plant) -> None:
    commit(plant, "worker", NOW_MS)
    (mine,) = my_records(plant)
    instance, me, by = plant.instance()["id"], plant.id("worker"), plant.id("leader")
    with plant.store.tx() as db:
        roster.end(db, instance, me, "mistake", by=by, now_ms=NOW_MS + 1)
        roster.add(
            db, instance, me, [roster.Post(PUMPS, "J02")], how="added", by=by,
            now_ms=NOW_MS + 2, random=plant.random,
        )  # fmt: skip
    seal(plant)
    erase(plant, mine)
    seal(plant)
    rows = plant.store.rows("SELECT idx FROM entry WHERE kind = 'rec' ORDER BY idx")
    assert sorted(one["of"] for one in amends(plant)) == [row["idx"] for row in rows]  # type: ignore[type-var]
    assert len(rows) == 2
    check_ledger(plant.store)


def test_a_leaf_without_a_place_waits(plant: Plant) -> None:
    commit(plant, "worker", NOW_MS)
    (mine,) = my_records(plant)
    with pytest.raises(Problem) as refused:
        erase(plant, mine)
    assert (refused.value.status, refused.value.code) == (409, "not_sealed_yet")
    assert records.body(plant.store, mine) is not None
    seal(plant)
    erase(plant, mine)
    assert records.body(plant.store, mine) is None


def test_an_unknown_record_is_not_found(plant: Plant) -> None:
    with pytest.raises(Problem) as refused:
        erase(plant, "0" * 36)
    assert refused.value.code == "no_record"


def test_of_two_records_the_first_leaves_the_slot_its_person(plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant)
    first, second = my_records(plant)
    erase(plant, second)
    assert history.state_of(plant.store, plant.instance(), plant.id("worker"), LATER_MS) == "ready"
    slot = record(plant.store, first)["slot_u"]
    owner = plant.store.value("SELECT person FROM slot WHERE u = :u", u=slot)
    assert owner == plant.id("worker")
    erase(plant, first)
    assert plant.store.value("SELECT person FROM slot WHERE u = :u", u=slot) is None


def test_a_record_of_no_shift_is_erased_too(plant: Plant) -> None:
    body = hazard_body(plant, "worker", "地面有油", shift=None)
    deliver(plant, body)
    erase(plant, body["id"])
    row = record(plant.store, body["id"])
    assert (row["person"], row["station"], row["slot_u"]) == (None, None, None)


def test_somebody_not_on_the_roster_leaves_nothing_that_leads_to_them(plant: Plant) -> None:
    body = commit_body(plant, "outsider")
    deliver(plant, body)
    erase(plant, body["id"])
    row = record(plant.store, body["id"])
    assert (row["person"], row["slot_u"], row["station"]) == (None, None, None)
    assert history.arrivals(plant.store, plant.instance()) == []
    check_ledger(plant.store)


# Proofs -------------------------------------------------------------------------------------------


def test_every_old_proof_still_verifies(plant: Plant) -> None:
    for part in DAY:
        make_ready(plant, part)
    seal(plant)
    mine = my_records(plant)
    leaf = entry_of(plant, mine[0])
    old = proof_of(plant, leaf)
    for one in mine:
        erase(plant, one)
    seal(plant)
    verifier = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(plant.keys.log)))
    for text in (old, proof_of(plant, leaf)):
        proof.check(proof.parse(text), bytes(leaf["leaf"]), verifier)
    then, now = (proof.check(proof.parse(text), bytes(leaf["leaf"]), verifier) for text in (
        old, proof_of(plant, leaf)
    ))  # fmt: skip
    assert now.checkpoint.size == then.checkpoint.size + 2  # nothing but the two amends
    path = tree.consistency(then.checkpoint.size, now.checkpoint.size, log.hashes(plant.store))
    tree.check_consistency(
        then.checkpoint.size, now.checkpoint.size, then.checkpoint.root, path, now.checkpoint.root
    )


def proof_of(plant: Plant, leaf: Row) -> str:
    size = log.head(plant.store).size
    path = tree.inclusion(leaf["idx"], size, log.hashes(plant.store))
    return proof.LogProof(leaf["idx"], path, plant.store.value("SELECT note FROM head")).text


def test_entries_recount_to_the_same_but_for_the_amends(plant: Plant) -> None:
    for part in DAY:
        make_ready(plant, part)
    seal(plant)
    sql = "SELECT idx, leaf, data FROM entry WHERE kind <> 'amend' ORDER BY idx"
    before = [(r["idx"], bytes(r["leaf"]), bytes(r["data"])) for r in plant.store.rows(sql)]
    for part in DAY[:3]:
        for one in my_records(plant, part):
            erase(plant, one)
    size = seal(plant)
    after = [(r["idx"], bytes(r["leaf"]), bytes(r["data"])) for r in plant.store.rows(sql)]
    assert after == before
    assert size == len(before) + 6
    rows = plant.store.rows("SELECT leaf FROM entry ORDER BY idx")
    assert tree.of_leaves([bytes(r["leaf"]) for r in rows]) == log.head(plant.store).root
    check_ledger(plant.store)


# Figures ------------------------------------------------------------------------------------------


def part_of(plant: Plant, crew: str = "JIA") -> counts.Part:
    (found,) = counts.parts(plant.store, [plant.instance(crew)], LATER_MS)
    return found


def share_of(plant: Plant, crew: str = "JIA") -> period_counts.Share:
    (found,) = period_counts.shares(plant.store, [plant.instance(crew)], LATER_MS)
    return found


def a_mixed_day(plant: Plant) -> None:
    """On time, late, not at all, and one whose commitment a leader entered."""
    make_ready(plant, "worker", at("07:45"))
    make_ready(plant, "mate", at("08:03"))
    commit(plant, "chen", at("07:50"))
    seal(plant)


@pytest.mark.parametrize("who", [("worker",), ("mate", "chen"), ("worker", "mate", "chen")])
def test_no_figure_of_a_day_changes_and_both_ways_of_counting_agree(
    plant: Plant, who: tuple[str, ...]
) -> None:
    a_mixed_day(plant)
    before, period = part_of(plant), share_of(plant)
    assert before.agrees and period.agrees
    for part in who:
        for one in my_records(plant, part):
            erase(plant, one)
            assert part_of(plant).count == part_of(plant).check == before.count
            assert share_of(plant).count == share_of(plant).check == period.count
    now = part_of(plant)
    assert len(now.people) == len(before.people)
    assert (now.rostered, counts.opened(now, LATER_MS)) == (6, 6)
    assert (counts.put_on(now, LATER_MS), counts.taken_off(now, LATER_MS)) == ([], [])
    check_ledger(plant.store)


def test_a_group_too_small_for_the_log_keeps_its_figures_too(plant: Plant) -> None:
    small = add_crew(plant, "WU", 3)
    for part, when in zip(small, ("07:45", "08:10"), strict=False):
        commit(plant, part, at(when), shift=shift_of("WU"))
    before, period = part_of(plant, "WU"), share_of(plant, "WU")
    assert not before.in_log and (before.count.on, before.count.late) == (1, 1)
    for part in small[:2]:
        for one in my_records(plant, part):
            erase(plant, one)
    assert part_of(plant, "WU").count == part_of(plant, "WU").check == before.count
    assert share_of(plant, "WU").count == share_of(plant, "WU").check == period.count
    assert amends(plant) == []


def test_who_was_erased_has_not_missed_the_shift(plant: Plant) -> None:
    a_mixed_day(plant)
    for one in my_records(plant, "worker"):
        erase(plant, one)
    people = history.people_states(plant.store, plant.instance(), LATER_MS)
    assert plant.id("worker") not in {one.person for one in people}
    (seat,) = [one for one in people if one.erased]
    assert (seat.name, seat.rows[0]["person_name"], seat.rows[0]["no"]) == ("ready", "—", "")
    assert seat.state.marks == {"on_time"}
    names = sorted(one.name for one in people)
    assert names == ["missed", "missed", "missed", "ready", "ready", "running"]


def test_the_report_of_a_shift_says_what_is_gone_and_sums_as_before(plant: Plant) -> None:
    a_mixed_day(plant)
    before = report.report(plant.store, plant.instance(), LATER_MS, lambda who: True)
    for part in ("worker", "chen"):
        for one in my_records(plant, part):
            erase(plant, one)
    now = report.report(plant.store, plant.instance(), LATER_MS, lambda who: True)
    assert now.figures == before.figures
    assert [line.who["name"] for line in now.people].count("—") == 2
    assert "张三" not in str(now.people)
    assert [c.what for c in now.changes] == [c.what for c in before.changes]


def test_the_sources_of_a_figure_list_each_commitment_without_a_name(plant: Plant) -> None:
    a_mixed_day(plant)
    for one in my_records(plant, "worker"):
        erase(plant, one)
    part = part_of(plant)
    rows = counts.sources(plant.store, part)
    assert [row["name"] for row in rows] == ["—", "李四", "陈一"]
    assert [row["erased_ms"] is None for row in rows] == [False, True, True]
    assert {p.person for p in counts.without_commitment(part)} == {
        plant.id("lin"), plant.id("huang"), plant.id("leader"),
    }  # fmt: skip


def test_two_crews_of_one_series_forget_the_same_person(plant: Plant) -> None:
    others = add_crew(plant, "DING", 3, "G-JIA")
    me, by = plant.id("worker"), plant.id("leader")
    other = plant.instance("DING")
    assert other["s"] == plant.instance()["s"]
    with plant.store.tx() as db:
        roster.add(
            db, other["id"], me, [roster.Post(TANKS, "J09")], how="added", by=by,
            now_ms=NOW_MS, random=plant.random,
        )  # fmt: skip
    commit(plant, "worker", NOW_MS)
    commit(plant, others[0], NOW_MS, shift=shift_of("DING"))
    seal(plant)
    instances = [plant.instance(), other]
    (before,) = counts.parts(plant.store, instances, LATER_MS)
    for one in my_records(plant):
        erase(plant, one)
    (now,) = counts.parts(plant.store, instances, LATER_MS)
    assert now.count == now.check == before.count
    for instance in instances:
        people = history.people_states(plant.store, instance, LATER_MS)
        assert me not in {one.person for one in people}
    (period,) = period_counts.shares(plant.store, instances, LATER_MS)
    assert period.count == period.check == before.count


# The person themself ------------------------------------------------------------------------------


def test_my_shift_says_that_it_was_erased_and_not_that_i_missed_it(plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant)
    first, second = my_records(plant)
    me = plant.id("worker")
    days = my_shifts.Span("2026-11-24", "2026-11-25", NOW_MS - DAY_MS, NOW_MS + DAY_MS)
    erase(plant, first)
    (shift,) = my_shifts.mine(plant.store, me, days, LATER_MS).shifts
    assert (shift.state, shift.gone, shift.erased, len(shift.records)) == ("ready", 1, False, 1)
    erase(plant, second)
    (shift,) = my_shifts.mine(plant.store, me, days, LATER_MS).shifts
    assert (shift.state, shift.erased, shift.records) == (None, True, ())
    assert my_shifts.sealed(plant.store, me, 0, lambda row: "") == []


def test_sent_again_it_has_the_same_receipt_and_nothing_comes_back(plant: Plant) -> None:
    body = commit_body(plant, "worker")
    (first,) = deliver(plant, body)
    seal(plant)
    erase(plant, body["id"])
    (again,) = deliver(plant, body, at_ms=LATER_MS)
    assert first is not None and again == first._replace(status="duplicate")
    assert records.body(plant.store, body["id"]) is None
    assert record(plant.store, body["id"])["person"] is None
    (other,) = deliver(plant, {**body, "app": "another"}, at_ms=LATER_MS)
    assert other is not None and other.status == "quarantined"


# What others keep about it ------------------------------------------------------------------------


def test_a_hazard_stays_without_who_reported_it_in_which_words(plant: Plant) -> None:
    body = run_body(plant, "worker", bad=1, note="张三说垫片老化")
    deliver(plant, body)
    (found,) = findings.of_record(plant.store, body["id"])
    with plant.store.tx() as db:
        findings.answer(db, found["id"], "fixed", by=plant.id("leader"), now_ms=NOW_MS)
        findings.accept(db, found["id"], by=plant.id("leader"), now_ms=NOW_MS)
    seal(plant)
    erase(plant, body["id"])
    (now,) = findings.of_record(plant.store, body["id"])
    assert (now["reporter"], now["note"], now["state"]) == (None, "", "accepted")
    assert now["what"] == found["what"] and now["erased_ms"] == LATER_MS
    (shown,) = hazards.of_record(plant.store, body["id"])
    assert (shown["reporter_name"], shown["erased_ms"]) == (None, LATER_MS)


def test_a_signature_over_a_hazard_forgets_who_reported_it(plant: Plant) -> None:
    body = run_body(plant, "worker", bad=2)
    deliver(plant, body)
    instance, leader = plant.instance(), plant.id("leader")
    with plant.store.tx() as db:
        people = history.people_states(db, instance, NOW_MS)
        asked = findings.of_instance(db, instance["id"])
        keys = [gap.key for gap in signoffs.gaps(people, asked, [], NOW_MS)]
        signoffs.sign(db, instance, dict.fromkeys(keys, "已说明"), by=leader, now_ms=NOW_MS)
    before = json.loads(plant.store.value("SELECT gaps FROM signoff"))
    (line,) = [one for one in before if one["key"].startswith("f")]
    assert line["person"] == plant.id("worker") and line["name"]
    seal(plant)
    erase(plant, body["id"])
    now = json.loads(plant.store.value("SELECT gaps FROM signoff"))
    (line,) = [one for one in now if one["key"].startswith("f")]
    assert (line["person"], line["name"], line["name_en"]) == (None, "", "")
    assert [(one["key"], one["reason"]) for one in now] == [
        (one["key"], one["reason"]) for one in before
    ]


def test_not_today_leaves_no_trace_of_having_been_it(plant: Plant) -> None:
    body = commit_body(plant, "worker", bad="fit")
    deliver(plant, body)
    erase(plant, body["id"])
    assert findings.of_record(plant.store, body["id"]) == []
    assert record(plant.store, body["id"])["result"] == "none"
    check_ledger(plant.store)


def test_not_today_is_tied_to_no_seat_that_still_has_a_name(plant: Plant) -> None:
    """Of what was taken as none only "not today" has no flag."""
    body, later = commit_body(plant, "worker", bad="fit"), commit_body(plant, "worker")
    deliver(plant, body)
    deliver(plant, later, at_ms=NOW_MS + 1)
    seal(plant)
    before = [(n.count, n.check) for n in (part_of(plant), share_of(plant))]
    erase(plant, body["id"])
    row = record(plant.store, body["id"])
    assert (row["person"], row["slot_u"], row["station"], row["job"]) == (None,) * 4
    assert [(n.count, n.check) for n in (part_of(plant), share_of(plant))] == before
    erase(plant, later["id"])
    assert [(n.count, n.check) for n in (part_of(plant), share_of(plant))] == before
    assert plant.store.value("SELECT COUNT(*) FROM slot WHERE person IS NULL") == 1
    check_ledger(plant.store)


def test_signals_and_what_they_said_of_a_proxy_go_and_the_mark_stays(plant: Plant) -> None:
    body, _ = by_leader(plant, "worker", NOW_MS, "no_phone")
    deliver(plant, body)
    with plant.store.tx() as db:
        proxies.answer(db, body["id"], plant.id("worker"), mine=False, now_ms=NOW_MS)
        db.run(
            "INSERT INTO signal (kind, record, person, instance, crew, figures, at_ms)"
            " VALUES ('fast', :id, :p, :i, 'JIA', '{}', :now)",
            id=body["id"],
            p=plant.id("worker"),
            i=plant.instance()["id"],
            now=NOW_MS,
        )
    share = proxies.share(plant.store, plant.instance()["id"], LATER_MS)
    seal(plant)
    erase(plant, body["id"])
    assert plant.store.value("SELECT COUNT(*) FROM signal") == 0
    assert plant.store.value("SELECT COUNT(*) FROM proxy_answer") == 0
    assert record(plant.store, body["id"])["unverified"] == 1
    now = proxies.share(plant.store, plant.instance()["id"], LATER_MS)
    assert (now.commitments, now.proxies) == (share.commitments, share.proxies) == (1, 1)
    assert proxies.of_crews(plant.store, ["JIA"], LATER_MS) == []


def test_of_its_files_those_go_that_no_other_record_names(plant: Plant, tmp_path) -> None:  # type: ignore[no-untyped-def]
    where = traces_in(tmp_path)
    own, shared = photo(plant, where, b"\xff\xd8\xffown"), photo(plant, where, b"\xff\xd8\xffboth")
    mine = commit_body(plant, "worker", blobs=[encoding.b64u(own), encoding.b64u(shared), "A" * 43])
    other = commit_body(plant, "mate", blobs=[encoding.b64u(shared)])
    deliver(plant, mine)
    deliver(plant, other)
    seal(plant)
    assert erase(plant, mine["id"]) == [own]
    rows = plant.store.rows("SELECT record, sha FROM record_blob ORDER BY record, sha")
    never = encoding.b64u_decode("A" * 43, 32)  # is told apart when it comes after all
    assert {(row["record"], bytes(row["sha"])) for row in rows} == {
        (other["id"], shared),
        (mine["id"], never),
    }
    assert blobs.is_erased(plant.store, never) and not blobs.is_erased(plant.store, shared)
    assert [bytes(r["sha"]) for r in plant.store.rows("SELECT sha FROM blob")] == [shared]


# The chain of a phone -----------------------------------------------------------------------------


def link_of(plant: Plant, record_id: str) -> tuple[object, object]:
    row = record(plant.store, record_id)
    return row["chain_dev"], row["chain_seq"]


def test_the_newest_record_of_a_phone_in_use_keeps_its_place(plant: Plant) -> None:
    device, _ = plant.device("worker")
    first, second = chained(commit_body(plant, "worker"), run_body(plant, "worker"))
    deliver(plant, first)
    seal(plant)
    erase(plant, first["id"])
    assert link_of(plant, first["id"]) == (device, 1)
    assert chain_end(plant.store, device) == {"seq": 1, "sha": sha_of(first)}
    deliver(plant, second, at_ms=NOW_MS + 1)
    assert json.loads(record(plant.store, second["id"])["flags"]) == []
    seal(plant)
    erase(plant, second["id"])
    assert link_of(plant, first["id"]) == (None, None)
    assert link_of(plant, second["id"]) == (device, 2)


def test_what_a_later_record_continues_keeps_its_place(plant: Plant) -> None:
    first, second = chained(commit_body(plant, "worker"), run_body(plant, "worker"))
    deliver(plant, second)
    deliver(plant, first)
    seal(plant)
    erase(plant, first["id"])
    flags = json.loads(record(plant.store, second["id"])["flags"])
    assert "chain_gap" in flags
    assert "chain_gap" not in flags_now(plant.store, second["id"], flags)
    assert flags_now(plant.store, first["id"], ["chain_gap"]) == ["chain_gap"]


def test_of_a_phone_that_was_revoked_nothing_stays_tied(plant: Plant) -> None:
    device, _ = plant.device("worker")
    bodies = chained(commit_body(plant, "worker"), run_body(plant, "worker"))
    deliver(plant, *bodies)
    seal(plant)
    with plant.store.tx() as db:
        db.run("UPDATE device SET revoked_ms = :now WHERE id = :id", now=NOW_MS, id=device)
    for body in bodies:
        erase(plant, body["id"])
    assert [link_of(plant, body["id"]) for body in bodies] == [(None, None)] * 2


# Kept unread --------------------------------------------------------------------------------------


def test_a_body_kept_unread_is_emptied_and_known_again(plant: Plant) -> None:
    body = {**commit_body(plant, "worker"), "app": None}
    (first,) = deliver(plant, body)
    assert first is not None and first.status == "quarantined"
    with plant.store.tx() as db:
        erasure.erase_unread(db, plant.store.value("SELECT seq FROM quarantine"))
    check_ledger(plant.store)
    (again,) = deliver(plant, body, at_ms=LATER_MS)
    assert again == first
    assert plant.store.value("SELECT length(body) FROM quarantine") == 0


def test_the_settings_never_ask_for_less_than_the_law(plant: Plant) -> None:
    facts = settings.get(plant.store)
    assert facts.keep_commit_days >= 1095 and facts.keep_run_days >= 1095
    assert facts.keep_hazard_days >= 730 and facts.keep_photo_days >= 730
    assert facts.keep_cannot_days == 30
    assert shifts.by_id(plant.store, plant.instance()["id"]) is not None


# The whole day -----------------------------------------------------------------------------------


def test_the_document_of_a_day_derives_to_the_same_bytes_with_everything_erased(
    plant: Plant, published: Row
) -> None:
    when = at("09:05")
    seal(plant)
    before = draft(plant, when)
    rows = plant.store.rows("SELECT id FROM record ORDER BY body_sha")  # in no order of people
    for row in rows:
        erase(plant, row["id"])
    now = draft(plant, when)
    assert plant.store.value("SELECT COUNT(*) FROM record WHERE erased_ms IS NULL") == 0
    assert now.content == before.content and now.sha == before.sha
    assert now.content["total"]["n"] == published["doc"]["total"]["n"] > 40


def test_the_inspection_asks_nobody_who_was_erased(plant: Plant, good_day: Plant) -> None:
    span = Span("2026-11-23", "2026-11-24", "Asia/Shanghai", 0, LATER_MS, LATER_MS)
    before = inspection_floor.stations(plant.store, span)
    assert before.of > 0
    seal(plant)
    for part in ("worker", "mate"):
        first, *rest = my_records(plant, part)
        erase(plant, first)
        assert inspection_floor.stations(plant.store, span).failing == before.failing
        for one in rest:
            erase(plant, one)
    assert inspection_floor.stations(plant.store, span).failing == before.failing
