"""Asking a witness to sign a checkpoint (C2SP tlog-witness); how it is sent is the caller's.

A request names the tree that the witness saw last and proves that the new one begins with it. A
witness that remembers another tree says which, and is asked once more from there.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import NamedTuple

from shiftapp.ledger import checkpoint, log, note, policy, tree
from shiftapp.store import Db, Row

ADD = "add-checkpoint"  # the call, under the URL of a witness
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"  # of a 409: the body is the size of the tree that the witness knows

Send = Callable[[bytes], "Answer"]

_CODES = {
    400: "bad_request",
    403: "not_trusted",  # it knows the log by another key
    404: "unknown_log",
    409: "stale",
    422: "inconsistent",
}


class Answer(NamedTuple):
    """What a witness answers: an HTTP status, and a body with its type."""

    status: int
    body: str
    kind: str


class Refused(Exception):
    """A witness that did not sign; `code` says why, `size` the tree it knows where it said so.

    `ahead` (it knows a larger tree than we have: ours is an older state), `fork` (another tree of
    the same size), `inconsistent`, `stale` (a newer checkpoint of ours was there first),
    `unknown_log`, `not_trusted`, `bad_request`, `bad_answer`, `unreachable`, `failed`.
    """

    def __init__(self, code: str, size: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.size = size


def request(old: int, proof: tree.Proof, signed: str) -> bytes:
    """The body of a request: the older size, the proof from there, and the signed checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), ""]
    return ("\n".join(lines) + "\n" + signed).encode()


def ask(send: Send, db: Db, row: Row, witness: policy.Witness, last_size: int) -> str:
    """The signature lines of a witness under a published checkpoint (a row of that table).

    `last_size`: the largest tree that it signed for us, as far as we know.

    :raises Refused: it did not sign.
    """
    old = min(last_size, row["size"])
    for _ in range(2):
        answer = _sent(send, db, row, old)
        if answer.status != 409:
            break
        old = _told(answer, db, row["size"], old)
    if answer.status != 200:
        raise Refused(_CODES.get(answer.status, "failed"))
    return _lines(answer.body, row["note"], witness)


def _sent(send: Send, db: Db, row: Row, old: int) -> Answer:
    proof = tree.consistency(old, row["size"], log.hashes(db))
    try:
        return send(request(old, proof, row["note"]))
    except OSError as error:
        raise Refused("unreachable") from error


def _told(answer: Answer, db: Db, size: int, asked: int) -> int:
    """The size that a witness knows, where the log can prove onward from it."""
    word = answer.body.removesuffix("\n")
    if not checkpoint.SIZE.fullmatch(word):
        raise Refused("bad_answer")
    told = int(word)
    if told > size:
        raise Refused("ahead" if told > log.head(db).size else "stale", told)
    if told == asked:
        raise Refused("fork" if told == size else "bad_answer", told)
    return told


def _lines(body: str, signed: str, witness: policy.Witness) -> str:
    """Those of an answer that are this witness's and hold; others are passed over."""
    known = witness.verifier
    try:
        text, found = note.split(signed + body)
        mine = [raw for name, raw in found if (name, raw[:4]) == (known.name, known.id)]
        for raw in mine:
            checkpoint.time_of(known, raw[4:], text)
    except ValueError as error:
        raise Refused("bad_answer") from error
    if not mine:
        raise Refused("bad_answer")
    lines = (f"{note.DASH}{known.name} {base64.b64encode(raw).decode()}\n" for raw in mine)
    return "".join(lines)
