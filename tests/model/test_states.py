"""The case table of formats.md "States" §2, and what must hold for any history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.states import (
    MARKS,
    STATES,
    Counted,
    Finding,
    Row,
    State,
    Window,
    in_window,
    offline_at_acceptance,
    state,
    tally,
    time_mark,
)

MINUTE = 60_000
DAY_MS = 1_795_449_600_000  # 2026-11-24 00:00 Asia/Shanghai
HERE, THERE = "7K2M41QF", "3N8P52RT"


def at(clock: str) -> int:
    """The instant of a wall time 'HH:MM' of that day."""
    hours, minutes = clock.split(":")
    return DAY_MS + (int(hours) * 60 + int(minutes)) * MINUTE


WINDOW = Window(opens_ms=at("07:15"), due_ms=at("08:00"), closed_ms=at("20:00"))


def row(job: str = "J02", *, run: bool = True, added: str = "00:00", **ended: Any) -> Row:
    return Row(station=HERE, job=job, run_required=run, added_ms=at(added), **ended)


def left(why: str, when: str) -> Row:
    return row(ended_ms=at(when), ended_why=why)


def record(kind: Any, result: Any, received: str, **more: Any) -> Counted:
    """Received at a time and claimed then too, unless said."""
    claimed = more.pop("claimed", received)
    fields = {"station": HERE, "job": "J02", **more}
    return Counted(
        id=f"{kind} {received} {fields['job']}",
        kind=kind,
        result=result,
        recv_ms=at(received),
        claim_ms=at(claimed),
        **fields,
    )


def commit(received: str, **more: Any) -> Counted:
    return record("commit", "committed", received, **more)


def run(received: str, **more: Any) -> Counted:
    return record("run", "done", received, **more)


def asks(kind: Any, answered: str | None = None) -> tuple[Finding, ...]:
    return (Finding(kind=kind, answered_ms=at(answered) if answered else None),)


def not_fit(received: str, answered: str | None = None) -> Counted:
    return record("commit", "cannot", received, findings=asks("unfit", answered))


def veto(received: str, answered: str | None = None) -> Counted:
    return record("run", "stopped", received, findings=asks("veto", answered))


def offline(claimed: str, received: str, *, lower: str = "07:20", verified: bool = True) -> Any:
    """The time data of a record made offline, with a token of `lower`."""
    return {
        "received": received,
        "claimed": claimed,
        "lower_ms": at(lower),
        "estimate_ms": at(claimed),
        "estimate_verified": verified,
    }


ONE = (row(),)
TWO = (row(), row("J09"))
DONE = run("07:48")  # the run of a shift in which the case is about something else


@dataclass(frozen=True)
class Case:
    number: int
    what: str
    now: str
    state: str
    marks: str = ""
    records: tuple[Counted, ...] = ()
    rows: tuple[Row, ...] = ONE


CASES = [
    Case(1, "nothing yet, before opens", "06:00", "expected"),
    Case(2, "nothing, window open", "07:30", "expected"),
    Case(3, "nothing, now = due", "08:00", "expected", "overdue"),
    Case(4, "nothing, one minute before closed", "19:59", "expected", "overdue"),
    Case(5, "nothing, now = closed", "20:00", "missed"),
    Case(6, "commit 07:40", "07:45", "running", "on_time", (commit("07:40"),)),
    Case(7, "commit + run", "07:50", "ready", "on_time", (commit("07:40"), run("07:48"))),
    Case(
        8,
        "row asks for no run; commit",
        "07:45",
        "ready",
        "on_time",
        (commit("07:40"),),
        (row(run=False),),
    ),
    Case(9, "run only", "07:50", "running", "", (run("07:48"),)),
    Case(
        10,
        "commit on time, run 08:20",
        "08:10",
        "running",
        "on_time overdue",
        (commit("07:40"), run("08:20")),
    ),
    Case(11, "the same, later", "08:30", "ready", "on_time", (commit("07:40"), run("08:20"))),
    Case(
        12,
        "commit 08:00:00 exactly, run after",
        "08:10",
        "ready",
        "late",
        (commit("08:00", lower_ms=at("08:00")), run("08:05")),
    ),
    Case(
        13,
        "commit online at 08:03, claims 08:03",
        "08:10",
        "ready",
        "late",
        (commit("08:03"), run("08:06")),
    ),
    Case(14, "commit only, shift over", "20:30", "running", "on_time overdue", (commit("07:40"),)),
    Case(15, "commit 06:50, before opens", "07:30", "expected", "", (commit("06:50"),)),
    Case(
        16,
        "offline, lower 07:20, estimate 07:41 verified, received 08:30",
        "08:31",
        "ready",
        "offline",
        (commit(**offline("07:41", "08:30")), run(**offline("07:47", "08:30"))),
    ),
    Case(
        17,
        "offline, no token, claims 07:41, received 08:30",
        "08:31",
        "ready",
        "late time_unverified",
        (commit("08:30", claimed="07:41"), run("08:30", claimed="07:47")),
    ),
    Case(
        18,
        "offline, received 21:00, lower 07:20, verified",
        "20:30",
        "missed",
        "",
        (commit(**offline("07:41", "21:00")), run(**offline("07:47", "21:00"))),
    ),
    Case(
        19,
        "the same, after receipt",
        "21:01",
        "ready",
        "offline",
        (commit(**offline("07:41", "21:00")), run(**offline("07:47", "21:00"))),
    ),
    Case(
        20,
        "made after close (lower 20:05)",
        "20:11",
        "missed",
        "",
        (commit("20:10", lower_ms=at("20:05")),),
    ),
    Case(
        21,
        "negative answer, open",
        "07:50",
        "abnormal",
        "on_time",
        (commit("07:40", findings=asks("bad")), DONE),
    ),
    Case(
        22,
        "negative answer, answered 07:55",
        "07:56",
        "ready",
        "on_time",
        (commit("07:40", findings=asks("bad", "07:55")), DONE),
    ),
    Case(
        23,
        "failed step in a done run, open, past due",
        "08:10",
        "abnormal",
        "on_time",
        (commit("07:40"), run("07:48", findings=asks("bad"))),
    ),
    Case(
        24,
        "failed veto, run stopped, open",
        "07:50",
        "stopped",
        "on_time",
        (commit("07:40"), veto("07:48")),
    ),
    Case(
        25,
        "failed veto, new complete run, still open",
        "08:16",
        "stopped",
        "on_time",
        (commit("07:40"), veto("07:48"), run("08:12")),
    ),
    Case(
        26,
        "failed veto answered 07:58, no new run",
        "08:01",
        "running",
        "on_time overdue",
        (commit("07:40"), veto("07:48", "07:58")),
    ),
    Case(
        27,
        "failed veto answered, new complete run 08:12",
        "08:13",
        "ready",
        "on_time",
        (commit("07:40"), veto("07:48", "07:58"), run("08:12")),
    ),
    Case(28, "not fit, leader has not acted", "07:50", "cannot", "", (not_fit("07:40"),)),
    Case(
        29,
        "not fit and a failed veto",
        "07:50",
        "cannot",
        "",
        (not_fit("07:40"), veto("07:48")),
    ),
    Case(
        30,
        "not fit, replaced at 07:52 (the person)",
        "07:55",
        "excused",
        "",
        (not_fit("07:40", "07:52"),),
        (left("replaced", "07:52"),),
    ),
    Case(
        31,
        "stand-in added 07:52, commit 07:58, run 08:04",
        "08:05",
        "ready",
        "on_time",
        (commit("07:58"), run("08:04")),
        (row(added="07:52"),),
    ),
    Case(
        32,
        "not fit, leader closed it as a mistake, no commit",
        "07:45",
        "running",
        "",
        (not_fit("07:40", "07:44"),),
    ),
    Case(
        33,
        "not fit, then own commit, leader has not acted",
        "07:51",
        "cannot",
        "on_time",
        (not_fit("07:40"), commit("07:50"), run("07:50")),
    ),
    Case(
        34,
        "leave, nothing recorded",
        "20:30",
        "excused",
        "",
        (),
        (left("leave", "07:00"),),
    ),
    Case(
        35,
        "leave entered 07:50 after commit 07:40",
        "07:55",
        "excused",
        "",
        (commit("07:40"),),
        (left("leave", "07:50"),),
    ),
    Case(
        36,
        "not on the roster, commit 07:50, added 08:10",
        "08:11",
        "ready",
        "on_time",
        (commit("07:50"), run("07:55")),
        (row(added="08:10"),),
    ),
    Case(
        37,
        "two rows (J02, J09), only J02 run",
        "07:50",
        "running",
        "on_time",
        (commit("07:40"), DONE),
        TWO,
    ),
    Case(
        38,
        "two rows, J09 row on leave",
        "07:50",
        "ready",
        "on_time",
        (commit("07:40"), DONE),
        (row(), row("J09", ended_ms=at("07:30"), ended_why="leave")),
    ),
    Case(
        39,
        "run of the right job at another station",
        "07:50",
        "running",
        "on_time",
        (commit("07:40"), run("07:48", station=THERE)),
    ),
    Case(
        40,
        "an extra run (J05) with a failed step, open",
        "07:55",
        "abnormal",
        "on_time",
        (commit("07:40"), DONE, run("07:52", job="J05", findings=asks("bad"))),
    ),
    Case(
        41,
        "leader's entry for the person",
        "07:50",
        "ready",
        "on_time proxy",
        (commit("07:40", proxy=True), run("07:48", proxy=True)),
    ),
    Case(
        42,
        "PIN wrong when checked at sync",
        "07:50",
        "ready",
        "on_time unverified",
        (commit("07:40", unverified=True), DONE),
    ),
    Case(
        43,
        "two commits: 08:20, and an offline one verified 07:41",
        "08:46",
        "ready",
        "offline",
        (commit("08:20"), commit(**offline("07:41", "08:45")), run("08:25")),
    ),
    Case(
        44,
        "hazard record only, window closed",
        "20:01",
        "missed",
        "",
        (record("hazard", "none", "07:40", findings=asks("bad")),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"case {case.number}: {case.what}")
def test_it_gives_the_state_of_the_table(case: Case) -> None:
    found = state(case.rows, case.records, at(case.now), window=WINDOW)
    assert found == State(case.state, frozenset(case.marks.split()))  # type: ignore[arg-type]


def test_the_table_is_whole() -> None:
    assert [case.number for case in CASES] == list(range(1, 45))


# Edges that the table leaves to the sentences above it -------------------------------------------


def test_a_person_without_a_row_is_excused_until_the_leader_adds_a_row() -> None:
    records = (commit("07:50"), run("07:55"))
    assert state((), records, at("08:09"), window=WINDOW) == State("excused")
    assert state((row(added="08:10"),), records, at("08:09"), window=WINDOW) == State("excused")


def test_a_row_ended_at_now_is_ended_and_one_added_at_now_is_live() -> None:
    assert state((left("leave", "07:30"),), (), at("07:30"), window=WINDOW).state == "excused"
    assert state((left("leave", "07:30"),), (), at("07:29"), window=WINDOW).state == "expected"
    assert state((row(added="07:30"),), (), at("07:30"), window=WINDOW).state == "expected"


def test_an_answer_given_later_does_not_count_yet() -> None:
    records = (commit("07:40", findings=asks("bad", "07:55")), DONE)
    assert state(ONE, records, at("07:54"), window=WINDOW).state == "abnormal"
    assert state(ONE, records, at("07:55"), window=WINDOW).state == "ready"


def test_a_record_that_counts_for_nobody_changes_nothing() -> None:
    records = (commit("07:40", counts=False, findings=asks("veto"), proxy=True),)
    assert state(ONE, records, at("07:50"), window=WINDOW) == State("expected")


def test_a_commitment_taken_as_none_is_something_recorded_without_a_time_mark() -> None:
    found = state(ONE, (record("commit", "none", "07:40"), DONE), at("07:50"), window=WINDOW)
    assert found == State("running")


def test_a_stopped_run_whose_last_step_is_no_veto_is_abnormal() -> None:
    records = (commit("07:40"), record("run", "stopped", "07:48", findings=asks("bad")))
    assert state(ONE, records, at("07:50"), window=WINDOW).state == "abnormal"


def test_a_stopped_person_past_due_without_a_complete_run_is_overdue() -> None:
    found = state(ONE, (commit("07:40"), veto("07:48")), at("08:05"), window=WINDOW)
    assert found == State("stopped", frozenset({"on_time", "overdue"}))


def test_a_person_who_cannot_is_never_overdue() -> None:
    assert state(ONE, (not_fit("07:40"),), at("09:00"), window=WINDOW) == State("cannot")


def test_two_rows_of_the_same_job_need_a_run_at_each_station() -> None:
    rows = (row(), replace(row(), station=THERE))
    both = (commit("07:40"), DONE, run("07:50", station=THERE))
    assert state(rows, both[:2], at("07:55"), window=WINDOW).state == "running"
    assert state(rows, both, at("07:55"), window=WINDOW).state == "ready"


def test_a_later_run_does_not_change_the_time_mark_of_the_commitment() -> None:
    records = (commit("07:40"), run("09:30"))
    assert state(ONE, records, at("09:31"), window=WINDOW) == State("ready", frozenset({"on_time"}))


def test_an_unverified_time_stands_above_a_proven_late_one() -> None:
    records = (commit("08:20"), commit("08:30", claimed="07:41"))
    marks = state(ONE, records, at("08:31"), window=WINDOW).marks
    assert {"late", "time_unverified"} <= marks


@pytest.mark.parametrize(
    ("made", "inside"),
    [
        (commit("07:14"), False),
        (commit("07:15"), True),
        (commit("21:00"), True),
        (commit("21:00", lower_ms=at("19:59")), True),
        (commit("21:00", lower_ms=at("20:00")), False),
    ],
    ids=["before opens", "at opens", "no bound", "maybe before closed", "surely closed"],
)
def test_a_record_is_outside_only_when_that_is_sure(made: Counted, inside: bool) -> None:
    assert in_window(WINDOW, made) is inside


@pytest.mark.parametrize(
    ("made", "mark"),
    [
        (commit("07:59", claimed="09:00"), "on_time"),
        (commit("08:00"), "late"),
        (commit("08:30", claimed="07:50", lower_ms=at("08:00")), "late"),
        (commit(**offline("07:59", "08:00")), "offline"),
        (commit(**offline("07:41", "08:30", verified=False)), "time_unverified"),
        (commit("08:30", claimed="07:41", lower_ms=at("07:20")), "time_unverified"),
        (replace(commit(**offline("07:41", "08:30")), estimate_ms=at("08:01")), "time_unverified"),
        (replace(commit(**offline("07:41", "08:30")), lower_ms=None), "time_unverified"),
        (replace(commit(**offline("07:41", "08:30")), estimate_ms=None), "time_unverified"),
    ],
)
def test_the_time_of_one_commitment(made: Counted, mark: str) -> None:
    assert time_mark(WINDOW, made) == mark


def test_only_an_offline_commitment_is_offline_at_acceptance() -> None:
    assert offline_at_acceptance(WINDOW, "committed", commit(**offline("07:41", "08:30")))
    assert not offline_at_acceptance(WINDOW, "committed", commit("07:41"))
    assert not offline_at_acceptance(WINDOW, "committed", commit("08:30", claimed="07:41"))
    assert not offline_at_acceptance(WINDOW, "done", run(**offline("07:41", "08:30")))


def test_the_tally_names_every_state() -> None:
    counts = tally([State("ready"), State("excused"), State("ready")])
    assert list(counts) == list(STATES)
    assert (counts["ready"], counts["excused"], counts["missed"]) == (2, 1, 0)


# For any history -------------------------------------------------------------------------------

# Few instants, so that equal ones and the three borders are drawn often.
instants = st.sampled_from(
    [at(c) + d for c in ("06:00", "07:15", "07:40", "08:00", "12:00", "20:00") for d in (-1, 0, 1)]
)
perhaps = st.none() | instants
findings = st.lists(
    st.builds(Finding, kind=st.sampled_from(["unfit", "veto", "bad"]), answered_ms=perhaps),
    max_size=2,
).map(tuple)
rosters = st.lists(
    st.builds(
        Row,
        station=st.sampled_from([HERE, THERE]),
        job=st.sampled_from(["J02", "J09"]),
        run_required=st.booleans(),
        added_ms=instants,
        ended_ms=perhaps,
    ),
    max_size=3,
)
KINDS = [
    ("commit", "committed"),
    ("commit", "cannot"),
    ("commit", "none"),
    ("run", "done"),
    ("run", "stopped"),
    ("hazard", "none"),
]


@st.composite
def histories(draw: st.DrawFn) -> list[Counted]:
    return [
        Counted(
            id=str(number),
            kind=kind,
            result=result,
            recv_ms=draw(instants),
            claim_ms=draw(instants),
            lower_ms=draw(perhaps),
            estimate_ms=draw(perhaps),
            estimate_verified=draw(st.booleans()),
            station=draw(st.sampled_from([HERE, THERE, None])),
            job=draw(st.sampled_from(["J02", "J09", None])),
            counts=draw(st.booleans()),
            proxy=draw(st.booleans()),
            unverified=draw(st.booleans()),
            findings=draw(findings),
        )
        for number, (kind, result) in enumerate(draw(st.lists(st.sampled_from(KINDS), max_size=5)))
    ]  # type: ignore[arg-type]


people = st.lists(st.tuples(rosters, histories()), max_size=4)


@given(people, instants)
def test_the_states_other_than_excused_sum_to_n_at_every_instant(crew: Any, now: int) -> None:
    counts = tally(state(rows, records, now, window=WINDOW) for rows, records in crew)
    n = sum(
        any(r.added_ms <= now and (r.ended_ms is None or r.ended_ms > now) for r in rows)
        for rows, _ in crew
    )
    assert sum(counts.values()) - counts["excused"] == n


def _forget(rows: list[Row], records: list[Counted], now: int) -> tuple[Any, Any]:
    """The same history as it stood at `now`: nothing of later is in it."""

    def answered(finding: Finding) -> Finding:
        later = finding.answered_ms is not None and finding.answered_ms > now
        return replace(finding, answered_ms=None) if later else finding

    return (
        [
            replace(r, ended_ms=None) if r.ended_ms is not None and r.ended_ms > now else r
            for r in rows
            if r.added_ms <= now
        ],
        [
            replace(r, findings=tuple(map(answered, r.findings)))
            for r in records
            if r.recv_ms <= now
        ],
    )


@given(rosters, histories(), instants)
def test_what_comes_later_never_changes_an_earlier_instant(
    rows: list[Row], records: list[Counted], now: int
) -> None:
    then_rows, then_records = _forget(rows, records, now)
    assert state(rows, records, now, window=WINDOW) == state(
        then_rows, then_records, now, window=WINDOW
    )


@given(rosters, histories(), instants, st.randoms())
def test_the_order_in_which_records_arrive_does_not_matter(
    rows: list[Row], records: list[Counted], now: int, random: Any
) -> None:
    before = state(rows, records, now, window=WINDOW)
    random.shuffle(records)
    random.shuffle(rows)
    assert state(rows, records, now, window=WINDOW) == before


@given(rosters, histories(), instants)
def test_there_is_one_time_mark_at_most_and_only_with_a_commitment(
    rows: list[Row], records: list[Counted], now: int
) -> None:
    found = state(rows, records, now, window=WINDOW)
    assert found.state in STATES
    assert found.marks <= set(MARKS)
    assert len(found.marks & {"on_time", "offline", "late"}) <= 1
    assert "time_unverified" not in found.marks or "late" in found.marks
    if not any(r.result == "committed" for r in records):
        assert not found.marks & {"on_time", "offline", "late"}


@given(rosters, histories(), instants)
def test_overdue_stands_beside_neither_ready_nor_excused_cannot_missed(
    rows: list[Row], records: list[Counted], now: int
) -> None:
    found = state(rows, records, now, window=WINDOW)
    if found.state in ("ready", "excused", "cannot", "missed") or now < WINDOW.due_ms:
        assert "overdue" not in found.marks
    if found.state in ("running", "expected") and now >= WINDOW.due_ms:
        assert "overdue" in found.marks


@given(rosters, histories(), instants, instants)
def test_one_more_commitment_never_makes_the_time_mark_worse(
    rows: list[Row], records: list[Counted], now: int, received: int
) -> None:
    order = ["on_time", "offline", "time_unverified", "late"]

    def rank(marks: frozenset[Any]) -> int:
        return min((order.index(m) for m in marks if m in order), default=len(order))

    before = state(rows, records, now, window=WINDOW)
    one_more = replace(commit("08:00"), recv_ms=received, claim_ms=received)
    after = state(rows, [*records, one_more], now, window=WINDOW)
    assert rank(after.marks) <= rank(before.marks)
