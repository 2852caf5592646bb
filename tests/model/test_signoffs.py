"""The crew's signature: what stands in its way, what is kept, what reopens it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping

import pytest

from shiftapp.model import findings, handover, history, roster, signoffs
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.crew import answer, crew_ready, plain_step, veto_step
from tests.plant import NOW_MS, Plant
from tests.sealing import commit_body, deliver, make_ready, run_body

MINUTE = 60_000


def open_gaps(plant: Plant, at_ms: int = NOW_MS) -> list[signoffs.Gap]:
    instance = plant.instance()
    people = history.people_states(plant.store, instance, at_ms)
    left = handover.waiting(plant.store, instance, at_ms)
    return signoffs.gaps(people, findings.of_instance(plant.store, instance["id"]), left, at_ms)


def signature(plant: Plant, at_ms: int) -> signoffs.Signature | None:
    instance = plant.instance()
    people = history.people_states(plant.store, instance, at_ms)
    asked = findings.of_instance(plant.store, instance["id"])
    return signoffs.signature(plant.store, instance, people, asked, at_ms)


def sign(
    plant: Plant,
    reasons: Mapping[str, str] | None = None,
    at_ms: int = NOW_MS,
    instance: Row | None = None,
) -> None:
    with plant.store.tx() as db:
        signoffs.sign(
            db,
            instance or plant.instance(),
            reasons or {},
            by=plant.id("leader"),
            now_ms=at_ms,
        )


def test_a_crew_that_is_ready_is_signed_with_its_figures(plant: Plant) -> None:
    crew_ready(plant)
    assert open_gaps(plant) == []
    sign(plant)
    signed = signature(plant, NOW_MS)
    assert signed is not None and signed.holds
    assert (signed.row["ready"], signed.row["expected"]) == (6, 6)
    assert signed.row["signer_name"] == "王五"


def test_two_leaders_who_sign_at_once_are_one_signature(plant: Plant) -> None:
    crew_ready(plant)
    instance, together = plant.instance(), threading.Barrier(2)
    results: list[str] = []

    def press(part: str) -> None:
        together.wait()
        try:
            with plant.store.tx() as db:  # a transaction each, as on two servers
                signoffs.sign(db, instance, {}, by=plant.id(part), now_ms=NOW_MS)
            results.append("signed")
        except Problem as problem:
            results.append(problem.code)

    threads = [threading.Thread(target=press, args=(part,)) for part in ("leader", "mate")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["already_signed", "signed"]
    assert plant.store.value("SELECT COUNT(*) FROM signoff") == 1


def test_a_veto_cannot_be_signed_over_with_any_reason(plant: Plant) -> None:
    crew_ready(plant, "worker")
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    (gap,) = open_gaps(plant)
    assert gap.kind == "veto" and gap.blocks
    with pytest.raises(Problem, match="blocked"):
        sign(plant, {gap.key: "没事"})


def test_a_veto_of_somebody_who_left_still_blocks(plant: Plant) -> None:
    crew_ready(plant, "worker")
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    with plant.store.tx() as db:
        instance, leader = plant.instance()["id"], plant.id("leader")
        roster.end(db, instance, plant.id("worker"), "leave", by=leader, now_ms=NOW_MS)
    assert [gap.kind for gap in open_gaps(plant)] == ["veto"]
    with pytest.raises(Problem, match="blocked"):
        sign(plant)


def test_not_fit_cannot_be_signed_over(plant: Plant) -> None:
    crew_ready(plant, "worker")
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    (gap,) = open_gaps(plant)
    assert gap.kind == "todo"
    with pytest.raises(Problem, match="blocked"):
        sign(plant, {gap.key: "知道了"})


def test_a_question_to_the_leader_blocks_like_not_fit_so_that_neither_can_be_told(
    plant: Plant,
) -> None:
    crew_ready(plant, "worker", "chen")
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    text = commit_body(plant, "chen", bad="risk")
    deliver(plant, text, run_body(plant, "chen"))
    kinds = {gap.kind for gap in open_gaps(plant)}
    assert "todo" in kinds and kinds <= {"todo", "finding"}


def test_other_gaps_need_a_written_reason_each(plant: Plant) -> None:
    crew_ready(plant, "worker", "mate", "chen")
    deliver(plant, commit_body(plant, "mate"))
    deliver(plant, commit_body(plant, "chen"), run_body(plant, "chen", bad=plain_step(plant)))
    gaps = open_gaps(plant)
    assert [gap.kind for gap in gaps] == ["finding", "expected", "running"]
    reasons = {gap.key: "安排了" for gap in gaps[:2]}
    with pytest.raises(Problem, match="no_reason"):
        sign(plant, reasons)
    with pytest.raises(Problem, match="no_reason"):
        sign(plant, {**reasons, gaps[2].key: "  "})
    sign(plant, {**reasons, gaps[2].key: "还差点检，08:10 前"})
    signed = signature(plant, NOW_MS)
    assert signed is not None
    assert [line["reason"] for line in signed.reasons] == ["安排了", "安排了", "还差点检，08:10 前"]
    assert {"what", "person", "reason"} <= json.loads(signed.row["gaps"])[0].keys()


def test_nobody_signs_twice_while_the_signature_holds(plant: Plant) -> None:
    crew_ready(plant)
    sign(plant)
    with pytest.raises(Problem, match="already_signed"):
        sign(plant, at_ms=NOW_MS + MINUTE)


def test_nothing_is_signed_before_the_window_opens_nor_without_a_roster(plant: Plant) -> None:
    instance = plant.instance()
    with pytest.raises(Problem, match="not_open_yet"):
        sign(plant, at_ms=instance["opens_ms"] - 1)
    empty = plant.instance("YI", "2026-11-23", "D")
    with plant.store.tx() as db:
        for part in ("outsider", "other_leader"):
            roster.end(
                db, empty["id"], plant.id(part), "leave", by=plant.id("leader"), now_ms=NOW_MS
            )
    with pytest.raises(Problem, match="nobody_expected"):
        sign(plant, at_ms=NOW_MS, instance=empty)


def test_a_finding_after_it_reopens_the_signature_and_says_why(plant: Plant) -> None:
    crew_ready(plant)
    sign(plant)
    later = NOW_MS + 5 * MINUTE
    deliver(plant, run_body(plant, "worker", later, bad=veto_step(plant)), at_ms=later)
    signed = signature(plant, later)
    assert signed is not None and not signed.holds
    assert [(c.what, c.about["person_name"]) for c in signed.changes] == [("found", "张三")]
    answer(plant, "fixed", later + MINUTE)
    assert signature(plant, later + MINUTE).holds  # type: ignore[union-attr]
    assert not signature(plant, later).holds  # type: ignore[union-attr]  # as it was then


def test_a_change_of_the_roster_reopens_it_until_it_is_signed_again(plant: Plant) -> None:
    crew_ready(plant)
    sign(plant)
    later = NOW_MS + MINUTE
    with plant.store.tx() as db:
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            plant.id("outsider"),
            "swapped",
            by=plant.id("leader"),
            now_ms=later,
            random=plant.random,
        )
    signed = signature(plant, later)
    assert signed is not None
    assert {(c.what, c.about["person_name"]) for c in signed.changes} == {
        ("added", "钱七"),
        ("ended", "张三"),
    }
    sign(plant, {f"p{plant.id('outsider')}": "刚到"}, later + MINUTE)
    again = signature(plant, later + MINUTE)
    assert again is not None and again.holds and again.row["ready"] == 5


def test_who_gets_ready_after_it_leaves_the_signature_standing(plant: Plant) -> None:
    crew_ready(plant, "worker")
    sign(plant, {f"p{plant.id('worker')}": "路上"})
    make_ready(plant, "worker", NOW_MS + MINUTE)
    signed = signature(plant, NOW_MS + 2 * MINUTE)
    assert signed is not None and signed.holds


def test_a_finding_signed_over_with_a_reason_does_not_reopen_it(plant: Plant) -> None:
    crew_ready(plant, "worker")
    deliver(plant, commit_body(plant, "worker"), run_body(plant, "worker", bad=plain_step(plant)))
    (gap,) = open_gaps(plant)
    sign(plant, {gap.key: "机修 08:30 来"})
    assert signature(plant, NOW_MS + MINUTE).holds  # type: ignore[union-attr]


def test_what_the_last_shift_left_must_be_asked_about_before_anybody_signs(plant: Plant) -> None:
    crew_ready(plant)
    night = plant.instance("BING", "2026-11-23", "N")
    with plant.store.tx() as db:
        handover.leave(db, night, "P-201 换了备用泵", None, by=plant.id("leader"), now_ms=NOW_MS)
    (gap,) = open_gaps(plant)
    assert (gap.kind, gap.blocks, gap.about["what"]) == ("handover", True, "P-201 换了备用泵")
    with pytest.raises(Problem, match="blocked"):
        sign(plant, {gap.key: "知道了"})
    with plant.store.tx() as db:
        item, by = gap.about["id"], plant.id("leader")
        handover.take(db, plant.instance(), item, "", by=by, now_ms=NOW_MS)
    sign(plant)


def test_who_was_ready_and_is_no_longer_reopens_it(plant: Plant) -> None:
    """A reported fault hid that the run was never finished; its answer brings that to light."""
    crew_ready(plant, "worker")
    deliver(plant, commit_body(plant, "worker", bad="safety"))
    (gap,) = open_gaps(plant)
    sign(plant, {gap.key: "在处理"})
    later = NOW_MS + 5 * MINUTE
    answer(plant, "fixed", later, text="好了")
    signed = signature(plant, later)
    assert signed is not None
    assert [change.what for change in signed.changes] == ["undone"]


def test_two_servers_whose_clocks_differ_keep_one_signature(plant: Plant) -> None:
    """The second does not see the first one yet; the table does."""
    crew_ready(plant)
    sign(plant, at_ms=NOW_MS + MINUTE)
    with pytest.raises(Problem, match="already_signed"):
        sign(plant, at_ms=NOW_MS)
    assert plant.store.value("SELECT COUNT(*) FROM signoff") == 1


def test_what_the_last_shift_leaves_after_it_reopens_it_until_somebody_asked(plant: Plant) -> None:
    crew_ready(plant)
    sign(plant)
    night, later = plant.instance("BING", "2026-11-23", "N"), NOW_MS + 10 * MINUTE
    with plant.store.tx() as db:
        handover.leave(db, night, "备用泵在检", None, by=plant.id("leader"), now_ms=later)
    signed = signature(plant, later)
    assert signed is not None and [one.what for one in signed.changes] == ["left"]
    (item,) = handover.waiting(plant.store, plant.instance(), later)
    with plant.store.tx() as db:
        by = plant.id("leader")
        handover.take(db, plant.instance(), item["id"], "", by=by, now_ms=later + MINUTE)
    signed = signature(plant, later + MINUTE)
    assert signed is not None and signed.holds
