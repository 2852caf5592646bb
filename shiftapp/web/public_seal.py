"""Whether a stored announcement is still what was signed, and the words that were.

Somebody with the database in hand can change a row; without the key nobody makes the note again.
So the page looks each time, and what no longer fits is not shown as if it were true.
"""

from __future__ import annotations

import hashlib

from shiftapp.ledger import note
from shiftapp.model import publishing
from shiftapp.store import Row
from shiftapp.web.context import keys, settings

_COLUMNS = ("id", "kind", "date", "version", "published_ms", "supersedes", "note", "bytes")
_MOST_SEEN = 4096
_SEEN: dict[bytes, bool] = {}  # what a row and the key came to; of this process
_HEAD = 4  # lines before the words: whose, the document's hash, which, when


def vkey() -> str:
    """The key with which anybody verifies our announcements."""
    return note.vkey(publishing.signer_name(settings()), note.public_bytes(keys().announcement))


def holds(found: Row) -> bool:
    """Whether the stored document is the one that was signed, under its own id and date.

    Looked at again whenever anything of the row is another; a year's page asks it 366 times.
    """
    public = keys().announcement.public_key()
    parts = [found[column] for column in _COLUMNS]
    seen = hashlib.sha256(repr((public.public_bytes_raw(), parts)).encode()).digest()
    verdict = _SEEN.get(seen)
    if verdict is None:
        verdict = publishing.holds(found, public)
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        _SEEN[seen] = verdict
    return verdict


def checked(found: Row) -> Row:
    """The row, without its document when that no longer is what was signed."""
    return found if found["doc"] and holds(found) else {**found, "doc": None}


def signed_words(found: Row) -> list[str] | None:
    """The words that were signed, line by line; None when the note is not ours either."""
    try:
        text, _ = note.open_note(found["note"], [note.parse_vkey(vkey())])
    except ValueError:
        return None
    return text.rstrip("\n").split("\n")[_HEAD:]
