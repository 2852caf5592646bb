"""The page of the verifier as the server gives it: for everybody, with one script, strict rules."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.ledger.verify_report import VERDICTS
from shiftapp.model import settings
from shiftapp.store import Row
from tests.page import Html, Page
from tests.plant import Plant, client_of

Open = Callable[..., Page]
SCRIPTS = Path(__file__).parents[2] / "shiftapp/static/js/verify"
LIMIT = 37 * 1024  # of all scripts together as they are sent
BOTH = pytest.mark.parametrize("base", ["/", "/en/"])


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def words(html: Html) -> dict[str, Any]:
    block = html.one("script", type="application/json")
    found: dict[str, Any] = json.loads("".join(block.texts))
    return found


@BOTH
def test_it_is_about_the_newest_announcement_or_the_one_that_is_named(
    page: Open, published: Row, base: str
) -> None:
    opened = page(None)
    for path in ("verify", f"verify?a={published['id']}"):
        html = opened.get(base + path)
        assert html.one("div", data_verify="").attrs["data-a"] == published["id"]
        assert f"announcements/{published['id']}" in html.text


def test_before_the_first_announcement_a_proof_can_be_checked(page: Open, plant: Plant) -> None:
    html = page(None).get("/verify")
    assert html.one("div", data_verify="").attrs["data-a"] == ""
    assert "还没有公告可以核对" in html.text and html.all("input", type="file")


def test_an_announcement_that_is_not_there(page: Open, published: Row) -> None:
    for asked in ("nothing", "", "%00", "<script>"):
        client = page(None).client
        assert client.get(f"/verify?a={asked}").status_code in (400, 404)


@BOTH
def test_its_policy_lets_our_script_run_and_nothing_else(
    page: Open, published: Row, base: str
) -> None:
    opened = page(None)
    html = opened.get(f"{base}verify")
    assert opened.response is not None
    policy = opened.response.headers["Content-Security-Policy"].split("; ")
    for one in (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ):
        assert one in policy
    assert [one.attrs["src"].split("?")[0] for one in html.all("script") if "src" in one.attrs] == [
        "/static/js/verify/page.js"
    ]
    assert "Set-Cookie" not in opened.response.headers
    assert opened.response.headers["Cache-Control"].startswith("public")


def test_no_script_writes_html(page: Open) -> None:
    sources = "".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    assert re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", sources) == []


@BOTH
def test_every_finding_and_every_word_of_the_script_is_in_the_page(
    page: Open, published: Row, base: str
) -> None:
    told = words(page(None).get(f"{base}verify"))
    lang = "en" if base == "/en/" else "zh"
    assert told["findings"] == {code: [one["kind"], one[lang]] for code, one in VERDICTS.items()}
    sources = "".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    asked = set(re.findall(r"\bsay\('(\w+)'", sources)) | set(
        re.findall(r"Cannot\('(\w+)'", sources)
    )
    assert asked and asked <= set(told)
    unused = {key for key in told if not re.search(rf"'{key}'", sources)}
    assert unused == {"findings"}


def test_what_does_not_fail_is_the_same_in_the_script() -> None:
    text = (SCRIPTS / "verify.js").read_text("utf-8")
    (listed,) = re.findall(r"const NOTES = new Set\(\[(.*?)\]\)", text, re.DOTALL)
    notes = {code for code, one in VERDICTS.items() if one["kind"] == "note"}
    assert set(re.findall(r"'(\w+)'", listed)) == notes


def test_a_name_cannot_end_the_block_of_words(page: Open, plant: Plant, published: Row) -> None:
    with plant.store.tx() as db:
        settings.put(db, name="</script><script>alert(1)</script>")
    opened = page(None)
    html = opened.get("/verify")
    assert words(html) and len(html.all("script")) == 2


def test_nothing_is_posted_here(client: FlaskClient) -> None:
    same = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/verify", headers=same).status_code == 405


def test_in_a_demo_it_may_stand_in_the_frame_of_the_tour(
    client: FlaskClient, plant: Plant, published: Row
) -> None:
    with plant.store.tx() as db:
        settings.put(db, demo=True)
    policy = client.get("/verify").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy


def test_its_scripts_stay_light() -> None:
    sizes = [len(gzip.compress(path.read_bytes(), 9)) for path in SCRIPTS.glob("*.js")]
    assert sum(sizes) <= LIMIT
