"""Receipts: what the server promises for a record it has stored (formats.md "Bytes" §7).

Made from stored values alone; Ed25519 is deterministic, so the same record has the same receipt for
ever.
"""

from __future__ import annotations

from shiftapp.ledger.encoding import b64
from shiftapp.ledger.note import Signer, sign

MERGE_S = 300  # a receipt's leaf is in a checkpoint that much later, or the log is at fault
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32


def receipt(key: Signer, origin: str, *, c: bytes, leaf: bytes | None, recv_ms: int) -> str:
    """The signed note of a record: over its leaf hash, or over `c` where it has no entry."""
    if leaf is None:
        return sign(key, f"{origin}/record\n{b64(c)}\n{recv_ms}\n")
    merge_by_s = recv_ms // 1000 + MERGE_S
    return sign(key, f"{origin}/receipt\n{b64(leaf)}\n{recv_ms}\n{merge_by_s}\n")


def receipt_code(digest: bytes) -> str:
    """What a screen shows of a receipt: 40 bits of the leaf hash, or of `c`: XXXX-XXXX."""
    number = int.from_bytes(digest[:5], "big")
    symbols = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{symbols[:4]}-{symbols[4:]}"
