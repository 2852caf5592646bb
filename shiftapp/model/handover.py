"""Handover: what a shift leaves to the next crew on its line, and who over there asked about it.

A line is site, area and pattern: the crews that take turns. An item is words of the leader or an
open hazard. It stays until somebody of a later crew has asked about it ("已问清"); then it is that
crew's, and the next shift sees only what that crew leaves in its turn. Nothing is deleted: an item
taken back and an item taken over keep who and when. "Not today" is never handed over: only hazards.
"""

from __future__ import annotations

from shiftapp.model import counters
from shiftapp.problems import Problem, Twin
from shiftapp.store import Db, Row

KEPT_DAYS = 14  # what nobody asked about for that long is no longer put to anybody
AFTERWARDS_MS = 3_600_000  # a handover at the end of a shift often runs over it
MAX_WHAT = 300
MAX_NOTE = 200
MOST_ON_A_PHONE = 20

# One shape of an item everywhere: its columns, the shift that left it, names, where.
_ITEM = (
    "SELECT handover.*, earlier.date, earlier.code, earlier.name AS shift_name,"
    " earlier.name_en AS shift_name_en, earlier.crew, crew.name AS crew_name,"
    " crew.name_en AS crew_name_en, writer.name AS writer_name, writer.name_en AS writer_name_en,"
    " taker.name AS taker_name, taker.name_en AS taker_name_en,"
    " station.name AS station_name, station.name_en AS station_name_en"
    " FROM handover JOIN instance AS earlier ON earlier.id = handover.instance"
    " JOIN crew ON crew.code = earlier.crew"
    " JOIN person AS writer ON writer.id = handover.by_person"
    " LEFT JOIN person AS taker ON taker.id = handover.taken_by"
    " LEFT JOIN station ON station.code = handover.station"
)


def inherited(db: Db, instance: Row, now_ms: int) -> list[Row]:
    """What earlier shifts of the line left and nobody else took over, as it stood at an instant.

    Newest first. `taken_ms` is None while it waits; an item that this very shift took stays listed.
    """
    found = db.rows(
        f"{_ITEM} JOIN instance AS mine ON mine.id = :i JOIN crew AS my_crew"
        " ON my_crew.code = mine.crew AND my_crew.site = crew.site"
        " AND my_crew.pattern = crew.pattern"
        " AND COALESCE(my_crew.area, '') = COALESCE(crew.area, '')"
        " WHERE earlier.opens_ms >= :since AND earlier.opens_ms < :opens"
        " AND handover.at_ms <= :now AND (handover.ended_ms IS NULL OR handover.ended_ms > :now)"
        " AND (handover.taken_ms IS NULL OR handover.taken_ms > :now"
        " OR handover.taken_by_instance = :i)"
        " ORDER BY handover.at_ms DESC, handover.id DESC",
        i=instance["id"],
        opens=instance["opens_ms"],
        since=instance["opens_ms"] - KEPT_DAYS * 24 * 3_600_000,
        now=now_ms,
    )
    return [_as_at(item, now_ms) for item in found]


def waiting(db: Db, instance: Row, now_ms: int) -> list[Row]:
    """What earlier shifts left and nobody has asked about yet."""
    return [item for item in inherited(db, instance, now_ms) if item["taken_ms"] is None]


def for_pack(db: Db, instance_id: int, now_ms: int) -> list[Row]:
    """What a phone tells of a shift's handover, newest first: what, where and since when."""
    mine = db.row("SELECT id, opens_ms FROM instance WHERE id = :i", i=instance_id)
    found = inherited(db, mine, now_ms) if mine is not None else []
    return [
        {"what": item["what"], "station": item["station"], "from_ms": item["at_ms"]}
        for item in found[:MOST_ON_A_PHONE]
    ]


def left(db: Db, instance: int) -> list[Row]:
    """What a shift leaves, oldest first; what was taken back is not among it."""
    return db.rows(
        f"{_ITEM} WHERE handover.instance = :i AND handover.ended_ms IS NULL"
        " ORDER BY handover.at_ms, handover.id",
        i=instance,
    )


def hazards_to_leave(db: Db, instance: int) -> list[Row]:
    """Open hazards of a shift, its own and those it took over, that it does not leave yet."""
    return db.rows(
        "SELECT finding.id, finding.what, finding.station, finding.found_ms FROM finding"
        " WHERE finding.kind = 'hazard' AND finding.state IN ('found', 'assigned')"
        " AND (finding.instance = :i OR finding.id IN (SELECT taken.finding FROM handover AS taken"
        "  WHERE taken.taken_by_instance = :i AND taken.finding IS NOT NULL))"
        " AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.instance = :i"
        "  AND handover.finding = finding.id AND handover.ended_ms IS NULL)"
        " ORDER BY finding.found_ms, finding.id",
        i=instance,
    )


def leave(db: Db, instance: Row, what: str, station: str | None, *, by: str, now_ms: int) -> bool:
    """Leave words to the next crew; gives whether that is new: pressed twice, it stands once.

    :raises Problem: 422 `no_words`, `too_long`, `no_station`; 409 `not_open_yet`, `closed`.
    """
    _must_be_time(instance, now_ms, instance["closed_ms"] + AFTERWARDS_MS)
    text = " ".join(what.split())
    if not text:
        raise Problem(422, "no_words", "写几个字：要接班的人知道什么。")
    if len(text) > MAX_WHAT:
        raise Problem(422, "too_long", "太长了，写 %(n)s 字以内。", params={"n": MAX_WHAT})
    if station is not None and _station(db, station) is None:
        raise Problem(422, "no_station", "没有这个工位，重新选。")
    same = (text, station, None)
    if any(
        (one["what"], one["station"], one["finding"]) == same for one in left(db, instance["id"])
    ):
        return False
    return _insert(db, instance["id"], text, station, None, by, now_ms)


