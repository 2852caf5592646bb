"""The inspector's self-check: what supervisors look at, as a page, a workbook and a CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from qr.words import Lang
from shiftapp.exchange import inspection_files, inspection_words
from shiftapp.model import days, inspection
from shiftapp.model.inspection_items import Failing, Item, Span
from shiftapp.problems import Problem
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.language import language

bp = Blueprint("publish_inspection", __name__)

READERS = ("signatory", "manager", "inspector")
SHOWN = 50  # failing rows of an item on the page; the files have all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_PAGES = {
    "shift": "/board/{key}",
    "ladder": "/ladder/{key}",
    "permit": "/special-work/{key}",
    "day": "/publish/history",
    "history": "/publish/history",
}


class Line(NamedTuple):
    """A failing row as the page shows it."""

    day: str
    words: str
    link: str


class Check(NamedTuple):
    """An item as the page shows it: the first of its rows, and how many more there are."""

    item: Item
    title: str
    rule: str
    share: str
    words: str
    lines: list[Line]
    more: int


@bp.get("/publish/inspection")
@auth.needs(*READERS)
def show_inspection() -> str | tuple[str, int]:
    """Every item of the last 30 days, or of `?from=&to=`."""
    try:
        span, problem = _span(), None
    except Problem as found:
        span, problem = _whole(), found
    crews = _my_crews()
    checks = [_check(one, span, crews) for one in _items(span)]
    page = render_template(
        "publish/inspection.html",
        span=span,
        checks=checks,
        problem=problem,
        typed=request.args,
        query=f"?from={span.first}&to={span.last}",
    )
    return page if problem is None else (page, problem.status)


@bp.get("/publish/inspection.xlsx")
@auth.needs(*READERS)
def take_workbook() -> Response:
    """The same with every failing row, as a workbook."""
    span = _span()
    data = inspection_files.workbook(_items(span), span, settings().due, _addresses(), _lang())
    return _file(data, XLSX, span, "xlsx")


@bp.get("/publish/inspection.csv")
@auth.needs(*READERS)
def take_csv() -> Response:
    """The same as one table."""
    span = _span()
    data = inspection_files.as_csv(_items(span), span, settings().due, _addresses(), _lang())
    return _file(data, CSV, span, "csv")


def _span() -> Span:
    """The days asked for.

    :raises Problem: 422 `bad_span`.
    """
    return _between(request.args.get("from", ""), request.args.get("to", ""))


def _whole() -> Span:
    return _between("", "")


def _between(first: str, last: str) -> Span:
    today = days.today(store(), now_ms())
    return inspection.span(days.zone(store()), first, last, today, now_ms())


def _items(span: Span) -> tuple[Item, ...]:
    return inspection.inspect(store(), settings(), span)


def _check(one: Item, span: Span, crews: set[str]) -> Check:
    lang = _lang()
    return Check(
        item=one,
        title=inspection_words.title(one, lang),
        rule=inspection_words.rule(one, settings().due, lang),
        share=inspection_words.share(one),
        words=inspection_words.verdict(one, lang),
        lines=[
            Line(row.day, inspection_words.row(row, span.zone, lang), _link(row, crews))
            for row in one.failing[:SHOWN]
        ],
        more=max(len(one.failing) - SHOWN, 0),
    )


def _link(row: Failing, crews: set[str]) -> str:
    """Where a row is looked into; '' where there is nothing, or not for this reader."""
    kind, key = row.about or ("", "")
    if kind == "shift" and key.partition("/")[0] not in crews:
        return ""
    if kind == "announcement":
        return f"/en/announcements/{key}" if language() == "en" else f"/announcements/{key}"
    return _PAGES.get(kind, "").format(key=key)


def _addresses() -> Callable[[Failing], str]:
    """The same for a file, which is read elsewhere."""
    crews, url = _my_crews(), settings().url

    def address(row: Failing) -> str:
        link = _link(row, crews)
        return f"{url}{link}" if link else ""

    return address


def _my_crews() -> set[str]:
    return {crew["code"] for crew in scope.my_crews()}


def _lang() -> Lang:
    return "en" if language() == "en" else "zh"


def _file(data: bytes, mimetype: str, span: Span, ending: str) -> Response:
    response = Response(data, mimetype=mimetype)
    name = f"inspection-{span.first}-{span.last}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
