"""Records that a leader entered for somebody: what the person says of them, and their share.

Who entered it and why stands in the sealed body. The person's answer changes no record: "not mine"
is a mark beside the state from then on (states.py), and a line for who stands above the leader.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000
ASKED_MS = 30 * DAY_MS  # so long somebody is asked
MAX_NOTE = 200  # characters of a reason in words
LISTED = 200  # entries on a page; a sheet of paper alone may have hundreds

_PROXY = (
    "SELECT record.id, record.kind, record.recv_ms, record.body, record.person, record.station,"
    " person.name AS person_name, person.name_en AS person_name_en, person.no,"
    " instance.crew, instance.date, instance.code, instance.name, instance.name_en,"
    " crew.name AS crew_name, crew.name_en AS crew_name_en,"
    " station.name AS station_name, station.name_en AS station_name_en,"
    " job.name AS job_name, job.name_en AS job_name_en,"
    " proxy_answer.mine, proxy_answer.at_ms, proxy_answer.looked_ms,"
    " looker.name AS looker_name, looker.name_en AS looker_name_en"
    " FROM record JOIN person ON person.id = record.person"
    " LEFT JOIN instance ON instance.id = record.instance"
    " LEFT JOIN crew ON crew.code = instance.crew"
    " LEFT JOIN station ON station.code = record.station LEFT JOIN job ON job.code = record.job"
    " LEFT JOIN proxy_answer ON proxy_answer.record = record.id"
    " LEFT JOIN person AS looker ON looker.id = proxy_answer.looked_by WHERE record.proxy = 1"
)
# By the shifts of late: a search through every record there is would grow with the years.
_OF_CREW = (
    " AND record.instance IN (SELECT id FROM instance WHERE crew = :crew AND opens_ms > :early)"
    " ORDER BY CASE WHEN proxy_answer.mine = 0 AND proxy_answer.looked_ms IS NULL THEN 0 ELSE 1"
    " END, record.recv_ms DESC, record.seq DESC LIMIT :most"
)
_COMMITTED = (
    " FROM record JOIN instance ON instance.id = record.instance WHERE record.kind = 'commit'"
    " AND record.result = 'committed' AND record.counts = 1 AND record.recv_ms <= :now"
)
_WHO = "record.person, CASE WHEN record.person IS NULL THEN record.slot_u END"
_SPAN = " AND instance.opens_ms >= :since AND instance.opens_ms <= :now"


@dataclass
class Share:
    """Of the people who committed in a shift (each once a shift): how many by a leader's word."""

    commitments: int = 0
    proxies: int = 0
    why: dict[str, int] = field(default_factory=dict)  # 'no_phone', 'paper', 'other'

    @property
    def paper(self) -> int:
        """How many were entered from a paper sheet; they are reported apart."""
        return self.why.get("paper", 0)

    @property
    def spoken(self) -> int:
        """How many a leader entered without a sheet."""
        return self.proxies - self.paper

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded half up; 0 where nobody committed."""
        return (200 * self.proxies + self.commitments) // (2 * self.commitments or 1)


def share(db: Db, instance: int, now_ms: int) -> Share:
    """The share of proxies in one shift instance."""
    found = _shares(db, " AND instance.id = :instance", {"now": now_ms, "instance": instance})
    return next(iter(found.values()), Share())


def shares(db: Db, since_ms: int, now_ms: int) -> dict[str, Share]:
    """The share of proxies by crew, of the shifts whose window opened in a span of time."""
    return _shares(db, _SPAN, {"now": now_ms, "since": since_ms})


def of_person(db: Db, person: str, now_ms: int) -> list[Row]:
    """What was entered for somebody in the last 30 days, newest first, answered or not."""
    found = db.rows(
        f"{_PROXY} AND record.person = :p AND record.recv_ms > :since"
        " ORDER BY record.recv_ms DESC, record.seq DESC",
        p=person,
        since=now_ms - ASKED_MS,
    )
    return _told(db, found)


def of_crews(db: Db, crews: Collection[str], now_ms: int) -> list[Row]:
    """What was entered for people of some crews in the last 30 days, `LISTED` at most.

    "Not mine" that nobody has looked at first, then the newest.
    """
    since_ms = now_ms - ASKED_MS
    found = [
        row
        for crew in sorted(crews)
        for row in db.rows(
            f"{_PROXY} AND record.recv_ms > :since{_OF_CREW}",
            crew=crew,
            since=since_ms,
            early=since_ms - ASKED_MS,  # a sheet of paper may be entered weeks later
            most=LISTED,
        )
    ]
    found.sort(key=lambda row: (not _is_unseen(row), -row["recv_ms"]))
    return _told(db, found[:LISTED])


def proxy(db: Db, record_id: str) -> Row | None:
    """One record that was entered for somebody."""
    found = db.rows(f"{_PROXY} AND record.id = :id", id=record_id)
    return next(iter(_told(db, found)), None)


def answer(db: Db, record_id: str, person: str, *, mine: bool, now_ms: int) -> bool:
    """What the person says of a record entered for them; gives whether that is new.

    :raises Problem: 404 `no_proxy` for anybody else's; 409 `answered` for another answer later.
    """
    owner = db.value("SELECT person FROM record WHERE id = :id AND proxy = 1", id=record_id)
    if owner is None or owner != person:
        raise Problem(404, "no_proxy", "没有这一条代录。")
    new = db.run(
        "INSERT INTO proxy_answer (record, mine, at_ms) VALUES (:id, :mine, :now)"
        " ON CONFLICT (record) DO NOTHING",
        id=record_id,
        mine=int(mine),
        now=now_ms,
    )
    if new:
        counters.touch(db)
        return True
    said = db.value("SELECT mine FROM proxy_answer WHERE record = :id", id=record_id)
    if bool(said) != mine:
        raise Problem(409, "answered", "这一条你答过了，改不了。要更正，告诉安全管理。")
    return False


def look(db: Db, record_id: str, *, by: str, now_ms: int) -> bool:
    """Somebody above the leader has looked at a "not mine"; gives whether they are the first."""
    done = db.run(
        "UPDATE proxy_answer SET looked_ms = :now, looked_by = :by"
        " WHERE record = :id AND mine = 0 AND looked_ms IS NULL",
        now=now_ms,
        by=by,
        id=record_id,
    )
    if done:
        counters.touch(db)
    return bool(done)


def _is_unseen(row: Row) -> bool:
    return row["mine"] == 0 and row["looked_ms"] is None


def _shares(db: Db, where: str, values: dict[str, int]) -> dict[str, Share]:
    """By crew. Somebody who also committed by themselves has the mark, and counts as a proxy."""
    found: dict[str, Share] = {}
    totals = db.rows(
        f"SELECT crew, COUNT(*) AS n FROM (SELECT instance.crew, record.instance, {_WHO}"
        f"{_COMMITTED}{where} GROUP BY instance.crew, record.instance, {_WHO}) AS once"
        " GROUP BY crew ORDER BY crew",
        **values,
    )
    for row in totals:
        found[row["crew"]] = Share(commitments=row["n"])
    entered = db.rows(
        "SELECT instance.crew, record.instance, record.person, record.slot_u, record.body"
        f"{_COMMITTED}{where} AND record.proxy = 1 ORDER BY record.seq",
        **values,
    )
    firsts = {
        (row["instance"], row["person"], row["person"] or bytes(row["slot_u"] or b"")): row
        for row in reversed(entered)
    }
    for row in firsts.values():
        one, why = found[row["crew"]], _evidence(row)["why"]
        one.proxies += 1
        one.why[why] = one.why.get(why, 0) + 1
    return found


def _told(db: Db, rows: list[Row]) -> list[Row]:
    """Rows with who entered them (`by`, `by_name`, `by_name_en`), `why` and `note`, no body."""
    evidence = [_evidence(row) for row in rows]
    names = {by: _name(db, by) for by in {one["person"] for one in evidence if one["person"]}}
    return [
        {
            **{name: value for name, value in row.items() if name != "body"},
            "by": said["person"],
            "by_name": names.get(said["person"], {}).get("name", ""),
            "by_name_en": names.get(said["person"], {}).get("name_en", ""),
            "why": said["why"],
            "note": said["note"],
        }
        for row, said in zip(rows, evidence, strict=True)
    ]


def _evidence(row: Row) -> dict[str, str]:
    """Who entered a record and why; of an erased body nothing is left to say."""
    body = json.loads(bytes(row["body"])) if row["body"] is not None else {}
    said = body.get("who", {}).get("ev", {})
    note = said.get("note", "")
    return {
        "person": said.get("person", ""),
        "why": said.get("why", "other"),
        "note": note[:MAX_NOTE] if isinstance(note, str) else "",
    }


def _name(db: Db, person: str) -> Row:
    return db.row("SELECT name, name_en FROM person WHERE id = :id", id=person) or {}
