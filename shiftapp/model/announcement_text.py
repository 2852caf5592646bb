"""The announcement as lines of plain text, Chinese first and then English. Pure.

These are the lines that the signature stands under, after the four of the note (publishing.py), and
what `.txt` serves: every public figure, each open thing by its name, an override with its reason,
who signs and for whom. No line is empty and none holds a control character, so that the text fits a
signed note (https://c2sp.org/signed-note). The instant of the signature is not among them: the
server writes it when it signs, and what was shown before is then what was signed, letter by letter.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal
from zoneinfo import ZoneInfo

from shiftapp import library
from shiftapp.model import announcement_items
from shiftapp.model.announcement_items import PEOPLE, Doc, Item

Lang = Literal["zh", "en"]

KINDS: dict[str, tuple[str, str]] = {
    "daily": ("每日", "daily"),
    "weekly": ("每周", "weekly"),
    "monthly": ("每月", "monthly"),
    "quarterly": ("每季", "quarterly"),
    "yearly": ("每年", "yearly"),
}
CHANGES = {"update": ("更新", "updates"), "correction": ("更正", "corrects")}


LANGS: tuple[Lang, Lang] = ("zh", "en")


def lines(doc: Doc) -> list[str]:
    """What is signed and shown, line by line."""
    return [line for lang in LANGS for line in lines_in(doc, lang)]


def lines_in(doc: Doc, lang: Lang) -> list[str]:
    """The lines of one language."""
    return [line for line in map(clean, _lines(doc, lang)) if line]


def clean(text: str) -> str:
    """One line of printable signs: no break, no control character, none that turns the writing."""
    signs = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join("".join(signs).split())


def _lines(doc: Doc, lang: Lang) -> Iterator[str]:
    yield from _head(doc, lang)
    yield doc["text"][lang]
    yield from (one[lang] for one in doc["named"])
    yield from _figures(doc, lang)
    yield from _times(doc, lang)
    yield from _override(doc, lang)
    yield from _change(doc, lang)
    yield from _signatory(doc, lang)


def _head(doc: Doc, lang: Lang) -> Iterator[str]:
    enterprise = doc["enterprise"]
    zh_kind, en_kind = KINDS[doc["kind"]]
    span = _span(doc)
    if lang == "zh":
        yield f"{enterprise['name']}安全承诺公告（{zh_kind}）"
        yield f"{span}，第 {doc['version']} 版"
    else:
        name = enterprise["name_en"] or enterprise["name"]
        yield f"Safety commitment announcement ({en_kind}), {name}"
        yield f"{span}, version {doc['version']}"
    if doc["demo"]:
        yield "示例数据，不是真实企业。" if lang == "zh" else "Sample data, not a real company."


def _span(doc: Doc) -> str:
    first, last = doc.get("first", doc["date"]), doc.get("last", doc["date"])
    return str(last) if first == last else f"{first} – {last}"


def _figures(doc: Doc, lang: Lang) -> Iterator[str]:
    """The figures, a line for each group, and the lines of single shifts or groups among them."""
    items = announcement_items.items(doc)
    for group in ("units", "storage", "fire", "works", "all"):
        yield _row(items, group, lang)
    yield from _counts(doc, lang)
    yield from _small(doc, lang)
    yield _said(items, "people", "合计：" if lang == "zh" else "In all: ", lang)
    for group in ("hazards", "signed", "roster"):
        yield _row(items, group, lang)
    yield _risk(doc, lang)


def _row(items: list[Item], group: str, lang: Lang) -> str:
    return _said(items, group, "", lang)


def _said(items: list[Item], group: str, before: str, lang: Lang) -> str:
    """The figures of a group in one line; '' where there is none."""
    found = [item for item in items if item.group == group]
    if not found:
        return ""
    if lang == "zh":
        return before + "，".join(f"{item.zh} {item.value}" for item in found) + "。"
    text = ", ".join(f"{item.en}: {item.value}" for item in found)  # not "grade 1 1"
    return f"{before}{text}." if before else f"{text[:1].upper()}{text[1:]}."


def _counts(doc: Doc, lang: Lang) -> Iterator[str]:
    """Each shift of a day; each group of a period."""
    for part in doc.get("shifts", []):
        shift = _named(part, "shift", lang)
        yield f"{_place(part, lang)} {part['date']} {shift}{_of(part, lang)}"
    for part in doc.get("groups", []):
        shifts = f"，{part['shifts']} 个班" if lang == "zh" else f", {part['shifts']} shifts"
        yield f"{_place(part, lang)}{shifts}{_of(part, lang)}"


def _place(part: Doc, lang: Lang) -> str:
    return f"{_named(part, 'site_name', lang)} {_named(part, 'group_name', lang)}"


def _of(part: Doc, lang: Lang) -> str:
    if lang == "zh":
        return "：" + "，".join(f"{zh} {part[code]}" for code, zh, _ in PEOPLE) + "。"
    return ": " + ", ".join(f"{en} {part[code]}" for code, _, en in PEOPLE) + "."


def _small(doc: Doc, lang: Lang) -> Iterator[str]:
    small = doc["small"]
    if not small["shifts"]:
        return
    n, counted = small["shifts"], small["counted"]
    if lang == "zh":
        how = "合在一起算进合计" if counted else "不算进合计"
        yield f"{n} 个班人数少，不单列，{how}。"
    else:
        how = "counted together in the total" if counted else "not in the total"
        yield f"Shifts too small to be listed alone: {n}, {how}."
    if small["count"]:
        yield ("人数少的班" if lang == "zh" else "Small shifts") + _of(small["count"], lang)


def _risk(doc: Doc, lang: Lang) -> str:
    """The grade of the day and the rules that gave it, by the names they have at the signature."""
    known, risk = library.day_risk(), doc["risk"]
    name = _name(known["grades"], "no", risk["grade"], lang)
    why = [_name(known["rules"], "code", code, lang) for code in risk["because"]]
    if lang == "zh":
        told = f"当天风险等级：{name}（{risk['grade']} 级）"
        return told + ("：" + "；".join(why) + "。" if why else "。")
    told = f"Risk of the day: {name.lower()} (grade {risk['grade']})"
    return told + (": " + "; ".join(why) + "." if why else ".")


def _name(rows: Iterable[Doc], key: str, value: object, lang: Lang) -> str:
    found = next((row for row in rows if row[key] == value), None)
    return str(value) if found is None else _named(found, "name", lang)


def _times(doc: Doc, lang: Lang) -> Iterator[str]:
    zone = doc["zone"]
    from_, to, due, until = (
        _moment(doc[key], zone) for key in ("from_ms", "to_ms", "due_ms", "valid_until_ms")
    )
    if lang == "zh":
        yield f"统计 {from_} 到 {to} 之间开始的班次（{zone} 时间）。"
        yield f"应在 {due} 前公告，有效到 {until}。"
    else:
        yield f"Counts the shifts that started from {from_} to {to} ({zone} time)."
        yield f"Due by {due}, holds until {until}."


def _override(doc: Doc, lang: Lang) -> Iterator[str]:
    override = doc["override"]
    if override is None:
        return
    gaps = " ".join(gap[lang] for gap in override["gaps"])
    if lang == "zh":
        yield f"带着问题签发：{gaps}"
        yield f"理由：{override['reason']}"
    else:
        yield f"Signed over open gaps: {gaps}"
        yield f"Reason: {override['reason']}"


def _change(doc: Doc, lang: Lang) -> Iterator[str]:
    change = doc["change"]
    if change is None:
        return
    zh, en = CHANGES[change["how"]]
    at = _moment(change["published_ms"], doc["zone"])
    if lang == "zh":
        yield f"本版{zh}第 {change['version']} 版（{at} 签发）。理由：{change['reason']}"
    else:
        before = f"version {change['version']} (signed at {at})"
        yield f"This version {en} {before}. Reason: {change['reason']}"
    yield from (one[lang] for one in change["changes"])


def _signatory(doc: Doc, lang: Lang) -> Iterator[str]:
    who = _who(doc["signatory"], lang)
    by = doc["delegate_of"]
    if lang == "zh":
        yield f"签发人：{who}"
        if by:
            yield f"受 {_who(by, lang)} 书面授权，授权书 {by['document']}"
    else:
        yield f"Signed by: {who}"
        if by:
            yield f"With the written leave of {_who(by, lang)}, document {by['document']}"


def _who(person: Doc, lang: Lang) -> str:
    return f"{_named(person, 'name', lang)} {_named(person, 'title', lang)}"


def _named(row: Doc, key: str, lang: Lang) -> str:
    return str(row.get(f"{key}_en") or row[key]) if lang == "en" else str(row[key])


def _moment(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
