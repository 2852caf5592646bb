"""What keeps `serve` from starting is said in one line."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection

import pytest
from flask import Flask

from shiftapp.commands.http_server import SOCKET_S
from shiftapp.commands.server import make_server
from tests.terminal import Cli


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("C.UTF-8", "Another program listens on {}. Try another port, --port 8001 for example."),
        ("zh_CN.UTF-8", "{} 已经有别的程序在用。换一个端口，例如 --port 8001。"),
    ],
)
def test_a_port_that_is_taken_is_named_with_a_way_out(
    sqlite_cli: Cli, lang: str, says: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "shiftapp", "serve", "--port", str(port)],
            env={**os.environ, **sqlite_cli.env, "LC_ALL": lang},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == f"Error: {says.format(f'127.0.0.1:{port}')}\n"


def test_an_address_of_another_machine_is_told_so(sqlite_cli: Cli) -> None:
    out = sqlite_cli.run("serve", "--host", "192.0.2.1", "--port", "0", code=1).output
    assert "This machine has no address 192.0.2.1." in out


def test_certificate_and_key_go_together(sqlite_cli: Cli) -> None:
    cert = sqlite_cli.data / "chain.pem"
    cert.write_text("")
    out = sqlite_cli.run("serve", "--cert", str(cert), code=2).output
    assert "--cert and --key go together" in out


def test_silent_connections_hold_no_thread() -> None:
    """More of them than there are threads, and somebody who asks is answered at once."""
    app = Flask("silence")
    app.config["MAX_CONTENT_LENGTH"] = 1024
    app.add_url_rule("/", view_func=lambda: "here")
    server = make_server(app, "127.0.0.1", 0, 2, None)
    server.prepare()
    serving = threading.Thread(target=server.serve, daemon=True)
    serving.start()
    try:
        with contextlib.ExitStack() as silent:
            address = ("127.0.0.1", int(server.bind_addr[1]))
            for _ in range(8):
                silent.enter_context(socket.create_connection(address))
            asking = HTTPConnection(*address, timeout=SOCKET_S / 2)
            for _ in range(2):  # the second over the connection kept
                asking.request("GET", "/")
                assert asking.getresponse().read() == b"here"
            asking.close()
    finally:
        server.stop()
    serving.join(5)
