"""What somebody says a permit is, and whether it can be one: refusals with a code and a sentence.

The numbers of permits are compared as people read them: width, case, spaces and hyphens make no
other number. Whether a permit may be registered at an instant is asked where it is written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from shiftapp import library
from shiftapp.problems import Problem, Twin
from shiftapp.store import Db, Row

HOUR_MS = 3_600_000
MOST_PEOPLE = 50
MOST_GAS_MIN = 1440
TEXTS = {"no": 40, "place": 60, "what": 200, "contractor": 60}  # longest, in characters
_NAMES = {
    "no": Twin("作业票号", "permit number"),
    "place": Twin("作业地点", "place"),
    "what": Twin("作业内容", "what is done"),
    "contractor": Twin("承包商", "contractor"),
}

Source = Literal["desk", "workbook", "api"]


@dataclass(frozen=True)
class Author:
    """Who brings a permit in; `person` None: the API, then `name` is that of its key."""

    source: Source
    person: str | None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A permit as it is told; `guardians` and `workers` are employee numbers."""

    no: str
    kind: str
    place: str
    starts_ms: int
    ends_ms: int
    level: str = ""
    site: str = ""  # '': that of the area or the facility, or the only one
    area: str | None = None
    facility: str | None = None
    what: str = ""
    contractor: str = ""
    changed: int = 0
    gas_every_min: int | None = None  # None: as the kind has it, or as it is
    guardians: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()


def no_key(no: str) -> str:
    """A permit number as it is compared: NFKC, upper case, without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", no).upper())
    return "".join(sign for sign in plain if not _is_gap(sign))


def default_gas_min(kind: str, level: str) -> int:
    """The gas interval of a kind in minutes; 0: no test is needed."""
    return int(_figures(kind, level)["gas_every_min"])


def longest_ms(kind: str, level: str) -> int:
    """The longest validity of a permit of a kind."""
    return int(_figures(kind, level)["hours"]) * HOUR_MS


def checked(db: Db, entry: Entry) -> Entry:
    """The same permit, trimmed, with its site.

    :raises Problem: 422 what `told` raises, `unknown_site`, `unknown_area`, `unknown_facility`,
        `other_site`.
    """
    entry = told(entry)
    return replace(entry, site=_site(db, entry))


def told(entry: Entry) -> Entry:
    """The same permit, trimmed; whatever of it cannot be in any plant is refused.

    :raises Problem: 422 `bad_text`, `unknown_kind`, `no_level`, `unknown_level`, `bad_gas`,
        `no_contractor`, `ends_before`, `valid_too_long`, `guardian_works`, `too_many_people`.
    """
    entry = _trimmed(entry)
    _check_texts(entry)
    _check_kind(entry)
    _check_times(entry)
    _check_people(entry)
    return entry


def _is_gap(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf") or sign == "−"


def _figures(kind: str, level: str) -> Row:
    """What the library says of a kind; a level may say otherwise."""
    found = library.special_work()[kind]
    named: Row = next((one for one in found["levels"] if one["code"] == level), {})
    return {**found, **named}


def _trimmed(entry: Entry) -> Entry:
    texts = {name: " ".join(str(getattr(entry, name)).split()) for name in TEXTS}
    return replace(
        entry,
        **texts,  # type: ignore[arg-type]  # all of them are texts
        area=entry.area or None,
        facility=entry.facility or None,
        changed=int(bool(entry.changed) or entry.kind == "change"),
        guardians=tuple(sorted({no.strip() for no in entry.guardians if no.strip()})),
        workers=tuple(sorted({no.strip() for no in entry.workers if no.strip()})),
    )


def _check_texts(entry: Entry) -> None:
    for name, most in TEXTS.items():
        text, least = getattr(entry, name), 1 if name in ("no", "place") else 0
        if not least <= len(text) <= most:
            said = "%(name)s要写 %(least)s 到 %(most)s 个字。"
            params = {"name": _NAMES[name], "least": least, "most": most}
            raise Problem(422, "bad_text", said, params=params)
    if not 1 <= len(no_key(entry.no)) <= TEXTS["no"]:
        raise Problem(422, "bad_text", "作业票号里要有字母或者数字：%(no)s。", params=_no(entry))


def _check_kind(entry: Entry) -> None:
    kind = library.special_work().get(entry.kind)
    if kind is None:
        code = {"code": entry.kind}
        raise Problem(422, "unknown_kind", "没有这种危险作业：%(code)s。", params=code)
    named = {"name": Twin(kind["name"], kind["name_en"]), "level": entry.level}
    levels = [one["code"] for one in kind["levels"]]
    if levels and not entry.level:
        raise Problem(422, "no_level", "%(name)s要选级别。", params=named)
    if entry.level and entry.level not in levels:
        raise Problem(422, "unknown_level", "%(name)s没有这个级别：%(level)s。", params=named)
    if entry.gas_every_min is not None and not 0 <= entry.gas_every_min <= MOST_GAS_MIN:
        most = {"most": MOST_GAS_MIN}
        raise Problem(422, "bad_gas", "气体检测间隔写 0 到 %(most)s 分钟。", params=most)
    if entry.kind == "contractor" and not entry.contractor:
        raise Problem(422, "no_contractor", "承包商作业要写是哪家承包商。")


def _check_times(entry: Entry) -> None:
    if entry.ends_ms <= entry.starts_ms:
        raise Problem(422, "ends_before", "结束时间要在开始时间之后。")
    longest = longest_ms(entry.kind, entry.level)
    if entry.ends_ms - entry.starts_ms > longest:
        text = "这种作业票最长 %(hours)s 小时有效。时间再长要另开一张票。"
        raise Problem(422, "valid_too_long", text, params={"hours": longest // HOUR_MS})


def _check_people(entry: Entry) -> None:
    if len(entry.guardians) + len(entry.workers) > MOST_PEOPLE:
        most = {"most": MOST_PEOPLE}
        raise Problem(422, "too_many_people", "一张票最多写 %(most)s 个人。", params=most)
    both = set(entry.guardians) & set(entry.workers)
    if both:
        text = "监护人不能同时是作业人：%(no)s。"
        raise Problem(422, "guardian_works", text, params={"no": min(both)})


def _site(db: Db, entry: Entry) -> str:
    """The site of a permit, and that area and facility are of it."""
    said = entry.site
    area = _place(db, "area", entry.area)
    facility = _place(db, "facility", entry.facility)
    sites = [row["code"] for row in db.rows("SELECT code FROM site ORDER BY code")]
    of_place = {place["site"] for place in (area, facility) if place}
    site = said or next(iter(sorted(of_place)), sites[0] if len(sites) == 1 else "")
    if site not in sites:
        raise Problem(422, "unknown_site", "没有这个厂区：%(code)s。", params={"code": site})
    if of_place - {site}:
        raise Problem(422, "other_site", "区域、装置和厂区不是同一个厂区的。")
    return site


def _place(db: Db, table: Literal["area", "facility"], code: str | None) -> Row | None:
    if code is None:
        return None
    found = db.row(f"SELECT site FROM {table} WHERE code = :code AND active = 1", code=code)
    if found is None and table == "area":
        raise Problem(422, "unknown_area", "没有这个区域：%(code)s。", params={"code": code})
    if found is None:
        raise Problem(422, "unknown_facility", "没有这个装置：%(code)s。", params={"code": code})
    return found


def _no(entry: Entry) -> dict[str, object]:
    return {"no": entry.no}
