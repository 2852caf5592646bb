"""One at a time: a lock of the operating system, which ends with the process that holds it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

try:
    import fcntl
except ImportError:  # Windows: there a second one at the same time is not noticed
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone(path: Path, flags: int, refusal: click.ClickException) -> Iterator[None]:
    """Hold a file or folder, opened with `flags`, that nobody else holds.

    :raises click.ClickException: `refusal`, when somebody does.
    """
    if os.name == "nt" or fcntl is None:
        yield
        return
    handle = os.open(path, flags, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise refusal from None
        yield
    finally:
        os.close(handle)
