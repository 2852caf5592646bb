"""Group commit: one writer thread runs everything that waits in one transaction.

Ledger brief §4.1: at the real burst on a disk with a slow fsync this keeps latency at the cost of
one flush, where a transaction per request queues for seconds. There is no artificial delay: a
batch is whatever waited while the previous commit ran.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from shiftapp.problems import Problem
from shiftapp.store.db import Db

MAX_BATCH = 256
MAX_WAITING = 2000

T = TypeVar("T")
Item = tuple[Callable[[Db], Any], "Future[Any]"]


class Writer:
    """Runs queued functions on its own thread; `begin` opens one write transaction."""

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Db]],
        may_retry: Callable[[Exception], bool] = lambda error: False,
    ) -> None:
        self._begin = begin
        self._may_retry = may_retry
        self._queue: queue.Queue[Item | None] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def write(self, fn: Callable[[Db], T]) -> T:
        """Queue `fn` and wait for its result and the commit around it.

        It runs on the writer's thread but in the caller's context variables: the request's clock
        and language are the caller's, who waits.
        """
        self._start()
        future: Future[T] = Future()
        here = contextvars.copy_context()
        try:
            self._queue.put_nowait((lambda db: here.run(fn, db), future))
        except queue.Full:
            raise _busy() from None
        return future.result()

    def close(self) -> None:
        """Let everything that waits finish, then end the thread."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _start(self) -> None:
        # Started with the first write, never before a fork (ledger brief §4.1).
        with self._lock:
            if self._closed:
                raise _busy()
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
                self._thread.start()

    def _loop(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = self._gather(first)
            self._run(batch)
            if last:
                return

    def _gather(self, first: Item) -> tuple[list[Item], bool]:
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < MAX_BATCH:
                item = self._queue.get_nowait()
                if item is None:
                    return batch, True
                batch.append(item)
        return batch, False

    def _run(self, batch: list[Item]) -> None:
        try:
            outcomes = self._attempt(batch)
        except Exception as error:
            # Nothing of the batch is durable: the same verdict for everybody that waits.
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), (result, failure) in zip(batch, outcomes, strict=True):
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def _attempt(self, batch: list[Item]) -> list[tuple[Any, Exception | None]]:
        try:
            return self._commit(batch)
        except Exception as error:
            if not self._may_retry(error):
                raise
            return self._commit(batch)

    def _commit(self, batch: list[Item]) -> list[tuple[Any, Exception | None]]:
        with self._begin() as db:
            # --- point of no return: the commit at the end of this block ---
            return [_guarded(db, fn, self._may_retry) for fn, _ in batch]


def _guarded(
    db: Db, fn: Callable[[Db], Any], may_retry: Callable[[Exception], bool]
) -> tuple[Any, Exception | None]:
    """One function in its own savepoint: its failure is its own."""
    db.run("SAVEPOINT item")
    try:
        result = fn(db)
    except Exception as error:
        if may_retry(error):  # the engine has already given up the whole transaction
            raise
        db.run("ROLLBACK TO SAVEPOINT item")
        db.run("RELEASE SAVEPOINT item")
        return None, error
    db.run("RELEASE SAVEPOINT item")
    return result, None


def _busy() -> Problem:
    return Problem(503, "busy", "现在人多，稍等再传。记录还在手机上。", retry_after_s=2)
