"""What the sheet of facilities says, as records; faults go to the case."""

from __future__ import annotations

from shiftapp.exchange.case import Case
from shiftapp.exchange.current import Content
from shiftapp.exchange.plan import Line
from shiftapp.exchange.said_plant import Records, site_of


def facilities(case: Case, areas: Records) -> Records:
    """Facilities by code; an empty site is the only one."""
    known = {**case.current.records["area"], **areas}
    found: Records = {}
    for line in case.good("facility"):
        content: Content = {**line.values, "site": site_of(case, line)}
        site, area = content["site"], known.get(str(content["area"]), {})
        if site and area.get("site", site) != site:
            case.wrong("area_elsewhere", line, "area", site=site)
        if content["process"] and content["kind"] != "unit":
            case.wrong("not_a_unit", line, "process")
        _check_past(case, line, content)
        found[str(content["code"])] = content
    return found


def _check_past(case: Case, line: Line, content: Content) -> None:
    """What was said of it stays true, and what is unsafe stays in sight."""
    code = str(content["code"])
    old, state = case.old("facility", code), case.current.states.get(code, "")
    if old is None or not state:
        return
    for key in ("kind", "site"):
        if old[key] != content[key]:
            case.wrong("has_history", line, key, value=code)
    if state == "unsafe" and not content["active"]:
        case.wrong("still_unsafe", line, "active", value=code)
