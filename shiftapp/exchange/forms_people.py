"""Sheets of the people and when they work: patterns, shifts, groups, crews, people, roles."""

from __future__ import annotations

from shiftapp.exchange.columns import Column, Sheet
from shiftapp.exchange.forms_plant import CODE, CODE_EN, active, english

PATTERNS = Sheet(
    "pattern", "班制", "Patterns",
    "一行一种倒班。库里的班制（见“班制库”）只选代码，其余留空。起点日是循环的第 1 天："
    "这一天偏移为 0 的班组上循环里的第一个班。空＝导入当天（按周循环的是本周一）。",
    "One row a shift pattern. For one of the library (see “Library patterns”) choose its code and"
    " leave the rest empty. The anchor is day 1 of the cycle: on it a crew with offset 0 works the"
    " first shift. Empty: the day of the import (Monday of that week for weekly cycles).",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例4C2S-4"),
        Column("name", "名称", "Name", example="四班两倒", width=24),
        english("name_en", "名称", 120, "Four crews, two shifts"),
        Column(
            "cycle", "循环", "Cycle", "code", "一天一个字母，R＝休，如 DNRR",
            "One letter a day, R = rest, e.g. DNRR", most=60, example="DNRR", width=18,
        ),
        Column(
            "anchor", "起点日", "Anchor", "date", "循环第 1 天，如 2026-11-24",
            "Day 1 of the cycle", example="2026-11-24", width=14,
        ),
        Column(
            "gaps_ok", "有的班次没人上", "Gaps meant", "choice",
            "是：有的日子有的班次没有班组上，就这样排；空＝不变，新的按库里的或者否",
            "Yes: that a shift has no crew on some days is meant. Empty: as it is, or as the"
            " library has it, or no",
            choice="yes", width=14,
        ),
        Column(
            "double_ok", "两个班组同上", "Two crews meant", "choice",
            "是：同一厂区同一区域的两个班组同上一个班次，就这样排",
            "Yes: that two crews of one site and area work the same shift is meant",
            choice="yes", width=14,
        ),
    ),
)  # fmt: skip

SHIFTS = Sheet(
    "shift", "班次", "Shifts",
    "循环里的每个字母一行。库里的班制不用写；写了就按写的。",
    "One row for each letter of a cycle. Not needed for a library pattern; what is written counts.",
    (
        Column(
            "pattern", "班制", "Pattern", "code", "班制代码", "Code of the pattern", need=True,
            to="pattern", example="示例4C2S-4",
        ),
        Column(
            "code", "字母", "Letter", "code", "循环里的字母，不用 R",
            "A letter of the cycle, not R",
            need=True, most=1, example="D",
        ),
        Column("name", "名称", "Name", need=True, most=40, example="白班", width=14),
        english("name_en", "名称", 120, "Day shift"),
        Column(
            "start", "开始", "Start", "time", "如 08:00", "E.g. 08:00", need=True, example="08:00"
        ),
        Column(
            "end", "结束", "End", "time", "不晚于开始＝第二天",
            "Not later than the start: next day",
            need=True, example="20:00",
        ),
    ),
    keys=("pattern", "code"),
)  # fmt: skip

GROUPS = Sheet(
    "group", "统计组", "Groups",
    "公示的最小单位：一个或几个班组，每班应到至少 5 人；不足 5 人不单列。",
    "The smallest unit that is published: one or more crews with at least 5 people a shift.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例G1"),
        Column(
            "site", "厂区", "Site", "code", "厂区代码；只有一个厂区时可空",
            "Code of the site; may be empty if there is one only", to="site", example="示例YC",
        ),
        Column(
            "name", "名称", "Name", "text", "公开页面显示，40 字以内",
            "Shown in public, at most 40 signs", need=True, most=40,
            example="生产一部甲班", width=24,
        ),
        english("name_en", "名称", 120, "Production 1, crew A"),
    ),
)  # fmt: skip

CREWS = Sheet(
    "crew", "班组", "Crews",
    "一行一个班组。", "One row a crew.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例JIA"),
        Column("name", "名称", "Name", need=True, example="甲班", width=18),
        english("name_en", "名称", 120, "Crew A"),
        Column(
            "group", "统计组", "Group", "code", "统计组代码", "Code of the group", need=True,
            to="group", example="示例G1",
        ),
        Column(
            "area", "区域", "Area", "code", "区域代码；空＝整个厂区",
            "Code of the area; empty: the whole site", to="area", example="示例A1",
        ),
        Column(
            "pattern", "班制", "Pattern", "code", "班制代码", "Code of the pattern", need=True,
            to="pattern", example="示例4C2S-4", width=14,
        ),
        Column(
            "offset", "偏移", "Offset", "int",
            "起点日这天在循环的第几天，从 0 起。四班 DNRR：0、1、2、3",
            "Days into the cycle on the anchor day, from 0. Four crews on DNRR: 0, 1, 2, 3",
            default=0, example=0,
        ),
        active("解散的班组填停用", "Disbanded: closed"),
    ),
)  # fmt: skip

