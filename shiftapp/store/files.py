"""Files named by the SHA-256 of what is in them, durable before anything speaks of them.

`<folder>/ab/cd/<64 hex digits>`. A file appears under its name when it is whole and on the disk;
what is half written has another name and is swept when the server starts.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from shiftapp.problems import Problem

try:
    import fcntl
except ImportError:  # Windows: there a second process at the same time is not noticed
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("shiftapp")

HALF = ".part"
MANY = 200  # hashes asked for at once
MOST_LOST = 2000  # files of a few hundred records
_NAME = re.compile("[0-9a-f]{64}")
MIN_FREE_BYTES = 200 * 1024 * 1024  # what is left belongs to the records


def path_of(folder: Path, sha: bytes) -> Path:
    """Where the file of a hash lies, whether it is there or not."""
    name = sha.hex()
    return folder / name[:2] / name[2:4] / name


def put(folder: Path, sha: bytes, content: bytes, token: str) -> None:
    """Write a file once and return when it is durable; one that is there whole stays as it is.

    `token` is a random word for the name of the half-written file.

    :raises Problem: 503 `busy` when the disk is nearly full or refuses; nothing stays behind.
    """
    path = path_of(folder, sha)
    half = path.with_name(f".{path.name}.{token}{HALF}")
    try:
        if path.is_file() and path.stat().st_size == len(content):
            return
        make_folder(path.parent, folder.parent)
        if shutil.disk_usage(path.parent).free < MIN_FREE_BYTES + len(content):
            raise _busy()
        write_new(half, content)
        half.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        log.warning("a file was not stored: %s", error)
        with contextlib.suppress(OSError):
            half.unlink()
        raise _busy() from error


def sweep(folder: Path) -> int:
    """Delete what is half written; gives how many files went.

    Another server that shares the folder and is just writing one gets an error, says `busy`, and
    the phone sends it again.
    """
    left = [one for one in folder.rglob(f".*{HALF}") if one.is_file()]
    for one in left:
        one.unlink(missing_ok=True)
    return len(left)


def remove(folder: Path, sha: bytes, is_wanted: Callable[[], bool]) -> bool:
    """Delete the file of a hash that no row speaks of any more; gives whether it went.

    A phone may be bringing the same file again just now. So it first takes the name of what is
    half written; if a row speaks of it after that (`is_wanted`), it comes back. Who brings it
    looks for the file once the row is there (`is_here`), so one of the two notices.
    """
    path = path_of(folder, sha)
    gone = path.with_name(f".{path.name}.erased{HALF}")
    try:
        path.rename(gone)
    except FileNotFoundError:
        return False
    if is_wanted():
        gone.replace(path)
        return False
    gone.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def is_here(folder: Path, sha: bytes, size: int) -> bool:
    """Whether the whole file of a hash lies there."""
    path = path_of(folder, sha)
    return path.is_file() and path.stat().st_size == size


def orphans(folder: Path, known: Callable[[list[bytes]], set[bytes]], before_s: float) -> int:
    """Delete the files that no row speaks of; gives how many went.

    `known` gives which of some hashes have a row. One changed at `before_s` (Unix) or later stays:
    a file is durable before its row, so it may be on its way. More than `MOST_LOST` are not what a
    crash left but what another database than ours named: they stay, for a person to look at.
    """
    old = [
        bytes.fromhex(one.name)
        for one in folder.glob("??/??/*")
        if _NAME.fullmatch(one.name) and one.stat().st_mtime < before_s
    ]
    lost: list[bytes] = []
    for first in range(0, len(old), MANY):
        some = old[first : first + MANY]
        there = known(some)
        lost += [one for one in some if one not in there]
    if len(lost) > MOST_LOST:
        log.warning("%s files are in no row: is this the right database? They stay", len(lost))
        return 0
    for sha in lost:
        path_of(folder, sha).unlink(missing_ok=True)
    return len(lost)


def append(path: Path, lines: Sequence[str]) -> None:
    """Add lines to a list, durable before it returns; the file is made for its owner alone."""
    if not lines:
        return
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        out.write("".join(f"{line}\n" for line in lines).encode())
        out.flush()
        os.fsync(out.fileno())
    if is_new:
        _sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner alone from the first byte on; durable.

    :raises FileExistsError: it is there.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def replace(path: Path, content: bytes) -> None:
    """Write a file in the place of another, for its owner alone; durable, whole or not at all.

    One at a time: two that write the same file need a lock.
    """
    half = path.with_name(f".{path.name}{HALF}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)
    _sync_folder(path.parent)


@contextlib.contextmanager
def taking_turns(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block for a folder."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_folder(folder: Path, root: Path) -> None:
    """Make a folder under a root that exists, its name durable in the folder above."""
    if folder == root or folder.is_dir():
        return
    make_folder(folder.parent, root)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there; NTFS keeps its own journal
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _busy() -> Problem:
    return Problem(
        503, "busy", "服务器现在存不下照片，稍等再传。照片还在手机上。", retry_after_s=30
    )
