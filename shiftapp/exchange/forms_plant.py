"""Sheets of the places: enterprise, sites, areas, jobs, stations."""

from __future__ import annotations

from shiftapp.exchange.columns import Column, Sheet

CODE = "字母、数字、汉字，16 个以内，不要空格；其他表用它指这一行"
CODE_EN = "Letters, digits, at most 16, no blanks; other sheets refer to it"
ENGLISH = "英文界面显示；可空"
ENGLISH_EN = "Shown on English pages; may be empty"


def english(key: str, of: str, most: int = 120, example: str = "", width: int = 18) -> Column:
    """The column of an English twin."""
    return Column(
        key, f"{of}（英文）", f"{key.removesuffix('_en').capitalize()} in English", "text",
        ENGLISH, ENGLISH_EN, most=most, example=example, width=width,
    )  # fmt: skip


def active(zh: str, en: str) -> Column:
    """The column that says whether a row is still in use."""
    return Column(
        "active", "在用", "In use", "choice", zh, en, choice="active", default=1, width=14
    )


def _risk(n: int, level: str, hazard: str, defence: str) -> tuple[Column, ...]:
    return (
        Column(
            f"risk{n}_level", f"风险{n} 等级", f"Risk {n} level", "choice",
            "红橙黄蓝四级", "Four colours", choice="risk", example=level, width=18,
        ),
        Column(
            f"risk{n}", f"风险{n} 主要危险", f"Risk {n} hazard", "text",
            "一句话，工人看得懂；印在海报上", "One short sentence; printed on the poster",
            most=200, example=hazard, width=28,
        ),
        english(f"risk{n}_en", f"风险{n} 主要危险", 200),
        Column(
            f"defence{n}", f"风险{n} 怎样防", f"Risk {n} defence", "text",
            "一句话", "One short sentence", most=200, example=defence, width=28,
        ),
        english(f"defence{n}_en", f"风险{n} 怎样防", 200),
    )  # fmt: skip


ENTERPRISE = Sheet(
    "enterprise", "企业", "Enterprise",
    "一行：企业名称和公告时间。空格不改动。",
    "One row: the name and the times of the announcement. Empty cells change nothing.",
    (
        Column(
            "name", "企业名称", "Name", "text", "印在海报和公告上",
            "Printed on posters and announcements", need=True,
            example="示例化工有限公司", width=34,
        ),
        Column(
            "name_en", "企业名称（英文）", "Name in English", "text", ENGLISH, ENGLISH_EN,
            most=120, example="Example Chemicals", width=34,
        ),
        Column(
            "cutoff", "统计截止", "Cut-off", "time",
            "公告统计这个时刻前 24 小时内开始的班次；空＝不变（新装 09:00）",
            "It counts shifts started in the 24 h before; empty: as it is (new: 09:00)",
            example="09:00",
        ),
        Column(
            "due", "公告时限", "Due", "time",
            "公告最迟这个时刻发布；空＝不变（新装 10:00）",
            "The announcement is out by then; empty: as it is (new: 10:00)", example="10:00",
        ),
    ),
    keys=(),
)  # fmt: skip

SITES = Sheet(
    "site", "厂区", "Sites",
    "一行一个厂区。", "One row a site.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例YC"),
        Column(
            "name", "名称", "Name", "text", "公开页面显示，40 字以内",
            "Shown in public, at most 40 signs", need=True, most=40, example="一厂", width=24,
        ),
        english("name_en", "名称", 120, "Plant 1"),
        Column(
            "zone", "时区", "Time zone", "code", "空＝Asia/Shanghai",
            "IANA name; empty: Asia/Shanghai", most=40, default="Asia/Shanghai",
            example="Asia/Shanghai", width=18,
        ),
        Column(
            "phone", "应急电话", "Emergency call", "text", "印在海报上，有危险时打",
            "Printed on posters", most=40, example="0393-000 0119", width=18,
        ),
    ),
)  # fmt: skip

AREAS = Sheet(
    "area", "区域", "Areas",
    "一行一个区域或车间，有四色风险等级。", "One row an area or workshop with its risk level.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例A1"),
        Column(
            "site", "厂区", "Site", "code", "厂区代码；只有一个厂区时可空",
            "Code of the site; may be empty if there is one only", to="site", example="示例YC",
        ),
        Column("name", "名称", "Name", need=True, example="生产一部", width=24),
        english("name_en", "名称", 120, "Production 1"),
        Column(
            "risk", "风险等级", "Risk", "choice", "红橙黄蓝四级", "Four colours", need=True,
            choice="risk", example="B", width=20,
        ),
        active("停用的区域不再显示", "An area out of use is no longer offered"),
    ),
)  # fmt: skip

