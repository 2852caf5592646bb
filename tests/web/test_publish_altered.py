"""An announcement that somebody altered in the database: told, and it keeps nobody from signing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import announcements
from shiftapp.store import Row
from tests.announced import rewrite
from tests.announcing import at, draft, publish
from tests.page import Page
from tests.plant import TODAY, Clock, Plant

Open = Callable[..., Page]
TOMORROW = "2026-11-25"
DOCS = ["{not json", "[]", '{"kind":"daily"}', "a smaller figure"]


def alter(plant: Plant, doc: str) -> Row:
    """Publish, and put other words in its place, past the guards of the table."""
    found = publish(plant, at("09:05"))
    if doc == "a smaller figure":
        doc = found["bytes"].decode().replace('"n":12', '"n":11')
    rewrite(plant, found["id"], doc=doc)
    return found


@pytest.mark.parametrize("doc", DOCS)
def test_every_page_of_the_desk_still_opens_and_says_so(
    page: Open, good_day: Plant, clock: Clock, doc: str
) -> None:
    alter(good_day, doc)
    clock.at("09:30")
    who = page("inspector")
    for url in ("/publish", "/publish/history"):
        assert "公告与签名不符" in who.get(url).text
    who.get(f"/publish/sources?date={TODAY}")
    who.get("/publish/regulator", 409)
    days = f"?from={TODAY}&to={TODAY}"
    assert "存着的公告和签名不符" in who.get(f"/publish/inspection{days}").text


@pytest.mark.parametrize("doc", DOCS)
def test_a_correction_and_the_next_day_can_be_signed(good_day: Plant, doc: str) -> None:
    alter(good_day, doc)
    second = publish(good_day, at("09:30"), change="correction", reason="存着的那一版被改过")
    assert second["doc"]["change"]["changes"][0]["zh"] == "存着的那一版和签名不符，没法比较。"
    first = announcements.versions(good_day.store, 9)[1]
    assert first["doc"] is None


def test_the_page_of_the_next_day_opens_beside_it(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    alter(good_day, "[]")
    clock.at("09:05", TOMORROW)
    assert draft(good_day, clock.ms, TOMORROW).content["date"] == TOMORROW
    assert "没法比较" in page("signatory").get("/publish").text
