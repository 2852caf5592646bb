"""Proofs of C2SP tlog-proof: that a leaf is in a log, for somebody who is offline.

A file names a place in the log, the way from the leaf to the root, and the checkpoint that was
signed over it. What stands in `extra` nobody has signed: whoever reads it computes the leaf anew.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from shiftapp.ledger import tree
from shiftapp.ledger.checkpoint import SIZE, Opened, open_checkpoint
from shiftapp.ledger.note import Verifier

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63  # of a tree that a signed size can name


@dataclass(frozen=True)
class LogProof:
    """A proof as it stands in its file."""

    index: int
    path: tree.Proof
    checkpoint: str  # the signed note, verbatim
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The file."""
        extra = [f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []
        path = [base64.b64encode(one).decode() for one in self.path]
        lines = [HEADER, *extra, f"index {self.index}", *path, ""]
        return "\n".join(lines) + "\n" + self.checkpoint


def parse(text: str) -> LogProof:
    """A proof from its file; nothing in it is checked yet.

    :raises ValueError: another form.
    """
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or not checkpoint or lines.pop(0) != HEADER:
        raise ValueError("not a proof of a log")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = _decoded(lines.pop(0).removeprefix("extra "))
    word, _, index = lines.pop(0).partition(" ") if lines else ("", "", "")
    if word != "index" or not SIZE.fullmatch(index) or len(lines) > MOST_HASHES:
        raise ValueError("not a proof of a log")
    path = tuple(_decoded(line) for line in lines)
    if any(len(one) != tree.HASH_BYTES for one in path):
        raise ValueError("not a proof of a log")
    return LogProof(int(index), path, checkpoint, extra)


def check(
    proof: LogProof, leaf: bytes, log: Verifier, witnesses: Iterable[Verifier] = ()
) -> Opened:
    """Pass when a leaf hash is in the log; gives its checkpoint and who saw that when.

    :raises ValueError: a checkpoint that does not open.
    :raises BadProof: the leaf is not where the proof says.
    """
    opened = open_checkpoint(proof.checkpoint, log, witnesses)
    signed = opened.checkpoint
    tree.check_inclusion(proof.index, signed.size, leaf, proof.path, signed.root)
    return opened


def _decoded(text: str) -> bytes:
    """Standard base64, in its one spelling."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not a proof of a log") from error
    if not found or base64.b64encode(found).decode() != text:
        raise ValueError("not a proof of a log")
    return found
