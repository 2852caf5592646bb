"""The commitment text: as the worker sees it, its draft as a form, its versions.

Words that shift liability to the worker are refused with the reason; what was typed stays in the
draft. The types of the default questions and what they are fed from stay as they are; one's own
questions have one good and one bad answer, or more.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange import drafting
from shiftapp.exchange.drafting import Drafted
from shiftapp.model import drafts, versions
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_drafts, manage_rows
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_rows import Rows
from shiftapp.web.manage_scope import EDITORS, READERS, edits_all, must_edit_all

bp = Blueprint("manage_commitment", __name__)

PATH = "/manage/commitment"
ABOUT = "commitment"
WHOLE = ("title", "oath", "rights")
EMPTY = dict.fromkeys(drafting.ITEM_KEYS, "")


@bp.get(PATH)
@auth.needs(*READERS)
def show_commitment() -> str:
    """The draft of the commitment text; for who may only read, the version in force."""
    newest = versions.current_commitment(store())
    if not edits_all():
        return _page(_of_version(newest), editable=False, no=newest["no"] if newest else 0)
    draft = drafts.draft(store(), ABOUT)
    return _page(draft["typed"] if draft else _of_version(newest), draft=draft)


@bp.get(f"{PATH}/<int:no>")
@auth.needs(*READERS)
def show_version(no: int) -> str:
    """A published version, as it is for good."""
    found = next((row for row in versions.commitments(store()) if row["no"] == no), None)
    if found is None:
        raise Problem(404, "no_version", "没有这一版。")
    return _page(_of_version(found), editable=False, no=no)


@bp.post(PATH)
@auth.needs(*EDITORS)
def write_commitment() -> Response | tuple[str, int]:
    """Keep what was typed, then do what the button says."""
    must_edit_all()
    word, at = manage_rows.action()
    rows, at = _changed(manage_rows.typed_rows(drafting.ITEM_KEYS), word, at)
    typed = {"base": manage_drafts.number("base"), "rows": rows}
    try:
        if word == "discard":
            store().write(lambda db: manage_drafts.throw_away(db, ABOUT))
            return redirect(PATH, code=303)
        store().write(lambda db: manage_drafts.keep(db, ABOUT, typed))
        if word == "publish":
            return _publish(typed)
    except Problem as problem:
        draft = drafts.draft(store(), ABOUT)
        return _page(typed, draft=draft, problem=problem, at=at), problem.status
    return redirect(f"{PATH}?q={at + 1}#q-{at + 1}", code=303)


def _publish(typed: drafts.Typed) -> Response:
    found = drafting.read_commitment(typed["rows"])
    if found.faults or found.doc is None:
        raise manage_drafts.not_yet(found.faults)
    doc, me = found.doc, auth.account().id

    def write(db: Db) -> int:
        manage_drafts.must_be_newest(versions.current_commitment(db), typed["base"])
        no = versions.publish_commitment(db, doc, now_ms(), me)
        manage_drafts.published(db, ABOUT, no)
        return no

    no = store().write(write)
    flash(gettext("第 %(no)s 版在用了，手机下次联网就拿到。", no=no))
    return redirect(f"{PATH}/{no}", code=303)


# Rows and questions -------------------------------------------------------------------------------


def _changed(rows: Rows, word: str, at: int) -> tuple[Rows, int]:
    """The rows after a button; `at` is a question, or with `drop` a row."""
    if word == "drop":
        kept = [row for index, row in enumerate(rows) if index != at or row["type"] != "option"]
        before = [row for row in rows[: max(at, 0)] if _is_question(row)]
        return kept, max(0, len(before) - 1)
    texts, questions = _grouped(rows)
    if word == "option" and 0 <= at < len(questions):
        questions[at].append(_new_option(questions[at]))
    else:
        questions, at = manage_rows.moved(questions, word, at, _new_question(rows))
    return [*texts, *(row for question in questions for row in question)], at


def _grouped(rows: Rows) -> tuple[Rows, list[Rows]]:
    """The three texts, and each question with its answers."""
    texts = [row for row in rows if row["type"] in WHOLE]
    questions: list[Rows] = []
    for row in rows:
        if _is_question(row):
            questions.append([row])
        elif row["type"] == "option" and questions:
            questions[-1].append(row)
    return texts, questions


def _is_question(row: dict[str, str]) -> bool:
    return row["type"] not in (*WHOLE, "option")


def _new_question(rows: Rows) -> Rows:
    """A question with the answers that every question needs."""
    id = _free("q", {row["id"] for row in rows})
    return [
        {**EMPTY, "id": id, "type": "choice", "neg": "todo"},
        {**EMPTY, "id": f"{id}.yes", "type": "option", "text": "行", "text_en": "Yes", "r": "ok"},
        {**EMPTY, "id": f"{id}.no", "type": "option", "text": "不行", "text_en": "No", "r": "bad"},
    ]


def _new_option(question: Rows) -> dict[str, str]:
    id = _free(f"{question[0]['id']}.a", {row["id"] for row in question})
    return {**EMPTY, "id": id, "type": "option", "r": "ok"}


def _free(start: str, taken: set[str]) -> str:
    number = 1
    while f"{start}{number}" in taken:
        number += 1
    return f"{start}{number}"


def _of_version(version: Row | None) -> drafts.Typed:
    """What a version would be as a draft; before the first, the default text."""
    doc = version["doc"] if version else drafting.default_commitment()
    return {"base": version["no"] if version else 0, "rows": drafting.typed_items(doc)}


def _page(
    typed: drafts.Typed,
    *,
    draft: Row | None = None,
    editable: bool = True,
    no: int = 0,
    problem: Problem | None = None,
    at: int | None = None,
) -> str:
    listed = versions.commitments(store())
    newest = listed[0] if listed else None
    found = drafting.read_commitment(typed["rows"]) if draft or problem else Drafted()
    rows = [{**row, "at": index} for index, row in enumerate(typed["rows"])]
    texts, questions = _grouped(rows)
    live = drafting.typed_items(newest["doc"]) if newest else []
    return render_template(
        "manage/commitment.html",
        typed=typed,
        rows=rows,
        texts=texts,
        questions=questions,
        at=manage_drafts.number("q") - 1 if at is None else at,
        draft=draft,
        editable=editable,
        no=no,
        newest_no=newest["no"] if newest else 0,
        changed=sum(1 for row in typed["rows"] if row not in live),
        versions=manage_drafts.version_list(listed),
        faults=manage_drafts.by_row(found.faults),
        problem=problem,
    )
