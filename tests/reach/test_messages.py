"""Payload templates: those that ship, the operator's own, and how robots want them signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.exchange import message_signs, messages
from shiftapp.model import notices
from shiftapp.problems import Problem
from tests.library.twins import without_english

NOWHERE = Path("/nowhere")
FACTS: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "path": "/board/JIA/2026-11-24/D",
    "at_ms": 1795477800000,
    "crew": "甲班",
    "crew_en": "Crew A",
    "shift": "2026-11-24 白班",
    "shift_en": "2026-11-24 Day shift",
    "starts": "08:00",
    "n": 2,
    "m": 6,
    "late": 1,
    "none": 3,
    "abnormal": 4,
}
URL = "https://aq.example.cn"


def filled(name: str, event: str = "missing", lang: str = "zh", **facts: Any) -> Any:
    template = messages.template(NOWHERE, name)
    return messages.payload(template, messages.fields(event, {**FACTS, **facts}, lang, URL))


TEXT = "【班前】甲班：还有 2 人没开始\n2026-11-24 白班，08:00 接班。应到 6 人，2 人还没开始。\n"
LINK = "https://aq.example.cn/board/JIA/2026-11-24/D"


def test_the_robots_get_what_their_documents_say() -> None:
    text = TEXT + LINK
    assert filled("wecom") == {"msgtype": "text", "text": {"content": text}}
    assert filled("dingtalk") == {"msgtype": "text", "text": {"content": text}}
    assert filled("feishu") == {"msg_type": "text", "content": {"text": text}}


def test_our_own_json_has_a_field_for_each_thing() -> None:
    assert filled("plain", lang="en") == {
        "event": "missing",
        "title": "[Pre-shift] Crew A: 2 not started",
        "text": "2026-11-24 Day shift, starts at 08:00. Expected 6, not started 2.",
        "url": LINK,
        "crew": "Crew A",
        "shift": "2026-11-24 Day shift",
        "at": "2026-11-24T07:50:00+08:00",
    }


def test_a_mail_has_a_subject_and_a_text() -> None:
    template = messages.template(NOWHERE, "mail")
    fields = messages.fields("missing", FACTS, "zh", URL)
    subject, text = messages.letter(template, fields)
    assert subject == "【班前】甲班：还有 2 人没开始"
    assert text.splitlines()[0].startswith("2026-11-24 白班") and text.splitlines()[-1] == LINK


@pytest.mark.parametrize("event", [*(str(one["code"]) for one in notices.EVENTS), "test"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_has_words_without_a_hole(event: str, lang: str) -> None:
    for name in ("wecom", "dingtalk", "feishu", "plain"):
        said = json.dumps(filled(name, event, lang), ensure_ascii=False)
        assert "{n}" not in said and "{crew}" not in said and len(said.encode()) < 2048
        assert ("班前" in said) == (lang == "zh")  # the keyword that a robot may ask for


def test_english_stands_beside_every_text() -> None:
    assert list(without_english(library.messages())) == []


def test_a_name_with_quotes_and_lines_stays_inside_its_string() -> None:
    crew = '甲"班\\", "at": {"all": true}, "x": "\n二{n}行\u2028'
    for name in ("wecom", "dingtalk", "feishu", "plain"):
        body = json.loads(json.dumps(filled(name, crew=crew)))
        assert body.keys() == filled(name).keys()
    assert filled("plain", crew=crew)["crew"] == '甲"班\\", "at": {"all": true}, "x": " 二{n}行'


@given(st.text(), st.text())
def test_any_name_makes_a_document_of_the_same_shape(crew: str, shift: str) -> None:
    body = filled("dingtalk", crew=crew, shift=shift)
    assert json.loads(json.dumps(body)) == body and list(body) == ["msgtype", "text"]
    template = messages.template(NOWHERE, "mail")
    fields = messages.fields("missing", {**FACTS, "crew": crew}, "zh", URL)
    assert not {"\r", "\n"} & set(messages.letter(template, fields)[0])


def test_a_missing_english_name_is_said_in_chinese() -> None:
    assert filled("plain", lang="en", crew_en="")["crew"] == "甲班"


def test_the_operators_own_template_wins(tmp_path: Path) -> None:
    own = {"body": {"alert": {"severity": "{event}", "count": "{n}", "of": ["{m}", "x{m}"]}}}
    (tmp_path / "scada.json").write_text(json.dumps(own))
    (tmp_path / "plain.json").write_text(json.dumps({"name": "我们的", "body": {"t": "{title}"}}))
    (tmp_path / "letter.txt").write_text("Subject: 甲 {title}\n\n{text}")
    (tmp_path / "Read Me.txt").write_text("not a template")
    assert messages.names(tmp_path) == [
        "wecom", "dingtalk", "feishu", "plain", "mail", "letter", "scada",
    ]  # fmt: skip
    fields = messages.fields("missing", FACTS, "zh", URL)
    template = messages.template(tmp_path, "scada")
    assert (template.kind, template.label["name"], template.zero) == ("webhook", "scada", ())
    assert messages.payload(template, fields) == {
        "alert": {"severity": "missing", "count": 2, "of": [6, "x6"]}
    }
    assert messages.payload(messages.template(tmp_path, "plain"), fields).keys() == {"t"}
    assert messages.template(tmp_path, "plain").label["name"] == "我们的"
    assert messages.letter(messages.template(tmp_path, "letter"), fields)[0].startswith("甲 【")


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("own.json", "{", "不是 JSON"),
        ("own.json", "[]", "缺 body"),
        ("own.json", '{"body": "x"}', "缺 body"),
        ("own.json", '{"body": {"a": "{worker}"}}', "没有 {worker} 这一项"),
        ("own.json", '{"body": {}, "sign": "rot13"}', "sign"),
        ("own.json", '{"body": {}, "zero": "code"}', "zero"),
        ("own.txt", "Hello {title}", "Subject: "),
        ("own.txt", "Subject: {name}", "没有 {name} 这一项"),
        ("own.json", " " * (messages.MAX_BYTES + 1), "太大"),
    ],
)
def test_an_own_template_that_is_wrong_says_why(
    tmp_path: Path, file: str, text: str, words: str
) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(Problem, match="bad_template") as told:
        messages.template(tmp_path, "own")
    assert words in told.value.detail and file in told.value.detail


def test_a_template_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_bytes('{"body": {"a": "班"}}'.encode("gb18030"))
    with pytest.raises(Problem, match="UTF-8"):
        messages.template(tmp_path, "own")


@pytest.mark.parametrize("name", ["", "nobody", "../keys/log", "wecom.json", "WECOM", "a" * 41])
def test_a_template_is_a_name_and_no_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "messages"
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "log.json").write_text('{"body": {}}')
    with pytest.raises(Problem, match="no_template"):
        messages.template(folder, name)


# Reckoned once with `openssl dgst -sha256 -hmac`.
def test_signatures_are_those_of_another_implementation() -> None:
    secret, now_ms = "this is secret", 1599360473000
    assert message_signs.dingtalk_sign(secret, now_ms) == (
        "hXZTWifRGHclNuZSKxoXc//sh51SWfVfRIhcdeKs63I="
    )
    assert message_signs.feishu_sign(secret, now_ms // 1000) == (
        "/eYKrXQBzTjUZJ3s6NX16VxGbTwmK7AEs8/FnvC1CSw="
    )


def test_dingtalk_is_signed_in_the_query() -> None:
    for url in ("https://oapi.dingtalk.com/robot/send?access_token=x", "https://relay.example/d"):
        signed, body = message_signs.signed(
            "dingtalk", url, {"a": 1}, "this is secret", 1599360473000
        )
        query = parse_qs(urlsplit(signed).query)
        assert signed.startswith(url) and body == {"a": 1}
        assert query["timestamp"] == ["1599360473000"]
        assert query["sign"] == ["hXZTWifRGHclNuZSKxoXc//sh51SWfVfRIhcdeKs63I="]
        assert "sign=hXZTWifRGHclNuZSKxoXc%2F%2Fsh51SWfVfRIhcdeKs63I%3D" in signed


def test_feishu_is_signed_in_the_body() -> None:
    url, body = message_signs.signed(
        "feishu", "https://f", {"a": 1}, "this is secret", 1599360473999
    )
    assert url == "https://f"
    assert body == {
        "timestamp": "1599360473",
        "sign": "/eYKrXQBzTjUZJ3s6NX16VxGbTwmK7AEs8/FnvC1CSw=",
        "a": 1,
    }


@pytest.mark.parametrize("way", message_signs.WAYS)
def test_without_a_secret_nothing_is_signed(way: str) -> None:
    assert message_signs.signed(way, "https://f", {"a": 1}, "", 1) == ("https://f", {"a": 1})
