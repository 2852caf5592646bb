"""Jobs: name, protection and risk card; taken from the library or written by hand.

The checklist of a job has versions and a page of its own (manage_checklist.py).
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange import documents, taking
from shiftapp.exchange.forms_plant import JOBS
from shiftapp.model import audit, places, versions
from shiftapp.store import Db
from shiftapp.web import auth, manage_nouns, manage_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_fields import Content, Form, choices, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_jobs", __name__)

HEAD = ("name", "name_en", "ppe", "active")


@bp.get("/manage/jobs")
@auth.needs(*READERS)
def list_jobs() -> str:
    """All jobs: they hold for the whole plant."""
    rows = places.jobs(store())
    codes = [row["code"] for row in rows]
    return render_template(
        "manage/jobs.html",
        jobs=rows,
        newest={code: versions.current_checklist(store(), code) for code in codes},
        stations={code: places.stations_of(store(), code) for code in codes},
        editable=manage_scope.edits_all(),
    )


@bp.get("/manage/jobs/<code>")
@auth.needs(*READERS)
def show_job(code: str) -> str:
    """One job with its risk card."""
    return manage_nouns.show(JOB, code, editable=manage_scope.edits_all())


@bp.post("/manage/jobs/<code>")
@auth.needs(*EDITORS)
def save_job(code: str) -> Answer:
    """Change a job."""
    manage_scope.must_edit_all()
    return manage_nouns.save(JOB, code)


@bp.get("/manage/new/job")
@auth.needs(*EDITORS)
def show_new_job() -> str:
    """What the library offers, and the empty form of a job of one's own."""
    manage_scope.must_edit_all()
    return manage_nouns.show_new(NEW_JOB)


@bp.post("/manage/new/job")
@auth.needs(*EDITORS)
def add_job() -> Answer:
    """Add a job of one's own; its checklist is written next."""
    manage_scope.must_edit_all()
    return manage_nouns.add(NEW_JOB)


@bp.post("/manage/new/job/library")
@auth.needs(*EDITORS)
def take_job() -> Response:
    """Take a job of the library, with its checklist as version 1."""
    manage_scope.must_edit_all()
    code = request.form.get("code", "")

    def write(db: Db) -> None:
        taking.take_job(db, code, now_ms())
        audit.note(db, now_ms(), auth.account().id, "job.add", f"job:{code}", "library")

    store().write(write)
    flash(gettext("加好了。上下限按本厂规程填。"))
    return redirect(f"/manage/jobs/{code}/checklist", code=303)


def _content(db: Db, code: str) -> Content | None:
    row = places.job(db, code)
    if row is None:
        return None
    head = {key: row[key] for key in ("name", "name_en", "active")}
    return {**head, "ppe": json.loads(row["ppe"]), **documents.card_row(json.loads(row["card"]))}


def _read(form: Form) -> None:
    for n in taking.half_risks(form.values):
        form.fault(f"risk{n}", "half_risk")


def _write(db: Db, code: str, form: Form) -> None:
    values: Any = form.values
    head = {key: values[key] for key in HEAD}
    places.save_job(db, places.Job(code=code, card=documents.card(values), **head))


def _make(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, JOB, code)
    head: Any = {key: form.values[key] for key in ("name", "name_en")}
    places.save_job(db, places.Job(code=code, **head))
    return code


def _page(code: str, form: Form) -> dict[str, Any]:
    level = choices(JOBS.by_key["risk1_level"])
    return {
        "back": ("/manage/jobs", gettext("岗位")),
        "title": places.job(store(), code) if code else None,
        "options": {
            "ppe": taking.protection(store()),
            "active": choices(JOBS.by_key["active"]),
            **{f"risk{n}_level": level for n in documents.RISKS},
        },
        "stations": places.stations_of(store(), code) if code else [],
        "newest": versions.current_checklist(store(), code) if code else None,
        "offered": taking.offered_jobs(store()) if not code else [],
    }


CARD = " ".join(
    f"risk{n}_level risk{n} risk{n}_en defence{n} defence{n}_en" for n in documents.RISKS
)
TEXTS = " ".join(f"{key} {key}_en" for key in documents.CARD_TEXTS)
PLAIN = {"about": "", "about_en": ""}
JOB = Noun(
    word="job",
    path="/manage/jobs",
    template="manage/job.html",
    columns=some(
        JOBS,
        f"name name_en ppe active {CARD} {TEXTS}",
        name={**PLAIN, "need": True},
        ppe={"about": "印在海报上", "about_en": "Printed on the poster"},
    ),
    content=_content,
    write=_write,
    page=_page,
    read=_read,
)
NEW_JOB = Noun(
    word="job",
    path="/manage/jobs",
    template="manage/new_job.html",
    columns=some(JOBS, "code name name_en", name={**PLAIN, "need": True}),
    content=_content,
    write=_write,
    page=_page,
    make=_make,
)
