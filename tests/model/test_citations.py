"""An announcement cites the log: what it says of a shift anybody counts again, from public data."""

from __future__ import annotations

import dataclasses
import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shiftapp.ledger import entries, log
from shiftapp.ledger.encoding import b64u
from shiftapp.model import citations, counts, log_marks, period_counts, records, roster, slots
from shiftapp.model.counts import Count, Part
from shiftapp.store import Db, Row, open_store
from tests.announced import rewrite
from tests.announcing import (
    DAY,
    add_crew,
    at,
    commit,
    commit_offline,
    draft,
    order,
    publish,
    shift_of,
)
from tests.cutting import cut_size
from tests.plant import DUE_MS, NOW_MS, PUMPS, Plant
from tests.recounting import ann_of, cut, faults, recount, said, told
from tests.sealing_log import seal, seal_rosters, see_outside

NINE = at("09:05")
DUE_S = DUE_MS // 1000
OVER = "已说明"


def part(plant: Plant, now_ms: int = NINE, crew: str = "JIA") -> Part:
    """The shift of a crew, counted; a period counts it alike."""
    (found,) = counts.parts(plant.store, [plant.instance(crew)], now_ms)
    (share,) = period_counts.shares(plant.store, [plant.instance(crew)], now_ms)
    assert (share.count, share.check, share.unsealed) == (found.count, found.check, found.unsealed)
    return found


def sealed_day(plant: Plant, *, seen_s: int | None = DUE_S + 4) -> None:
    """Two on time, one late, one offline, all in the log; the cut seen as told."""
    seal_rosters(plant.store, plant.keys)
    commit(plant, "worker", at("07:45"))
    commit(plant, "mate", at("07:59"))
    cut(plant.store, plant.keys, DUE_MS, seen_s)
    commit(plant, "chen", at("08:01"))
    commit_offline(plant, "lin", at("07:50"), at("08:30"))
    seal(plant.store, plant.keys, at("08:31"))


def published(plant: Plant, when: int = NINE, **more: Any) -> Row:
    return publish(plant, when, override=OVER, **more)


def checked(plant: Plant, found: Row) -> dict[str, Any]:
    """The `ann` entry of an announcement once it is sealed; all it cites holds."""
    seal(plant.store, plant.keys, found["published_ms"] + 60_000)
    index, ann = ann_of(plant.store, found["id"])
    assert index is not None and ann["b"] <= index
    assert not faults(plant.store, index)
    listed = json.loads(
        plant.store.value("SELECT parts FROM announcement WHERE id = :i", i=found["id"])
    )
    again, said = recount(plant.store, index), told(found["doc"])
    assert [one["s"] for one in listed] == [s for s in said if s in again]  # in its order
    for one in listed:
        assert again[one["s"]] == said[one["s"]]
        assert {k: one[k] for k in ("n", "on", "off", "late")} == {
            k: again[one["s"]][k] for k in ("n", "on", "off", "late")
        }
    return ann


# What is on time ----------------------------------------------------------------------------------


def test_on_time_is_what_stands_below_the_cut(plant: Plant) -> None:
    sealed_day(plant)
    found = part(plant)
    assert found.count == found.check == Count(n=6, on=2, off=1, late=1, none=2)
    assert found.unsealed == 0
    size = cut_size(plant.store, DUE_MS, 120)
    assert found.cite is not None and found.cite.cut == size
    newest = log.newest(plant.store)
    assert newest is not None and found.cite.tree == newest["size"]


def test_what_was_seen_without_a_witness_that_is_asked_for_since_is_not_cited(plant: Plant) -> None:
    sealed_day(plant)
    before = part(plant)
    see_outside(plant.store, plant.keys, "union", least=2)  # the newest tree; the cut is of before
    assert part(plant) == before  # figures do not change with the policy
    jia = b64u(bytes(plant.instance()["s"]))
    waiting = citations.uncited(plant.store, draft(plant, NINE))
    assert jia in {b64u(bytes(one.about["s"])) for one in waiting}
    found = published(plant)
    assert told(found["doc"])[jia]["on"] == 2
    index, ann = seen_by_union(plant, found)
    assert ann["of"] == []
    assert faults(plant.store, index) == []


