"""A lint for commitment texts: it refuses words that shift liability to the worker.

Work Safety Law, art. 52: no agreement in any form may exempt the employer from its liability for
casualties or reduce it. The lint reads words, not intentions: set idioms such as 后果自负 are
refused even in quotes or denied, because nobody needs them; say it the other way
(承诺不减轻公司责任).

The rules are data (liability.json): `find` a regular expression, `why` a reason, `unless_before`
what must not stand before it in the same sentence, `anywhere` = also across punctuation. They are
matched on a plain form of the text: compatibility forms folded (full width), traditional characters
as simplified, Chinese without spaces; a sentence ends in `|`, a clause in `,`. What it cannot see:
words taken apart by other letters, homophones, and pictures.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

_SENTENCE_END = frozenset(".!?;\n。…")
_CLAUSE_END = frozenset(",:、(")


@dataclass(frozen=True)
class Finding:
    """Words that shift liability; `start` counts characters of the text, `at` is its place."""

    words: str
    start: int
    reason_zh: str
    reason_en: str
    at: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule of liability.json, compiled; `reason` in Chinese and English."""

    lang: str
    find: re.Pattern[str]
    unless_before: re.Pattern[str] | None
    anywhere: bool
    reason: tuple[str, str]


@dataclass(frozen=True)
class Plain:
    """A plain form of a text; `origin[i]` is where its character i came from."""

    text: str
    origin: tuple[int, ...]


def lint_text(text: str, lang: str = "") -> list[Finding]:
    """What in a text shifts liability, in order; `lang` 'zh' or 'en' keeps to the rules of one.

    Without a language both are asked, since Chinese texts borrow English phrases.
    """
    forms = {
        "en": _plain_en(text),
        "zh": _plain_zh(text, breaks=True),
        "zh anywhere": _plain_zh(text, breaks=False),
    }
    found: list[Finding] = []
    for rule in _rules():
        if lang in ("", rule.lang):
            plain = forms[f"{rule.lang} anywhere" if rule.anywhere else rule.lang]
            found.extend(_apply(rule, text, plain))
    return _without_overlaps(found)


def lint_document(doc: object, at: str = "") -> list[Finding]:
    """What in any text of a document shifts liability; `at` is the path, such as `items[2].q`."""
    if isinstance(doc, str):
        return [replace(finding, at=at) for finding in lint_text(doc)]
    found: list[Finding] = []
    for name, value in _children(doc):
        found.extend(lint_document(value, (at + name).removeprefix(".")))
    return found


def _children(doc: object) -> Iterator[tuple[str, object]]:
    if isinstance(doc, Mapping):
        yield from ((f".{name}", value) for name, value in doc.items())
    elif isinstance(doc, list):
        yield from ((f"[{number}]", value) for number, value in enumerate(doc))


def _apply(rule: Rule, text: str, plain: Plain) -> Iterator[Finding]:
    for match in rule.find.finditer(plain.text):
        if rule.unless_before is not None:
            sentence = plain.text[: match.start()].rpartition("|")[2]
            if rule.unless_before.search(sentence):
                continue
        first, last = plain.origin[match.start()], plain.origin[match.end() - 1]
        yield Finding(text[first : last + 1], first, *rule.reason)


def _without_overlaps(found: list[Finding]) -> list[Finding]:
    """The longest finding of each place, in the order of the text."""
    kept: list[Finding] = []
    for one in sorted(found, key=lambda f: (f.start, -len(f.words))):
        if not kept or one.start >= kept[-1].start + len(kept[-1].words):
            kept.append(one)
    return kept


# Plain forms --------------------------------------------------------------------------------------


def _plain_zh(text: str, *, breaks: bool) -> Plain:
    """Letters and digits only, simplified; with `breaks`, `|` and `,` where the text has them."""
    variants = _data()["variants"]
    kept: list[tuple[str, int]] = []
    for char, index in _folded(text):
        if char.isalnum():
            kept.append((variants.get(char, char), index))
        elif breaks and _mark(char):
            kept.append((_mark(char), index))
    return _join(kept)


def _plain_en(text: str) -> Plain:
    """Lower-case words with one space between, `|` as a word at the end of a sentence."""
    kept: list[tuple[str, int]] = []
    for char, index in _folded(text):
        if char.isalnum():
            kept.append((char, index))
        elif char in "'’" or unicodedata.category(char) in ("Cf", "Mn"):
            continue
        elif _mark(char) == "|":
            kept.extend([(" ", index), ("|", index), (" ", index)])
        elif kept and kept[-1][0] != " ":
            kept.append((" ", index))
    return _join(kept)


def _mark(char: str) -> str:
    return "|" if char in _SENTENCE_END else "," if char in _CLAUSE_END else ""


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """The characters folded one by one, so that each keeps its place."""
    for index, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).lower():
            yield part, index


def _join(kept: list[tuple[str, int]]) -> Plain:
    return Plain("".join(char for char, _ in kept), tuple(index for _, index in kept))


# Rules --------------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:  # JSON of liability.json
    text = resources.files("shiftapp.library").joinpath("liability.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def _rules() -> tuple[Rule, ...]:
    data = _data()
    return tuple(_rule(lang, one, data) for lang in ("zh", "en") for one in data[lang])


def _rule(lang: str, one: dict[str, Any], data: dict[str, Any]) -> Rule:
    before = one.get("unless_before")
    reason_zh, reason_en = data["reasons"][one["why"]]
    return Rule(
        lang=lang,
        find=re.compile(one["find"]),
        unless_before=re.compile(before) if before else None,
        anywhere=one.get("anywhere", False),
        reason=(reason_zh, reason_en),
    )
