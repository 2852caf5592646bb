"""The ladder of sign-offs: crews, workshops and the plant on a day, and a unit's own signature.

Who signs a unit, or one above it, reads it; so does who may see the boards of all crews below.
Others on the way see who has signed and who has not, and no more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, figures, ladder, ladder_sign, units
from shiftapp.model.rungs import Rung
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, settings, store

bp = Blueprint("ladder", __name__)

FIRST, LAST = "1970-01-01", "9999-01-01"
PATH = "/ladder/<string(length=10):date>/<unit>"


@bp.get("/ladder")
@bp.get("/ladder/<string(length=10):date>")
@auth.needs()
def show_ladder(date: str = "") -> str:
    """Every level of a day, today's unless told, from the top down."""
    day = date or figures.today(store(), now_ms())
    rungs = _tops(day)
    signers = _signers([rung.row for rung in _units_of(rungs)])
    if not (auth.account().has(*scope.READ) or _signs(signers)):
        raise Problem(403, "wrong_role", "你的账号没有这个权限。要用就找管理员。")
    return render_template(
        "ladder/ladder.html",
        tops=rungs,
        levels={row["no"]: row for row in units.levels(store())},
        signers=signers,
        readable=_readable(units.lines(store()), signers),
        crews={crew["code"] for crew in scope.my_crews()},
        **_days(day),
    )


@bp.get(PATH)
@auth.needs()
def show_unit(date: str, unit: str) -> str:
    """What is open below a unit on a day, and the form of who signs it."""
    return _page(date, unit)


@bp.post(f"{PATH}/sign")
@auth.needs()
def sign(date: str, unit: str) -> Response | tuple[str, int]:
    """Sign a unit's day; refused, the page comes again with what was written."""
    _must_read(date, unit)
    me, order = auth.account().id, _order(date, unit)

    def write(db: Db) -> None:
        ladder_sign.sign(db, settings(), order, by=me, now_ms=now_ms())
        audit.note(db, now_ms(), me, "ladder.sign", f"unit:{unit}", date)

    try:
        store().write(write)
    except Problem as problem:
        if problem.code != "already_signed" or not _signed_by(date, unit, me):
            return _page(date, unit, problem, order), problem.status
    return redirect(f"/ladder/{date}/{unit}", code=303)


def _order(date: str, unit: str) -> ladder_sign.Order:
    def under(prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): text.strip()
            for name, text in request.form.items()
            if name.startswith(prefix)
        }

    return ladder_sign.Order(
        unit=unit,
        date=date,
        seen=request.form.get("seen", ""),
        answers=under("answer-"),
        notes=under("note-"),
        reasons=under("reason-"),
    )


def _page(
    date: str, unit: str, problem: Problem | None = None, order: ladder_sign.Order | None = None
) -> str:
    rung = _unit_rung(date, unit)
    last = rung.signature
    if order is None and last is not None:  # signed before: what was written then stands there
        research = last.research or {}
        order = ladder_sign.Order(
            unit,
            date,
            "",
            {item: line["a"] for item, line in research.items()},
            {item: line["note"] for item, line in research.items()},
            last.reasons,
        )
    return render_template(
        "ladder/unit.html",
        rung=rung,
        line=units.lines(store())[unit],
        typed=order or ladder_sign.Order(unit, date, ""),
        groups=ladder_sign.research(),
        signers=units.signers(store(), rung.row),
        may_sign=units.may_sign(store(), rung.row, auth.account().id),
        crews={crew["code"] for crew in scope.my_crews()},
        opened=now_ms() >= ladder.opens_ms(store(), settings(), rung, date),
        problem=problem,
        **_days(date),
    )


def _unit_rung(date: str, unit: str) -> Rung:
    """A unit's rung on a day, for who may see it.

    :raises Problem: 404 `no_unit`, `no_day`; 403 `wrong_scope`.
    """
    _must_read(date, unit)
    found = ladder.find(_tops(date), unit)
    if found is None:
        raise _no_unit()
    return found


def _must_read(date: str, unit: str) -> None:
    """A unit, on a day, that the signed-in person may read.

    :raises Problem: 404 `no_unit`, `no_day`; 403 `wrong_scope`.
    """
    _must_be_day(date)
    lines = units.lines(store())
    if unit not in lines:
        raise _no_unit()
    if unit not in _readable(lines, _signers(lines[unit])):
        raise Problem(403, "wrong_scope", "这一级不归你看。")


def _tops(date: str) -> list[Rung]:
    _must_be_day(date)
    return ladder.tops(store(), settings(), date, now_ms())


def _no_unit() -> Problem:
    return Problem(404, "no_unit", "没有这个单位。")


def _must_be_day(date: str) -> None:
    if not _is_day(date):
        raise Problem(404, "no_day", "没有这一天。")


def _is_day(text: str) -> bool:
    """Whether it is a date as shifts have it: the week and day of 2026-W48-2 are one, and no day.

    Nor are the first and the last one that a calendar has, with no day before or after.
    """
    try:
        return FIRST < text < LAST and datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _signers(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Who signs each of some units, by its code."""
    return {row["code"]: units.signers(store(), row) for row in rows}


def _signs(signers: dict[str, list[Row]]) -> set[str]:
    """Those of some units that the signed-in person signs."""
    me = auth.account().id
    return {code for code, people in signers.items() if any(one["id"] == me for one in people)}


def _readable(lines: dict[str, list[Row]], signers: dict[str, list[Row]]) -> set[str]:
    """Those of some units, with all above them, that the signed-in person may read."""
    signs, crews = _signs(signers), units.crews_below(store())
    mine = {crew["code"] for crew in scope.my_crews()}
    return {
        code
        for code in signers
        if signs & {row["code"] for row in lines[code]} or (crews[code] and crews[code] <= mine)
    }


def _units_of(rungs: Iterable[Rung]) -> Iterator[Rung]:
    """The units of ladders, from their tops down."""
    for rung in rungs:
        if rung.is_unit:
            yield rung
            yield from _units_of(rung.below)


def _signed_by(date: str, unit: str, person: str) -> bool:
    """Whether it is signed, and by this person: sent twice, it is the same signature."""
    signature = _unit_rung(date, unit).signature
    return signature is not None and bool(signature.row["person"] == person)


def _days(date: str) -> dict[str, str]:
    day = datetime.date.fromisoformat(date)
    one = datetime.timedelta(days=1)
    return {
        "date": date,
        "today": figures.today(store(), now_ms()),
        "before": (day - one).isoformat(),
        "after": (day + one).isoformat(),
    }
