"""The log sealed by hand: what waits gets its place, and the own witness has seen it."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, log, note, policy
from shiftapp.ledger.keys import Keys
from shiftapp.model import settings
from shiftapp.store import Db, Store
from tests.plant import NOW_MS

LAST_EVENING_MS = NOW_MS - (12 * 60 + 8) * 60_000  # 19:30, before the night began
ORIGIN = "test.example/log"  # where no plant has said its own


def seal(
    store: Store,
    keys: Keys,
    now_ms: int = NOW_MS,
    *,
    seen: bool = True,
    before_ms: int = log.EVER_MS,
) -> int:
    """Everything that waits (of what was received before an instant), published; gives the size.

    `seen` False: no witness has seen it yet.
    """
    origin, text = origin_of(store), policy_of(store, keys)
    with store.tx() as db:
        log.begin(db, text)
    while store.write(
        lambda db: log.sequence(
            db, origin, lambda said: sign(said, origin, keys), before_ms=before_ms
        )
    ):
        pass
    found = store.write(lambda db: log.publish(db, now_ms))
    if found is None:
        return 0
    if seen and found["quorum_s"] is None:
        store.write(lambda db: witnessed(db, found["size"], origin, keys, now_ms // 1000))
    return int(found["size"])


def seal_rosters(store: Store, keys: Keys) -> int:
    """The rosters of the plant's shifts, last night's too, as if the log had held them in time."""
    newest_ms = store.value("SELECT MAX(recv_ms) FROM entry WHERE kind = 'open'")
    return seal(store, keys, LAST_EVENING_MS, before_ms=newest_ms + 1)


def witnessed(db: Db, size: int, origin: str, keys: Keys, now_s: int) -> None:
    """The own witness signs a published checkpoint, which makes the quorum."""
    found = db.row("SELECT note FROM checkpoint WHERE size = :size", size=size)
    assert found is not None
    text, _ = note.split(found["note"])
    log.cosigned(db, size, checkpoint.cosign(text, f"{origin}/witness", keys.witness, now_s), now_s)


def see_outside(store: Store, keys: Keys, *names: str, least: int) -> None:
    """A policy with witnesses of others, of which with our own so many must sign; they sign too."""
    lines = policy_of(store, keys).splitlines()[:2]
    signing = {name: Ed25519PrivateKey.from_private_bytes(_seed(name)) for name in names}
    for name, key in signing.items():
        held = note.vkey(f"{name}.example/w", note.public_bytes(key), note.COSIGNATURE)
        lines.append(f"witness {name} {held} https://{name}.example")
    lines += [f"group all-of-us {least} self {' '.join(names)}", "quorum all-of-us"]
    with store.tx() as db:
        log.begin(db, "\n".join(lines) + "\n")
        newest = log.newest(db)
        assert newest is not None
        text, at_s = note.split(newest["note"])[0], newest["at_ms"] // 1000
        for name, key in signing.items():
            line = checkpoint.cosign(text, f"{name}.example/w", key, at_s)
            log.cosigned(db, newest["size"], line, at_s)


def _seed(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


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
