"""The file that `backup` writes and `restore` reads: a tar.gz with a manifest of hashes at its end.

Members: `shiftapp.db` or `tables/….copy`, `blobs/…`, `policy`, `manifest.json`. Keys are never in
it: they lie in a second file of the same form, so that a copy of the data cannot sign.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import click

from shiftapp.commands.speech import refuse

FORM = "shiftapp-backup-1"
MEMBER = re.compile(
    r"shiftapp\.db|policy|tables/[a-z_]+\.copy|blobs/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}|keys/(?:tls/)?[A-Za-z0-9_.-]+"
)
PIECE = 1024 * 1024

Seen = Callable[[int], object]


def write(
    target: Path, files: Iterable[tuple[str, Path]], about: dict[str, Any], seen: Seen
) -> None:
    """Write files under their member names; `seen(bytes)` as it goes on.

    The archive appears under its name when it is whole, or nothing does. Readable by its owner
    only.
    """
    half = target.with_name(target.name + ".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        try:
            _fill(raw, files, about, seen)
            raw.flush()
            os.fsync(raw.fileno())
        except BaseException:
            half.unlink()
            raise
    half.rename(target)


def _fill(
    raw: BinaryIO, files: Iterable[tuple[str, Path]], about: dict[str, Any], seen: Seen
) -> None:
    hashes: dict[str, str] = {}
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
        for name, path in files:
            hashes[name] = _add(tar, name, path, seen)
        manifest = json.dumps({"form": FORM, **about, "sha256": hashes}, indent=1).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size, info.mode = len(manifest), 0o600
        tar.addfile(info, io.BytesIO(manifest))


def read(source: Path, folder: Path, seen: Seen) -> dict[str, Any]:
    """Unpack an archive into a folder and give its manifest; every hash is checked.

    `seen(bytes)` counts the bytes of the archive itself.

    :raises click.ClickException: `bad_backup` when it is not one of ours, cut off or changed.
    :raises OSError: it cannot be read, or the folder not written: the disk is full.
    """
    hashes: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with source.open("rb") as raw, tarfile.open(fileobj=raw, mode="r:gz") as tar:
            step = _steps(raw, seen)
            for member in tar:
                content = tar.extractfile(member)
                if content is None or not (member.isreg() and _is_ours(member.name)):
                    raise _bad(source, f"里面有 {member.name}", f"it holds {member.name}")
                if member.name == "manifest.json":
                    manifest = json.loads(content.read(64 * PIECE))
                else:
                    hashes[member.name] = _copy(content, folder / member.name, step)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise _bad(source, str(error), str(error)) from error
    if manifest.get("form") != FORM or manifest.get("sha256") != hashes:
        raise _bad(source, "清单对不上", "its list does not fit what is in it")
    return manifest


def _steps(raw: BinaryIO, seen: Seen) -> Seen:
    """Turns bytes unpacked into bytes of the archive read since the last call."""
    last = 0

    def step(unpacked: int) -> None:
        nonlocal last
        here = raw.tell()
        seen(here - last)
        last = here

    return step


def _is_ours(name: str) -> bool:
    return name == "manifest.json" or MEMBER.fullmatch(name) is not None


def _bad(source: Path, zh: str, en: str) -> click.ClickException:
    return refuse(
        f"{source} 不是完整的备份：{zh} [bad_backup]",
        f"{source} is no whole backup: {en} [bad_backup]",
    )


class _Reader:
    """A file that is hashed and counted while tarfile reads it."""

    def __init__(self, raw: Any, seen: Seen) -> None:  # any binary file object
        self.raw, self.seen, self.hash = raw, seen, hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece: bytes = self.raw.read(size)
        self.hash.update(piece)
        self.seen(len(piece))
        return piece


def _add(tar: tarfile.TarFile, name: str, path: Path, seen: Seen) -> str:
    with path.open("rb") as raw:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(raw.fileno()).st_size, 0o600
        reader = _Reader(raw, seen)
        tar.addfile(info, reader)  # type: ignore[arg-type]  # it only calls read()
    return reader.hash.hexdigest()


def _copy(content: Any, path: Path, seen: Seen) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader = _Reader(content, seen)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := reader.read(PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return reader.hash.hexdigest()
