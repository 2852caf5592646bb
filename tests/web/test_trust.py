"""The page that shows a phone how to trust a plant without a domain."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.commands.private_ca import prepare
from tests.page import Page

Open = Callable[..., Page]
HOST = "aq.example.cn"


@pytest.fixture
def authority(app: Flask) -> Path:
    """An install that has its own."""
    folder: Path = app.extensions["shiftapp"].config.tls
    prepare(folder, "示例化工", HOST, ["192.168.10.5"], datetime.datetime.now(datetime.UTC))
    return folder


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    "path, heading, honest",
    [
        ("/trust", "让手机信任本厂的网站", "未在真机验证"),
        ("/en/trust", "Let your phone trust this site", "Not checked on real phones"),
    ],
)
def test_anybody_reads_how_to_trust_in_both_languages(
    page: Open, authority: Path, path: str, heading: str, honest: str
) -> None:
    shown = page(None).get(path)
    assert heading in shown.text and honest in shown.text
    assert "HarmonyOS" in shown.text or "鸿蒙" in shown.text
    assert "iPhone" in shown.text and "Windows" in shown.text
    assert f"{HOST} 192.168.10.5" in shown.text  # what it can vouch for


def test_the_fingerprint_is_that_of_the_file_that_is_handed_out(
    client: FlaskClient, authority: Path
) -> None:
    found = client.get("/trust/ca.crt")
    assert found.content_type == "application/x-x509-ca-cert"
    digits = hashlib.sha256(found.data).digest().hex(":").upper()
    html = client.get("/trust").text
    for at in range(0, 96, 24):
        assert digits[at : at + 23] in html
    assert b"PRIVATE" not in found.data


def test_it_needs_no_cookie_and_no_script(client: FlaskClient, authority: Path) -> None:
    found = client.get("/trust")
    assert "Set-Cookie" not in found.headers and "<script" not in found.text
    assert "script-src 'none'" in found.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/trust", "/en/trust", "/trust/ca.crt"])
def test_an_install_without_an_authority_has_no_such_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/trust/ca.key", "/trust/server.key", "/trust/../ca.key"])
def test_no_key_is_ever_handed_out(client: FlaskClient, authority: Path, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_is_posted_there(client: FlaskClient, authority: Path) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/trust", headers=own).status_code == 405
