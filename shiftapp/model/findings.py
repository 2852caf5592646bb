"""What asks a person for an answer: hazards, and the leader's to-dos.

A failed step, a negative answer or a reported fault opens one, in the transaction of its record.
`hazard` goes found → assigned → fixed → accepted. `brief` and `replace` are to-dos of the
leader. "Not today" (`replace`) is health data: no reason is asked, it is private to who leads the
crew, and erased after 30 days (retention.py).
"""

from __future__ import annotations

from typing import Literal

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Kind = Literal["hazard", "brief", "replace"]
Outcome = Literal["assigned", "fixed", "replaced", "mistake", "briefed"]
OUTCOMES: dict[Kind, tuple[Outcome, ...]] = {
    "hazard": ("assigned", "fixed"),
    "brief": ("briefed",),
    "replace": ("replaced", "mistake"),
}

_FINDING = (
    "SELECT finding.*, reporter.name AS reporter_name, reporter.name_en AS reporter_name_en,"
    " record.erased_ms,"
    " assignee.name AS assignee_name, assignee.name_en AS assignee_name_en,"
    " answerer.name AS answerer_name, answerer.name_en AS answerer_name_en,"
    " station.name AS station_name, station.name_en AS station_name_en,"
    " job.name AS job_name, job.name_en AS job_name_en, crew.area"
    " FROM finding LEFT JOIN person AS reporter ON reporter.id = finding.reporter"
    " LEFT JOIN record ON record.id = finding.record_id"
    " LEFT JOIN person AS assignee ON assignee.id = finding.assignee"
    " LEFT JOIN person AS answerer ON answerer.id = finding.answered_by"
    " LEFT JOIN station ON station.code = finding.station"
    " LEFT JOIN job ON job.code = finding.job LEFT JOIN crew ON crew.code = finding.crew"
)


def open_finding(
    db: Db,
    kind: Kind,
    *,
    record_id: str,
    part: str,
    what: str,
    note: str,
    veto: bool,
    instance: int | None,
    crew: str | None,
    station: str | None,
    job: str | None,
    reporter: str | None,
    now_ms: int,
) -> None:
    """Open a finding of a record's part, once."""
    db.run(
        "INSERT INTO finding (kind, record_id, part, instance, crew, station, job, reporter, veto,"
        " what, note, state, found_ms) VALUES (:kind, :record_id, :part, :instance, :crew,"
        " :station, :job, :reporter, :veto, :what, :note, 'found', :now)"
        " ON CONFLICT (record_id, part) DO NOTHING",
        kind=kind,
        record_id=record_id,
        part=part,
        instance=instance,
        crew=crew,
        station=station,
        job=job,
        reporter=reporter,
        veto=int(veto),
        what=what,
        note=note,
        now=now_ms,
    )
    counters.touch(db)


def finding(db: Db, id: int) -> Row:
    """One finding with the names beside it.

    :raises Problem: 404 `no_finding`.
    """
    found = db.row(f"{_FINDING} WHERE finding.id = :id", id=id)
    if found is None:
        raise Problem(404, "no_finding", "没有这一条。")
    return found


def of_instance(db: Db, instance: int) -> list[Row]:
    """All findings of a shift instance, oldest first."""
    return db.rows(
        f"{_FINDING} WHERE finding.instance = :i ORDER BY finding.found_ms, finding.id",
        i=instance,
    )


def of_record(db: Db, record_id: str) -> list[Row]:
    """The findings that one record opened."""
    return db.rows(f"{_FINDING} WHERE finding.record_id = :r ORDER BY finding.id", r=record_id)


def of_reporter(db: Db, person: str, from_ms: int, until_ms: int) -> list[Row]:
    """What somebody reported under their name between two instants, oldest first."""
    return db.rows(
        f"{_FINDING} WHERE finding.reporter = :p AND finding.found_ms >= :a"
        " AND finding.found_ms < :until ORDER BY finding.found_ms, finding.id",
        **{"p": person, "a": from_ms, "until": until_ms},
    )


def hazards(db: Db, *, only_open: bool) -> list[Row]:
    """Hazards of the enterprise, newest first; `only_open` leaves out the accepted ones."""
    where = "finding.kind = 'hazard'" + (" AND finding.state <> 'accepted'" if only_open else "")
    return db.rows(f"{_FINDING} WHERE {where} ORDER BY finding.found_ms DESC, finding.id DESC")