def seen_by_union(plant: Plant, found: Row) -> tuple[int, dict[str, Any]]:
    """The place and the entry of an announcement that both witnesses have sealed."""
    text = plant.store.value("SELECT policy FROM head")
    seal(plant.store, plant.keys, found["published_ms"] + 60_000)
    see_outside(plant.store, plant.keys, "union", least=2)
    assert plant.store.value("SELECT policy FROM head") == text
    index, ann = ann_of(plant.store, found["id"])
    assert index is not None
    return index, ann


def test_until_the_shift_starts_it_goes_by_when_it_was_received(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", at("07:45"))
    for now_ms in (at("07:50"), DUE_MS + 30_000):
        found = part(plant, now_ms)
        assert found.count == found.check == Count(n=6, on=1, none=5)
        assert (found.unsealed, found.cite) == (0, None)


def test_once_the_cut_is_seen_it_goes_by_place_at_once(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", at("07:45"))
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 4)
    found = part(plant, DUE_MS + 5000)
    assert found.count == Count(n=6, on=1, none=5)
    assert found.cite is not None


def test_a_store_whose_log_was_never_kept_counts_by_when_it_was_received(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    found = part(plant)
    assert (found.count, found.unsealed, found.cite) == (Count(n=6, on=1, none=5), 0, None)
    ann = ann_of(plant.store, published(plant)["id"])[1]
    assert (ann["a"], ann["b"], ann["of"], ann["sup"]) == (0, 0, [], None)


def test_where_the_cut_was_missed_who_came_in_time_is_late_and_it_is_named(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", at("07:45"))
    commit(plant, "mate", at("08:10"))
    seal(plant.store, plant.keys, at("08:30"))
    found = part(plant)
    assert found.count == found.check == Count(n=6, late=2, none=4)
    assert found.unsealed == 1
    doc = draft(plant, NINE).content
    (said,) = [one for one in doc["named"] if one["code"] == "unsealed"]
    assert (said["n"], said["zh"]) == (1, "1 人的承诺按时收到，但公开账本没能在接班前封存。")
    assert draft(plant, NINE).figures.gap("unsealed") == 0  # named, and nobody can settle it
    assert checked(plant, published(plant))["of"]


def test_what_waits_for_a_place_after_the_start_is_not_on_time(plant: Plant) -> None:
    """It will stand above every tree that was there: the figure would change by itself."""
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", at("07:45"))
    before = part(plant)
    assert (before.count, before.unsealed) == (Count(n=6, late=1, none=5), 1)
    assert before.cite is None
    seal(plant.store, plant.keys, at("08:40"))
    assert part(plant).count == before.count


@pytest.mark.parametrize(
    ("seen_s", "on"), [(DUE_S, 2), (DUE_S + 120, 2), (DUE_S + 121, 0), (None, 0)]
)
def test_a_cut_counts_when_a_quorum_saw_it_within_the_grace(
    plant: Plant, seen_s: int | None, on: int
) -> None:
    sealed_day(plant, seen_s=seen_s)
    found = part(plant)
    assert found.count == found.check
    assert (found.count.on, found.unsealed) == (on, 2 - on)
    assert checked(plant, published(plant))["of"]


def test_without_a_cut_what_a_quorum_saw_before_the_start_counts(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", at("07:45"))
    seal(plant.store, plant.keys, at("07:46"))
    commit(plant, "mate", at("07:59"))
    seal(plant.store, plant.keys, at("08:09"))
    found = part(plant)
    assert found.count == found.check == Count(n=6, on=1, late=1, none=4)
    assert found.unsealed == 1


def test_a_record_that_our_clock_calls_late_is_on_time_where_witnesses_saw_it(plant: Plant) -> None:
    """Our clock is a minute ahead of theirs: only theirs says what was there at the start."""
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "worker", DUE_MS + 30_000)
    seal(plant.store, plant.keys, at("07:59"))
    found = part(plant)
    assert found.count == found.check == Count(n=6, on=1, none=5)
    assert checked(plant, published(plant))["of"]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_server_clock_that_is_a_day_off_changes_nothing(plant: Plant, days: int) -> None:
    """When entries were received is told by our clock alone: their places count."""
    sealed_day(plant)
    before = part(plant).count
    with plant.store.tx() as db:  # as if every record had been received by the wrong clock
        off_ms = days * 86_400_000
        seqs = db.rows("SELECT seq FROM entry WHERE kind = 'rec' ORDER BY seq")
        known = {row["seq"] for row in seqs}
    rows = [
        {**row, "recv_ms": row["recv_ms"] + (off_ms if row["seq"] in known else 0)}
        for row in log_marks.of_series(plant.store, plant.instance()["s"])
    ]
    seen = log_marks.trees(plant.store, DUE_MS, DUE_MS + 1, NINE)
    found = log_marks.told(rows, DUE_MS, NINE + max(0, off_ms), seen)
    marks = list(found.slots.values())
    assert found.placed
    assert (marks.count("on"), marks.count("off"), marks.count("late")) == (
        before.on,
        before.off,
        before.late,
    )


def test_all_starts_at_once_give_what_each_gives_alone(plant: Plant) -> None:
    for minute in range(7 * 60, 9 * 60, 13):
        commit(plant, "worker", at(f"{minute // 60:02}:{minute % 60:02}"))
        seal(
            plant.store, plant.keys, at(f"{minute // 60:02}:{minute % 60:02}"), seen=minute % 2 == 0
        )
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 100)
    night_ms = plant.instance("BING", "2026-11-23", "N")["starts_ms"]
    seen = log_marks.trees(plant.store, night_ms, DUE_MS + 1, NINE)
    for due_ms in (night_ms, DUE_MS):
        for grace in (0, 99, 120):
            alone = cut_size(plant.store, due_ms, grace) or 0
            assert seen.cut(due_ms, grace, NINE) == alone


@pytest.mark.parametrize(("why", "left"), [("withdrawn", 1), ("mistake", 1), ("erased", 2)])
def test_what_was_withdrawn_or_a_mistake_does_not_count(
    plant: Plant, why: entries.Why, left: int
) -> None:
    sealed_day(plant)
    row = plant.store.row(
        "SELECT entry.idx, record.slot_u FROM record JOIN entry ON entry.seq = record.entry_seq"
        " WHERE record.person = :p",
        p=plant.id("worker"),
    )
    assert row is not None
    s = bytes(plant.instance()["s"])
    amend = entries.amend_entry(of=row["idx"], why=why, s=s, slot=bytes(row["slot_u"]))
    with plant.store.tx() as db:
        log.append(db, "amend", s, amend, at("08:45"))
    assert part(plant).cite is None  # not sealed yet
    seal(plant.store, plant.keys, at("08:46"))
    found = part(plant)
    assert found.count == found.check
    assert (found.count.on, found.unsealed) == (left, 0)
    assert checked(plant, published(plant))["of"]


def test_who_is_added_late_is_late_and_not_unsealed(plant: Plant) -> None:
    commit(plant, "outsider", at("07:50"), shift=shift_of("JIA"))
    seal(plant.store, plant.keys, at("07:51"))
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 4)
    join(plant, "outsider", at("08:10"))
    seal(plant.store, plant.keys, at("08:11"))
    found = part(plant)
    assert found.count == found.check == Count(n=7, late=1, none=6)
    assert found.unsealed == 0
    assert checked(plant, published(plant))["of"]


# What is cited ------------------------------------------------------------------------------------


def test_the_entry_says_of_each_shift_what_the_document_says(plant: Plant) -> None:
    sealed_day(plant)
    ann = checked(plant, published(plant))
    # 丙班 started last evening, when only the rosters were in the log: it names its own cut.
    night, day = ann["of"]
    assert (day["on"], day["off"], day["late"], day["n"]) == (2, 1, 1, 6)
    assert "a" not in day and ann["a"] == cut_size(plant.store, DUE_MS, 120)
    assert 0 < night["a"] < ann["a"]
    assert day["s"] == b64u(bytes(plant.instance()["s"]))


def test_what_is_not_sealed_is_not_cited_and_the_document_is_the_same(plant: Plant) -> None:
    sealed_day(plant)
    asked = order(plant, NINE, override=OVER)
    shown = draft(plant, NINE)
    commit(plant, "lin", at("08:50"))  # a second one: no figure changes
    assert draft(plant, NINE).sha == shown.sha == asked.expect
    assert [one.about["crew"] for one in citations.uncited(plant.store, draft(plant, NINE))] == [
        "JIA"
    ]
    ann = checked(plant, publish(plant, NINE, asked))
    assert [one["s"] for one in ann["of"]] == [
        b64u(bytes(plant.instance("BING", "2026-11-23", "N")["s"]))
    ]


def test_published_before_anything_is_sealed_it_cites_nothing(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    found = published(plant)
    ann = checked(plant, found)
    assert (ann["of"], ann["b"]) == ([], 0)
    assert found["doc"]["total"]["on"] == 1


def test_a_shift_whose_roster_nobody_had_seen_when_it_started_is_not_cited(plant: Plant) -> None:
    """It would never hold: nobody can show that the roster was not made up afterwards."""
    seal(plant.store, plant.keys, at("07:40"))  # 丙班 began last evening
    commit(plant, "worker", at("07:45"))
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 4)
    seal(plant.store, plant.keys, at("08:31"))
    ann = checked(plant, published(plant))
    assert [one["s"] for one in ann["of"]] == [b64u(bytes(plant.instance()["s"]))]
    uncited = citations.uncited(plant.store, draft(plant, NINE))
    assert [one.about["crew"] for one in uncited] == ["BING"]


def test_a_tree_that_no_quorum_has_seen_is_not_cited(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"), seen=False)
    commit(plant, "worker", at("07:45"))
    found = part(plant)
    assert found.cite is None
    ann = ann_of(plant.store, published(plant)["id"])[1]
    assert (ann["b"], ann["of"]) == (0, [])


def test_it_still_holds_after_another_witness_is_asked_for(plant: Plant) -> None:
    """By the policy of its time, which the log publishes; and that is said."""
    sealed_day(plant)
    found = published(plant)
    checked(plant, found)
    see_outside(plant.store, plant.keys, "union", least=2)
    index, _ = ann_of(plant.store, found["id"])
    assert index is not None
    assert [code for code, _ in said(plant.store, index)] == ["earlier_policy", "self_attested"]


def test_a_further_version_names_the_one_it_supersedes(plant: Plant) -> None:
    sealed_day(plant)
    first = published(plant)
    second = published(plant, at("09:30"), change="correction", reason="再核对一次")
    ann = checked(plant, second)
    assert ann["sup"] == ann_of(plant.store, first["id"])[1]["doc"]
    assert ann["of"]


def test_it_names_what_was_signed_whatever_became_of_the_row(plant: Plant) -> None:
    sealed_day(plant)
    first = published(plant)
    was = ann_of(plant.store, first["id"])[1]["doc"]
    rewrite(plant, first["id"], doc="{}")
    second = published(plant, at("09:30"), change="correction", reason="再核对一次")
    assert ann_of(plant.store, second["id"])[1]["sup"] == was


def test_a_small_group_is_not_cited(plant: Plant) -> None:
    few = add_crew(plant, "DING", 3)
    left = add_crew(plant, "WU", 5)
    seal_rosters(plant.store, plant.keys)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    seal(plant.store, plant.keys, at("07:40"))
    for one in (few[0], left[0]):
        commit(plant, one, at("07:45"), shift=shift_of(one.rstrip("0123456789").upper()))
    with plant.store.tx() as db:  # five when the window opened, four now: in no figure of its own
        leader, instance = plant.id("leader"), plant.instance("WU")["id"]
        roster.end(db, instance, plant.id(left[4]), "leave", by=leader, now_ms=at("07:50"))
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 4)
    seal(plant.store, plant.keys, at("08:11"))
    found = published(plant)
    assert part(plant, crew="WU").cite is not None  # anybody may count it; it is not announced
    ann = checked(plant, found)
    assert [one["s"] for one in ann["of"]] == [s["s"] for s in found["doc"]["shifts"]]
    assert len(ann["of"]) == 2


def test_a_crew_under_five_only_since_the_last_tree_is_not_told_as_left_out(plant: Plant) -> None:
    """In the tree that is cited it has five places still; who signed knew of the fifth's leave."""
    crew = add_crew(plant, "WU", 5)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    sealed_day(plant)
    with plant.store.tx() as db:
        leader, instance = plant.id("leader"), plant.instance("WU")["id"]
        roster.end(db, instance, plant.id(crew[4]), "leave", by=leader, now_ms=at("08:50"))
    found = published(plant)
    assert checked(plant, found)["of"]
    assert b64u(bytes(plant.instance("WU")["s"])) not in told(found["doc"])


def test_a_period_cites_nothing(plant: Plant) -> None:
    sealed_day(plant)
    after = at("09:05", "2026-12-01")
    found = published(plant, after, date="2026-11-30", kind="monthly")
    ann = ann_of(plant.store, found["id"])[1]
    newest = log.newest(plant.store)
    assert newest is not None
    assert (ann["of"], ann["b"], ann["a"]) == ([], newest["size"], newest["size"])


def test_more_than_thirty_shifts_stand_in_a_list_of_their_own(plant: Plant) -> None:
    seal_rosters(plant.store, plant.keys)
    for number in range(31):
        add_crew(plant, f"C{number:02}", 5)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    seal(plant.store, plant.keys, at("07:40"))
    commit(plant, "c051", at("07:45"), shift=shift_of("C05"))
    cut(plant.store, plant.keys, DUE_MS, DUE_S + 4)
    seal(plant.store, plant.keys, at("08:31"))
    found = published(plant)
    ann = checked(plant, found)
    assert isinstance(ann["of"], str)
    listed = json.loads(plant.store.value("SELECT parts FROM announcement"))
    assert b64u(entries.parts_hash(listed)) == ann["of"]
    assert len(listed) == 33


# Several at once ----------------------------------------------------------------------------------


def meanwhile(plant: Plant, monkeypatch: pytest.MonkeyPatch, step: Callable[[], object]) -> None:
    """Let something happen once, between what publishing reads of the trees and what it counts."""
    read, done = log_marks.trees, list[int]()

    def then(db: Db, from_ms: int, to_ms: int, now_ms: int) -> log_marks.Trees:
        found = read(db, from_ms, to_ms, now_ms)
        if not done:
            done.append(1)
            step()
        return found

    monkeypatch.setattr(log_marks, "trees", then)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_what_is_committed_and_sealed_while_it_is_signed_is_not_cited_wrongly(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node stores, seals and shows a record, all between two statements of ours."""
    sealed_day(plant)
    asked = order(plant, NINE, override=OVER)
    other = dataclasses.replace(plant, store=open_store(plant.store.address))

    def step() -> None:
        commit(other, "worker", at("09:04"))
        seal(other.store, plant.keys, at("09:05"))

    meanwhile(plant, monkeypatch, step)
    found = publish(plant, NINE, asked)
    other.store.close()
    ann = checked(plant, found)
    jia = b64u(bytes(plant.instance()["s"]))
    assert jia in told(found["doc"]) and jia not in {one["s"] for one in ann["of"]}


def test_a_shift_whose_people_change_while_it_is_counted_is_not_cited(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_day(plant)

    def step() -> None:
        join(plant, "outsider", at("09:04"))
        seal(plant.store, plant.keys, at("09:05"))

    meanwhile(plant, monkeypatch, step)
    (found,) = counts.parts(plant.store, [plant.instance()], NINE)
    assert (found.count.n, found.cite) == (7, None)
    assert part(plant).cite is not None


def test_a_record_received_after_the_instant_of_the_signature_is_not_cited(plant: Plant) -> None:
    """A node's clock is ahead: the newest tree holds more than was counted, the one before not."""
    sealed_day(plant)
    before = log.newest(plant.store)
    commit(plant, "huang", NINE + 500)
    seal(plant.store, plant.keys, NINE)
    found = published(plant)
    jia = b64u(bytes(plant.instance()["s"]))
    assert told(found["doc"])[jia]["none"] == 2
    ann = checked(plant, found)
    assert before is not None and ann["b"] == before["size"]
    assert jia in {one["s"] for one in ann["of"]}


def test_what_is_only_told_holds_also_where_the_newest_tree_knows_more(plant: Plant) -> None:
    sealed_day(plant)
    commit(plant, "huang", NINE + 500)
    seal(plant.store, plant.keys, NINE)
    commit(plant, "leader", at("09:04"))  # waits for its place
    found = published(plant)
    jia = b64u(bytes(plant.instance()["s"]))
    assert told(found["doc"])[jia]["none"] == 1
    assert jia not in {one["s"] for one in checked(plant, found)["of"]}


def test_an_order_stored_by_two_nodes_leaves_one_entry_in_the_log(plant: Plant) -> None:
    sealed_day(plant)
    asked = order(plant, NINE, override=OVER)
    two = [plant, dataclasses.replace(plant, store=plant.store)]
    if plant.store.engine == "postgres":
        two[1] = dataclasses.replace(plant, store=open_store(plant.store.address))
    gate = threading.Barrier(2)

    def press(one: Plant) -> str:
        gate.wait()
        return str(publish(one, NINE, asked)["note"])

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(press, two))) == 1
    if two[1].store is not plant.store:
        two[1].store.close()
    assert plant.store.value("SELECT COUNT(*) FROM entry WHERE kind = 'ann'") == 1


