"""My own shifts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("worker_shifts", __name__)