def open_hazards_at(db: Db, at_ms: int) -> list[Row]:
    """The hazards open at an instant, newest first, each as far as it was then.

    A later answer, repair or acceptance is as if it were not yet. Levels, and acceptances taken
    back since, are as they are now: only the lines of `audit` keep those.
    """
    found = db.rows(
        f"{_FINDING} WHERE finding.kind = 'hazard' AND finding.found_ms <= :at"
        " AND (finding.state <> 'accepted' OR finding.accepted_ms > :at)"
        " ORDER BY finding.found_ms DESC, finding.id DESC",
        at=at_ms,
    )
    return [{**row, **undone_since(row, at_ms)} for row in found]


def undone_since(row: Row, at_ms: int) -> Row:
    """What of a finding was otherwise at an instant."""
    changed: Row = {}
    if row["state"] == "accepted" and row["accepted_ms"] > at_ms:
        changed |= {"state": "fixed", "accepted_ms": None, "accepted_by": None}
    if row["fixed_ms"] is not None and row["fixed_ms"] > at_ms:
        changed |= {"state": "assigned" if row["assignee"] else "found", "fixed_ms": None}
    if row["answered_ms"] is not None and row["answered_ms"] > at_ms:
        changed |= {"state": "found", "answered_ms": None, "answered_by": None}
    return changed


def answer(
    db: Db,
    id: int,
    outcome: Outcome,
    *,
    by: str,
    now_ms: int,
    text: str = "",
    assignee: str | None = None,
    due_ms: int | None = None,
) -> Row:
    """Answer a finding; the first answer is what closes the person's state.

    :raises Problem: 404; 403 `own_report` (somebody else must answer); 409 `wrong_outcome`;
        422 `no_assignee`, `no_due`.
    """
    found = finding(db, id)
    if found["reporter"] == by and found["kind"] != "brief":
        raise Problem(403, "own_report", "自己报的，要别人来答复。")
    if outcome not in OUTCOMES[found["kind"]] or found["state"] == "accepted":
        raise Problem(409, "wrong_outcome", "这一条不能这样答复，刷新后再看。")
    if found["kind"] != "hazard" and found["answered_ms"] is not None:
        raise Problem(409, "wrong_outcome", "这一条已有人答复，刷新后再看。")
    if outcome == "assigned" and assignee is None:
        raise Problem(422, "no_assignee", "写明派给谁。")
    if outcome == "assigned" and due_ms is None:
        raise Problem(422, "no_due", "写明几点前处理好。")
    db.run(
        "UPDATE finding SET state = :state, outcome = :outcome, answer = :text,"
        " answered_ms = COALESCE(answered_ms, :now), answered_by = COALESCE(answered_by, :by),"
        " assignee = :assignee, due_ms = :due, fixed_ms = :fixed WHERE id = :id",
        state="assigned" if outcome == "assigned" else "fixed",
        outcome=outcome,
        text=text,
        now=now_ms,
        by=by,
        assignee=assignee if outcome == "assigned" else found["assignee"],
        due=due_ms if outcome == "assigned" else found["due_ms"],
        fixed=now_ms if outcome == "fixed" else None,
        id=id,
    )
    counters.touch(db)
    return found


def accept(db: Db, id: int, *, by: str, now_ms: int) -> None:
    """Accept a fixed hazard: it is closed.

    :raises Problem: 404; 403 `own_report`; 409 `not_fixed`.
    """
    found = finding(db, id)
    if found["reporter"] == by:
        raise Problem(403, "own_report", "自己报的，要别人来验收。")
    if found["kind"] != "hazard" or found["state"] != "fixed":
        raise Problem(409, "not_fixed", "还没写明修好，不能验收。")
    db.run(
        "UPDATE finding SET state = 'accepted', accepted_ms = :now, accepted_by = :by"
        " WHERE id = :id",
        now=now_ms,
        by=by,
        id=id,
    )
    counters.touch(db)


def reopen(db: Db, id: int) -> None:
    """Put a fixed or accepted hazard back to found; the person's state is not reopened."""
    found = finding(db, id)
    if found["kind"] != "hazard" or found["state"] not in ("fixed", "accepted"):
        raise Problem(409, "wrong_outcome", "这一条不能重开，刷新后再看。")
    db.run(
        "UPDATE finding SET state = 'found', fixed_ms = NULL, accepted_ms = NULL,"
        " accepted_by = NULL WHERE id = :id",
        id=id,
    )
    counters.touch(db)


def set_level(db: Db, id: int, level: str) -> None:
    """Grade a hazard: 'general' or 'major'."""
    db.run("UPDATE finding SET level = :level WHERE id = :id", level=level, id=id)
    counters.touch(db)


def forget(db: Db, record_id: str) -> None:
    """What a record opened without who reported it, in which words; "not today" goes altogether."""
    db.run("DELETE FROM finding WHERE record_id = :id AND kind = 'replace'", id=record_id)
    db.run("UPDATE finding SET reporter = NULL, note = '' WHERE record_id = :id", id=record_id)
