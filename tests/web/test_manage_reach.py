"""Channels at the desk: typed once, shown in part, tried out; the log of what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftapp.model import channels, deliveries, notices, settings
from shiftapp.model.channels import Channel
from shiftapp.model.people import Role
from shiftapp.store import Row
from tests.managing import audited, change, faulty, scoped
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant
from tests.reach.capture import Capture, http_capture

EVERYTHING = {str(one["code"]) for one in notices.EVENTS}
PageOf = Callable[..., Page]
LIST, NEW, LOG = "/manage/reach", "/manage/new/channel", "/manage/reach/log"
HOOK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789"
GOOD: dict[str, Any] = {
    "name": "甲班群",
    "template": "dingtalk",
    "target": HOOK,
    "secret": "SEC0123456789abc",
}


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capture]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http_capture() as found:
        yield found


@pytest.fixture
def stored(plant: Plant) -> Row:
    """A channel of the plant."""
    one = Channel("甲班群", "webhook", HOOK, "dingtalk", ("alarm", "stopped"), GOOD["secret"])
    with plant.store.tx() as db:
        return channels.channel(db, channels.add(db, one))


def path_of(row: Row) -> str:
    return f"{LIST}/{row['id']}"


def put(plant: Plant, row: Row, count: int = 1, **columns: Any) -> list[int]:
    """Messages of a channel as they stand in the log."""
    facts = {"path": "/board/JIA/2026-11-24/D", "crew": "甲班", "crew_en": "", "shift": "白班"}
    with plant.store.tx() as db:
        messages = [
            deliveries.Message(row["id"], "alarm", str(n), {**facts, "shift_en": "Day"})
            for n in range(count)
        ]
        deliveries.put(db, messages, NOW_MS)
        for name, value in columns.items():
            db.run(f"UPDATE delivery SET {name} = :value", value=value)
    return [one["id"] for one in plant.store.rows("SELECT id FROM delivery ORDER BY id")]


def test_a_manager_adds_one_that_hears_everything(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), NEW, **GOOD, quiet_from="22点", quiet_to="7:00")
    assert html.one("h1").text == "甲班群" and "加好了" in html.text
    (row,) = channels.listening(plant.store)
    assert (row["kind"], row["target"], row["secret"]) == ("webhook", HOOK, GOOD["secret"])
    assert (row["quiet_from"], row["quiet_to"], row["lang"]) == ("22:00", "07:00", "zh")
    assert row["crew"] is None and set(row["events"]) == EVERYTHING
    line = audited(plant)[-1]
    assert (line["what"], line["about"]) == ("channel.add", f"channel:{row['id']}")


def test_address_and_secret_are_shown_in_part_and_kept_when_left_empty(
    page: PageOf, plant: Plant, stored: Row
) -> None:
    html = change(page("admin"), path_of(stored), name="甲班和乙班", events=["alarm"], crew="JIA")
    row = channels.channel(plant.store, stored["id"])
    assert (row["name"], row["events"], row["crew"]) == ("甲班和乙班", ("alarm",), "JIA")
    assert (row["target"], row["secret"]) == (HOOK, GOOD["secret"])
    for page_of in (html, page("admin").get(LIST)):
        assert "…456789" in page_of.text
        assert "access_token" not in page_of.text and GOOD["secret"] not in page_of.text
    assert "…789abc" in html.text
    assert html.one("textarea", id="f-target").text == ""
    assert html.one("input", id="f-secret").attrs["value"] == ""
    for line in audited(plant):
        assert "0123456789" not in str(line)


def test_another_address_replaces_it(page: PageOf, plant: Plant, stored: Row) -> None:
    change(page("admin"), path_of(stored), target="https://relay.example/x", secret="another one")
    row = channels.channel(plant.store, stored["id"])
    assert (row["target"], row["secret"]) == ("https://relay.example/x", "another one")
    assert audited(plant)[-1]["detail"] == "webhook signing"


def test_mail_is_a_channel_too(page: PageOf, plant: Plant, stored: Row) -> None:
    html = change(page("admin"), path_of(stored), template="mail", target="a@x.cn；b@x.cn")
    row = channels.channel(plant.store, stored["id"])
    assert (row["kind"], row["target"], row["secret"]) == ("mail", "a@x.cn,b@x.cn", "")
    assert html.one("textarea", id="f-target").text == "a@x.cn, b@x.cn"
    assert "SHIFTAPP_SMTP" in html.text and "没有邮件服务器" in page("admin").get(LIST).text


def test_a_stopped_one_stays_in_the_list(page: PageOf, plant: Plant, stored: Row) -> None:
    change(page("admin"), path_of(stored), active="0")
    assert channels.listening(plant.store) == []
    assert "停用" in page("admin").get(LIST).text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "不能空"),
        ({"name": "长" * 41}, "name", "40"),
        ({"target": "oapi.dingtalk.com/robot"}, "target", "不是网址"),
        ({"target": "ftp://x.cn/a"}, "target", "不是网址"),
        ({"target": "https://u:p@x.cn/"}, "target", "不是网址"),
        ({"target": ""}, "target", "还没写地址"),
        ({"template": "mail", "target": "a@x.cn, nobody"}, "target", "不是邮箱"),
        ({"template": "mail", "target": HOOK}, "target", "不是邮箱"),
        ({"template": "telex"}, "template", "没有“telex”这个模板"),
        ({"template": "../keys"}, "template", "没有“../keys”这个模板"),
        ({"template": ""}, "template", "不能空"),
        ({"events": []}, "events", "不能空"),
        ({"events": ["alarm", "unfit"]}, "events", "有一项不认识"),
        ({"crew": "NOBODY"}, "crew", "没有这个班组"),
        ({"lang": "fr"}, "lang", "fr"),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "quiet_from", "不是时刻"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "quiet_to", "和开始一样"),
        ({"quiet_from": "22:00"}, "quiet_to", "一起写"),
        ({"quiet_to": "07:00"}, "quiet_from", "一起写"),
        ({"secret": "s" * 121}, "secret", "120"),
    ],
)
def test_what_cannot_be(
    page: PageOf, plant: Plant, typed: dict[str, Any], field: str, words: str
) -> None:
    html = change(page("admin"), NEW, status=422, **{**GOOD, **typed})
    assert words in faulty(html)[field]
    assert channels.channels(plant.store) == [] and audited(plant) == []


def test_from_webhook_to_mail_the_address_must_be_said(
    page: PageOf, plant: Plant, stored: Row
) -> None:
    html = change(page("admin"), path_of(stored), status=422, template="mail")
    assert "还没写地址" in faulty(html)["target"]
    assert channels.channel(plant.store, stored["id"])["kind"] == "webhook"


def test_a_lost_update_is_refused_also_of_what_is_hidden(
    page: PageOf, plant: Plant, stored: Row
) -> None:
    mine = page("admin")
    fields = mine.get(path_of(stored)).form(path_of(stored))
    change(page("manager"), path_of(stored), target="https://relay.example/x")
    html = mine.post(path_of(stored), {**fields, "name": "我的"}, status=409)
    mine.post(path_of(stored), html.form(path_of(stored)))
    row = channels.channel(plant.store, stored["id"])
    assert (row["name"], row["target"]) == ("我的", "https://relay.example/x")


def test_pressed_twice_is_one_line(page: PageOf, plant: Plant, stored: Row) -> None:
    browser = page("admin")
    fields = {**browser.get(path_of(stored)).form(path_of(stored)), "name": "另一个"}
    browser.post(path_of(stored), fields)
    browser.post(path_of(stored), fields)
    assert [line["what"] for line in audited(plant)] == ["channel.save"]


def test_own_templates_of_the_operator_are_offered(
    page: PageOf, plant: Plant, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "scada.json").write_text('{"name": "中控", "body": {"alarm": "{title}"}}')
    (folder / "broken.json").write_text("{")
    html = page("admin").get(NEW)
    offered = {one.attrs["value"]: one.text for one in html.all("option") if "value" in one.attrs}
    assert offered["scada"] == "中控" and offered["dingtalk"] == "钉钉群机器人"
    change(page("admin"), NEW, **{**GOOD, "template": "scada"})
    html = change(page("admin"), NEW, status=422, **{**GOOD, "template": "broken"})
    assert "不是 JSON" in faulty(html)["template"]
    (folder / "scada.json").unlink()
    assert "没有模板 scada" in page("admin").get(LIST).text


def press(browser: Page, row: Row) -> Html:
    return browser.post(f"{path_of(row)}/test", {})


def test_a_test_message_shows_what_came_back(
    page: PageOf, plant: Plant, stored: Row, capture: Capture
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET target = :t", t=capture.url)
    html = press(page("manager"), stored)
    assert "发出去了" in html.text and "HTTP 200" in html.text
    assert len(capture.requests) == 1 and "&sign=" in capture.requests[0].path
    capture.answers = ["errcode"]
    html = press(page("manager"), stored)
    assert "没发出去" in html.text and "invalid webhook url" in html.text
    assert "放弃" not in page("admin").get(LIST).text
    assert [line["what"] for line in audited(plant)] == ["channel.test"] * 2


def test_in_a_demo_nothing_goes_out(
    page: PageOf, plant: Plant, stored: Row, capture: Capture
) -> None:
    browser = page("admin")
    secret, _ = plant.session("admin")
    browser.client.set_cookie("desk", secret, domain="localhost", path="/")
    with plant.store.tx() as db:
        settings.put(db, demo=True)
        db.run("UPDATE channel SET target = :t", t=capture.url)
    assert "演示里什么都不往外发" in press(browser, stored).text
    assert capture.requests == [] and "演示里" in browser.get(LIST).text


def test_the_log_is_read_in_pages_newest_first(page: PageOf, plant: Plant, stored: Row) -> None:
    numbers = put(plant, stored, 70)
    html = page("admin").get(LOG)
    rows = [row.text for row in html.all("tr") if row.inside("tbody")]
    assert len(rows) == 60 and "甲班群" in rows[0] and "接班后 15 分钟还有人没开始" in rows[0]
    more = next(link for link in html.links if "before=" in link)
    assert more == f"{LOG}?before={numbers[10]}"
    rows = [row.text for row in page("admin").get(more).all("tr") if row.inside("tbody")]
    assert len(rows) == 10
    for odd in ("before=x", "before=-1", "before=99999999999999999999"):
        page("manager").get(f"{LOG}?{odd}")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"next_ms": NOW_MS + 60_000}, "07:39 起发"),
        ({"next_ms": NOW_MS + 60_000, "tries": 1, "answer": "timed out"}, "07:39 再试"),
        ({"next_ms": None, "sent_ms": NOW_MS, "tries": 2, "answer": "HTTP 200"}, "2 次 发出去了"),
        ({"next_ms": None, "answer": "~outdated"}, "过时，没发"),
        ({"next_ms": None, "answer": "~stopped"}, "渠道停用了"),
        ({"next_ms": None, "tries": 8, "answer": "HTTP 500"}, "放弃了"),
        ({"next_ms": None, "tries": 8, "answer": "~no_tls"}, "密码不明文发"),
    ],
)
def test_the_log_says_what_became_of_each(
    page: PageOf, plant: Plant, stored: Row, columns: dict[str, Any], words: str
) -> None:
    put(plant, stored, **columns)
    for url in (LOG, f"{LOG}?lang=en"):
        html = page("admin").get(url)
        assert "/board/JIA/2026-11-24/D" in html.links
    assert words in page("admin").get(LOG).text


def test_what_was_given_up_is_tried_again_once(page: PageOf, plant: Plant, stored: Row) -> None:
    (number,) = put(plant, stored, next_ms=None, tries=8, answer="HTTP 500")
    url = f"{LOG}/{number}/again"
    assert "1 条放弃了" in page("admin").get(LIST).text
    html = page("manager").get(LOG)
    assert html.one("form", action=url)
    assert "排上了" in page("manager").post(url, {}).text
    row = deliveries.delivery(plant.store, number)
    assert row is not None and (row["next_ms"], row["tries"]) == (NOW_MS, 0)
    page("manager").post(url, {})  # pressed twice: it is queued already
    with plant.store.tx() as db:
        db.run("UPDATE delivery SET next_ms = NULL, sent_ms = :now", now=NOW_MS)
    page("manager").post(url, {}, status=409)
    page("manager").post(f"{LOG}/99999/again", {}, status=409)
    assert [line["what"] for line in audited(plant)] == ["delivery.again"]
    assert "再发一次" in page("admin").get("/manage/audit").text


def test_an_answer_of_the_other_side_is_text(page: PageOf, plant: Plant, stored: Row) -> None:
    put(plant, stored, next_ms=None, tries=8, answer="<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in page("admin").get(LOG).text  # escaped: as it reads


def test_who_manages_a_part_of_the_plant_does_not_see_it(
    page: PageOf, plant: Plant, stored: Row
) -> None:
    (number,) = put(plant, stored, next_ms=None, tries=8)
    gets = [LIST, LOG, NEW, path_of(stored)]
    posts = [NEW, path_of(stored), f"{path_of(stored)}/test", f"{LOG}/{number}/again"]
    scoped(plant, "manager", Role("manager", "area", "A1"))
    for part in ("worker", "leader", "signatory", "inspector", "manager"):
        for url in gets:
            page(part).get(url, 403)
        for url in posts:
            page(part).post(url, GOOD, status=403)
    for url in gets:
        assert "/login" in page(None).client.get(url).headers["Location"]
    assert audited(plant) == [] and len(channels.channels(plant.store)) == 1


def test_an_empty_list_says_what_to_do(page: PageOf, plant: Plant) -> None:
    html = page("admin").get(LIST)
    assert "还没有渠道" in html.text and NEW in html.links
    assert html.one("a", href=LIST, aria_current="page")


def test_what_is_not_there(page: PageOf, plant: Plant) -> None:
    for url in (f"{LIST}/7", f"{LIST}/99999999999999999999", f"{LIST}/x", f"{LIST}/-1"):
        page("admin").get(url, 404)
    page("admin").post(f"{LIST}/7", GOOD, status=404)
    page("admin").post(f"{LIST}/7/test", {}, status=404)
    assert page("admin").client.delete(LIST).status_code in (403, 405)


def test_it_speaks_english(page: PageOf, plant: Plant, stored: Row) -> None:
    put(plant, stored, next_ms=None, tries=8, answer="~outdated")
    for url in (LIST, LOG, NEW, path_of(stored)):
        assert page("admin").get(f"{url}?lang=en").one("h1").text
    html = page("admin").get(f"{path_of(stored)}?lang=en")
    assert "A veto step failed" in html.text
    assert json.dumps(html.form(path_of(stored)))
