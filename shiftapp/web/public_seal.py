"""Whether a stored announcement is still what was signed, and the words that were.

Somebody with the database in hand can change a row; without the key nobody makes the note again.
So the page looks each time, and what no longer fits is not shown as if it were true.
"""

from __future__ import annotations

import base64
import hashlib

from shiftapp.ledger import note
from shiftapp.model import publishing
from shiftapp.store import Row
from shiftapp.web.context import keys, settings

_HEAD = 4  # lines before the words: whose, the document's hash, which, when


def vkey() -> str:
    """The key with which anybody verifies our announcements."""
    return note.vkey(publishing.signer_name(settings()), note.public_bytes(keys().announcement))


def holds(found: Row) -> bool:
    """Whether the stored document is the one that the note was signed over."""
    lines = _lines(found)
    digest = base64.b64encode(hashlib.sha256(found["bytes"]).digest()).decode()
    return len(lines) >= _HEAD and lines[1] == digest


def signed_words(found: Row) -> list[str] | None:
    """The words that were signed, line by line; None when the note is not ours either."""
    lines = _lines(found)
    return lines[_HEAD:] if lines else None


def _lines(found: Row) -> list[str]:
    try:
        text, _ = note.open_note(found["note"], [note.parse_vkey(vkey())])
    except ValueError:
        return []
    return text.rstrip("\n").split("\n")
