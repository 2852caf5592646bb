"""The Atom feed (RFC 4287): every version an entry, valid, in both languages, kept by caches."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import settings
from tests.announced import document, further, store
from tests.announcing import at
from tests.page import Page
from tests.plant import URL, Clock, Plant, client_of

Open = Callable[..., Page]
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {"zh": "/announcements.atom", "en": "/en/announcements.atom"}


@pytest.fixture(autouse=True)
def half_past_nine(clock: Clock) -> None:
    clock.at("09:30")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def feed(client: FlaskClient, url: str = FEEDS["zh"]) -> ElementTree.Element:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert faults(root) == []
    return root


def faults(root: ElementTree.Element) -> list[str]:
    """What RFC 4287 §4.1 asks for and is not there."""
    found = [] if root.tag == f"{ATOM}feed" else [root.tag]
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            if len(one.findall(f"{ATOM}{name}")) != 1 or not one.findtext(f"{ATOM}{name}"):
                found.append(f"{one.tag}: not one {name}")
        if not datetime.datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").tzinfo:
            found.append("an instant without its zone")
        uuid.UUID((one.findtext(f"{ATOM}id") or "").removeprefix("urn:uuid:"))
        if not [link for link in one.findall(f"{ATOM}link") if link.get("rel") == "alternate"]:
            found.append(f"{one.tag}: no alternate link")
    if not root.findtext(f"{ATOM}author/{ATOM}name"):
        found.append("nobody wrote it")
    if not [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        found.append("no link to itself")
    return found


def titles(root: ElementTree.Element) -> list[str | None]:
    return [one.findtext(f"{ATOM}title") for one in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("url", FEEDS.values())
def test_a_feed_before_anything_was_published_is_valid_and_empty(
    client: FlaskClient, url: str
) -> None:
    assert titles(feed(client, url)) == []
    assert "Last-Modified" not in client.get(url).headers


def test_every_version_is_an_entry_of_its_own_the_newest_first(
    client: FlaskClient, plant: Plant
) -> None:
    store(plant, document(date="2026-11-23"))
    first = store(plant, document())
    store(plant, further(store(plant, further(first, how="update"))))
    assert titles(feed(client)) == [
        "更正：安全承诺公告 2026年11月24日 星期二，第 3 版",
        "更新：安全承诺公告 2026年11月24日 星期二，第 2 版",
        "安全承诺公告 2026年11月24日 星期二",
        "安全承诺公告 2026年11月23日 星期一",
    ]


def test_an_entry_says_what_was_promised_and_leads_to_the_page(
    client: FlaskClient, plant: Plant
) -> None:
    first = store(plant, document())
    second = store(plant, further(first))
    (entry, _) = feed(client).findall(f"{ATOM}entry")
    text = entry.findtext(f"{ATOM}content") or ""
    assert "受控状态" in text and "43 人中 41 人按时" in text
    assert "二级动火 2 改为 3。" in text and "理由：有 1 张作业票漏报备" in text
    links = [(link.get("rel"), link.get("href")) for link in entry.findall(f"{ATOM}link")]
    assert links == [
        ("alternate", f"{URL}/announcements/{second['id']}"),
        ("related", f"{URL}/announcements/{second['id']}.json"),
        ("related", f"{URL}/announcements/{first['id']}"),
    ]
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{second['id']}"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-24T09:22:00+08:00"


def test_the_two_languages_have_ids_of_their_own(client: FlaskClient, plant: Plant) -> None:
    store(plant, document())
    ids = {node.text for url in FEEDS.values() for node in feed(client, url).iter(f"{ATOM}id")}
    assert len(ids) == 4
    assert "tank farms" in (feed(client, FEEDS["en"]).findtext(f".//{ATOM}content") or "")


def test_ids_stay_the_same(client: FlaskClient, plant: Plant) -> None:
    store(plant, document())
    before = [node.text for node in feed(client).iter(f"{ATOM}id")]
    store(plant, document(date="2026-11-25"))
    after = [node.text for node in feed(client).iter(f"{ATOM}id")]
    assert set(before) < set(after) and before[0] == after[0]


def test_it_ends_after_thirty_versions(client: FlaskClient, plant: Plant) -> None:
    store(plant, *(document(date=f"2026-10-{day:02}") for day in range(1, 32)))
    found = titles(feed(client))
    assert len(found) == 30 and "10月1日" not in str(found[-1])


def test_it_is_asked_for_again_and_has_not_changed(client: FlaskClient, plant: Plant) -> None:
    store(plant, document())
    first = client.get(FEEDS["zh"])
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 01:12:00 GMT"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    for header in ("ETag", "Last-Modified"):
        name = "If-None-Match" if header == "ETag" else "If-Modified-Since"
        again = client.get(FEEDS["zh"], headers={name: first.headers[header]})
        assert (again.status_code, again.data) == (304, b"")
    assert client.head(FEEDS["zh"]).data == b""
    store(plant, document(date="2026-11-25", published_ms=at("09:29")))
    again = client.get(FEEDS["zh"], headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200


def test_odd_signs_of_a_plants_name_do_not_break_it(client: FlaskClient, plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, name="甲 & 乙 <厂> \x0b\ufffe")
    store(plant, document(override={"reason": "a < b & c", "gaps": []}))
    root = feed(client)
    assert "甲 & 乙 <厂>" in (root.findtext(f"{ATOM}title") or "")
    assert "a < b & c" in (root.findtext(f".//{ATOM}content") or "")


@pytest.mark.parametrize("url", ["/", "/announcements", "/privacy"])
def test_every_public_page_tells_readers_of_it(page: Open, plant: Plant, url: str) -> None:
    store(plant, document())
    for base, feed_url in (("", FEEDS["zh"]), ("/en", FEEDS["en"])):
        (link,) = [
            one
            for one in page(None).get(base + url).all("link", rel="alternate")
            if one.attrs["type"] == "application/atom+xml"
        ]
        assert link.attrs["href"] == feed_url
