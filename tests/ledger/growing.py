"""A real log in a real store, growing by command: what sequencer and publisher do, without them."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import log, note
from shiftapp.store import Row, Store

ORIGIN = "plant.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x31" * 32)
VKEY = note.vkey(ORIGIN, note.public_bytes(KEY))
VERIFIER = note.parse_vkey(VKEY)


def sign(text: str) -> str:
    return note.sign_note(text, ORIGIN, KEY)


def begin(store: Store, policy: str = "the policy\n") -> None:
    store.write(lambda db: log.begin(db, policy))


def grow(store: Store, size: int, word: str = "entry") -> Row:
    """Let the log grow to a size, publish its head, and give that checkpoint."""
    with store.tx() as db:
        for n in range(log.head(db).size, size):
            log.append(db, "key", None, f"{word} {n}".encode(), 5)
    while store.write(lambda db: log.sequence(db, ORIGIN, sign)):
        pass
    row = store.write(lambda db: log.publish(db, 1_000 * size))
    assert row is not None and row["size"] == size
    return row
