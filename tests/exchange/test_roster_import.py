"""Rosters and leave by workbook: what a file says of a shift stands, and nothing is half imported.

甲班 works D on 24 and N on 25 November, then again from the 28th; 乙班 is a day behind. It is 07:38
on the 24th: the window of 甲班's day shift is open.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from shiftapp.exchange import telling, writing
from shiftapp.exchange.applying import apply
from shiftapp.model import people, places, roster, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row, Store
from tests.announcing import at
from tests.exchange.books import SMALL, bring_in, counts, file, opened, planned, saved, small
from tests.exchange.test_round_trip import dump
from tests.plant import HOUR_MS, NOW_MS, fixed_bytes

Line = dict[str, Any]
NIGHT = ("JIA", "2026-11-25", "N")
LATER = ("JIA", "2026-11-28", "D")
FAR = ("JIA", "2026-12-22", "D")


def line(no: str, shift: tuple[str, str, str] = NIGHT, **more: Any) -> Line:
    crew, date, code = shift
    head = {"date": date, "crew": crew, "shift": code, "no": no}
    return {**head, "station": "P-201", "job": "J02", **more}


def book(*lines: Line, leave: tuple[Line, ...] = (), **sheets: Any) -> io.BytesIO:
    """The small plant with rows on the sheets of rosters and leave."""
    return file({**small(**sheets), "roster": list(lines), "leave": list(leave)})


def rows(store: Store, shift: tuple[str, str, str] = NIGHT) -> list[Row]:
    instance = shifts.instance(store, *shift)
    return roster.rows(store, instance["id"]) if instance else []


def here(store: Store, shift: tuple[str, str, str] = NIGHT) -> list[tuple[str, str]]:
    return [(row["no"], row["how"]) for row in rows(store, shift) if row["ended_ms"] is None]


def slots_of(store: Store, shift: tuple[str, str, str] = NIGHT) -> int:
    return int(
        store.value(
            "SELECT COUNT(*) FROM slot JOIN instance ON instance.s = slot.s WHERE slot.ended_ms"
            " IS NULL AND instance.crew = :c AND instance.date = :d AND instance.code = :k",
            **dict(zip("cdk", shift, strict=True)),
        )
    )


def faults(store: Store, workbook: io.BytesIO, now_ms: int = NOW_MS) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in planned(store, workbook, now_ms).faults]


def put_by_leader(store: Store, no: str, how: roster.How = "added") -> None:
    person, instance = people.by_no(store, no), shifts.instance(store, *NIGHT)
    station = places.station_by_label(store, "P-201")
    assert person and instance and station
    with store.tx() as db:
        roster.add(
            db, instance["id"], person["id"], [roster.Post(station["code"], "J02")], how=how,
            by=person["id"], now_ms=NOW_MS, random=fixed_bytes("leader"),
        )  # fmt: skip


# What stands -------------------------------------------------------------------------------------


def test_what_the_workbook_says_replaces_what_the_pattern_put_there(store: Store) -> None:
    bring_in(store, file())
    assert len(here(store)) == 7 and slots_of(store) == 6
    found = bring_in(store, book(line("00101"), line("00201", job="J05", run="否")), seed="two")
    assert counts(found)["roster"] == (0, 1, 0, 0)
    assert here(store) == [("00101", "workbook"), ("00201", "workbook")]
    assert [row["run_required"] for row in rows(store)] == [1, 0]
    assert slots_of(store) == 2
    assert all(row["ended_ms"] is None for row in rows(store))  # an ordinary change leaves no trace


@pytest.mark.parametrize("shift", [NIGHT, LATER, FAR])
def test_the_pattern_puts_nobody_back(store: Store, shift: tuple[str, str, str]) -> None:
    bring_in(store, book(line("00101", shift)))
    instance = shifts.instance(store, *shift)
    assert instance is not None
    with store.tx() as db:
        roster.fill_ahead(db, instance["opens_ms"] - HOUR_MS, fixed_bytes("fill"))
    assert here(store, shift) == [("00101", "workbook")]


def test_other_shifts_follow_the_pattern_as_before(store: Store) -> None:
    bring_in(store, book(line("00101")))
    instance = shifts.instance(store, *LATER)
    assert instance is not None
    with store.tx() as db:
        roster.fill_ahead(db, instance["opens_ms"] - HOUR_MS, fixed_bytes("fill"))
    assert len(here(store, LATER)) == 7


def test_a_shift_weeks_ahead_is_made_by_the_pattern(store: Store) -> None:
    bring_in(store, file())
    assert shifts.instance(store, *FAR) is None
    found = bring_in(store, book(line("00101", FAR)), seed="far")
    assert counts(found)["roster"] == (1, 0, 0, 0)
    instance = shifts.instance(store, *FAR)
    assert instance and instance["starts_ms"] == at("08:00", "2026-12-22")
    assert here(store, FAR) == [("00101", "workbook")] and slots_of(store, FAR) == 1


def test_a_new_plant_comes_with_its_first_rosters(store: Store) -> None:
    bring_in(store, book(line("00101"), line("00102")))
    assert [no for no, _ in here(store)] == ["00101", "00102"]


@pytest.mark.parametrize("now_ms", [NOW_MS, NOW_MS + HOUR_MS])
def test_importing_twice_changes_nothing(store: Store, now_ms: int) -> None:
    leave = ({"no": "00102", "first": "2026-11-27", "last": "2026-11-29"},)
    workbook = book(line("00101"), line("00103", LATER), line("00101", FAR), leave=leave)
    bring_in(store, workbook)
    before, left = dump(store), store.rows("SELECT * FROM leave ORDER BY id")
    assert bring_in(store, workbook, now_ms, seed="again").total == 0
    assert dump(store) == before
    assert store.rows("SELECT * FROM leave ORDER BY id") == left


def test_what_a_leader_put_there_stays_and_the_second_import_changes_nothing(store: Store) -> None:
    bring_in(store, file())
    put_by_leader(store, "00201", "overtime")
    bring_in(store, book(line("00101")), seed="two")
    assert sorted(here(store)) == [("00101", "workbook"), ("00201", "overtime")]
    assert bring_in(store, book(line("00101")), seed="three").total == 0


def test_a_workbook_of_people_whom_only_the_leader_put_there_still_holds(store: Store) -> None:
    bring_in(store, file())
    put_by_leader(store, "00201", "overtime")
    bring_in(store, book(line("00201")), seed="two")
    with store.tx() as db:
        roster.fill_ahead(db, NOW_MS + HOUR_MS, fixed_bytes("fill"))
    assert [no for no, _ in here(store)] == ["00201"]


def test_a_later_workbook_says_it_anew(store: Store) -> None:
    bring_in(store, book(line("00101"), line("00102")))
    bring_in(store, book(line("00102", run="否"), line("00103")), seed="two")
    assert here(store) == [("00102", "workbook"), ("00103", "workbook")]
    assert [row["run_required"] for row in rows(store)] == [0, 1] and slots_of(store) == 2


def test_a_roster_as_the_pattern_has_it_is_left_to_the_pattern(store: Store) -> None:
    bring_in(store, file())
    same = [line(f"0010{n}") for n in range(1, 6)]
    same += [line("00101", station="K-101"), line("00110", job="J05", run="否")]
    assert bring_in(store, book(*same), seed="same").total == 0
    assert {how for _, how in here(store)} == {"pattern"}
    far = [{**one, "date": FAR[1], "shift": "D"} for one in same]
    assert bring_in(store, book(*far), seed="far").total == 0
    assert shifts.instance(store, *FAR) is None


def test_who_was_on_two_posts_may_stay_on_one(store: Store) -> None:
    bring_in(store, file())
    bring_in(store, book(*(line(f"0010{n}") for n in range(1, 6))), seed="two")
    assert [row["label"] for row in rows(store) if row["no"] == "00101"] == ["P-201"]
    assert slots_of(store) == 5


def test_people_of_another_crew_may_be_lent_when_their_own_shift_says_so(store: Store) -> None:
    """乙班 rests on the 25th: 00201 is free."""
    bring_in(store, book(line("00201")))
    assert here(store) == [("00201", "workbook")]


def test_a_pattern_that_changes_in_the_same_workbook_counts(store: Store) -> None:
    bring_in(store, file())
    later = [{**one, "offset": 1} if one["code"] == "JIA" else one for one in SMALL["crew"]]
    moved = ("JIA", "2026-11-27", "D")
    assert faults(store, book(line("00101", LATER), crew=later)) == [("not_planned", "C3")]
    bring_in(store, book(line("00101", moved), crew=later), seed="moved")
    assert here(store, moved) == [("00101", "workbook")]


# What goes out -----------------------------------------------------------------------------------


def test_the_export_has_the_rosters_of_the_next_eight_days(store: Store) -> None:
    bring_in(store, book(line("00101", LATER), line("00102", FAR)))
    sheet = load_workbook(io.BytesIO(writing.write_workbook(store, NOW_MS)))["排班 Roster"]
    said = {(str(r[0])[:10], r[1], r[2]) for r in list(sheet.values)[1:]}
    assert ("2026-11-24", "JIA", "D") not in said  # its window is open
    assert {("2026-11-25", "JIA", "N"), ("2026-11-28", "JIA", "D")} <= said
    assert ("2026-11-24", "YI", "N") in said
    assert max(said)[0] < "2026-12-02"
    only = [r for r in sheet.values if str(r[0])[:10] == "2026-11-28" and r[1] == "JIA"]
    assert [r[3] for r in only] == ["00101"]


@pytest.mark.parametrize("hours", [0, 3, 14, 38])
def test_an_export_comes_back_unchanged_at_any_hour(store: Store, hours: int) -> None:
    bring_in(store, book(line("00101"), line("00102", LATER)))
    now_ms = NOW_MS + hours * HOUR_MS
    with store.tx() as db:
        roster.fill_ahead(db, now_ms, fixed_bytes("fill"))
    out = io.BytesIO(writing.write_workbook(store, now_ms))
    found = planned(store, out, now_ms)
    assert ([(one.code, one.where) for one in found.faults], found.total) == ([], 0)


def test_a_guest_of_the_day_and_who_left_do_not_go_out(store: Store) -> None:
    bring_in(store, file())
    with store.tx() as db:
        db.run("UPDATE person SET guest = 1, no = 'G-1' WHERE no = '00103'")
        db.run("UPDATE person SET active = 0 WHERE no = '00104'")
    sheet = load_workbook(io.BytesIO(writing.write_workbook(store, NOW_MS)))["排班 Roster"]
    rows_out = [row for row in list(sheet.values)[1:] if str(row[0])[:10] == NIGHT[1]]
    assert {row[3] for row in rows_out} == {"00101", "00102", "00105", "00110"}


def test_a_post_out_of_scope_is_not_what_the_pattern_will_put_there(store: Store) -> None:
    bring_in(store, file())
    with store.tx() as db:
        db.run("UPDATE station SET scoped = 0 WHERE label = 'K-101'")
    sheet = load_workbook(io.BytesIO(writing.write_workbook(store, NOW_MS)))["排班 Roster"]
    later = [row for row in list(sheet.values)[1:] if str(row[0])[:10] == LATER[1]]
    assert {row[4] for row in later if row[1] == "JIA"} == {"P-201"}


def test_an_export_of_yesterday_still_comes_in_while_nobody_changed_that_shift(
    store: Store,
) -> None:
    bring_in(store, file())
    out = io.BytesIO(writing.write_workbook(store, NOW_MS))
    assert planned(store, out, at("20:00", "2026-11-25")).total == 0
    put_by_leader(store, "00201")
    assert planned(store, out, at("20:00", "2026-11-25")).faults == []  # the leader's own


def test_the_template_has_the_sheets_with_an_example(store: Store) -> None:
    bookful = load_workbook(io.BytesIO(writing.write_template()))
    for name in ("排班 Roster", "请假 Leave"):
        assert str(bookful[name].cell(2, 1).value).startswith("示例")
    assert bring_in(store, io.BytesIO(saved(opened()).getvalue())).nouns["roster"].total == 0


def test_a_workbook_without_the_sheets_says_nothing_about_them(store: Store) -> None:
    bring_in(store, book(line("00101")))
    old = opened()
    for name in ("排班 Roster", "请假 Leave"):
        old.remove(old[name])
    assert bring_in(store, saved(old), seed="old").total == 0
    assert here(store) == [("00101", "workbook")]


def test_the_preview_names_who_goes_and_who_comes(store: Store) -> None:
    bring_in(store, book(line("00101"), line("00102")))
    found = planned(store, book(line("00102"), line("00201")))
    (one,) = [s for s in telling.summaries(found) if s.noun == "roster"]
    (example,) = one.examples["changed"]
    assert example.line(True) == "2026-11-25 JIA N: 名单 00101 → 00201"
    assert here(store) == [("00101", "workbook"), ("00102", "workbook")]


# What is wrong -----------------------------------------------------------------------------------

WRONG: list[tuple[str, list[Line], list[tuple[str, str]]]] = [
    ("no such crew", [line("00101", ("DING", "2026-11-25", "N"))], [("unknown", "B3")]),
    ("no such person", [line("00101"), line("77777")], [("unknown", "D4")]),
    ("no such station", [line("00101", station="Q-9")], [("unknown", "E3")]),
    ("no such job", [line("00101", job="J99")], [("unknown", "F3")]),
    ("not done there", [line("00101", station="K-101", job="J05")], [("job_not_there", "F3")]),
    ("a day of rest", [line("00101", ("JIA", "2026-11-26", "D"))], [("not_planned", "C3")]),
    ("another letter", [line("00101", ("JIA", "2026-11-25", "D"))], [("not_planned", "C3")]),
    ("no such letter", [line("00101", ("JIA", "2026-11-25", "X"))], [("not_planned", "C3")]),
    ("too far", [line("00101", ("JIA", "2027-02-02", "D"))], [("too_far", "A3")]),
    ("open already", [line("00101", ("JIA", "2026-11-24", "D"))], [("window_open", "A3")]),
    ("long past", [line("00101", ("JIA", "2026-11-20", "D"))], [("window_open", "A3")]),
    ("twice", [line("00101"), line("00101")], [("duplicate", "A4")]),
    ("no date", [line("00101", ("JIA", "次日", "N"))], [("bad_date", "A3")]),
    ("no number", [line("")], [("needed", "D3")]),
    ("zeros lost", [line("00102"), {**line("00101"), "no": 101}], [("zeros_lost", "D4")]),
    ("a formula", [{**line("00101"), "no": "=A1"}], [("formula", "D3")]),
    ("not yes or no", [line("00101", run="也许")], [("bad_choice", "G3")]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "wanted"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_told_in_its_cell_and_nothing_is_written(
    store: Store, lines: list[Line], wanted: list[tuple[str, str]]
) -> None:
    bring_in(store, file())
    before = dump(store)
    good = line("00104", LATER)
    assert faults(store, book(*lines, good)) == wanted
    assert dump(store) == before


def test_nobody_is_in_two_shifts_at_a_time(store: Store) -> None:
    """丙班 works when 甲班 does: it is on the same pattern with the same offset."""
    crews = [*SMALL["crew"], {**SMALL["crew"][0], "code": "BING", "name": "丙班", "group": "G2"}]
    both = book(line("00101"), line("00101", ("BING", NIGHT[1], "N")), crew=crews)
    bring_in(store, file(small(crew=crews)))
    found = planned(store, both)
    assert [(one.code, one.cell) for one in found.faults] == [("two_shifts", "D4")]
    assert "第 3 行" in found.faults[0].zh


def test_nobody_is_taken_out_of_a_shift_that_stays_as_it_is(store: Store) -> None:
    crews = [*SMALL["crew"], {**SMALL["crew"][0], "code": "BING", "name": "丙班", "group": "G2"}]
    bring_in(store, file(small(crew=crews)))
    lent = line("00101", ("BING", NIGHT[1], "N"))
    later = line("00101", ("BING", LATER[1], "D"))
    assert faults(store, book(lent, crew=crews)) == [("busy", "D3")]
    assert faults(store, book(later, crew=crews)) == [("busy", "D3")]  # by the pattern, to come
    free = [line("00102"), line("00110", job="J05", run="否")]
    bring_in(store, book(*free, lent, crew=crews), seed="lent")
    assert here(store, ("BING", NIGHT[1], "N")) == [("00101", "workbook")]
    assert [no for no, _ in here(store)] == ["00102", "00110"]


def test_a_shift_before_or_after_another_is_no_overlap(store: Store) -> None:
    """乙班's night of the 24th ends when nothing else of the 25th has begun."""
    bring_in(store, book(line("00101"), line("00101", ("YI", "2026-11-24", "N"))))
    assert here(store, ("YI", "2026-11-24", "N")) == [("00101", "workbook")]


