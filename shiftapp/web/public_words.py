"""How parts of a sentence stand together on public pages, and the rows they are shown in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from shiftapp.web.language import language

Doc = dict[str, Any]  # an announcement as it was signed


class Line(NamedTuple):
    """A row of a table; `none`: a zero, in grey. `more` stands small under the words."""

    words: str
    figure: str
    none: bool = False
    more: str = ""


def said(both: Mapping[str, Any]) -> str:
    """A signed sentence in the language of the page."""
    return str(both["en" if language() == "en" else "zh"])


def joined(parts: list[str]) -> str:
    """Clauses one after another."""
    return (", " if language() == "en" else "，").join(parts)


def listed(parts: list[str]) -> str:
    """Things of one kind."""
    return (", " if language() == "en" else "、").join(parts)


def begun(text: str) -> str:
    """With a capital where the language has them."""
    return text[:1].upper() + text[1:]


def sentence(parts: list[str]) -> str:
    """Clauses as a whole sentence; '' for none."""
    if not parts:
        return ""
    return begun(joined(parts)) + ("." if language() == "en" else "。")
