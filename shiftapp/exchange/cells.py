"""One cell: what somebody typed or a program made of it, read as a column means it, and back.

Pure. Full-width signs, stray blanks and invisible characters are mended silently; what a
spreadsheet program has changed (a date for '3-5', a truth value) is refused with the reason,
because what was meant is lost.
"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Callable

from openpyxl.utils.datetime import from_excel

from shiftapp.exchange.columns import CHOICES, WHOLE_NUMBERS, YES_OR_NO, Column, Value, shown

# What openpyxl gives for a cell.
Moment = datetime.datetime | datetime.date | datetime.time | datetime.timedelta
Raw = str | int | float | bool | Moment | None

_CODE = re.compile(r"[\w][\w.\-]*")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})(..)(..)")
_TIME = re.compile(r"([0-9]{1,2})(?:[:点时]([0-9]{0,2})分?)?(?::00)?", re.ASCII)
_ZEROS = re.compile(r"0{2,32}")
_SEPARATORS = re.compile(r"[\s,，、;；/]+")
_DAYS = range(20_000, 80_000)  # serial numbers of days from 1954 to 2119


class CellFault(Exception):
    """A cell that cannot be read; `code` and `params` of faults.py."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read(column: Column, raw: Raw, number_format: str = "") -> Value:
    """The value of a cell as its column means it; an empty cell gives the column's default.

    :raises CellFault: what is wrong with it.
    """
    if raw is None or (isinstance(raw, str) and not tidy(raw)):
        if column.need:
            raise CellFault("needed")
        return column.empty
    value: Value = _READERS[column.kind](column, raw, number_format)
    _check_length(column, value)
    return value


def write(column: Column, value: Value) -> str | int | float | datetime.date | datetime.time | None:
    """What to put into a cell so that `read` gives the value again; None leaves it empty."""
    if value in ("", ()):
        return None
    if column.kind == "choice":
        return shown(column.choice, value)
    if column.kind == "date":
        return datetime.date.fromisoformat(str(value))
    if column.kind == "time":
        return datetime.time.fromisoformat(str(value))
    if isinstance(value, tuple):
        return ("\n" if column.kind == "lines" else " ").join(value)
    return value


def tidy(text: str, *, fold: bool = False) -> str:
    """One line without invisible characters and double blanks; `fold`: full width to plain."""
    if any(unicodedata.category(char) == "Cs" for char in text):
        raise CellFault("bad_character")
    seen = "".join(" " if char.isspace() else char for char in text)
    kept = "".join(char for char in seen if unicodedata.category(char) not in ("Cc", "Cf"))
    return " ".join(unicodedata.normalize("NFKC" if fold else "NFC", kept).split())


