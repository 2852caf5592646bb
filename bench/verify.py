"""How long the verifier takes. Targets: 50 ms and 1 s.

A shift of 150 in 2,349 entries and one of 17,000 in 54,202 (ledger brief §6), from memory: what a
network adds is its own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from shiftapp.ledger import verify  # noqa: E402
from shiftapp.ledger.verify_files import Missing  # noqa: E402
from tests.ledger.log_cases import T0, Case, Day  # noqa: E402

SIZES = ((150, 2_349, 0.05), (17_000, 54_202, 1.0))


def shift(slots: int, entries: int) -> Case:
    """A log with one announced shift, in which everybody has a commitment and most a run."""
    day = Day(slots)
    day.fill((entries - 3 * slots) // 2 if entries > 3 * slots else 100)
    one = day.window(slots, T0)
    day.series = [one]
    day.publish(T0 - 3000)
    for u in one.slots:
        day.rec(one, u)
    day.cut(T0)
    day.settle(one)
    for place, u in enumerate(one.slots):
        day.rec(one, u, "run" if place % 20 else "commit")
    day.fill(entries - len(day.entries) - 1)
    day.count(T0 + 4000)
    day.write()
    day.announce()
    day.publish(T0 + 4100)
    return day.case()


def main() -> int:
    """Print both; 1 when one is too slow."""
    slow = False
    for slots, entries, most_s in SIZES:
        case = shift(slots, entries)
        fetched: list[bytes] = []

        def get(
            path: str, files: dict[str, bytes] = case["files"], to: list[bytes] = fetched
        ) -> bytes:
            if path not in files:
                raise Missing
            to.append(files[path])
            return files[path]

        times = []
        for _ in range(5):
            fetched.clear()
            start = time.perf_counter()
            report = verify.announcement(get, case["policy"], case["index"])
            times.append(time.perf_counter() - start)
        assert report.holds and report.parts[0]["n"] == slots
        took, size = sorted(times)[2], report.log["size"]
        megabytes = sum(map(len, fetched)) / 1e6
        sys.stdout.write(
            f"{slots:6} slots, {size:6} entries: {took * 1000:6.0f} ms"
            f" (target {most_s * 1000:.0f}), {len(fetched)} files, {megabytes:.1f} MB\n"
        )
        slow = slow or took > most_s
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
