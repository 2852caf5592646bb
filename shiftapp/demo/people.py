"""The people of the demo plant: four crews of thirteen and eight at desks, sixty in all.

The names are those that everybody uses for nobody (张三, 李四, 王五 …): a surname of the Hundred
Family Surnames and a number. Their English twins are the same in pinyin.
"""

from __future__ import annotations

from typing import NamedTuple

from shiftapp.demo.places import SITE_CODE, Text
from shiftapp.model import crews, people
from shiftapp.model.people import Person, Post, Role
from shiftapp.store import Db

# In the order of the seats; the first of a crew leads it.
NAMES = {
    "JIA": "王五 赵六 钱七 张三 李四 孙八 沈七 周九 吴十 郑一 冯二 陈三 褚四",
    "YI": "卫五 蒋六 韩八 杨九 朱十 秦一 尤二 许三 何四 吕五 施六 孔七 曹八",
    "BING": "严九 华十 金一 魏二 陶三 姜四 戚五 谢六 邹七 喻八 柏九 水十 窦一",
    "DING": "章二 云三 苏四 潘五 葛六 奚七 范八 彭九 郎十 鲁一 韦二 昌三 马四",
    "": "苗五 凤六 花七 方八 俞九 任十 袁一 柳二",
}
NAMES_EN = {
    "JIA": "Wang Wu,Zhao Liu,Qian Qi,Zhang San,Li Si,Sun Ba,Shen Qi,Zhou Jiu,Wu Shi,Zheng Yi,"
    "Feng Er,Chen San,Chu Si",
    "YI": "Wei Wu,Jiang Liu,Han Ba,Yang Jiu,Zhu Shi,Qin Yi,You Er,Xu San,He Si,Lü Wu,Shi Liu,"
    "Kong Qi,Cao Ba",
    "BING": "Yan Jiu,Hua Shi,Jin Yi,Wei Er,Tao San,Jiang Si,Qi Wu,Xie Liu,Zou Qi,Yu Ba,Bai Jiu,"
    "Shui Shi,Dou Yi",
    "DING": "Zhang Er,Yun San,Su Si,Pan Wu,Ge Liu,Xi Qi,Fan Ba,Peng Jiu,Lang Shi,Lu Yi,Wei Er,"
    "Chang San,Ma Si",
    "": "Miao Wu,Feng Liu,Hua Qi,Fang Ba,Yu Jiu,Ren Shi,Yuan Yi,Liu Er",
}


class Seat(NamedTuple):
    """A place on the roster of every crew: title and posts (label, job, a run is required)."""

    title: Text
    posts: tuple[tuple[str, str, int], ...]


SEATS = (
    Seat(Text("班长", "Crew leader"), (("P-201", "J02", 0),)),
    Seat(Text("内操", "Board operator"), (("DCS-1", "J01", 1),)),
    Seat(Text("内操", "Board operator"), (("DCS-1", "J01", 1),)),
    Seat(Text("外操", "Field operator"), (("P-201", "J02", 1),)),
    Seat(Text("外操", "Field operator"), (("P-201", "J02", 1),)),
    Seat(Text("外操", "Field operator"), (("P-102", "J02", 1),)),
    Seat(Text("罐区外操", "Tank farm operator"), (("V-305", "J02", 1),)),
    Seat(Text("装卸工", "Tank truck loader"), (("LD-1", "J09", 1),)),
    Seat(Text("装卸工", "Tank truck loader"), (("LD-1", "J09", 1),)),
    Seat(Text("司炉工", "Boiler operator"), (("B-401", "J13", 1),)),
    Seat(Text("电工", "Electrician"), (("MCC-2", "J05", 1),)),
    Seat(Text("叉车司机", "Forklift driver"), (("PK-1", "J06", 1),)),
    Seat(Text("检修钳工", "Fitter"), (("E-301", "J14", 1), ("HW-1", "J03", 1))),
)
OFFICE = (  # title, roles
    (Text("总经理", "General manager"), (Role("signatory"),)),
    (Text("安全总监", "Safety director"), (Role("manager"),)),
    (Text("一车间主任", "Head of synthesis"), (Role("manager", "area", "W1"),)),
    (Text("二车间主任", "Head of utilities"), (Role("manager", "area", "W2"),)),
    (Text("罐区主任", "Head of the tank farm"), (Role("manager", "area", "TF"),)),
    (Text("驻厂检查员", "Resident inspector"), (Role("inspector"),)),
    (Text("系统管理员", "Administrator"), (Role("admin"),)),
    (Text("值班副总", "Deputy on duty"), (Role("signatory"),)),
)
# Days into the cycle on the day of the demo: 甲班 works that day, 丙班 worked the night before.
CREWS = {
    "JIA": (Text("甲班", "Crew A"), 0),
    "YI": (Text("乙班", "Crew B"), 1),
    "BING": (Text("丙班", "Crew C"), 2),
    "DING": (Text("丁班", "Crew D"), 3),
}
PATTERN = crews.Pattern(
    "4C2S",
    "四班两倒",
    "Four crews, two shifts",
    cycle="DNRR",
    shifts=(
        crews.Shift("D", "白班", "Day shift", "08:00", 720),
        crews.Shift("N", "夜班", "Night shift", "20:00", 720),
    ),
)
# Who is what in the tour: number and what the tour calls the part.
PARTS = {
    "operator": "1004",  # 张三 at P-201
    "leader": "1001",
    "manager": "9002",
    "signatory": "9001",
    "admin": "9007",
    "inspector": "9006",
}


