"""The figures of the gate display: at most four, those that the document has.

Pure but for the language: a document in, panels out. A plant without units or a register of special
work shows what is known of its shifts and hazards instead.
"""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext

from shiftapp.model import day_risk
from shiftapp.model.announcements import Doc
from shiftapp.web.language import named

MOST = 4
NONE = "–"


class Figure(NamedTuple):
    """A number with the small words beside or below it."""

    value: str
    unit: str = ""


class Panel(NamedTuple):
    """One figure, or several of a kind side by side, under a heading; `sub` is a line or two."""

    head: str
    figures: tuple[Figure, ...]
    sub: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        return len(self.figures) > 1

    @property
    def part(self) -> bool:
        """Whether the figure is so many of so many, and needs the room for both."""
        return not self.several and "/" in self.figures[0].unit

    @property
    def digits(self) -> int:
        """How many digits stand in a row, as far as they decide the size."""
        if self.part:
            whole = "".join(sign for sign in self.figures[0].unit if sign.isdigit())
            return 1 if len(whole) == 1 else len(whole) + 2
        longest = max(len(figure.value) for figure in self.figures)
        if longest == 1:
            return 1
        return longest + (2 if self.several else 1 if self.figures[0].unit else 0)


def panels(doc: Doc) -> list[Panel]:
    """What the display shows of a document, the legally asked figures first."""
    asked = [_units(doc), *_works(doc), _people(doc)]
    instead = [_major(doc), _unanswered(doc), _crews(doc)]
    found = [panel for panel in asked if panel]
    found += [panel for panel in instead if panel][: MOST - len(found)]
    return found


def facts(doc: Doc) -> list[str]:
    """What stands beside the signatory: major-hazard facilities and the grade of the day."""
    plant, found = doc["plant"], []
    if not plant:
        return []
    major = plant["major"]
    if major["total"]:
        safe = gettext("重大危险源安全 %(n)s / %(of)s", n=major["safe"], of=major["total"])
        found.append(safe)
    if doc["risk"]:
        grade = named(day_risk.rules()["grades"][doc["risk"]["grade"] - 1])
        found.append(gettext("今日风险：%(grade)s", grade=grade))
    return found


def _units(doc: Doc) -> Panel | None:
    plant = doc["plant"]
    if not plant or not plant["units"]["total"]:
        return None
    units = plant["units"]
    sub = [gettext("检修 %(m)s，停产 %(s)s", m=units["maintenance"], s=units["stopped"])]
    also = (
        ("试生产 %(n)s", plant["trial"]),
        ("开车 %(n)s", plant["startup"]),
        ("停车 %(n)s", plant["shutdown"]),
    )
    told = [gettext(words, n=n) for words, n in also if n]
    sub += [gettext("，").join(told)] if told else []
    running = Figure(str(units["running"]), gettext("/ %(n)s 套", n=units["total"]))
    return Panel(gettext("装置运行"), (running,), tuple(sub))


def _works(doc: Doc) -> list[Panel]:
    works = doc["works"]
    if not works:
        return []
    fires = (
        Figure(str(works["fire_special"]), gettext("特级")),
        Figure(str(works["fire_1"]), gettext("一级")),
        Figure(str(works["fire_2"]), gettext("二级")),
    )
    named = sum(works[key] for key in ("fire_special", "fire_1", "fire_2", "confined"))
    rest = gettext("其他作业 %(n)s 处", n=max(0, works["total"] - named))
    confined = Figure(str(works["confined"]), gettext("处"))
    return [
        Panel(gettext("动火（处）"), fires),
        Panel(gettext("受限空间"), (confined,), (rest,)),
    ]


def _people(doc: Doc) -> Panel:
    total = doc["total"]
    head = gettext("按时承诺")
    if total:
        sub = gettext("应到 %(n)s 人", n=total["n"])
        return Panel(head, (Figure(str(total["on"])),), (sub,))
    why = gettext("人数少，不单列") if doc["small"]["shifts"] else gettext("没有排班")
    return Panel(head, (Figure(NONE),), (why,))


def _major(doc: Doc) -> Panel:
    hazards = doc["hazards"]
    sub = gettext("一般隐患 %(n)s 处", n=hazards["general"])
    return Panel(gettext("重大隐患"), (Figure(str(hazards["major"])),), (sub,))


def _unanswered(doc: Doc) -> Panel:
    hazards = doc["hazards"]
    waiting = Figure(str(hazards["unanswered"] + hazards["veto_unanswered"]))
    return Panel(gettext("没人答复"), (waiting,), (gettext("异常和否决"),))


def _crews(doc: Doc) -> Panel | None:
    crews = doc["crews"]
    if not crews["of"]:
        return None
    signed = Figure(str(crews["signed"]), gettext("/ %(n)s 个", n=crews["of"]))
    return Panel(gettext("班组签字"), (signed,))
