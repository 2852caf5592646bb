"""The log sealed by hand: what waits gets its place, and the own witness has seen it."""

from __future__ import annotations

from shiftapp.ledger import checkpoint, log, note, policy
from shiftapp.ledger.keys import Keys
from shiftapp.model import settings
from shiftapp.store import Db, Store
from tests.plant import NOW_MS

ORIGIN = "test.example/log"  # where no plant has said its own


def seal(store: Store, keys: Keys, now_ms: int = NOW_MS, *, seen: bool = True) -> int:
    """One turn of everything that waits, published; gives the size of the tree.

    `seen` False: no witness has seen it yet.
    """
    origin, text = origin_of(store), policy_of(store, keys)
    with store.tx() as db:
        log.begin(db, text)
    while store.write(lambda db: log.sequence(db, origin, lambda said: sign(said, origin, keys))):
        pass
    found = store.write(lambda db: log.publish(db, now_ms))
    if found is None:
        return 0
    if seen and found["quorum_s"] is None:
        store.write(lambda db: witnessed(db, found["size"], origin, keys, now_ms // 1000))
    return int(found["size"])


def witnessed(db: Db, size: int, origin: str, keys: Keys, now_s: int) -> None:
    """The own witness signs a published checkpoint, which makes the quorum."""
    found = db.row("SELECT note FROM checkpoint WHERE size = :size", size=size)
    assert found is not None
    text, _ = note.split(found["note"])
    log.cosigned(db, size, checkpoint.cosign(text, f"{origin}/witness", keys.witness, now_s), now_s)


def sign(text: str, origin: str, keys: Keys) -> str:
    """The note of a checkpoint."""
    return note.sign_note(text, origin, keys.log)


def policy_of(store: Db, keys: Keys) -> str:
    """The policy of an install with its own witness alone."""
    origin, url = origin_of(store), settings.get(store).url
    log_vkey = note.vkey(origin, note.public_bytes(keys.log))
    witness = note.public_bytes(keys.witness)
    return policy.default(
        log_vkey,
        f"{url or 'https://test.example'}/log",
        note.vkey(f"{origin}/witness", witness, note.COSIGNATURE),
    )


def origin_of(store: Db) -> str:
    """The origin of the log."""
    return settings.get(store).origin or ORIGIN
