"""A real server as a process of its own, phones that deliver to it, and the check afterwards.

The promise (ledger brief §13 C): acknowledged ⊆ stored, nothing twice, nothing half.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shiftapp.ledger import note as notes
from shiftapp.ledger.keys import load_keyset
from shiftapp.model import devices, settings
from tests.keeping import check_log
from tests.terminal import Cli

WALL_MS = time.time_ns() // 1_000_000


def fixed_port() -> int:
    """A free port that no client is given for its own end, so that a restart finds it free.

    While nobody listens, a client that tries a port of that range may be connected to itself.
    """
    for port in range(20_000 + os.getpid() % 5000, 32_000):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


class Server:
    """`shiftapp serve` as a subprocess on a port of its own choice."""

    def __init__(self, cli: Cli, *args: str, port: int = 0) -> None:
        self.errors = cli.data / f"serve-{uuid.uuid4().hex[:8]}.err"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shiftapp", "serve", "--port", str(port), *args],
                env={**os.environ, **cli.env},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "Listening" in line, line + self.errors.read_text()
        self.port = int(line.split(",")[0].rpartition(":")[2])

    def kill(self) -> None:
        """Pull the plug."""
        self.process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> int:
        """Ask it to stop; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(40)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@dataclass
class Told:
    """What phones were told, and what they still hold."""

    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → c, receipt
    held: dict[str, dict[str, Any]] = field(default_factory=dict)  # sent, never acknowledged
    lock: threading.Lock = field(default_factory=threading.Lock)
    mistakes: list[str] = field(default_factory=list)


class Phone:
    """An enrolled device that delivers hazard records."""

    def __init__(self, cli: Cli, seed: int) -> None:
        self.random = random.Random(seed)
        self.secret = f"secret-{seed}-{uuid.uuid4()}"
        self.device = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        code = f"CODE{seed:04d}"
        store = cli.store()
        with store.tx() as db:
            devices.make_code(db, code, "shared", None, "test", WALL_MS)
            devices.enrol(
                db,
                code,
                device=self.device,
                secret=self.secret,
                pubkey=None,
                held=None,
                now_ms=WALL_MS,
            )
        store.close()

    def seal(self) -> dict[str, Any]:
        """A hazard that nobody has reported yet, as the outbox sends it."""
        body = {
            "v": 1,
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "kind": "hazard",
            "dev": self.device,
            "seq": 1,
            "prev": None,
            "seen": None,
            "app": "test",
            "who": {"person": None, "ev": {"k": "none"}},
            "shift": None,
            "station": None,
            "job": None,
            "time": {
                "started_ms": WALL_MS,
                "sealed_ms": WALL_MS,
                "token": None,
                "token_wall_ms": None,
                "mono_ms": None,
            },
            "blobs": [],
            "what": "地面有油",
            "of": None,
        }
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        salt = base64.urlsafe_b64encode(self.random.randbytes(32)).rstrip(b"=").decode()
        return {"kind": "hazard", "body": text, "salt": salt, "sig": None}

    def deliver(self, port: int, records: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """The results, or None: anything but 200 and JSON means not delivered."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(
                "POST",
                "/api/v1/sync",
                json.dumps({"records": records}).encode(),
                {
                    "Content-Type": "application/json",
                    "Cookie": f"dev={self.secret}",
                    "X-Requested-With": "outbox",
                    "Sec-Fetch-Site": "same-origin",
                },
            )
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                return None
            results: list[dict[str, Any]] = json.loads(text)["results"]
            return results
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def hammer(self, port: Callable[[], int], told: Told, over: threading.Event) -> None:
        """Seal and deliver until `over`; now and then deliver something again."""
        while not over.is_set():
            batch = [self.seal() for _ in range(self.random.randint(1, 4))]
            with told.lock:
                told.held.update({record_id(one): one for one in batch})
                if told.held and self.random.random() < 0.3:
                    batch.append(self.random.choice(list(told.held.values())))
            results = self.deliver(port(), batch)
            note(told, batch, results)
            if results is None:
                over.wait(0.05)  # an outbox waits too; else thousands pile up while nobody listens


def log_of(cli: Cli) -> notes.Verifier:
    """The public half of an install's log key."""
    key = load_keyset(cli.data / "keys").log
    assert key is not None
    store = cli.store()
    origin = settings.get(store).origin
    store.close()
    return notes.parse_vkey(notes.vkey(origin, notes.public_bytes(key)))


def record_id(record: dict[str, Any]) -> str:
    return str(json.loads(record["body"])["id"])


def commitment(record: dict[str, Any]) -> str:
    salt = base64.urlsafe_b64decode(record["salt"] + "=")
    return hashlib.sha256(b"shiftapp/rec/v1\n" + salt + record["body"].encode()).hexdigest()


def note(told: Told, sent: list[dict[str, Any]], results: list[dict[str, Any]] | None) -> None:
    """Keep what was acknowledged; a second receipt must be the first one."""
    by_id = {record_id(one): one for one in sent}
    with told.lock:
        for result in results or []:
            record = by_id[result["id"]]
            answer = (commitment(record), result["receipt"])
            if told.acknowledged.setdefault(result["id"], answer) != answer:
                told.mistakes.append(f"{result['id']}: another receipt")
            if result["status"] not in ("stored", "duplicate"):
                told.mistakes.append(f"{result['id']}: {result['status']}")
            told.held.pop(result["id"], None)


def check(cli: Cli, told: Told) -> None:
    """Acknowledged ⊆ stored, nothing twice, nothing half, nothing that was never sent."""
    store = cli.store()
    rows = store.rows("SELECT id, c, body FROM record ORDER BY seq")
    stored = {row["id"]: bytes(row["c"]).hex() for row in rows}
    opened = store.rows("SELECT record_id, COUNT(*) AS n FROM finding GROUP BY record_id")
    if store.engine == "sqlite":
        assert store.value("PRAGMA integrity_check") == "ok"
    check_log(store, log_of(cli))
    store.close()
    assert told.mistakes == []
    assert len(stored) == len(rows)
    lost = {id for id, (c, _) in told.acknowledged.items() if stored.get(id) != c}
    assert lost == set()
    assert set(stored) <= set(told.acknowledged) | set(told.held)
    assert {row["record_id"]: row["n"] for row in opened} == dict.fromkeys(stored, 1)