def test_who_left_is_on_no_roster(store: Store) -> None:
    bring_in(store, file())
    left = [{**one, "active": "离职"} if one["no"] == "00105" else one for one in SMALL["person"]]
    assert faults(store, book(line("00105"), person=left)) == [("has_left", "D3")]


def test_an_open_window_is_said_once_with_what_to_do(store: Store) -> None:
    bring_in(store, file())
    today = ("JIA", "2026-11-24", "D")
    found = planned(store, book(line("00101", today), line("00201", today)))
    (fault,) = found.faults
    assert (fault.code, fault.cell) == ("window_open", "A4") and "看板" in fault.zh


def test_a_window_that_opens_between_preview_and_import_is_refused_whole(store: Store) -> None:
    bring_in(store, file())
    found = planned(store, book(line("00101"), enterprise=[{"name": "新名字"}]))
    before = dump(store)
    with pytest.raises(Problem, match="window_open"), store.tx() as db:
        apply(db, found, at("19:15", "2026-11-25"), fixed_bytes("late"), by=None, name="x.xlsx")
    assert dump(store) == before


# Leave -------------------------------------------------------------------------------------------


def away(no: str = "00102", first: str = "2026-11-25", last: str = "2026-11-27") -> Line:
    return {"no": no, "first": first, "last": last}


