"""Facts of the install: names, times of the announcement, when windows open. Administrators only.

The public address is shown and not changed here: it is on every printed code.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from shiftapp.exchange.columns import Column
from shiftapp.exchange.forms_plant import ENTERPRISE
from shiftapp.model import audit, crews, replan
from shiftapp.model import settings as model_settings
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_fields, manage_scope
from shiftapp.web.context import context, now_ms, token_bytes
from shiftapp.web.manage_facts import FactsPage
from shiftapp.web.manage_fields import Form, some
from shiftapp.web.manage_nouns import Answer
from shiftapp.web.manage_scope import READERS

bp = Blueprint("manage_settings", __name__)

LIMITS = {"valid_hours": (1, 72), "opens_before_min": (5, 240), "due_day": (1, 28)}
CODE_DIGITS = 9  # of the enterprise in the regulator's registration
COLUMNS = (
    *some(
        ENTERPRISE,
        "name name_en cutoff due",
        cutoff={
            "need": True,
            "about": "公告统计这个时刻前 24 小时内开始的班次",
            "about_en": "The announcement counts shifts started in the 24 h before",
        },
        due={
            "need": True,
            "about": "公告最迟这个时刻发布",
            "about_en": "The announcement is out by then",
        },
    ),
    Column(
        "valid_hours", "公告有效几小时", "Announcement holds, hours", "int", "1 到 72", "1 to 72",
        need=True,
    ),
    Column(
        "rhythm", "多久公告一次", "How often it is announced", "choice",
        "危险化学品企业每天；别的企业可以按期", "Hazardous chemicals: daily; others by period",
        need=True, choice="rhythm",
    ),
    Column(
        "due_day", "按期公告：期末后第几天", "By period: days after its end", "int",
        "1 到 28，这一天的最晚时刻前发布；每天公告的不用管",
        "1 to 28: out by the due time of that day; of no matter when daily", need=True,
    ),
    Column(
        "company_code", "企业编码", "Company code", "text",
        "登记系统给的 9 位数字；空：不上报", "Nine digits of the registration; empty: no report",
        most=9,
    ),
    Column(
        "opens_before_min", "接班前几分钟开始承诺", "Window opens, minutes before the shift", "int",
        "5 到 240；没开始的班马上按新的排", "5 to 240; shifts ahead follow at once", need=True,
    ),
    Column(
        "privacy_zh", "隐私说明", "Privacy notice (Chinese)", "lines",
        "公开页面的隐私说明；空：用自带的", "The public privacy notice; empty: ours", most=2000,
    ),
    Column("privacy_en", "隐私说明（英文）", "Privacy notice (English)", "lines", most=2000),
    Column(
        "contact", "投诉电话", "Telephone for complaints", "text", "公开页面显示；空：不显示",
        "Shown in public; empty: none", most=40,
    ),
)  # fmt: skip
LINES = ("privacy_zh", "privacy_en")


@bp.get("/manage/settings")
@auth.needs(*READERS)
def show_settings() -> str:
    """The settings."""
    return FACTS.show()


@bp.post("/manage/settings")
@auth.needs("admin")
def save_settings() -> Answer:
    """Change the settings."""
    return FACTS.save()


def _check(form: Form) -> None:
    """The faults that no single cell shows."""
    for key, (least, most) in LIMITS.items():
        value = form.values.get(key, least)
        if isinstance(value, int) and not least <= value <= most:
            zh, en = f"写 {least} 到 {most}。", f"Between {least} and {most}."
            form.fail(key, zh, en)
    code = str(form.values.get("company_code", ""))
    if code and not (len(code) == CODE_DIGITS and code.isascii() and code.isdigit()):
        form.fail("company_code", "企业编码是 9 位数字。", "A company code has nine digits.")
    cutoff, due = str(form.values.get("cutoff", "")), str(form.values.get("due", ""))
    if cutoff and due and due < cutoff:
        zh = "最晚公告的时刻不能在统计截止之前。"
        form.fail("due", zh, "It cannot be due before the cut-off.")


def _write(db: Db, form: Form) -> None:
    before = FACTS.content(db)
    form.must_be_new(before)
    values: dict[str, Any] = dict(form.values)
    values |= {key: "\n".join(values[key]) for key in LINES if isinstance(values[key], tuple)}
    model_settings.put(db, **values)
    differ = " ".join(key for key in values if values[key] != before[key])
    audit.note(db, now_ms(), auth.account().id, "settings.save", "settings", differ)
    if values["opens_before_min"] != before["opens_before_min"]:
        working = [row["code"] for row in crews.crews(db) if row["active"]]
        replan.plan_again(db, model_settings.get(db), working, now_ms(), token_bytes)


def _page(form: Form, problem: Problem | None) -> str:
    return render_template(
        "manage/settings.html",
        form=form,
        options={one.key: manage_fields.choices(one) for one in COLUMNS if one.choice},
        problem=problem,
        editable=manage_scope.is_admin(),
        engine=context().store.engine,
        sees_all=manage_scope.reads_all(),
    )


FACTS = FactsPage(COLUMNS, "/manage/settings", _check, _write, _page)
