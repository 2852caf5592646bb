"""What is printed for the plant: posters and labels of stations, enrolment cards of people.

Posters and labels are the same each time. Cards are not: each print makes new codes and ends the
older unused ones, so they are made by a POST and are answered at once as the file; of the codes
only hashes are kept. Nobody prints a card for somebody whose access is above their own.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from flask import Blueprint, Response, request
from flask_babel import gettext

import qr.code
from qr.poster import Poster, poster_pdf, poster_png
from qr.words import Lang
from shiftapp.exchange import printed
from shiftapp.exchange.cards import Issued, issue_cards, print_cards
from shiftapp.model import crews
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import keys, now_ms, settings, store, token_bytes
from shiftapp.web.language import language
from shiftapp.web.manage_exchange import above_me, file_answer
from shiftapp.web.manage_scope import EDITORS, READERS
from shiftapp.web.manage_stations import station_seen
from shiftapp.web.plant_time import zone

bp = Blueprint("manage_print", __name__)

PDF, PNG = "application/pdf", "image/png"


@bp.get("/manage/exchange/posters.pdf")
@auth.needs(*EDITORS)
def print_posters() -> Response:
    """A poster of every station in use, one a page."""
    manage_scope.must_edit_all()
    return file_answer(poster_pdf(*_posters(_in_use())), PDF, gettext("海报.pdf"))


@bp.get("/manage/exchange/labels.pdf")
@auth.needs(*EDITORS)
def print_labels() -> Response:
    """Labels of every station in use, eight a page."""
    manage_scope.must_edit_all()
    return file_answer(_labels(_in_use()), PDF, gettext("标签.pdf"))


@bp.get("/manage/stations/<code>/poster.<any(pdf, png):kind>")
@auth.needs(*READERS)
def print_poster(code: str, kind: str) -> Response:
    """The poster of one station."""
    station = station_seen(code)
    (poster,) = _posters([station])
    data = poster_pdf(poster) if kind == "pdf" else poster_png(poster)
    return file_answer(data, PDF if kind == "pdf" else PNG, f"{station['label']}.{kind}")


@bp.get("/manage/stations/<code>/label.pdf")
@auth.needs(*READERS)
def print_label(code: str) -> Response:
    """The label of one station."""
    station = station_seen(code)
    return file_answer(_labels([station]), PDF, f"{station['label']}.pdf")


@bp.post("/manage/exchange/cards")
@auth.needs(*EDITORS)
def print_enrolment_cards() -> Response:
    """New cards for who has no phone yet: everybody, or one crew."""
    manage_scope.must_edit_all()
    crew = request.form.get("crew", "")
    if crew and crews.crew(store(), crew) is None:
        raise Problem(404, "no_crew", "没有这个班组。")
    issued = store().write(lambda db: _issue(db, crew))
    if not issued.cards:
        raise Problem(422, "nobody_waits", "没有人要登记卡：都有手机了，或者还没有人员。")
    pdf = print_cards(issued, settings(), zone(), now_ms(), lang=_lang())
    return file_answer(pdf, PDF, gettext("登记卡.pdf"))


def _issue(db: Db, crew: str) -> Issued:
    return issue_cards(
        db,
        settings(),
        now_ms(),
        token_bytes,
        by=auth.account().id,
        crew=crew,
        spared=above_me(db),
        lang=_lang(),
    )


def _in_use() -> list[Row]:
    found = printed.chosen_stations(store())
    if not found:
        raise Problem(404, "no_station_yet", "还没有工位。先加一个，或者导入工作簿。")
    return found


def _posters(stations: list[Row]) -> list[Poster]:
    """The posters, all of them printable.

    :raises Problem: 422 `no_glyph`.
    """
    posters = printed.station_posters(store(), stations, settings(), _mac(), now_ms(), lang=_lang())
    for poster in posters:
        _, lacking = printed.unprintable(poster)
        if lacking:
            raise Problem(
                422,
                "no_glyph",
                "%(label)s 的海报印不出这些字：%(signs)s。换个写法。",
                params={"label": poster.number, "signs": " ".join(lacking)},
            )
    return posters


def _labels(stations: list[Row]) -> bytes:
    return printed.station_labels(stations, settings(), _mac(), now_ms(), lang=_lang())


def _mac() -> partial[str]:
    return partial(qr.code.mac, keys().station_secret)


def _lang() -> Lang:
    return cast(Lang, language())
