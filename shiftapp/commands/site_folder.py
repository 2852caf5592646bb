"""The folder of a static copy of the public site: complete or untouched, nothing of others lost.

A list of what is ours lies in it. New files are written beside (a folder of its own inside, so on
the same disk) and put in place by renaming when all of them are there: what pages lead to first,
the front page last, what is gone is taken away after that. So a reader meets no half page and no
dead link, and if the machine stops in the middle, the next export finishes. What is not on the
list is left alone; where it stands in the way, the export is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import shiftapp
from shiftapp.commands import locking
from shiftapp.commands.speech import refuse

FORM = "shiftapp-site-1"
LIST = ".shiftapp-site.json"
BESIDE = ".shiftapp-part"
PAGE = "index.html"


@dataclass
class Folder:
    """A folder that is being brought up to date."""

    path: Path
    had: dict[str, dict[str, Any]]  # name → sha256, for_ever, of the list that was there
    version: str  # of the program that wrote that list
    now: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def kept(self, name: str) -> bytes | None:
        """A file that never changes and is there as it was written, by this very version."""
        about = self.had.get(name, {})
        if not about.get("for_ever") or self.version != shiftapp.__version__:
            return None
        data = _read(self.path / name)
        return data if data is not None and _sha(data) == about["sha256"] else None

    def add(self, name: str, data: bytes, *, for_ever: bool = False) -> None:
        """Have a file in the folder; it is written only if it is not there as it should be."""
        self._must_be_ours(name)
        self.now[name] = {"sha256": _sha(data), "for_ever": for_ever}
        if _read(self.path / name) == data:
            return
        beside = self.path / BESIDE / name
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.chmod(0o644)  # a web server reads it, whatever the umask
        self.written.append(name)

    def finish(self) -> list[str]:
        """Put everything in place and take away what is gone; gives the names of that."""
        gone = sorted(self.had.keys() - self.now.keys())
        if not self.written and not gone and self.version == shiftapp.__version__:
            return []
        if hasattr(os, "sync"):
            os.sync()  # whole files first, names second
        # --- point of no return: from here on every name is ours, whatever happens ---
        self._put_list({**self.had, **self.now})
        for name in sorted(self.written, key=_order):
            target = self.path / name
            _make(target.parent)
            (self.path / BESIDE / name).replace(target)
        for name in gone:
            (self.path / name).unlink(missing_ok=True)
            _drop_empty(self.path, (self.path / name).parent)
        self._put_list(self.now)
        return gone

    def _put_list(self, files: dict[str, dict[str, Any]]) -> None:
        about = {"form": FORM, "version": shiftapp.__version__, "files": files}
        beside = self.path / BESIDE / LIST
        beside.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", "utf-8")
        beside.chmod(0o644)
        beside.replace(self.path / LIST)

    def _must_be_ours(self, name: str) -> None:
        target = self.path / name
        above = [one for one in target.parents if self.path in one.parents]
        strange = next((one for one in above if one.is_symlink() or one.is_file()), None)
        if strange is None and (target.is_symlink() or target.is_dir()):
            strange = target
        if strange is None and target.exists() and name not in self.had:
            strange = target
        if strange is not None:
            raise refuse(
                f"{strange} 不是导出的文件，没有覆盖，什么也没有改。先移走它。",
                f"{strange} is not of an export and stands in the way; nothing was changed."
                " Move it away first.",
            )


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """A folder to export into: new, empty, or one of an earlier export."""
    fresh = not path.exists()
    if not fresh and not path.is_dir():
        raise refuse(f"{path} 不是文件夹。", f"{path} is not a folder.")
    found = None if fresh else _list(path)
    _make(path)
    try:
        with _alone(path):
            shutil.rmtree(path / BESIDE, ignore_errors=True)  # of an export that was stopped
            try:
                yield Folder(path, *(found or ({}, shiftapp.__version__)))
            finally:
                shutil.rmtree(path / BESIDE, ignore_errors=True)
    finally:
        if fresh and not any(path.iterdir()):
            path.rmdir()


def _list(path: Path) -> tuple[dict[str, dict[str, Any]], str] | None:
    """What an earlier export left; None in an empty folder."""
    text = _read(path / LIST)
    if text is None:
        if any(one.name != BESIDE for one in path.iterdir()):
            raise refuse(
                f"{path} 里有别的文件，不是导出的文件夹，什么也没有改。换一个空文件夹。",
                f"{path} holds other files and is no export; nothing was changed."
                " Choose an empty folder.",
            )
        return None
    try:
        about = json.loads(text)
        files = {str(name): dict(one) for name, one in about["files"].items()}
        known = about["form"] == FORM and all(map(_is_plain, files))
    except (ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        raise refuse(
            f"看不懂 {path / LIST}，什么也没有改。换一个空文件夹。",
            f"{path / LIST} cannot be read; nothing was changed. Choose an empty folder.",
        )
    return files, str(about["version"])


def _is_plain(name: str) -> bool:
    """A name that leads nowhere but into the folder."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name


def _alone(path: Path) -> contextlib.AbstractContextManager[None]:
    """Two exports into one folder would take each other's files."""
    refusal = refuse(
        f"另一个导出正在写 {path}。等它写完。",
        f"Another export is writing {path}: let it finish.",
    )
    return locking.alone(path, os.O_RDONLY, refusal)


def _order(name: str) -> tuple[bool, int, str]:
    """Files before pages, deep ones before those that lead to them, the front page last."""
    path = PurePosixPath(name)
    return (path.name == PAGE, -len(path.parts), name)


def _make(folder: Path) -> None:
    """A folder that a web server may enter, whatever the umask."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _drop_empty(top: Path, folder: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