# What is waited for -------------------------------------------------------------------------------


def test_what_was_received_just_now_is_awaited(plant: Plant) -> None:
    seal(plant.store, plant.keys, at("07:40"))
    assert not citations.is_awaited(plant.store, at("07:41"))
    commit(plant, "worker", at("07:45"))
    assert citations.is_awaited(plant.store, at("07:45"))
    assert citations.is_awaited(plant.store, at("07:46"))
    seal(plant.store, plant.keys, at("07:46"), seen=False)
    assert citations.is_awaited(plant.store, at("07:46"))  # until a quorum has seen it
    seal(plant.store, plant.keys, at("07:46"))
    assert not citations.is_awaited(plant.store, at("07:46"))


def test_where_nobody_seals_nobody_waits(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    assert not citations.is_awaited(plant.store, at("07:45"))  # never kept
    seal(plant.store, plant.keys, at("07:46"))
    commit(plant, "mate", at("07:47"))
    assert not citations.is_awaited(plant.store, at("07:50"))  # for minutes nobody has
    commit(plant, "chen", at("07:50"))
    assert citations.is_awaited(plant.store, at("07:48"))
    with plant.store.tx() as db:
        db.run("UPDATE head SET refused = 'older'")
    assert not citations.is_awaited(plant.store, at("07:48"))


def test_of_a_log_that_was_never_kept_nothing_is_said(plant: Plant) -> None:
    assert citations.uncited(plant.store, draft(plant, NINE)) == []
    seal(plant.store, plant.keys, at("07:40"), seen=False)
    assert len(citations.uncited(plant.store, draft(plant, NINE))) == 2


# Whatever happens ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_whatever_happens_anybody_counts_what_was_announced(plant: Plant, seed: int) -> None:
    chance = random.Random(seed)
    people = [*DAY, "outsider"]
    seal(plant.store, plant.keys, at("07:39"))
    was_cut = False
    for now in range(at("07:40"), at("09:00"), 4 * 60_000):
        if now > DUE_MS and not was_cut:
            was_cut = True
            if chance.random() < 0.8:
                cut(plant.store, plant.keys, DUE_MS, DUE_S + chance.choice([1, 4, 119, 130]))
        happen(plant, chance.choice(people), now, chance)
        if chance.random() < 0.5:
            seal(plant.store, plant.keys, now + 1000, seen=chance.random() < 0.7)
        found = part(plant, now + 2000)
        c = found.count
        assert c == found.check, (seed, now)
        assert c.on + c.off + c.late + c.none == c.n and min(c.on, c.off, c.late, c.none) >= 0
    if chance.random() < 0.8:
        seal(plant.store, plant.keys, at("09:01"))
    ahead = part(plant)
    ann = checked(plant, published(plant))
    cited = {one["s"] for one in ann["of"]}
    shown = ahead.count.n >= 5 and ahead.cite is not None
    assert (b64u(bytes(plant.instance()["s"])) in cited) == shown


def happen(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    """One thing that may come to pass in a shift."""
    instance = plant.instance()["id"]
    here = bool(roster.posts(plant.store, instance, plant.id(who)))
    event = chance.choice(["commit", "commit", "commit", "offline", "leave", "add", "unfit"])
    if event == "commit":
        commit(plant, who, now, shift=shift_of("JIA"))
    elif event == "offline" and who != "outsider":
        commit_offline(plant, who, now - chance.randrange(60) * 60_000, now)
    elif event == "unfit" and chance.random() < 0.3:
        commit(plant, who, now, bad="fit", shift=shift_of("JIA"))
    elif event == "leave" and here:
        with plant.store.tx() as db:
            roster.end(db, instance, plant.id(who), "leave", by=plant.id("leader"), now_ms=now)
    elif event == "add" and not here:
        join(plant, who, now)


def join(plant: Plant, who: str, now: int) -> None:
    """The leader puts somebody on the roster of 甲班."""
    with plant.store.tx() as db:
        records.join(
            db,
            plant.instance(),
            plant.id(who),
            [roster.Post(PUMPS, "J02")],
            by=plant.id("leader"),
            now_ms=now,
            random=plant.random,
        )
