"""A unit signs its day: the research answered, a reason over every gap that allows one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shiftapp import library
from shiftapp.model import counters, ladder, rungs, units
from shiftapp.model.rungs import Rung
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db

Doc = dict[str, Any]  # JSON of the library
ANSWERS = ("yes", "no", "none")  # in place; not in place; nothing of the kind here
MAX_REASON = 200


@dataclass(frozen=True)
class Order:
    """What somebody signs: `seen` is the digest of the rung they were shown (`Rung.sha`)."""

    unit: str
    date: str
    seen: str
    answers: Mapping[str, str] = field(default_factory=dict)  # research item → one of ANSWERS
    notes: Mapping[str, str] = field(default_factory=dict)  # research item → words
    reasons: Mapping[str, str] = field(default_factory=dict)  # key of a gap → words


def research() -> list[Doc]:
    """What a unit researches, in groups (应急〔2018〕74号): `name`, `items` with `id` and `t`."""
    return library.research()


def items() -> list[str]:
    """The research items of a unit, in order."""
    return [item["id"] for group in research() for item in group["items"]]


def sign(db: Db, settings: Settings, order: Order, *, by: str, now_ms: int) -> int:
    """Sign; gives which signature of that day it is.

    :raises Problem: 404 `no_unit`; 403 `not_signer`; 409 `not_open_yet`, `already_signed`,
        `changed`, `blocked`; 422 `no_research`, `no_measure`, `no_reason`.
    :raises ValueError: not a date.
    """
    unit = units.unit(db, order.unit)
    if unit is None:
        raise Problem(404, "no_unit", "没有这个单位。")
    if not units.may_sign(db, unit, by):
        raise Problem(403, "not_signer", "这一级不由你签。")
    rung = ladder.find(ladder.tops(db, settings, order.date, now_ms), order.unit)
    if rung is None:  # no crew answers to it
        raise Problem(404, "no_unit", "没有这个单位。")
    if now_ms < ladder.opens_ms(db, settings, rung, order.date):
        raise Problem(409, "not_open_yet", "这一天还有班次没开始，到时间再签。")
    check(rung, order)
    no = rung.signature.row["no"] + 1 if rung.signature else 1
    written = db.run(
        "INSERT INTO unit_signoff (unit, date, no, person, at_ms, figures, research, gaps, below)"
        " VALUES (:unit, :date, :no, :by, :now, :figures, :research, :gaps, :below)"
        " ON CONFLICT (unit, date, no) DO NOTHING",
        unit=order.unit,
        date=order.date,
        no=no,
        by=by,
        now=now_ms,
        figures=json.dumps({"expected": rung.expected, "ready": rung.ready}),
        research=json.dumps(_research(order), ensure_ascii=False),
        gaps=json.dumps(_gaps(rung, order), ensure_ascii=False),
        below=json.dumps(rungs.numbers(rung)),
    )
    if not written:  # another server was a moment earlier
        raise _already()
    counters.touch(db)
    return no


def check(rung: Rung, order: Order) -> None:
    """Whether this can be signed as it was shown.

    :raises Problem: as `sign`.
    """
    if rung.signed:
        raise _already()
    if rung.blocking:
        n = len(rung.blocking)
        raise Problem(409, "blocked", "还不能签：下面有 %(n)s 处要先答复。", params={"n": n})
    if order.seen != rung.sha:
        raise Problem(409, "changed", "你看的时候情况变了。再看一遍，写的都还在。")
    unanswered = [one for one in items() if order.answers.get(one) not in ANSWERS]
    if unanswered:
        n = len(unanswered)
        raise Problem(422, "no_research", "研判还有 %(n)s 项没答。", params={"n": n})
    bare = [one for one in items() if order.answers[one] == "no" and not _said(order.notes, one)]
    if bare:
        raise Problem(422, "no_measure", "没落实的 %(n)s 项要写怎么办。", params={"n": len(bare)})
    missing = [gap for gap in rung.asks if not _said(order.reasons, gap.key)]
    if missing:
        raise Problem(422, "no_reason", "还差 %(n)s 处没写原因。", params={"n": len(missing)})


def _said(written: Mapping[str, str], key: str) -> str:
    return written.get(key, "").strip()[:MAX_REASON]


def _research(order: Order) -> dict[str, dict[str, str]]:
    return {one: {"a": order.answers[one], "note": _said(order.notes, one)} for one in items()}


def _gaps(rung: Rung, order: Order) -> list[dict[str, str]]:
    return [
        {"key": gap.key, "what": gap.kind, "reason": _said(order.reasons, gap.key)}
        for gap in rung.asks
    ]


def _already() -> Problem:
    return Problem(409, "already_signed", "这一级已经签了。")
