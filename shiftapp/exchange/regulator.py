"""A supervisor's form filled from facts, and checked: nothing leaves that its own form refuses.

Pure. `fill` follows the form's file (library/regulators) and nothing else; `check` reads the
finished tables as a stranger would and names every violation with its field and a sentence. No
library for JSON Schema: the well-kept one needs a compiled part, and its messages are not words
for a signatory.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from shiftapp.library import regulator_forms
from shiftapp.problems import Problem, Twin

Doc = dict[str, Any]
Value = str | int | None
Line = dict[str, Value]  # a row of a table by the exact names of its fields
Tables = dict[str, list[Line]]
Facts = Mapping[str, Value]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Filled:
    """What a form is filled from: the promise's facts, and those of each ticket and device.

    `labels` are the names by which people know the rows; `known` what speaks against the whole.
    """

    zone: str
    promise: Facts
    rows: Mapping[str, Sequence[Facts]]
    labels: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Violation:
    """Why a form cannot go out: `row` from 0, None for the whole table; a sentence each way."""

    table: str
    row: int | None
    field: str
    code: str
    zh: str
    en: str


def forms() -> dict[str, Doc]:
    """All forms by code, the current one first."""
    return regulator_forms.forms()


def form(code: str) -> Doc:
    """One form.

    :raises Problem: 404 `no_form`.
    """
    if code not in regulator_forms.CODES:
        raise Problem(404, "no_form", "没有这种上报表。")
    return regulator_forms.form(code)


def sources() -> dict[str, Doc]:
    """Every fact that a field may come from, with its words."""
    return regulator_forms.facts()


def fill(form: Doc, facts: Filled) -> Tables:
    """The tables of a form, right or wrong; an empty field is None."""
    return {
        table["table"]: [
            {
                field["field"]: _value(field, {**facts.promise, **own}, facts.zone)
                for field in fields
            }
            for own in facts.rows[table["rows"]]
        ]
        for table in form["tables"]
        for fields in (table["fields"],)
    }


def _value(field: Doc, facts: Facts, zone: str) -> Value:
    given = field["from"]
    if isinstance(given, dict):
        return str(given["value"])
    found = [facts[name] for name in regulator_forms.sources(field)]
    if not found or any(one is None for one in found):
        return None
    value = found[0] if len(found) == 1 else sum(int(one or 0) for one in found)
    return _WRITERS[field["type"]](field, value, zone)


def _time(field: Doc, value: Value, zone: str) -> Value:
    when = datetime.datetime.fromtimestamp(int(value or 0) / 1000, ZoneInfo(zone))
    return when.strftime("%Y%m%d%H%M%S")


def _code(field: Doc, value: Value, zone: str) -> Value:
    code = field["codes"].get(str(value))
    return f"?{value}" if code is None else str(code)  # what no code stands for is told by `check`


_WRITERS: dict[str, Callable[[Doc, Value, str], Value]] = {
    "uuid": lambda field, value, zone: str(value),
    "digits": lambda field, value, zone: str(value) or None,
    "text": lambda field, value, zone: str(value) or None,
    "int": lambda field, value, zone: value,
    "flag": lambda field, value, zone: "1" if value else "0",
    "time": _time,
    "code": _code,
}


# Checking -----------------------------------------------------------------------------------------


def check(
    form: Doc, tables: Mapping[str, Any], labels: Mapping[str, Sequence[str]] | None = None
) -> list[Violation]:
    """Every violation of a form, in its order; [] = it may go out. Any JSON may be given."""
    found: list[Violation] = []
    for table in form["tables"]:
        rows = tables.get(table["table"])
        if not isinstance(rows, list):
            found.append(_of_table(table["table"], "no_table"))
            continue
        if table["rows"] == "promise" and len(rows) != 1:
            found.append(_of_table(table["table"], "one_promise"))
        names = (labels or {}).get(table["rows"], ())
        for number, row in enumerate(rows):
            found += _of_row(table, number, row, names[number] if number < len(names) else "")
    known = {table["table"] for table in form["tables"]}
    return found + [_of_table(name, "stray_table") for name in tables if name not in known]


def _of_table(name: str, code: str) -> Violation:
    zh, en = _SENTENCES[code]
    return Violation(name, None, "", code, zh.format(at=name), en.format(at=name))


def _of_row(table: Doc, number: int, row: object, label: str) -> Iterator[Violation]:
    name = str(table["table"])
    if not isinstance(row, dict):
        yield _fault(name, number, "", label, "not_a_row")
        return
    fields = {field["field"]: field for field in table["fields"]}
    for key in row:
        if key not in fields:
            yield _fault(name, number, str(key), label, "stray_field")
    for key, field in fields.items():
        if key not in row:
            yield _fault(name, number, key, label, "no_field")
        elif row[key] is None and field.get("need"):
            yield _missing(name, number, field, label)
        elif row[key] is not None and (code := _wrong(field, row[key])):
            yield _fault(name, number, key, label, code, field)


def _wrong(field: Doc, value: object) -> str:
    """The code of what is wrong with a value that is there; '' = nothing."""
    kind = field["type"]
    if kind == "int":
        return "" if type(value) is int and 0 <= value <= 99_999 else "bad_int"
    if not isinstance(value, str):
        return "not_text"
    if kind in _TESTS:
        return "" if _TESTS[kind](field, value) else f"bad_{kind}"
    if not value.strip():
        return "bad_text"
    return "too_long" if len(value) > field.get("length", len(value)) else ""


def _is_time(field: Doc, text: str) -> bool:
    try:
        datetime.datetime.strptime(text, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return len(text) == 14 and text.isascii() and text.isdigit()


_TESTS: dict[str, Callable[[Doc, str], bool]] = {
    "uuid": lambda field, text: _UUID.fullmatch(text) is not None,
    "digits": lambda field, text: (
        text.isascii() and text.isdigit() and len(text) == field["length"]
    ),
    "flag": lambda field, text: text in ("0", "1"),
    "time": _is_time,
    "code": lambda field, text: text in field["codes"].values(),
}


def _missing(table: str, number: int, field: Doc, label: str) -> Violation:
    """A field that is needed and empty, with what to do about it where we know."""
    facts = regulator_forms.facts()
    hint = next((facts[one] for one in regulator_forms.sources(field) if facts[one]["missing"]), {})
    found = _fault(table, number, field["field"], label, "needed", field)
    zh, en = found.zh + hint.get("missing", ""), f"{found.en} {hint.get('missing_en', '')}".strip()
    return Violation(table, number, found.field, found.code, zh, en)


def _fault(
    table: str, number: int, key: str, label: str, code: str, field: Doc | None = None
) -> Violation:
    zh, en = _SENTENCES[code]
    at = f"{key}（{field['zh']}）" if field else key
    at_en = f"{key} ({field['en']})" if field else key
    label_en = label.en if isinstance(label, Twin) else label
    where, where_en = (f"{label}：", f"{label_en}: ") if label else ("", "")
    length = field.get("length", "") if field else ""
    return Violation(
        table,
        number,
        key,
        code,
        where + zh.format(at=at, n=length),
        where_en + en.format(at=at_en, n=length),
    )


_SENTENCES: dict[str, tuple[str, str]] = {
    "no_table": ("缺 {at} 这张表。", "The table {at} is missing."),
    "stray_table": ("没有 {at} 这张表。", "There is no table {at}."),
    "one_promise": ("{at} 要有且只有一行。", "{at} has exactly one row."),
    "not_a_row": ("这一行不是一条记录。", "This is not a row."),
    "no_field": ("缺 {at}。", "{at} is missing."),
    "stray_field": ("没有 {at} 这一项。", "There is no field {at}."),
    "needed": ("{at}必填。", "{at} must be filled."),
    "bad_int": ("{at}要写不小于 0 的整数。", "{at} is a whole number, 0 or more."),
    "not_text": ("{at}要写成文字。", "{at} is a text."),
    "bad_text": ("{at}是空的。", "{at} is blank."),
    "too_long": ("{at}太长，最多 {n} 个字。", "{at} is too long: at most {n} signs."),
    "bad_uuid": ("{at}不是 UUID。", "{at} is not a UUID."),
    "bad_digits": ("{at}要写 {n} 位数字。", "{at} has {n} digits."),
    "bad_flag": ("{at}只能是 0 或 1。", "{at} is 0 or 1."),
    "bad_time": ("{at}要写成 yyyyMMddHHmmss。", "{at} is written yyyyMMddHHmmss."),
    "bad_code": ("{at}不在对照表里。", "{at} is not in its table of codes."),
}
