"""What a phone keeps to start without a signal: whole, nobody's own, at changing addresses."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import settings
from shiftapp.web import joined
from shiftapp.web.assets import STATIC
from tests.page import Page
from tests.plant import Plant, client_of

Open = Callable[..., Page]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def kept(client: FlaskClient, lang: str = "zh") -> tuple[str, list[str]]:
    """Version and addresses of a service worker."""
    text = client.get(f"/W/sw.{lang}.js").text
    found = re.match(r'const VERSION = "(\w+)";\nconst KEPT = (\[.*\]);\n', text)
    assert found is not None
    return found[1], json.loads(found[2])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_it_keeps_is_there_and_led_nowhere_else(client: FlaskClient, lang: str) -> None:
    _, urls = kept(client, lang)
    assert urls[0] == f"/W/shell.{lang}"
    for url in urls:
        with client.get(url) as answered:
            assert answered.status_code == 200, url
            assert "Set-Cookie" not in answered.headers
            if "?v=" in url:
                assert "immutable" in answered.headers["Cache-Control"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_it_keeps_when_there_is_time_is_there_and_apart(
    client: FlaskClient, lang: str
) -> None:
    _, first = kept(client, lang)
    (found,) = re.findall(r"const REST = (\[.*\]);", client.get(f"/W/sw.{lang}.js").text)
    for url in json.loads(found):
        assert url not in first
        with client.get(url) as answered:
            assert answered.status_code == 200, url
            assert "immutable" in answered.headers["Cache-Control"], url
            assert "html" not in answered.mimetype


def test_the_scanner_alone_may_compile_and_only_in_its_worker(client: FlaskClient) -> None:
    (url,) = re.findall(r'data-scan="([^"]+)"', client.get("/W/").text)
    policy = client.get(url).headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy and "default-src 'none'" in policy
    for other in ("/W/", "/W/shell.zh", "/board", "/"):
        assert "wasm-unsafe-eval" not in client.get(other).headers["Content-Security-Policy"]


def test_script_and_worker_are_asked_for_every_time(client: FlaskClient) -> None:
    for url in ("/W/sw.zh.js", "/W/shell.zh"):
        assert client.get(url).headers["Cache-Control"] == "no-cache"
    assert client.get("/W/sw.zh.js").mimetype == "text/javascript"
    assert client.get("/W/sw.fr.js").status_code == 404


def test_its_version_changes_with_what_it_keeps(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = kept(client)
    assert kept(client) == kept(client)
    assert before != kept(client, "en")[0]
    monkeypatch.setattr(joined, "style", lambda: ("", "0123456789"))
    assert kept(client)[0] != before


def test_the_shell_is_the_same_for_everybody(app: Flask, plant: Plant) -> None:
    strangers = client_of(app, plant, None).get("/W/shell.zh").text
    assert client_of(app, plant, "worker", device=True).get("/W/shell.zh").text == strangers
    english = client_of(app, plant, None)
    english.set_cookie("lang", "en")
    assert english.get("/W/shell.zh").text == strangers
    for row in plant.store.rows("SELECT name, no FROM person ORDER BY id"):
        assert row["name"] not in strangers
    assert "P-201" not in strangers and "0393" not in strangers


def test_the_shell_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    chinese, english = (client.get(f"/W/shell.{lang}").text for lang in ("zh", "en"))
    assert '<html lang="zh-CN">' in chinese and "没有信号" in chinese
    assert '<html lang="en">' in english and "No signal" in english
    others = english.replace('lang="zh-CN">中文</a>', "")  # the way to the other language
    assert not re.search("[\u4e00-\u9fff]", others)


def test_the_shell_has_every_page_of_the_worker_app(client: FlaskClient) -> None:
    found = re.findall(r'<template id="page-(\w+)">', client.get("/W/shell.zh").text)
    assert sorted(found) == ["go", "home", "idle", "lost", "station", "trouble"]


def test_switched_off_the_worker_takes_itself_away(app: Flask, client: FlaskClient) -> None:
    here = app.extensions["shiftapp"]
    off = dataclasses.replace(here.config, service_worker=False)
    app.extensions["shiftapp"] = dataclasses.replace(here, config=off)
    text = client.get("/W/sw.zh.js").text
    assert "unregister()" in text and "KEPT" not in text
    assert "indexedDB" not in text and "deleteDatabase" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_manifest_names_the_plant_and_its_icons_are_there(
    client: FlaskClient, plant: Plant, lang: str
) -> None:
    answered = client.get(f"/W/app.{lang}.webmanifest")
    assert answered.mimetype == "application/manifest+json"
    told = answered.get_json(force=True)
    assert (told["start_url"], told["scope"], told["display"]) == ("/W/", "/W/", "standalone")
    now = settings.get(plant.store)
    assert (now.name_en if lang == "en" else now.name) in told["name"]
    for icon in told["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.status_code == 200 and picture.mimetype == "image/png"
            width = int.from_bytes(picture.data[16:20], "big")
            assert icon["sizes"] == f"{width}x{width}"


def test_the_manifest_has_colours_of_the_tokens(client: FlaskClient) -> None:
    light = (STATIC / "css" / "tokens.css").read_text("utf-8").partition("\n}")[0]
    colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    told = client.get("/W/app.zh.webmanifest").get_json(force=True)
    assert told["theme_color"] == colours["ink"]
    assert told["background_color"] == colours["sheet"]


def test_pages_of_the_worker_app_name_the_manifest_and_others_do_not(page: Open) -> None:
    (link,) = page(None).get("/W/").all("link", rel="manifest")
    assert link.attrs["href"] == "/W/app.zh.webmanifest"
    assert page(None).get("/").all("link", rel="manifest") == []
