"""The report of a shift is right to the person, says what came after, and keeps what is private."""

from __future__ import annotations

import random

import pytest

from shiftapp.model import (
    absences,
    board,
    findings,
    history,
    records,
    roster,
    shifts,
    states,
    versions,
)
from shiftapp.model.report import Line, Report, report
from tests.announcing import DAY, at, commit, commit_offline, shift_of
from tests.crew import plain_step, veto_step
from tests.plant import PUMPS, Plant
from tests.sealing import commit_body, deliver, run_body
from tests.shift_story import (
    END,
    by_leader,
    end_row,
    everything,
    full_day,
    nothing_private,
    report_at,
)


def line(plant: Plant, found: Report, part: str) -> Line:
    return next(one for one in found.people if one.who["id"] == plant.id(part))


def test_a_whole_day_is_told_person_by_person(plant: Plant) -> None:
    full_day(plant)
    found = report_at(plant, END)
    assert found.over
    told = {one.who["name"]: (one.state, one.marks) for one in found.people}
    assert told == {
        "张三": ("ready", ("on_time",)),
        "李四": ("ready", ("offline",)),
        "陈一": ("running", ("late", "overdue")),
        "林二": ("excused", ()),
        "黄三": ("ready", ("late", "proxy")),
        "王五": ("missed", ()),
        "钱七": ("missed", ()),
        "夜1": ("missed", ()),
    }
    figures = found.figures
    assert (figures.expected, figures.excused) == (7, 1)
    assert (figures.on_time, figures.offline, figures.late, figures.none) == (1, 1, 2, 3)
    assert (figures.proxy, figures.paper, figures.unverified) == (0, 1, 0)


def test_how_they_came_and_what_changed_after_the_start_is_named(plant: Plant) -> None:
    full_day(plant)
    found = report_at(plant, END)
    (row,) = line(plant, found, "outsider").rows
    assert (row["how"], row["for_name"], row["added_name"]) == ("standin", "林二", "王五")
    said = [(c.what, c.at_ms, c.row["person_name"]) for c in found.changes]
    assert said == [
        ("added", at("08:09"), "钱七"),
        ("ended", at("08:09"), "林二"),
        ("added", at("08:30"), "夜1"),
    ]
    absence = line(plant, found, "leader").absence
    assert absence and (absence["note"], absence["by_name"]) == ("在开会", "孙八")


def test_a_change_before_the_start_is_ordinary(plant: Plant) -> None:
    end_row(plant, "lin", "leave", "07:59")
    assert report_at(plant, END).changes == ()
    assert line(plant, report_at(plant, END), "lin").state == "excused"


def test_a_finding_has_answer_owner_due_and_closure(plant: Plant) -> None:
    full_day(plant)
    veto = next(f for f in report_at(plant, END).findings if f["veto"])
    assert (veto["answerer_name"], veto["assignee_name"], veto["due_ms"]) == (
        "王五", "李四", at("10:00"),
    )  # fmt: skip
    assert (veto["answer"], veto["fixed_ms"], veto["acceptor_name"]) == (
        "换了阀芯", at("09:30"), "王五",
    )  # fmt: skip
    before = next(f for f in report_at(plant, "09:00").findings if f["veto"])
    assert (before["state"], before["accepted_ms"], before["fixed_ms"]) == ("assigned", None, None)


def test_what_was_left_and_taken_is_there(plant: Plant) -> None:
    full_day(plant)
    found = report_at(plant, END)
    assert [(r["what"], r["by_name"], r["taken_ms"]) for r in found.left] == [
        ("备用泵没试", "王五", None)
    ]
    assert [(r["what"], r["by_name"], r["taken_name"]) for r in found.taken] == [
        ("流量计偏大", "夜1", "王五")
    ]
    assert report_at(plant, "08:02").taken == ()


def test_signatures_stand_in_order_with_reasons_and_what_reopened_them(plant: Plant) -> None:
    full_day(plant)
    first, second = report_at(plant, END).signatures
    assert [one.row["no"] for one in (first, second)] == [1, 2]
    assert {line["name"]: line["reason"] for line in first.reasons} == {
        "王五": "已说明", "陈一": "已说明", "钱七": "已说明",
    }  # fmt: skip
    assert [(c.what, c.row["person_name"]) for c in first.after] == [("added", "夜1")]
    assert (first.holds, second.holds, second.after) == (False, True, ())
    reopened = report_at(plant, "08:35").signatures
    assert [(one.row["no"], one.holds) for one in reopened] == [(1, False)]


