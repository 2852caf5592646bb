"""The crew round on the leader's tablet: the text read out together, then one person after another.

One request a person: their PIN or badge, or the leader's word with a reason; a sealed record, and
on to the next seat. Whoever is skipped stands in the list at the end. Something wrong, or not
today, is said on a page of its own. Nothing here needs a script; `round.js` works the number pad.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.model import people, proxies, rounds
from shiftapp.model.rounds import Seat
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, round_sealing, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.form_sealing import Body, Sheet, new_sheet, sheet_of
from shiftapp.web.language import named

bp = Blueprint("board_round", __name__)

PATH = "/board/<crew>/<string(length=10):date>/<code>/round"
MAX_WORDS = 500


@bp.get(PATH)
@auth.needs("leader")
def show_round(crew: str, date: str, code: str) -> str:
    """The commitment text, large, to be read out together; and who will be called."""
    instance = led(crew, date, code)
    called = rounds.seats_of(store(), instance, now_ms())
    first = next((seat for seat in called if seat.waits), None)
    return _page("round.html", instance, called, first=first)


@bp.get(f"{PATH}/left")
@auth.needs("leader")
def show_left(crew: str, date: str, code: str) -> str:
    """The end of the round: who is left, and how many the leader entered."""
    instance = led(crew, date, code)
    called = rounds.seats_of(store(), instance, now_ms())
    share = proxies.share(store(), instance["id"], now_ms())
    return _page("round_left.html", instance, called, share=share)


@bp.get(f"{PATH}/<person>")
@auth.needs("leader")
def show_call(crew: str, date: str, code: str, person: str) -> str:
    """One person: name, number, station, and the ways to commit."""
    instance = led(crew, date, code)
    return _call_page(instance, person, new_sheet())


@bp.post(f"{PATH}/<person>")
@auth.needs("leader")
def call(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Seal one person's commitment and go on to the next."""
    instance, sheet = led(crew, date, code), sheet_of(request.form)
    called = rounds.seats_of(store(), instance, now_ms())
    seat = seat_of(called, person)
    response = redirect(_next_url(instance, called, person), code=303)
    if seat.committed_ms is not None:
        flash(gettext("%(name)s 已经有了，没有重复记。", name=named(seat.row, "person_name")))
        return response
    try:
        _commit(instance, seat, sheet)
    except Problem as problem:
        return _call_page(instance, person, sheet, problem), problem.status
    return response


@bp.get(f"{PATH}/<person>/trouble")
@auth.needs("leader")
def show_trouble(crew: str, date: str, code: str, person: str) -> str:
    """Something is wrong, or not today: said by the person, under their own PIN."""
    return _trouble_page(led(crew, date, code), person, new_sheet())


