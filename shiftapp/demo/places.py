"""The places of the demo plant as data: two workshops and a tank farm, their stations and jobs.

Every text stands in both languages. With `--lang en` the plant is an English one: the English
name is then its name everywhere, also where the product keeps only one language.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shiftapp import library
from shiftapp.model import places, versions
from shiftapp.store import Db

Doc = dict[str, Any]  # JSON of a checklist or a commitment text


class Text(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in one language."""
        return self.en if lang == "en" else self.zh


class Station(NamedTuple):
    """A place with a code: its label, area, name, where it is, risk and the jobs done there."""

    label: str
    area: str
    name: Text
    place: Text
    risk: str
    jobs: tuple[str, ...]
    phone_free: int = 0


NAME = Text("濮阳示例化工有限公司（示例）", "Puyang Example Chemicals Co., Ltd. (demo)")
SITE = Text("濮阳一厂（示例）", "Puyang Plant 1 (demo)")
SITE_CODE, ZONE, PHONE = "PY1", "Asia/Shanghai", "0393-000 0119"

AREAS = {
    "W1": (Text("合成一车间", "Synthesis workshop"), "A"),
    "W2": (Text("公用二车间", "Utilities workshop"), "C"),
    "TF": (Text("罐区", "Tank farm"), "A"),
}

# label | area | risk | jobs | name | place; `!` behind the label: phones stay outside
_STATIONS = """
DCS-1 | W1 | A | J01 | DCS 主控室 / DCS control room | 控制楼二层 / Control building, 2nd floor
P-201 | W1 | A | J02 | P-201 泵区 / P-201 pumps | 合成一车间一层北侧 / Ground floor, north
R-101 | W1 | A | J02 | R-101 反应框架 / R-101 reactor frame | 合成一车间三层 / 3rd floor
P-102 | W1 | B | J02 J05 J14 | P-102 进料泵区 / P-102 feed pumps | 合成一车间南侧 / South side
E-301 | W1 | B | J02 J14 | E-301 换热区 / E-301 exchangers | 合成一车间二层 / 2nd floor
HW-1 | W1 | A | J03 | 动火作业点 / Hot work site | E-301 西侧围挡内 / West of E-301
B-401 | W2 | B | J13 | 燃气锅炉房 / Gas boiler house | 公用工程区东侧 / Utilities, east side
MCC-2 | W2 | B | J05 | 2 号配电室 / Switch room 2 | 公用工程区北侧 / Utilities, north side
PK-1 | W2 | C | J06 | 包装线 / Packing line | 成品库西门 / Product store, west gate
WW-1 | W2 | A | J04 | 污水调节池 / Waste water basin | 公用工程区南侧 / Utilities, south side
CW-1 | W2 | D | J02 | 循环水泵房 / Cooling water pumps | 公用工程区西侧 / Utilities, west side
V-305! | TF | A | J02 | 碳四罐区 / C4 tanks | 罐区 2 号围堰 / Tank farm, dike 2
LD-1! | TF | B | J09 | 1 号装卸台 / Loading bay 1 | 罐区东侧 / Tank farm, east side
LD-2! | TF | B | J09 | 2 号装卸台 / Loading bay 2 | 罐区东侧 / Tank farm, east side
GATE | TF | D | J17 | 罐区门岗 / Tank farm gate | 罐区南门外 / Outside the south gate
"""


def _station(line: str) -> Station:
    label, area, risk, jobs, name, place = (cell.strip() for cell in line.split("|"))
    free = int(label.endswith("!"))
    label = label.removesuffix("!")
    return Station(label, area, _text(name), _text(place), risk, tuple(jobs.split()), free)


def _text(cell: str) -> Text:
    return Text(*cell.split(" / "))


STATIONS = tuple(_station(line) for line in _STATIONS.strip().splitlines())
JOBS = tuple(sorted({job for station in STATIONS for job in station.jobs}))


def save_places(db: Db, lang: str, codes: dict[str, str], now_ms: int) -> None:
    """Save site, areas, jobs with their published texts, and stations; `codes` by label."""
    places.save_site(db, places.Site(SITE_CODE, SITE.of(lang), SITE.en, zone=ZONE, phone=PHONE))
    for code, (name, risk) in AREAS.items():
        places.save_area(db, places.Area(code, SITE_CODE, name.of(lang), name.en, risk=risk))
    for code in JOBS:
        _save_job(db, code, lang, now_ms)
    versions.publish_commitment(db, spoken(library.commitment(), lang), now_ms, "library")
    for one in STATIONS:
        places.save_station(
            db,
            places.Station(
                codes[one.label],
                one.label,
                one.area,
                one.name.of(lang),
                one.name.en,
                one.place.of(lang),
                one.place.en,
                risk=one.risk,
                phone_free=one.phone_free,
                jobs=one.jobs,
            ),
        )


def spoken(doc: Doc, lang: str) -> Doc:
    """A document as an enterprise of that language would have written it."""
    return doc if lang == "zh" else _english(doc)


def _save_job(db: Db, code: str, lang: str, now_ms: int) -> None:
    job = spoken(library.job(code), lang)
    places.save_job(
        db, places.Job(code, job["name"], job["name_en"], tuple(job["ppe"]), job["card"])
    )
    checklist = library.with_examples(job["checklist"])
    versions.publish_checklist(db, code, checklist, now_ms, "library")


def _english(value: Any) -> Any:
    """Every text whose English twin stands beside it, replaced by that."""
    if isinstance(value, list):
        return [_english(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _english(value.get(f"{key}_en", one)) for key, one in value.items()}
