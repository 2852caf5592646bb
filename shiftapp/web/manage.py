"""The manager's first page: what is there, what is missing, and what to do next.

Set-up in the order in which things need each other; the first step that is not done is the one to
take. Who manages a part of the plant sees that part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, render_template
from flask_babel import gettext

from shiftapp.model import audit, overview
from shiftapp.model.overview import Overview
from shiftapp.model.settings import Settings
from shiftapp.store import Row
from shiftapp.web import auth, manage_scope, publish_access
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.language import named
from shiftapp.web.manage_scope import READERS

bp = Blueprint("manage", __name__)

NEWEST = 6
State = Literal["done", "look", "todo"]


@dataclass(frozen=True)
class Step:
    """One step of the set-up: what it is, how far it is, where it is done."""

    title: str
    says: str
    state: State
    url: str
    does: str  # the words of the button


@bp.get("/manage")
@auth.needs(*READERS)
def show_overview() -> str:
    """What is there and what is missing; for who manages a part, that part."""
    if not manage_scope.reads_all():
        crews = manage_scope.crews_seen()
        return render_template("manage/part.html", areas=manage_scope.areas(), crews=crews)
    now = overview.overview(store(), now_ms())
    steps = _steps(now, settings())
    return render_template(
        "manage/overview.html",
        now=now,
        steps=steps,
        next_step=next((step for step in steps if step.state == "todo"), None),
        left=sum(step.state != "done" for step in steps),
        newest=audit.lines(store(), 0, NEWEST),
        editable=manage_scope.edits_all(),
        due=publish_access.due_now() if now.crews else None,
    )


def _steps(now: Overview, plant: Settings) -> list[Step]:
    return [
        _name(plant),
        _stations(now),
        _jobs(now),
        _commitment(now),
        _crews(now),
        _people(now),
        _signatory(now),
        _rosters(now),
        _phones(now),
        _address(plant),
    ]


def _name(plant: Settings) -> Step:
    name = named({"name": plant.name, "name_en": plant.name_en})
    says = gettext("%(name)s，%(due)s 前发公告", name=name, due=plant.due)
    return Step(
        gettext("企业名称和公告时间"),
        says if plant.name else gettext("海报和公告上要印企业名称"),
        "done" if plant.name else "todo",
        "/manage/settings",
        gettext("去设置"),
    )


def _stations(now: Overview) -> Step:
    says = gettext("%(areas)s 个区域，%(n)s 个工位", areas=now.areas, n=now.stations)
    title, url = gettext("区域和工位"), "/manage/stations"
    if not now.stations:
        says = gettext("一个工位也没有。下载模板，填好，一次导入整个厂。")
        return Step(title, says, "todo", "/manage/exchange", gettext("去导入"))
    if now.no_job:
        says = gettext("%(n)s 个工位还没有岗位，扫了没有卡可做", n=now.no_job)
        return Step(title, says, "look", url, gettext("看工位"))
    return Step(title, says, "done", url, gettext("看工位"))


def _jobs(now: Overview) -> Step:
    title, url = gettext("岗位和手指口述卡"), "/manage/jobs"
    if not now.jobs:
        says = gettext("还没有岗位。库里有 17 个，拿来改。")
        return Step(title, says, "todo", "/manage/new/job", gettext("从库里拿"))
    if now.no_card:
        says = gettext("还没有卡：%(names)s", names=_names(now.no_card))
        return Step(title, says, "todo", url, gettext("写步骤"))
    return Step(title, gettext("%(n)s 个岗位，都有卡", n=now.jobs), "done", url, gettext("看岗位"))


def _commitment(now: Overview) -> Step:
    title, url = gettext("班前承诺"), "/manage/commitment"
    if not now.commitment:
        says = gettext("还没发布。默认的一份写好了，看过再发布。")
        return Step(title, says, "todo", url, gettext("看一遍，发布"))
    says = gettext("第 %(no)s 版在用", no=now.commitment)
    return Step(title, says, "done", url, gettext("看承诺"))


def _crews(now: Overview) -> Step:
    title, url = gettext("班制和班组"), "/manage/crews"
    if not now.crews:
        says = gettext("还没有班组，不知道谁该什么时候来")
        return Step(title, says, "todo", url, gettext("加班组"))
    if now.no_leader:
        says = gettext("没有班长：%(names)s", names=_names(now.no_leader))
        return Step(title, says, "todo", url, gettext("看班组"))
    says = gettext("%(n)s 个班组，都有班长", n=now.crews)
    return Step(title, says, "done", url, gettext("看班组"))


def _people(now: Overview) -> Step:
    title, url = gettext("人员"), "/manage/people"
    if not now.in_crews:
        says = gettext("班组里还没有人")
        return Step(title, says, "todo", "/manage/exchange", gettext("去导入"))
    if now.no_post:
        says = gettext("%(n)s 人还没有工位，排不进名单", n=now.no_post)
        return Step(title, says, "look", f"{url}?lack=post", gettext("看是谁"))
    says = gettext("在册 %(n)s 人，%(crews)s 人在班组里", n=now.people, crews=now.in_crews)
    return Step(title, says, "done", url, gettext("看人员"))


def _signatory(now: Overview) -> Step:
    title, url = gettext("承诺签发人"), "/manage/people"
    if not now.signatories:
        says = gettext("还没有，公告没人能发。在主要负责人的页面上给这个角色。")
        return Step(title, says, "todo", url, gettext("找到这个人"))
    return Step(title, gettext("%(n)s 人", n=now.signatories), "done", url, gettext("看人员"))


def _rosters(now: Overview) -> Step:
    title, url = gettext("排班名单"), "/manage/patterns"
    if not now.crews:
        says = gettext("有了班组和人，名单自己生成")
        return Step(title, says, "todo", "/manage/crews", gettext("加班组"))
    if now.no_roster:
        first = now.no_roster[0]
        says = gettext("%(name)s %(day)s 的班一个人也没有", name=named(first), day=first["date"])
        return Step(title, says, "look", f"/manage/crews/{first['code']}", gettext("看班组"))
    return Step(title, gettext("24 小时内的班都有人"), "done", url, gettext("看班制"))


def _phones(now: Overview) -> Step:
    title = gettext("手机登记")
    if now.in_crews and not now.no_phone:
        says = gettext("班组里的人都登记了手机")
        return Step(title, says, "done", "/manage/devices", gettext("看手机"))
    says = gettext("%(n)s 人还没登记。印登记卡，一人一张。", n=now.no_phone)
    return Step(title, says, "look", "/manage/exchange#cards", gettext("印登记卡"))


def _address(plant: Settings) -> Step:
    title, url = gettext("公开地址"), "/manage/settings"
    if plant.https:
        return Step(title, plant.url, "done", url, gettext("看设置"))
    says = gettext("%(url)s 是 http：不能离线，不能用相机扫码", url=plant.url)
    return Step(title, says, "look", url, gettext("看设置"))


def _names(rows: list[Row], most: int = 3) -> str:
    shown = [named(row) for row in rows[:most]]
    return " ".join([*shown, "…"] if len(rows) > most else shown)
