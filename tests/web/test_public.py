"""The public page: for everybody, without cookie or script, small, and no worker's name on it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.ledger.note import open_note, parse_vkey
from shiftapp.model import settings
from shiftapp.store import Row
from tests.announced import document, further, store
from tests.announcing import (
    at,
    night_works,
    publish,
)
from tests.page import Page
from tests.plant import Clock, Plant, client_of

Open = Callable[..., Page]
STATIC = Path(__file__).parents[2] / "shiftapp" / "static"
PAGES = ["/", "/en/", "/announcements", "/en/announcements", "/privacy", "/en/privacy"]
BUDGET = 20 * 1024


@pytest.fixture(autouse=True)
def nine(clock: Clock) -> None:
    clock.at("09:10")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


@pytest.mark.parametrize("url", PAGES)
def test_before_anything_was_published_every_page_makes_sense(page: Open, url: str) -> None:
    html = page(None).get(url)
    assert html.one("html").attrs["lang"] == ("en" if url.startswith("/en") else "zh-CN")


def test_the_empty_page_says_what_will_be_there_and_when(page: Open) -> None:
    text = page(None).get("/").text
    assert "还没有公告" in text
    assert "10:00 前" in text


def test_41_of_43_are_drawn_as_43_squares(page: Open, published: Row) -> None:
    html = page(None).get("/")
    assert "41 人，应到 43 人，占 95%" in html.text
    drawing = html.one("svg", role="img")
    assert drawing.attrs["aria-label"] == "43 人中 41 人按时"
    filled, hollow = 0, 0
    for rect in html.all("rect"):
        area = int(rect.attrs["width"]) * int(rect.attrs["height"]) // 19**2
        filled += area if rect.attrs.get("fill") == "url(#y)" else 0
        hollow += area if rect.attrs.get("fill") == "url(#n)" else 0
    assert (filled, hollow) == (41, 2)


def test_the_page_has_words_signatory_figures_and_how_to_check(page: Open, published: Row) -> None:
    text = page(None).get("/").text
    for words in (
        "下面列出的各班，应到的人都做了班前承诺",
        "周九",
        "29 / 31",
        "自证",
        "还没有外面的见证",
        "12350",
        "2026年11月24日 星期二",
        "有效到 11月25日 10:00",
    ):
        assert words in text


def test_the_english_page_has_the_words_that_were_signed(page: Open, published: Row) -> None:
    text = page(None).get("/en/").text
    assert "In the shifts listed below everybody expected" in text
    assert "Puyang Example Chemicals (demo)" in text
    assert "Tuesday 24 November 2026" in text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_name_and_no_number_of_a_worker_is_in_public(
    client: FlaskClient, plant: Plant, published: Row, prefix: str
) -> None:
    paths = [f"{prefix}/", f"{prefix}/announcements", f"{prefix}/announcements/{published['id']}"]
    paths += [f"/announcements/{published['id']}.json", f"/announcements/{published['id']}.txt"]
    text = " ".join(client.get(path).text for path in paths)
    words = set(re.findall(r"\w+", text))
    for row in plant.store.rows("SELECT * FROM person ORDER BY id"):
        if row["id"] != plant.id("signatory"):
            assert row["name"] not in text
            assert row["id"] not in text
            assert row["no"] not in words, row["no"]


def test_the_small_crew_is_in_no_figure_of_its_own(client: FlaskClient, published: Row) -> None:
    text = client.get("/").text
    assert "组WU" not in text
    assert "另有 1 个班人数少，不单列，也不算进上面的数" in text


@pytest.mark.parametrize("url", PAGES)
def test_no_cookie_no_script_nothing_to_send(page: Open, published: Row, url: str) -> None:
    for who in (None, "worker"):  # somebody who is signed in gets the same page
        opened = page(who)
        html = opened.get(url)
        assert opened.response is not None
        assert "Set-Cookie" not in opened.response.headers
        assert "Cookie" not in opened.response.headers.get("Vary", "")
        assert html.all("script") == []
        assert [form for form in html.all("form") if form.attrs.get("method", "get") != "get"] == []
        assert html.all("meta", name="robots") == []


@pytest.mark.parametrize("url", ["/", "/en/"])
def test_the_page_with_its_styles_is_within_20_kb(
    client: FlaskClient, published: Row, url: str
) -> None:
    text = client.get(url).text
    styles = re.findall(r"/static/(css/[a-z]+\.css)", text)
    parts = [text.encode(), *((STATIC / style).read_bytes() for style in styles)]
    assert styles == ["css/tokens.css", "css/public.css"]
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= BUDGET // 2
    assert sum(map(len, parts)) <= BUDGET + 4096  # plain, uncompressed


@pytest.mark.parametrize("url", PAGES)
def test_a_cache_asks_again_and_hears_that_nothing_changed(
    client: FlaskClient, published: Row, url: str
) -> None:
    first = client.get(url)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_last_modified_is_when_it_was_published(client: FlaskClient, published: Row) -> None:
    first = client.get("/")
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 01:05:00 GMT"
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/", headers=since).status_code == 304


def test_a_new_version_changes_the_page(client: FlaskClient, plant: Plant) -> None:
    doc = store(plant, document())
    first = client.get("/")
    second = store(plant, further(doc))
    changed = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "更正：第 2 版，代替 09:12 的第 1 版。" in changed.text
    assert "二级动火 2 改为 3。" in changed.text and "理由：有 1 张作业票漏报备" in changed.text
    old = client.get(f"/announcements/{doc['id']}").text
    assert "这是第 1 版，11月24日 09:22 起由第 2 版代替" in old
    assert f'/announcements/{second["id"]}"' in old
    assert "有更正" in client.get("/announcements").text


def test_an_expired_announcement_says_so_by_the_servers_time(
    client: FlaskClient, clock: Clock, published: Row
) -> None:
    clock.at("09:59", "2026-11-25")
    before = client.get("/")
    assert "已过期" not in before.text
    clock.at("10:00", "2026-11-25")
    after = client.get("/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "已过期" in after.text
    assert client.get("/en/").status_code == 200


def test_a_cache_does_not_keep_it_past_its_time(
    client: FlaskClient, clock: Clock, published: Row
) -> None:
    clock.ms = at("10:00", "2026-11-25") - 20_000
    assert client.get("/").headers["Cache-Control"] == "public, max-age=20"


def test_an_override_is_named_on_the_page(client: FlaskClient, plant: Plant) -> None:
    night_works(plant)
    publish(plant, at("09:05"), override="甲班在处置漏点")
    text = client.get("/").text
    assert "带着没处理的事签发" in text
    assert "理由：甲班在处置漏点" in text
    assert "1 个班组没有签字。" in text
    assert "签发人：周九" in text


def test_a_day_without_a_shift(client: FlaskClient, clock: Clock, plant: Plant) -> None:
    clock.at("09:05", "2026-12-30")
    publish(plant, clock.ms, date="2026-12-30")
    assert "没有人排班" in client.get("/").text


def test_anybody_can_verify_with_what_the_page_gives(client: FlaskClient, published: Row) -> None:
    text = client.get("/").text
    key = re.search(r"aq\.example\.cn/log/announcement\+[0-9a-f]{8}\+[\w+/=]+", text)
    assert key is not None
    note = client.get(f"/announcements/{published['id']}.txt")
    doc = client.get(f"/announcements/{published['id']}.json")
    assert note.mimetype == "text/plain"
    assert doc.mimetype == "application/json"
    signed, _ = open_note(note.text, [parse_vkey(key[0])])
    assert signed.split("\n")[1] == base64.b64encode(hashlib.sha256(doc.data).digest()).decode()
    assert json.loads(doc.data)["total"]["on"] == 41
    for answer in (note, doc):
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("end", ["", ".json", ".txt"])
@pytest.mark.parametrize("id", ["no", "00000000-0000-4000-8000-000000000000", "x" * 300])
def test_an_unknown_announcement_is_404(client: FlaskClient, id: str, end: str) -> None:
    assert client.get(f"/announcements/{id}{end}").status_code == 404


@pytest.mark.parametrize("url", PAGES)
def test_nothing_can_be_posted(client: FlaskClient, url: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert client.post(url, headers=headers).status_code == 405


def test_the_plants_own_privacy_text_stands_in_for_ours(client: FlaskClient, plant: Plant) -> None:
    assert "30 天后删除" in client.get("/privacy").text
    with plant.store.tx() as db:
        settings.put(db, privacy_zh="第一段 <b>。\n\n第二段。")
    text = client.get("/privacy").text
    assert "<p>第一段 &lt;b&gt;。</p><p>第二段。</p>" in text
    assert "30 天后删除" not in text


def test_search_engines_and_messengers_get_what_they_need(
    client: FlaskClient, published: Row
) -> None:
    answer = client.get("/")
    for name in ("og:title", "og:description", "og:url", "og:locale"):
        assert f'property="{name}"' in answer.text
    assert 'content="https://aq.example.cn/"' in answer.text
    assert '<https://aq.example.cn/en/>; rel="alternate"; hreflang="en"' in answer.headers["Link"]


def test_public_pages_allow_no_script_at_all(client: FlaskClient) -> None:
    assert "script-src 'none'" in client.get("/").headers["Content-Security-Policy"]
