"""The files of a log that `verify --save` kept in a zip, to be checked again without a network.

Nobody vouches for a zip either: no member is read further than the log's file may be long.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path

from click import ClickException

from shiftapp.commands.speech import refuse
from shiftapp.ledger.verify_files import Missing, limit

FORM = "shiftapp-verify-1"
ABOUT = "verify.json"
MOST_ABOUT = 4096  # bytes
MOST_MEMBERS = 50_000


class Saved:
    """The files of a log in a zip."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
            names = self.zip.namelist()
            about = json.loads(self._read(ABOUT, MOST_ABOUT))
            self.index, self.id = int(about["index"]), str(about["id"])
            known = about["form"] == FORM and len(names) <= MOST_MEMBERS
        except (*_BAD_ZIP, TypeError) as error:
            raise _no_zip(path) from error
        if not known:
            raise _no_zip(path)
        self.files: dict[str, bytes] = {}

    def get(self, path: str) -> bytes:
        """A file of the log.

        :raises Missing: it is not in the zip, damaged, or longer than it can be.
        """
        try:
            self.files[path] = self._read(f"log/{path}", limit(path))
        except _BAD_ZIP as error:
            raise Missing from error
        return self.files[path]

    def _read(self, name: str, most: int) -> bytes:
        if self.zip.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(name)
        with self.zip.open(name) as member:  # read to the limit and not further, whatever it says
            data = member.read(most + 1)
        if len(data) > most:
            raise zipfile.BadZipFile(name)
        return data


_BAD_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(KeyError, ValueError, OSError, EOFError, RuntimeError, OverflowError),
)


def save(path: Path, index: int, id: str, files: dict[str, bytes]) -> None:
    """Keep every file that was fetched, to be looked at without a network.

    :raises ClickException: the file is there already.
    """
    about = json.dumps({"form": FORM, "index": index, "id": id}).encode()
    try:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as out:
            for name, data in [(ABOUT, about), *((f"log/{n}", d) for n, d in files.items())]:
                out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    except FileExistsError as error:
        raise is_there(path) from error
    except OSError as error:
        raise refuse(f"写不了 {path}：{error}", f"{path} cannot be written: {error}") from error


def is_there(path: Path) -> ClickException:
    """The refusal to write over a file."""
    return refuse(
        f"{path} 已经在了，没有覆盖。", f"{path} is there already and was not overwritten."
    )


def _no_zip(path: Path) -> ClickException:
    return refuse(
        f"{path} 不是 verify --save 存的文件。", f"{path} was not saved by verify --save."
    )