PEOPLE = Sheet(
    "person", "人员", "People",
    "一行一个人。工号认人：同一工号改了姓名也还是这个人。表里没有的人不动；离职的在“在册”填离职。",
    "One row a person, known by the employee number. Who is not in the sheet stays as they are;"
    " for those who left set “Employed” to “left”.",
    (
        Column(
            "no", "工号", "No.", "no", "在册人员中不重复；前面的 0 会保留（文本格式）",
            "Unique among the employed; leading zeros are kept (text cells)", need=True, most=32,
            example="示例00123", width=14,
        ),
        Column("name", "姓名", "Name", need=True, example="张三", width=14),
        english("name_en", "姓名", 120, "Zhang San"),
        Column(
            "crew", "班组", "Crew", "code", "班组代码；不倒班的管理人员可空",
            "Code of the crew; empty for office staff", to="crew", example="示例JIA",
        ),
        Column(
            "station", "工位", "Station", "label", "平时的工位简称；排班名单由此生成",
            "Label of the usual station: the roster is made from it", most=32, to="station",
            example="示例P-201", width=14,
        ),
        Column(
            "job", "岗位", "Job", "code", "平时的岗位代码", "Code of the usual job", to="job",
            example="示例J02",
        ),
        Column(
            "run", "要手指口述", "Checklist required", "choice",
            "否：只要班前承诺", "No: the commitment alone", choice="yes", default=1, width=14,
        ),
        Column("title", "职务", "Title", example="外操", width=14),
        english("title_en", "职务", 120),
        Column(
            "employer", "单位", "Employer", "text", "承包商写单位名称；空＝本厂",
            "A contractor's company; empty: own staff", width=18,
        ),
        Column(
            "phone", "电话", "Phone", "text", "只给班长看；可空", "For the crew leader only",
            most=40, width=16,
        ),
        Column(
            "lang", "界面语言", "Language", "choice", "", "", choice="lang", default="zh", width=16
        ),
        Column(
            "active", "在册", "Employed", "choice", "离职：账号停用，记录保留",
            "Left: the account ends, records stay", choice="employed", default=1, width=16,
        ),
    ),
    keys=("no",),
)  # fmt: skip

POSTS = Sheet(
    "post", "兼岗", "More posts",
    "一个人还有别的工位或岗位时，在这里每样写一行。没有就空着。",
    "One row for each further station or job of a person. May be empty.",
    (
        Column("no", "工号", "No.", "no", "", "", need=True, most=32, to="person",
               example="示例00123", width=14),
        Column("station", "工位", "Station", "label", "工位简称", "Label of the station",
               need=True, most=32, to="station", example="示例P-201", width=14),
        Column("job", "岗位", "Job", "code", "岗位代码", "Code of the job", need=True, to="job",
               example="示例J02"),
        Column("run", "要手指口述", "Checklist required", "choice", "否：只要班前承诺",
               "No: the commitment alone", choice="yes", default=1, width=14),
    ),
    keys=("no", "station", "job"),
)  # fmt: skip

ROLES = Sheet(
    "role", "角色", "Roles",
    "班长、安全管理、签发人等，每样一行。没写的人是员工。每个班组至少一名班长，全厂至少一名签发人。",
    "Leaders, managers, signatories: one row each. Everybody else is an operator. Every crew needs"
    " a leader, the plant a signatory.",
    (
        Column("no", "工号", "No.", "no", "", "", need=True, most=32, to="person",
               example="示例00123", width=14),
        Column("role", "角色", "Role", "choice", "", "", need=True, choice="role",
               example="leader", width=22),
        Column("kind", "范围", "Scope", "choice", "空＝全厂", "Empty: everything", choice="scope",
               default="all", example="crew", width=14),
        Column("scope", "范围代码", "Scope code", "code", "区域或班组的代码；全厂留空",
               "Code of the area or crew; empty for all", example="示例JIA", width=14),
    ),
    keys=("no", "role", "kind", "scope"),
)  # fmt: skip