STATIONS = Sheet(
    "station", "工位", "Stations",
    "一行一个贴二维码的地方。二维码由简称第一次导入时生成，以后不变；简称改了就是新的工位。",
    "One row a place with a QR code. The code is made when a label is first imported and stays;"
    " another label is another station.",
    (
        Column(
            "label", "简称", "Label", "label", "工厂自己的叫法，如 P-201；不重复，定了不改",
            "The plant's own short name, e.g. P-201; unique, for good", need=True, most=32,
            example="示例P-201", width=16,
        ),
        Column(
            "name", "名称", "Name", "text", "海报上的大字", "The large words on the poster",
            need=True, example="P-201 泵区", width=24,
        ),
        english("name_en", "名称", 120, "P-201 pumps"),
        Column(
            "area", "区域", "Area", "code", "区域代码", "Code of the area", need=True, to="area",
            example="示例A1",
        ),
        Column("place", "位置", "Place", example="一层北侧", width=24),
        english("place_en", "位置", 120, "Ground floor, north"),
        Column(
            "risk", "风险等级", "Risk", "choice", "空＝和区域一样", "Empty: as the area",
            choice="risk", example="B", width=20,
        ),
        Column(
            "phone_free", "禁用普通手机", "No ordinary phones", "choice",
            "是：码贴在门外，海报上印禁止手机", "Yes: the code hangs outside, the poster says so",
            choice="yes", default=0, width=14,
        ),
        Column(
            "jobs", "岗位", "Jobs", "codes", "在这里做的岗位代码，几个用空格隔开",
            "Codes of the jobs done here, separated by blanks", need=True, to="job",
            example="示例J02", width=18,
        ),
        active("停用后扫码会说明", "Out of use: a scan says so"),
        Column(
            "scoped", "算应到", "Expected", "choice",
            "否：在这里干活的不算应到，来了也欢迎", "No: who works here is welcome, not expected",
            choice="yes", default=1, width=12,
        ),
        Column(
            "staff", "每班人数", "People a shift", "int", "每班要几人，0 到 99；0：不定",
            "How many it needs in a shift, 0 to 99; 0: not said", default=0, example=2, width=12,
        ),
    ),
    keys=("label",),
)  # fmt: skip

JOBS = Sheet(
    "job", "岗位", "Jobs",
    "一行一个岗位。库里的岗位（J01–J17，见“岗位库”）只选代码，其余留空：新的用库里的内容，"
    "已有的不变。自己的岗位写全，步骤写在“步骤”表。",
    "One row a job. For a job of the library (J01–J17, see “Library jobs”) choose its code and"
    " leave the rest empty: a new one is taken from the library, one that is there stays."
    " Write a job of your own in full; its steps go to “Steps”.",
    (
        Column("code", "代码", "Code", "code", CODE, CODE_EN, need=True, example="示例J02"),
        Column(
            "name", "名称", "Name", "text", "库里的岗位可空", "May be empty for a library job",
            example="外操巡检", width=20,
        ),
        english("name_en", "名称", 120, "Field operator patrol"),
        Column(
            "ppe", "劳保", "PPE", "codes",
            "劳保代号（见“说明”表），用空格隔开", "Ids of protection (see the help sheet)",
            example="helmet goggles suit", width=24,
        ),
        Column(
            "title", "口述卡标题", "Checklist title", "text", "空＝名称+“手指口述”",
            "Empty: from the name", most=200, width=20,
        ),
        english("title_en", "口述卡标题", 200),
        *_risk(1, "B", "机封泄漏着火", "检测仪先开机，站上风"),
        *_risk(2, "B", "吸入碳四蒸气中毒", "异常先退到上风再报"),
        *_risk(3, "C", "联轴器卷入", "护罩在位才启泵"),
        Column(
            "consequence", "后果", "Consequences", most=200, example="火灾爆炸、中毒、卷入",
            width=28,
        ),
        english("consequence_en", "后果", 200),
        Column(
            "measures", "怎样防", "Prevention", most=200,
            example="检测仪先开机，站上风；护罩在位才启泵", width=28,
        ),
        english("measures_en", "怎样防", 200),
        Column(
            "emergency", "出了事", "If it happens", most=200,
            example="先撤到上风口，再打电话", width=28,
        ),
        english("emergency_en", "出了事", 200),
        Column(
            "level", "管控层级", "Managed by", "text", "公司、车间、班组", "Who manages the risk",
            example="车间",
        ),
        english("level_en", "管控层级", 120, "Workshop"),
        active("停用的岗位不再提供", "A job out of use is no longer offered"),
    ),
)  # fmt: skip
