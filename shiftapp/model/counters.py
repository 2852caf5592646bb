"""The write counter that tells a board whether anything changed."""

from __future__ import annotations

from shiftapp.store import Db


def touch(db: Db) -> None:
    """Say that something changed that a board could show. Call it in the same transaction."""
    db.run("UPDATE counter SET value = value + 1 WHERE name = 'board'")


def board(db: Db) -> int:
    """The write counter; rises, never falls."""
    return int(db.value("SELECT value FROM counter WHERE name = 'board'"))


def beat(db: Db) -> None:
    """Write something that no board shows: a health check wants a real write."""
    db.run(
        "INSERT INTO counter (name, value) VALUES ('health', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
    )
