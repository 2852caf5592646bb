"""Every public figure of an announcement with its name, in the order of the words. Pure.

One list for whoever says a figure: the signed text, and the proof beside it. A figure that is not
in this list is not published in words either.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Doc = dict[str, Any]  # an announcement's document, JSON


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
    ("storage.total", "罐区和仓库", "tank farms and warehouses"),
    ("storage.safe", "安全的罐区和仓库", "of them safe"),
    ("major.total", "重大危险源", "major-hazard facilities"),
    ("major.safe", "安全的重大危险源", "of them safe"),
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
    ("total", "危险作业合计", "special work in all"),
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


def items(doc: Doc) -> list[Item]:
    """The figures of a document; a block that it does not have gives none."""
    found = []
    for place, group, names in GROUPS:
        block = doc.get(place)
        if block is not None:
            found += [
                Item(group, f"{place}.{code}", zh, en, value)
                for code, zh, en in names
                if (value := at(block, code)) is not None
            ]
    return [*found, *_signed(doc)]


def at(block: Doc, path: str) -> int | None:
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
