"""The sheet of process units, tank farms and warehouses: what they are, not how they are today."""

from __future__ import annotations

from typing import Any

from shiftapp.exchange.columns import Column, Sheet
from shiftapp.exchange.forms_plant import CODE, CODE_EN, active, english

FACILITIES = Sheet(
    "facility", "装置", "Facilities",
    "一行一套生产装置，或一处罐区、仓库；公告按它们算。今天的状态不写在这里，在页面上点。",
    "One row a process unit, tank farm or warehouse, from which the announcement counts. Their"
    " state of today is not written here but tapped on the pages.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例U1"),
        Column("name", "名称", "Name", "text", "40 字以内", "At most 40 signs", need=True, most=40,
               example="碳四分离装置", width=24),
        english("name_en", "名称", 120, "C4 separation"),
        Column("kind", "种类", "Kind", "choice", "有了状态记录以后不能改",
               "For good once a state was entered", need=True, choice="facility", example="unit",
               width=18),
        Column("site", "厂区", "Site", "code", "厂区代码；只有一个厂区时可空",
               "Code of the site; may be empty if there is one only", to="site", example="示例YC"),
        Column("area", "区域", "Area", "code", "谁管它：区域代码；空＝只由管全厂的人填状态",
               "Who keeps it: code of the area; empty: who manages the whole plant", to="area",
               example="示例A1"),
        Column("hazard_rank", "重大危险源", "Major hazard", "choice", "一级最重；空＝不是",
               "Grade 1 is the worst; empty: it is none", choice="rank", default=0, example="3",
               width=16),
        Column("hazard_code", "登记编号", "Registration", "text", "重大危险源在监管系统里的编号",
               "Its number in the regulator's registration", most=40, width=18),
        Column("process", "重点监管工艺", "Supervised process", "choice",
               "是：装置里有重点监管的危险化工工艺",
               "Yes: the unit runs a process under special supervision", choice="yes", default=0,
               width=16),
        active("停用的不再计数，记录还在", "Out of use: counted no more, its history stays"),
    ),
    optional=True,
)  # fmt: skip

# What a form says otherwise, where one chooses instead of typing.
AT_A_DESK: dict[str, dict[str, Any]] = {
    "area": {
        "about": "归谁管；不选：只由管全厂的人填状态",
        "about_en": "Who keeps it; none: who manages the whole plant",
    },
    "hazard_rank": {"about": "一级最重", "about_en": "Grade 1 is the worst"},
    "process": {
        "about": "装置里有重点监管的危险化工工艺",
        "about_en": "It runs a process under special supervision",
    },
}
