"""What keeps `serve` from starting is said in one line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

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
