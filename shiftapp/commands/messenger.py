"""The thread that sends reminders and alerts, beside the ticker that queues them."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from shiftapp.web import reach
from shiftapp.web.context import Context

log = logging.getLogger("shiftapp")

EVERY_S = 5.0
LEAVE_S = 10.0  # a try in flight gets that long at the end; what it cuts off is sent again later


@contextlib.contextmanager
def sending(context: Context, every_s: float = EVERY_S) -> Iterator[None]:
    """Send what is due every few seconds while the server runs."""
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(every_s):
            try:
                reach.work(context, stop.is_set)
            except Exception:
                if not stop.is_set():  # the store closes under a try that was cut off
                    log.exception("sending messages failed and is tried again")

    thread = threading.Thread(target=send, name="messenger", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LEAVE_S)
