"""Kill −9 while a photo is uploaded: afterwards there is nothing of it, or the whole."""

from __future__ import annotations

import base64
import hashlib
import http.client
import threading
import time

from shiftapp.store import files
from tests.faults.rig import Phone, Server, fixed_port
from tests.terminal import Cli

HEADERS = {"X-Requested-With": "outbox", "Sec-Fetch-Site": "same-origin"}


def sha_of(content: bytes) -> str:
    """The name of a file in the API."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def put(phone: Phone, port: int, content: bytes) -> int:
    """The status, or 0 when nobody answered."""
    headers = {**HEADERS, "Cookie": f"dev={phone.secret}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("PUT", f"/api/v1/blobs/{sha_of(content)}", content, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def test_killed_during_uploads_it_holds_nothing_half(cli: Cli) -> None:
    phone, port, told = Phone(cli, 1), fixed_port(), []
    server = Server(cli, port=port)
    over = threading.Event()

    def upload() -> None:
        while not over.is_set():
            content = b"\xff\xd8\xff" + phone.random.randbytes(300_000)
            if put(phone, port, content) == 200:
                told.append(hashlib.sha256(content).digest())

    thread = threading.Thread(target=upload)
    thread.start()
    time.sleep(1)
    server.kill()
    over.set()
    thread.join()
    server = Server(cli, port=port)
    assert list((cli.data / "blobs").rglob("*.part")) == []
    server.stop()
    store = cli.store()
    rows = [bytes(row["sha"]) for row in store.rows("SELECT sha FROM blob ORDER BY sha")]
    store.close()
    assert told and set(told) <= set(rows)
    for sha in rows:
        content = files.path_of(cli.data / "blobs", sha).read_bytes()
        assert hashlib.sha256(content).digest() == sha
