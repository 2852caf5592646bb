"""Who and what is behind the figures, and every version of every day: for signed-in readers."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from shiftapp.ledger import receipts
from shiftapp.model import announcements, counts, day_risk, periods, publishing, special_works
from shiftapp.model.counts import Part
from shiftapp.store import Row
from shiftapp.web import auth, publish_access
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.publish import asked_for

bp = Blueprint("publish_sources", __name__)

HISTORY = 60


@bp.get("/publish/history")
@auth.needs()
def show_history() -> str:
    """Every version of every day and period, with who signed it and why."""
    publish_access.must_read()
    before = request.args.get("before") or "9999-12-31"
    found = announcements.versions(store(), HISTORY + 1, before)
    shown = _whole_days(found)
    more = shown[-1]["date"] if len(found) > len(shown) else None
    return render_template("publish/history.html", versions=shown, more=more)


@bp.get("/publish/sources")
@auth.needs()
def show_sources() -> str:
    """What each figure of a day or period counts, people by their names; never in public."""
    publish_access.must_read()
    (kind, date), now, facts = asked_for(), now_ms(), settings()
    publishing.open_day(store(), facts, kind, date, now)
    draft = announcements.derive(store(), facts, date, now, periods.kind_of(kind))
    found = draft.figures
    parts = [(part, _sources(part), counts.without_commitment(part)) for part in found.parts]
    return render_template(
        "publish/sources.html",
        kind=kind,
        date=date,
        found=found,
        doc=draft.content,
        parts=parts,
        label=special_works.label,
        rules=day_risk.rules(),
        now=now,
    )


def _whole_days(found: list[Row]) -> list[Row]:
    """A page of versions that ends with a day: the next one begins with the day before."""
    if len(found) <= HISTORY:
        return found
    next_day = found[HISTORY]["date"]
    return [one for one in found if one["date"] != next_day] or found[:HISTORY]


def _sources(part: Part) -> list[Row]:
    """The commitments of a part, each with the code that its receipt shows."""
    rows = counts.sources(store(), part)
    return [
        {**row, "code": receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"]))}
        for row in rows
    ]
