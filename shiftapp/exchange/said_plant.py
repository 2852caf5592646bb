"""What the sheets of places, patterns and crews say, as records; faults go to the case."""

from __future__ import annotations

import datetime
import re
import zoneinfo

from shiftapp import library
from shiftapp.exchange import said_cover
from shiftapp.exchange.case import Case
from shiftapp.exchange.columns import Value
from shiftapp.exchange.current import Content, end_of, minutes_of
from shiftapp.exchange.plan import Line

Records = dict[str, Content]
REST = "R"
MOST_STAFF = 99  # people a station may need in a shift


def enterprise(case: Case) -> Records:
    """Name and times; an empty cell keeps what is there."""
    old = case.current.records["enterprise"][""]
    said = [line.values for line in case.good("enterprise")]
    return {"": {**old, **{k: v for k, v in said[0].items() if v != ""}}} if said else {}


def sites(case: Case) -> Records:
    """Sites by code."""
    zones = zoneinfo.available_timezones()
    for line in case.good("site"):
        zone = str(line.values["zone"])
        if zone not in zones:
            case.wrong("bad_zone", line, "zone", value=zone)
    return {str(line.values["code"]): dict(line.values) for line in case.good("site")}


def areas(case: Case) -> Records:
    """Areas by code; an empty site is the only one."""
    return {
        str(line.values["code"]): {**line.values, "site": site_of(case, line)}
        for line in case.good("area")
    }


def stations(case: Case, areas: Records) -> Records:
    """Stations by label; an empty risk is the area's."""
    found: Records = {}
    known = {**case.current.records["area"], **areas}
    for line in case.good("station"):
        content: Content = dict(line.values)
        area = known.get(str(content["area"]), {})
        content["risk"] = content["risk"] or area.get("risk", "D")
        content["jobs"] = tuple(sorted(set(_codes(line, "jobs"))))
        if not 0 <= int(str(content["staff"])) <= MOST_STAFF:
            case.wrong("bad_staff", line, "staff", most=MOST_STAFF)
        found[str(content["label"])] = content
    return found


def groups(case: Case) -> Records:
    """Reporting groups by code; an empty site is the only one."""
    return {
        str(line.values["code"]): {**line.values, "site": site_of(case, line)}
        for line in case.good("group")
    }


def crews(case: Case, groups: Records, areas: Records) -> Records:
    """Crews by code."""
    known_areas = {**case.current.records["area"], **areas}
    known_groups = {**case.current.records["group"], **groups}
    found: Records = {}
    for line in case.good("crew"):
        content: Content = dict(line.values)
        site = known_groups.get(str(content["group"]), {}).get("site")
        area = known_areas.get(str(content["area"]), {})
        if site and area.get("site", "") not in ("", site):
            case.wrong("other_site", line, "area", site=site)
        found[str(content["code"])] = content
    return found


def site_of(case: Case, line: Line) -> Value:
    """The site that a row names; empty it is the only one."""
    code = line.values["site"]
    if code:
        return code
    if len(case.known["site"]) == 1:
        return next(iter(case.known["site"]))
    case.wrong("which_site" if case.known["site"] else "needed", line, "site")
    return ""


def _codes(line: Line, key: str) -> tuple[str, ...]:
    value = line.values[key]
    return value if isinstance(value, tuple) else ()


# Patterns -----------------------------------------------------------------------------------------


def patterns(case: Case) -> Records:
    """Patterns with their shifts by code; what is empty is as it was, or the library's."""
    shifts: dict[str, list[Line]] = {}
    for line in case.lines("shift"):
        shifts.setdefault(str(line.values.get("pattern", "")), []).append(line)
    found = {}
    for line in case.good("pattern"):
        code = str(line.values["code"])
        content = _pattern(case, line, shifts.get(code, []))
        if content is not None:
            found[code] = content
    for code, lines in shifts.items():
        _check_stray(case, found.get(code) or case.old("pattern", code), code, lines)
    return found


def _pattern(case: Case, line: Line, shifts: list[Line]) -> Content | None:
    code = str(line.values["code"])
    base = case.old("pattern", code) or _from_library(code, case.day) or {}
    content: Content = {
        **base,
        **{key: value for key, value in line.values.items() if value != ""},
    }
    if line.values["name"]:
        content["name_en"] = line.values["name_en"]
    if not content.get("name") or not content.get("cycle"):
        case.wrong("no_cycle", line, "cycle" if content.get("name") else "name", value=code)
        return None
    content.setdefault("anchor", case.day.isoformat())
    for key, none in (("name_en", ""), ("gaps_ok", 0), ("double_ok", 0)):
        content.setdefault(key, none)
    cycle = str(content["cycle"])
    if not re.fullmatch("[A-Z]{1,60}", cycle) or not set(cycle) - {REST}:
        case.wrong("bad_cycle", line, "cycle", value=cycle)
        return None
    content["shifts"] = _shifts(case, shifts) if shifts else base.get("shifts", ())
    if not _times_known(case, line, content, shifts):
        return None
    said_cover.check_overlaps(case, line, content)
    return content


def _times_known(case: Case, line: Line, content: Content, shifts: list[Line]) -> bool:
    """Every letter of the cycle has times."""
    rows = content["shifts"]
    assert isinstance(rows, tuple)
    letters = set(str(content["cycle"])) - {REST} - {row[0] for row in rows}
    letters -= {str(one.values.get("code", "")) for one in shifts}  # faulty, and told already
    if letters:
        case.wrong("no_shift", line, "cycle", letters=" ".join(sorted(letters)))
    return not letters


def _shifts(case: Case, lines: list[Line]) -> tuple[tuple[str, ...], ...]:
    found = []
    for line in lines:
        if not line.good:
            continue
        row = tuple(str(line.values[key]) for key in ("code", "name", "name_en", "start", "end"))
        if minutes_of(row[3], row[4]) < 60:
            case.wrong("short_shift", line, "end")
        found.append(row)
    return tuple(sorted(found))


def _check_stray(case: Case, pattern: Content | None, code: str, lines: list[Line]) -> None:
    if pattern is None:
        return
    for line in lines:
        letter = str(line.values.get("code", ""))
        if letter and (letter == REST or letter not in str(pattern["cycle"])):
            case.wrong("stray_shift", line, "code", value=code, letter=letter)


def _from_library(code: str, day: datetime.date) -> Content | None:
    one = library.patterns().get(code)
    if one is None:
        return None
    monday = day - datetime.timedelta(days=day.weekday())
    shifts = tuple(
        (letter, s["name"], s["name_en"], s["start"], end_of(s["start"], s["minutes"]))
        for letter, s in sorted(one["shifts"].items())
    )
    return {
        "code": code,
        "name": one["name"],
        "name_en": one["name_en"],
        "cycle": one["cycle"],
        "anchor": (monday if one["anchor"] == "monday" else day).isoformat(),
        "shifts": shifts,
        "gaps_ok": int(not one["full_cover"]),
        "double_ok": 0,
    }
