"""Signing the announcement: what was shown is what is signed, exactly once, and it stays.

Everything happens in one write function: the draft is derived again, compared with what the form
says it showed, signed and stored. Only that of a period, which takes seconds in a large plant, is
derived before (`derive_ahead`), as known at the instant of the signature: nobody's record waits for
it. So nobody signs figures they have not seen, a double press and a replay give the first
announcement back, and of two signatories one is told of the other. A further version supersedes, it
never replaces a row. The instant is the server's: nothing can be dated back. What is signed is a
note that names the person (announcement_note.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import (
    announcement_note,
    announcement_tail,
    announcement_text,
    announcements,
    audit,
    citations,
    days,
    periods,
    reasons,
)
from shiftapp.model.announcement_items import Doc
from shiftapp.model.announcement_tail import Order, Right
from shiftapp.model.announcements import Draft
from shiftapp.model.days import Times
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

__all__ = ["Order", "holds", "prepare", "preview", "publish"]

holds = announcement_note.holds


class Ready(NamedTuple):
    """A document as it would be signed, and the draft that it was made of."""

    doc: Doc
    draft: Draft


def publish(
    db: Db,
    settings: Settings,
    order: Order,
    sign: Callable[[str], str],
    *,
    by: str,
    now_ms: int,
    ahead: Draft | None = None,
) -> Row:
    """Sign and store an announcement; gives it as `announcements.announcement` does.

    Inside `store.write`: what it returns may leave the house once that is durable. `sign` makes
    the note of a text with the announcement key. `ahead`: what `derive_ahead` gave for `now_ms`.

    :raises Problem: as `prepare`; 409 `draft_changed` also for another text than was shown.
    """
    if _is_there(db, order.id):
        return announcements.announcement(db, order.id)
    ready = prepare(db, settings, order, by=by, now_ms=now_ms, ahead=ahead)
    if order.shown and order.shown != shown(ready.doc):
        raise _changed()
    return _store(db, settings, ready, sign, by, now_ms)


def derive_ahead(db: Db, settings: Settings, order: Order, now_ms: int) -> Draft | None:
    """The draft of a period for `publish` at that instant; None: a day is derived as it is signed.

    Reads only, and outside a write. What had been received by then must be stored by now.

    :raises Problem: 404 `no_such_day`; 409 `day_over`.
    """
    if order.kind == "daily" or _is_there(db, order.id):
        return None
    open_day(db, settings, order.kind, order.date, now_ms)
    return announcements.derive(db, settings, order.date, now_ms, order.kind)


def preview(db: Db, settings: Settings, order: Order, *, by: str, now_ms: int) -> Doc:
    """The document of `prepare`."""
    return prepare(db, settings, order, by=by, now_ms=now_ms).doc


def prepare(
    db: Db,
    settings: Settings,
    order: Order,
    *,
    by: str,
    now_ms: int,
    ahead: Draft | None = None,
) -> Ready:
    """The document as it would be signed now. Reads only.

    :raises Problem: 403 `no_right`; 404 `no_such_day`; 409 `day_over`, `already_published`,
        `clock_back`, `draft_changed`, `too_early`, `open_gaps`; 422 `no_change`, `no_reason`,
        `no_first`, `reason_too_long`, `name_in_reason`.
    """
    right = right_of(db, order.kind, order.date, by, now_ms)
    open_day(db, settings, order.kind, order.date, now_ms)
    newest = announcements.newest_of(db, order.date, order.kind)
    if (newest["version"] if newest else 0) != order.base:
        raise _published_meanwhile()
    if newest and now_ms < newest["published_ms"]:
        raise Problem(409, "clock_back", "服务器的钟比前一版签发的时刻还早。先校时，再签。")
    draft = ahead or announcements.derive(db, settings, order.date, now_ms, order.kind)
    if draft.sha != order.expect:
        raise _changed()
    _check(db, order, draft, by, now_ms)
    return Ready(announcement_tail.document(order, draft, newest, right, now_ms), draft)


def shown(doc: Doc) -> str:
    """What names the text that a signatory has read (hex)."""
    return hashlib.sha256("\n".join(announcement_text.lines(doc)).encode()).hexdigest()


def right_of(db: Db, kind: str, date: str, by: str, now_ms: int) -> Right:
    """By what somebody may sign a day or a period.

    A delegation is for the dates of daily announcements. A period is over when it is signed: there
    the day of signing counts.

    :raises Problem: 403 `no_right`.
    """
    return announcement_tail.right(db, by, date if kind == "daily" else days.today(db, now_ms))


def open_day(db: Db, settings: Settings, kind: str, date: str, now_ms: int) -> Times:
    """The instants of a day, or of the period that ends on it, that can be signed now: the day has
    begun, the period has ended, and its time is not over.

    :raises Problem: 404 `no_such_day`; 409 `day_over`.
    """
    if kind not in periods.KINDS:
        raise _no_such_day()
    try:
        times = days.times(db, settings, date, periods.kind_of(kind))
    except ValueError:
        raise _no_such_day() from None
    today = days.today(db, now_ms)
    if date > today or (kind != "daily" and date == today):
        raise _no_such_day()
    if now_ms >= times.valid_until_ms:
        raise Problem(409, "day_over", "%(date)s 的公告时间已过，不能再签。", params={"date": date})
    return times


def too_early(draft: Draft, now_ms: int) -> bool:
    """Whether one of its shifts has not started: how many are on time is not known yet."""
    settled_ms = draft.figures.settled_ms
    return settled_ms is not None and now_ms < settled_ms


def signer_name(settings: Settings) -> str:
    """The name the announcement key signs under."""
    return f"{settings.origin}/announcement"


def _check(db: Db, order: Order, draft: Draft, by: str, now_ms: int) -> None:
    if too_early(draft, now_ms):
        raise Problem(409, "too_early", "还有班没到接班时间，按时的人数还没定。到时间再签。")
    if draft.figures.gaps and not reasons.folded(order.override):
        n = len(draft.figures.gaps)
        text = "还有 %(n)s 处没有处理。先处理，或者写明理由再签。"
        raise Problem(409, "open_gaps", text, params={"n": n})
    _check_change(order)
    reasons.check(db, order.override, by)
    reasons.check(db, order.reason, by)


def _check_change(order: Order) -> None:
    """A further version says what it is and why; a first one is neither."""
    if not order.base:
        if order.change:
            raise Problem(422, "no_first", "还没有公告，不用更新，也不用更正。直接签发。")
        return
    if order.change not in ("update", "correction"):
        raise Problem(422, "no_change", "选一下：情况变了，还是前一版有错。")
    if not reasons.folded(order.reason):
        raise Problem(422, "no_reason", "写明为什么再发一版。")


def _store(
    db: Db, settings: Settings, ready: Ready, sign: Callable[[str], str], by: str, now_ms: int
) -> Row:
    doc, cited = ready.doc, citations.cited(db, ready.draft)
    data = encoding.canonical(doc)
    # --- point of no return: what is signed here is stored here, or nothing is ---
    signed = sign(announcement_note.text(signer_name(settings), doc, data))
    db.run("SAVEPOINT announcement")  # no entry of the log without its announcement
    stored = db.run(
        "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
        " published_by, supersedes, entry_seq, parts) VALUES (:id, :kind, :date, :version, :why,"
        " :doc, :note, :now, :by, :supersedes, :entry, :parts) ON CONFLICT DO NOTHING",
        id=doc["id"],
        kind=doc["kind"],
        date=doc["date"],
        version=doc["version"],
        why=doc["change"]["how"] if doc["change"] else "first",
        doc=data.decode(),
        note=signed,
        now=now_ms,
        by=by,
        supersedes=doc["supersedes"],
        entry=citations.write(db, data, cited, doc["supersedes"], now_ms),
        parts=citations.listed(cited.parts),
    )
    if stored:
        audit.note(db, now_ms, by, "announcement.publish", doc["id"], _detail(doc))
    else:
        db.run("ROLLBACK TO SAVEPOINT announcement")
    db.run("RELEASE SAVEPOINT announcement")
    if not stored and not _is_there(db, doc["id"]):
        raise _published_meanwhile()  # by another node, between our look and our insert
    return announcements.announcement(db, doc["id"])


def _is_there(db: Db, id: str) -> bool:
    return db.value("SELECT id FROM announcement WHERE id = :id", id=id) is not None


def _detail(doc: Doc) -> str:
    words = [] if doc["kind"] == "daily" else [doc["kind"]]
    words += [doc["date"], f"v{doc['version']}"]
    words += [name for name in ("override", "delegate_of") if doc[name]]
    return " ".join([*words, *([doc["change"]["how"]] if doc["change"] else [])])


def _published_meanwhile() -> Problem:
    return Problem(409, "already_published", "刚刚已有人签发。看过那一版，要改再签。")


def _changed() -> Problem:
    return Problem(409, "draft_changed", "刚才有新记录，数变了。看过新的再签。")


def _no_such_day() -> Problem:
    return Problem(404, "no_such_day", "没有这一天的公告可签。")
