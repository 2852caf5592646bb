"""What the sheet of special work says, as records; faults go to the case.

Whether a permit can be one, and may still be changed, is decided where permits are written.
"""

from __future__ import annotations

from dataclasses import replace

from shiftapp.exchange.case import Case
from shiftapp.exchange.columns import Value
from shiftapp.exchange.current import Content
from shiftapp.exchange.current_works import content_of, instant
from shiftapp.exchange.plan import Line
from shiftapp.exchange.said_plant import Records, site_of
from shiftapp.model import special_work_changes, special_work_entry, special_work_rows
from shiftapp.model.special_work_checks import Entry, no_key, told
from shiftapp.problems import Problem, Twin
from shiftapp.store import Db

# The cell that a refusal is about; the number, where it is about the whole permit.
CELLS = {
    "no_level": "level",
    "unknown_level": "level",
    "bad_gas": "gas",
    "gas_longer": "gas",
    "no_contractor": "contractor",
    "ends_before": "end",
    "valid_too_long": "end",
    "only_extend": "end",
    "guardian_works": "workers",
    "too_many_people": "workers",
    "too_old": "date",
    "too_far": "date",
}
WORDS = {"too_far": "start_too_far"}  # a refusal whose name is another sheet's too


def works(db: Db, case: Case, wanted: dict[str, Records], now_ms: int) -> Records:
    """Permits by number; what stands under a number goes into the current records."""
    case.current.records["special_work"] = {}
    found: Records = {}
    rows: dict[str, int] = {}
    for line in case.good("special_work"):
        key = no_key(str(line.values["no"]))
        if key in rows:
            case.wrong("permit_twice", line, "no", row=rows[key])
            continue
        rows[key] = line.row
        content = _content(db, case, line, wanted, now_ms)
        if content is not None:
            found[str(content["no"])] = content
    return found


def _content(
    db: Db, case: Case, line: Line, wanted: dict[str, Records], now_ms: int
) -> Content | None:
    site = _site(case, line, wanted)
    zone = {**case.current.records["site"], **wanted["site"]}.get(site, {}).get("zone")
    if zone is None or not line.good:
        return None
    try:
        entry = told(_entry(line, site, str(zone)))
        old = special_work_rows.find(db, entry.no)
        if old is not None:
            entry = replace(entry, no=old["no"])
            case.current.records["special_work"][old["no"]] = content_of(old)
        special_work_entry.allowed(old, entry, now_ms)
    except Problem as problem:
        _tell(case, line, problem)
        return None
    if old is None and entry.starts_ms < now_ms:
        case.note("late_permit", line, "date", value=entry.no)
    places = {"area": entry.area or "", "facility": entry.facility or ""}
    return {**vars(entry), **special_work_changes.values(entry, old), **places}


def _site(case: Case, line: Line, wanted: dict[str, Records]) -> str:
    """The site of a permit: as it says, that of its place, or the only one."""
    places = {
        noun: {**case.current.records[noun], **wanted[noun]}.get(str(line.values[noun]), {})
        for noun in ("area", "facility")
    }
    of_place = next((one["site"] for one in places.values() if one.get("site")), "")
    site = str(line.values["site"] or of_place or site_of(case, line))
    for noun, one in places.items():
        if site and one.get("site", site) != site:
            case.wrong("place_elsewhere", line, noun, site=site)
    return site


def _entry(line: Line, site: str, zone: str) -> Entry:
    values = line.values
    text = {key: str(values[key]) for key in ("no", "kind", "level", "place", "what", "contractor")}
    date = str(values["date"])
    return Entry(
        **text,
        site=site,
        area=str(values["area"]) or None,
        facility=str(values["facility"]) or None,
        starts_ms=instant(date, str(values["start"]), zone),
        ends_ms=instant(str(values["last"] or date), str(values["end"]), zone),
        changed=int(str(values["changed"])),
        gas_every_min=None if values["gas"] == "" else int(str(values["gas"])),
        guardians=_numbers(values["guardians"]),
        workers=_numbers(values["workers"]),
    )


def _numbers(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _tell(case: Case, line: Line, problem: Problem) -> None:
    said: dict[str, object] = dict(problem.params)
    said |= {f"{key}_en": one.en for key, one in problem.params.items() if isinstance(one, Twin)}
    code = WORDS.get(problem.code, problem.code)
    case.wrong(code, line, CELLS.get(problem.code, "no"), **said)
