"""The guard against signing over a restored older state (ledger brief §12.1).

A restored backup, a standby that lagged behind or a damaged file is an older log that looks whole;
whoever signs on from there forks it. So the newest note that was to leave the house is kept in a
file outside the database, written before it leaves: what the database holds must go on from there.
Where it does not, nothing is signed any more. It is never put right quietly.
"""

from __future__ import annotations

from pathlib import Path

from shiftapp.ledger import checkpoint, log, note, tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.note import Verifier
from shiftapp.store import Db, files

ROLLED_BACK, FORKED, DAMAGED, UNREADABLE = "rolled_back", "forked", "log_damaged", "bad_guard"
RESTORED = "restored"  # from a backup, and nothing here says what was published since

_MARK = b"restored from a backup: put the file of the old folder here\n"


class Guard:
    """The file that remembers the newest note, and what was last read from it."""

    def __init__(self, path: Path, verifier: Verifier) -> None:
        self.path = path
        self._verifier = verifier
        self.newest: Checkpoint | None = None
        self.signed = ""  # its note

    def read(self) -> None:
        """Read the file; what is not there says nothing.

        :raises ValueError: it holds anything but a note of this log.
        """
        if self.path.exists():
            signed = self.path.read_text("utf-8")
            self.newest, self.signed = self._opened(signed), signed

    def trouble(self, db: Db) -> str:
        """`trouble` by the file as it is now; a code also where it cannot be read."""
        try:
            self.read()
        except ValueError:
            return self.fault()
        return trouble(db, self.newest)

    def fault(self) -> str:
        """Why the file cannot be read, as a code."""
        return RESTORED if self.path.read_bytes() == _MARK else UNREADABLE

    def is_news(self, size: int) -> bool:
        """Whether a tree of that size is larger than what is remembered."""
        return self.newest is None or size > self.newest.size

    def put(self, signed: str) -> None:
        """Remember a note durably, before anybody is told; an older one changes nothing."""
        new = self._opened(signed)
        if not self.is_news(new.size):
            return
        files.make_folder(self.path.parent, self.path.parent.parent)
        with files.taking_turns(self.path.parent):
            self.read()  # another process of this folder may be further
            if self.is_news(new.size):
                files.replace(self.path, signed.encode())
                self.newest, self.signed = new, signed

    def _opened(self, signed: str) -> Checkpoint:
        return checkpoint.open_checkpoint(signed, self._verifier).checkpoint


def mark_restored(path: Path) -> None:
    """In the place of a file that is not there: nobody knows what was published since a backup."""
    files.make_folder(path.parent, path.parent.parent)
    files.write_new(path, _MARK)


def trouble(db: Db, newest: Checkpoint | None) -> str:
    """Why the log must not be signed on, as a code; '' where it goes on from the newest note."""
    if newest is None:
        return ""
    size = log.head(db).size
    if size < newest.size:
        return ROLLED_BACK
    return "" if tree.root(newest.size, log.hashes(db)) == newest.root else FORKED


def damage(db: Db, verifier: Verifier) -> str:
    """Whether head and tiles fit together; a code, '' where they do."""
    row = db.row("SELECT size, root, note FROM head WHERE id = 1")
    if row is None or (row["size"] == 0 and not row["note"]):
        return ""
    try:
        signed = checkpoint.open_checkpoint(row["note"], verifier).checkpoint
    except ValueError:
        return DAMAGED
    found = (row["size"], bytes(row["root"]))
    if found != (signed.size, signed.root) or tree.root(row["size"], log.hashes(db)) != found[1]:
        return DAMAGED
    return ""


def refuse(db: Db, code: str, known: str = "") -> None:
    """Sign nothing any more. `known`: the note that the log does not go on from; it stays in the
    database, so that nobody signs who knows less (`known_trouble`)."""
    db.run("UPDATE head SET refused = :code WHERE id = 1 AND refused <> :code", code=code)
    held = str(db.value("SELECT known FROM head WHERE id = 1") or "")
    if known and (code == FORKED or _size(known) > _size(held)):
        db.run("UPDATE head SET known = :known WHERE id = 1", known=known)


def allow(db: Db) -> None:
    """Sign again."""
    db.run("UPDATE head SET refused = '', known = '' WHERE id = 1 AND refused <> ''")


def known_trouble(db: Db, verifier: Verifier) -> str:
    """`trouble` by the note that was held against this log before, here or on another node."""
    known = str(db.value("SELECT known FROM head WHERE id = 1") or "")
    if not known:
        return ""
    try:
        return trouble(db, checkpoint.open_checkpoint(known, verifier).checkpoint)
    except ValueError:
        return DAMAGED


def _size(signed: str) -> int:
    return checkpoint.parse(note.split(signed)[0]).size if signed else -1


def refused(db: Db) -> str:
    """The code of why nothing is signed any more; '' while the log is kept."""
    return str(db.value("SELECT refused FROM head WHERE id = 1") or "")