def test_before_the_shift_is_over_it_says_so(plant: Plant) -> None:
    assert not report_at(plant, "19:59").over
    assert report_at(plant, "20:00").over


def test_who_declared_not_to_be_fit_is_the_leaders_alone(plant: Plant) -> None:
    commit(plant, "lin", at("07:55"), bad="fit")
    mine, others = report_at(plant, "08:30"), report_at(plant, "08:30", nothing_private)
    assert line(plant, mine, "lin").state == "cannot"
    assert [r["result"] for r in line(plant, mine, "lin").records] == ["cannot"]
    seen = line(plant, others, "lin")
    assert (seen.state, seen.marks, seen.records) == ("abnormal", (), ())
    (told,) = others.findings
    assert (told["kind"], told["what"], told["answer"], told["private"]) == ("todo", "", "", True)
    assert others.figures.states["cannot"] == 0 and others.figures.states["abnormal"] == 1
    assert sum(others.figures.states.values()) == others.figures.expected


def test_another_to_do_looks_the_same_to_others(plant: Plant) -> None:
    """So that what is shown of one does not tell which of the two it is."""
    text = versions.current_commitment(plant.store)
    assert text is not None
    item = next(one["id"] for one in text["doc"]["items"] if one.get("neg") == "todo")
    commit(plant, "worker", at("07:50"), bad=item)
    commit(plant, "lin", at("07:50"), bad="fit")
    first, second = report_at(plant, "08:30", nothing_private).findings
    open_keys = ("kind", "what", "note", "answer", "outcome", "private", "state")
    assert [first[k] for k in open_keys] == [second[k] for k in open_keys]
    others = report_at(plant, "08:30", nothing_private)
    one, other = (line(plant, others, part) for part in ("worker", "lin"))
    assert (one.state, one.marks, one.records) == (other.state, other.marks, other.records)
    assert (others.figures.on_time, others.figures.none) == (0, others.figures.expected)
    mine = report_at(plant, "08:30")
    assert line(plant, mine, "worker").marks == ("on_time",) and mine.figures.on_time == 1


@pytest.mark.parametrize(("why", "proxy", "paper"), [("paper", 0, 1), ("no_phone", 1, 0)])
def test_paper_and_other_proxies_are_counted_apart(
    plant: Plant, why: str, proxy: int, paper: int
) -> None:
    deliver(plant, *by_leader(plant, "worker", at("07:50"), why), at_ms=at("07:50"))
    found = report_at(plant, "08:30")
    assert (found.figures.proxy, found.figures.paper) == (proxy, paper)
    assert {r["why"] for r in line(plant, found, "worker").records} == {why}


def test_a_proxy_whose_body_was_erased_is_a_proxy_without_a_reason(plant: Plant) -> None:
    deliver(plant, *by_leader(plant, "worker", at("07:50"), "paper"), at_ms=at("07:50"))
    with plant.store.tx() as db:
        db.run("UPDATE record SET body = NULL, salt = NULL, erased_ms = 1")
    figures = report_at(plant, "08:30").figures
    assert (figures.proxy, figures.paper) == (1, 0)


