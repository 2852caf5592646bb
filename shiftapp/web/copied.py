"""Whether a page is written for a folder (`shiftapp announce export`), not asked for by a reader.

Nobody knows when a copy is read: it says until when it holds, and counts down to nothing.
"""

from __future__ import annotations

from flask import Flask, request

COPIED = "shiftapp.copied"  # in the WSGI environment of such a request


def install(app: Flask) -> None:
    """Give templates `copied()`."""
    app.add_template_global(copied)


def copied() -> bool:
    """Whether the answer becomes a file."""
    return bool(request.environ.get(COPIED))