def leave_hazards(db: Db, instance: Row, findings: list[int], *, by: str, now_ms: int) -> int:
    """Leave open hazards to the next crew; gives how many are new.

    :raises Problem: 422 `no_hazard`: not open, or not of this shift; 409 as `leave`.
    """
    _must_be_time(instance, now_ms, instance["closed_ms"] + AFTERWARDS_MS)
    offered = {row["id"]: row for row in hazards_to_leave(db, instance["id"])}
    there = {row["finding"] for row in left(db, instance["id"])}
    if set(findings) - offered.keys() - there:
        raise Problem(422, "no_hazard", "这条隐患不在本班，或者已经处理好了。刷新后再选。")
    return sum(
        _insert(db, instance["id"], row["what"][:MAX_WHAT], row["station"], row["id"], by, now_ms)
        for id, row in offered.items()
        if id in findings
    )


def take_back(db: Db, instance: Row, id: int, *, by: str, now_ms: int) -> bool:
    """Take an item of one's own back while nobody took it over; gives whether it was there.

    :raises Problem: 404 `no_item`; 403 `not_yours`; 409 `taken`.
    """
    item = _item(db, id)
    if item is None or item["instance"] != instance["id"]:
        raise Problem(404, "no_item", "没有这一条交接。")
    if item["by_person"] != by:
        raise Problem(403, "not_yours", "谁写的谁撤回，请写的人来撤。")
    if item["ended_ms"] is not None:
        return False
    changed = db.run(
        "UPDATE handover SET ended_ms = :now"
        " WHERE id = :id AND ended_ms IS NULL AND taken_ms IS NULL",
        now=now_ms,
        id=id,
    )
    if not changed:
        raise Problem(409, "taken", "接班的已经问清了，撤不回来。有变化当面告诉他们。")
    counters.touch(db)
    return True


def take(db: Db, instance: Row, id: int, note: str, *, by: str, now_ms: int) -> bool:
    """Take an item over for a shift; gives whether that is new: pressed twice, it stands once.

    :raises Problem: 404 `no_item`: not left to this shift; 409 `taken`: somebody was first, and
        who; 409 `not_open_yet`, `closed`; 422 `too_long`.
    """
    _must_be_time(instance, now_ms, instance["closed_ms"])
    if len(note.strip()) > MAX_NOTE:
        raise Problem(422, "too_long", "太长了，写 %(n)s 字以内。", params={"n": MAX_NOTE})
    if not any(item["id"] == id for item in inherited(db, instance, now_ms)):
        raise _refusal(_item(db, id))
    changed = db.run(
        "UPDATE handover SET taken_by_instance = :i, taken_by = :by, taken_ms = :now,"
        " taken_note = :note WHERE id = :id AND taken_ms IS NULL AND ended_ms IS NULL",
        i=instance["id"],
        by=by,
        now=now_ms,
        note=note.strip(),
        id=id,
    )
    if changed:
        counters.touch(db)
        return True
    first = _item(db, id)
    if first is not None and first["taken_by"] == by:
        return False
    raise _refusal(first)


def _refusal(item: Row | None) -> Problem:
    """Why an item cannot be taken over: somebody else did, or it is not there for this shift."""
    if item is None or item["taken_ms"] is None:
        return Problem(404, "no_item", "这一条不是留给本班的，或者已经撤回了。刷新后再看。")
    name = Twin(item["taker_name"], item["taker_name_en"] or item["taker_name"])
    return Problem(409, "taken", "%(name)s已经问清了，不用再点。", params={"name": name})


def _item(db: Db, id: int) -> Row | None:
    return db.row(f"{_ITEM} WHERE handover.id = :id", id=id)


def _station(db: Db, code: str) -> Row | None:
    return db.row("SELECT code FROM station WHERE code = :c AND active = 1", c=code)


def _must_be_time(instance: Row, now_ms: int, until_ms: int) -> None:
    if now_ms < instance["opens_ms"]:
        raise Problem(409, "not_open_yet", "这一班还没开始，到时间再来。")
    if now_ms >= until_ms:
        raise Problem(409, "closed", "这一班已经结束了，到现在的班次里写。")


def _as_at(item: Row, now_ms: int) -> Row:
    """An item as it was at an instant: taken over later is not taken over yet."""
    if item["taken_ms"] is None or item["taken_ms"] <= now_ms:
        return item
    return {**item, "taken_ms": None, "taken_by": None, "taken_by_instance": None}


def _insert(
    db: Db, instance: int, what: str, station: str | None, finding: int | None, by: str, now_ms: int
) -> bool:
    new = db.run(
        "INSERT INTO handover (instance, finding, station, what, by_person, at_ms)"
        " VALUES (:i, :finding, :station, :what, :by, :now)"
        " ON CONFLICT (instance, finding) WHERE ended_ms IS NULL DO NOTHING",
        i=instance,
        finding=finding,
        station=station,
        what=what,
        by=by,
        now=now_ms,
    )
    if new:
        counters.touch(db)
    return bool(new)
