"""The words in which forms.py describes a workbook: sheets, columns, choices.

A column's kind says how a cell is read (cells.py) and what it becomes:

- `text` one line; `lines` several lines → tuple; `label` a short name that others refer to
- `code` a short code; `codes` several → tuple; `no` an employee number, zeros kept
- `int`; `decimal` → text such as '0.55'; `date` → 'YYYY-MM-DD'; `time` → 'HH:MM'
- `choice` one of a closed set → its code
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Value = str | int | tuple[str, ...]
Record = dict[str, Value]
Kind = Literal[
    "text", "lines", "label", "code", "codes", "no", "int", "decimal", "date", "time", "choice"
]

EXAMPLE = "示例"  # a row whose first cell begins so is an example and is not read

# name of a choice: code, Chinese, English. A cell shows "Chinese English".
CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "yes": (("1", "是", "yes"), ("0", "否", "no")),
    "active": (("1", "在用", "in use"), ("0", "停用", "closed")),
    "employed": (("1", "在册", "employed"), ("0", "离职", "left")),
    "risk": (
        ("A", "A 重大（红）", "major"),
        ("B", "B 较大（橙）", "serious"),
        ("C", "C 一般（黄）", "moderate"),
        ("D", "D 低（蓝）", "low"),
    ),
    "facility": (
        ("unit", "装置", "unit"),
        ("tank_farm", "罐区", "tank farm"),
        ("warehouse", "仓库", "warehouse"),
    ),
    "rank": (
        ("0", "不是", "none"),
        ("1", "一级", "grade 1"),
        ("2", "二级", "grade 2"),
        ("3", "三级", "grade 3"),
        ("4", "四级", "grade 4"),
    ),
    "work": (
        ("fire", "动火", "hot work"),
        ("confined", "受限空间", "confined"),
        ("blind", "盲板抽堵", "blind"),
        ("height", "高处", "height"),
        ("lifting", "吊装", "lifting"),
        ("power", "临时用电", "power"),
        ("earth", "动土", "earth"),
        ("road", "断路", "road"),
        ("maintenance", "检维修", "maintenance"),
        ("transfer", "倒罐", "transfer"),
        ("tank_cleaning", "清罐", "cleaning"),
        ("draining", "切水", "draining"),
        ("contractor", "承包商作业", "contractor"),
        ("change", "变更作业", "change"),
    ),
    "work_level": (
        ("special", "特级", "special"),
        ("1", "一级", "grade 1"),
        ("2", "二级", "grade 2"),
        ("3", "三级", "grade 3"),
        ("4", "四级", "grade 4"),
    ),
    "lang": (("zh", "中文", "Chinese"), ("en", "英文", "English")),
    "role": (
        ("operator", "员工", "operator"),
        ("leader", "班长", "leader"),
        ("manager", "安全管理", "manager"),
        ("signatory", "承诺签发人", "signatory"),
        ("inspector", "检查（只看）", "inspector"),
        ("admin", "系统管理员", "admin"),
    ),
    "scope": (("all", "全厂", "all"), ("area", "区域", "area"), ("crew", "班组", "crew")),
    "evidence": (
        ("C", "C 确认", "choice"),
        ("R", "R 读数", "reading"),
        ("S", "S 扫码", "scan"),
        ("P", "P 照片", "photo"),
        ("D", "D 第二人", "second person"),
        ("T", "T 计时", "timed"),
    ),
    "fail": (
        ("stop", "停", "stop"),
        ("report", "报", "report"),
        ("fix", "当场改", "fix"),
    ),
    "item": (
        ("title", "标题", "title"),
        ("oath", "承诺词", "oath"),
        ("rights", "权利", "rights"),
        ("fit", "能否上岗", "fit"),
        ("ppe", "劳保", "ppe"),
        ("choice", "二选一", "choice"),
        ("pick", "任选", "pick"),
        ("ack", "知道", "ack"),
        ("option", "答案", "option"),
    ),
    "neg": (
        ("replace", "换人", "replace"),
        ("todo", "班长办", "to-do"),
        ("hazard", "报隐患", "hazard"),
    ),
    "source": (
        ("ppe", "岗位劳保", "ppe"),
        ("handover", "交接遗留", "handover"),
        ("card", "风险卡", "card"),
    ),
    "rhythm": (
        ("daily", "每天", "daily"),
        ("weekly", "每周", "weekly"),
        ("monthly", "每月", "monthly"),
        ("quarterly", "每季", "quarterly"),
        ("yearly", "每年", "yearly"),
    ),
    "answer": (("ok", "行", "ok"), ("bad", "不行", "bad"), ("unfit", "今天不能", "unfit")),
}
YES_OR_NO = {"yes", "active", "employed"}  # choices that are kept as 1 and 0
WHOLE_NUMBERS = YES_OR_NO | {"rank"}


@dataclass(frozen=True)
class Column:
    """One column: headings, how its cells are read, and what the help sheet says of it."""

    key: str
    zh: str
    en: str
    kind: Kind = "text"
    about: str = ""
    about_en: str = ""
    need: bool = False
    most: int = 60  # characters, of each line
    default: Value = ""  # what an empty cell says
    choice: str = ""
    to: str = ""  # noun that the codes belong to: a drop-down, and a check
    example: str | int | float = ""
    width: int = 12  # as Excel counts: about two a Chinese character

    @property
    def empty(self) -> Value:
        """What a record holds for an empty cell."""
        return () if self.kind in ("lines", "codes") and self.default == "" else self.default


@dataclass(frozen=True)
class Sheet:
    """One sheet: the noun its rows are of, its name and its columns; `keys` tell rows apart."""

    noun: str
    zh: str
    en: str
    about: str
    about_en: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ("code",)
    optional: bool = False  # a workbook may lack it: then it says nothing about it
    by_key: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})

    @property
    def title(self) -> str:
        """The name on the tab."""
        return f"{self.zh} {self.en}"


def shown(choice: str, code: Value) -> str:
    """What a cell of a choice shows: both languages."""
    for one, zh, en in CHOICES[choice]:
        if one == str(code):
            return f"{zh} {en}"
    return str(code)
