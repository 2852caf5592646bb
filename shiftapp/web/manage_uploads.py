"""Workbooks that wait between the preview and the word to apply them: files in the data folder.

A file is named by who sent it and by its SHA-256, so nobody applies another's and what is applied
is what was looked at. It is gone once applied, or after an hour.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path

from shiftapp.problems import Problem
from shiftapp.web.context import context

KEPT_S = 3600
_SHA = re.compile("[0-9a-f]{64}")


def keep(person: str, data: bytes) -> str:
    """Keep a file of somebody; gives its SHA-256 as hex."""
    sha = hashlib.sha256(data).hexdigest()
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    beside = folder / f".{person}-{sha}.part"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
    beside.replace(_path(person, sha))
    return sha


def kept(person: str, sha: str) -> bytes:
    """A file that somebody sent within the last hour.

    :raises Problem: 404 `no_upload`.
    """
    with contextlib.suppress(FileNotFoundError):
        if _SHA.fullmatch(sha):
            return _path(person, sha).read_bytes()
    raise Problem(404, "no_upload", "这个文件已经不在了。再选一次，再看一遍。")


def forget(person: str, sha: str) -> None:
    """Delete a file of somebody."""
    _path(person, sha).unlink(missing_ok=True)


def _folder() -> Path:
    return context().config.data / "uploads"


def _path(person: str, sha: str) -> Path:
    return _folder() / f"{person}-{sha}.xlsx"


def _sweep(folder: Path) -> None:
    """Delete what is older than an hour by the clock of the file system, whatever a demo's says."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > KEPT_S:
                path.unlink()
