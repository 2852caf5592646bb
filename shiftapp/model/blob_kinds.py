"""What may be a blob: a photo (JPEG, PNG, WebP) or a signature drawn as a path (JSON).

Known by its first bytes and never by what the sender calls it. A photo that says where it was
taken is refused: the phone draws every photo anew, which leaves that out.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from shiftapp.ledger import encoding
from shiftapp.problems import Problem

MAX_PHOTO_BYTES = 600 * 1024
MAX_SIGNATURE_BYTES = 8 * 1024
SIGNATURE = "application/json"

MAX_SIDE = 10_000  # CSS pixels of the drawing
MAX_DURATION_MS = 3_600_000
MAX_STROKES = 1000
_PATH = re.compile(r"[Mml0-9 ,-]+")
# Where a photo keeps its EXIF: a JPEG's APP1, a PNG's eXIf chunk, a WebP's EXIF chunk.
_EXIF = re.compile(rb"Exif\0\0|eXIf|EXIF.{4}", re.DOTALL)
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_GPS_TAG = 0x8825
_XMP_PLACE = re.compile(rb"GPSL(?:at|ong)itude|Raw profile type", re.IGNORECASE)


class Signature(NamedTuple):
    """A drawn signature: the size of its field and a path of plain moves and lines."""

    w: int
    h: int
    path: str


def kind_of(content: bytes) -> str:
    """The media type of a blob that may be stored.

    :raises Problem: 413 `request_too_big`; 400 `shape` for anything else, `has_place` for a photo
        that says where it was taken.
    """
    photo = _photo_kind(content)
    if photo is not None:
        if _has_place(content):
            raise Problem(400, "has_place", "照片里带着拍摄地点，没有收。用本应用重新拍一张。")
        return photo
    if content[:1] == b"{" and len(content) > MAX_SIGNATURE_BYTES:
        raise Problem(413, "request_too_big", "签名太大，清除后重签一次。")
    read_signature(content)
    return SIGNATURE


def read_signature(content: bytes) -> Signature:
    """A drawn signature from its file.

    :raises Problem: 400 `shape` when it is none.
    """
    try:
        found = encoding.read_object(content.decode("utf-8"))
    except ValueError as error:
        raise _shape() from error
    path = found.get("path")
    if found.keys() != {"w", "h", "path", "duration_ms", "strokes"} or not isinstance(path, str):
        raise _shape()
    if not (path.startswith("M") and _PATH.fullmatch(path)):
        raise _shape()
    w, h = _whole(found["w"], 1, MAX_SIDE), _whole(found["h"], 1, MAX_SIDE)
    _whole(found["duration_ms"], 0, MAX_DURATION_MS)
    _whole(found["strokes"], 1, MAX_STROKES)
    return Signature(w, h, path)


def _photo_kind(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _has_place(content: bytes) -> bool:
    """Whether EXIF or XMP says where, anywhere in the file: also in a picture inside it."""
    if _XMP_PLACE.search(content):
        return True
    return any(_tiff_has_place(content[found.end() :]) for found in _EXIF.finditer(content))


def _tiff_has_place(tiff: bytes) -> bool:
    """Whether the first directory of EXIF points to one with a position.

    Cut off counts as yes: what cannot be read cannot be shown to be harmless.
    """
    tiff = tiff.removeprefix(b"Exif\0\0")  # some writers of WebP put it there too
    order = _TIFF.get(tiff[:4])
    if order is None:
        return False
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        tags = [struct.unpack_from(f"{order}H", tiff, start + 2 + 12 * n)[0] for n in range(count)]
    except struct.error:
        return True
    return _GPS_TAG in tags


def _whole(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise _shape()
    return value


def _shape() -> Problem:
    return Problem(400, "shape", "不是照片，也不是签名，没有收。")