def numbers() -> dict[str, str]:
    """Every employee number with its name in Chinese, in the order of the seats."""
    return {
        no: name
        for first, crew in enumerate(NAMES)
        for no, name in zip(_numbers(first, crew), NAMES[crew].split(), strict=True)
    }


def number(crew: str, seat: int) -> str:
    """The employee number of a seat of a crew."""
    return _numbers(list(NAMES).index(crew), crew)[seat]


def save_crews(db: Db, lang: str, anchor: str) -> None:
    """Save the pattern from its first day on, the crews, and a reporting group for each."""
    crews.save_pattern(db, _translated(lang, anchor))
    for code, (name, offset) in CREWS.items():
        shown = name.of(lang)
        crews.save_reporting_group(db, crews.Group(f"G-{code}", SITE_CODE, shown, name.en))
        crews.save_crew(
            db,
            crews.Crew(
                code, SITE_CODE, f"G-{code}", shown, PATTERN.code, name.en, day_offset=offset
            ),
        )


def save_everybody(
    db: Db, lang: str, ids: dict[str, str], codes: dict[str, str], now_ms: int
) -> None:
    """Save the sixty; `ids` are person ids by number, `codes` station codes by label."""
    everybody = [one for code in NAMES for one in _people(code, lang, ids, codes)]
    people.save_people(db, everybody, now_ms)


def _people(crew: str, lang: str, ids: dict[str, str], codes: dict[str, str]) -> list[Person]:
    found = []
    names = zip(NAMES[crew].split(), NAMES_EN[crew].split(","), strict=True)
    for seat, (zh, en) in enumerate(names):
        no = number(crew, seat)
        title = (SEATS[seat] if crew else _Desk(*OFFICE[seat])).title
        found.append(
            Person(
                ids[no],
                no,
                Text(zh, en).of(lang),
                en,
                title.of(lang),
                title.en,
                crew=crew or None,
                phone=f"0393-000 {no}",
                lang=lang,
                roles=_roles(crew, seat),
                posts=_posts(seat, codes) if crew else (),
            )
        )
    return found


class _Desk(NamedTuple):
    title: Text
    roles: tuple[Role, ...]


def _roles(crew: str, seat: int) -> tuple[Role, ...]:
    if not crew:
        return OFFICE[seat][1]
    leads = (Role("leader", "crew", crew),) if seat == 0 else ()
    return (Role("operator"), *leads)


def _posts(seat: int, codes: dict[str, str]) -> tuple[Post, ...]:
    return tuple(Post(codes[label], job, run) for label, job, run in SEATS[seat].posts)


def _numbers(first: int, crew: str) -> list[str]:
    thousand = first + 1 if crew else 9
    return [f"{thousand}{seat + 1:03}" for seat in range(len(NAMES[crew].split()))]


def _translated(lang: str, anchor: str) -> crews.Pattern:
    shifts = PATTERN.shifts
    if lang == "zh":
        return crews.Pattern(**{**vars(PATTERN), "anchor": anchor})
    english = tuple(crews.Shift(**{**vars(one), "name": one.name_en}) for one in shifts)
    return crews.Pattern(
        **{**vars(PATTERN), "anchor": anchor, "name": PATTERN.name_en, "shifts": english}
    )