def number_text(number: int | float) -> str:
    """A number as people write it: 12, not 12.0."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def split_codes(text: str) -> tuple[str, ...]:
    """The codes in a cell, separated by blanks, commas, semicolons or 、, each once."""
    parts = (part for part in _SEPARATORS.split(text) if part)
    return tuple(dict.fromkeys(parts))


# Kinds --------------------------------------------------------------------------------------------


def _text(column: Column, raw: Raw, number_format: str) -> str:
    return tidy(_as_text(raw, number_format))


def _label(column: Column, raw: Raw, number_format: str) -> str:
    return tidy(_as_text(raw, number_format), fold=True)


def _lines(column: Column, raw: Raw, number_format: str) -> tuple[str, ...]:
    lines = (tidy(line) for line in _as_text(raw, number_format).splitlines())
    return tuple(line for line in lines if line)


def _code(column: Column, raw: Raw, number_format: str) -> str:
    text = tidy(_as_text(raw, number_format), fold=True)
    if not _CODE.fullmatch(text.replace("/", "") if column.key == "zone" else text):
        several = column.to and len(split_codes(text)) > 1
        raise CellFault("one_only" if several else "bad_code", value=_short(text))
    return text


def _codes(column: Column, raw: Raw, number_format: str) -> tuple[str, ...]:
    return split_codes(tidy(_as_text(raw, number_format), fold=True))


def _no(column: Column, raw: Raw, number_format: str) -> str:
    return tidy(_as_text(raw, number_format), fold=True).replace(" ", "")


def _int(column: Column, raw: Raw, number_format: str) -> int:
    text = tidy(_as_text(raw, ""), fold=True)
    if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
        raise CellFault("bad_integer", value=_short(text))
    return int(text)


def _decimal(column: Column, raw: Raw, number_format: str) -> str:
    text = tidy(_as_text(raw, ""), fold=True).replace("−", "-")
    if not _DECIMAL.fullmatch(text):
        raise CellFault("bad_decimal", value=_short(text))
    return text


def _date(column: Column, raw: Raw, number_format: str) -> str:
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat()
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in _DAYS:
        raw = str(from_excel(int(raw)))[:10]
    text = tidy(_as_text(raw, ""), fold=True)
    found = _DATE.fullmatch(text.replace(" ", ""))
    parts = [part for part in found.groups() if part] if found else []
    try:
        return datetime.date(*(int(part) for part in parts)).isoformat()
    except (TypeError, ValueError):
        raise CellFault("bad_date", value=_short(text)) from None


def _time(column: Column, raw: Raw, number_format: str) -> str:
    if isinstance(raw, datetime.datetime):
        raw = raw.time()
    if isinstance(raw, datetime.time):
        seconds = float(raw.hour * 3600 + raw.minute * 60 + raw.second)
    elif isinstance(raw, datetime.timedelta):
        seconds = raw.total_seconds()
    elif isinstance(raw, float) and 0 <= raw <= 1:
        seconds = raw * 86_400
    else:
        return _typed_time(tidy(_as_text(raw, ""), fold=True))
    minutes = round(seconds / 60)
    if abs(seconds - 60 * minutes) > 1 or not 0 <= minutes <= 1440:
        raise CellFault("bad_time", value=_short(str(raw)))
    return _clock(minutes)


def _typed_time(text: str) -> str:
    found = _TIME.fullmatch(text.replace(" ", ""))
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (99, 0)
    if minutes > 59 or hours * 60 + minutes > 1440:
        raise CellFault("bad_time", value=_short(text))
    return _clock(hours * 60 + minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _choice(column: Column, raw: Raw, number_format: str) -> Value:
    text = str(int(raw)) if isinstance(raw, bool) else tidy(_as_text(raw, ""), fold=True)
    code = _names_of(column.choice).get(text.casefold())
    if code is not None:
        return int(code) if column.choice in WHOLE_NUMBERS else code
    raise CellFault(
        "bad_choice",
        value=_short(text),
        choices="、".join(zh for _, zh, _ in CHOICES[column.choice]),
        choices_en=", ".join(en for _, _, en in CHOICES[column.choice]),
    )


@functools.cache
def _names_of(choice: str) -> dict[str, str]:
    """Whatever may be typed for a choice, and the code it stands for; of two the first."""
    found: dict[str, str] = {}
    for code, zh, en in CHOICES[choice]:
        names = {code, zh, en, f"{zh} {en}", re.sub("（.*）", "", zh), *re.split("[ （）]", zh)}
        for name in names.union(_MORE.get(code, ()) if choice in YES_OR_NO else ()) - {""}:
            found.setdefault(tidy(name, fold=True).casefold(), code)
    return found


_MORE = {"1": ("y", "true", "√", "✓", "对"), "0": ("n", "false", "×", "x")}

_READERS: dict[str, Callable[[Column, Raw, str], Value]] = {
    "text": _text,
    "lines": _lines,
    "label": _label,
    "code": _code,
    "codes": _codes,
    "no": _no,
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "choice": _choice,
}


# Values -------------------------------------------------------------------------------------------


def _as_text(raw: Raw, number_format: str) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        raise CellFault("true_for_text")
    if isinstance(raw, int | float):
        text = number_text(raw)
        # A format such as 00000 shows zeros that the value has not: keep what people see.
        return text.zfill(len(number_format)) if _ZEROS.fullmatch(number_format) else text
    raise CellFault("date_for_text", value=str(raw))


def _check_length(column: Column, value: Value) -> None:
    if column.kind == "choice" or isinstance(value, int):
        return
    most = min(column.most, 16) if column.kind == "code" and column.most == 60 else column.most
    lines = value if isinstance(value, tuple) else (value,)
    if any(len(line) > (16 if column.kind == "codes" else most) for line in lines):
        raise CellFault("too_long", most=most)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
