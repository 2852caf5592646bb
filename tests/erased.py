"""What tests of erasure need: a log that gives places, traces in a folder, the raw files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shiftapp.ledger import log, note
from shiftapp.model import blobs, erasing, erasure, settings
from shiftapp.model.erasing import Done, Order
from shiftapp.model.traces import Traces
from shiftapp.store import Row, Store, files
from tests.plant import NOW_MS, Plant

DAY_MS = 24 * 3_600_000
LATER_MS = NOW_MS + 3 * DAY_MS  # the shift and the day of its announcement are over
ORIGIN = "aq.example.cn/log"
WHY = "本人离职，要求删除"


def seal(plant: Plant) -> int:
    """Places in the log for all that waits; gives its size."""
    key = plant.keys.log

    def turn(db: Any) -> int:
        return log.sequence(db, ORIGIN, lambda text: note.sign_note(text, ORIGIN, key))

    with plant.store.tx() as db:
        if not log.is_kept(db):
            log.begin(db, "policy\n")
    while plant.store.write(turn):
        pass
    return log.head(plant.store).size


def erase(plant: Plant, record_id: str, now_ms: int = LATER_MS) -> list[bytes]:
    """Erase a record without asking why."""
    return plant.store.write(lambda db: erasure.erase(db, record_id, now_ms))


def traces_in(folder: Path) -> Traces:
    """Traces below a folder of a test."""
    (folder / "blobs").mkdir(exist_ok=True, mode=0o700)
    return Traces(folder / "blobs", folder / "erased")


def order(
    plant: Plant, where: Traces, *ids: str, now_ms: int = LATER_MS, early: bool = True,
    reason: str = WHY,
) -> Done:  # fmt: skip
    """The manager has records erased."""
    asked = Order(plant.id("manager"), reason, early)
    return erasing.erase(plant.store, ids, asked, settings.get(plant.store), now_ms, where)


def photo(plant: Plant, where: Traces, content: bytes, part: str = "worker") -> bytes:
    """A file as a phone brought it; gives its hash."""
    sha = hashlib.sha256(content).digest()
    files.put(where.blobs, sha, content, "t")
    device, _ = plant.device(part)
    with plant.store.tx() as db:
        blobs.keep(db, sha, "image/jpeg", len(content), device, NOW_MS)
    return sha


def record(store: Store, record_id: str) -> Row:
    found = store.row("SELECT * FROM record WHERE id = :id", id=record_id)
    assert found is not None
    return found


def raw_files(store: Store) -> Iterator[tuple[str, bytes]]:
    """The engine's own files, read from the disk: the database and the log beside it; on
    PostgreSQL the files of its tables."""
    if store.engine == "sqlite":
        for ending in ("", "-wal"):
            path = Path(store.address + ending)
            if path.exists():
                yield path.name, path.read_bytes()
        return
    folder = Path(store.value("SHOW data_directory"))
    for row in store.rows(
        "SELECT relname, pg_relation_filepath(oid) AS path FROM pg_class"
        " WHERE relkind IN ('r', 't', 'i') AND pg_relation_filepath(oid) IS NOT NULL"
        " ORDER BY oid"
    ):
        path = folder / row["path"]
        if path.exists():
            yield row["relname"], path.read_bytes()
