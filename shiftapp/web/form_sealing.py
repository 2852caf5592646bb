"""Seals the answers of a plain form: the server is the device (formats.md §5 "Plain form").

A sheet is a form as it was first shown: its id and salt are minted then and travel in hidden
fields, so that the same sheet sent twice is one record. The body is built inside the write function
and only if the id is new.
"""

from __future__ import annotations

import hmac
import re
import uuid
from dataclasses import dataclass
from typing import Any

from shiftapp import __version__
from shiftapp.ledger import encoding
from shiftapp.model import records
from shiftapp.model.judging import Sealed
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web.context import new_uuid, now_ms, settings, store, token_bytes
from shiftapp.web.form_answers import Form
from shiftapp.web.sealing import secrets

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
LONGEST_SHEET_MS = 24 * 3_600_000
MAX_BODY_BYTES = 16_384
Body = dict[str, Any]  # JSON of a body


@dataclass(frozen=True)
class Sheet:
    """A form as first shown: its record's id, the salt, when it was shown."""

    id: str
    salt: bytes
    shown_ms: int

    @property
    def salt_text(self) -> str:
        return encoding.b64u(self.salt)

    def part(self, name: str) -> Sheet:
        """The sheet of one of several records that come from one form: made from this one's."""
        made = hmac.digest(self.salt, f"{self.id} {name}".encode(), "sha512")
        return Sheet(str(uuid.UUID(bytes=made[:16], version=4)), made[16:48], self.shown_ms)


@dataclass(frozen=True)
class Spot:
    """Where the form was opened; `mac` None: the code was typed. Job and shift as chosen."""

    station: Row
    mac: str | None
    instance: Row | None
    job: Row | None


@dataclass(frozen=True)
class Who:
    """Whose answers these are: the person and the public id of the session that shows it."""

    person: str
    sid: str

    @property
    def sealed(self) -> Body:
        return {"person": self.person, "ev": {"k": "session", "sid": self.sid}}


NOBODY: Body = {"person": None, "ev": {"k": "none"}}  # a hazard reported without a name


def new_sheet() -> Sheet:
    """A sheet for a form that is shown for the first time."""
    return Sheet(new_uuid(), token_bytes(32), now_ms())


def sheet_of(form: Form) -> Sheet:
    """The sheet that comes back with a form.

    :raises Problem: 400 `bad_form` when its hidden fields are not as we made them.
    """
    try:
        salt = encoding.b64u_decode(form.get("salt", ""), 32)
        shown_ms = int(form.get("shown", ""))
    except ValueError as error:
        raise _bad_form() from error
    if UUID.fullmatch(form.get("id", "")) is None:
        raise _bad_form()
    # The time is the browser's word: believed within a day, else the form was made just now.
    good = now_ms() - LONGEST_SHEET_MS <= shown_ms <= now_ms()
    return Sheet(form["id"], salt, shown_ms if good else now_ms())


def seal(sheet: Sheet, kind: str, spot: Spot, who: Body, own: Body) -> records.Stored:
    """Store a record made of a form's answers, or give what was sealed first under its id.

    :raises Problem: 422 `body_too_big`; 503 `busy`.
    """

    return store().write(lambda db: seal_in(db, sheet, kind, spot, who, own))


def seal_in(db: Db, sheet: Sheet, kind: str, spot: Spot, who: Body, own: Body) -> records.Stored:
    """As `seal`, within a transaction that writes more than this record.

    :raises Problem: 422 `body_too_big`.
    """

    def build() -> Sealed:
        text = _text(sheet, kind, spot, who, own)
        if len(text.encode()) > MAX_BODY_BYTES:
            raise Problem(422, "body_too_big", "写得太长，存不下。把说明缩短一些。")
        c = encoding.commitment(sheet.salt, text.encode())
        return Sealed(text, encoding.parse_object(text), sheet.salt, None, c)

    return records.seal_form(db, sheet.id, build, now_ms(), secrets(), settings().grace_s)


def _text(sheet: Sheet, kind: str, spot: Spot, who: Body, own: Body) -> str:
    instance, job = spot.instance, spot.job
    body = {
        "v": 1,
        "id": sheet.id,
        "kind": kind,
        "dev": None,
        "seq": None,
        "prev": None,
        "seen": None,
        "app": __version__,
        "who": who,
        "shift": {name: instance[name] for name in ("date", "code", "crew")} if instance else None,
        "station": {"code": spot.station["code"], "mac": spot.mac},
        "job": job["code"] if job else None,
        "time": {
            "started_ms": sheet.shown_ms,
            "sealed_ms": now_ms(),
            "token": None,
            "token_wall_ms": None,
            "mono_ms": None,
        },
        "blobs": [],
        **own,
    }
    return encoding.canonical(body).decode()


def _bad_form() -> Problem:
    return Problem(400, "bad_form", "这一页不完整。从岗位页重新打开。")
