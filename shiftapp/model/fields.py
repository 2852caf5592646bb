"""Checks of parsed JSON: small functions that yield the path of each fault they find in a value.

Pure, and know nothing of a record: `shapes` says what a body's fields are. A check gets a value of
any kind whatever and must not raise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

# A check yields the paths (`steps[2].value`) of the faults it finds in a value at a path.
Check = Callable[[object, str], Iterable[str]]

MAX_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly, and both databases hold

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


# One value ----------------------------------------------------------------------------------------


def text(most: int = MAX_INTEGER, least: int = 0) -> Check:
    """A string of `least` to `most` characters (code points), no U+0000, no lone surrogate."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not least <= len(value) <= most:
            yield path
        elif _NOT_TEXT.search(value):
            yield path

    return check


def pattern(regex: str) -> Check:
    """A string that the whole expression matches."""
    compiled = re.compile(regex, re.ASCII)

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            yield path

    return check


def integer(least: int = -MAX_INTEGER) -> Check:
    """A whole number from `least` on, no boolean."""

    def check(value: object, path: str) -> Iterator[str]:
        # type(), because True is an int to isinstance.
        if type(value) is not int or not least <= value <= MAX_INTEGER:
            yield path

    return check


def one_of(*words: str) -> Check:
    """One of these strings."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, str) or value not in words:
            yield path

    return check


def calendar_date(value: object, path: str) -> Iterator[str]:
    """A day of the calendar, YYYY-MM-DD."""
    # The pattern first: fromisoformat takes '20261124' and '2026-W48' too.
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        yield path
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        yield path


def or_null(check: Check) -> Check:
    """The check, or null."""
    return lambda value, path: () if value is None else check(value, path)


# Values made of values ----------------------------------------------------------------------------


def array(item: Check, most: int = MAX_INTEGER) -> Check:
    """An array of at most `most` items, each good."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, list) or len(value) > most:
            yield path
            return
        for number, one in enumerate(value):
            yield from item(one, f"{path}[{number}]")

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object: every required field there, those there of their type; null is no absence."""
    known, needed = [*{**required, **(optional or {})}.items()], set(required)

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, dict | Mapping):  # dict first: a Mapping is slow to tell
            yield path
            return
        prefix = f"{path}." if path else ""
        if not needed <= value.keys():
            yield from (prefix + name for name in required if name not in value)
        for name, field in known:
            if name in value:
                yield from field(value[name], prefix + name)

    return check
