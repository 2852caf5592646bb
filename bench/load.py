"""The load generator: many clients on kept connections, each waiting for its answer.

Closed loop (`rate` None): a client sends its next request when the last is answered. Open loop:
requests start on schedule whatever the server does, and latency counts from the schedule, so that a
slow server cannot hide behind slow clients.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What was measured: `latencies` in ms of answered requests, over `seconds`."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def drive(
    port: int,
    waiting: Iterator[bytes],
    *,
    clients: int,
    seconds: float,
    rate: float | None,
    good: Callable[[bytes], bool],
    tell: Callable[[], None],
) -> Load:
    """Send until the time or the requests run out; `tell` after every answer."""
    load, begin = Load(), time.perf_counter()

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = number
        while time.perf_counter() - begin < seconds:
            started = time.perf_counter()
            if rate is not None:  # this client's share of the schedule
                started = begin + turn / rate
                turn += clients
                await asyncio.sleep(max(0.0, started - time.perf_counter()))
            request = next(waiting, None)
            if request is None:
                break
            writer.write(request)
            answer = await _answer(reader)
            load.latencies.append((time.perf_counter() - started) * 1000)
            load.refused += not good(answer)
            tell()
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    load.seconds = time.perf_counter() - begin
    return load


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode("latin-1"))
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    return gzip.decompress(body) if b"content-encoding: gzip" in head else body


def all_stored(records: int) -> Callable[[bytes], bool]:
    """Whether an answer of ours says: all stored, each with a receipt and without a flag."""

    def check(answer: bytes) -> bool:
        found = json.loads(answer)["results"]
        return len(found) == records and all(
            one["status"] == "stored" and "/receipt\n" in one["receipt"] and not one["flags"]
            for one in found
        )

    return check
