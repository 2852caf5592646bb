"""A damaged write-ahead log opens as an older log that looks whole: it is never signed on.

Ledger brief §13 D.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from shiftapp.ledger import log
from shiftapp.model import log_keeping
from shiftapp.problems import Problem
from shiftapp.store import Store, open_store
from tests.keeping import NOW_MS, Watched, check_log, fill, words

POSITIONS = 40
MINUTE_MS = 60_000


@dataclass
class Torn:
    """A database whose last minutes are in its write-ahead log alone, as a power cut finds it."""

    folder: Path
    wal: bytes
    all: list[str]  # its entries, in their order


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Torn:
    folder = tmp_path_factory.mktemp("torn")
    store = open_store(folder / "shiftapp.db")
    store.migrate()
    watched = Watched(store, folder)
    keep(watched, 0, 300)
    store.close()  # all of that is in the file
    watched = Watched(open_store(folder / "shiftapp.db"), folder)
    for minute in range(1, 9):
        keep(watched, minute, 30)
    copied = tmp_path_factory.mktemp("copied") / "torn"
    shutil.copytree(folder, copied)
    told = words(watched.store, 10**6)
    watched.store.close()
    (copied / "shiftapp.db-shm").unlink()
    wal = (copied / "shiftapp.db-wal").read_bytes()
    assert len(wal) > 100_000 and len(told) == 2 + 300 + 8 * 30
    return Torn(copied, wal, told)


def keep(watched: Watched, minute: int, count: int) -> None:
    now_ms = watched.now_ms = NOW_MS + minute * MINUTE_MS
    fill(watched.store, [f"entry {minute} {n}" for n in range(count)], now_ms)
    log_keeping.round(watched.store, watched.keeper, now_ms)


def damaged(wal: bytes, number: int) -> bytes:
    """Cut at some place, or with one bit of it turned."""
    chance = random.Random(number)
    at = chance.randrange(32, len(wal))
    if number % 2:
        return wal[:at]
    return wal[:at] + bytes([wal[at] ^ 1 << chance.randrange(8)]) + wal[at + 1 :]


@pytest.mark.parametrize("number", range(POSITIONS))
def test_a_torn_log_is_an_older_one_and_is_not_signed(
    torn: Torn, tmp_path: Path, number: int
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(torn.folder, folder)
    (folder / "shiftapp.db-wal").write_bytes(damaged(torn.wal, number))
    without_guard = number % 4 > 1  # then the memory of its own witness speaks
    if without_guard:
        (folder / "log" / "published").unlink()
    store = open_store(folder / "shiftapp.db")
    try:
        size = check_log(store)
        assert words(store, size) == torn.all[:size]
        if size == len(torn.all):  # what was torn off came after the last signature
            keep(Watched(store, folder), 20, 5)
            assert check_log(store) == size + 5
            return
        assert refused(store, folder) == "rolled_back"
        assert log.head(store).size == size
    finally:
        store.close()


def refused(store: Store, folder: Path) -> str:
    fill(store, ["waits"], NOW_MS)
    watched = Watched(store, folder)
    with pytest.raises(Problem) as raised:
        log_keeping.round(store, watched.keeper, NOW_MS + 20 * MINUTE_MS)
    return raised.value.code


def test_the_whole_one_goes_on(torn: Torn, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(torn.folder, folder)
    store = open_store(folder / "shiftapp.db")
    keep(Watched(store, folder), 20, 5)
    assert check_log(store) == len(torn.all) + 5
    store.close()
