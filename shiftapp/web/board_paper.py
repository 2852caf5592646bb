"""The paper sheet of a shift: printed ahead, and entered later as proxy records.

What is entered claims the time of its entry, whatever the sheet says: nothing is dated back. Each
tick is a record of its own, made from the page's one id and salt, so that the page sent twice
enters everything once. Late entries are taken like any others and flagged by the ordinary rules.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from qr.code import AddressError
from qr.words import Lang
from shiftapp.exchange import crew_sheets
from shiftapp.model import absences, audit, rounds, versions
from shiftapp.model.rounds import Seat
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, plant_time, round_sealing, scope
from shiftapp.web.board_round import base_of, led
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.form_sealing import Body, Sheet, new_sheet, sheet_of
from shiftapp.web.language import language

bp = Blueprint("board_paper", __name__)

PATH = "/board/<crew>/<string(length=10):date>/<code>"
BATCH = 10  # people a write: nobody's phone waits for a whole sheet


class Ticked(NamedTuple):
    """What the sheet says of one person."""

    seat: Seat
    own: Body  # the commitment as it will be sealed
    ran: bool


@bp.get(f"{PATH}/sheet.pdf")
@auth.needs(*scope.ACT)
def print_sheet(crew: str, date: str, code: str) -> Response:
    """The empty sheet for a shift, names and stations from its roster.

    :raises Problem: 422 `address_too_long`.
    """
    instance = scope.acting_on(crew, date, code)
    called = rounds.seats_of(store(), instance, now_ms())
    text, lang = versions.current_commitment(store()), cast(Lang, language())
    try:
        pdf = crew_sheets.print_sheet(
            instance, called, text, settings(), plant_time.zone(), now_ms(), lang=lang
        )
    except AddressError as error:
        raise Problem(422, "address_too_long", "网址太长，印不成能扫的码。找管理员。") from error
    response = Response(pdf, content_type="application/pdf")
    name = f"{crew}-{date}-{code}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


@bp.get(f"{PATH}/paper")
@auth.needs("leader")
def show_paper(crew: str, date: str, code: str) -> str:
    """The sheet as a form: ticks, and why somebody is not here."""
    return _page(led(crew, date, code), new_sheet())


@bp.post(f"{PATH}/paper")
@auth.needs("leader")
def enter_paper(crew: str, date: str, code: str) -> BaseResponse | tuple[str, int]:
    """Enter all that is ticked, and the reasons; sent twice it is entered once."""
    instance, sheet = led(crew, date, code), sheet_of(request.form)
    called = rounds.seats_of(store(), instance, now_ms())
    try:
        ticked, reasons = _read(called)
    except Problem as problem:
        return _page(instance, sheet, problem), problem.status
    entered = store().write(lambda db: _note(db, instance, reasons))
    for at in range(0, len(ticked), BATCH):
        part = ticked[at : at + BATCH]
        entered += store().write(functools.partial(_enter, instance, sheet, part))
    flash(gettext("录入了：%(n)s 人。", n=entered))
    return redirect(f"{base_of(instance)}/round/left", code=303)


def _enter(instance: Row, sheet: Sheet, ticked: Sequence[Ticked], db: Db) -> int:
    """Seal what is ticked of some people; gives of how many something is new."""
    new = 0
    for one in ticked:
        word = round_sealing.leaders_word(one.seat.person, "paper")
        new += bool(
            round_sealing.seal_proxy(db, instance, one.seat, sheet, word, one.own, ran=one.ran)
        )
    return new


def _note(db: Db, instance: Row, reasons: Mapping[str, str]) -> int:
    """Write why people are not here; gives of how many that is new."""
    new, me = 0, auth.account().id
    for person, note in reasons.items():
        if absences.write(db, instance["id"], person, "other", note, by=me, now_ms=now_ms()):
            audit.note(db, now_ms(), me, "board.absence", f"person:{person}")
            new += 1
    return new


def _read(called: Sequence[Seat]) -> tuple[list[Ticked], dict[str, str]]:
    """The ticks and the reasons of a sent page.

    :raises Problem: 422 `both`, `nothing_entered`.
    """
    text, form = round_sealing.text_read(), request.form
    ticked, reasons = [], {}
    for seat in called:
        promised, ran = f"did-{seat.person}" in form, f"ran-{seat.person}" in form
        why = form.get(f"why-{seat.person}", "").strip()
        if why and (promised or ran):
            params = {"name": seat.row["person_name"]}
            raise Problem(422, "both", "%(name)s 又打了勾又写了原因，留一样。", params=params)
        if ran and not promised:
            params = {"name": seat.row["person_name"]}
            raise Problem(422, "run_alone", "%(name)s 只勾了手指口述，承诺也要勾。", params=params)
        if promised and not seat.excused and seat.person != auth.account().id:
            ticked.append(Ticked(seat, round_sealing.committed(text, seat.row), ran))
        elif why:
            reasons[seat.person] = why
    if not ticked and not reasons:
        raise Problem(422, "nothing_entered", "还没打勾，也没写原因。照着纸上的填。")
    return ticked, reasons


def _page(instance: Row, sheet: Sheet, problem: Problem | None = None) -> str:
    return render_template(
        "board/paper.html",
        instance=instance,
        base=base_of(instance),
        called=rounds.seats_of(store(), instance, now_ms()),
        absences=absences.of_instance(store(), instance["id"]),
        text=round_sealing.text_read(),
        sheet=sheet,
        problem=problem,
        typed=request.form,
        me=auth.account().id,
        now_ms=now_ms(),
    )
