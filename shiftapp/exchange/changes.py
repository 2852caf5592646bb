"""What a workbook would change: its records held against those of the database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from shiftapp.exchange import (
    current_shifts,
    said_cover,
    said_facilities,
    said_people,
    said_plant,
    said_shifts,
    said_texts,
    said_works,
)
from shiftapp.exchange.case import Case
from shiftapp.exchange.current import Content, Current, checklist_content, read_current
from shiftapp.exchange.documents import Doc, commitment_rows
from shiftapp.exchange.faults import Fault
from shiftapp.exchange.plan import Plan
from shiftapp.model import facilities
from shiftapp.store import Db

Records = dict[str, Content]

# noun: Chinese, English; in the order in which they are written.
NOUNS = {
    "enterprise": ("企业", "enterprise"),
    "site": ("厂区", "sites"),
    "area": ("区域", "areas"),
    "facility": ("装置", "facilities"),
    "job": ("岗位", "jobs"),
    "checklist": ("手指口述卡", "checklists"),
    "commitment": ("班前承诺", "commitment"),
    "station": ("工位", "stations"),
    "group": ("统计组", "groups"),
    "pattern": ("班制", "patterns"),
    "crew": ("班组", "crews"),
    "person": ("人员", "people"),
    "special_work": ("危险作业", "special work"),
    "leave": ("请假", "leave"),
    "roster": ("排班", "rosters"),
}


@dataclass
class NounChanges:
    """Keys of one noun by what happens to them, in the order of the workbook."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)  # key → fields that differ
    deactivated: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def total(self) -> int:
        """How many would be written."""
        return len(self.added) + len(self.changed) + len(self.deactivated)


@dataclass
class Changes:
    """What would happen; with `faults` nothing may be applied. `wanted` holds what to write."""

    faults: list[Fault]
    notes: list[Fault]
    current: Current
    nouns: dict[str, NounChanges] = field(default_factory=dict)
    wanted: dict[str, Records] = field(default_factory=dict)
    checklists: dict[str, Doc] = field(default_factory=dict)
    commitment: Doc | None = None

    @property
    def total(self) -> int:
        """How many records would be written."""
        return sum(noun.total for noun in self.nouns.values())

    def names(self, noun: str, keys: list[str], most: int = 5) -> list[str]:
        """Some of the keys with their names, for people."""
        shown = []
        for key in keys[:most]:
            content = self.wanted.get(noun, {}).get(key, {})
            name = str(content.get("name") or content.get("title") or "")
            shown.append(" ".join(part for part in dict.fromkeys((key, name)) if part))
        return shown


def changes(db: Db, plan: Plan, now_ms: int) -> Changes:
    """What a workbook would change in an install, or all that is wrong with it. Writes nothing."""
    current = read_current(db)
    current_shifts.read_leave(db, current)
    current.states = {one["facility"]: one["state"] for one in facilities.entries(db, now_ms)}
    found = Changes(plan.faults, plan.notes, current)
    if not plan.lines:  # the file itself was refused
        return found
    case = Case(plan, current, _day(current, plan, now_ms))
    said_people.check_numbers(case)
    case.check_references()
    wanted, found.checklists, found.commitment = _wanted(db, case, now_ms)
    _note_limits(case, found, current)
    plan.faults.sort(key=lambda one: _order(plan, one))
    if found.faults:
        return found
    said_people.note_gaps(case, wanted["person"], wanted["crew"])
    said_cover.note_cover(case, wanted)
    for noun in NOUNS:
        old = current.records[noun]
        found.nouns[noun] = _compare(noun, old, wanted[noun])
        keep = {*found.nouns[noun].added, *found.nouns[noun].changed}
        keep.update(found.nouns[noun].deactivated)
        found.wanted[noun] = {key: one for key, one in wanted[noun].items() if key in keep}
    return found


def _wanted(
    db: Db, case: Case, now_ms: int
) -> tuple[dict[str, Records], dict[str, Doc], Doc | None]:
    areas, groups = said_plant.areas(case), said_plant.groups(case)
    wanted = {
        "enterprise": said_plant.enterprise(case),
        "site": said_plant.sites(case),
        "area": areas,
        "facility": said_facilities.facilities(case, areas),
        "job": said_texts.jobs(case),
        "station": said_plant.stations(case, areas),
        "group": groups,
        "pattern": said_plant.patterns(case),
        "crew": said_plant.crews(case, groups, areas),
    }
    docs, text = said_texts.checklists(case), said_texts.commitment(case)
    faulty = case.plan.faults
    if not faulty:
        wanted["checklist"] = {job: checklist_content(doc) for job, doc in docs.items()}
        wanted["commitment"] = {"": {"rows": commitment_rows(text)}} if text else {}
    wanted["person"] = said_people.people(case, wanted["station"])
    wanted["special_work"] = said_works.works(db, case, wanted, now_ms)
    wanted["leave"] = said_shifts.leave(case, wanted["person"])
    wanted["roster"] = said_shifts.rosters(db, case, wanted, now_ms)
    return wanted, docs, text


def _compare(noun: str, old: Records, wanted: Records) -> NounChanges:
    found = NounChanges()
    for key, content in wanted.items():
        before = old.get(key)
        if before is None:
            if noun == "person" and not content["active"]:
                found.unchanged += 1  # somebody who left and was never here
            else:
                found.added.append(key)
            continue
        differ = [name for name, value in content.items() if before.get(name) != value]
        if not differ:
            found.unchanged += 1
        elif "active" in differ and not content["active"]:
            found.deactivated.append(key)
        else:
            found.changed[key] = differ
    return found


def _day(current: Current, plan: Plan, now_ms: int) -> datetime.date:
    """Today at the plant."""
    zones = [str(line.values["zone"]) for line in plan.lines.get("site", []) if line.good]
    zones += [str(site["zone"]) for site in current.records["site"].values()]
    try:
        zone = ZoneInfo(zones[0]) if zones else ZoneInfo("Asia/Shanghai")
    except (KeyError, ValueError, OSError):  # no such zone: told as a fault of its own
        zone = ZoneInfo("Asia/Shanghai")
    return datetime.datetime.fromtimestamp(now_ms / 1000, zone).date()


def _note_limits(case: Case, found: Changes, current: Current) -> None:
    """New checklists whose readings have no limits: nobody else knows those of the plant."""
    lines = {str(line.values.get("code")): line for line in case.lines("job")}
    for job, doc in found.checklists.items():
        readings = [step for step in doc["steps"] if step.get("ev") == "R"]
        free = [s for s in readings if s.get("lo") is None and s.get("hi") is None]
        if free and job in lines and job not in current.checklists:
            case.note("null_limits", lines[job], "code", value=job, n=len(free))


def _order(plan: Plan, one: Fault) -> tuple[int, int, int]:
    titles = list(plan.titles.values())
    sheet = titles.index(one.sheet) + 1 if one.sheet in titles else 0
    return sheet, one.row, one.index
