"""The four sync figures of the design in one run: `python bench/sync.py` (see bench/README.md).

Ours with everything on against a bare Flask + INSERT, on the disk as it is and with 5 ms more an
fsync, one record a request and twenty.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from load import Load, all_stored, drive  # noqa: E402
from plant import Plant, requests  # noqa: E402

THREADS, CLIENTS = 32, 64
OPEN_RATE = 170  # requests a second: the peak of a shift change of 50,000 workers
PATHS = {"ours": "/api/v1/sync", "bare": "/insert"}
# Ours at most so many requests a second: what is sealed ahead must last for the whole time.
MOST = {1: 2500, 20: 200}


@dataclass(frozen=True)
class Figure:
    """One server under one load."""

    server: str
    disk: str
    records: int
    records_s: float
    p50_ms: float
    p99_ms: float
    requests: int
    cpu_ms: float  # of the server, a record
    memory_mb: float


def main() -> int:
    """Run, print the table or JSON; 1 where an answer was not what it should be."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(dir=asked.dir, prefix="bench-") as name:
        folder = Path(name)
        shim = build_shim(folder)
        found = [
            _measure(folder / str(number), *case, shim=shim, seconds=asked.seconds)
            for number, case in enumerate(_cases(asked.rounds))
        ]
    told = _summary(found)
    sys.stdout.write((json.dumps(told, indent=1) if asked.json else _table(told)) + "\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of each; the median is told")
    parser.add_argument("--dir", default=None, help="folder on the disk to measure (else /tmp)")
    parser.add_argument("--json", action="store_true", help="print JSON for a program")
    return parser.parse_args()


def _cases(rounds: int) -> Iterator[tuple[str, str, int, float | None]]:
    """Server, disk, records a request, rate; ours and bare take turns, so that noise hits both."""
    for _ in range(rounds):
        for disk in ("fast", "+5 ms"):
            yield "bare", disk, 1, None
            yield "ours", disk, 1, None
            yield "ours", disk, 20, None
        yield "ours", "+5 ms", 1, OPEN_RATE


def build_shim(folder: Path) -> Path:
    built = folder / "slow_fsync.so"
    source = HERE / "slow_fsync.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", built, source, "-ldl"], check=True)
    return built


def _measure(
    folder: Path,
    server: str,
    disk: str,
    records: int,
    rate: float | None,
    *,
    shim: Path,
    seconds: float,
) -> Figure:
    folder.mkdir()
    plant = Plant(folder)
    label = f"{server} {disk} {records}/request" + (f" at {rate}/s" if rate else "")
    with serving(server, folder, shim if disk != "fast" else None) as (process, port):
        count = int((rate or MOST[records]) * seconds) + CLIENTS
        with _progress(f"{label}: sealing", count) as tell:
            ready = requests(plant, count, records, PATHS[server], port, tell)
        begun_ms = processor_ms(process.pid)
        with _progress(label, count) as tell:
            good = all_stored(records) if server == "ours" else lambda answer: True
            load: Load = asyncio.run(
                drive(
                    port,
                    iter(ready),
                    clients=CLIENTS,
                    seconds=seconds,
                    rate=rate,
                    good=good,
                    tell=tell,
                )
            )
        cpu_ms, memory_mb = processor_ms(process.pid) - begun_ms, _peak_mb(process.pid)
    shutil.rmtree(folder)
    if load.refused:
        raise SystemExit(f"{label}: {load.refused} answers were not what they should be")
    return Figure(
        server,
        disk if rate is None else f"{disk}, open",
        records,
        round(load.rate * records, 1),
        round(load.percentile(0.5), 1),
        round(load.percentile(0.99), 1),
        len(load.latencies),
        round(cpu_ms / len(load.latencies) / records, 2),
        memory_mb,
    )


@contextlib.contextmanager
def serving(
    server: str, folder: Path, shim: Path | None
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    environ = {**os.environ, **({"LD_PRELOAD": str(shim), "SLOW_FSYNC_MS": "5"} if shim else {})}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, HERE / "server.py", server, folder, str(THREADS)],
            stdout=subprocess.PIPE,
            stderr=log,
            env=environ,
            cwd=HERE.parent,
            text=True,
        )
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline() or 0)
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, for people only."""
    done, shown = 0, -1

    def tell() -> None:
        nonlocal done, shown
        done += 1
        if sys.stderr.isatty() and done * 30 // total != shown:
            shown = done * 30 // total
            sys.stderr.write(f"\r{label:42} [{'#' * shown:30}] {done}")

    yield tell
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * 100 + "\r")


def processor_ms(pid: int) -> float:
    """Processor time of a process (Linux): what other programs on the machine change least."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return 0.0


def _peak_mb(pid: int) -> float:
    """The most memory the process has held (Linux), MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _summary(found: list[Figure]) -> dict[str, object]:
    """The median of the rounds of each case, and the ratios the budgets are about."""
    cases: dict[tuple[str, str, int], list[Figure]] = {}
    for one in found:
        cases.setdefault((one.server, one.disk, one.records), []).append(one)
    figures = [_median(rounds) for rounds in cases.values()]
    by = {(one.server, one.disk, one.records): one for one in figures}
    ratios = {}
    for disk in ("fast", "+5 ms"):
        bare, single, twenty = by["bare", disk, 1], by["ours", disk, 1], by["ours", disk, 20]
        ratios[f"1 a request, {disk}"] = {
            "records": round(single.records_s / bare.records_s, 2),
            "p99": round(single.p99_ms / bare.p99_ms, 2),
        }
        ratios[f"20 a request, {disk}"] = {
            "records": round(twenty.records_s / bare.records_s, 2),
        }
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()},"
        f" Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "clients": CLIENTS,
        "threads": THREADS,
        "figures": [asdict(one) for one in figures],
        "ratios": ratios,
    }


def _median(rounds: list[Figure]) -> Figure:
    first = rounds[0]

    def middle(name: str) -> float:
        return round(statistics.median(getattr(one, name) for one in rounds), 1)

    return Figure(
        first.server,
        first.disk,
        first.records,
        middle("records_s"),
        middle("p50_ms"),
        middle("p99_ms"),
        sum(one.requests for one in rounds),
        round(statistics.median(one.cpu_ms for one in rounds), 2),
        max(one.memory_mb for one in rounds),
    )


def _table(told: dict[str, object]) -> str:
    head = "server | disk | records a request | records/s | p50 ms | p99 ms | CPU ms a record | MB"
    lines = [f"| {head} |", "|---" * 8 + "|"]
    for one in told["figures"]:  # type: ignore[attr-defined]
        cells = [
            one["server"],
            one["disk"],
            one["records"],
            f"{one['records_s']:.0f}",
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{one['cpu_ms']:.2f}",
            f"{one['memory_mb']:.0f}",
        ]
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    lines += ["", "| against bare, one a request | records | p99 |", "|---|---|---|"]
    for name, ratio in told["ratios"].items():  # type: ignore[attr-defined]
        p99 = f"{ratio['p99']:.2f} ×" if "p99" in ratio else ""
        lines.append(f"| {name} | {ratio['records']:.2f} × | {p99} |")
    lines += [
        "",
        f"{told['machine']}; load average {told['load_average']:.1f};"
        f" {told['clients']} clients, {told['threads']} threads",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
