"""The parts of a person's form that repeat: roles with their scope, and ordinary posts.

A role is a line `role` + `scope` ('all', 'area:A1', 'crew:JIA'), a post a line `post` (station and
job) + `run`. An empty line is nothing; each form ends in one to fill in.
"""

from __future__ import annotations

from typing import Any

from flask import request

from shiftapp.exchange.columns import CHOICES
from shiftapp.model import places
from shiftapp.model.people import Post, Role
from shiftapp.store import Row
from shiftapp.web import manage_scope
from shiftapp.web.context import store
from shiftapp.web.manage_fields import Content, Form, Options

MOST = 30
ALL = {"name": "全厂", "name_en": "All"}
NOTHING: tuple[str, Row] = ("", {"name": "—", "name_en": "—"})
RUNS: Options = [
    ("1", {"name": "承诺和手指口述", "name_en": "Commitment and checklist"}),
    ("0", {"name": "只要承诺", "name_en": "Commitment alone"}),
]


def fill(form: Form, content: Content) -> None:
    """The lines of what is stored, and one more of each."""
    roles = [Role(*role) for role in content.get("roles", ())]
    form.rows["roles"] = [
        {"role": one.role, "scope": _scope_text(one)} for one in roles if one != Role("operator")
    ]
    form.rows["posts"] = [
        {"post": f"{post[0]} {post[1]}", "run": str(post[2])} for post in content.get("posts", ())
    ]
    _end_in_empty(form)


def read(form: Form) -> None:
    """The lines as they were sent, into `form.parts`; faults stand at their line."""
    form.rows["roles"] = _sent("role", "scope")
    form.rows["posts"] = _sent("post", "run")
    roles = [_role(form, n, row) for n, row in enumerate(form.rows["roles"]) if row["role"]]
    posts = [_post(form, n, row) for n, row in enumerate(form.rows["posts"]) if row["post"]]
    if len({post[:2] for post in posts}) < len(posts):
        zh, en = "同一个工位和岗位写了两行。", "The same station and job stand there twice."
        form.fail(f"post.{len(form.rows['posts']) - 1}", zh, en)
    # Everybody in a crew, or without another role, is an operator; the form does not say it.
    implied = [Role("operator")] if form.values.get("crew") or not roles else []
    form.parts["roles"] = tuple(dict.fromkeys([*implied, *roles]))
    form.parts["posts"] = tuple(posts)
    _end_in_empty(form)


def options(form: Form) -> dict[str, Any]:
    """What can be chosen in a line, as the signed-in person may; what stands there stays."""
    held = {row["role"] for row in form.rows["roles"]}
    roles = [
        (code, {"name": zh, "name_en": en})
        for code, zh, en in CHOICES["role"]
        if code != "operator"
        and (code in held or code not in manage_scope.ABOVE or manage_scope.is_admin())
    ]
    return {
        "role_options": [NOTHING, *roles],
        "scope_options": _scopes(),
        "post_options": [NOTHING, *_posts(form)],
        "run_options": RUNS,
    }


def _scopes() -> Options:
    found: list[tuple[str, Row]] = [("all", ALL)] if manage_scope.edits_all() else []
    found += [(f"area:{row['code']}", row) for row in manage_scope.areas(to_edit=True)]
    found += [(f"crew:{row['code']}", row) for row in manage_scope.crews_seen(to_edit=True)]
    return found


def _posts(form: Form) -> Options:
    """Every job at every station in use, and what stands in the form already."""
    jobs = {row["code"]: row for row in places.jobs(store())}
    held = {row["post"] for row in form.rows["posts"]}
    done = places.station_jobs(store())
    found = {}
    for station in places.stations(store()):
        for code in done.get(station["code"], ()):
            value = f"{station['code']} {code}"
            if value in held or (station["active"] and jobs[code]["active"]):
                found[value] = _named_post(station, jobs[code])
    for value in held - found.keys() - {""}:  # a job that is no longer done there
        found[value] = {"name": value, "name_en": value}
    return list(found.items())


def _named_post(station: Row, job: Row) -> Row:
    return {
        "name": f"{station['label']} {station['name']}，{job['name']}",
        "name_en": f"{station['label']} {station['name_en'] or station['name']},"
        f" {job['name_en'] or job['name']}",
    }


def _role(form: Form, n: int, row: dict[str, str]) -> Role:
    kind, _, scope = row["scope"].partition(":")
    role = Role(row["role"], kind if kind in ("area", "crew") else "all", scope)
    if role.role not in {code for code, _, _ in CHOICES["role"]}:
        form.fail(f"role.{n}", "没有这个角色。", "There is no such role.")
    elif role.scope_kind == "all" and scope:
        form.fail(f"role.{n}", "没有这个范围。", "There is no such scope.")
    return role


def _post(form: Form, n: int, row: dict[str, str]) -> Post:
    station, _, job = row["post"].partition(" ")
    if job not in places.station_jobs(store()).get(station, ()):
        form.fail(
            f"post.{n}",
            "这个工位没有这个岗位，先在工位的页面上加。",
            "That job is not done at that station: add it on the station's page.",
        )
    return Post(station, job, 0 if row["run"] == "0" else 1)


def _sent(*keys: str) -> list[dict[str, str]]:
    rows = []
    for n in range(MOST):
        if f"{keys[0]}.{n}" not in request.form:
            break
        rows.append({key: request.form.get(f"{key}.{n}", "") for key in keys})
    return rows


def _end_in_empty(form: Form) -> None:
    if not form.rows["roles"] or form.rows["roles"][-1]["role"]:
        form.rows["roles"].append({"role": "", "scope": "all"})
    if not form.rows["posts"] or form.rows["posts"][-1]["post"]:
        form.rows["posts"].append({"post": "", "run": "1"})


def _scope_text(role: Role) -> str:
    return "all" if role.scope_kind == "all" else f"{role.scope_kind}:{role.scope}"
