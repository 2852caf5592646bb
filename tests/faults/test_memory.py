"""What the server holds in memory while a crew signs in."""

from __future__ import annotations

import http.client
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.rig import Server
from tests.terminal import Cli

PEOPLE, AT_ONCE = 96, 32
MOST_MORE_MB = 60  # two hashes of 19 MB at a time; without care it is over 400


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if status.exists():  # Linux; not every one has ps
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(told.stdout) / 1024


def sign_in(port: int, no: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "POST",
        "/login",
        urlencode({"no": no, "password": "not-the-password"}),
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        },
    )
    status = connection.getresponse().status
    connection.close()
    return status


def test_hashes_of_passwords_do_not_stay_in_memory(sqlite_cli: Cli) -> None:
    server = Server(sqlite_cli)
    try:
        before = resident_mb(server.process.pid)
        with ThreadPoolExecutor(AT_ONCE) as crew:
            answers = crew.map(lambda n: sign_in(server.port, f"n{n}"), range(PEOPLE))
        assert set(answers) <= {403, 503}
        assert resident_mb(server.process.pid) - before < MOST_MORE_MB
    finally:
        assert server.stop() == 0
