"""The place of a body in its device's chain: device, number, hash (formats.md "Bytes" §2, §5).

Every body names the hash of the one before it, so that none can be left out, put in between or
changed later without a sign. What does not continue its chain is flagged `chain_gap` and counts all
the same. Pure: what the store holds of a chain is asked in `facts`.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import shapes

# A body of any shape, parsed.
Json = dict[str, Any]


class Link(NamedTuple):
    """Where a body stands: `dev` and `seq` are None together, `sha` has 32 bytes."""

    dev: str | None
    seq: int | None
    sha: bytes


def link(text: str, body: Json) -> Link:
    """The place that a body claims, also one that is kept unread; `text` is its exact text."""
    sha = hashlib.sha256(text.encode()).digest()
    dev, seq = body.get("dev"), body.get("seq")
    faults = [*shapes.COMMON["dev"](dev, ""), *shapes.COMMON["seq"](seq, "")]
    if faults or dev is None or seq is None:
        return Link(None, None, sha)
    return Link(dev, seq, sha)


def before(body: Json) -> tuple[int | None, bytes | None]:
    """Number and hash that the body before this one must have; None where there is none.

    The body is of good shape.
    """
    seq, prev = body["seq"], body["prev"]
    sha = None if prev is None else encoding.b64u_decode(prev, 32)
    return (None if seq is None else seq - 1), sha


def is_gap(body: Json, *, taken: bool, continued: bool) -> bool:
    """Whether a body of good shape does not continue its device's chain.

    `taken`: another body of the device has its number. `continued`: one with the number before it
    has the hash that it names.
    """
    if body["dev"] is None:
        return False
    fits = body["prev"] is None if body["seq"] == 1 else continued
    return taken or not fits
