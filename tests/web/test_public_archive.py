"""The archive: a month a page, a search by date without a script, every version to be found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.announced import document, further, store
from tests.announcing import at
from tests.page import Html, Page
from tests.plant import Clock, Plant, client_of

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def half_past_nine(clock: Clock) -> None:
    clock.at("09:30")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


@pytest.fixture
def three_months(plant: Plant) -> None:
    for date in ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-23", "2026-11-24"):
        store(plant, document(date=date))


def days(html: Html) -> list[str]:
    return [item.text for item in html.all("li")]


def test_the_newest_month_comes_first_and_leads_to_the_others(
    page: Open, three_months: None
) -> None:
    html = page(None).get("/announcements")
    assert days(html) == ["11月24日 星期二 41 / 43 按时", "11月23日 星期一 41 / 43 按时"]
    assert "/announcements/months/2026-10" in html.links
    assert "/years/2026" in html.links
    october = page(None).get("/announcements/months/2026-10")
    assert days(october) == ["10月31日 星期六 41 / 43 按时", "10月1日 星期四 41 / 43 按时"]


def test_english_links_stay_in_english(page: Open, three_months: None) -> None:
    html = page(None).get("/en/announcements")
    inner = [link for link in html.links if "announcements" in link or "years" in link]
    other = [link for link in inner if not link.startswith("/en/")]
    assert other == ["/announcements"]  # the same page in Chinese


@pytest.mark.parametrize("month", ["2026-08", "2026-13", "x", "2026-1", "9999-12", "0000-00"])
def test_a_month_without_announcements_is_404(
    client: FlaskClient, three_months: None, month: str
) -> None:
    assert client.get(f"/announcements/months/{month}").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-10-01", "2026-10-31", 2),
        ("2026-10-01", "2026-10-01", 1),
        ("2026-10-02", "2026-10-30", 0),
        ("", "2026-10-01", 2),
        ("2026-11-24", "", 1),
        (" 2026-11-24 ", "", 1),
        ("20261124", "", 1),  # the short form of the same standard (ISO 8601)
    ],
)
def test_search_by_date_includes_both_ends(
    client: FlaskClient, three_months: None, first: str, last: str, found: int
) -> None:
    html = Html(client.get("/announcements", query_string={"from": first, "to": last}).text)
    assert len(html.all("li")) == found
    if not found:
        assert "这些天没有公告。" in html.text


def test_the_form_works_as_a_browser_sends_it(page: Open, three_months: None) -> None:
    html = page(None).get("/announcements")
    assert html.form("/announcements") == {"from": "", "to": ""}
    answer = page(None).get("/announcements?from=2026-10-01&to=2026-10-31")
    assert answer.form("/announcements") == {"from": "2026-10-01", "to": "2026-10-31"}
    opened = page(None)
    opened.get("/announcements")
    assert opened.response is not None
    assert "form-action 'self'" in opened.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=gestern", "看不懂日期“gestern”。写成 2026-11-24 这样。"),
        ("to=2026-02-30", "看不懂日期“2026-02-30”。写成 2026-11-24 这样。"),
        ("from=2026-11-24T09:00", "看不懂日期“2026-11-24T09:00”。写成 2026-11-24 这样。"),
        ("from=2026-11-24&to=2026-11-23", "从哪天要早于到哪天。把两个日期换过来。"),
        ("from=%3Cscript%3E", "看不懂日期“<script>”。写成 2026-11-24 这样。"),
    ],
)
def test_a_bad_date_gets_a_sentence_and_what_was_typed_stays(
    page: Open, three_months: None, query: str, said: str
) -> None:
    html = page(None).get(f"/announcements?{query}", status=422)
    assert html.one("p", role="alert").text == said
    typed = query.split("&")[0].split("=")[1].replace("%3C", "<").replace("%3E", ">")
    assert typed in html.form("/announcements").values()


def test_a_thousand_signs_for_a_date_are_cut(client: FlaskClient, three_months: None) -> None:
    answer = client.get("/announcements", query_string={"from": "9" * 5000})
    assert answer.status_code == 422 and len(answer.data) < 20 * 1024 + 5000


def test_earlier_versions_stand_beside_the_newest(page: Open, plant: Plant) -> None:
    first = store(plant, document())
    second = store(plant, further(first, how="update"))
    third = store(plant, further(second))
    html = page(None).get("/announcements")
    (item,) = html.all("li")
    assert item.text.endswith("41 / 43 按时，有更正")
    assert [link.attrs["href"].rpartition("/")[2] for link in html.all("a", class_="a-more")] == [
        first["id"],
        second["id"],
    ]
    assert f"/announcements/{third['id']}" in html.links


def test_periods_stand_among_the_days_by_their_name(page: Open, plant: Plant) -> None:
    store(plant, document(kind="weekly", date="2026-11-22", first="2026-11-16",
                          last="2026-11-22", shifts=[]))  # fmt: skip
    store(plant, document(date="2026-11-22"))
    found = days(page(None).get("/announcements"))
    assert any("每周安全承诺公告" in day and "11月16日" in day for day in found)
    assert len(found) == 2


def test_a_search_that_finds_much_says_so(page: Open, plant: Plant) -> None:
    months = [f"2026-{month:02}-{day:02}" for month in (6, 7, 8) for day in range(1, 31)]
    store(plant, *(document(date=date) for date in months))
    html = page(None).get("/announcements?from=2026-06-01")
    assert len(html.all("li")) == 60
    assert "后面还有。" in html.text


def test_caches_ask_again_by_tag(client: FlaskClient, three_months: None) -> None:
    for url in (
        "/announcements",
        "/announcements?from=2026-10-01",
        "/announcements/months/2026-10",
    ):
        first = client.get(url)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.head(url).headers["ETag"] == first.headers["ETag"]


def test_last_modified_is_the_newest_publication(client: FlaskClient, plant: Plant) -> None:
    store(plant, document())
    first = client.get("/announcements")
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 01:12:00 GMT"
    store(plant, document(date="2026-11-20", published_ms=at("09:20")))
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/announcements", headers=since).status_code == 200
