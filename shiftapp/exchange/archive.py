"""The file before it is parsed: is it a workbook, is it small, does it bring anything alive.

An xlsx is a zip of XML parts. Every part is unpacked once here, counted byte by byte, because the
sizes that a zip claims may be lies: nothing reaches a parser before the whole has been counted. The
same pass counts rows and finds merged cells, which openpyxl's read-only mode does not see.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from shiftapp.exchange.faults import Fault, fault

MOST_MB = 20  # of the file, and of its parts unpacked
MOST_ROWS = 20_000
MOST_PARTS = 2_000

_MOST_BYTES = MOST_MB * 1024 * 1024
_CHUNK = 1 << 16
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
# No part of a workbook declares entities; defusedxml would see it too, if nobody turned it off.
_DTD = re.compile(rb"<\x00?!\x00?(D\x00?O\x00?C\x00?T|E\x00?N\x00?T)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*\bref=[\"']([A-Z0-9:]+)[\"']")


@dataclass
class Package:
    """A file that may be parsed: its bytes, and by part name what only the raw XML tells."""

    data: bytes
    rows: dict[str, int] = field(default_factory=dict)
    merged: dict[str, list[str]] = field(default_factory=dict)


def unpack(file: BinaryIO) -> Package | Fault:
    """The checked file, or the reason why it is not read."""
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        return fault("too_big", most=MOST_MB)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: xls, or an encrypted xlsx
        return fault("old_xls")
    if not data.startswith(b"PK"):
        return fault("not_xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _refused(archive) or _counted(archive, data)
    # RuntimeError: encrypted; NotImplementedError: an exotic compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        return fault("damaged")


def _refused(archive: zipfile.ZipFile) -> Fault | None:
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS:
        return fault("too_big_unpacked", most=MOST_MB)
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        return fault("not_xlsx")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        return fault("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        return fault("external_links")
    ordinary = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can need much memory
    if any(part.compress_type not in ordinary for part in parts):
        return fault("damaged")
    return None


def _counted(archive: zipfile.ZipFile, data: bytes) -> Package | Fault:
    package = Package(data)
    left = _MOST_BYTES
    for part in archive.infolist():
        content = _read(archive, part, left)
        if content is None:
            return fault("too_big_unpacked", most=MOST_MB)
        left -= len(content)
        if _DTD.search(content):
            return fault("damaged")
        if part.filename.startswith("xl/worksheets/"):
            package.rows[part.filename] = sum(1 for _ in _ROW.finditer(content))
            found = [ref.decode() for ref in _MERGED.findall(content)]
            package.merged[part.filename] = found
            if package.rows[part.filename] > MOST_ROWS + 2:  # headings and example
                return fault("too_many_rows", most=MOST_ROWS)
    return package


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes | None:
    """The part unpacked; None as soon as it has more than `most` bytes."""
    kept = bytearray()
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            kept += chunk
            if len(kept) > most:
                return None
    return bytes(kept)
