"""Every public figure of an announcement with its name, in the order of the words. Pure.

One list for whoever says a figure: the signed text, what a version changed, what differs from
yesterday. A figure that is not in this list is not published in words either.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Doc = dict[str, Any]  # an announcement's document, JSON
Said = dict[str, str]  # {"zh": …, "en": …}


class Item(NamedTuple):
    """One figure; `group` says which line of the text it stands in."""

    group: str
    code: str
    zh: str
    en: str
    value: int


PLANT = (
    ("units.total", "装置", "units"),
    ("units.running", "运行", "running"),
    ("units.stopped", "停产", "stopped"),
    ("units.maintenance", "检修", "under maintenance"),
    ("startup", "正在开车", "starting up"),
    ("shutdown", "正在停车", "shutting down"),
    ("trial", "试生产", "in trial production"),
)
STORAGE = (
    ("storage.total", "罐区、仓库", "tank farms and warehouses"),
    ("storage.safe", "罐区、仓库安全", "of them safe"),
    ("major.total", "重大危险源", "major-hazard facilities"),
    ("major.safe", "重大危险源安全", "of them safe"),
    ("major.ranks.0", "一级重大危险源", "rank 1"),
    ("major.ranks.1", "二级重大危险源", "rank 2"),
    ("major.ranks.2", "三级重大危险源", "rank 3"),
    ("major.ranks.3", "四级重大危险源", "rank 4"),
    ("processes", "重点监管危险工艺", "processes under special supervision"),
)
FIRE = (
    ("fire_special", "特级动火", "hot work, special grade"),
    ("fire_1", "一级动火", "hot work, grade 1"),
    ("fire_2", "二级动火", "hot work, grade 2"),
    ("confined", "受限空间", "confined space"),
)
OTHER_WORKS = (
    ("blind", "盲板抽堵", "blinding"),
    ("height", "高处", "work at height"),
    ("lifting", "吊装", "lifting"),
    ("power", "临时用电", "temporary power"),
    ("earth", "动土", "excavation"),
    ("road", "断路", "road closure"),
    ("maintenance", "检维修", "maintenance"),
    ("transfer", "倒罐", "tank transfer"),
    ("tank_cleaning", "清罐", "tank cleaning"),
    ("draining", "切水", "draining"),
    ("contractor", "承包商作业", "by contractors"),
    ("change", "变更作业", "change work"),
)
ALL_WORKS = (
    ("total", "危险作业合计", "dangerous work in all"),
    ("registered_late", "开工后才登记", "registered after the start"),
    ("cancelled_late", "开工后才取消", "cancelled after the start"),
)
PEOPLE = (
    ("n", "应到", "expected"),
    ("on", "按时", "on time"),
    ("off", "没信号先封存", "offline"),
    ("late", "补做", "late"),
    ("none", "没做", "none yet"),
)
HAZARDS = (
    ("veto_unanswered", "没人答复的否决项", "failed veto steps without an answer"),
    ("unanswered", "没人答复的异常", "reports without an answer"),
    ("major", "没消除的重大隐患", "open major hazards"),
    ("general", "正在处理的一般隐患", "open general hazards"),
    ("found", "本期发现的隐患", "hazards found in the period"),
    ("accepted", "本期验收的隐患", "hazards accepted in the period"),
)
ROSTER = (
    ("added", "承诺时段开始后加进名单", "put on the roster after the window opened"),
    ("ended", "承诺时段开始后移出名单", "taken off the roster after the window opened"),
)
GROUPS = (
    ("plant", "units", PLANT),
    ("plant", "storage", STORAGE),
    ("works", "fire", FIRE),
    ("works", "works", OTHER_WORKS),
    ("works", "all", ALL_WORKS),
    ("total", "people", PEOPLE),
    ("hazards", "hazards", HAZARDS),
    ("roster", "roster", ROSTER),
)
GRADES = {
    1: ("高", "high"),
    2: ("较大", "considerable"),
    3: ("一般", "moderate"),
    4: ("低", "low"),
}


def items(doc: Doc) -> list[Item]:
    """The figures of a document; a block that it does not have gives none."""
    found = []
    for place, group, names in GROUPS:
        block = doc.get(place)
        if block is not None:
            found += [
                Item(group, f"{place}.{code}", zh, en, value)
                for code, zh, en in names
                if (value := _at(block, code)) is not None
            ]
    return [*found, *_signed(doc), *_risk(doc)]


def differences(before: Doc, after: Doc) -> list[Said]:
    """What is another figure in `after`, a sentence each in both languages."""
    then, now = _known(before), _known(after)
    found = []
    for code in dict.fromkeys([*then, *now]):
        item = now.get(code) or then[code]
        a, b = _value(then.get(code)), _value(now.get(code))
        if a != b:
            zh, en = (
                f"{item.zh} {a} 改为 {b}。",
                f"{item.en[:1].upper()}{item.en[1:]}: {a}, now {b}.",
            )
            found.append({"zh": zh, "en": en})
    return found


def _known(doc: Doc) -> dict[str, Item]:
    return {item.code: item for item in items(doc)}


def _value(item: Item | None) -> str:
    """A figure; '–' where there is none."""
    return "–" if item is None else str(item.value)


def _at(block: Doc, path: str) -> int | None:
    """What stands at `a.b` in a block; None: nothing."""
    here: Any = block
    for step in path.split("."):
        if isinstance(here, list):
            here = here[int(step)] if int(step) < len(here) else None
        else:
            here = here.get(step) if here else None
    return here if isinstance(here, int) else None


def _signed(doc: Doc) -> list[Item]:
    crews = doc["crews"]
    found = [
        Item("signed", "crews.signed", "签了字的班组", "crews signed", crews["signed"]),
        Item("signed", "crews.of", "该签字的班组", "crews to sign", crews["of"]),
    ]
    for level in doc.get("levels", []):
        name, name_en = level["name"], level["name_en"] or level["name"]
        code = f"levels.{level['no']}"
        zh, en = f"{name}签了字的", f"{name_en} level signed"
        found.append(Item("signed", f"{code}.signed", zh, en, level["signed"]))
        zh, en = f"{name}该签字的", f"{name_en} level to sign"
        found.append(Item("signed", f"{code}.of", zh, en, level["of"]))
    return found


def _risk(doc: Doc) -> list[Item]:
    risk = doc.get("risk")
    if not risk:
        return []
    words = ("当天风险等级（1 高，4 低）", "risk grade of the day (1 high, 4 low)")
    return [Item("risk", "risk.grade", *words, risk["grade"])]
