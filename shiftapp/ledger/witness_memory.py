"""What a witness remembers: of each log the newest checkpoint that it signed, and proofs of a fork.

It is all that a witness is worth. So each step is durable before anything is answered, and a file
that cannot be read stops the witness instead of letting it begin anew. No database: the memory of
an install's own witness must not travel back in time with a restored backup of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from shiftapp.ledger import checkpoint
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.store import files

log = logging.getLogger("shiftapp")

MOST_EVIDENCE = 50  # files of a kind and log: the first ones, and each checkpoint once
FORK, DOUBT = "fork", "doubt"  # shown by signatures alone; perhaps no more than a broken proof


class Damaged(RuntimeError):
    """A memory that cannot be read: the witness signs nothing until somebody has looked."""


class Memory(Protocol):
    """Where a witness remembers."""

    def newest(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint of a log that was signed; None: none yet."""

    def advance(self, old: Checkpoint | None, new: Checkpoint, signed: str = "") -> bool:
        """Remember `new` durably, unless the newest is no longer `old`: then nothing and False.

        `signed`: the checkpoint with its signatures, which is kept with it.
        """

    def accuse(self, kind: str, shown: Checkpoint, request: str) -> None:
        """Keep a request whose signed checkpoint does not continue the newest one, beside that."""


class Seen(NamedTuple):
    """A log as a witness remembers it."""

    checkpoint: Checkpoint
    signed: str  # with the signatures that came with it
    forks: int
    doubts: int


class FolderMemory:
    """A folder with a file for each log, and beside them the evidence.

    A file is replaced as a whole, under a lock of the operating system: any number of threads and
    processes may share the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def newest(self, origin: str) -> Checkpoint | None:
        """:raises Damaged: the file is there and says nothing that can be read."""
        found = _read(self._file(origin))
        if found is not None and found[0].origin != origin:
            raise Damaged(f"{self._file(origin)} is of another log")
        return found and found[0]

    def advance(self, old: Checkpoint | None, new: Checkpoint, signed: str = "") -> bool:
        with self._alone():
            if self.newest(new.origin) != old:
                return False
            if new != old:
                files.replace(self._file(new.origin), (signed or new.text).encode())
            return True

    def accuse(self, kind: str, shown: Checkpoint, request: str) -> None:
        name = f"{_name(shown.origin)}-{kind}"
        mark = hashlib.sha256(shown.text.encode()).hexdigest()[:16]
        folder = self.folder / "evidence"
        with self._alone():
            folder.mkdir(mode=0o700, exist_ok=True)
            path = folder / f"{name}-{shown.size}-{mark}.txt"
            if not path.exists() and len(list(folder.glob(f"{name}-*"))) < MOST_EVIDENCE:
                known = _read(self._file(shown.origin))
                text = f"known:\n{known[1] if known else ''}\nshown:\n{request}"
                files.replace(path, text.encode())

    def seen(self) -> list[Seen]:
        """All logs that were ever signed for, by origin.

        :raises Damaged: a file says nothing that can be read.
        """
        paths = sorted(self.folder.glob("*.log"))
        found = [one for one in map(_read, paths) if one is not None]
        return [
            Seen(newest, signed, self._count(newest, FORK), self._count(newest, DOUBT))
            for newest, signed in sorted(found)
        ]

    def _count(self, newest: Checkpoint, kind: str) -> int:
        pattern = f"{_name(newest.origin)}-{kind}-*"
        return len(list((self.folder / "evidence").glob(pattern)))

    def _file(self, origin: str) -> Path:
        return self.folder / f"{_name(origin)}.log"

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            files.make_folder(self.folder, Path(self.folder.anchor))
            with files.taking_turns(self.folder):
                yield


def _read(path: Path) -> tuple[Checkpoint, str] | None:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Damaged(f"{path} cannot be read") from error
    lines = text.split("\n")
    try:
        return checkpoint.parse("\n".join(lines[:3]) + "\n"), text
    except ValueError as error:
        raise Damaged(f"{path} cannot be read") from error


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:32]
