"""Which language a page speaks: the person's, the browser's choice, or that of the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.page import Page
from tests.plant import Plant
from tests.web.plain import url

Open = Callable[..., Page]


def speaks(plant: Plant, part: str, lang: str) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = :l WHERE id = :id", l=lang, id=plant.id(part))


def test_a_stranger_reads_chinese(page: Open) -> None:
    html = page(None).get("/login")
    assert html.one("html").attrs["lang"] == "zh-CN" and html.one("h1").text == "登录"


def test_a_choice_is_kept_in_a_cookie_that_says_nothing_else(page: Open) -> None:
    browser = page(None)
    assert browser.get("/login?lang=en").one("html").attrs["lang"] == "en"
    assert browser.response is not None
    [cookie] = browser.response.headers.getlist("Set-Cookie")
    assert cookie.startswith("lang=en;") and "SameSite=Lax" in cookie
    assert browser.get("/login").one("html").attrs["lang"] == "en"
    assert browser.get("/login?lang=zh").one("html").attrs["lang"] == "zh-CN"
    assert browser.get("/login").one("html").attrs["lang"] == "zh-CN"


@pytest.mark.parametrize("lang", ["fr", "en_GB", "EN", "<script>", ""])
def test_a_language_that_is_not_ours_is_not_kept(page: Open, lang: str) -> None:
    browser = page(None)
    html = browser.get("/login", query_string={"lang": lang})
    assert html.one("html").attrs["lang"] == "zh-CN"
    assert browser.response is not None
    assert browser.response.headers.getlist("Set-Cookie") == []


def test_signed_in_pages_speak_the_persons_language(page: Open, plant: Plant) -> None:
    speaks(plant, "leader", "en")
    assert page("leader").get("/board").one("html").attrs["lang"] == "en"
    assert page("manager").get("/nothing", status=404).one("html").attrs["lang"] == "zh-CN"
    speaks(plant, "manager", "en")
    assert page("manager").get("/nothing", status=404).one("html").attrs["lang"] == "en"


def test_the_phone_keeps_what_was_chosen_on_it(page: Open, plant: Plant) -> None:
    browser = page("worker")
    browser.get(url(plant) + "?lang=en")
    assert browser.get(url(plant)).one("html").attrs["lang"] == "en"


def test_public_pages_go_by_their_address_alone(page: Open, plant: Plant) -> None:
    speaks(plant, "manager", "en")
    for part in (None, "manager"):
        browser = page(part)
        browser.client.set_cookie("lang", "en", domain="localhost")
        assert browser.get("/").one("html").attrs["lang"] == "zh-CN"
        assert '<html lang="zh-CN">' in browser.client.get("/?lang=en").text
        assert browser.get("/en/").one("html").attrs["lang"] == "en"


def test_refusals_speak_the_language_too(page: Open) -> None:
    browser = page(None)
    zh = browser.get("/F/7K2M41QG", status=404).text
    en = browser.get("/F/7K2M41QG?lang=en", status=404).text
    assert zh != en or "code_wrong" in en


def test_names_are_in_the_language_where_there_is_one(page: Open, plant: Plant) -> None:
    html = page("worker").get(url(plant) + "?lang=en")
    assert "P-201 pumps" in html.text and "张三" in html.text  # a name without its English stays
