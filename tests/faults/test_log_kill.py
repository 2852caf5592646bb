"""Kill −9 while several processes write to a log and two of them keep it (ledger brief §13 C)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shiftapp.ledger import checkpoint, log, tree
from shiftapp.model import log_keeping
from shiftapp.store import Store
from tests.engines import sqlite_store
from tests.keeping import LOG, Watched, check_log, words

SECONDS = 10.0


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """A database whose disk is ours; that of a PostgreSQL is its own."""
    yield from sqlite_store(tmp_path)


def test_killed_writers_and_keepers_leave_one_log(store: Store, tmp_path: Path) -> None:
    done = run("storm", store, tmp_path)
    assert int(done) >= 15
    check_after(store, tmp_path)
    assert len(lines(tmp_path / "acked")) > 100
    assert len(lines(tmp_path / "noted")) > 20


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_full_disk_costs_the_log_nothing(sqlite: Store, tmp_path: Path) -> None:
    store, watched = sqlite, Watched(sqlite, tmp_path)
    log_keeping.round(store, watched.keeper, watched.now_ms)
    refused = int(run("full", store, tmp_path))
    assert refused > 20, "the disk did not fill up"
    check_after(store, tmp_path)
    assert store.value("PRAGMA integrity_check") == "ok"


def check_after(store: Store, folder: Path) -> None:
    """Acknowledged ⊆ log, nothing twice, and every note that could be seen is of this tree."""
    watched = Watched(store, folder)
    for at_ms in (10**15, 10**15 + 61_000):
        watched.now_ms = at_ms
        log_keeping.round(store, watched.keeper, at_ms)
    size = check_log(store)
    assert store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 0
    assert set(lines(folder / "acked")) <= set(words(store, size))
    hashes = log.hashes(store)  # checked: they make this tree
    for line in set(lines(folder / "noted")):
        found = checkpoint.open_checkpoint(line.replace("\\n", "\n"), LOG).checkpoint
        assert found.root == tree.root(found.size, hashes)
    newest = log.newest(store)
    assert newest is not None and newest["size"] == size


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def run(what: str, store: Store, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.log_storm", what, store.address, folder, str(SECONDS)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout
