"""The log of a running demo: who keeps it, and where its second witness answers."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from shiftapp.commands import witness_server
from shiftapp.commands.http_server import listen, new_server, serving_beside
from shiftapp.commands.sequencer import EVERY_S
from shiftapp.commands.witness_folder import open_folder
from shiftapp.config import Config
from shiftapp.demo import ledger
from shiftapp.demo.tour import Tour
from shiftapp.ledger.keys import Keys
from shiftapp.model import settings

said = logging.getLogger("shiftapp")


@contextlib.contextmanager
def second_witness(config: Config, keys: Keys, log: ledger.Log) -> Iterator[None]:
    """The second witness on a free port of the loopback, and the policy that says where."""
    folder = open_folder(config.data / ledger.FOLDER)
    app = witness_server.application(lambda: folder.witness, lambda: log.now_s)
    server = new_server(app, "127.0.0.1", 0, threads=2, most_bytes=witness_server.MOST_BYTES)
    listen(server, "")
    address = f"http://127.0.0.1:{server.bind_addr[1]}"
    ledger.write_policy(config, keys, settings.get(log.context.store).origin, address)
    with serving_beside(server, "second witness"):
        yield


@contextlib.contextmanager
def keeping(tour: Tour) -> Iterator[None]:
    """Keep the log every second while the demo runs."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            try:
                tour.keep()
            except Exception:
                said.exception("keeping the log failed and is tried again")
            stop.wait(EVERY_S)

    thread = threading.Thread(target=keep, name="sequencer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
