"""Taking a photo or a signature from a phone: looked at, on the disk, and only then in a row."""

from __future__ import annotations

import hashlib

from shiftapp.ledger import encoding
from shiftapp.model import blob_kinds, blobs
from shiftapp.problems import Problem
from shiftapp.store import files
from shiftapp.web import api_sync
from shiftapp.web.context import context, fresh_ms, store, token_bytes


def take(name: str, device: str) -> None:
    """Store the body of the request as the file of this hash (b64u); again, nothing is rewritten.

    :raises Problem: 413 `request_too_big`; 400 `shape`, `wrong_hash`, `has_place`; 503 `busy`.
    """
    content = api_sync.read_bytes(blob_kinds.MAX_PHOTO_BYTES, "这张照片太大，重拍一张。")
    try:
        sha = encoding.b64u_decode(name, 32)
    except ValueError as error:
        raise api_sync.shape("附件的编号不对。") from error
    kind = blob_kinds.kind_of(content)
    if hashlib.sha256(content).digest() != sha:
        raise Problem(400, "wrong_hash", "附件传坏了，再传一次。")
    if blobs.is_erased(store(), sha):
        return  # taken, and kept by nobody
    folder = context().config.blobs
    files.put(folder, sha, content, token_bytes(8).hex())
    if blobs.blob(store(), sha) is None:
        at_ms = fresh_ms()
        store().write(lambda db: blobs.keep(db, sha, kind, len(content), device, at_ms))
        if not files.is_here(folder, sha, len(content)):  # erased between the two
            files.put(folder, sha, content, token_bytes(8).hex())
