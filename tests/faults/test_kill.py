"""Kill −9, again and again, while phones deliver."""

from __future__ import annotations

import random
import threading
import time

from tests.faults.rig import Phone, Server, Told, check, fixed_port, note
from tests.terminal import Cli

KILLS = 6
PHONES = 4


def test_killed_again_and_again_it_keeps_what_it_acknowledged(cli: Cli) -> None:
    chance = random.Random(20261124)
    phones = [Phone(cli, n) for n in range(PHONES)]
    told, over = Told(), threading.Event()
    port = fixed_port()
    server = Server(cli, port=port)
    threads = [
        threading.Thread(target=phone.hammer, args=(lambda: port, told, over)) for phone in phones
    ]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.3, 1.0))
        server.kill()
        server = Server(cli, port=port)
    over.set()
    for thread in threads:
        thread.join()
    assert len(told.acknowledged) > 50
    deliver_the_rest(phones[0], port, told)
    server.stop()
    check(cli, told)


def deliver_the_rest(phone: Phone, port: int, told: Told) -> None:
    """What is still held reaches the server now, as every outbox tries until it does."""
    for record in list(told.held.values()):
        results = phone.deliver(port, [record])
        assert results is not None
        note(told, [record], results)
    assert told.held == {}
