"""The report of one shift: everything about it at an instant, person by person.

States come from `history.people_states` and nowhere else, so the figures are the board's. What is
health data ("not fit today") is there only for who may read it: for everybody else that person is
*abnormal*, their declaration is no record of the list, and of a to-do it says when, not what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from shiftapp.model import (
    absences,
    erased_seats,
    findings,
    history,
    report_figures,
    report_parts,
    seats,
    signoffs,
    states,
)
from shiftapp.model.history import PersonState
from shiftapp.store import Db, Row

_NOBODY: Row = {  # a seat without a name: all of theirs was erased
    **dict.fromkeys(("name", "name_en"), erased_seats.NOBODY),
    **dict.fromkeys(("id", "no", "employer"), ""),
    "guest": 0,
}
Reads = Callable[[str | None], bool]  # whether the reader may see the to-dos of a reporter


@dataclass(frozen=True)
class Line:
    """One person: `who` has all names, `rows` the roster rows, `records` what they recorded."""

    who: Row  # id, no, name, name_en, employer, guest
    state: str
    marks: tuple[states.Mark, ...]
    rows: tuple[Row, ...]  # with `for_name`, `added_name`, `ended_name` and their `_en`
    records: tuple[Row, ...]  # with `made_ms` (None: known only when it came) and `why` of a proxy
    absence: Row | None  # with `by_name` and `by_name_en`


@dataclass(frozen=True)
class Change:
    """Something that came up: `row` is a finding, or a roster row that was added or ended."""

    what: str  # 'found', 'added' or 'ended'
    at_ms: int
    row: Row


@dataclass(frozen=True)
class Signed:
    """One signature, and what came up between it and the next one (or the report)."""

    row: Row  # of the table, with signer_name and signer_name_en
    reasons: tuple[Row, ...]
    after: tuple[Change, ...]
    holds: bool  # only the newest can


@dataclass(frozen=True)
class Report:
    """A shift at an instant. `over`: nothing more is expected to come."""

    instance: Row
    at_ms: int
    over: bool
    figures: report_figures.Figures
    people: tuple[Line, ...]
    arrivals: tuple[Row, ...]  # recorded something, and nobody put them on the roster
    changes: tuple[Change, ...]
    findings: tuple[Row, ...]  # `private`: a to-do that this reader sees the time of, no more
    left: tuple[Row, ...]
    taken: tuple[Row, ...]
    signatures: tuple[Signed, ...]
    evidence: report_parts.Evidence


def report(db: Db, instance: Row, at_ms: int, reads: Reads) -> Report:
    """The report of a shift as it was known at an instant, for a reader."""
    known = [
        one
        for one in history.people_states(db, instance, at_ms)
        if any(row["added_ms"] <= at_ms for row in one.rows)
    ]
    names = report_parts.names(db, instance["id"])
    whys = report_parts.proxy_whys(db, instance["id"])
    reasons = absences.of_instance(db, instance["id"])
    found = [f for f in findings.of_instance(db, instance["id"]) if f["found_ms"] <= at_ms]
    lines = tuple(_line(one, names, whys, reasons, instance, at_ms, reads) for one in known)
    shown = tuple(_finding(f, at_ms, names, reads) for f in found)
    newest = signoffs.signature(db, instance, known, found, at_ms)
    handed = report_parts.handovers(db, instance["id"], at_ms)
    return Report(
        instance=instance,
        at_ms=at_ms,
        over=at_ms >= max(instance["ends_ms"], instance["closed_ms"]),
        figures=report_figures.figures(
            known, [(line.state, line.marks) for line in lines], whys, states.window_of(instance)
        ),
        people=lines,
        arrivals=tuple(r for r in history.arrivals(db, instance) if r["recv_ms"] <= at_ms),
        changes=tuple(
            sorted((c for c in _row_changes(lines) if c.at_ms >= instance["starts_ms"]), key=_order)
        ),
        findings=shown,
        left=tuple(row for row in handed if row["instance"] == instance["id"]),
        taken=tuple(row for row in handed if row["taken_by_instance"] == instance["id"]),
        signatures=_signatures(
            report_parts.signed(db, instance["id"], at_ms), newest, lines, shown, at_ms
        ),
        evidence=report_parts.evidence(db, instance["id"], at_ms),
    )


def _line(
    one: PersonState,
    names: dict[str, Row],
    whys: dict[str, str],
    reasons: dict[str, Row],
    instance: Row,
    at_ms: int,
    reads: Reads,
) -> Line:
    private = reads(one.person)
    veiled = not private and _asks_to_talk(one)
    state = one.name if private else seats.shown_state(one, at_ms)
    hidden = {"overdue"} if state in ("abnormal", "stopped") else set()  # "cannot" never has it
    hidden |= set(get_args(states.TimeMark)) if veiled else set()
    absence = reasons.get(one.person)
    if absence is not None and absence["at_ms"] > at_ms:
        absence = None
    return Line(
        who=names.get(one.person, _NOBODY),
        state=state,
        marks=tuple(m for m in states.MARKS if m in one.state.marks and m not in hidden),
        rows=tuple(_row(r, names, at_ms) for r in one.rows if r["added_ms"] <= at_ms),
        records=tuple(
            _record(r, whys)
            for r in one.records
            if r["recv_ms"] <= at_ms and not (veiled and r["kind"] == "commit")
            if private or r["result"] != "cannot"
        ),
        absence=absence and {**absence, **_named("by", absence["by_person"], names)},
    )


def _asks_to_talk(one: PersonState) -> bool:
    """Whether somebody waits to be talked to: who has committed all the same is fit, so for others
    than the leader neither their commitment is there nor its time.
    """
    asked = any(f["kind"] != "hazard" for f in one.findings)
    return asked and one.name in ("cannot", "stopped", "abnormal")


def _row(row: Row, names: dict[str, Row], at_ms: int) -> Row:
    ended = {"ended_ms": None, "ended_why": None, "ended_by": None}
    known = row if (row["ended_ms"] or 0) <= at_ms else {**row, **ended}
    return {
        **known,
        **_named("for", known["for_person"], names),
        **_named("added", known["added_by"], names),
        **_named("ended", known["ended_by"], names),
    }


def _record(record: Row, whys: dict[str, str]) -> Row:
    made_ms = record["estimate_ms"] if record["estimate_ok"] else None
    return {**record, "made_ms": made_ms, "why": whys.get(record["id"], "")}


def _named(key: str, person: str | None, names: dict[str, Row]) -> Row:
    """The names of somebody under keys of their part; '' where it was nobody, or no person."""
    row = names.get(person or "", {"name": "", "name_en": ""})
    return {f"{key}_name": row["name"], f"{key}_name_en": row["name_en"]}


def _row_changes(lines: Sequence[Line]) -> list[Change]:
    rows = [row for line in lines if line.who["id"] for row in line.rows]
    ended = [Change("ended", r["ended_ms"], r) for r in rows if r["ended_ms"] is not None]
    return [*(Change("added", r["added_ms"], r) for r in rows), *ended]


def _finding(found: Row, at_ms: int, names: dict[str, Row], reads: Reads) -> Row:
    known = {**found, **findings.undone_since(found, at_ms), "private": False}
    known |= _named("acceptor", known["accepted_by"], names)
    if found["kind"] == "hazard" or reads(found["reporter"]):
        return known
    kept = {"kind": "todo", "what": "", "note": "", "answer": "", "outcome": None, "private": True}
    return {**known, **kept}


def _signatures(
    rows: Sequence[Row],
    newest: signoffs.Signature | None,
    lines: Sequence[Line],
    found: Sequence[Row],
    at_ms: int,
) -> tuple[Signed, ...]:
    ends = [*(row["at_ms"] for row in rows[1:]), at_ms]
    return tuple(
        Signed(
            row=row,
            reasons=tuple(row["lines"]),
            after=_after(lines, found, row["at_ms"], until_ms),
            holds=newest is not None and newest.row["id"] == row["id"] and newest.holds,
        )
        for row, until_ms in zip(rows, ends, strict=bool(rows))
    )


def _after(
    lines: Sequence[Line], found: Sequence[Row], from_ms: int, until_ms: int
) -> tuple[Change, ...]:
    """What came up after one signature, answered since or not: that is why it was signed again."""
    came = [Change("found", f["found_ms"], f) for f in found]
    came += _row_changes(lines)
    return tuple(sorted((c for c in came if from_ms < c.at_ms <= until_ms), key=_order))


def _order(change: Change) -> tuple[int, str, int]:
    return change.at_ms, change.what, change.row["id"]
