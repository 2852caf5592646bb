"""The threads that keep the log: one gives places and publishes, one asks the witnesses.

Beside the messenger in `serve`, or alone in `shiftapp log sequence`. They are two so that a witness
that does not answer holds up no place. A log that must not be signed on ends both, nothing else.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from shiftapp.commands.keeper import keeper_of
from shiftapp.model import log_keeping, settings
from shiftapp.model.log_keeper import SENTENCES, Keeper, Task
from shiftapp.problems import Problem
from shiftapp.web.context import Context

log = logging.getLogger("shiftapp")

EVERY_S = 1.0
AGAIN_S = 5.0  # after a fault: a database that is away is not asked every second
LEAVE_S = 10.0  # a question to a witness gets that long at the end


@contextlib.contextmanager
def sequencing(context: Context, every_s: float = EVERY_S) -> Iterator[threading.Event]:
    """Keep the log until the end of the block; the event is set when it may not be kept any more.

    :raises Problem: a key is missing, or the operator's policy cannot be read.
    """
    keeper = keeper_of(context)
    stop = threading.Event()
    count = max(1, len(keeper.policy.witnesses))
    pool = ThreadPoolExecutor(count, thread_name_prefix="witness")
    keeper.together = lambda tasks: _together(pool, tasks)
    threads = [
        threading.Thread(target=_loop, args=(context, stop, every_s, step), name=name, daemon=True)
        for name, step in (
            ("sequencer", lambda now_ms: _give(context, keeper, now_ms)),
            ("witnesses", lambda now_ms: _look(context, keeper, now_ms)),
        )
    ]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join(LEAVE_S)
        pool.shutdown(wait=False, cancel_futures=True)


def now_of(context: Context) -> int:
    """The plant's clock, ms."""
    return context.wall_ms() + settings.get(context.store).clock_offset_ms


def _give(context: Context, keeper: Keeper, now_ms: int) -> None:
    if not keeper.started:
        log_keeping.start(context.store, keeper, now_ms)
    log_keeping.give(context.store, keeper, now_ms)


def _look(context: Context, keeper: Keeper, now_ms: int) -> None:
    if keeper.started:
        log_keeping.look(context.store, keeper, now_ms)


def _loop(
    context: Context, stop: threading.Event, every_s: float, step: Callable[[int], None]
) -> None:
    while not stop.is_set():
        wait_s = AGAIN_S
        try:
            step(now_of(context))
            wait_s = every_s
        except Problem as problem:
            if problem.code in SENTENCES:
                log.error("[%s] %s", problem.code, problem.detail)
                stop.set()
                return
            log.warning("keeping the log failed and is tried again: %s", problem)
        except Exception:
            if not stop.is_set():
                log.exception("keeping the log failed and is tried again")
        stop.wait(wait_s)


def _together(pool: ThreadPoolExecutor, tasks: Sequence[Task]) -> None:
    """All questions at the same time; a fault in one stops no other."""
    for one in [pool.submit(task) for task in tasks]:
        try:
            one.result()
        except Exception:
            log.exception("asking a witness failed and is tried again")
