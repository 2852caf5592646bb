"""A log that grows and a witness at the other end of the network, over loopback."""

from __future__ import annotations

import contextlib
import datetime
import functools
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from shiftapp.cli import main
from shiftapp.commands.http_server import listen, new_server
from shiftapp.commands.private_ca import prepare
from shiftapp.commands.witness_folder import Folder, open_folder
from shiftapp.commands.witness_server import MOST_BYTES, application
from shiftapp.ledger import checkpoint, log, note, policy
from shiftapp.ledger.witness import Answer, Refused, ask, request
from shiftapp.store import Store, open_store
from shiftapp.web import witness_http
from tests.ledger import growing

NAME = "witness.example/w1"
NOW_S = 1_795_392_000


class Client:
    """Asks over one connection, as a log does."""

    def __init__(self, port: int, prefix: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.prefix = prefix
        self.statuses: list[int] = []

    def send(self, body: bytes) -> Answer:
        return self.call("POST", f"{self.prefix}/add-checkpoint", body)

    def call(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None) -> Answer:
        self.connection.request(method, path, body)
        with contextlib.closing(self.connection.getresponse()) as response:
            self.headers = response.headers
            text = response.read().decode()
        self.statuses.append(response.status)
        return Answer(response.status, text, response.headers["Content-Type"])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "witness"
    for args in (("init", "--name", NAME), ("trust", growing.VKEY)):
        done = CliRunner().invoke(main, ["witness", *args, "--data", str(path)])
        assert done.exit_code == 0, done.output
    return open_folder(path)


@pytest.fixture
def port(folder: Folder) -> Iterator[int]:
    """The witness listening on a port of its own."""
    app = application(lambda: folder.witness, lambda: NOW_S)
    server = new_server(app, "127.0.0.1", 0, threads=4, most_bytes=MOST_BYTES)
    listen(server, "another")
    serving = threading.Thread(target=server.serve)
    serving.start()
    yield int(server.bind_addr[1])
    server.stop()
    serving.join()


@pytest.fixture
def client(port: int) -> Iterator[Client]:
    made = Client(port)
    yield made
    made.connection.close()


@pytest.fixture
def kept(store: Store) -> Store:
    growing.begin(store)
    return store


def known(folder: Folder) -> policy.Witness:
    verifier = note.parse_vkey(folder.witness.vkey, note.COSIGNATURE)
    return policy.Witness("union", verifier, "")


def test_a_log_grows_and_is_signed_over_the_network(
    kept: Store, folder: Folder, client: Client
) -> None:
    witness = known(folder)
    for size in (1, 5, 300):
        row = growing.grow(kept, size)
        lines = ask(client.send, kept, row, witness, 0)
        kept.write(lambda db, size=size, lines=lines: log.cosigned(db, size, lines, NOW_S))
        newest = log.newest(kept)
        assert newest is not None and newest["size"] == size
        opened = checkpoint.open_checkpoint(newest["signed"], growing.VERIFIER, [witness.verifier])
        assert opened.seen_s == {NAME: NOW_S}
    assert client.statuses == [200, 409, 200, 409, 200]


def test_a_log_that_forgot_is_told_that_the_witness_knows_more(
    kept: Store, folder: Folder, client: Client, tmp_path: Path
) -> None:
    ask(client.send, kept, growing.grow(kept, 9), known(folder), 0)
    restored = open_store(tmp_path / "restored.db")
    restored.migrate()
    growing.begin(restored)
    row = growing.grow(restored, 5)
    with pytest.raises(Refused) as caught:
        ask(client.send, restored, row, known(folder), 5)
    assert (caught.value.code, caught.value.size) == ("ahead", 9)
    restored.close()


def test_any_prefix_does(folder: Folder, port: int) -> None:
    client = Client(port, "/witness/w1")
    assert client.send(request(0, (), growing.sign("x\n"))).status == 400
    client.connection.close()


def test_a_stale_size_is_told_with_its_type(client: Client, kept: Store) -> None:
    row = growing.grow(kept, 5)
    answer = client.send(request(3, (), row["note"]))
    assert answer == Answer(409, "0\n", "text/x.tlog.size")


def test_it_says_that_it_is_well(client: Client) -> None:
    assert client.call("GET", "/healthz").status == 200
    assert client.call("HEAD", "/healthz") == Answer(200, "", "text/plain; charset=utf-8")
    assert client.call("POST", "/healthz").status == 405


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/", 404),
        ("POST", "/add-checkpoint/", 404),
        ("POST", "/add-entries", 404),
        ("GET", "/memory", 404),
        ("GET", "/../witness.key", 404),
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
    ],
)
def test_there_is_nothing_else(client: Client, method: str, path: str, status: int) -> None:
    assert client.call(method, path).status == status
    assert (client.headers["Allow"] == "POST") == (status == 405)


def test_an_empty_request_is_a_bad_one(client: Client) -> None:
    assert client.send(b"").status == 400


