"""The board of a shift: states, counts, seats, what waits, and when it has to be drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiftapp.model import (
    absences,
    board,
    counters,
    crews,
    findings,
    handover,
    heard,
    history,
    places,
    roster,
    seats,
    shifts,
    states,
)
from shiftapp.model import settings as settings_of
from shiftapp.model.board import Board
from shiftapp.store import Row, Store
from tests.crew import answer, big_crew, plain_step, veto_step
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, PUMPS, TANKS, Clock, Plant
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body

MINUTE = 60_000
OPERATORS = ("worker", "mate", "chen", "lin", "huang")


def read(plant: Plant, at_ms: int = NOW_MS, **which: str) -> Board:
    return board.board(plant.store, plant.instance(**which), at_ms)


def tile(found: Board, plant: Plant, part: str) -> seats.Tile:
    every = [t for s in found.stations for t in s.tiles if t.row["person"] == plant.id(part)]
    assert len(every) == 1
    return every[0]


def test_stations_stand_by_risk_and_people_in_fixed_seats(plant: Plant) -> None:
    found = read(plant)
    assert [s.row["station"] for s in found.stations] == [TANKS, PUMPS]
    before = [[t.row["person"] for t in s.tiles] for s in found.stations]
    make_ready(plant, "huang")
    after = [[t.row["person"] for t in s.tiles] for s in read(plant).stations]
    assert before == after


def test_a_new_shift_expects_everybody(plant: Plant) -> None:
    found = read(plant)
    assert found.counts == board.Counts(6, 0, 0, 6, 0, 0)
    assert len(found.waiting) == 6
    assert not found.soon and not found.alarm and not found.closed


def test_each_state_is_shown_and_counted(plant: Plant) -> None:
    make_ready(plant, "worker")
    deliver(plant, commit_body(plant, "mate"))
    deliver(plant, commit_body(plant, "chen"), run_body(plant, "chen", bad=veto_step(plant)))
    deliver(plant, commit_body(plant, "lin", bad="ppe"))
    with plant.store.tx() as db:
        instance = plant.instance()["id"]
        roster.end(db, instance, plant.id("huang"), "leave", by=plant.id("leader"), now_ms=NOW_MS)
    found = read(plant)
    shown = {part: tile(found, plant, part).shown for part in (*OPERATORS, "leader")}
    assert shown == {
        "worker": "ready",
        "mate": "running",
        "chen": "stopped",
        "lin": "abnormal",
        "huang": "excused",
        "leader": "expected",
    }
    assert found.counts == board.Counts(5, 1, 1, 1, 2, 1)
    assert tile(found, plant, "worker").at_ms == NOW_MS
    assert tile(found, plant, "mate").done == ("commit",)
    assert tile(found, plant, "chen").vetoes == 1
    assert [(s.ready, s.expected) for s in found.stations] == [(0, 2), (1, 3)]


def test_nobody_sees_who_is_not_fit(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    deliver(plant, commit_body(plant, "chen"), run_body(plant, "chen", bad=plain_step(plant)))
    found = read(plant, DUE_MS + MINUTE)
    cannot, abnormal = tile(found, plant, "worker"), tile(found, plant, "chen")
    assert (cannot.shown, cannot.asks, cannot.overdue) == ("abnormal", 1, False)
    assert (cannot.shown, cannot.asks, cannot.overdue) == (
        abnormal.shown,
        abnormal.asks,
        abnormal.overdue,
    )
    assert found.counts.abnormal == 2


def test_not_fit_with_a_failed_veto_is_shown_as_the_veto(plant: Plant) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    people = history.people_states(plant.store, plant.instance(), NOW_MS)
    (state,) = [p for p in people if p.person == plant.id("worker")]
    assert state.name == "cannot"
    assert tile(read(plant), plant, "worker").shown == "stopped"


def test_past_due_with_something_open_is_overdue(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"))
    before, after = read(plant, DUE_MS - 1), read(plant, DUE_MS)
    assert not tile(before, plant, "worker").overdue and not tile(before, plant, "mate").overdue
    assert tile(after, plant, "worker").overdue and tile(after, plant, "mate").overdue
    assert tile(after, plant, "worker").shown == "running"


def test_the_marks_of_a_late_record_are_on_the_tile(plant: Plant) -> None:
    make_ready(plant, "worker", DUE_MS + MINUTE)
    found = tile(read(plant, DUE_MS + 2 * MINUTE), plant, "worker")
    assert found.shown == "ready" and "late" in found.marks


def test_a_stand_in_takes_a_seat_of_their_own(plant: Plant) -> None:
    leader = plant.id("leader")
    with plant.store.tx() as db:
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            plant.id("outsider"),
            "swapped",
            by=leader,
            now_ms=NOW_MS,
            random=plant.random,
        )
    found = read(plant)
    standin = tile(found, plant, "outsider")
    assert standin.instead_of is not None and standin.instead_of["person"] == plant.id("worker")
    assert tile(found, plant, "worker").shown == "excused"
    assert (found.counts.expected, found.counts.excused) == (6, 1)


def test_one_of_two_rows_can_end(plant: Plant) -> None:
    instance, me = plant.instance()["id"], plant.id("worker")
    with plant.store.tx() as db:
        roster.add(
            db,
            instance,
            me,
            [roster.Post(TANKS, "J09")],
            how="added",
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )
    assert read(plant).counts.expected == 6
    row = next(r for r in roster.rows(plant.store, instance) if r["how"] == "added")
    with plant.store.tx() as db:
        roster.end_row(db, instance, row["id"], "mistake", by=plant.id("leader"), now_ms=NOW_MS)
    found = read(plant)
    shown = [t.shown for s in found.stations for t in s.tiles if t.row["person"] == me]
    assert shown == ["excused", "expected"] and found.counts.excused == 0


def test_an_arrival_off_the_roster_waits_for_the_leader(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "outsider"))
    found = read(plant)
    assert [a["id"] for a in found.arrivals] == [plant.id("outsider")]
    assert found.counts.expected == 6


def test_somebody_on_leave_who_comes_is_an_arrival_but_not_for_what_was_before(
    plant: Plant,
) -> None:
    deliver(plant, commit_body(plant, "worker"))
    with plant.store.tx() as db:
        roster.end(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            "leave",
            by=plant.id("leader"),
            now_ms=NOW_MS + MINUTE,
        )
    assert read(plant, NOW_MS + MINUTE).arrivals == ()
    deliver(plant, run_body(plant, "worker", NOW_MS + 2 * MINUTE), at_ms=NOW_MS + 2 * MINUTE)
    later = read(plant, NOW_MS + 3 * MINUTE)
    assert [a["id"] for a in later.arrivals] == [plant.id("worker")]


def test_findings_wait_veto_first_and_stay_until_fixed(plant: Plant) -> None:
    deliver(plant, run_body(plant, "worker", bad=plain_step(plant)))
    deliver(plant, run_body(plant, "chen", NOW_MS + 1, bad=veto_step(plant)), at_ms=NOW_MS + 1)
    found = read(plant, NOW_MS + 2)
    assert [f["veto"] for f in found.findings] == [1, 0] and found.open_findings == 2
    with plant.store.tx() as db:
        findings.answer(
            db,
            found.findings[0]["id"],
            "assigned",
            by=plant.id("leader"),
            now_ms=NOW_MS + 3,
            assignee=plant.id("mate"),
            due_ms=DUE_MS,
        )
    found = read(plant, NOW_MS + 4)
    assert [f["veto"] for f in found.findings] == [0, 1] and found.open_findings == 1
    with plant.store.tx() as db:
        findings.answer(
            db, found.findings[1]["id"], "fixed", by=plant.id("leader"), now_ms=NOW_MS + 5
        )
    assert [f["veto"] for f in read(plant, NOW_MS + 6).findings] == [0]


def test_a_report_of_nobody_known_is_on_the_board(plant: Plant) -> None:
    body = hazard_body(plant, "worker", "地上有油", who={"person": None, "ev": {"k": "none"}})
    deliver(plant, body)
    assert [f["what"] for f in read(plant).findings] == ["地上有油"]


def test_a_reason_stands_beside_who_has_not_started(plant: Plant) -> None:
    with plant.store.tx() as db:
        absences.write(
            db,
            plant.instance()["id"],
            plant.id("mate"),
            "other",
            " 车坏了 ",
            by=plant.id("leader"),
            now_ms=NOW_MS,
        )
    found = read(plant)
    (waiting,) = [w for w in found.waiting if w.row["person"] == plant.id("mate")]
    assert waiting.absence is not None and waiting.absence["note"] == "车坏了"


def test_phones_that_have_long_sent_nothing_are_counted(plant: Plant) -> None:
    plant.device("worker")
    plant.device("mate")
    assert read(plant).phones == heard.Phones(2, 0)
    later = NOW_MS + 3 * 24 * HOUR_MS
    assert read(plant, later).phones == heard.Phones(2, 2)
    make_ready(plant, "worker", NOW_MS)
    phones = {w.row["person"]: w.phones for w in read(plant).waiting}
    assert phones[plant.id("lin")] == () and len(phones[plant.id("mate")]) == 1


def test_the_alarm_rings_a_quarter_of_an_hour_in_and_not_when_closed(plant: Plant) -> None:
    instance = plant.instance()
    assert not read(plant, DUE_MS + 15 * MINUTE - 1).alarm
    assert read(plant, DUE_MS + 15 * MINUTE).alarm
    assert not read(plant, instance["closed_ms"]).alarm
    assert read(plant, instance["closed_ms"]).closed


def test_a_closed_shift_shows_who_did_nothing(plant: Plant) -> None:
    found = read(plant, plant.instance()["closed_ms"])
    assert {t.shown for s in found.stations for t in s.tiles} == {"missed"}
    assert found.counts.not_started == 6


# --- Revision ------------------------------------------------------------------------------------


def test_the_revision_changes_exactly_at_the_clock_s_lines(plant: Plant) -> None:
    instance = plant.instance()
    lines = (
        instance["opens_ms"],
        DUE_MS - 10 * MINUTE,
        DUE_MS,
        DUE_MS + 15 * MINUTE,
        instance["ends_ms"] - 30 * MINUTE,
        instance["ends_ms"],  # it closes then
    )
    assert instance["ends_ms"] == instance["closed_ms"]
    for line in lines:
        before, at, after = (
            board.revision(plant.store, instance, line + step) for step in (-1, 0, 1)
        )
        assert before != at == after
    spans = zip((lines[0] - HOUR_MS, *lines), (*lines, lines[-1] + HOUR_MS), strict=True)
    for start, end in spans:
        assert board.revision(plant.store, instance, start) == board.revision(
            plant.store, instance, end - 1
        )


def test_the_revision_changes_with_every_write_that_shows(plant: Plant) -> None:
    instance, leader = plant.instance(), plant.id("leader")
    seen = {board.revision(plant.store, instance, NOW_MS)}

    def changed() -> None:
        new = board.revision(plant.store, instance, NOW_MS)
        assert new not in seen
        seen.add(new)

    deliver(plant, run_body(plant, "worker", bad=plain_step(plant)))
    changed()
    answer(plant, "fixed")
    changed()
    with plant.store.tx() as db:
        absences.write(
            db, instance["id"], plant.id("mate"), "on_the_way", "", by=leader, now_ms=NOW_MS
        )
    changed()
    with plant.store.tx() as db:
        roster.end(db, instance["id"], plant.id("lin"), "leave", by=leader, now_ms=NOW_MS)
    changed()
    deliver(plant, commit_body(plant, "outsider"))
    changed()


def test_a_heartbeat_of_the_database_is_no_new_revision(plant: Plant) -> None:
    before = board.revision(plant.store, plant.instance(), NOW_MS)
    with plant.store.tx() as db:
        counters.beat(db)
    assert board.revision(plant.store, plant.instance(), NOW_MS) == before


# --- Cost and any history ------------------------------------------------------------------------


class Counting:
    """The store, counting its queries and the rows they give."""

    def __init__(self, store: Store) -> None:
        self.store, self.queries, self.given = store, 0, 0

    def rows(self, sql: str, **values: object) -> list[Row]:
        found = self.store.rows(sql, **values)
        self.queries, self.given = self.queries + 1, self.given + len(found)
        return found

    def row(self, sql: str, **values: object) -> Row | None:
        found = self.store.row(sql, **values)
        self.queries, self.given = self.queries + 1, self.given + bool(found)
        return found

    def value(self, sql: str, **values: object) -> Any:
        self.queries += 1
        return self.store.value(sql, **values)

    def run(self, sql: str, **values: object) -> int:
        raise AssertionError("a board writes nothing")


def cost(plant: Plant) -> tuple[int, int]:
    counting = Counting(plant.store)
    board.board(counting, plant.instance(), NOW_MS)
    return counting.queries, counting.given


def test_queries_and_rows_do_not_grow_with_history(plant: Plant) -> None:
    make_ready(plant, "worker")
    before = cost(plant)
    night = {"date": "2026-11-23", "code": "N", "crew": "BING"}
    for _ in range(3):
        for part in ("night1", "night2", "night3"):
            deliver(
                plant,
                commit_body(plant, part, shift=night),
                run_body(plant, part, shift=night, bad=plain_step(plant)),
            )
    assert cost(plant) == before
    assert before[0] <= 12


def test_queries_do_not_grow_with_the_crew(plant: Plant) -> None:
    queries, _ = cost(plant)
    for part in OPERATORS:
        make_ready(plant, part)
    assert cost(plant)[0] == queries
    big_crew(plant, 300, 60)
    plant.device("mate")
    assert cost(plant)[0] == queries
    assert read(plant).counts.expected == 306


def test_what_was_left_long_ago_costs_nothing(plant: Plant) -> None:
    leave(plant, "阀门关了", NOW_MS)
    before = cost(plant)
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO instance (crew, date, code, name, opens_ms, starts_ms, ends_ms, closed_ms,"
            " s) SELECT crew, '2026-01-01', code, name, opens_ms - :y, starts_ms - :y,"
            " ends_ms - :y, closed_ms - :y, s FROM instance WHERE date = '2026-11-23'"
            " AND crew = 'BING'",
            y=300 * 24 * HOUR_MS,
        )
        old = shifts.instance(db, "BING", "2026-01-01", "N")
        assert old is not None
        for number in range(30):
            at_ms = old["opens_ms"]
            handover.leave(db, old, f"{number}", None, by=plant.id("night1"), now_ms=at_ms)
    assert cost(plant) == before


# --- By person, staffing, handover ----------------------------------------------------------------


def leave(plant: Plant, what: str, at_ms: int) -> None:
    """丙班 leaves something to 甲班."""
    with plant.store.tx() as db:
        night = plant.instance(crew="BING", date="2026-11-23", code="N")
        handover.leave(db, night, what, None, by=plant.id("night1"), now_ms=at_ms)


def test_people_stand_by_what_they_need_and_then_by_name(plant: Plant) -> None:
    make_ready(plant, "worker")
    deliver(plant, commit_body(plant, "mate"))
    deliver(plant, run_body(plant, "chen", bad=veto_step(plant)))
    deliver(plant, commit_body(plant, "lin", bad="fit"))
    order = [(p.tile.row["person_name"], p.tile.shown) for p in read(plant).people]
    assert order == [
        ("陈一", "stopped"),
        ("林二", "abnormal"),
        ("王五", "expected"),
        ("黄三", "expected"),
        ("李四", "running"),
        ("张三", "ready"),
    ]
    late = [p.tile.row["person_name"] for p in read(plant, DUE_MS).people]
    assert late == ["陈一", "林二", "李四", "王五", "黄三", "张三"]
    assert [p.tile.shown for p in read(plant, DUE_MS).people][2] == "running"


def test_a_person_of_two_stations_stands_once_with_both(plant: Plant) -> None:
    instance, me = plant.instance()["id"], plant.id("worker")
    with plant.store.tx() as db:
        post = [roster.Post(TANKS, "J09")]
        by = plant.id("leader")
        roster.add(db, instance, me, post, how="added", by=by, now_ms=NOW_MS, random=plant.random)
    (found,) = [p for p in read(plant).people if p.tile.row["person"] == me]
    assert [row["station"] for row in found.stations] == [PUMPS, TANKS]
    with plant.store.tx() as db:
        roster.end(db, instance, me, "leave", by=plant.id("leader"), now_ms=NOW_MS + 1)
    found = read(plant, NOW_MS + 2).people[-1]
    assert found.tile.shown == "excused" and len(found.stations) == 2


def staff(plant: Plant, code: str, number: int) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE station SET staff = :n WHERE code = :c", n=number, c=code)


def short(plant: Plant, **which: str) -> list[tuple[str, int, int]]:
    return [(s.row["station"], s.staff, s.expected) for s in read(plant, **which).short]


def test_a_station_is_short_when_fewer_are_expected_than_it_needs(plant: Plant) -> None:
    staff(plant, TANKS, 2)
    assert short(plant) == []
    with plant.store.tx() as db:
        instance, leader = plant.instance()["id"], plant.id("leader")
        roster.end(db, instance, plant.id("mate"), "leave", by=leader, now_ms=NOW_MS)
    assert short(plant) == [(TANKS, 2, 1)]
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("lin"), "leave", by=leader, now_ms=NOW_MS)
    assert short(plant) == [(TANKS, 2, 0)]


def test_a_station_that_nobody_was_given_is_short_too(plant: Plant) -> None:
    with plant.store.tx() as db:
        where = places.Station("00000001", "P-301", "A1", "P-301 泵", risk="D", jobs=("J02",))
        places.save_station(db, where)
    staff(plant, "00000001", 1)
    assert short(plant) == [("00000001", 1, 0)]
    assert [s.tiles for s in read(plant).stations if s.short] == [()]
    with plant.store.tx() as db:
        db.run("UPDATE station SET scoped = 0 WHERE code = '00000001'")
    assert short(plant) == []


def test_a_station_where_another_crew_stands_at_the_time_is_theirs(plant: Plant) -> None:
    with plant.store.tx() as db:
        where = places.Station("00000001", "P-301", "A1", "P-301 泵", risk="D", jobs=("J02",))
        places.save_station(db, where)
        crews.save_crew(db, crews.Crew("DING", "YC", "G-JIA", "丁班", "P4", area="A1"))
        shifts.make_ahead(db, settings_of.get(db), MADE_MS, plant.random)
        other = plant_instance(db, "DING")
        post = [roster.Post("00000001", "J02")]
        night = plant.id("night1")
        roster.add(
            db, other, night, post, how="added", by=night, now_ms=NOW_MS, random=plant.random
        )
    staff(plant, "00000001", 1)
    assert short(plant) == [] and short(plant, crew="DING") == []
    with plant.store.tx() as db:
        roster.end(db, other, night, "leave", by=night, now_ms=NOW_MS)
    assert short(plant) == [("00000001", 1, 0)]
    assert short(plant, crew="DING") == [("00000001", 1, 0)]


def plant_instance(db: Any, crew: str) -> int:
    found = shifts.instance(db, crew, "2026-11-24", "D")
    assert found is not None
    return int(found["id"])


def test_the_board_holds_what_was_left_and_counts_what_nobody_asked_about(plant: Plant) -> None:
    leave(plant, "阀门关了", NOW_MS)
    leave(plant, "备用泵停着", NOW_MS + 1)
    with plant.store.tx() as db:
        (id, *_) = [i["id"] for i in handover.waiting(db, plant.instance(), NOW_MS + 1)]
        by = plant.id("leader")
        handover.take(db, plant.instance(), id, "", by=by, now_ms=NOW_MS + 2)
    found = read(plant, NOW_MS + 2)
    assert (len(found.inherited), found.unasked) == (2, 1)


def test_who_has_a_reason_stands_behind_who_has_none(plant: Plant) -> None:
    before = [w.row["person"] for w in read(plant).waiting]
    with plant.store.tx() as db:
        instance, by = plant.instance()["id"], plant.id("leader")
        absences.write(db, instance, before[0], "on_the_way", "", by=by, now_ms=NOW_MS)
    assert [w.row["person"] for w in read(plant).waiting] == [*before[1:], before[0]]


def test_the_last_half_hour_is_told_and_is_a_new_revision(plant: Plant) -> None:
    instance = plant.instance()
    begins, ends = instance["ends_ms"] - 30 * MINUTE, instance["ends_ms"]
    assert [read(plant, at).leaving for at in (begins - 1, begins, ends - 1, ends)] == [
        False,
        True,
        True,
        False,
    ]
    revisions = {board.revision(plant.store, instance, at) for at in (begins - 1, begins, ends)}
    assert len(revisions) == 3


# --- Any history ----------------------------------------------------------------------------------


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("commit", "run", "veto", "bad", "unfit", "leave", "add", "answer")),
        st.sampled_from(OPERATORS),
        st.integers(0, 14 * 60),
    ),
    max_size=12,
)


@contextmanager
def undone(store: Store) -> Iterator[Any]:
    """A transaction that is rolled back at the end, so that examples do not meet."""

    class Undo(Exception):
        pass

    try:
        with store.tx() as db:
            yield db
            raise Undo
    except Undo:
        pass


def happen(db: Any, plant: Plant, instance: Row, kind: str, part: str, at_ms: int, no: int) -> None:
    """One thing that happens to somebody, written as acceptance and the desk write it."""
    person, leader = plant.id(part), plant.id("leader")
    station, job = (TANKS, "J09") if part in ("mate", "lin") else (PUMPS, "J02")
    live = roster.posts(db, instance["id"], person)
    if kind == "leave" and live:
        roster.end(db, instance["id"], person, "leave", by=leader, now_ms=at_ms)
    elif kind == "add" and not live:
        wanted = [roster.Post(station, job)]
        random = plant.random
        roster.add(
            db,
            instance["id"],
            person,
            wanted,
            how="added",
            by=leader,
            now_ms=at_ms,
            random=random,
        )
    elif kind == "answer":
        sql = "UPDATE finding SET answered_ms = :t WHERE answered_ms IS NULL AND reporter = :p"
        db.run(sql, t=at_ms, p=person)
    elif kind not in ("leave", "add"):
        results = {"commit": "committed", "run": "done", "veto": "stopped", "bad": "done"}
        record_id = f"{no:08}-0000-4000-8000-000000000000"
        db.run(
            "INSERT INTO record (id, kind, c, flags, recv_ms, person, instance, station, job,"
            " result, counts, sealed_ms, body_sha, salt, body) VALUES (:id, :kind, :c, '[]', :t,"
            " :p, :i, :s, :j, :r, 1, :t, :c, :c, :c)",
            id=record_id,
            kind="commit" if kind in ("commit", "unfit") else "run",
            c=no.to_bytes(32, "big"),
            t=at_ms,
            p=person,
            i=instance["id"],
            s=station,
            j=job,
            r=results.get(kind, "cannot"),
        )
        if kind in ("veto", "bad", "unfit"):
            findings.open_finding(
                db,
                "replace" if kind == "unfit" else "hazard",
                record_id=record_id,
                part="1",
                what="x",
                note="",
                veto=kind == "veto",
                instance=instance["id"],
                crew="JIA",
                station=station,
                job=job,
                reporter=person,
                now_ms=at_ms,
            )


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(events=EVENTS)
def test_the_states_sum_to_n_at_every_instant(plant: Plant, events: list[Any]) -> None:
    instance = plant.instance()
    opens_ms = instance["opens_ms"]
    with undone(plant.store) as db:
        for no, (kind, part, minute) in enumerate(sorted(events, key=lambda e: e[2])):
            happen(db, plant, instance, kind, part, opens_ms + minute * MINUTE, no)
        for minute in (-60, 0, 1, 35, 45, 60, 300, 764, 765, 900):
            found = board.board(db, instance, opens_ms + minute * MINUTE)
            counts = found.counts
            assert (
                counts.ready + counts.running + counts.not_started + counts.abnormal
                == counts.expected
            )
            seen = {t.row["person"]: t for s in found.stations for t in s.tiles}
            assert counts.expected + counts.excused == len(seen) == 6
            live = [t for t in seen.values() if t.shown != "excused"]
            assert sum(t.shown == "ready" for t in live) == counts.ready
            assert sum(t.shown in ("abnormal", "stopped") for t in live) == counts.abnormal
            assert len(found.waiting) == counts.not_started


def test_shown_states_are_states_without_the_private_one() -> None:
    assert set(seats.Shown.__args__) == set(states.STATES) - {"cannot"}


def test_the_board_says_where_its_clock_stands(plant: Plant, clock: Clock) -> None:
    for text in ("07:15", "07:50", "08:00", "08:15", "20:00"):
        found = read(plant, clock.at(text))
        assert found.soon == (text == "07:50")
        assert found.alarm == (text == "08:15")
        assert found.closed == (text == "20:00")
