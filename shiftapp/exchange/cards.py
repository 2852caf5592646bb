"""Enrolment cards: single-use codes for people without a phone, drawn as a PDF to cut out.

In two steps, because the codes are written in a transaction and drawing thousands takes seconds.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import qr.cards
import qr.code
from qr.cards import EnrolmentCard
from qr.words import Lang
from shiftapp.exchange import wording
from shiftapp.model import audit, devices, everybody
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

Random = Callable[[int], bytes]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Issued:
    """Cards whose codes are in the database, to be printed now: the codes are kept nowhere."""

    cards: tuple[EnrolmentCard, ...]
    expires_ms: int


def issue_cards(
    db: Db,
    facts: Settings,
    now_ms: int,
    random: Random,
    *,
    by: str | None,
    crew: str = "",
    everybody_too: bool = False,
    spared: Collection[str] = (),
    lang: Lang = "zh",
) -> Issued:
    """New single-use codes, good for 7 days, for the active people of a crew ('' all).

    Unless `everybody_too`, only for those without a phone; never for the `spared` (ids). Older
    unused cards of the same people end. `by` is the person at a desk, None on the command line.
    """
    found = everybody.for_cards(db, now_ms, crew, everybody_too)
    people = [row for row in found if row["id"] not in spared]
    everybody.withdraw_cards(db, [row["id"] for row in people], now_ms)
    codes: set[str] = set()
    cards = []
    for row in people:
        code = _new_code(codes, random)
        devices.make_code(db, code, "card", row["id"], by or "cli", now_ms)
        cards.append(_card(row, code, facts.url, lang))
    if people:
        audit.note(db, now_ms, by, "cards.print", crew, f"{len(people)}")
    return Issued(tuple(cards), now_ms + devices.CARD_MS)


def print_cards(
    issued: Issued,
    facts: Settings,
    zone: str,
    now_ms: int,
    *,
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> bytes:
    """The cards as a PDF, ten on a page; `zone` is the site's, for the time until they are good."""
    until = datetime.datetime.fromtimestamp(issued.expires_ms / 1000, ZoneInfo(zone))
    return qr.cards.enrolment_cards(
        issued.cards,
        company=wording.company(facts, lang),
        valid_until=until,
        made=wording.day(zone, now_ms),
        typed_at=f"{urlsplit(facts.url).netloc}/enrol",
        lang=lang,
        progress=progress,
    )


def _new_code(taken: set[str], random: Random) -> str:
    code = qr.code.make_code(random(7))
    while code in taken:
        code = qr.code.make_code(random(7))
    taken.add(code)
    return code


def _card(row: Row, code: str, url: str, lang: Lang) -> EnrolmentCard:
    return EnrolmentCard(
        name=wording.name(row, "name", lang),
        number=row["no"],
        crew=wording.name(row, "crew_name", lang),
        code=qr.code.format_code(code),
        url=f"{url}/enrol/{code}",
    )
