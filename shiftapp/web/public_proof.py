"""The proof that an announcement is in the public log, as a file to keep (C2SP tlog-proof)."""

from __future__ import annotations

from flask import Response

from shiftapp.model import announcement_archive, log_proofs
from shiftapp.web.context import store
from shiftapp.web.public import bp
from shiftapp.web.public_caching import for_others, kept

__all__ = ["bp"]  # the public pages, with this one


@bp.get("/announcements/<id>.tlog-proof")
def show_proof(id: str) -> Response:
    """The proof of its entry; witnesses that sign later stand in it too.

    :raises Problem: 404 `no_announcement`; `not_sealed` until a published checkpoint holds it.
    """
    found = announcement_archive.announcement(store(), id)
    text = log_proofs.of_announcement(store(), found["id"])
    return for_others(kept(Response(text, content_type=log_proofs.CONTENT_TYPE)))
