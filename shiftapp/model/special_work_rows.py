"""The rows of the register of special work: found by number, written whole, ended once.

What may be written is decided in special_work_entry.py. Of two who end the same work, or enter the
same number, one is told: the table decides, on however many nodes.
"""

from __future__ import annotations

from typing import Literal

from shiftapp.model import audit, counters, people, special_work_changes
from shiftapp.model.special_work_checks import Author, Entry, no_key
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

SAME_MS = 60_000  # the same gas result twice within a minute is one press too many


def find(db: Db, no: str) -> Row | None:
    """A permit by its number, however it is written, with `guardians` and `workers` by number."""
    row = db.row("SELECT * FROM special_work WHERE no_key = :key", key=no_key(no))
    return row and {**row, **_named(db, row["id"])}


def by_id(db: Db, id: int) -> Row:
    """A permit by its number in the register, shaped as `find`.

    :raises Problem: 404 `no_work`.
    """
    row = db.row("SELECT * FROM special_work WHERE id = :id", id=id)
    if row is None:
        raise Problem(404, "no_work", "没有这张作业票。")
    return {**row, **_named(db, id)}


def standing(db: Db) -> list[Row]:
    """The permits that nobody has closed or cancelled, by start, shaped as `find`."""
    rows = db.rows(
        "SELECT * FROM special_work WHERE closed_ms IS NULL AND cancelled_ms IS NULL"
        " ORDER BY starts_ms, id"
    )
    return [{**row, **_named(db, row["id"])} for row in rows]


def insert(db: Db, entry: Entry, author: Author, now_ms: int) -> int:
    """Write a new permit with who is named on it; gives its number in the register.

    :raises Problem: 409 `permit_taken`; 422 `unknown_no`.
    """
    made = db.run(
        "INSERT INTO special_work (no, no_key, kind, level, site, area, facility, place, what,"
        " starts_ms, ends_ms, contractor, changed, gas_every_min, source, made_ms, made_by)"
        " VALUES (:no, :key, :kind, :level, :site, :area, :facility, :place, :what, :starts_ms,"
        " :ends_ms, :contractor, :changed, :gas_every_min, :source, :now, :by)"
        " ON CONFLICT (no_key) DO NOTHING",
        **special_work_changes.values(entry, None),
        no=entry.no,
        key=no_key(entry.no),
        source=author.source,
        now=now_ms,
        by=author.person,
    )
    if not made:
        raise _taken(entry.no)
    id = int(db.value("SELECT id FROM special_work WHERE no_key = :key", key=no_key(entry.no)))
    _name(db, id, entry)
    return id


def put(db: Db, old: Row, entry: Entry) -> None:
    """Write a permit that has not ended, and who is named on it; its number stays.

    :raises Problem: 409 `work_ended`; 422 `unknown_no`.
    """
    written = db.run(
        "UPDATE special_work SET kind = :kind, level = :level, site = :site, area = :area,"
        " facility = :facility, place = :place, what = :what, starts_ms = :starts_ms,"
        " ends_ms = :ends_ms, contractor = :contractor, changed = :changed,"
        " gas_every_min = :gas_every_min"
        " WHERE id = :id AND closed_ms IS NULL AND cancelled_ms IS NULL",
        **special_work_changes.values(entry, old),
        id=old["id"],
    )
    if not written:
        raise ended(old["no"])
    _name(db, old["id"], entry)


def end(
    db: Db,
    old: Row,
    column: Literal["closed_ms", "cancelled_ms"],
    why: str,
    author: Author,
    now_ms: int,
) -> None:
    """Close or cancel; who comes second of two is told.

    :raises Problem: 409 `work_ended`.
    """
    done = db.run(
        f"UPDATE special_work SET {column} = :now, cancelled_why = :why, ended_by = :by"
        " WHERE id = :id AND closed_ms IS NULL AND cancelled_ms IS NULL",
        now=now_ms,
        why=why,
        by=author.person,
        id=old["id"],
    )
    if not done:
        raise ended(old["no"])


def note(db: Db, id: int, author: Author, now_ms: int, what: str, detail: str) -> None:
    """A line of the audit; of the API it names the key."""
    said = f"API {author.name}: {detail}" if author.source == "api" else detail
    audit.note(db, now_ms, author.person, what, f"work:{id}", said)
    counters.touch(db)


def is_there(db: Db, id: int, *, passed: bool, result: str, tested_ms: int) -> bool:
    """Whether that very test is there already, or the newest is the same a moment ago."""
    rows = db.rows(
        "SELECT tested_ms FROM gas_test WHERE work = :work AND passed = :passed"
        " AND result = :result AND tested_ms > :since AND tested_ms <= :tested"
        " ORDER BY tested_ms DESC, id DESC LIMIT 1",
        work=id,
        passed=int(passed),
        result=result,
        since=tested_ms - SAME_MS,
        tested=tested_ms,
    )
    newest = db.value("SELECT MAX(tested_ms) FROM gas_test WHERE work = :work", work=id)
    return any(row["tested_ms"] in (tested_ms, newest) for row in rows)


def ended(no: str) -> Problem:
    return Problem(409, "work_ended", "作业票 %(no)s 已经关闭或者取消。", params={"no": no})


def _taken(no: str) -> Problem:
    return Problem(409, "permit_taken", "作业票 %(no)s 已经登记过。", params={"no": no})


def _named(db: Db, id: int) -> Row:
    rows = db.rows(
        "SELECT special_work_person.part, person.no FROM special_work_person"
        " JOIN person ON person.id = special_work_person.person WHERE work = :work"
        " ORDER BY person.no, person.id, special_work_person.part",
        work=id,
    )
    return {
        f"{part}s": tuple(row["no"] for row in rows if row["part"] == part)
        for part in ("guardian", "worker")
    }


def _name(db: Db, id: int, entry: Entry) -> None:
    """Write who is named; somebody who has left stays on a permit that names them already."""
    known = _known(db, id)
    db.run("DELETE FROM special_work_person WHERE work = :work", work=id)
    for part, numbers in (("guardian", entry.guardians), ("worker", entry.workers)):
        for no in numbers:
            db.run(
                "INSERT INTO special_work_person (work, person, part)"
                " VALUES (:work, :person, :part)",
                work=id,
                person=known.get(no) or _person(db, no),
                part=part,
            )


def _known(db: Db, id: int) -> dict[str, str]:
    """The ids of who is named already, by employee number."""
    rows = db.rows(
        "SELECT person.no, person.id FROM special_work_person JOIN person"
        " ON person.id = special_work_person.person WHERE work = :work ORDER BY person.id",
        work=id,
    )
    return {row["no"]: row["id"] for row in rows}


def _person(db: Db, no: str) -> str:
    found = people.by_no(db, no)
    if found is None:
        raise Problem(422, "unknown_no", "没有工号 %(no)s。", params={"no": no})
    return str(found["id"])