def test_a_guest_comes_with_the_employer(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run(
            "UPDATE person SET guest = 1, employer = '大庆检修' WHERE id = :p", p=plant.id("night1")
        )
        roster.add(
            db, plant.instance()["id"], plant.id("night1"), [roster.Post(PUMPS, "J02")],
            how="guest", by=plant.id("leader"), now_ms=at("08:30"), random=plant.random,
        )  # fmt: skip
    found = line(plant, report_at(plant, "09:00"), "night1")
    assert (found.who["employer"], found.rows[0]["how"]) == ("大庆检修", "guest")


def test_readings_outside_their_limits_are_counted(plant: Plant) -> None:
    body = run_body(plant, "worker", at("07:45"))
    first = next(step for step in body["steps"] if "value" in step)
    readings = sum("value" in step for step in body["steps"])
    first["value"] = "99999"
    deliver(plant, body, at_ms=at("07:45"))
    shown = report_at(plant, "08:30").evidence
    assert (shown.readings, shown.outside) == (readings, 1)
    assert report_at(plant, "07:40").evidence.readings == 0


def test_files_named_and_not_here_are_counted_apart_from_photos(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", blobs=["A" * 43]))
    shown = report_at(plant, "08:30").evidence
    assert (shown.photos, shown.missing) == (0, 1)


def test_who_came_without_being_on_the_roster_is_named_until_the_leader_adds_them(
    plant: Plant,
) -> None:
    commit(plant, "outsider", at("07:50"), shift=shift_of("JIA"))
    found = report_at(plant, "08:30")
    assert [row["name"] for row in found.arrivals] == ["钱七"]
    assert found.figures.expected == 6
    assert report_at(plant, "07:49").arrivals == ()
    _joins(plant, "outsider", at("08:31"), random.Random(0))
    assert line(plant, report_at(plant, "08:32"), "outsider").state == "running"


def test_an_empty_shift_has_a_report(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DELETE FROM roster")
    found = report_at(plant, END)
    assert (found.people, found.figures.expected, found.signatures) == ((), 0, ())


@pytest.mark.parametrize("seed", range(8))
def test_the_figures_are_those_of_the_board_whatever_happens(plant: Plant, seed: int) -> None:
    chance = random.Random(seed)
    instance = plant.instance()
    for minute in range(0, 90, 5):
        now = at("07:16") + minute * 60_000
        _happen(plant, chance.choice([*DAY, "outsider"]), now, chance)
        people = history.people_states(plant.store, instance, now + 1)
        known = [p for p in people if any(r["added_ms"] <= now + 1 for r in p.rows)]
        for reads in (everything, nothing_private):
            found = report(plant.store, instance, now + 1, reads)
            _same_as_board(found, board.count(known), known)
            tally = states.tally(p.state for p in known)
            expected = {name: n for name, n in tally.items() if name != "excused"}
            if reads is everything:
                assert found.figures.states == expected
                assert [p.state for p in found.people] == [p.name for p in known]


def _same_as_board(found: Report, counts: board.Counts, known: list[history.PersonState]) -> None:
    figures, shown = found.figures, found.figures.states
    assert sum(shown.values()) == figures.expected == counts.expected
    assert figures.on_time + figures.offline + figures.late + figures.none == figures.expected
    assert figures.excused == counts.excused == len(known) - counts.expected
    assert shown["ready"] == counts.ready and shown["running"] == counts.running
    assert shown["abnormal"] + shown["stopped"] + shown["cannot"] == counts.abnormal
    assert shown["expected"] + shown["missed"] == counts.not_started
    marked = [p for p in known if "proxy" in p.state.marks]
    assert figures.proxy + figures.paper == len(marked)


def _happen(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    """One thing that may come to pass in a shift."""
    happen = chance.choice([_commits, _runs, _reads_paper, _ends, _joins, _answers, _is_late])
    happen(plant, who, now, chance)


def _commits(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    shift = {"shift": shift_of("JIA")}
    if who != "outsider" and chance.random() < 0.3:
        commit_offline(plant, who, now - chance.randrange(50) * 60_000, now)
    elif chance.random() < 0.3:
        commit(plant, who, now, bad="fit", **shift)
    else:
        commit(plant, who, now, **shift)


def _runs(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    bad = 0
    if who in ("worker", "chen", "huang"):
        bad = chance.choice([0, 0, veto_step(plant), plain_step(plant)])
    deliver(plant, run_body(plant, who, now, bad=bad, shift=shift_of("JIA")), at_ms=now)


def _reads_paper(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    if who not in ("leader", "outsider"):
        why = chance.choice(["paper", "no_phone", "other"])
        deliver(plant, *by_leader(plant, who, now, why), at_ms=now)


def _ends(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    instance, leader = plant.instance()["id"], plant.id("leader")
    whys: tuple[roster.Why, ...] = ("leave", "swapped", "mistake")
    if roster.posts(plant.store, instance, plant.id(who)):
        with plant.store.tx() as db:
            roster.end(db, instance, plant.id(who), chance.choice(whys), by=leader, now_ms=now)


def _joins(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    posts, leader = [roster.Post(PUMPS, "J02")], plant.id("leader")
    with plant.store.tx() as db:
        found = shifts.by_id(db, plant.instance()["id"])
        assert found is not None
        records.join(db, found, plant.id(who), posts, by=leader, now_ms=now, random=plant.random)


def _answers(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    leader = plant.id("leader")
    with plant.store.tx() as db:
        for one in findings.of_instance(db, plant.instance()["id"]):
            if one["answered_ms"] is None and one["reporter"] != leader:
                outcome = findings.OUTCOMES[one["kind"]][-1]
                findings.answer(db, one["id"], outcome, by=leader, now_ms=now)


def _is_late(plant: Plant, who: str, now: int, chance: random.Random) -> None:
    instance, leader = plant.instance()["id"], plant.id("leader")
    if roster.posts(plant.store, instance, plant.id(who)):
        with plant.store.tx() as db:
            absences.write(db, instance, plant.id(who), "on_the_way", "", by=leader, now_ms=now)
