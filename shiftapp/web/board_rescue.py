"""What a phone could not send, brought in a file: saved there, taken here, by a leader.

The records are as sealed, so they prove themselves as far as they would have on their own way; that
another device delivers is flagged as always (`other_device`). What came already falls out by its
id, so a file may be brought twice, and the phone may still send its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from shiftapp.ledger.receipts import receipt_code
from shiftapp.model import audit, chain, records
from shiftapp.model.judging import Arrival, Sealed
from shiftapp.problems import Problem
from shiftapp.web import api_sync, auth, pin_proofs, scope, security, shell
from shiftapp.web.context import fresh_ms, now_ms, settings, store
from shiftapp.web.sealing import secrets

bp = Blueprint("board_rescue", __name__)

MAX_MB = 4
NOT_OURS = "这个文件不是手机上“存成文件”存下的，没有读。"


class Line(NamedTuple):
    """What became of one record of the file; `sealed` is None where it cannot be read at all."""

    sealed: Sealed | None
    stored: records.Stored | None

    @property
    def status(self) -> str:
        """'stored', 'duplicate' or 'quarantined'; 'unreadable'; 'failed' for a fault of ours."""
        if self.sealed is None:
            return "unreadable"
        return self.stored.status if self.stored else "failed"

    @property
    def sealed_ms(self) -> int | None:
        """When the phone says it was made, ms."""
        time = self.sealed.body.get("time") if self.sealed else None
        found = time.get("sealed_ms") if isinstance(time, dict) else None
        return found if type(found) is int and 0 <= found < 2**42 else None

    @property
    def code(self) -> str:
        """The receipt code, the same that the phone will show."""
        return receipt_code(self.sealed.c) if self.sealed else ""


@bp.get("/board/rescue")
@auth.needs(*scope.ACT)
def show_rescue() -> str:
    """Where the file of a phone is given."""
    return _page()


@bp.post("/board/rescue")
@auth.needs(*scope.ACT)
def take_rescue() -> str | tuple[str, int]:
    """Take what of a file can be read; one line a record of what became of it."""
    try:
        found = _read()
    except Problem as problem:
        return _page(problem=problem), problem.status
    read = sorted((one for one in found if one is not None), key=_place)
    proven = pin_proofs.proven(read, f"rescue {auth.account().id}")
    lines = [Line(None, None)] * (len(found) - len(read))
    for at in range(0, len(read), api_sync.MAX_RECORDS):
        batch = read[at : at + api_sync.MAX_RECORDS]
        arrival = Arrival(fresh_ms(), None, None, carried=True, proven=proven)
        stored = records.accept(store(), batch, arrival, secrets(), settings().grace_s)
        lines += [Line(*pair) for pair in zip(batch, stored, strict=True)]
    new = sum(line.status == "stored" for line in lines)
    if new:
        detail = f"{new} of {len(lines)}"
        me = auth.account().id
        store().write(lambda db: audit.note(db, now_ms(), me, "board.rescue", "records", detail))
    return _page(lines=lines)


def _read() -> list[Sealed | None]:
    """The records of the file sent; None in the place of one that cannot be read.

    :raises Problem: 422 `no_file` `not_rescue`; 413 `file_too_big`.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problem(422, "no_file", "先选一个文件。")
    with sent.stream as stream:  # a large one is a file that wants closing
        raw = stream.read(MAX_MB * 1024 * 1024 + 1)
    if len(raw) > MAX_MB * 1024 * 1024:
        raise Problem(413, "file_too_big", "文件超过 %(n)s MB，没有读。", params={"n": MAX_MB})
    try:
        asked = api_sync.parse(raw)
    except Problem as problem:
        raise Problem(422, "not_rescue", NOT_OURS) from problem
    found = asked.get("records")
    if asked.get("v") != 1 or not isinstance(found, list) or not found:
        raise Problem(422, "not_rescue", NOT_OURS)
    return [_record(one) for one in found]


def _place(one: Sealed) -> tuple[str, int]:
    """A file lists what waits in whatever order; it is taken in the order of the chain."""
    link = chain.link(one.text, one.body)
    return link.dev or "", link.seq or 0


def _record(one: Any) -> Sealed | None:
    try:
        api_sync.check_body_size(one, 0)
        return api_sync.sealed(one, 0)
    except Problem:
        return None


def _page(lines: list[Line] | None = None, problem: Problem | None = None) -> str:
    security.let_scan()
    values = {"lines": lines, "problem": problem, "most_mb": MAX_MB, "scan": shell.scan_url()}
    return render_template("board/rescue.html", **values)
