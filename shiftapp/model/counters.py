"""The write counter that tells a board whether anything changed."""

from __future__ import annotations

from shiftapp.store import Db


def touch(db: Db) -> None:
    """Say that something changed that a board could show. Call it in the same transaction."""
    db.run("UPDATE counter SET value = value + 1 WHERE name = 'board'")


def board(db: Db) -> int:
    """The write counter; rises, never falls."""
    return int(db.value("SELECT value FROM counter WHERE name = 'board'"))
