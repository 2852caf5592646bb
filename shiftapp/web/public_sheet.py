"""A signed announcement in the words of a printed sheet and of a messenger's card."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import cast

from flask_babel import gettext

from qr.announcement_sheet import Figure, Row, Sheet, Table
from qr.words import Lang
from shiftapp.store import Row as Found
from shiftapp.web.context import settings
from shiftapp.web.language import language, named
from shiftapp.web.plant_time import clock
from shiftapp.web.plant_time import day as day_of
from shiftapp.web.public_view import View, until
from shiftapp.web.public_words import Doc, Line, joined, said


def sheet(found: Found, shown: View) -> Sheet:
    """What is printed of an announcement that holds."""
    doc = found["doc"]
    total = doc["total"]
    return Sheet(
        lang=cast(Lang, language()),
        made=_made(found),
        kind=gettext("%(kind)s（示例数据）", kind=shown.kind) if doc["demo"] else shown.kind,
        company=named(doc["enterprise"]),
        day=shown.day,
        url=_url(found),
        issued=shown.issued,
        until=gettext("有效到 %(until)s", until=until(doc)),
        late=shown.late,
        marks=_marks(doc),
        oath=said(doc["text"]),
        open=tuple(said(one) for one in doc["named"]),
        signatory=named(doc["signatory"]),
        title=named(doc["signatory"], "title") or gettext("签发人"),
        notes=tuple(_notes(doc, shown)),
        units=tuple(Figure(line.words, line.figure) for line in shown.units),
        figures=tuple(_figures(doc, shown)),
        people=(total["n"], total["on"]) if total else None,
        people_words=_people(doc),
        tables=tuple(table for table in _tables(doc, shown) if table.rows),
        cut=gettext("其余见网页"),
        check=tuple(_check(doc)),
    )


def altered_sheet(found: Found) -> Sheet:
    """No figure of it: only what its row is called, and that it cannot be believed."""
    name = settings().name_en if language() == "en" else ""
    return Sheet(
        lang=cast(Lang, language()),
        made=_made(found),
        kind=gettext("安全承诺公告"),
        company=name or settings().name,
        day=str(found["date"]),
        url=_url(found),
        warning=gettext("公告与签名不符"),
        check=(gettext("存着的这一份，签发后被改过，里面的数不能信，所以不显示。"),),
    )


def _made(found: Found) -> datetime.date:
    return datetime.date.fromisoformat(day_of(found["published_ms"]))


def _url(found: Found) -> str:
    base = "/en" if language() == "en" else ""
    return f"{settings().url}{base}/announcements/{found['id']}"


def _marks(doc: Doc) -> str:
    """Which version of the day it is, and whether it was signed over something open."""
    change = doc.get("change")
    parts = []
    if change:
        words = gettext("更新") if change["how"] == "update" else gettext("更正")
        parts.append(gettext("第 %(v)s 版，%(how)s", v=doc["version"], how=words))
    if doc["override"]:
        parts.append(gettext("带着没处理的事签发"))
    return joined(parts)


def _notes(doc: Doc, shown: View) -> Iterator[str]:
    if shown.signed_for:
        yield shown.signed_for
    if doc["override"]:
        over = " ".join(said(gap) for gap in doc["override"]["gaps"])
        yield gettext("带着没处理的事签发，理由由签发人写明。") + " " + over
        yield gettext("理由：%(why)s", why=doc["override"]["reason"])
    change = doc.get("change")
    if change:
        yield _instead(doc, change["how"] == "update")
        yield " ".join(said(one) for one in change["changes"])
        yield gettext("理由：%(why)s", why=change["reason"])


def _instead(doc: Doc, update: bool) -> str:
    change = doc["change"]
    values = {"v": doc["version"], "at": clock(change["published_ms"]), "w": change["version"]}
    if update:
        return gettext("更新：第 %(v)s 版，代替 %(at)s 的第 %(w)s 版。", **values)
    return gettext("更正：第 %(v)s 版，代替 %(at)s 的第 %(w)s 版。", **values)


def _figures(doc: Doc, shown: View) -> Iterator[Figure]:
    """What the card shows large: people, units, special work, the risk of the day."""
    total = doc["total"]
    if total:
        yield Figure(gettext("按时做了班前承诺"), f"{total['on']} / {total['n']}")
    if shown.units:
        units = doc["plant"]["units"]
        yield Figure(gettext("运行的装置"), f"{units['running']} / {units['total']}")
    if doc.get("works"):
        yield Figure(gettext("特殊作业"), str(doc["works"]["total"]))
    if shown.risk:
        yield Figure(gettext("风险等级"), shown.risk.word)
    else:
        yield Figure(gettext("未消除的重大隐患"), str(doc["hazards"]["major"]))


def _people(doc: Doc) -> str:
    total = doc["total"]
    if not total:
        if doc["small"]["shifts"]:
            return gettext("本班人数少，不单列。")
        return gettext("没有人排班")
    share = total["on"] * 100 // total["n"]
    values = {"on": total["on"], "n": total["n"], "p": share}
    if doc["kind"] != "daily":
        return gettext("按时 %(on)s 人次，应到 %(n)s 人次，占 %(p)s%%", **values)
    return gettext("按时 %(on)s 人，应到 %(n)s 人，占 %(p)s%%", **values)


def _tables(doc: Doc, shown: View) -> Iterator[Table]:
    daily = doc["kind"] == "daily"
    works = gettext("今天的特殊作业（处）") if daily else gettext("这一期的特殊作业（处）")
    yield Table(works, tuple(_row(line) for line in shown.works), shown.works_notes)
    states = [Row(state.words, state.figure) for state in shown.states]
    if shown.risk:
        states.insert(0, Row(gettext("风险等级"), shown.risk.word))
    yield Table(gettext("状态"), tuple(states), shown.dangers)
    crews = gettext("各班，按时的人") if daily else gettext("各班组，按时的人次")
    yield Table(crews, tuple(_crews(doc, shown)), shown.roster)


def _crews(doc: Doc, shown: View) -> Iterator[Row]:
    """Each shift that is listed, those that are not in one row, the small ones in another."""
    rows, small = shown.rows, doc["small"]["count"]
    yield from (_row(line) for line in rows.lines)
    if rows.left:
        yield Row(gettext("另外 %(n)s 行，见“数据”", n=rows.left), f"{rows.on} / {rows.n}")
    if small:
        yield Row(gettext("人数少的班，合在一起"), f"{small['on']} / {small['n']}")


def _row(line: Line) -> Row:
    words = f"{line.words} {line.more}" if line.more else line.words
    return Row(words, line.figure, quiet=line.none)


def _check(doc: Doc) -> Iterator[str]:
    yield gettext("第 %(v)s 版。扫码看：是不是最新的一版，还有没有效。", v=doc["version"])
    yield gettext("网页上有签名文件和公钥，任何人可以核对：是不是本公司签发，有没有改过。")
    yield gettext("发现不实，请打 12350。")
