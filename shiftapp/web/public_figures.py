"""The plant, the special work, the hazards and the risk of a signed document, in lines of words.

A document of an earlier release has fewer parts: what it does not tell of is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from flask_babel import gettext

from shiftapp.model import day_risk
from shiftapp.web.language import named
from shiftapp.web.public_words import Doc, Line, begun, joined, listed, sentence

Mark = Literal["good", "none", "open", "stop"]

_HOT = {
    "fire_special": "特级动火",
    "fire_1": "一级动火",
    "fire_2": "二级动火",
    "confined": "进入受限空间",
}
_SPECIAL = {
    "blind": "盲板抽堵",
    "height": "高处作业",
    "lifting": "吊装",
    "power": "临时用电",
    "earth": "动土",
    "road": "断路",
}
_FURTHER = {
    "maintenance": "检维修",
    "transfer": "倒罐",
    "tank_cleaning": "清罐",
    "draining": "切水",
}
_RANKS = ("一级 %(n)s", "二级 %(n)s", "三级 %(n)s", "四级 %(n)s")
_AMONG = {"contractor": "其中承包商作业", "change": "其中变更作业"}
GRADES = {
    1: ("risk-a", "高风险"),
    2: ("risk-b", "较大风险"),
    3: ("risk-c", "一般风险"),
    4: ("risk-d", "低风险"),
}


class State(NamedTuple):
    """Something that is so or is not."""

    mark: Mark
    words: str
    figure: str


class Risk(NamedTuple):
    """The grade of the day: the name of its sign, its word, and why."""

    sign: str
    word: str
    because: str


def units(doc: Doc) -> list[Line]:
    """The four numbers of the process units; empty when the document does not tell."""
    found = (doc.get("plant") or {}).get("units")
    words = {"total": "总数", "running": "运行", "stopped": "停产", "maintenance": "检修"}
    return [Line(gettext(w), str(found[code])) for code, w in words.items()] if found else []


def dangers(doc: Doc) -> str:
    """Tank farms, major hazards with their ranks, and processes under special watch."""
    plant = doc.get("plant")
    if not plant:
        return ""
    parts = []
    if plant["storage"]["total"]:
        parts.append(gettext("罐区、仓库 %(n)s 处", n=plant["storage"]["total"]))
    if plant["major"]["total"]:
        parts.append(_major(plant["major"]))
    if plant.get("processes"):
        parts.append(gettext("重点监管的危险化工工艺 %(n)s 种", n=plant["processes"]))
    return sentence(parts)


def works(doc: Doc) -> list[Line]:
    """The day's special work: fire by level, the others in groups, zeros apart; none: empty."""
    found = doc.get("works")
    if not found:
        return []
    lines = [_line(gettext(words), found[code]) for code, words in _HOT.items()]
    for names in (_SPECIAL, _FURTHER):
        some = [(gettext(words), found[code]) for code, words in names.items() if found[code]]
        nothing = [gettext(w) for code, w in names.items() if not found[code]]
        if len(some) == 1:
            lines += [_line(*some[0])]
        elif some:
            said = joined([f"{words} {n}" for words, n in some])
            lines.append(Line(begun(said), str(sum(n for _, n in some))))
        if nothing:
            lines.append(Line(begun(listed(nothing)), "0", none=True))
    return lines + [_line(gettext(words), found[code]) for code, words in _AMONG.items()]


def works_notes(doc: Doc) -> str:
    """What was registered or called off after it had begun; '' when nothing was."""
    found = doc.get("works") or {}
    parts = []
    if found.get("registered_late"):
        parts.append(gettext("%(n)s 处开始后才登记", n=found["registered_late"]))
    if found.get("cancelled_late"):
        parts.append(gettext("%(n)s 处开始后才取消", n=found["cancelled_late"]))
    return sentence(parts)


def states(doc: Doc) -> list[State]:
    """What is so and what is not, one a line."""
    return [*_plant_states(doc), *_hazard_states(doc["hazards"]), *_signed_states(doc)]


def risk(doc: Doc) -> Risk | None:
    """The grade of the day with its reason; None when the document has none."""
    found = doc.get("risk")
    if not found:
        return None
    sign, word = GRADES[found["grade"]]
    rules = {rule["code"]: named(rule) for rule in day_risk.table()["rules"]}
    because = [rules[code] for code in found["because"] if code in rules]
    return Risk(sign, gettext(word), sentence(because))


def _major(found: Mapping[str, Any]) -> str:
    ranks = [gettext(words, n=n) for words, n in zip(_RANKS, found["ranks"], strict=True) if n]
    if not ranks:
        return gettext("重大危险源 %(n)s 处", n=found["total"])
    return gettext("重大危险源 %(n)s 处（%(ranks)s）", n=found["total"], ranks=joined(ranks))


def _line(words: str, n: int) -> Line:
    return Line(begun(words), str(n), none=not n)


def _plant_states(doc: Doc) -> Iterable[State]:
    plant = doc.get("plant")
    if not plant:
        return
    stores, major = plant["storage"], plant["major"]
    if stores["total"] or major["total"]:
        safe = stores["safe"] == stores["total"] and major["safe"] == major["total"]
        yield _yes_no(safe, "罐区、仓库等重大危险源安全", bad="stop")
    trial = gettext("%(n)s 套", n=plant["trial"]) if plant["trial"] else gettext("否")
    yield State("open" if plant["trial"] else "none", gettext("试生产"), trial)
    moving = [
        gettext(words, n=plant[code])
        for code, words in (("startup", "%(n)s 套开车"), ("shutdown", "%(n)s 套停车"))
        if plant[code]
    ]
    figure = joined(moving) if moving else gettext("否")
    yield State("open" if moving else "none", gettext("开车或停车"), figure)


def _yes_no(good: bool, words: str, *, bad: Mark) -> State:
    return State("good" if good else bad, gettext(words), gettext("是") if good else gettext("否"))


def _hazard_states(hazards: Mapping[str, int]) -> Iterable[State]:
    about: tuple[tuple[str, str, Mark], ...] = (
        ("major", "未消除的重大隐患", "stop"),
        ("veto_unanswered", "没有人答复的否决项", "stop"),
        ("unanswered", "没有人答复的异常", "open"),
        ("general", "正在处理的一般隐患", "open"),
    )
    for code, words, bad in about:
        n = hazards[code]
        yield State(bad if n else "good", gettext(words), str(n) if n else gettext("无"))
    for code, words in (("found", "这一期发现的隐患"), ("accepted", "这一期验收的隐患")):
        if code in hazards:
            yield State("none", gettext(words), str(hazards[code]))


def _signed_states(doc: Doc) -> Iterable[State]:
    crews = doc["crews"]
    if crews["of"]:
        yield _share(gettext("签了字的班组"), crews)
    for level in doc.get("levels", []):
        yield _share(gettext("签了字的%(level)s", level=named(level)), level)


def _share(words: str, found: Mapping[str, Any]) -> State:
    whole = found["signed"] == found["of"]
    return State("good" if whole else "open", words, f"{found['signed']} / {found['of']}")
