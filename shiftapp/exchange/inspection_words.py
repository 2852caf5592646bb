"""What the self-check says, in both languages: items with their rules, verdicts, failing rows.

They stand together here, not in the catalogue, because the page, the workbook and the CSV say
exactly the same.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from qr.words import Lang
from shiftapp.exchange import wording
from shiftapp.model import inspection_register, inspection_texts, special_works
from shiftapp.model.inspection_items import Failing, Item

Pair = tuple[str, str]  # Chinese, English

# item: its name, and its rule in one sentence; {due} is the set time of the announcement.
ITEMS: dict[str, tuple[Pair, Pair]] = {
    "on_time": (
        ("按时公告", "Announced in time"),
        (
            "每份公告的第一版在规定时间以前签发（每日公告现在是 {due}）；还没到时间的不算。",
            "The first version of every announcement is out by its due time (of a day: {due} now);"
            " what is not due yet is not counted.",
        ),
    ),
    "register": (
        ("和作业登记一致", "Agrees with the register"),
        (
            "每天最新一版公告里的作业数和登记现在的数一样；没有开始后才登记、开始后取消、公告后才登记的票；存着的公告和签名相符。",
            "The newest version of each day has the counts that the register has now; no permit was"
            " registered or cancelled late, or registered after it; it is stored as it was signed.",
        ),
    ),
    "stations": (
        ("岗位覆盖", "Posts covered"),
        (
            "已结束的班，纳入范围的工位上，应到的人都有算数的班前承诺。",
            "In shifts that are closed, everybody expected at a station in scope has a commitment"
            " that counts.",
        ),
    ),
    "crews": (
        ("班组签字", "Crews signed"),
        (
            "已结束的班，名单上有人的班组都签了字。",
            "Every crew with a roster signed its closed shift.",
        ),
    ),
    "levels": (
        ("上级签字", "Levels signed"),
        (
            "每天最新一版公告签发时，每一级要签的单位都签了。",
            "When the newest version of a day was signed, every unit of every level had signed.",
        ),
    ),
    "early_announcement": (
        ("公告不早于接班", "Not before the last shift"),
        (
            "每一版公告都在它统计的最后一个班接班以后签发。",
            "Every version was signed after the last of its shifts had begun.",
        ),
    ),
    "early_signatures": (
        ("签字不早于开班", "No signature too early"),
        (
            "班组和单位都在自己最后一个班的承诺时段开始以后才签字。",
            "Crews and units signed after the window of their last shift had opened.",
        ),
    ),
    "pace": (
        ("封存快慢", "Human pace"),
        (
            "记录没有触发公开的提醒规则。这里只数条数，不看是谁、哪个班；带班的看过没事的不算。",
            "No record met the published rules of signals. Counted only: not whose, not of which"
            " crew; what a leader found fine is left out.",
        ),
    ),
    "gas": (
        ("气体分析当时登记", "Gas tests entered at once"),
        ("检测后 {gas} 分钟内登记。", "Entered within {gas} minutes of the test."),
    ),
    "closing": (
        ("作业票按时关闭", "Permits closed in time"),
        (
            "票在开始 {soon} 分钟以后、结束 {late} 小时以内关闭。",
            "A permit is closed no sooner than {soon} minutes after its start and no later than"
            " {late} hours after its end.",
        ),
    ),
    "texts": (
        ("文字不照抄", "Words not copied"),
        (
            "同一处写的同一句话没有用到 {days} 天以上；少于 {signs} 个字的不算。",
            "No sentence of one writer stands on {days} days or more, word for word; those under"
            " {signs} signs are not counted.",
        ),
    ),
}
VERDICTS: dict[str, Pair] = {
    "good": ("没发现问题", "Nothing found"),
    "look": ("要看", "To be looked at"),
    "none": ("没有可查的", "Nothing to check"),
}
# What one failing row says; {at} and other times are of the site.
ROWS: dict[str, Pair] = {
    "missing": ("没有公告，最晚 {due_ms}。", "No announcement; due {due_ms}."),
    "late": ("{at_ms} 才签发，最晚 {due_ms}。", "Signed {at_ms}; due {due_ms}."),
    "unused": (
        "公告时还没有用登记，现在有 {n} 张票。",
        "The register was not used when it was announced; it has {n} now.",
    ),
    "altered": ("存着的公告和签名不符。", "The stored announcement does not fit its signature."),
    "counts": ("数不一样：{differ}。", "Counts differ: {differ}."),
    "registered_late": (
        "{no}：{starts_ms} 开始，{made_ms} 才登记。",
        "{no}: started {starts_ms}, registered {made_ms}.",
    ),
    "cancelled_late": (
        "{no}：{starts_ms} 开始，{cancelled_ms} 取消。",
        "{no}: started {starts_ms}, cancelled {cancelled_ms}.",
    ),
    "added_after": (
        "{no}：{made_ms} 登记，公告已在 {published_ms} 签发。",
        "{no}: registered {made_ms}, after the announcement of {published_ms}.",
    ),
    "station_short": (
        "{crew_name} {shift} {station_name}：应到 {n} 人，{left} 人没有承诺。",
        "{crew_name}, {shift}, {station_name}: {n} expected, {left} without a commitment.",
    ),
    "crew_unsigned": ("{crew_name} {shift} 没有签字。", "{crew_name}, {shift}: not signed."),
    "level_unsigned": (
        "{name}：要签 {of} 个，{left} 个没签。",
        "{name}: {of} to sign, {left} had not.",
    ),
    "early_announcement": (
        "{at_ms} 签发，最后一个班 {starts_ms} 才接班。",
        "Signed {at_ms}; its last shift began {starts_ms}.",
    ),
    "crew_early": (
        "{crew_name} {shift}：{at_ms} 签字，{opens_ms} 才开始。",
        "{crew_name}, {shift}: signed {at_ms}, opened {opens_ms}.",
    ),
    "unit_early": (
        "{name}：{at_ms} 签字，最后一个班 {opens_ms} 才开始。",
        "{name}: signed {at_ms}, its last shift opened {opens_ms}.",
    ),
    "pace_fast": ("{n} 条答得比读完还快。", "{n} answered quicker than it can be read."),
    "pace_same_rhythm": (
        "{n} 条和上次的节奏一样。",
        "{n} in the very rhythm of the last time.",
    ),
    "pace_burst": ("{n} 条在一台手机上接连封存。", "{n} sealed in a burst on one phone."),
    "gas_late": (
        "{no}：{tested_ms} 检测，{at_ms} 才登记。",
        "{no}: tested {tested_ms}, entered {at_ms}.",
    ),
    "never_closed": ("{no}：{ends_ms} 结束，还没关闭。", "{no}: ended {ends_ms}, not closed yet."),
    "closed_before": (
        "{no}：{starts_ms} 才开始，{closed_ms} 就关闭了。",
        "{no}: closed {closed_ms}, before its start {starts_ms}.",
    ),
    "closed_soon": (
        "{no}：{starts_ms} 开始，{closed_ms} 就关闭了。",
        "{no}: started {starts_ms}, closed {closed_ms} already.",
    ),
    "closed_late": (
        "{no}：{ends_ms} 结束，{closed_ms} 才关闭。",
        "{no}: ended {ends_ms}, closed {closed_ms}.",
    ),
    "same_company": (
        "公告的理由，{days} 天一字不差：“{text}”。",
        "Reason of the announcement, the same on {days} days: “{text}”.",
    ),
    "same_unit": (
        "{name} 签字写的，{days} 天一字不差：“{text}”。",
        "{name}, with its signature, the same on {days} days: “{text}”.",
    ),
    "same_crew": (
        "{name} 签字写的，{days} 天一字不差：“{text}”。",
        "{name}, with its signature, the same on {days} days: “{text}”.",
    ),
}
_LIMITS = {
    "gas": inspection_register.GAS_LATE_MS // 60_000,
    "soon": inspection_register.CLOSED_SOON_MS // 60_000,
    "late": inspection_register.CLOSED_LATE_MS // 3_600_000,
    "days": inspection_texts.REPEATED_DAYS,
    "signs": inspection_texts.LEAST_SIGNS,
}


def title(item: Item, lang: Lang) -> str:
    """The name of an item."""
    return _in(ITEMS[item.code][0], lang)


def rule(item: Item, due: str, lang: Lang) -> str:
    """The rule of an item, one sentence; `due` is the set time of the announcement."""
    return _in(ITEMS[item.code][1], lang).format(due=due, **_LIMITS)


def verdict(item: Item, lang: Lang) -> str:
    """The verdict in words."""
    return _in(VERDICTS[item.verdict], lang)


def share(item: Item) -> str:
    """How many of how many: `28 / 30 (93 %)`; '' where there is nothing to check."""
    if not item.of:
        return ""
    return f"{item.passed} / {item.of} ({item.passed * 100 // item.of} %)"


def row(failing: Failing, zone: str, lang: Lang) -> str:
    """What a failing row says, with times of the site."""
    values = failing.values
    shown: dict[str, Any] = {
        key: _moment(value, zone) if key.endswith("_ms") and value is not None else value
        for key, value in values.items()
    }
    named = ("name", "crew_name", "station_name")
    shown |= {key: wording.name(dict(values), key, lang) for key in named if key in values}
    shown["shift"] = shown.get("name", "")
    shown["differ"] = _differ(values.get("differ", ()), lang)
    return _in(ROWS[failing.code], lang).format(**shown)


def _differ(found: tuple[tuple[str, int, int], ...], lang: Lang) -> str:
    """Counts that differ: what was announced, and what the register has now."""
    said = [f"{_count(key, lang)} {before} → {now}" for key, before, now in found]
    return (", " if lang == "en" else "、").join(said)


def _count(key: str, lang: Lang) -> str:
    if key == "total":
        return _in(("合计", "total"), lang)
    kind, _, level = key.partition("_") if key.startswith("fire_") else (key, "", "")
    return wording.name(special_works.label(kind, level), "name", lang)


def _moment(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%m-%d %H:%M")


def _in(pair: Pair, lang: Lang) -> str:
    return pair[lang == "en"]
