"""Receipts: what a device gets for a record, signed, and the same text whenever it asks again.

Over the leaf where a public entry was written, else over `c` (formats.md "Bytes" §7).
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger.note import sign_note

MERGE_S = 300  # the entry is in the tree at most that long after it was received
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def receipt(
    key: Ed25519PrivateKey, origin: str, *, c: bytes, leaf: bytes | None, recv_ms: int
) -> str:
    """The signed note for a record received at `recv_ms`; `leaf` None: no entry was written."""
    if leaf is None:
        lines = [f"{origin}/record", _b64(c), str(recv_ms)]
    else:
        merged_s = recv_ms // 1000 + MERGE_S
        lines = [f"{origin}/receipt", _b64(leaf), str(recv_ms), str(merged_s)]
    return sign_note("\n".join(lines) + "\n", signer(origin), key)


def signer(origin: str) -> str:
    """The name of the receipt key."""
    return f"{origin}/receipt"


def receipt_code(digest: bytes) -> str:
    """回执码 as a screen shows it, XXXX-XXXX: the first 40 bits of the leaf hash (or of `c`)."""
    number = int.from_bytes(digest[:5], "big")
    symbols = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{symbols[:4]}-{symbols[4:]}"


def _b64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")
