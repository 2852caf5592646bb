"""Kill −9 while several processes write to a log and two of them keep it (ledger brief §13 C)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shiftapp.ledger import checkpoint, tree
from shiftapp.model import log_keeping
from shiftapp.store import Store
from tests.keeping import LOG, Watched, check_log, words

SECONDS = 12.0


def test_killed_writers_and_keepers_leave_one_log(store: Store, tmp_path: Path) -> None:
    done = run("storm", store, tmp_path)
    assert int(done) >= 15
    check_after(store, tmp_path)
    assert len(lines(tmp_path / "acked")) > 100
    assert len(lines(tmp_path / "noted")) > 20


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_full_disk_costs_the_log_nothing(store: Store, tmp_path: Path) -> None:
    if store.engine != "sqlite":
        pytest.skip("the database server has its own disk")
    watched = Watched(store, tmp_path)
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
    rows = store.rows("SELECT leaf FROM entry WHERE idx IS NOT NULL ORDER BY idx")
    leaves = [bytes(row["leaf"]) for row in rows]
    for line in set(lines(folder / "noted")):
        found = checkpoint.open_checkpoint(line.replace("\\n", "\n"), LOG).checkpoint
        assert found.root == tree.of_leaves(leaves[: found.size])
    unseen = store.value("SELECT COUNT(*) FROM checkpoint WHERE quorum_s IS NULL")
    assert unseen < store.value("SELECT COUNT(*) FROM checkpoint")


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
