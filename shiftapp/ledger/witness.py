"""A witness of C2SP tlog-witness: it signs a checkpoint only when it continues the one it knows.

A log that shows one tree to one reader and another tree to the next, or that forgets, finds no
witness who signs. What it signed last it remembers durably before it answers; two who ask at the
same time cannot both be first.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, note, tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.note import Verifier
from shiftapp.ledger.witness_client import PLAIN, SIZE, Answer, Refused, ask, request
from shiftapp.ledger.witness_memory import DOUBT, FORK, Damaged, FolderMemory, Memory

__all__ = ["Answer", "Damaged", "FolderMemory", "Memory", "Refused", "Witness", "ask", "request"]

log = logging.getLogger("shiftapp")

MOST_HASHES = 63  # of a proof
MOST_BYTES = 64 * 1024  # of a request
_OLD = re.compile(rf"old ({checkpoint.SIZE.pattern})")


class Request(NamedTuple):
    """A request as read; nothing in it is checked yet."""

    body: str
    old: int
    proof: tree.Proof
    signed: str
    text: str  # what the log signed: the checkpoint and whatever it adds below
    checkpoint: Checkpoint


class Witness:
    """Signs for these logs (an origin may have several keys) with one key and one memory."""

    def __init__(
        self, name: str, key: Ed25519PrivateKey, logs: Iterable[Verifier], memory: Memory
    ) -> None:
        self.name = name
        self._key = key
        self._logs = list(logs)
        self._memory = memory

    @property
    def vkey(self) -> str:
        """The text form of the public key: what a policy names."""
        return note.vkey(self.name, note.public_bytes(self._key), note.COSIGNATURE)

    def answer(self, request: bytes, now_s: int) -> Answer:
        """The answer to an add-checkpoint request; what it says is remembered by then."""
        try:
            asked = read_request(request)
        except ValueError as error:
            return _refusal(400, str(error))
        known = [one for one in self._logs if one.name == asked.checkpoint.origin]
        if not known:
            return _refusal(404, "this log is not known here")
        try:
            note.open_note(asked.signed, known)
        except ValueError:
            return _refusal(403, "no signature of a key that is trusted for this log")
        if asked.old > asked.checkpoint.size:
            return _refusal(400, "the older tree is the larger one")
        try:
            return self._signed(asked, now_s)
        except (Damaged, OSError):
            log.exception("the witness cannot remember: nothing is signed")
            return _refusal(500, "the witness cannot remember")

    def _signed(self, asked: Request, now_s: int) -> Answer:
        new = asked.checkpoint
        before = self._memory.newest(new.origin)
        newest = before or Checkpoint(new.origin, 0, tree.EMPTY)
        if new.size == newest.size and new.root != newest.root:
            self._accuse(FORK, asked, newest)
            return _conflict(newest.size)
        if asked.old != newest.size:
            return _conflict(newest.size)
        try:
            tree.check_consistency(asked.old, new.size, newest.root, asked.proof, new.root)
        except tree.BadProof as error:
            self._accuse(FORK if isinstance(error, tree.Forked) else DOUBT, asked, newest)
            return _refusal(422, str(error))
        line = checkpoint.cosign(asked.text, self.name, self._key, now_s)
        # --- point of no return: remembered here, or nothing is said ---
        if not self._memory.advance(before, new, asked.signed + line):
            moved = self._memory.newest(new.origin)  # another was first
            return _conflict(moved.size if moved else 0)
        return Answer(200, line, PLAIN)

    def _accuse(self, kind: str, asked: Request, newest: Checkpoint) -> None:
        shown = asked.checkpoint
        log.warning("%s: tree %s of %s against %s", kind, shown.size, shown.origin, newest.size)
        try:
            self._memory.accuse(kind, shown, asked.body)
        except (Damaged, OSError):
            log.exception("the evidence could not be kept")


def read_request(request: bytes) -> Request:
    """A request from its bytes.

    :raises ValueError: another form.
    """
    body = request.decode()
    head, blank, signed = body.partition("\n\n")
    lines = head.split("\n")
    old = _OLD.fullmatch(lines[0])
    if len(request) > MOST_BYTES or not blank or old is None or len(lines) > MOST_HASHES + 1:
        raise ValueError("not a request to add a checkpoint")
    proof = tuple(_hash(line) for line in lines[1:])
    text, _ = note.split(signed)
    return Request(body, int(old[1]), proof, signed, text, _checkpoint(text))


def _checkpoint(text: str) -> Checkpoint:
    """The tree of a checkpoint; lines that a log adds below are signed unread, as C2SP has it."""
    lines = text[:-1].split("\n")
    if not all(lines):
        raise ValueError("not a checkpoint: an empty line")
    return checkpoint.parse("\n".join(lines[:3]) + "\n")


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise ValueError("not a hash") from error
    if len(found) != tree.HASH_BYTES or base64.b64encode(found).decode() != line:
        raise ValueError("not a hash")
    return found


def _conflict(size: int) -> Answer:
    return Answer(409, f"{size}\n", SIZE)


def _refusal(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n", PLAIN)
