"""The form of a channel: what can be typed, what is wrong with it, and what of it is shown again.

Address and secret of a webhook are not: they are as good as a password. Left empty they stay.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext

from shiftapp.exchange import messages
from shiftapp.exchange.columns import Column
from shiftapp.model import channels, crews, deliveries, notices
from shiftapp.model.channels import Channel
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web.context import context, store
from shiftapp.web.manage_fields import Content, Form, Options, choices
from shiftapp.web.manage_nouns import Noun

NEWEST = 8
COLUMNS = (
    Column("name", "名称", "Name", "text", "例如 甲班群", "For example: group of crew A", True, 40),
    Column("template", "发到哪里", "Where to", "text", need=True),
    Column(
        "target", "地址", "Address", "text",
        "机器人的 webhook 地址，或者几个邮箱，逗号隔开。已存的 webhook 地址留空就不变",
        "The robot's webhook, or mail addresses with commas. Empty keeps a stored webhook",
        most=1000,
    ),
    Column(
        "secret", "加签密钥", "Signing secret", "text", "钉钉、飞书机器人用。已存的留空就不变",
        "For DingTalk and Feishu robots. Empty keeps the stored one", most=120,
    ),
    Column("events", "发什么", "What is sent", "codes", need=True),
    Column(
        "crew", "只发这个班组的", "Only about this crew", "text", "不选：全部班组",
        "None chosen: all crews",
    ),
    Column("lang", "语言", "Language", "choice", need=True, choice="lang", default="zh"),
    Column(
        "quiet_from", "免打扰从", "Quiet from", "time",
        "厂区时间，例如 22:00；急的照发，别的等到结束",
        "Site time, such as 22:00; what is urgent goes out, the rest waits",
    ),
    Column("quiet_to", "免打扰到", "Quiet until", "time", "例如 07:00", "Such as 07:00"),
    Column("active", "状态", "State", "choice", need=True, choice="active", default="1"),
)  # fmt: skip


def codes() -> list[str]:
    """The names of the events a channel can listen to."""
    return [str(one["code"]) for one in notices.EVENTS]


def events() -> dict[str, Row]:
    """All events by name, the test message too, with the words for them."""
    return {str(one["code"]): one for one in (*notices.EVENTS, notices.TEST)}


def labels() -> dict[str, Row]:
    """The templates there are with their names; one of the operator's that is odd shows its own."""
    folder, found = context().config.messages, {}
    for name in messages.names(folder):
        try:
            found[name] = dict(messages.template(folder, name).label)
        except Problem:
            found[name] = {"name": name, "name_en": name}
    return found


def _options() -> dict[str, Options]:
    working = [row for row in crews.crews(store()) if row["active"]]
    return {
        "template": list(labels().items()),
        "events": [(str(one["code"]), one) for one in notices.EVENTS],
        "crew": [(str(row["code"]), row) for row in working],
        "lang": choices(COLUMNS[6]),
        "active": choices(COLUMNS[9]),
    }


def _content(db: Db, key: str) -> Content:
    """What the form shows, and marks of what it does not show: they change with it."""
    found = channels.channel(db, int(key))
    hidden = found["kind"] == "webhook"
    shown = {one.key: found[one.key] for one in COLUMNS if one.key != "secret"}
    return {
        **shown,
        "events": list(found["events"]),
        "crew": found["crew"] or "",
        "target": "" if hidden else found["target"].replace(",", ", "),
        "webhook": _mark(found["target"]),
        "signing": _mark(found["secret"]),
    }


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def _read(form: Form) -> None:
    """The rules between the fields; an empty address is judged where what is stored is known."""
    values = form.values
    if values.get("template"):
        try:
            kind = messages.template(context().config.messages, str(values["template"])).kind
        except Problem as problem:
            form.faults.setdefault("template", {"problem": problem})
        else:
            form.parts["kind"] = kind
            _read_target(form, kind)
    known = {str(row["code"]) for row in crews.crews(store())}
    if values.get("crew") and values["crew"] not in known:
        form.fail("crew", "没有这个班组。", "There is no such crew.")
    events = values.get("events", ())
    if isinstance(events, tuple) and set(events) - set(codes()):
        form.fail("events", "有一项不认识。", "One of these is not known.")
    _read_quiet(form)


def _read_target(form: Form, kind: str) -> None:
    text = str(form.values.get("target", ""))
    if not text:
        return
    if kind == "webhook" and not channels.is_web_address(text):
        form.fail(
            "target",
            "不是网址，要以 https:// 或 http:// 开头，里面没有空格、汉字和用户名。",
            "Not an address: it begins with https:// or http://, without blanks or a user name.",
        )
    if kind == "mail":
        found = channels.mail_addresses(text)
        if found is None:
            form.fail(
                "target",
                "有一个不是邮箱，或者超过 20 个。用逗号隔开，例如 aq@example.cn。",
                "One is not a mail address, or more than 20. Commas between: aq@example.cn.",
            )
        else:
            form.values["target"] = ",".join(found)


def _read_quiet(form: Form) -> None:
    if {"quiet_from", "quiet_to"} & form.faults.keys():
        return
    start, end = form.values.get("quiet_from", ""), form.values.get("quiet_to", "")
    if start and start == end:
        zh, en = "和开始一样，那就一直不发了。", "The same as the start: nothing would ever go out."
        form.fail("quiet_to", zh, en)
    elif bool(start) != bool(end):
        zh, en = "从和到要一起写，或者都空。", "Both times, or none of them."
        form.fail("quiet_to" if start else "quiet_from", zh, en)


def _channel(form: Form, stored: Row | None) -> Channel:
    """What was typed, over what is stored and was left empty.

    :raises Problem: 422 `no_target`.
    """
    values: Any = {key: form.values[key] for key in ("name", "template", "events", "lang")}
    values |= {key: form.values[key] for key in ("quiet_from", "quiet_to", "active")}
    kind, target, secret = form.parts["kind"], form.values["target"], form.values["secret"]
    if stored and kind == "webhook" and stored["kind"] == kind:
        target, secret = target or stored["target"], secret or stored["secret"]
    if not target:
        raise Problem(422, "no_target", "还没写地址。")
    crew = str(form.values["crew"]) or None
    return Channel(kind=kind, target=str(target), secret=str(secret), crew=crew, **values)


def _write(db: Db, key: str, form: Form) -> None:
    channels.change(db, int(key), _channel(form, channels.channel(db, int(key))))


def _make(db: Db, form: Form) -> str:
    return str(channels.add(db, _channel(form, None)))


def _page(key: str, form: Form) -> dict[str, Any]:
    row = channels.channel(store(), int(key)) if key else None
    return {
        "back": ("/manage/reach", gettext("提醒和警报")),
        "title": row,
        "options": _options(),
        "in_part": channels.in_part,
        "rows": deliveries.log(store(), 0, NEWEST, int(key)) if key else [],
        "events": events(),
        "smtp": context().config.smtp,
    }


CHANNEL = Noun(
    word="channel",
    path="/manage/reach",
    template="manage/channel.html",
    columns=COLUMNS,
    content=_content,
    write=_write,
    page=_page,
    make=_make,
    read=_read,
)
