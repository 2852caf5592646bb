"""The disk fills up and has room again. The limit is one on file sizes: it needs no root."""

from __future__ import annotations

import http.client
import resource
import sys

import pytest

from tests.faults.rig import Phone, Server, Told, check, note, record_id
from tests.terminal import Cli

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux")

ROOM = 64 * 1024


def limit(server: Server, size: int) -> None:
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_is_said_and_costs_nothing(sqlite_cli: Cli) -> None:
    phone, told = Phone(sqlite_cli, 1), Told()
    server = Server(sqlite_cli)
    wal = sqlite_cli.data / "shiftapp.db-wal"
    deliver(phone, server, told, 5)
    assert told.held == {}

    limit(server, wal.stat().st_size + ROOM)
    deliver(phone, server, told, 60)
    assert len(told.held) > 10, "the disk did not fill up"
    # A health check writes one page, which may fit where a record did not: soon that is full too.
    assert 503 in [status(server, "/healthz") for _ in range(ROOM // 4096 + 4)]

    limit(server, resource.RLIM_INFINITY)
    for record in list(told.held.values()):
        note(told, [record], phone.deliver(server.port, [record]))
    assert told.held == {}
    assert status(server, "/healthz") == 200
    server.stop()
    check(sqlite_cli, told)


def deliver(phone: Phone, server: Server, told: Told, count: int) -> None:
    for _ in range(count):
        record = phone.seal()
        told.held[record_id(record)] = record
        note(told, [record], phone.deliver(server.port, [record]))


def status(server: Server, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
