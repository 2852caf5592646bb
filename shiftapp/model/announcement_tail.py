"""What a signature adds to a draft: who signs and for whom, over what, and instead of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shiftapp.model import announcement_words, announcements, delegations, people, reasons
from shiftapp.model.announcement_items import Doc
from shiftapp.model.announcements import Draft
from shiftapp.model.periods import Kind
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

How = Literal["", "update", "correction"]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a signatory asks for: `id` is minted with the form, `expect` the draft's sha it showed,
    `base` the newest version it showed (0: none), `shown` the sha of the text it showed before the
    signature ('': none was shown). Reasons are public.
    """

    id: str
    date: str  # of a period the last day
    expect: str
    base: int
    override: str = ""  # why over open gaps
    change: How = ""  # of a further version: the day has changed, or the version before was wrong
    reason: str = ""  # why
    kind: Kind = "daily"
    shown: str = ""


@dataclass(frozen=True)
class Right:
    """By what somebody may sign: as the principal, or (`delegation`) by the principal's leave."""

    person: Row
    delegation: Row | None


def right(db: Db, by: str, date: str) -> Right:
    """The right of a person (id) to sign on a date.

    :raises Problem: 403 `no_right`.
    """
    person = people.person(db, by)
    if person is not None and people.may(db, by, "signatory"):
        return Right(person, None)
    delegation = delegations.of_date(db, by, date)
    if person is None or delegation is None:
        text = "签发要由主要负责人，或者当天有书面授权的人做。"
        raise Problem(403, "no_right", text)
    return Right(person, delegation)


def document(order: Order, draft: Draft, newest: Row | None, by: Right, now_ms: int) -> Doc:
    """The whole document of a version; what is not in the draft is added here."""
    return {
        **draft.content,
        "id": order.id,
        "version": order.base + 1,
        "supersedes": newest["id"] if newest else None,
        "published_ms": now_ms,
        "signatory": {key: by.person[key] for key in _NAMED},
        "delegate_of": _principal(by.delegation),
        "override": _override(order, draft),
        "change": _change(order, draft, newest),
    }


_NAMED = ("name", "name_en", "title", "title_en")


def _principal(delegation: Row | None) -> Doc | None:
    if delegation is None:
        return None
    named = {key: delegation[f"signatory_{key}"] for key in _NAMED}
    return {**named, "document": delegation["document"]}


def _override(order: Order, draft: Draft) -> Doc | None:
    """The gaps that were signed over, and why."""
    period = order.kind != "daily"
    gaps = [
        announcement_words.sentence(gap.code, gap.n, period=period) for gap in draft.figures.gaps
    ]
    return {"reason": reasons.folded(order.override), "gaps": gaps} if gaps else None


def _change(order: Order, draft: Draft, newest: Row | None) -> Doc | None:
    if newest is None:
        return None
    return {
        "how": order.change,
        "reason": reasons.folded(order.reason),
        "changes": announcements.differences(newest["doc"], draft.content),
        "version": newest["version"],
        "published_ms": newest["published_ms"],
    }
