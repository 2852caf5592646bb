"""The public log as its keepers look at it: what is sealed, what waits, who witnesses it.

Everything on it but what waits is public anyway; it is here so that whoever answers for the figures
sees the trouble before a stranger does.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from shiftapp.ledger import note
from shiftapp.ledger.policy import NONE, Policy
from shiftapp.model import log_keeper, log_state, publishing
from shiftapp.model.log_audit import MERGE_MS
from shiftapp.web import auth
from shiftapp.web.context import keys, now_ms, settings, store

bp = Blueprint("manage_log", __name__)

READERS = ("manager", "admin", "signatory")
LONG_MS = 3_600_000  # without a quorum


@bp.get("/manage/log")
@auth.needs(*READERS)
def show_log() -> str:
    """Size, newest checkpoint, witnesses, keys, and what is wrong."""
    desk = log_state.desk(store())
    now = now_ms()
    refused = desk.refused
    return render_template(
        "manage/log.html",
        desk=desk,
        refused=log_keeper.refusal(refused) if refused in log_keeper.SENTENCES else None,
        overdue=desk.oldest_ms is not None and now - desk.oldest_ms > MERGE_MS,
        unseen_long=desk.unseen is not None and now - desk.unseen["at_ms"] > LONG_MS,
        quorum=quorum_words(desk.policy) if desk.policy else "",
        vkeys=_vkeys(desk.policy),
    )


def quorum_words(policy: Policy) -> str:
    """Which witnesses make the quorum: `2/3 (self, union, insurer)`; groups in groups likewise."""

    def words(name: str) -> str:
        group = policy.groups.get(name)
        if group is None:
            return name
        listed = ", ".join(words(one) for one in group.members)
        return f"{group.least}/{len(group.members)} ({listed})"

    return "" if policy.quorum == NONE else words(policy.quorum)


def _vkeys(policy: Policy | None) -> list[tuple[str, str]]:
    """The public keys to print: for what, and the vkey."""
    held, origin = keys(), settings().origin
    found = [
        ("receipt", note.vkey(f"{origin}/receipt", note.public_bytes(held.receipt))),
        (
            "announcement",
            note.vkey(publishing.signer_name(settings()), note.public_bytes(held.announcement)),
        ),
    ]
    if policy is None:
        return found
    log_key = note.vkey(policy.log.name, policy.log.public.public_bytes_raw())
    witnesses = [
        note.vkey(w.verifier.name, w.verifier.public.public_bytes_raw(), note.COSIGNATURE)
        for w in policy.witnesses
    ]
    return [("log", log_key), *(("witness", one) for one in witnesses), *found]
