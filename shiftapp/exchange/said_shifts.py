"""What the sheets of rosters and leave say, as records; faults go to the case.

A roster that says just what is there is no change, whenever its window opens: so an exported
workbook comes back in. What differs is only for windows that are not open yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from shiftapp.exchange.case import Case
from shiftapp.exchange.current import Content
from shiftapp.exchange.current_shifts import Posts, content_of, key_of, posts_of
from shiftapp.exchange.plan import Line
from shiftapp.exchange.planned import Planner, Times
from shiftapp.exchange.said_people import is_done_there
from shiftapp.model import roster_plan
from shiftapp.store import Db, Row

Records = dict[str, Content]
MOST_LEAVE = 366  # days


@dataclass
class _Shift:
    """One shift that the workbook names: its rows, its times, who is there now."""

    crew: str
    date: str
    code: str
    lines: list[Line] = field(default_factory=list)
    times: Times | None = None
    old: Posts = ()

    @property
    def said(self) -> Posts:
        return tuple(_post(line) for line in self.lines)

    @property
    def key(self) -> str:
        return key_of(self.crew, self.date, self.code)


# Leave --------------------------------------------------------------------------------------------


def leave(case: Case, people: Records) -> Records:
    """Leave by number and days; a row that is there already is no change."""
    old = case.current.records["leave"]
    found: Records = {}
    for line in case.good("leave"):
        no, first, last = (str(line.values[key]) for key in ("no", "first", "last"))
        key = f"{no} {first} {last}"
        _must_be_here(case, line, people)
        if key not in old:
            _check_days(case, line, first, last)
            _check_overlap(case, line, {**old, **found})
        if line.good:
            found[key] = {"no": no, "first": first, "last": last}
    return found


def _check_days(case: Case, line: Line, first: str, last: str) -> None:
    days = (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days
    if days < 0:
        case.wrong("bad_span", line, "last", first=first)
    elif days >= MOST_LEAVE:
        case.wrong("long_leave", line, "last", most=MOST_LEAVE)
    elif first < (case.day - datetime.timedelta(days=1)).isoformat():
        case.wrong("leave_past", line, "first")


def _check_overlap(case: Case, line: Line, others: Records) -> None:
    first, last = str(line.values["first"]), str(line.values["last"])
    for one in others.values():
        touches = first <= str(one["last"]) and last >= str(one["first"])
        if one["no"] == line.values["no"] and touches:
            case.wrong("leave_overlaps", line, "first", first=one["first"], last=one["last"])
            return


# Rosters ------------------------------------------------------------------------------------------


def rosters(db: Db, case: Case, wanted: dict[str, Records], now_ms: int) -> Records:
    """The rosters that the workbook names, by day, crew and shift.

    What is there now goes into the current records under the same keys.
    """
    planner = Planner(db, case, wanted)
    named = _named(case)
    case.current.records["roster"] = {}
    leaves = {**case.current.records["leave"], **wanted["leave"]}
    for one in named:
        one.times = planner.times(one.lines[0], one.crew, one.date, one.code)
        if one.times is not None and _read_old(db, one, one.times, planner, leaves):
            old = content_of(one.crew, one.date, one.code, one.old)
            case.current.records["roster"][one.key] = old
    timed = [one for one in named if one.times is not None]
    changed = [one for one in timed if sorted(one.said) != sorted(one.old)]
    for one in changed:
        _check_shift(case, one, wanted, leaves, now_ms)
    _check_times(db, case, timed, changed)
    return {one.key: content_of(one.crew, one.date, one.code, one.said) for one in timed}


def _named(case: Case) -> list[_Shift]:
    found: dict[tuple[str, str, str], _Shift] = {}
    for line in case.good("roster"):
        crew, date, code = (str(line.values[key]) for key in ("crew", "date", "shift"))
        found.setdefault((crew, date, code), _Shift(crew, date, code)).lines.append(line)
    return list(found.values())


def _read_old(db: Db, one: _Shift, times: Times, planner: Planner, leaves: Records) -> bool:
    """Find out who is there now; False: nobody yet, and not what the pattern will make of it.

    Without those whom a leader put there and the workbook does not name.
    """
    if times.id is None:
        planned = planner.by_pattern(one.crew, one.date, leaves)
        same = planned == tuple(sorted(one.said))
        one.old = planned if same else ()
        return same
    said = {post[:3] for post in one.said}
    one.old = posts_of(
        row
        for row in roster_plan.rows(db, times.id)
        if row["how"] in roster_plan.OURS or (row["no"], row["label"], row["job"]) in said
    )
    return True


def _check_shift(
    case: Case, one: _Shift, wanted: dict[str, Records], leaves: Records, now_ms: int
) -> None:
    assert one.times is not None
    new = [line for line in one.lines if _post(line) not in one.old]
    if one.times.opens_ms <= now_ms:
        case.wrong("window_open", (new or one.lines)[0], "date", crew=one.crew, letter=one.code)
        return
    stations = {**case.current.records["station"], **wanted["station"]}
    for line in one.lines:
        station = stations.get(str(line.values["station"]))
        is_done_there(case, line, station, str(line.values["job"]))
        _must_be_here(case, line, wanted["person"])
        for away in leaves.values():
            if away["no"] == line.values["no"] and (
                str(away["first"]) <= one.date <= str(away["last"])
            ):
                case.wrong("on_leave", line, "no", first=away["first"], last=away["last"])


def _must_be_here(case: Case, line: Line, people: Records) -> None:
    no = str(line.values["no"])
    person = people.get(no) or case.current.records["person"].get(no)
    if person is not None and not person["active"]:
        case.wrong("has_left", line, "no", value=no)


def _check_times(db: Db, case: Case, named: list[_Shift], changed: list[_Shift]) -> None:
    """Nobody is in two shifts at a time: of the workbook, or of it and what stays as it is."""
    if not changed:
        return
    ids = {one.times.id for one in named if one.times}
    spans = [one.times for one in changed if one.times]
    first, last = min(t.starts_ms for t in spans), max(t.ends_ms for t in spans)
    rows = [row for row in roster_plan.elsewhere(db, first, last) if row["id"] not in ids]
    for one in changed:
        before = {post[0] for post in one.old}
        for line in {str(line.values["no"]): line for line in reversed(one.lines)}.values():
            if str(line.values["no"]) not in before:
                _check_person(case, one, line, named, rows)


def _check_person(
    case: Case, one: _Shift, line: Line, named: list[_Shift], elsewhere: list[Row]
) -> None:
    no = str(line.values["no"])
    for other, first in _others(one, no, named):
        if first.row < line.row or no in {post[0] for post in other.old}:
            about = {"crew": other.crew, "date": other.date, "letter": other.code}
            case.wrong("two_shifts", line, "no", row=first.row, **about)
            return
    for row in elsewhere:
        if row["no"] == no and _overlap(one.times, row["starts_ms"], row["ends_ms"]):
            about = {"crew": row["crew"], "date": row["date"], "letter": row["code"]}
            case.wrong("busy", line, "no", value=no, **about)
            return


def _others(one: _Shift, no: str, named: list[_Shift]) -> Iterator[tuple[_Shift, Line]]:
    """Other shifts of the workbook at the same time that name a person, with the first row."""
    for other in named:
        times = other.times
        if other is one or times is None or not _overlap(one.times, times.starts_ms, times.ends_ms):
            continue
        rows = [line for line in other.lines if line.values["no"] == no]
        if rows:
            yield other, rows[0]


def _overlap(times: Times | None, starts_ms: int, ends_ms: int) -> bool:
    return times is not None and times.starts_ms < ends_ms and times.ends_ms > starts_ms


def _post(line: Line) -> tuple[str, str, str, int]:
    values = line.values
    return (
        str(values["no"]),
        str(values["station"]),
        str(values["job"]),
        int(str(values["run"])),
    )
