"""What an import would change or has changed, in words for a terminal or a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shiftapp.exchange.changes import NOUNS, Changes
from shiftapp.exchange.columns import Column, shown
from shiftapp.exchange.forms import BY_NOUN

MOST = 5  # examples of each kind

# Fields that are made of rows of another sheet.
WHOLE = {
    "posts": ("工位和岗位", "posts"),
    "roles": ("角色", "roles"),
    "steps": ("步骤", "steps"),
    "shifts": ("班次", "shifts"),
    "rows": ("承诺文字", "commitment"),
    "people": ("名单", "people"),
}


@dataclass(frozen=True)
class Example:
    """One record that is added, changed or deactivated; `fields` say how a changed one differs."""

    key: str
    name: str
    fields: tuple[tuple[str, str, str, str], ...] = ()  # heading zh, en, before, after

    def line(self, chinese: bool) -> str:
        """The example on one line."""
        head = " ".join(part for part in dict.fromkeys((self.key, self.name)) if part)
        said = []
        for zh, en, before, after in self.fields:
            change = f" {before} → {after}" if before or after else ""
            said.append(f"{zh if chinese else en}{change}")
        return f"{head}: {', '.join(said)}" if said else head


@dataclass(frozen=True)
class Summary:
    """One noun: how many records of each kind, and some of them."""

    noun: str
    zh: str
    en: str
    added: int
    changed: int
    deactivated: int
    unchanged: int
    examples: dict[str, tuple[Example, ...]]


def summaries(found: Changes) -> list[Summary]:
    """One a noun that the workbook says anything about."""
    return [
        Summary(
            noun,
            *NOUNS[noun],
            added=len(one.added),
            changed=len(one.changed),
            deactivated=len(one.deactivated),
            unchanged=one.unchanged,
            examples={
                "added": _examples(found, noun, one.added),
                "changed": _examples(found, noun, list(one.changed)),
                "deactivated": _examples(found, noun, one.deactivated),
            },
        )
        for noun, one in found.nouns.items()
        if one.total or one.unchanged
    ]


def as_dict(found: Changes) -> dict[str, Any]:
    """What a program reads: counts and examples by noun, faults and notes."""
    nouns = {
        one.noun: {
            "added": one.added,
            "changed": one.changed,
            "deactivated": one.deactivated,
            "unchanged": one.unchanged,
            "examples": {
                kind: [example.line(chinese=True) for example in examples]
                for kind, examples in one.examples.items()
                if examples
            },
        }
        for one in summaries(found)
    }
    return {
        "faults": [fault.as_dict() for fault in found.faults],
        "notes": [note.as_dict() for note in found.notes],
        "nouns": nouns,
    }


def _examples(found: Changes, noun: str, keys: list[str]) -> tuple[Example, ...]:
    return tuple(_example(found, noun, key) for key in keys[:MOST])


def _example(found: Changes, noun: str, key: str) -> Example:
    new = found.wanted[noun].get(key, {})
    old = found.current.records[noun].get(key, {})
    fields = tuple(
        _field(noun, name, old.get(name), new.get(name))
        for name in found.nouns[noun].changed.get(key, [])
    )
    return Example(key, str(new.get("name") or new.get("title") or ""), fields)


def _field(noun: str, name: str, old: object, new: object) -> tuple[str, str, str, str]:
    if noun == "roster":
        return *WHOLE[name], _without(old, new), _without(new, old)
    if name in WHOLE:
        return *WHOLE[name], "", ""
    column = BY_NOUN["job" if noun == "checklist" else noun].by_key[name]
    return column.zh, column.en, _said(column, old), _said(column, new)


def _without(posts: object, others: object) -> str:
    """The numbers of some of those that are in one roster and not, or otherwise, in the other."""
    assert isinstance(posts, tuple) and isinstance(others, tuple)
    found = list(dict.fromkeys(post[0] for post in posts if post not in others))
    return " ".join(found[:MOST]) + (" …" if len(found) > MOST else "") or "—"


def _said(column: Column, value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(one) for one in value) or "—"
    if column.choice and value not in ("", None):
        return shown(column.choice, str(value))
    return str(value) if value not in ("", None) else "—"
