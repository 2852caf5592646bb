"""The forms of supervisors' platforms as data: which field is filled from which fact, and how.

One file a form under `regulators/`, beside `facts.json`, which names every fact a field may come
from. A form is `code name name_en about about_en tables`; a table has its name, `rows` (what one
row is: the promise of the day, a ticket, a device) and `fields`. A field is

- `field`, the exact name; `zh`, `en`, what it means
- `from`: a fact, a list of facts that are added up, `{"value": text}`, or null: we do not know it
- `type`: uuid · digits, exactly `length` · text, at most `length` · int · flag, "0" or "1" · time,
  yyyyMMddHHmmss at the site · code, by `codes` {value of the fact: code}
- `need`: may not be empty; `unsure`: what we take it to mean is not confirmed by any platform;
  `note`, `note_en`: what a person should know

Provinces differ and dictionaries are not published: to adapt a form is to change its file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib import resources
from typing import Any

from shiftapp.library.faults import Fault

Doc = dict[str, Any]  # JSON of a data file, as described above

CODES = ("national", "older", "provincial-2026")
ROWS = ("promise", "ticket", "device")
TYPES = ("uuid", "digits", "text", "int", "flag", "time", "code")
# Which kinds of facts a type can be made of.
KINDS = {"int": ("int",), "flag": ("int",), "time": ("instant",)}
TEXTUAL = ("text", "int")


def forms() -> dict[str, Doc]:
    """All forms by code, the current one first."""
    return {code: form(code) for code in CODES}


def form(code: str) -> Doc:
    """One form.

    :raises KeyError: the library has no such form.
    """
    if code not in CODES:
        raise KeyError(code)
    return deepcopy(_parsed(code))


def facts() -> dict[str, Doc]:
    """Every fact: `of` (what it is one of), `kind`, `zh`, `en`, and `missing`, `missing_en`."""
    found: dict[str, Doc] = deepcopy(_parsed("facts")["facts"])
    return found


def sources(field: Doc) -> list[str]:
    """The facts that a field is filled from."""
    given = field["from"]
    if isinstance(given, str):
        return [given]
    return list(given) if isinstance(given, list) else []


def check(doc: Doc) -> list[Fault]:
    """Everything that is wrong with a form; [] = good. For who adapts one to a platform."""
    return [fault for table in doc["tables"] for fault in _table(table)]


def _table(table: Doc) -> Iterator[Fault]:
    name = str(table["table"])
    if table["rows"] not in ROWS:
        yield _fault(
            "bad_rows", name, f"{name} 的一行是什么，写错了。", f"{name}: rows of what is unclear."
        )
    seen: set[str] = set()
    for field in table["fields"]:
        at = f"{name}.{field['field']}"
        if field["field"] in seen:
            yield _fault("same_field", at, f"{at} 写了两遍。", f"{at} is there twice.")
        seen.add(field["field"])
        yield from _field(field, at, table["rows"])


def _field(field: Doc, at: str, rows: str) -> Iterator[Fault]:
    if field["type"] not in TYPES:
        yield _fault("bad_type", at, f"{at} 的格式写错了。", f"{at}: there is no such type.")
        return
    if field["type"] == "digits" and not isinstance(field.get("length"), int):
        yield _fault("no_length", at, f"{at} 要写几位数字。", f"{at}: say how many digits.")
    if field["type"] == "code" and not isinstance(field.get("codes"), Mapping):
        yield _fault("no_codes", at, f"{at} 要有对照表。", f"{at}: a code needs its table.")
    if field["from"] is None and field.get("need"):
        yield _fault(
            "need_of_nothing", at, f"{at} 必填，却没有来源。", f"{at}: needed, from nothing."
        )
    for source in sources(field):
        yield from _source(source, field, at, rows)


def _source(source: str, field: Doc, at: str, rows: str) -> Iterator[Fault]:
    fact = facts().get(source)
    if fact is None or fact["of"] not in (rows, "promise"):
        yield _fault(
            "no_fact", at, f"{at}：没有“{source}”这个来源。", f"{at}: there is no fact “{source}”."
        )
    elif fact["kind"] not in KINDS.get(field["type"], TEXTUAL):
        yield _fault(
            "wrong_kind",
            at,
            f"{at}：“{source}”填不成这种格式。",
            f"{at}: “{source}” cannot be written so.",
        )


def _fault(code: str, at: str, zh: str, en: str) -> Fault:
    return Fault(code, at, zh, en)


@cache
def _parsed(name: str) -> Doc:
    text = resources.files(__package__).joinpath(f"regulators/{name}.json").read_text("utf-8")
    doc: Doc = json.loads(text)
    return doc
