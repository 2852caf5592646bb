"""Channels: where reminders and alerts go, about what, for which crew, and when they keep quiet.

Only what an operator put here is ever sent anything. Address and secret of a webhook are as good as
a password: they are shown in part only and never logged.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shiftapp.problems import Problem
from shiftapp.store import Db, Row

MAX_MAILS = 20
SHOWN, LEAST_TO_SHOW = 6, 12
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", re.ASCII)


@dataclass(frozen=True)
class Channel:
    """One channel as it is stored; `target` of mail is its addresses, comma between."""

    name: str
    kind: str
    target: str = field(repr=False)
    template: str
    events: tuple[str, ...]
    secret: str = field(default="", repr=False)
    crew: str | None = None
    lang: str = "zh"
    quiet_from: str = ""
    quiet_to: str = ""
    active: int = 1


def channels(db: Db) -> list[Row]:
    """All channels, active first, with the newest delivery of each: `last_id` and `crew_name`."""
    return db.rows(
        "SELECT channel.*, crew.name AS crew_name, crew.name_en AS crew_name_en,"
        " (SELECT MAX(delivery.id) FROM delivery WHERE delivery.channel = channel.id"
        "  AND delivery.tries > 0) AS last_id"
        " FROM channel LEFT JOIN crew ON crew.code = channel.crew"
        " ORDER BY channel.active DESC, channel.name, channel.id"
    )


def listening(db: Db) -> list[Row]:
    """The active channels, `events` as a tuple of their names."""
    rows = db.rows("SELECT * FROM channel WHERE active = 1 ORDER BY id")
    return [{**row, "events": tuple(json.loads(row["events"]))} for row in rows]


def channel(db: Db, id: int) -> Row:
    """One channel, `events` as a tuple.

    :raises Problem: 404 `no_channel`.
    """
    row = db.row("SELECT * FROM channel WHERE id = :id", id=id)
    if row is None:
        raise Problem(404, "no_channel", "没有这个渠道。")
    return {**row, "events": tuple(json.loads(row["events"]))}


def add(db: Db, one: Channel) -> int:
    """Store a new channel; gives its number."""
    (row,) = db.rows(
        "INSERT INTO channel (name, kind, target, template, secret, events, crew, lang,"
        " quiet_from, quiet_to, active) VALUES (:name, :kind, :target, :template, :secret,"
        " :events, :crew, :lang, :quiet_from, :quiet_to, :active) RETURNING id",
        **_values(one),
    )
    return int(row["id"])


def change(db: Db, id: int, one: Channel) -> None:
    """Store a channel anew."""
    db.run(
        "UPDATE channel SET name = :name, kind = :kind, target = :target, template = :template,"
        " secret = :secret, events = :events, crew = :crew, lang = :lang,"
        " quiet_from = :quiet_from, quiet_to = :quiet_to, active = :active WHERE id = :id",
        id=id,
        **_values(one),
    )


def is_web_address(text: str) -> bool:
    """Whether a webhook can be reached at this: http or https, a host, nothing odd."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    named = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return bool(named) and port != 0


def mail_addresses(text: str) -> list[str] | None:
    """The addresses in a text, separated by commas or blanks, each once; None: one is odd."""
    found = list(
        dict.fromkeys(part for part in re.split(r"[\s,;\uff0c\uff1b\u3001]+", text) if part)
    )
    if not found or len(found) > MAX_MAILS or not all(_MAIL.fullmatch(one) for one in found):
        return None
    return found


def in_part(secret: str) -> str:
    """The end of an address or a secret, to know it again by; nothing of a short one."""
    if not secret:
        return ""
    return "…" + (secret[-SHOWN:] if len(secret) >= LEAST_TO_SHOW else "")


def _values(one: Channel) -> Row:
    return {**vars(one), "events": json.dumps(one.events)}