def raw(port: int, head: str, body: bytes) -> int:
    """The status of a request that no client would send; 0 where it was cut off first."""
    lines = f"POST /add-checkpoint HTTP/1.1\r\nHost: witness\r\n{head}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        try:
            peer.sendall(lines.encode() + body)
            return int(peer.recv(100).split(b" ")[1])
        except ConnectionError:
            return 0


def piece(size: int) -> bytes:
    return b"%x\r\n%s\r\n" % (size, b"x" * size)


def test_a_request_that_is_too_large_is_not_read(port: int, client: Client) -> None:
    assert raw(port, f"Content-Length: {MOST_BYTES + 1}", b"") == 413
    pieces = "Transfer-Encoding: chunked"
    assert raw(port, pieces, b"%x\r\n" % (MOST_BYTES + 1)) == 413
    assert raw(port, pieces, piece(1000) * 80) in (413, 0)
    assert raw(port, pieces, b"words\r\n") == 413
    assert client.call("GET", "/healthz").status == 200


def test_a_request_may_come_in_pieces(client: Client, kept: Store) -> None:
    body = request(0, (), growing.grow(kept, 5)["note"])
    assert client.call("POST", "/add-checkpoint", iter([body[:40], body[40:]])).status == 200


def test_a_request_that_breaks_off_is_none(port: int, client: Client) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 9\r\n\r\nold")
    assert client.call("GET", "/healthz").status == 200


def test_a_list_that_cannot_be_read_answers_an_error_and_goes_on(
    folder: Folder, client: Client, kept: Store
) -> None:
    row = growing.grow(kept, 5)
    listed = (folder.path / "logs").read_text("utf-8")
    (folder.path / "logs").write_text("words\n", "utf-8")
    assert client.send(request(0, (), row["note"])).status == 500
    (folder.path / "logs").write_text(listed, "utf-8")
    assert client.send(request(0, (), row["note"])).status == 200


def test_a_log_that_is_trusted_while_it_serves_needs_no_restart(
    folder: Folder, client: Client, kept: Store
) -> None:
    row = growing.grow(kept, 5)
    (folder.path / "logs").write_text("", "utf-8")
    assert client.send(request(0, (), row["note"])).status == 404
    folder.trust(growing.VKEY)
    assert client.send(request(0, (), row["note"])).status == 200


def test_many_ask_at_once_and_each_is_answered_rightly(port: int, kept: Store) -> None:
    rows = {size: growing.grow(kept, size) for size in range(1, 9)}
    found: list[int] = []

    def one(size: int) -> None:
        client = Client(port)
        found.append(client.send(request(0, (), rows[size]["note"])).status)
        client.connection.close()

    threads = [threading.Thread(target=one, args=(size,)) for size in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [409] * 7


def test_the_log_asks_at_the_url_of_its_policy(folder: Folder, port: int, kept: Store) -> None:
    text = f"witness union {folder.witness.vkey} http://127.0.0.1:{port}/w/\nquorum union\n"
    (witness,) = policy.parse(text).witnesses
    send = functools.partial(witness_http.send, witness)
    for size in (1, 9):
        assert ask(send, kept, growing.grow(kept, size), witness, 0).startswith(f"— {NAME} ")


class Process:
    """`shiftapp witness serve` as a process of its own."""

    def __init__(self, folder: Folder, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shiftapp", "witness", "serve", "--port", "0"]
            + ["--data", str(folder.path), *args],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.port = int(self.said.split(",")[0].rpartition(":")[2])

    def stop(self) -> str:
        """Ask it to stop; gives what it wrote."""
        self.process.send_signal(signal.SIGTERM)
        errors = self.process.communicate(timeout=30)[1]
        assert self.process.returncode == 0
        return errors


def first_request() -> bytes:
    text = checkpoint.Checkpoint(growing.ORIGIN, 1, bytes(32)).text
    return request(0, (), growing.sign(text))


@pytest.mark.slow
def test_the_command_serves_and_stops_when_told(folder: Folder) -> None:
    server = Process(folder)
    assert NAME in server.said
    client = Client(server.port)
    assert client.send(first_request()).status == 200
    client.connection.close()
    errors = server.stop()
    assert f"signed tree 1 of {growing.ORIGIN}" in errors
    assert "stopped" in errors and "Traceback" not in errors


@pytest.mark.slow
def test_the_command_serves_with_a_certificate(folder: Folder, tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    made = prepare(tmp_path / "tls", "union", "localhost", (), now)
    server = Process(folder, "--cert", str(made.certificate), "--key", str(made.key))
    assert "https://" in server.said
    trusted = ssl.create_default_context(cafile=str(tmp_path / "tls" / "ca.crt"))
    client = Client(server.port)
    client.connection = http.client.HTTPSConnection(
        "localhost", server.port, timeout=10, context=trusted
    )
    assert client.send(first_request()).status == 200
    client.connection.close()
    server.stop()
