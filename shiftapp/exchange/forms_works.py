"""The sheet of special work: permits that others have issued, one a row."""

from __future__ import annotations

from shiftapp.exchange.columns import Column, Sheet

NUMBERS, NUMBERS_EN = "工号；几个人用空格隔开", "Employee numbers with blanks between them"

WORKS = Sheet(
    "special_work", "危险作业", "Special work",
    "一行一张作业票；这里只登记别人签发的票。同一个票号再写一次就是改它；开始以后只能延长、换监护人、改检测间隔。",
    "One row a permit that others have issued. The same number again changes it; once started only"
    " its end (later), guardians and gas interval.",
    (
        Column("no", "作业票号", "Permit no.", "text", "照票上的写；大小写、空格、横线不算区别",
               "As on the permit; case, blanks and hyphens make no difference", need=True, most=40,
               example="DH-1124-01", width=18),
        Column("kind", "作业", "Work", "choice", need=True, choice="work", example="fire",
               width=20),
        Column("level", "级别", "Grade", "choice", "动火、高处、吊装必填",
               "Needed for hot work, height and lifting", choice="work_level", example="1",
               width=14),
        Column("place", "作业地点", "Place", "text", "60 字以内", "At most 60 signs", need=True,
               example="P-201 泵区北侧", width=24),
        Column("what", "作业内容", "What", "text", most=200, example="更换法兰", width=24),
        Column("date", "开始日期", "Start day", "date", need=True, example="2026-11-24"),
        Column("start", "开始时间", "Start", "time", need=True, example="08:30"),
        Column("last", "结束日期", "End day", "date", "空＝和开始同一天",
               "Empty: the day of the start", example="2026-11-24"),
        Column("end", "结束时间", "End", "time", need=True, example="16:30"),
        Column("guardians", "监护人", "Guardians", "codes", NUMBERS, NUMBERS_EN, to="person",
               example="00101", width=16),
        Column("workers", "作业人", "Workers", "codes", NUMBERS, NUMBERS_EN, to="person",
               example="00102 00103", width=16),
        Column("area", "区域", "Area", "code", "区域代码", "Code of the area", to="area",
               example="示例A1"),
        Column("facility", "装置", "Facility", "code", "装置、罐区、仓库代码",
               "Code of the facility", to="facility", example="示例U1"),
        Column("site", "厂区", "Site", "code", "厂区代码；只有一个厂区时可空",
               "Code of the site; may be empty if there is one only", to="site", example="示例YC"),
        Column("contractor", "承包商", "Contractor", "text", "空＝自己人做", "Empty: own people",
               width=20),
        Column("changed", "变更作业", "Of a change", "choice", choice="yes", default=0),
        Column("gas", "气体检测间隔（分钟）", "Gas test every (min)", "int",
               "空＝按作业种类；0＝不用检测", "Empty: as the kind has it; 0: none needed",
               example="120", width=16),
    ),
    keys=("no",),
    optional=True,
)  # fmt: skip
