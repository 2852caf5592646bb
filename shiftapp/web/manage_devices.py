"""Enrolled phones and shared tablets: whose, when last seen; stopped here when lost."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.model import audit, devices, heard, people, selfchecks
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_devices", __name__)

MOST, MOST_CHECKS = 200, 500
SHOWN = ("", "silent", "shared", "revoked")


@bp.get("/manage/devices")
@auth.needs(*READERS)
def list_devices() -> str:
    """The devices of people I see, last seen first; shared ones for who sees the whole plant."""
    words = request.args.get("q", "").strip()[:60]
    asked = request.args.get("show", "")
    show = asked if asked in SHOWN else ""
    crews = {row["code"] for row in manage_scope.crews_seen()}
    found = [row for row in devices.listing(store()) if _seen(row, crews) and _fits(row, words)]
    chosen = [row for row in found if _shown(row, show)]
    return render_template(
        "manage/devices.html",
        devices=chosen[:MOST],
        tiers=selfchecks.tiers(store()),
        total=len(chosen),
        asked={"q": words, "show": show},
        now_ms=now_ms(),
        silent_ms=heard.SILENT_MS,
        most=MOST,
        editable=auth.account().has(*EDITORS),
    )


@bp.get("/manage/devices/selfchecks")
@auth.needs(*READERS)
def list_selfchecks() -> str:
    """What browsers said of themselves, newest first; those of nobody for who sees the plant."""
    crews = {row["code"] for row in manage_scope.crews_seen()}
    found = [row for row in selfchecks.listing(store()) if _seen(row, crews)]
    return render_template("manage/selfchecks.html", checks=found[:MOST_CHECKS])


@bp.post("/manage/devices/<device>/revoke")
@auth.needs(*EDITORS)
def revoke_device(device: str) -> Response:
    """Stop a device: what it holds stays on it, it sends no more until enrolled again."""
    row = devices.device_row(store(), device)
    owner = people.person(store(), row["person"]) if row["person"] else None
    manage_scope.must(manage_scope.edits_crew(owner["crew"] if owner else None))
    me = auth.account().id

    def write(db: Db) -> None:
        if devices.revoke(db, device, me, now_ms()):
            audit.note(db, now_ms(), me, "device.revoke", f"device:{device}")

    store().write(write)
    flash(gettext("停用了。里面没上传的记录还在，重新登记就能传上来。"))
    return redirect("/manage/devices", code=303)


def _seen(row: Row, crews: set[str]) -> bool:
    return manage_scope.reads_all() or row["crew"] in crews


def _fits(row: Row, words: str) -> bool:
    said = " ".join(str(row[key] or "") for key in ("owner", "owner_en", "owner_no", "label"))
    return words.lower() in said.lower()


def _shown(row: Row, show: str) -> bool:
    gone = row["revoked_ms"] is not None
    if show == "revoked":
        return gone
    if show == "shared":
        return not gone and row["kind"] == "shared"
    last: int = row["synced_ms"] or row["enrolled_ms"]
    return not gone and (show == "" or now_ms() - last >= heard.SILENT_MS)
