"""Process units and what stores: tank farms, warehouses. Their state, and how it came about.

The state is the newest that began; nothing of the history is ever changed, what was wrong is
followed by what is right. Beside it stands when somebody last looked: a state that nobody has
looked at for a day is told as stale. One look speaks for all of a site, so entering a state that
holds already writes nothing: who presses one button has not looked at the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

RUNNING = ("running", "trial", "startup", "shutdown")  # four words, one figure: it runs
UNIT_STATES = (*RUNNING, "stopped", "maintenance")
STORAGE_STATES = ("safe", "unsafe", "empty")
STATES = {"unit": UNIT_STATES, "tank_farm": STORAGE_STATES, "warehouse": STORAGE_STATES}
NEED_NOTE = frozenset({"unsafe", "maintenance"})  # what is wrong, what is done: others ask at once
MAX_NAME, MAX_NAME_EN, MAX_NOTE, LEAST_RANK = 40, 120, 200, 4


@dataclass(frozen=True)
class Facility:
    """A process unit or a store. `area`: whose stations report about it, None: nobody's.

    `hazard_rank` of a major hazard: 1 (worst) to 4, 0: it is none. `hazard_code`: its number at
    the regulator. `process` 1: the unit runs a process under special supervision.
    """

    code: str
    site: str
    kind: str
    name: str
    name_en: str = ""
    area: str | None = None
    hazard_rank: int = 0
    hazard_code: str = ""
    process: int = 0
    active: int = 1


@dataclass(frozen=True)
class Now:
    """A facility (`row`) with its state and since when; '' and None: nobody ever entered one.

    `seen_ms`: when somebody last entered it or looked at its site.
    """

    row: Row
    state: str
    since_ms: int | None
    note: str
    seen_ms: int | None

    @property
    def counts_as(self) -> str:
        """running, stopped or maintenance; safe, unsafe or empty; '': not entered yet."""
        return "running" if self.state in RUNNING else self.state


_ALONE = "UPDATE facility SET active = active WHERE"  # one node at a time enters or looks
_AREA = "SELECT 1 FROM area WHERE code = :code AND site = :site"
_FACILITY = (
    "SELECT facility.*, area.name AS area_name, area.name_en AS area_name_en,"
    " site.name AS site_name, site.name_en AS site_name_en FROM facility"
    " JOIN site ON site.code = facility.site LEFT JOIN area ON area.code = facility.area"
)
_ORDER = (
    " ORDER BY facility.active DESC, facility.site, CASE facility.kind WHEN 'unit' THEN 0"
    " WHEN 'tank_farm' THEN 1 ELSE 2 END, facility.code"
)


def facilities(db: Db) -> list[Row]:
    """The active ones with `area_name`, `site_name` and their twins: by site, units first."""
    return db.rows(f"{_FACILITY} WHERE facility.active = 1{_ORDER}")


def every(db: Db) -> list[Row]:
    """Also those out of use, which come last."""
    return db.rows(f"{_FACILITY}{_ORDER}")


def facility(db: Db, code: str) -> Row | None:
    """One by its code, shaped as `facilities`; also one out of use."""
    return db.row(f"{_FACILITY} WHERE facility.code = :code", code=code)


def now(db: Db, now_ms: int) -> list[Now]:
    """The state of every active facility as it was known at an instant, in their order."""
    looked = db.rows(
        "SELECT site, MAX(at_ms) AS at_ms FROM facility_look WHERE at_ms <= :now"
        " GROUP BY site ORDER BY site",
        now=now_ms,
    )
    known = {row["facility"]: row for row in entries(db, now_ms)}
    looks = {row["site"]: row["at_ms"] for row in looked}
    return [_now(one, known.get(one["code"]), looks.get(one["site"])) for one in facilities(db)]


def entries(db: Db, now_ms: int) -> list[Row]:
    """The newest entry of each facility, also of one out of use, that had been made by then."""
    return db.rows(
        "SELECT one.* FROM facility_state AS one WHERE one.since_ms = (SELECT MAX(other.since_ms)"
        " FROM facility_state AS other WHERE other.facility = one.facility"
        " AND other.since_ms <= :now AND other.at_ms <= :now) ORDER BY one.facility",
        now=now_ms,
    )


def history(db: Db, code: str) -> list[Row]:
    """Every state of a facility with the `name` of who entered it, newest first."""
    return db.rows(
        "SELECT facility_state.*, person.name, person.name_en FROM facility_state"
        " JOIN person ON person.id = facility_state.by_person"
        " WHERE facility_state.facility = :code ORDER BY facility_state.since_ms DESC",
        code=code,
    )


def set_state(
    db: Db, code: str, state: str, *, since_ms: int, note: str = "", by: str, now_ms: int
) -> bool:
    """Enter the state that a facility has had since an instant; gives whether it is another.

    :raises Problem: 404 `no_facility`; 409 `facility_inactive`, `since_too_early`: an entry is
        as new or newer; 422 `wrong_state` for its kind, `since_future`, `no_note`, `too_long`.
    """
    note = note.strip()
    _check_entry(_in_use(db, code)["kind"], state, since_ms, note, now_ms)
    newest = next(iter(history(db, code)), None)
    if newest is not None and newest["state"] == state:
        return False
    if newest is not None and since_ms <= newest["since_ms"]:
        raise Problem(
            409, "since_too_early", "这个时间在上一次记录之前。写晚一点的时间，或者空着。"
        )
    db.run(
        "INSERT INTO facility_state (facility, state, since_ms, note, at_ms, by_person)"
        " VALUES (:code, :state, :since, :note, :now, :by)",
        code=code,
        state=state,
        since=since_ms,
        note=note,
        now=now_ms,
        by=by,
    )
    counters.touch(db)
    return True


def look(db: Db, site: str, *, by: str, now_ms: int) -> None:
    """Somebody looked at a site: the state of each of its facilities is as it was entered.

    :raises Problem: 404 `no_facility`: it has none; 409 `state_missing`: of one nobody knows it.
    """
    db.run(f"{_ALONE} site = :site", site=site)
    here = [one for one in now(db, now_ms) if one.row["site"] == site]
    if not here:
        raise Problem(404, "no_facility", "这个厂区没有登记装置、罐区或仓库。")
    for bare in (one.row for one in here if not one.state):
        text = "%(name)s 还没有填状态。先填上，再点“都没有变”。"
        raise Problem(409, "state_missing", text, params={"name": bare["name"]})
    db.run(
        "INSERT INTO facility_look (site, at_ms, by_person) VALUES (:site, :now, :by)",
        site=site,
        now=now_ms,
        by=by,
    )
    counters.touch(db)


def save(db: Db, facility: Facility) -> None:
    """Insert or replace a facility; its states stay.

    :raises Problem: 422 `unknown_site`, `unknown_area` (also one of another site), `bad_name`,
        `bad_rank`, `not_a_unit`; 409 `has_history`, `still_unsafe`.
    """
    _check(facility)
    _check_place(db, facility)
    _check_past(db, facility)
    db.run(
        "INSERT INTO facility (code, site, area, kind, name, name_en, hazard_rank, hazard_code,"
        " process, active) VALUES (:code, :site, :area, :kind, :name, :name_en, :hazard_rank,"
        " :hazard_code, :process, :active)"
        " ON CONFLICT (code) DO UPDATE SET site = excluded.site, area = excluded.area,"
        " kind = excluded.kind, name = excluded.name, name_en = excluded.name_en,"
        " hazard_rank = excluded.hazard_rank, hazard_code = excluded.hazard_code,"
        " process = excluded.process, active = excluded.active",
        **vars(facility),
    )
    counters.touch(db)


def _now(row: Row, entry: Row | None, looked_ms: int | None) -> Now:
    if entry is None:
        return Now(row, "", None, "", None)
    seen_ms = max(entry["at_ms"], looked_ms or 0)
    return Now(row, entry["state"], entry["since_ms"], entry["note"], seen_ms)


def _in_use(db: Db, code: str) -> Row:
    db.run(f"{_ALONE} code = :code", code=code)
    found = facility(db, code)
    if found is None:
        raise Problem(404, "no_facility", "没有这个装置、罐区或仓库。")
    if not found["active"]:
        raise Problem(409, "facility_inactive", "它已停用，不再记状态。")
    return found


def _check_entry(kind: str, state: str, since_ms: int, note: str, now_ms: int) -> None:
    if state not in STATES[kind]:
        raise Problem(422, "wrong_state", "它没有这种状态。选页面上列出的一种。")
    if since_ms > now_ms:
        raise Problem(422, "since_future", "这个时间还没有到。写已经开始的时间。")
    if state in NEED_NOTE and not note:
        raise Problem(422, "no_note", "写几个字：为什么。")
    if len(note) > MAX_NOTE:
        raise Problem(422, "too_long", "太长了，写 %(n)s 字以内。", params={"n": MAX_NOTE})


def _check(one: Facility) -> None:
    if not one.name.strip() or len(one.name) > MAX_NAME or len(one.name_en) > MAX_NAME_EN:
        raise Problem(422, "bad_name", "名称写 1 到 40 个字，英文 120 个字母以内。")
    if not 0 <= one.hazard_rank <= LEAST_RANK:
        raise Problem(422, "bad_rank", "重大危险源是一级到四级。不是的选“不是”。")
    if one.process and one.kind != "unit":
        raise Problem(422, "not_a_unit", "只有装置才有重点监管的工艺。")


def _check_place(db: Db, one: Facility) -> None:
    if db.value("SELECT 1 FROM site WHERE code = :code", code=one.site) is None:
        raise Problem(422, "unknown_site", "没有这个厂区：%(code)s。", params={"code": one.site})
    if one.area is not None and db.value(_AREA, code=one.area, site=one.site) is None:
        raise Problem(422, "unknown_area", "没有这个区域：%(code)s。", params={"code": one.area})


def _check_past(db: Db, one: Facility) -> None:
    """What was said of it stays true: of that kind, at that site; and what is unsafe stays seen."""
    before, past = facility(db, one.code), history(db, one.code)
    if before is None or not past:
        return
    if (before["kind"], before["site"]) != (one.kind, one.site):
        raise Problem(409, "has_history", "它有状态记录，种类和厂区不能改。停用它，另加一个。")
    if not one.active and past[0]["state"] == "unsafe":
        raise Problem(409, "still_unsafe", "它现在不安全，不能停用。先处理，填上新的状态。")
