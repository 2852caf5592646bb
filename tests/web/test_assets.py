"""Static files by their content, and drawn icons."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from shiftapp.web import assets
from tests.plant import Plant, client_of
from tests.web.plain import url

CSS = ("tokens", "components", "desk", "worker", "form", "public", "print")


def test_a_url_carries_the_hash_of_the_content() -> None:
    assert re.fullmatch(r"/static/css/tokens\.css\?v=[0-9a-f]{10}", assets.static("css/tokens.css"))


def test_the_hash_changes_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    file = tmp_path / "a.css"
    file.write_text("a")
    first = assets.version("a.css")
    file.write_text("b")
    assert assets.version("a.css") != first


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        assets.static("css/none.css")


def test_with_its_hash_a_file_never_expires(app: Flask) -> None:
    client = app.test_client()
    with client.get(assets.static("css/tokens.css")) as kept:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert kept.headers.getlist("Set-Cookie") == []
    with client.get("/static/css/tokens.css") as short:
        assert short.headers["Cache-Control"] == "public, max-age=300"
    with client.get("/static/css/none.css?v=1") as lost:
        assert lost.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", [f"css/{one}.css" for one in CSS] + ["icons/icon.svg"])
def test_static_text_is_compressed(app: Flask, name: str) -> None:
    client = app.test_client()
    with client.get(assets.static(name), headers={"Accept-Encoding": "gzip"}) as packed:
        body = packed.data
        with client.get(assets.static(name)) as plain:
            if len(plain.data) < 1000:
                return  # not worth it
            assert packed.headers["Content-Encoding"] == "gzip"
            assert "Accept-Encoding" in packed.headers["Vary"]
            assert gzip.decompress(body) == plain.data and len(body) < len(plain.data)


def test_pages_are_compressed(app: Flask, plant: Plant) -> None:
    client = client_of(app, plant, "worker")
    response = client.get(url(plant, "/run"), headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) < 9_000


def test_a_sprite_holds_the_symbols_asked_for_once() -> None:
    sprite = assets.sprite("i-check", "risk-a", "i-check")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == ["i-check", "risk-a"]
    assert sprite.startswith("<svg ") and sprite.endswith("</svg>") and "style" not in sprite


def test_a_symbol_that_is_not_drawn_is_an_error() -> None:
    with pytest.raises(KeyError):
        assets.sprite("i-unicorn")


def test_no_style_loads_anything_from_elsewhere() -> None:
    for file in (assets.STATIC / "css").glob("*.css"):
        text = file.read_text("utf-8")
        assert "@import" not in text and not re.search(r"url\((?!['\"]?(data:|#))", text), file
        assert "http:" not in text and "https:" not in text, file
