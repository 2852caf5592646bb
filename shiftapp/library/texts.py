"""Checks of a document's texts and ids, for both kinds of version documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shiftapp.library.faults import Fault, fault

MAX_TEXT = 200

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")

# field: its name in both languages
_NAMES = {
    "title": ("标题", "Title"),
    "phase": ("阶段", "Phase"),
    "target": ("指什么", "Target"),
    "call": ("说什么", "Call"),
    "risk": ("不做的后果", "Risk"),
    "criteria": ("怎样算正常", "Criteria"),
    "oath": ("承诺词", "Oath"),
    "rights": ("权利", "Rights"),
    "q": ("问题", "Question"),
    "help": ("说明", "Help"),
}


def text_faults(
    owner: Mapping[str, object], field: str, at: str, here: dict[str, str], *, required: bool = True
) -> Iterator[Fault]:
    """A text, there if required, and its English twin; neither too long."""
    name, name_en = _NAMES[field]
    shown = {**here, "field": name, "field_en": name_en, "most": MAX_TEXT}
    path = f"{at}.{field}" if at else field
    for key, needed in ((field, required), (f"{field}_en", False)):
        text = owner.get(key, "")
        if not isinstance(text, str) or (needed and not text.strip()):
            yield fault("no_text", path, **shown)
        elif len(text) > MAX_TEXT:
            yield fault("text_too_long", path, **shown)


def storable_faults(value: object, at: str = "") -> Iterator[Fault]:
    """What no database or hash takes, anywhere: NUL, lone surrogates, numbers with a point."""
    if isinstance(value, Mapping):
        if any(_NOT_TEXT.search(str(key)) for key in value):
            yield fault("bad_character", at)
        for key, one in value.items():
            yield from storable_faults(one, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from storable_faults(one, f"{at}[{number}]")
    elif isinstance(value, float):
        yield fault("bad_figure", at)
    elif isinstance(value, str) and _NOT_TEXT.search(value):
        yield fault("bad_character", at)


def id_codes(value: object, seen: set[str]) -> Iterator[str]:
    """The fault code of an id, if any; a good one is added to `seen`."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        yield "bad_id"
    elif value in seen:
        yield "same_id"
    else:
        seen.add(value)
