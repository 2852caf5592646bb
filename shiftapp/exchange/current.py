"""What is in the database, as the records of a workbook: the other side of every comparison."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from shiftapp.exchange import documents
from shiftapp.exchange.columns import Record
from shiftapp.exchange.documents import Doc
from shiftapp.model import crews, everybody, facilities, places, settings, versions
from shiftapp.store import Db, Row

OPERATOR = ("operator", "all", "")  # what everybody is; a sheet says it only where it must

# What a record may hold beside the values of its columns: shifts, posts and roles as tuples.
Rows = tuple[tuple[str | int, ...], ...]
Content = dict[str, object]


@dataclass
class Current:
    """Records of what is there, by noun and key, and what a workbook does not show."""

    records: dict[str, dict[str, Content]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # label of a station → its code
    ids: dict[str, str] = field(default_factory=dict)  # employee number → id of the active
    left: dict[tuple[str, str], str] = field(default_factory=dict)  # number, name → id
    checklists: dict[str, Doc] = field(default_factory=dict)  # job → newest
    commitment: Doc | None = None
    group_sites: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)  # facility → newest, where it has one


def read_current(db: Db) -> Current:
    """Everything a workbook can say about an install."""
    found = Current()
    _read_places(db, found)
    _read_jobs(db, found)
    _read_crews(db, found)
    _read_people(db, found)
    return found


def end_of(start: str, minutes: int) -> str:
    """The wall time at which a shift ends, HH:MM."""
    hours, rest = divmod(int(start[:2]) * 60 + int(start[3:]) + minutes, 60)
    return f"{hours % 24:02}:{rest:02}"


def minutes_of(start: str, end: str) -> int:
    """How long a shift lasts; an end not later than the start is on the next day."""
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return last - first if last > first else last - first + 1440


def pick(row: Row, keys: str) -> Content:
    """Some values of a row; NULL as ''."""
    return {key: "" if row[key] is None else row[key] for key in keys.split()}


def _read_places(db: Db, found: Current) -> None:
    now = settings.get(db)
    enterprise = {"name": now.name, "name_en": now.name_en, "cutoff": now.cutoff, "due": now.due}
    found.records["enterprise"] = {"": dict(enterprise)}
    sites = "code name name_en zone phone"
    found.records["site"] = {row["code"]: pick(row, sites) for row in places.sites(db)}
    areas = "code site name name_en risk active"
    found.records["area"] = {row["code"]: pick(row, areas) for row in places.areas(db)}
    facts = "code site area kind name name_en hazard_rank hazard_code process active"
    found.records["facility"] = {row["code"]: pick(row, facts) for row in facilities.every(db)}
    jobs = places.station_jobs(db)
    stations = "label name name_en area place place_en risk phone_free scoped staff active"
    found.records["station"] = {}
    for row in places.stations(db):
        content = pick(row, stations) | {"jobs": jobs.get(row["code"], ())}
        found.records["station"][row["label"]] = content
        found.codes[row["label"]] = row["code"]


def _read_jobs(db: Db, found: Current) -> None:
    found.records["job"], found.records["checklist"] = {}, {}
    for row in places.jobs(db):
        code = row["code"]
        content = pick(row, "code name name_en active") | {"ppe": tuple(json.loads(row["ppe"]))}
        found.records["job"][code] = content | documents.card_row(json.loads(row["card"]))
        newest = versions.current_checklist(db, code)
        if newest is not None:
            found.checklists[code] = newest["doc"]
            found.records["checklist"][code] = checklist_content(newest["doc"])
    text = versions.current_commitment(db)
    found.records["commitment"] = {}
    if text is not None:
        found.commitment = text["doc"]
        found.records["commitment"][""] = {"rows": documents.commitment_rows(text["doc"])}


def checklist_content(doc: Doc) -> Content:
    """A checklist as far as a workbook says it."""
    steps: list[Record] = documents.steps_of(doc)
    return {"title": doc["title"], "title_en": doc.get("title_en", ""), "steps": steps}


def _read_crews(db: Db, found: Current) -> None:
    rows = crews.groups(db)
    found.group_sites = {row["code"]: row["site"] for row in rows}
    found.records["group"] = {row["code"]: pick(row, "code site name name_en") for row in rows}
    shifts: dict[str, list[tuple[str, ...]]] = {}
    for row in crews.all_shifts(db):
        times = (row["start"], end_of(row["start"], row["minutes"]))
        shifts.setdefault(row["pattern"], []).append(
            (row["code"], row["name"], row["name_en"], *times)
        )
    found.records["pattern"] = {
        row["code"]: pick(row, "code name name_en cycle anchor gaps_ok double_ok")
        | {"shifts": tuple(sorted(shifts.get(row["code"], [])))}
        for row in crews.patterns(db)
    }
    found.records["crew"] = {
        row["code"]: pick(row, "code name name_en area pattern active")
        | {"group": row["grp"], "offset": row["day_offset"]}
        for row in crews.crews(db)
    }


def _read_people(db: Db, found: Current) -> None:
    roles, posts = everybody.roles(db), everybody.posts(db)
    found.records["person"] = {}
    for row in everybody.people(db):
        if not row["active"]:
            found.left.setdefault((row["no"], row["name"]), row["id"])
            continue
        if row["guest"]:  # of a day: no workbook's business
            continue
        found.ids[row["no"]] = row["id"]
        content = pick(row, "no name name_en title title_en crew employer phone lang active")
        said = said_roles(roles.get(row["id"], []), str(content["crew"]))
        content |= {"posts": tuple(sorted(posts.get(row["id"], []))), "roles": said}
        found.records["person"][row["no"]] = content


def said_roles(roles: list[tuple[str, str, str]], crew: str) -> tuple[tuple[str, str, str], ...]:
    """The roles that a sheet says: whoever is in a crew or has no other role is an operator."""
    others = [role for role in roles if role != OPERATOR]
    return tuple(sorted(others if crew or not others else roles))
