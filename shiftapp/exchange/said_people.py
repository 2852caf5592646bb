"""What the sheets of people, posts and roles say, as records; and what is still missing."""

from __future__ import annotations

from collections import Counter

from shiftapp.exchange.case import Case
from shiftapp.exchange.current import OPERATOR, Content, said_roles
from shiftapp.exchange.plan import Line
from shiftapp.ledger.entries import MIN_SLOTS

Records = dict[str, Content]
Post = tuple[str, str, int]


def people(case: Case, stations: Records) -> Records:
    """People by employee number, with their posts and roles sorted."""
    posts = _posts(case, {**case.current.records["station"], **stations})
    roles = _roles(case)
    _check_listed(case)
    found: Records = {}
    for line in case.good("person"):
        content: Content = {
            key: value for key, value in line.values.items() if key not in ("station", "job", "run")
        }
        no, crew = str(content["no"]), str(content["crew"])
        content["posts"] = tuple(sorted(posts.get(no, {}).values()))
        content["roles"] = said_roles(sorted(roles.get(no, set())), crew)
        found[no] = content
        if content["posts"] and not crew and content["active"]:
            case.note("post_without_crew", line, "crew")
    return found


def check_numbers(case: Case) -> None:
    """A number cell may have lost its zeros: sure where the number with zeros exists."""
    padded = {no.lstrip("0"): no for no in sorted(case.known["person"]) if no.startswith("0")}
    plain = []
    for noun in ("person", "post", "role", "roster", "leave"):
        for line in case.lines(noun):
            no = str(line.values.get("no", ""))
            if "no" not in line.numbers or no.startswith("0"):
                continue
            if no in padded:
                case.wrong("zeros_lost", line, "no", value=no, other=padded[no])
                case.known["person"].add(no)  # told once
            elif noun == "person":
                plain.append(line)
    if plain:
        case.note("number_cell", plain[0], "no", n=len(plain))


def _check_listed(case: Case) -> None:
    """Posts and roles belong to people of the same workbook: others keep what they have."""
    if not case.was_read("person"):
        return
    listed = {line.values.get("no") for line in case.lines("person")}
    for noun in ("post", "role"):
        for line in case.good(noun):
            if line.values["no"] not in listed:
                case.wrong("not_listed", line, "no", value=line.values["no"])


def _posts(case: Case, stations: Records) -> dict[str, dict[tuple[str, str], Post]]:
    found: dict[str, dict[tuple[str, str], Post]] = {}
    for noun in ("person", "post"):
        for line in case.good(noun):
            station, job = str(line.values["station"]), str(line.values["job"])
            if bool(station) != bool(job):
                case.wrong("post_in_half", line, "job" if station else "station")
            elif station and is_done_there(case, line, stations.get(station), job):
                post = (station, job, int(str(line.values["run"])))
                found.setdefault(str(line.values["no"]), {})[station, job] = post
    return found


def is_done_there(case: Case, line: Line, station: Content | None, job: str) -> bool:
    """Whether a job is done at a station; else a fault in the cell of the job."""
    if station is None:  # its own row has a fault
        return True
    jobs = station["jobs"]
    assert isinstance(jobs, tuple)
    if job not in jobs:
        case.wrong("job_not_there", line, "job", station=station["label"], job=job)
    return job in jobs


def _roles(case: Case) -> dict[str, set[tuple[str, str, str]]]:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for line in case.good("role"):
        kind, scope = str(line.values["kind"]), str(line.values["scope"])
        if kind == "all" and scope:
            case.wrong("stray_scope", line, "scope")
        elif kind != "all" and not scope:
            case.wrong("no_scope", line, "scope")
        elif kind == "all" or case.check_code(line, "scope", kind, scope):
            role = (str(line.values["role"]), kind, scope)
            found.setdefault(str(line.values["no"]), set()).add(role)
    return found


# What is missing ----------------------------------------------------------------------------------


def note_gaps(case: Case, people: Records, crews: Records) -> None:
    """Notes about crews without a leader, groups too small to show, nobody who publishes."""
    everybody = {**case.current.records["person"], **people}.values()
    active = [one for one in everybody if one["active"]]
    roles = [role for one in active for role in _tuple(one["roles"]) if role != OPERATOR]
    sizes = Counter(str(one["crew"]) for one in active)
    all_crews = {**case.current.records["crew"], **crews}
    group_sizes: Counter[str] = Counter()
    for code, crew in all_crews.items():
        group_sizes[str(crew["group"])] += sizes[code] if crew["active"] else 0
    for line in case.good("crew"):
        code = str(line.values["code"])
        reach = {("all", ""), ("crew", code), ("area", str(line.values["area"]))}
        led = any(role == "leader" and (kind, scope) in reach for role, kind, scope in roles)
        if line.values["active"] and not led:
            case.note("no_leader", line, "code", value=line.values["name"])
    for line in case.good("group"):
        n = group_sizes[str(line.values["code"])]
        if n < MIN_SLOTS:
            case.note("small_group", line, "code", value=line.values["name"], n=n)
    signs = any(role == "signatory" for role, _, _ in roles)
    first = next(case.good("person"), None)
    if first is not None and not signs:
        case.note("no_signatory", first, "")


def _tuple(value: object) -> tuple[tuple[str, str, str], ...]:
    assert isinstance(value, tuple)
    return value
