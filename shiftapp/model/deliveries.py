"""The queue and the log of messages: one row a message and channel, told once.

At least once, not exactly once: a server that dies between the other side's answer and its own
write sends that message again when the claim has run out. A row is claimed before it is sent, so
that two servers on one database do not both send it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shiftapp.store import Db, Row

Facts = dict[str, Any]  # what fills a template: texts and whole numbers, as JSON holds them

MAX_TRIES = 8  # then it is given up; after 1, 2, 4 … 64 minutes each
FIRST_WAIT_MS = 60_000
CLAIM_MS = 5 * 60_000  # longer than any single try takes
KEPT_MS = 90 * 24 * 3_600_000
MAX_ANSWER = 300

# What we write as an answer where nobody answered: a sign no other side begins with.
OUTDATED, STOPPED, DEMO = "~outdated", "~stopped", "~demo"


@dataclass(frozen=True)
class Message:
    """What is to be told to a channel."""

    channel: int
    event: str
    about: str
    facts: Facts


@dataclass(frozen=True)
class Result:
    """What became of one try: whether the other side has taken it, and what it said."""

    taken: bool
    answer: str


def told(db: Db, since_ms: int) -> set[tuple[int, str, str]]:
    """Channel, event and about of what was put into the queue since an instant."""
    rows = db.rows(
        "SELECT channel, event, about FROM delivery WHERE made_ms >= :since ORDER BY id",
        since=since_ms,
    )
    return {(row["channel"], row["event"], row["about"]) for row in rows}


def put(db: Db, messages: Iterable[Message], now_ms: int) -> int:
    """Queue what is not there yet; gives how many were new."""
    return sum(
        db.run(
            "INSERT INTO delivery (channel, event, about, facts, made_ms, next_ms)"
            " VALUES (:channel, :event, :about, :facts, :now, :now)"
            " ON CONFLICT (channel, event, about) DO NOTHING",
            channel=one.channel,
            event=one.event,
            about=one.about,
            facts=json.dumps(one.facts, ensure_ascii=False),
            now=now_ms,
        )
        for one in messages
    )


def put_claimed(db: Db, one: Message, now_ms: int) -> int:
    """Queue a message that the caller sends itself at once; gives its number."""
    (row,) = db.rows(
        "INSERT INTO delivery (channel, event, about, facts, made_ms, next_ms, tries)"
        " VALUES (:channel, :event, :about, :facts, :now, :claim, :tries) RETURNING id",
        channel=one.channel,
        event=one.event,
        about=one.about,
        facts=json.dumps(one.facts, ensure_ascii=False),
        now=now_ms,
        claim=now_ms + CLAIM_MS,
        tries=MAX_TRIES,  # somebody looks on: it is not tried again
    )
    return int(row["id"])


def channels_due(db: Db, now_ms: int) -> list[int]:
    """The channels that have something to send now, the longest waiting first."""
    rows = db.rows(
        "SELECT channel, MIN(next_ms) AS first_ms FROM delivery WHERE next_ms <= :now"
        " GROUP BY channel ORDER BY first_ms, channel",
        now=now_ms,
    )
    return [row["channel"] for row in rows]


def next_of(db: Db, channel: int, now_ms: int) -> Row | None:
    """The next message of a channel that is due."""
    return db.row(
        "SELECT * FROM delivery WHERE channel = :c AND next_ms <= :now"
        " ORDER BY next_ms, id LIMIT 1",
        c=channel,
        now=now_ms,
    )


def claim(db: Db, row: Row, facts: Facts, now_ms: int) -> bool:
    """Take a message to send it, with its newest facts; False: somebody else has taken it."""
    return bool(
        db.run(
            "UPDATE delivery SET next_ms = :until, tries = tries + 1, facts = :facts"
            " WHERE id = :id AND next_ms = :was",
            until=now_ms + CLAIM_MS,
            facts=json.dumps(facts, ensure_ascii=False),
            id=row["id"],
            was=row["next_ms"],
        )
    )


def hold(db: Db, row: Row, until_ms: int) -> None:
    """Let a message wait: the channel is quiet."""
    db.run(
        "UPDATE delivery SET next_ms = :until WHERE id = :id AND next_ms = :was",
        until=until_ms,
        id=row["id"],
        was=row["next_ms"],
    )


def drop(db: Db, row: Row, why: str) -> None:
    """Send a message no more; `why` stands in the log."""
    db.run(
        "UPDATE delivery SET next_ms = NULL, answer = :why WHERE id = :id AND next_ms = :was",
        why=why,
        id=row["id"],
        was=row["next_ms"],
    )


def settle(db: Db, id: int, tries: int, result: Result, now_ms: int) -> None:
    """Write what became of try number `tries`: sent, again later, or given up after the last one.

    A failure of a claim that ran out and was taken by another server is left to that one.
    """
    answer = result.answer[:MAX_ANSWER]
    if result.taken:
        db.run(
            "UPDATE delivery SET next_ms = NULL, sent_ms = :now, answer = :answer WHERE id = :id",
            now=now_ms,
            answer=answer,
            id=id,
        )
        return
    later_ms = now_ms + FIRST_WAIT_MS * 2 ** (tries - 1)
    db.run(
        "UPDATE delivery SET next_ms = :next, answer = :answer"
        " WHERE id = :id AND tries = :tries AND sent_ms IS NULL",
        next=later_ms if tries < MAX_TRIES else None,
        answer=answer,
        id=id,
        tries=tries,
    )


def again(db: Db, id: int, now_ms: int) -> bool:
    """Try a message that was given up from the start; False: it was not given up."""
    return bool(
        db.run(
            "UPDATE delivery SET next_ms = :now, tries = 0 WHERE id = :id AND next_ms IS NULL"
            " AND sent_ms IS NULL AND tries >= :most AND event <> 'test'",
            now=now_ms,
            id=id,
            most=MAX_TRIES,
        )
    )


def log(db: Db, before: int, limit: int, channel: int = 0) -> list[Row]:
    """Messages below number `before` (0: from the newest), of one channel or all, newest first."""
    rows = db.rows(
        "SELECT delivery.*, channel.name AS channel_name FROM delivery"
        " JOIN channel ON channel.id = delivery.channel"
        " WHERE (:before = 0 OR delivery.id < :before)"
        " AND (:channel = 0 OR delivery.channel = :channel) ORDER BY delivery.id DESC LIMIT :limit",
        before=before,
        channel=channel,
        limit=limit,
    )
    return [{**row, "facts": json.loads(row["facts"])} for row in rows]


def delivery(db: Db, id: int) -> Row | None:
    """One message."""
    return db.row("SELECT * FROM delivery WHERE id = :id", id=id)


def waiting(db: Db) -> int:
    """How many wait to be sent, the held back ones too."""
    return int(db.value("SELECT COUNT(*) FROM delivery WHERE next_ms IS NOT NULL"))


def given_up(db: Db) -> int:
    """How many were given up after the last try."""
    return int(
        db.value(
            "SELECT COUNT(*) FROM delivery WHERE next_ms IS NULL AND sent_ms IS NULL"
            " AND tries >= :most AND event <> 'test'",
            most=MAX_TRIES,
        )
    )


def forget_old(db: Db, now_ms: int) -> int:
    """Delete what is older than 90 days and waits no more; gives how many."""
    return db.run(
        "DELETE FROM delivery WHERE made_ms < :then AND next_ms IS NULL", then=now_ms - KEPT_MS
    )
