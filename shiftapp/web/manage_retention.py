"""How long things are kept, by kind, and why so long. Administrators change it.

What stands here stands on the public privacy page.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from shiftapp.exchange.columns import Column
from shiftapp.model import audit
from shiftapp.model import settings as model_settings
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import now_ms
from shiftapp.web.manage_facts import FactsPage
from shiftapp.web.manage_fields import Form
from shiftapp.web.manage_nouns import Answer
from shiftapp.web.manage_scope import READERS

bp = Blueprint("manage_retention", __name__)

MOST_DAYS = 36_500
# The shortest time of each; 0, for ever, is allowed besides, save for health data.
LEAST = {
    "keep_commit_days": 365,
    "keep_run_days": 365,
    "keep_hazard_days": 730,
    "keep_photo_days": 180,
    "keep_unread_days": 30,
    "keep_cannot_days": 7,
}
MOST_CANNOT = 90
BETWEEN = "写 {} 到 {}。", "Between {} and {}."
BETWEEN_OR_EVER = "写 {} 到 {}，或者 0：一直留。", "Between {} and {}, or 0: for ever."
COLUMNS = (
    Column(
        "keep_commit_days", "班前承诺，天", "Commitments, days", "int",
        "默认 3 年：安全记录一般至少留 3 年，出了事故要查",
        "3 years: safety records are kept as long",
        need=True,
    ),
    Column(
        "keep_run_days", "手指口述，天", "Pointing-and-calling runs, days", "int",
        "默认 3 年，和承诺一样", "3 years, like commitments", need=True,
    ),
    Column(
        "keep_hazard_days", "隐患报告，天", "Fault reports, days", "int",
        "默认 5 年，验收后也要满这么久：隐患台账至少 2 年",
        "5 years, also after the fault was closed: the ledger of faults is kept 2 years and more",
        need=True,
    ),
    Column(
        "keep_photo_days", "照片和签名，天", "Photos and signatures, days", "int",
        "默认 3 年；可以比文字先删，没验收的隐患照片不删",
        "3 years; may go before the words; photos of open faults stay", need=True,
    ),
    Column(
        "keep_unread_days", "没读懂的记录，天", "Records kept unread, days", "int",
        "默认 1 年：编号撞了、格式不认的，只存着",
        "1 year: of a known number or an unknown form, only stored", need=True,
    ),
    Column(
        "keep_cannot_days", "“今天不能上岗”，天", "“Not today”, days", "int",
        "默认 30 天：健康信息，7 到 90，不能长留",
        "30 days: health data; 7 to 90, never for ever", need=True,
    ),
)  # fmt: skip


@bp.get("/manage/retention")
@auth.needs(*READERS)
def show_retention() -> str:
    """How long things are kept."""
    return FACTS.show()


@bp.post("/manage/retention")
@auth.needs("admin")
def save_retention() -> Answer:
    """Change how long things are kept."""
    return FACTS.save()


def _check(form: Form) -> None:
    for key, least in LEAST.items():
        value = form.values.get(key, least)
        health = key == "keep_cannot_days"
        most = MOST_CANNOT if health else MOST_DAYS
        if not isinstance(value, int) or (value == 0 and not health):
            continue
        if not least <= value <= most:
            zh, en = BETWEEN if health else BETWEEN_OR_EVER
            form.fail(key, zh.format(least, most), en.format(least, most))


def _write(db: Db, form: Form) -> None:
    before = FACTS.content(db)
    form.must_be_new(before)
    model_settings.put(db, **form.values)
    differ = " ".join(
        f"{key} {before[key]}→{form.values[key]}"
        for key in before
        if form.values[key] != before[key]
    )
    audit.note(db, now_ms(), auth.account().id, "retention.save", "settings", differ)


def _page(form: Form, problem: Problem | None) -> str:
    return render_template(
        "manage/retention.html",
        form=form,
        problem=problem,
        editable=manage_scope.is_admin(),
        erases=manage_scope.edits_all(),
    )


FACTS = FactsPage(COLUMNS, "/manage/retention", _check, _write, _page)
