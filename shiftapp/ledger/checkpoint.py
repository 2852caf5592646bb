"""Checkpoints of C2SP tlog-checkpoint, and what witnesses sign under them (tlog-cosignature).

A checkpoint is three lines: origin, size, root. A witness signs them with the time at which it saw
them; what it says is that the log it knew before is the beginning of this one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import note
from shiftapp.ledger.note import Verifier

SIZE = re.compile(r"0|[1-9][0-9]{0,18}")  # no sign, no leading zero, below 2^63


class Checkpoint(NamedTuple):
    """A tree of the log, as it is signed."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Opened(NamedTuple):
    """A checkpoint whose log signature holds, and when which witness signed it (Unix s)."""

    checkpoint: Checkpoint
    seen_s: dict[str, int]


def parse(text: str) -> Checkpoint:
    """A checkpoint from its text. Extension lines are refused: our log has none.

    :raises ValueError: another form.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error as error:
        raise ValueError("not a checkpoint") from error
    if len(root) != 32 or base64.b64encode(root).decode() != lines[2] or int(lines[1]) >= 1 << 63:
        raise ValueError("not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def cosign(text: str, name: str, key: Ed25519PrivateKey, now_s: int) -> str:
    """A witness's signature line under a checkpoint, with its newline."""
    id = note.key_id(name, note.public_bytes(key), note.COSIGNATURE)
    signature = key.sign(_witnessed(text, now_s))
    encoded = base64.b64encode(id + now_s.to_bytes(8) + signature).decode()
    return f"{note.DASH}{name} {encoded}\n"


def open_checkpoint(signed: str, log: Verifier, witnesses: Iterable[Verifier] = ()) -> Opened:
    """Check the log's signature and every witness's that is known; others are passed over.

    :raises ValueError: no checkpoint, of another log, or a signature of a known key that is wrong.
    """
    text, _ = note.open_note(signed, [log])
    found = parse(text)
    if found.origin != log.name:
        raise ValueError("a checkpoint of another log")
    known = {(one.name, one.id): one for one in witnesses}
    seen_s: dict[str, int] = {}
    for name, raw in note.split(signed)[1]:
        witness = known.get((name, raw[:4]))
        if witness is not None:
            seen_s[name] = time_of(witness, raw[4:], text)
    return Opened(found, seen_s)


def time_of(witness: Verifier, raw: bytes, text: str) -> int:
    """When a witness signed a checkpoint's text, Unix s; `raw` is time and signature.

    :raises ValueError: the signature is not this witness's under this text.
    """
    time_s = int.from_bytes(raw[:8])
    try:
        witness.public.verify(raw[8:], _witnessed(text, time_s))
    except InvalidSignature as error:
        raise ValueError(f"the signature of {witness.name} is wrong") from error
    if time_s >= 1 << 63:
        raise ValueError(f"the time of {witness.name} is none")
    return time_s


def _witnessed(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()
