"""What an announcement promises, in both languages side by side: chosen by state, never typed.

They are part of the signed document, so they do not go through the catalogue: what was signed must
not change with it. A word of comfort stands only where the figures carry it; over anything open the
sentence says so, and each open thing is named beside it (announcement_words.py). The three things
that an all-clear says (researched, measures in place, plant safe and major hazards under control)
are those of 应急〔2018〕74号; nothing is said of units, stores or people that nobody counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Said = dict[str, str]  # {"zh": …, "en": …}
State = Literal["clear", "named", "no_shift", "no_shift_named", "stopped", "stopped_named"]
People = Literal["all", "listed", "none"]  # whom the figures cover
Standing = Literal["", "stopped", "maintenance", "both"]  # all units stand still, and how
Store = Literal["tank_farm", "warehouse", "major"]


@dataclass(frozen=True)
class Facts:
    """What the sentence is chosen by."""

    period: bool  # more than a day
    shifts: bool  # anybody was expected
    people: People
    named: bool  # something is open and stands below: it decides, whatever the rest
    researched: bool  # every crew and every level above has signed
    standing: Standing = ""
    running: bool = False  # a unit runs
    stores: tuple[Store, ...] = ()  # what there is


_COMMITTED: dict[People, Said] = {
    "all": {
        "zh": "应到的人都做了班前承诺，",
        "en": "Everybody expected made the pre-shift commitment,",
    },
    "listed": {
        "zh": "下面列出的各班，应到的人都做了班前承诺，",
        "en": "In the shifts listed below everybody expected made the pre-shift commitment,",
    },
    "none": {
        "zh": "各班人数都少，不公布人数；",
        "en": "Every shift is too small for a figure to be published;",
    },
}
_CLEAR: Said = {
    "zh": "报上来的异常都有人答复，没有未消除的重大隐患，风险防控措施已落实。",
    "en": "what was reported has been answered, there is no open major hazard, and the risk"
    " controls are in place.",
}
# By whether it is of a period.
_RESEARCHED: dict[bool, Said] = {
    False: {
        "zh": "我公司今天已做班前安全风险研判。",
        "en": "Our company has assessed today's risks before the shift.",
    },
    True: {
        "zh": "这期间，我公司各班都做了班前安全风险研判。",
        "en": "In this period our company assessed the risks before every shift.",
    },
}
_UNSIGNED: dict[bool, Said] = {
    False: {
        "zh": "我公司今天的班前安全风险研判，还没有逐级签完字。",
        "en": "Not every level of our company has signed today's risk assessment yet.",
    },
    True: {
        "zh": "这期间，我公司的班前安全风险研判没有每班逐级签字。",
        "en": "In this period not every level of our company signed the risk assessment of every"
        " shift.",
    },
}
_NAMED: Said = {
    "zh": "除下面写明的以外，风险防控措施已落实。",
    "en": "The risk controls are in place except for what is named below.",
}
_NO_SHIFT: dict[bool, Said] = {
    False: {
        "zh": "这 24 小时没有人排班，没有应做的班前承诺。",
        "en": "Nobody was on the roster in these 24 hours, so no pre-shift commitment was due.",
    },
    True: {
        "zh": "这期间没有人排班，没有应做的班前承诺。",
        "en": "Nobody was on the roster in this period, so no pre-shift commitment was due.",
    },
}
_NO_SHIFT_CLEAR: Said = {
    "zh": "报上来的异常都有人答复，没有未消除的重大隐患。",
    "en": "What was reported has been answered, and there is no open major hazard.",
}
_NO_SHIFT_NAMED: Said = {
    "zh": "还有下面写明的事没有处理完。",
    "en": "What is named below is still open.",
}
_STANDING: dict[Standing, Said] = {
    "stopped": {"zh": "生产装置全部停产。", "en": "All process units are stopped."},
    "maintenance": {
        "zh": "生产装置全部停车检修。",
        "en": "All process units are stopped for maintenance.",
    },
    "both": {
        "zh": "生产装置全部停产或检修。",
        "en": "All process units are stopped or under maintenance.",
    },
}
_RUNNING: Said = {
    "zh": "运行的装置处于安全运行状态",
    "en": "the process units in operation run safely",
}
_STORES: dict[Store, Said] = {
    "tank_farm": {"zh": "罐区", "en": "the tank farms"},
    "warehouse": {"zh": "仓库", "en": "the warehouses"},
    "major": {"zh": "重大危险源", "en": "the major-hazard facilities"},
}


def text(facts: Facts) -> dict[str, str]:
    """The sentence of the announcement with its `state`: `{"state", "zh", "en"}`."""
    parts = [_STANDING[facts.standing]] if facts.standing else []
    if facts.shifts:
        parts += [(_RESEARCHED if facts.researched else _UNSIGNED)[facts.period]]
        parts += [_NAMED] if facts.named else [_COMMITTED[facts.people], _CLEAR]
    else:
        parts += [_NO_SHIFT[facts.period], _NO_SHIFT_NAMED if facts.named else _NO_SHIFT_CLEAR]
    if not facts.named and (facts.running or facts.stores):
        parts.append(_under_control(facts))
    return {"state": _state(facts), **_joined(parts)}


def _state(facts: Facts) -> State:
    if facts.standing:
        return "stopped_named" if facts.named else "stopped"
    if not facts.shifts:
        return "no_shift_named" if facts.named else "no_shift"
    return "named" if facts.named else "clear"


def _under_control(facts: Facts) -> Said:
    """That what runs is safe and what stores is under control, of what there is."""
    zh = [_RUNNING["zh"]] if facts.running else []
    en = [_RUNNING["en"]] if facts.running else []
    if facts.stores:
        zh.append(_listed([_STORES[one]["zh"] for one in facts.stores], "、", "和") + "受控")
        stores = _listed([_STORES[one]["en"] for one in facts.stores], ", ", " and ")
        en.append(f"{stores} are under control")
    joined = "; ".join(en)
    return {"zh": "，".join(zh) + "。", "en": f"{joined[0].upper()}{joined[1:]}."}


def _listed(names: list[str], comma: str, last: str) -> str:
    return last.join(part for part in (comma.join(names[:-1]), names[-1]) if part)


def _joined(parts: list[Said]) -> Said:
    """Whole sentences one after another: Chinese without a space between them."""
    return {"zh": "".join(p["zh"] for p in parts), "en": " ".join(p["en"] for p in parts)}
