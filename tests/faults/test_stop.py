"""A stop in the middle of work: everything received is answered and stored."""

from __future__ import annotations

import threading
import time

from tests.faults.rig import Phone, Server, Told, check
from tests.terminal import Cli


def test_a_stop_answers_what_is_in_flight(cli: Cli) -> None:
    phones = [Phone(cli, n) for n in range(8)]
    told, over = Told(), threading.Event()
    server = Server(cli)
    threads = [
        threading.Thread(target=phone.hammer, args=(lambda: server.port, told, over))
        for phone in phones
    ]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    started = time.monotonic()
    code = server.stop()
    took_s = time.monotonic() - started
    over.set()
    for thread in threads:
        thread.join()
    assert code == 0 and took_s < 20
    assert "stopped" in server.errors.read_text()
    assert "Traceback" not in server.errors.read_text()
    assert len(told.acknowledged) > 20
    check(cli, told)


def test_a_second_server_on_the_folder_is_refused(sqlite_cli: Cli) -> None:
    server = Server(sqlite_cli)
    out = sqlite_cli.run("serve", "--port", "0", code=1).output
    assert "is running" in out
    assert server.stop() == 0
    again = Server(sqlite_cli)
    assert again.stop() == 0
