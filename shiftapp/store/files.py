"""Files named by the SHA-256 of what is in them, durable before anything speaks of them.

`<folder>/ab/cd/<64 hex digits>`. A file appears under its name when it is whole and on the disk;
what is half written has another name and is swept when the server starts.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from shiftapp.problems import Problem

try:
    import fcntl
except ImportError:  # Windows: there a second process at the same time is not noticed
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("shiftapp")

HALF = ".part"
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
