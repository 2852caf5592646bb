"""What a page, a sheet and a card say of a signed document: its head, its people, its versions.

Reads the document and nothing else, so all of them tell the same. The sentences that were signed
stay as they are; here are only the labels round them, in the language of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext

from shiftapp.web.dates import in_words, moment
from shiftapp.web.language import named
from shiftapp.web.plant_time import clock
from shiftapp.web.plant_time import day as day_of
from shiftapp.web.public_figures import (
    Risk,
    State,
    dangers,
    risk,
    states,
    units,
    works,
    works_notes,
)
from shiftapp.web.public_words import Doc, Line, joined, said

ROOM_BYTES = 6500  # for shifts, open things and reasons: the page stays under 20 KB
LEAST_BYTES = 1000  # for shifts, however much is open
MOST_ROWS = 30  # of the table of shifts: a page is read to its end
_ROW_BYTES = 90  # what a row weighs without its words
_ITEM_BYTES = 12  # what a sentence in a list weighs without its words

_KINDS = {
    "daily": "安全承诺公告",
    "weekly": "每周安全承诺公告",
    "monthly": "每月安全承诺公告",
    "quarterly": "每季度安全承诺公告",
    "yearly": "年度安全承诺公告",
}


class Rows(NamedTuple):
    """Shifts or groups; `left` of them did not fit, with `on` of `n` people together."""

    lines: list[Line]
    left: int = 0
    on: int = 0
    n: int = 0


@dataclass(frozen=True)
class View:
    """All that is shown of a document but the sentences that were signed; '' or empty: nothing."""

    kind: str
    day: str
    issued: str
    late: str
    signed_for: str
    units: list[Line]
    dangers: str
    works: list[Line]
    works_notes: str
    states: list[State]
    risk: Risk | None
    roster: str
    rows: Rows


def view(doc: Doc, first_ms: int) -> View:
    """What is shown of a document; `first_ms`: when the first version of its day was published."""
    return View(
        kind(doc),
        day(doc),
        issued(doc),
        late(doc, first_ms),
        signed_for(doc),
        units(doc),
        dangers(doc),
        works(doc),
        works_notes(doc),
        states(doc),
        risk(doc),
        roster(doc),
        rows(doc),
    )


def kind(doc: Doc) -> str:
    """What the document is called."""
    return gettext(_KINDS[doc["kind"]])


def day(doc: Doc, form: str = "full") -> str:
    """The day, or the first and the last day of the period."""
    if doc["kind"] == "daily":
        return in_words(doc["date"], form)
    plain = "plain" if form == "full" else form
    first, last = in_words(doc["first"], plain), in_words(doc["last"], plain)
    return gettext("%(first)s到%(last)s", first=first, last=last)


def issued(doc: Doc) -> str:
    """When it was signed and until when it holds."""
    return gettext("%(at)s 签发，有效到 %(until)s", at=_signed(doc), until=until(doc))


def until(doc: Doc) -> str:
    """Until when it holds."""
    return moment(doc["valid_until_ms"])


def late(doc: Doc, first_ms: int) -> str:
    """A word about a day whose first version came after it was due; '' when it was in time."""
    if first_ms <= doc["due_ms"]:
        return ""
    due = clock(doc["due_ms"]) if doc["kind"] == "daily" else moment(doc["due_ms"])
    if doc["version"] == 1:
        return gettext("晚于 %(due)s 签发", due=due)
    return gettext("第 1 版晚于 %(due)s 签发", due=due)


def signed_for(doc: Doc) -> str:
    """In whose place a delegate signed and on what paper; '' when it was the principal."""
    giver = doc.get("delegate_of")
    if not giver:
        return ""
    return gettext(
        "受%(name)s（%(title)s）书面授权签发，授权文件：%(document)s",
        name=named(giver),
        title=named(giver, "title") or gettext("主要负责人"),
        document=giver["document"],
    )


def roster(doc: Doc) -> str:
    """How many were put on or taken off the rosters once the window was open; '' for none."""
    found = doc.get("roster") or {}
    parts = []
    if found.get("added"):
        parts.append(gettext("加了 %(n)s 人", n=found["added"]))
    if found.get("ended"):
        parts.append(gettext("去掉 %(n)s 人", n=found["ended"]))
    if not parts:
        return ""
    return gettext("承诺时段开始后，名单上%(what)s。", what=joined(parts))


def rows(doc: Doc) -> Rows:
    """The shifts of a day or the groups of a period, as many as the page has room for."""
    every = doc["shifts"] if doc["kind"] == "daily" else doc["groups"]
    sites = len({one["site_name"] for one in every}) > 1
    lines: list[Line] = []
    room = max(LEAST_BYTES, ROOM_BYTES - _weight(doc))
    for place, one in enumerate(every):
        line = _row(doc, one, sites)
        room -= _ROW_BYTES + len((line.words + line.more).encode())
        if room < 0 or place == MOST_ROWS:
            rest = every[place:]
            return Rows(lines, len(rest), sum(o["on"] for o in rest), sum(o["n"] for o in rest))
        lines.append(line)
    return Rows(lines)


def _signed(doc: Doc) -> str:
    """When it was signed: the time alone on its own day."""
    whole = moment(doc["published_ms"])
    own = doc["kind"] == "daily" and day_of(doc["published_ms"]) == doc["date"]
    return clock(doc["published_ms"]) if own else whole


def _weight(doc: Doc) -> int:
    """What the sentences of a document weigh that may be many or long, in bytes."""
    override, changed = doc["override"] or {}, doc.get("change") or {}
    listed = [*doc["named"], *override.get("gaps", []), *changed.get("changes", [])]
    texts = [*(said(one) for one in listed), override.get("reason", ""), changed.get("reason", "")]
    return sum(len(text.encode()) + _ITEM_BYTES for text in texts)


def _row(doc: Doc, one: Mapping[str, Any], sites: bool) -> Line:
    place = f"{named(one, 'site_name')} " if sites else ""
    if doc["kind"] == "daily":
        more = gettext(
            "%(day)s %(shift)s，%(at)s 接班",
            day=in_words(one["date"], "short"),
            shift=named(one, "shift"),
            at=clock(one["starts_ms"]),
        )
    else:
        more = gettext("共 %(n)s 个班", n=one["shifts"])
    return Line(place + named(one, "group_name"), f"{one['on']} / {one['n']}", more=more)
