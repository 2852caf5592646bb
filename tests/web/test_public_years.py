"""A year in public: what was promised and what was done, from the published documents alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import settings
from tests.announced import Doc, document, falsify, further, store
from tests.announcing import at
from tests.page import Html, Page
from tests.plant import Clock, Plant, client_of

Open = Callable[..., Page]
GAP = {"code": "unsigned", "n": 1, "zh": "1 个班组没有签字。", "en": "1 crew has not signed."}


@pytest.fixture(autouse=True)
def half_past_ten(clock: Clock) -> None:
    clock.at("10:30")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def of(n: int, on: int) -> Doc:
    return {"total": {"n": n, "on": on, "off": 0, "late": n - on, "none": 0}}


def months(html: Html) -> dict[str, tuple[str, str]]:
    """The rows of the table: month, its sums, its share."""
    rows = [row for row in html.all("tr") if not row.inside("thead")]
    return {row.children[0].text.split(" ")[0]: (row.children[0].text, row.children[1].text)
            for row in rows}  # fmt: skip


def test_sums_by_month_and_of_the_year(page: Open, plant: Plant) -> None:
    store(plant, document(date="2026-10-30", **of(40, 30)))
    store(plant, document(date="2026-11-23", **of(10, 9)))
    store(plant, document(date="2026-11-24", **of(10, 10)))
    found = months(page(None).get("/years/2026"))
    assert found["2026年10月"][1] == "30 / 40 75%"
    assert found["2026年11月"][1] == "19 / 20 95%"
    assert found["全年"][1] == "49 / 60 81%"


def test_days_without_an_announcement_are_owed(page: Open, plant: Plant) -> None:
    store(plant, document(date="2026-10-30"), document(date="2026-11-24"))
    found = months(page(None).get("/years/2026"))
    assert "该有 2 份公告，有 1 份，1 份按时签发。" in found["2026年10月"][0]
    assert "该有 24 份公告，有 1 份，1 份按时签发。" in found["2026年11月"][0]


def test_before_ten_today_is_not_owed_yet(page: Open, plant: Plant, clock: Clock) -> None:
    store(plant, document(date="2026-11-22"))
    clock.at("09:59")
    assert "该有 2 份公告，有 1 份" in months(page(None).get("/years/2026"))["全年"][0]
    clock.at("10:00")
    assert "该有 3 份公告，有 1 份" in months(page(None).get("/years/2026"))["全年"][0]


def test_what_came_late_what_was_named_and_what_was_corrected(page: Open, plant: Plant) -> None:
    first = store(plant, document(date="2026-11-23", published_ms=at("11:00", "2026-11-23")))
    second = store(plant, further(first, how="update", named=[GAP]))
    store(plant, further(second, named=[GAP], override={"reason": "x", "gaps": [GAP]}))
    store(plant, document())
    text = months(page(None).get("/years/2026"))["全年"][0]
    assert "该有的 2 份公告都有，1 份按时签发。" in text
    assert "写明没处理完的事：1 份。" in text
    assert "带着没处理的事签发：1 份。" in text
    assert "当天更新：1 次。" in text and "更正：1 次。" in text


def test_only_the_newest_version_counts(page: Open, plant: Plant) -> None:
    first = store(plant, document(**of(43, 41)))
    store(plant, further(first, **of(44, 40)))
    assert months(page(None).get("/years/2026"))["全年"][1] == "40 / 44 90%"


def test_what_was_altered_is_in_no_sum(page: Open, plant: Plant) -> None:
    store(plant, document(date="2026-11-23", **of(10, 9)))
    bad = store(plant, document(**of(10, 5)))
    falsify(plant, bad["id"], '"on":5', '"on":10')
    text, share = months(page(None).get("/years/2026"))["全年"]
    assert share == "9 / 10 90%"
    assert "与签名不符，没有算进去：1 份。" in text


def test_the_chart_is_drawn_to_scale_and_has_words(page: Open, plant: Plant) -> None:
    store(plant, document(date="2026-10-30", **of(40, 20)), document(**of(20, 20)))
    html = page(None).get("/years/2026")
    chart = html.one("svg", class_="a-chart")
    assert chart.attrs["role"] == "img" and chart.attrs["aria-label"]
    bars = {(bar.attrs["class"], int(bar.attrs["height"])) for bar in html.all("rect")}
    assert bars == {("n", 130), ("y", 65), ("n", 65)}
    assert [text.text for text in html.all("text")] == ["40", *map(str, range(1, 13))]
    assert "空框是应到的，实心是按时的。" in html.text


def test_a_year_of_no_figures_has_no_chart(page: Open, plant: Plant) -> None:
    store(plant, document(shifts=[], total=None))
    html = page(None).get("/years/2026")
    assert html.all("svg", class_="a-chart") == []
    assert "没有公布人数。" in html.text


def test_a_weekly_plant_owes_weeks(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm="weekly")
    week: dict[str, Any] = {"kind": "weekly", "shifts": []}
    store(plant, document(**week, date="2026-11-08", first="2026-11-02", last="2026-11-08"))
    store(plant, document(date="2026-11-24"))  # a daily one beside them is no week
    text = months(page(None).get("/years/2026"))["全年"][0]
    assert "该有 2 份公告，有 1 份" in text


@pytest.mark.parametrize("year", ["2025", "2027", "0", "99999", "999999999999999", "x"])
def test_a_year_without_announcements_is_404(client: FlaskClient, plant: Plant, year: str) -> None:
    store(plant, document())
    assert client.get(f"/years/{year}").status_code == 404


def test_other_years_are_a_link_away(page: Open, plant: Plant) -> None:
    store(plant, document(date="2025-12-31"), document())
    assert "/years/2025" in page(None).get("/years/2026").links
    assert "/en/years/2026" in page(None).get("/en/years/2025").links


def test_last_modified_moves_when_one_more_day_is_due(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    store(plant, document(date="2025-12-31"), document(date="2026-11-23"))
    over = client.get("/years/2025").headers["Last-Modified"]
    assert over == "Wed, 31 Dec 2025 01:12:00 GMT"
    first = client.get("/years/2026").headers["Last-Modified"]
    assert first == "Tue, 24 Nov 2026 02:00:00 GMT"
    clock.at("10:00", "2026-11-25")
    again = client.get("/years/2026", headers={"If-Modified-Since": first})
    assert again.status_code == 200
    for url in ("/years/2025", "/years/2026", "/en/years/2026"):
        tag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        assert client.head(url).headers["ETag"] == tag
