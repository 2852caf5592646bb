"""Processes that write to a log and keep it, and are killed: `python -m tests.faults.log_storm`.

One process starts the others by fork and kills them; it has no threads of its own. What a writer
was told is written down in `acked`, every note that could have left the house in `noted`.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shiftapp.ledger import log
from shiftapp.model import log_keeping
from shiftapp.store import Db, Store, open_store
from tests.keeping import Watched, sign

WRITERS, KEEPERS = 3, 2
SUICIDES = 0.05  # of the signatures: the process dies between signing and commit
AGAIN = 0.1  # of the deliveries

Work = Callable[[Store, Path, random.Random], None]


def write(store: Store, folder: Path, chance: random.Random) -> None:
    """Append entries, some of them again; note those that were acknowledged."""
    words: list[str] = []
    while True:
        new = [f"entry {chance.getrandbits(60)}" for _ in range(chance.randint(1, 5))]
        if words and chance.random() < AGAIN:
            new.append(chance.choice(words))
        if _done(lambda new=new: store.write(lambda db: _append(db, new))):  # type: ignore[misc]
            words += new
            _note(folder / "acked", new)
        time.sleep(0.002)


def keep(store: Store, folder: Path, chance: random.Random) -> None:
    """Keep the log in quick rounds, and die now and then between a signature and its commit."""
    watched = Watched(store, folder)

    def signing(text: str) -> str:
        signed = sign(text)
        if chance.random() < SUICIDES:
            os.kill(os.getpid(), signal.SIGKILL)
        return signed

    watched.keeper.sign = signing
    while True:
        watched.now_ms = now_ms = time.time_ns() // 1_000_000
        store.write(lambda db, now_ms=now_ms: log.want(db, now_ms))  # type: ignore[misc]
        if _done(lambda now_ms=now_ms: log_keeping.round(store, watched.keeper, now_ms)):  # type: ignore[misc]
            note = store.value("SELECT note FROM head")
            _note(folder / "noted", [note.replace("\n", "\\n")])
        time.sleep(0.02)


def storm(address: str, folder: Path, seconds: float, chance: random.Random) -> int:
    """Kill one of them again and again; gives how often."""
    works: list[Work] = [write] * WRITERS + [keep] * KEEPERS
    pids = [_start(work, address, folder, chance) for work in works]
    until, kills = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.15, 0.5))
        at = chance.randrange(len(works))
        os.kill(pids[at], signal.SIGKILL)
        kills += 1
        for n, pid in enumerate(pids):  # also those that killed themselves
            if os.waitpid(pid, 0 if n == at else os.WNOHANG)[0]:
                pids[n] = _start(works[n], address, folder, chance)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return kills


def full_disk(address: str, folder: Path, chance: random.Random) -> int:
    """Write and keep while files may not grow, then while they may; gives how much was refused."""
    store, watched, refused = open_store(address), Watched(open_store(address), folder), 0
    room = (folder / "shiftapp.db-wal").stat().st_size + 64 * 1024
    for limit, turns in ((room, 60), (1, 20), (resource.RLIM_INFINITY, 10), (room, 60), (-1, 10)):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        for _ in range(turns):
            new = [f"entry {chance.getrandbits(60)} {'x' * 1000}" for _ in range(5)]
            told = _done(lambda new=new: store.write(lambda db: _append(db, new)))  # type: ignore[misc]
            if told:
                with contextlib.suppress(OSError):
                    _note(folder / "acked", new)
            watched.now_ms += 61_000
            now_ms = watched.now_ms
            kept = _done(lambda now_ms=now_ms: log_keeping.round(store, watched.keeper, now_ms))  # type: ignore[misc]
            refused += (not told) + (not kept)
    return refused


def _append(db: Db, words: list[str]) -> None:
    for word in words:
        log.append(db, "ann", None, word.encode(), 5)


def _done(fn: Callable[[], object]) -> bool:
    """Whether it was done; a writer that is told no, or cut off, tries something else."""
    try:
        fn()
    except Exception:
        return False
    return True


def _start(work: Work, address: str, folder: Path, chance: random.Random) -> int:
    seed = chance.getrandbits(60)
    if pid := os.fork():
        return pid
    try:
        work(open_store(address), folder, random.Random(seed))
    finally:
        os._exit(1)


def _note(path: Path, lines: list[str]) -> None:
    """All of it in one write: whoever is killed leaves no half line behind."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, "".join(f"{line}\n" for line in lines).encode())
    os.close(handle)


if __name__ == "__main__":
    _, what, to, where, how_long = sys.argv
    if what == "storm":
        found = storm(to, Path(where), float(how_long), random.Random(20261126))
    else:
        found = full_disk(to, Path(where), random.Random(20261126))
    sys.stdout.write(f"{found}\n")