@bp.post(f"{PATH}/<person>/trouble")
@auth.needs("leader")
def report(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Seal "not today", a commitment with a fault in it, or a hazard."""
    instance, sheet = led(crew, date, code), sheet_of(request.form)
    called = rounds.seats_of(store(), instance, now_ms())
    seat = seat_of(called, person)
    try:
        kind = _report(instance, seat, sheet)
    except Problem as problem:
        return _trouble_page(instance, person, sheet, problem), problem.status
    stays = kind == "hazard" and seat.waits  # reported; the commitment is still to come
    here = f"{base_of(instance)}/round/{person}{_text_asked()}"
    return redirect(here if stays else _next_url(instance, called, person), code=303)


def led(crew: str, date: str, code: str) -> Row:
    """An instance of a crew that the signed-in person leads: the word given here is the leader's.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    instance = scope.board_of(crew, date, code)
    if not scope.leads(crew):
        raise Problem(403, "wrong_scope", "点名由带班的班长来做。")
    return instance


def seat_of(called: Sequence[Seat], person: str) -> Seat:
    """The seat of somebody on the live roster.

    :raises Problem: 404 `not_on_roster`.
    """
    found = next((seat for seat in called if seat.person == person), None)
    if found is None:
        raise Problem(404, "not_on_roster", "这个人不在本班名单里。先在看板上加进来，再点名。")
    return found


def base_of(instance: Row) -> str:
    """Where the board of an instance stands."""
    return f"/board/{instance['crew']}/{instance['date']}/{instance['code']}"


def _commit(instance: Row, seat: Seat, sheet: Sheet) -> None:
    """Seal a commitment by the way that was chosen: PIN or badge, own session, leader's word.

    :raises Problem: 409 `asks_you` for somebody whose "not today" the leader has not answered.
    """
    if seat.excused:
        raise Problem(409, "asks_you", "这个人有一件事等你当面处理，先办那一件。")
    own = round_sealing.committed(round_sealing.text_read(), seat.row)
    way, me = request.form.get("way", "pin"), auth.account().id
    if way == "own":
        who = round_sealing.own_word(seat.person)
        store().write(lambda db: round_sealing.seal_call(db, instance, seat, sheet, who, own))
    elif way == "leader":
        if seat.person == me:
            raise Problem(422, "own_proxy", "自己的承诺自己做，不能代录。")
        why, note = request.form.get("why", ""), request.form.get("note", "")
        word, ran = round_sealing.leaders_word(seat.person, why, note), "ran" in request.form
        store().write(
            lambda db: round_sealing.seal_proxy(db, instance, seat, sheet, word, own, ran=ran)
        )
    else:
        how = round_sealing.shown_by(seat.row, request.form.get("secret", ""))

        def write(db: Db) -> None:
            with round_sealing.session_for(db, seat.person, how) as shown:
                round_sealing.seal_call(db, instance, seat, sheet, shown, own)

        store().write(write)


def _report(instance: Row, seat: Seat, sheet: Sheet) -> str:
    """Seal what is wrong under the person's own PIN or badge; gives the kind of record."""
    words = request.form.get("words", "").strip()[:MAX_WORDS]
    kind, own = _reported(seat, words)
    part = sheet.part(f"{kind} {seat.person}")
    how = round_sealing.shown_by(seat.row, request.form.get("secret", ""))

    def write(db: Db) -> None:
        with round_sealing.session_for(db, seat.person, how) as shown:
            round_sealing.seal_once(db, instance, seat.row, part, kind, shown, own)

    store().write(write)
    return kind


def _reported(seat: Seat, words: str) -> tuple[str, Body]:
    what = request.form.get("what", "")
    if what != "other":
        item, _, option = what.partition(".")
        text = round_sealing.text_read()
        return "commit", round_sealing.with_fault(text, seat.row, item, option, words)
    if not words:
        raise Problem(422, "no_words", "写一句：哪里，什么样。")
    return "hazard", {"what": words, "of": None}


def _next_url(instance: Row, called: Sequence[Seat], person: str) -> str:
    """The next one who waits; after the last, who is left."""
    following = rounds.next_after(called, person)
    where = following.person if following else "left"
    return f"{base_of(instance)}/round/{where}{_text_asked()}"


def _text_asked() -> str:
    """The text that was read out goes along, should a newer one be published meanwhile."""
    return f"?text={round_sealing.text_read()['no']}"


def _call_page(instance: Row, person: str, sheet: Sheet, problem: Problem | None = None) -> str:
    called = rounds.seats_of(store(), instance, now_ms())
    seat = seat_of(called, person)
    who = people.person(store(), person)
    return _page(
        "round_call.html",
        instance,
        called,
        seat=seat,
        sheet=sheet,
        problem=problem,
        has_pin=who is not None and who["pin_hash"] is not None,
    )


def _trouble_page(instance: Row, person: str, sheet: Sheet, problem: Problem | None = None) -> str:
    called = rounds.seats_of(store(), instance, now_ms())
    seat, text = seat_of(called, person), round_sealing.text_read()
    items = round_sealing.items_of(text, seat.row)
    return _page(
        "round_trouble.html",
        instance,
        called,
        seat=seat,
        sheet=sheet,
        problem=problem,
        items=items,
    )


def _page(template: str, instance: Row, called: Sequence[Seat], **values: Any) -> str:
    seat, text = values.get("seat"), round_sealing.text_read()
    return render_template(
        f"board/{template}",
        instance=instance,
        base=base_of(instance),
        called=called,
        committed=sum(seat.committed_ms is not None for seat in called),
        left=[seat for seat in called if seat.waits],
        next=_next_url(instance, called, seat.person) if seat else "",
        text=text,
        asked=f"?text={text['no']}",
        me=auth.account().id,
        typed=request.form,
        now_ms=now_ms(),
        **values,
    )
