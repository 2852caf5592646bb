"""The disk fills up while photos come, and has room again: no row without its whole file.

The limit is one on file sizes, as in test_disk.py: a photo is refused in the middle of its file,
while a record still fits into the database; then the database is full as well.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import resource
import sys
from pathlib import Path
from typing import Any

import pytest

from shiftapp.store import files
from tests.faults.rig import Phone, Server, Told, check, note, record_id
from tests.faults.test_blob_kill import HEADERS, sha_of
from tests.terminal import Cli

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux")

ROOM = 128 * 1024
PHOTO_BYTES = 600_000


def limit(server: Server, size: int) -> None:
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def written(cli: Cli) -> int:
    """How long the longest file of the database is by now that grows next."""
    wal = cli.data / "shiftapp.db-wal"
    return wal.stat().st_size if wal.is_file() else 0


def photo(phone: Phone, size: int) -> bytes:
    return b"\xff\xd8\xff" + phone.random.randbytes(size - 3)


def put(phone: Phone, server: Server, content: bytes) -> tuple[int, Any]:
    """Status and the JSON of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {**HEADERS, "Cookie": f"dev={phone.secret}"}
    connection.request("PUT", f"/api/v1/blobs/{sha_of(content)}", content, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


def here(cli: Cli) -> tuple[list[Path], list[bytes]]:
    """The files under `blobs/`, half ones too, and the hashes that have a row."""
    store = cli.store()
    rows = [bytes(row["sha"]) for row in store.rows("SELECT sha FROM blob ORDER BY sha")]
    store.close()
    return [one for one in (cli.data / "blobs").rglob("*") if one.is_file()], rows


def deliver(phone: Phone, server: Server, told: Told, count: int = 1) -> None:
    for _ in range(count):
        record = phone.seal()
        told.held[record_id(record)] = record
        note(told, [record], phone.deliver(server.port, [record]))


def test_a_photo_that_does_not_fit_leaves_nothing_and_stops_no_record(cli: Cli) -> None:
    phone, told, server = Phone(cli, 1), Told(), Server(cli)
    content = photo(phone, PHOTO_BYTES)
    deliver(phone, server, told)

    limit(server, written(cli) + ROOM)
    status, answer = put(phone, server, content)
    assert (status, answer["code"]) == (503, "busy")
    assert "照片还在手机上" in answer["detail"]
    assert here(cli) == ([], [])
    deliver(phone, server, told)
    assert told.held == {}, "a record was not taken though there was room for it"

    limit(server, resource.RLIM_INFINITY)
    assert [put(phone, server, content)[0] for _ in range(2)] == [200, 200]
    (path,), (sha,) = here(cli)
    assert path == files.path_of(cli.data / "blobs", sha)
    assert path.read_bytes() == content
    server.stop()
    check(cli, told)


def test_a_database_that_is_full_gives_a_photo_no_row(sqlite_cli: Cli) -> None:
    phone, told, server = Phone(sqlite_cli, 1), Told(), Server(sqlite_cli)
    deliver(phone, server, told)
    limit(server, written(sqlite_cli) + ROOM)
    deliver(phone, server, told, 40)
    assert len(told.held) > 10, "the disk did not fill up"

    small = [photo(phone, 3_000) for _ in range(20)]  # each fits, its row does in the end not
    answers = [put(phone, server, content) for content in small]
    assert {status for status, _ in answers} <= {200, 503}
    refused = [one for one, (status, _) in zip(small, answers, strict=True) if status == 503]
    assert refused, "every row had room"
    assert {told["code"] for status, told in answers if status == 503} == {"busy"}
    paths, rows = here(sqlite_cli)
    assert {files.path_of(sqlite_cli.data / "blobs", sha) for sha in rows} <= set(paths)
    assert {hashlib.sha256(one).digest() for one in refused}.isdisjoint(rows)

    limit(server, resource.RLIM_INFINITY)
    assert {put(phone, server, content)[0] for content in small} == {200}
    for record in list(told.held.values()):
        note(told, [record], phone.deliver(server.port, [record]))
    assert told.held == {}
    paths, rows = here(sqlite_cli)
    assert set(rows) == {hashlib.sha256(one).digest() for one in small}
    assert len(paths) == len(rows)
    server.stop()
    check(sqlite_cli, told)
