"""Whole numbers as somebody typed them into an address or a form: short ones, or none at all.

Python refuses to read thousands of digits and SQLite to compare what 64 bits do not hold: both
are somebody's nonsense and no fault of ours.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

MOST_DIGITS = 15  # below 2^53, which both engines and every reader of JSON keep


class Short(IntegerConverter):
    """`<int:…>` in a route: a longer number leads nowhere."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def install(app: Flask) -> None:
    """Let no route take a number that no row can have."""
    app.url_map.converters["int"] = Short


def whole(text: str) -> int | None:
    """The number of a field; None when it is no plain figure from 0 on."""
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None
