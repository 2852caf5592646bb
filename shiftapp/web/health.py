"""`/healthz` for a monitor: a write reaches the disk, and there is room left."""

from __future__ import annotations

import logging
import shutil

from flask import Blueprint, Response, jsonify

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.web.context import context, store

bp = Blueprint("health", __name__)
log = logging.getLogger("shiftapp")

MIN_FREE_BYTES = 200 * 1024 * 1024


@bp.get("/healthz")
def show_health() -> Response:
    """200 `{"status":"ok"}` after a durable write.

    :raises Problem: 503 `disk_low` below 200 MB free, `no_write` when the database refuses.
    """
    if shutil.disk_usage(context().config.data).free < MIN_FREE_BYTES:
        raise Problem(503, "disk_low", "磁盘快满了，不到 200 MB。")
    try:
        store().write(counters.beat)
    except Exception as error:
        log.exception("health: the write failed")
        raise Problem(503, "no_write", "数据库写不进去。") from error
    return jsonify(status="ok")
