"""Signing the announcement: what was shown is what is signed, exactly once, and it stays.

Everything happens in one write function: the draft is derived again, compared with what the form
says it showed, signed and stored. So nobody signs figures they have not seen, a double click and a
replay give the first announcement back, and of two signatories one is told of the other. A further
version supersedes, it never replaces a row.

The note is a C2SP signed note of the announcement key; its text has four lines:
`<origin>/announcement` · base64 of the SHA-256 of the document's bytes · `<date> <version>` · the
instant, ms.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from shiftapp.ledger import encoding
from shiftapp.model import announcement_words, announcements, audit, figures, people, reasons
from shiftapp.model.announcements import Doc, Draft
from shiftapp.model.figures import Times
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a signatory asks for: `id` is minted with the form, `expect` the draft's sha it showed,
    `base` the newest version it showed (0: none). Reasons are public.
    """

    id: str
    date: str
    expect: str
    base: int
    override: str = ""  # why over open gaps
    correction: str = ""  # why a further version


def publish(
    db: Db,
    settings: Settings,
    order: Order,
    sign: Callable[[str], str],
    *,
    by: str,
    now_ms: int,
) -> Row:
    """Sign and store the announcement of a day; gives it as `announcements.announcement` does.

    Inside `store.write`: what it returns may leave the house once that is durable. `sign` makes
    the note of a text with the announcement key.

    :raises Problem: 403 `wrong_role`; 404 `no_such_day`; 409 `day_over`, `already_published`,
        `draft_changed`, `too_early`, `open_gaps`; 422 `no_correction`, `reason_too_long`,
        `name_in_reason`.
    """
    if db.value("SELECT id FROM announcement WHERE id = :id", id=order.id) is not None:
        return announcements.announcement(db, order.id)
    if not people.may(db, by, "signatory"):
        raise Problem(403, "wrong_role", "你的账号没有这个权限。要用就找管理员。")
    times = open_day(db, settings, order.date, now_ms)
    newest = announcements.newest_of(db, order.date)
    if (newest["version"] if newest else 0) != order.base:
        raise _published_meanwhile()
    draft = announcements.derive(db, settings, order.date, now_ms)
    if draft.sha != order.expect:
        raise Problem(409, "draft_changed", "刚才有新记录，数变了。看过新的再签。")
    _check(db, order, draft, by, now_ms)
    signatory = people.person(db, by)
    assert signatory is not None  # has a role
    doc = _document(order, draft, newest, signatory, times, now_ms)
    return _store(db, settings, order, doc, sign, by, now_ms)


def open_day(db: Db, settings: Settings, date: str, now_ms: int) -> Times:
    """The instants of a day that can be signed now: it has begun, and its time is not over.

    :raises Problem: 404 `no_such_day`; 409 `day_over`.
    """
    try:
        times = figures.times(db, settings, date)
    except ValueError:
        raise _no_such_day() from None
    if date > figures.today(db, now_ms):
        raise _no_such_day()
    if now_ms >= times.valid_until_ms:
        raise Problem(409, "day_over", "%(date)s 的公告时间已过，不能再签。", params={"date": date})
    return times


def too_early(draft: Draft, now_ms: int) -> bool:
    """Whether one of its shifts has not started: how many are on time is not known yet."""
    settled_ms = draft.figures.settled_ms
    return settled_ms is not None and now_ms < settled_ms


def _check(db: Db, order: Order, draft: Draft, by: str, now_ms: int) -> None:
    if too_early(draft, now_ms):
        raise Problem(409, "too_early", "还有班没到接班时间，按时的人数还没定。到时间再签。")
    if draft.figures.gaps and not order.override.strip():
        raise Problem(
            409,
            "open_gaps",
            "还有 %(n)s 处没有处理。先处理，或者写明理由再签。",
            params={"n": len(draft.figures.gaps)},
        )
    if order.base and not order.correction.strip():
        raise Problem(422, "no_correction", "写明为什么更正。")
    reasons.check(db, order.override, by)
    reasons.check(db, order.correction, by)


def _document(
    order: Order,
    draft: Draft,
    newest: Row | None,
    signatory: Row,
    times: Times,
    now_ms: int,
) -> Doc:
    named = ("name", "name_en", "title", "title_en")
    return {
        **draft.content,
        "id": order.id,
        "version": order.base + 1,
        "supersedes": newest["id"] if newest else None,
        "published_ms": now_ms,
        "signatory": {key: signatory[key] for key in named},
        "override": _override(order, draft),
        "correction": _correction(order, draft, newest),
    }


def _override(order: Order, draft: Draft) -> Doc | None:
    """The gaps that were signed over, and why."""
    gaps = [announcement_words.sentence(gap.code, gap.n) for gap in draft.figures.gaps]
    return {"reason": reasons.folded(order.override), "gaps": gaps} if gaps else None


def _correction(order: Order, draft: Draft, newest: Row | None) -> Doc | None:
    if newest is None:
        return None
    return {
        "reason": reasons.folded(order.correction),
        "changes": changes(newest["doc"], draft.content),
        "version": newest["version"],
        "published_ms": newest["published_ms"],
    }


def changes(before: Doc, after: Doc) -> list[dict[str, str]]:
    """What differs between two documents, a sentence each in both languages."""
    return announcements.differences(before, after)


def signer_name(settings: Settings) -> str:
    """The name the announcement key signs under."""
    return f"{settings.origin}/announcement"


def _store(
    db: Db,
    settings: Settings,
    order: Order,
    doc: Doc,
    sign: Callable[[str], str],
    by: str,
    now_ms: int,
) -> Row:
    data = encoding.canonical(doc)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    day = f"{order.date} {doc['version']}"
    # --- point of no return: what is signed here is stored here, or nothing is ---
    signed = sign(f"{signer_name(settings)}\n{digest}\n{day}\n{now_ms}\n")
    stored = db.run(
        "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
        " published_by, supersedes) VALUES (:id, 'daily', :date, :version, :why, :doc, :note, :now,"
        " :by, :supersedes)"
        " ON CONFLICT DO NOTHING",
        id=order.id,
        date=order.date,
        version=doc["version"],
        why="correction" if doc["correction"] else "first",
        doc=data.decode(),
        note=signed,
        now=now_ms,
        by=by,
        supersedes=doc["supersedes"],
    )
    if stored:
        audit.note(db, now_ms, by, "announcement.publish", order.id, _detail(doc))
    elif db.value("SELECT id FROM announcement WHERE id = :id", id=order.id) is None:
        raise _published_meanwhile()  # by another node, between our look and our insert
    return announcements.announcement(db, order.id)


def _detail(doc: Doc) -> str:
    return f"{doc['date']} v{doc['version']}" + (" override" if doc["override"] else "")


def _published_meanwhile() -> Problem:
    return Problem(409, "already_published", "刚刚已有人签发。看过那一版，要改再签。")


def _no_such_day() -> Problem:
    return Problem(404, "no_such_day", "没有这一天的公告可签。")
