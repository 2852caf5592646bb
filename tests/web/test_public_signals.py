"""The published rules: for everybody, in both languages, small, with each site's own thresholds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import places, signals
from tests.page import Page
from tests.plant import Plant, client_of
from tests.signalling import hurried, noticed

Open = Callable[..., Page]
STATIC = Path(__file__).parents[2] / "shiftapp" / "static"
BOTH = pytest.mark.parametrize("url", ["/signals", "/en/signals"])


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def cells(page: Open, url: str = "/signals") -> dict[str, str]:
    """The lines of the tables: words and value."""
    html = page(None).get(url)
    found = [row.text.rsplit(" ", 2) for row in html.all("tr")]
    return {row[0]: " ".join(row[1:]) for row in found}


def test_it_says_the_rules_what_follows_and_what_does_not(page: Open) -> None:
    text = page(None).get("/signals").text
    for said in (
        "答得比读完还快",
        "按每秒 8 个汉字算",
        "和上次的节奏一样",
        "一台手机上接连好几个人",
        "班长代录的不看",
        "本人先看到",
        "90 天后删除",
        "不扣分，不罚款",
        "不公开姓名",
        "没有量过真人",
    ):
        assert said in text, said


def test_the_thresholds_of_each_site_are_there(page: Open, plant: Plant) -> None:
    assert cells(page)["用时不到读完的"] == "40 %"
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂", "Plant 2"))
        signals.save_thresholds(db, "EC", '{"fast_factor": 0, "burst_s": 25, "rhythm_ms": 90}')
    html = page(None).get("/signals")
    assert "数值：一厂" in html.text and "数值：二厂" in html.text
    lines = [row.text for row in html.all("tr")]
    assert "和上次每步平均差不到 0.18 秒" in lines and "和上次每步平均差不到 0.09 秒" in lines
    assert "在多长时间里 25 秒" in lines and "答得比读完还快 不看这一项" in lines


@BOTH
def test_it_is_open_to_all_without_cookie_or_script(page: Open, url: str) -> None:
    for who in (None, "worker"):
        opened = page(who)
        html = opened.get(url)
        assert opened.response is not None
        assert "Set-Cookie" not in opened.response.headers
        assert "Cookie" not in opened.response.headers.get("Vary", "")
        assert html.all("script") == [] and html.all("form") == []
        assert html.one("html").attrs["lang"] == ("en" if url.startswith("/en") else "zh-CN")
        assert "script-src 'none'" in opened.response.headers["Content-Security-Policy"]


@BOTH
def test_it_is_small_and_a_cache_may_keep_it(client: FlaskClient, url: str) -> None:
    found = client.get(url)
    styles = re.findall(r"/static/(css/[a-z]+\.css)", found.text)
    whole = len(found.data) + sum(len((STATIC / style).read_bytes()) for style in styles)
    assert whole <= 24 * 1024  # plain; compressed it is less than half
    assert "max-age=60" in found.headers["Cache-Control"]
    again = client.get(url, headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304


def test_a_changed_threshold_changes_the_page(client: FlaskClient, plant: Plant) -> None:
    before = client.get("/signals").headers["ETag"]
    with plant.store.tx() as db:
        signals.save_thresholds(db, "YC", '{"burst_s": 25}')
    assert client.get("/signals", headers={"If-None-Match": before}).status_code == 200


def test_nobody_is_named_and_nothing_counted(page: Open, plant: Plant) -> None:
    before = page(None).get("/signals").text
    noticed(plant, hurried(plant, "worker"))
    assert page(None).get("/signals").text == before


def test_nothing_can_be_posted(client: FlaskClient) -> None:
    assert client.post("/signals", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


def test_who_reads_about_privacy_is_led_there(page: Open) -> None:
    assert "/signals" in page(None).get("/privacy").links
    assert "/en/signals" in page(None).get("/en/privacy").links
