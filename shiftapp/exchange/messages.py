"""Payload templates of reminders and alerts: read, checked and filled.

A template is a file: `NAME.json` for a webhook, `NAME.txt` for mail, of the library or of the
operator (`<data>/messages/`, which wins). The JSON one says `body`, what is posted; `sign`, how the
receiver wants it signed (message_signs.py); and `zero`, the fields of its answer that are 0 when it
has taken a message. `{placeholders}` stand in strings of the document: they are filled in the
parsed document, never in its source, so a name with quotes stays a string.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from shiftapp import library
from shiftapp.exchange import message_signs
from shiftapp.problems import Problem, Twin

Kind = Literal["webhook", "mail"]
Fields = dict[str, str | int]
Json = Any  # a parsed JSON document

FIELDS = frozenset("event title text url crew shift starts at n m late none abnormal".split())
MAX_BYTES = 64 * 1024
SUBJECT = "Subject: "
_SHIPPED = {name.rpartition(".")[0]: name for name in library.PAYLOADS}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_HOLE = re.compile(r"\{([a-z_]+)\}")
_MAIL = {"name": "邮件", "name_en": "Mail"}


@dataclass(frozen=True)
class Template:
    """A payload template that can be filled; `body` of mail is the text with its subject line."""

    name: str
    kind: Kind
    label: dict[str, str]  # `name` and `name_en`
    body: Json
    sign: str = ""
    zero: tuple[str, ...] = ()


def names(folder: Path) -> list[str]:
    """The templates there are: those that ship, then the operator's own by name."""
    own = {path.stem for path in folder.glob("*") if path.suffix in (".json", ".txt")}
    return [*_SHIPPED, *sorted(one for one in own - _SHIPPED.keys() if _NAME.fullmatch(one))]


def template(folder: Path, name: str) -> Template:
    """A template by its name, checked.

    :raises Problem: 422 `no_template`, `bad_template`.
    """
    file, text = _text_of(folder, name)
    if file.endswith(".txt"):
        return _mail(file, name, text)
    try:
        doc = json.loads(text)
    except ValueError:
        raise _bad(file, "不是 JSON", "it is not JSON") from None
    if not isinstance(doc, dict) or not isinstance(doc.get("body"), dict):
        raise _bad(file, "缺 body", "it has no body")
    sign, zero = doc.get("sign", ""), doc.get("zero", [])
    if sign not in message_signs.WAYS:
        raise _bad(file, "sign 只能是 dingtalk、feishu 或者空", "sign is dingtalk, feishu or empty")
    if not isinstance(zero, list) or not all(isinstance(one, str) for one in zero):
        raise _bad(file, "zero 要列字段名", "zero is a list of names of fields")
    _must_know(file, json.dumps(doc["body"], ensure_ascii=False))
    label = {key: str(doc.get(key) or name) for key in ("name", "name_en")}
    return Template(name, "webhook", label, doc["body"], sign, tuple(zero))


def fields(event: str, facts: dict[str, Any], lang: str, url: str) -> Fields:
    """What the placeholders of a template stand for; `url` is the public address of the install."""
    end = "_en" if lang == "en" else ""
    words = _words(event)
    when = datetime.datetime.fromtimestamp(facts["at_ms"] / 1000, ZoneInfo(facts["zone"]))
    told: Fields = {key: facts[key] for key in ("starts", "n", "m", "late", "none", "abnormal")}
    told |= {
        "event": event,
        "crew": _line(facts[f"crew{end}"] or facts["crew"]),
        "shift": _line(facts[f"shift{end}"]),
        "at": when.isoformat(timespec="seconds"),
        "url": url + facts["path"],
    }
    return told | {key: _filled(words[key + end], told) for key in ("title", "text")}


def payload(template: Template, fields: Fields) -> Json:
    """The document to post."""
    return _fill(template.body, fields)


def letter(template: Template, fields: Fields) -> tuple[str, str]:
    """Subject and text of a mail."""
    subject, _, text = template.body.partition("\n")
    return _line(_filled(subject, fields)), _filled(text.strip(), fields) + "\n"


def _words(event: str) -> dict[str, str]:
    texts = library.messages()
    words: list[dict[str, str]] = [*texts["events"], texts["test"]]
    return next(one for one in words if one["code"] == event)


def _text_of(folder: Path, name: str) -> tuple[str, str]:
    """The file of a template and what stands in it; the operator's own wins."""
    if not _NAME.fullmatch(name):
        raise _none(name)
    for end in (".json", ".txt"):
        path = folder / f"{name}{end}"
        if path.is_file():
            if path.stat().st_size > MAX_BYTES:
                raise _bad(path.name, "太大", "it is too big")
            try:
                return path.name, path.read_text("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                raise _bad(path.name, "读不出来，要 UTF-8", "it cannot be read as UTF-8") from None
    if name not in _SHIPPED:
        raise _none(name)
    return _SHIPPED[name], library.payload(_SHIPPED[name])


def _mail(file: str, name: str, text: str) -> Template:
    if not text.startswith(SUBJECT):
        raise _bad(file, "第一行要写 Subject: ", "its first line is Subject: and a text")
    _must_know(file, text)
    label = _MAIL if name in _SHIPPED else {"name": name, "name_en": name}
    return Template(name, "mail", label, text.removeprefix(SUBJECT))


def _must_know(file: str, text: str) -> None:
    unknown = sorted(set(_HOLE.findall(text)) - FIELDS)
    if unknown:
        hole = f"{{{unknown[0]}}}"
        raise _bad(file, f"没有 {hole} 这一项", f"there is no {hole}")


def _fill(part: Json, fields: Fields) -> Json:
    if isinstance(part, dict):
        return {key: _fill(value, fields) for key, value in part.items()}
    if isinstance(part, list):
        return [_fill(value, fields) for value in part]
    if not isinstance(part, str):
        return part
    whole = _HOLE.fullmatch(part)  # alone in its string: a number stays a number
    return fields[whole[1]] if whole else _filled(part, fields)


def _filled(text: str, fields: Fields) -> str:
    """A text with its placeholders filled once: what stands in a value is never filled again."""
    return _HOLE.sub(lambda hole: str(fields[hole[1]]), text)


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _none(name: str) -> Problem:
    return Problem(422, "no_template", "没有“%(name)s”这个模板。", params={"name": name[:40]})


def _bad(file: str, zh: str, en: str) -> Problem:
    params = {"file": file, "why": Twin(zh, en)}
    return Problem(422, "bad_template", "模板 %(file)s 用不了：%(why)s。", params=params)