def test_leave_comes_in_with_who_and_when(store: Store) -> None:
    found = bring_in(store, book(leave=(away(),)))
    assert counts(found)["leave"] == (1, 0, 0, 0)
    (row,) = store.rows("SELECT * FROM leave")
    person = people.by_no(store, "00102")
    assert person and row["person"] == person["id"]
    assert (row["first"], row["last"], row["ended_ms"]) == ("2026-11-25", "2026-11-27", None)
    sheet = load_workbook(io.BytesIO(writing.write_workbook(store, NOW_MS)))["请假 Leave"]
    assert [str(value)[:10] for value in list(sheet.values)[1]] == [
        "00102", "2026-11-25", "2026-11-27",
    ]  # fmt: skip
    assert planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS))).total == 0


LEAVE_WRONG: list[tuple[str, list[Line], list[tuple[str, str]]]] = [
    ("nobody", [away("77777")], [("unknown", "A3")]),
    ("backwards", [away(first="2026-11-28")], [("bad_span", "C3")]),
    ("too long", [away(last="2027-11-28")], [("long_leave", "C3")]),
    ("long past", [away(first="2026-11-20")], [("leave_past", "B3")]),
    ("twice", [away(), away()], [("duplicate", "A4")]),
    ("overlapping", [away(), away(first="2026-11-27", last="2026-11-30")],
     [("leave_overlaps", "B4")]),
    ("no day", [away(first="", last="明天")], [("needed", "B3"), ("bad_date", "C3")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "wanted"), [w[1:] for w in LEAVE_WRONG], ids=[w[0] for w in LEAVE_WRONG]
)
def test_leave_that_is_wrong_is_told_in_its_cell(
    store: Store, lines: list[Line], wanted: list[tuple[str, str]]
) -> None:
    assert faults(store, book(leave=tuple(lines))) == wanted
    assert store.value("SELECT COUNT(*) FROM leave") == 0


def test_leave_that_overlaps_what_is_there_is_refused(store: Store) -> None:
    bring_in(store, book(leave=(away(),)))
    longer = book(leave=(away(last="2026-11-29"),))
    assert faults(store, longer) == [("leave_overlaps", "B3")]


def test_leave_that_was_taken_back_may_be_entered_again(store: Store) -> None:
    bring_in(store, book(leave=(away(),)))
    with store.tx() as db:
        db.run("UPDATE leave SET ended_ms = :now", now=NOW_MS)
    assert bring_in(store, book(leave=(away(),)), seed="again").total == 1


@pytest.mark.parametrize("same_file", [True, False])
def test_who_is_on_leave_is_on_no_roster(store: Store, same_file: bool) -> None:
    if not same_file:
        bring_in(store, book(leave=(away(),)))
    leave = (away(),) if same_file else ()
    assert faults(store, book(line("00102"), leave=leave)) == [("on_leave", "D3")]
    assert faults(store, book(line("00102", LATER), leave=leave)) == []
