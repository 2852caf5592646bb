"""What keeps `serve` from starting is said in one line."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection

from flask import Flask

from shiftapp.commands.http_server import SOCKET_S
from shiftapp.commands.server import make_server
from tests.terminal import Cli


def test_a_port_that_is_taken_is_named_with_a_way_out(sqlite_cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "shiftapp", "serve", "--port", str(port)],
            env={**os.environ, **sqlite_cli.env},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr and "--port 8001" in done.stderr
    assert "Traceback" not in done.stderr


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
