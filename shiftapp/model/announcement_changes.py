"""What differs between two announcements: of two versions, or of today and the day before.

A sentence each in both languages, in the order in which the document tells them; a figure that one
of them does not have is '–'. The sentences are signed with a further version (publishing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shiftapp.model import special_works
from shiftapp.model.work_figures import KINDS

Doc = dict[str, Any]  # JSON of the document
Said = dict[str, str]  # {"zh": …, "en": …}

NONE = "–"

ALTERED = {
    "zh": "存着的那一版和签名不符，没法比较。",
    "en": "The stored version does not fit its signature, so nothing can be compared.",
}

# Where a figure stands in the document, and what it is called.
_FIGURES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("total", "n"), "应到", "Expected"),
    (("total", "on"), "按时", "On time"),
    (("total", "off"), "没信号先封存", "Offline"),
    (("total", "late"), "补做", "Late"),
    (("total", "none"), "没做", "None yet"),
    (("roster", "added"), "开始后加入名单", "Put on rosters afterwards"),
    (("roster", "ended"), "开始后移出名单", "Taken off rosters afterwards"),
    (("plant", "units", "total"), "生产装置", "Process units"),
    (("plant", "units", "running"), "运行装置", "Units running"),
    (("plant", "units", "stopped"), "停产装置", "Units stopped"),
    (("plant", "units", "maintenance"), "检修装置", "Units under maintenance"),
    (("plant", "startup"), "正在开车的装置", "Units starting up"),
    (("plant", "shutdown"), "正在停车的装置", "Units shutting down"),
    (("plant", "trial"), "试生产装置", "Units in trial production"),
    (("plant", "storage", "total"), "罐区、仓库", "Tank farms and warehouses"),
    (("plant", "storage", "safe"), "安全的罐区、仓库", "Tank farms and warehouses that are safe"),
    (("plant", "major", "total"), "重大危险源", "Major-hazard facilities"),
    (("plant", "major", "safe"), "安全的重大危险源", "Major-hazard facilities that are safe"),
    (("works", "total"), "危险作业合计", "Special work in all"),
    (("works", "contractor"), "承包商作业", "Contractor work"),
    (("works", "change"), "变更作业", "Work of a change"),
    (("works", "registered_late"), "开始后才登记的作业", "Works registered after their start"),
    (("works", "cancelled_late"), "开始后取消的作业", "Works cancelled after their start"),
    (("hazards", "veto_unanswered"), "没有人答复的否决项", "Veto steps without an answer"),
    (("hazards", "unanswered"), "没有人答复的异常", "Reports without an answer"),
    (("hazards", "major"), "重大隐患", "Major hazards"),
    (("hazards", "general"), "一般隐患", "General hazards"),
    (("hazards", "found"), "发现的隐患", "Hazards found"),
    (("hazards", "accepted"), "验收的隐患", "Hazards accepted"),
    (("crews", "signed"), "班组签字", "Crews signed"),
    (("crews", "of"), "要签字的班组", "Crews to sign"),
    (("risk", "grade"), "风险等级", "Risk grade"),
)


def differences(before: Doc | None, after: Doc) -> list[Said]:
    """What differs between two documents of one kind, a sentence each.

    `before` is None where what is stored of it was altered.
    """
    if before is None:
        return [ALTERED]
    found = [
        {"zh": f"{zh} {a} 改为 {b}。", "en": f"{en}: {a} is now {b}."}
        for zh, en, a, b in _compared(before, after)
        if a != b
    ]
    if before["text"] != after["text"]:
        found.append({"zh": "承诺的话改了。", "en": "The words have changed."})
    return found


def _compared(before: Doc, after: Doc) -> Iterator[tuple[str, str, object, object]]:
    for path, zh, en in _FIGURES:
        if path == ("works", "contractor"):
            yield from _works(before, after)
        if path == ("risk", "grade"):
            yield from _levels(before, after)
        yield zh, en, _figure(before, path), _figure(after, path)


def _works(before: Doc, after: Doc) -> Iterator[tuple[str, str, object, object]]:
    for key in KINDS:
        kind, _, level = key.partition("_") if key.startswith("fire") else (key, "", "")
        said = special_works.label(kind, level)
        path = ("works", key)
        yield said["name"], said["name_en"], _figure(before, path), _figure(after, path)


def _levels(before: Doc, after: Doc) -> Iterator[tuple[str, str, object, object]]:
    then, now = ({one["no"]: one for one in doc.get("levels") or []} for doc in (before, after))
    for no in sorted({*then, *now}):
        said = now.get(no) or then[no]
        a, b = (f"{d[no]['signed']}/{d[no]['of']}" if no in d else NONE for d in (then, now))
        yield f"{said['name']}签字", f"{said['name_en'] or said['name']} signed", a, b


def _figure(doc: Doc, path: tuple[str, ...]) -> object:
    """A figure of a document; '–' where there is none."""
    found: Any = doc
    for key in path:
        found = found.get(key) if found is not None else None
    return NONE if found is None else found
