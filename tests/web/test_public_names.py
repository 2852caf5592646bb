"""No worker's name, number or id is on any public address, in whatever form it is served."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from shiftapp.model import announcement_archive
from shiftapp.store import Row
from shiftapp.web import public, public_sheet
from tests.announced import document, falsify, further, store
from tests.announcing import at
from tests.plant import Clock, Plant, client_of
from tests.qr.printed import page_texts
from tests.sealing_log import seal

OTHERS = {  # public addresses that no announcement is part of
    "/trust",
    "/trust/ca.crt",
    "/en/trust",
}


@pytest.fixture(autouse=True)
def ten_past_nine(clock: Clock) -> None:
    clock.at("09:10")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def addresses(app: Flask, ids: list[str]) -> list[str]:
    """Every address of the public pages, with what the database has for their parameters."""
    values = {"<id>": ids, "<month>": ["2026-11"], "<int:year>": ["2026"]}
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("public.") and rule.rule not in OTHERS:
            (name,) = re.findall("<.*?>", rule.rule) or [""]
            found += [rule.rule.replace(name, value) for value in values.get(name, [""])]
    return found


def readable(client: FlaskClient, url: str) -> str:
    """All that a reader or a program finds at an address."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    if answer.mimetype == "application/pdf":
        return heads + "".join("".join(page_texts(answer.data)).split())
    if answer.mimetype == "image/png":
        return heads
    return heads + answer.text


def everybody_but_the_signatory(plant: Plant) -> Iterator[Row]:
    for row in plant.store.rows("SELECT * FROM person ORDER BY id"):
        if row["id"] != plant.id("signatory"):
            yield row


def told(text: str, plant: Plant) -> list[str]:
    """Which names, numbers and ids of people stand in a text."""
    words = set(re.findall(r"\w+", text))
    found = []
    for row in everybody_but_the_signatory(plant):
        spoken = [row["name"], row["name_en"]]
        found += [name for name in spoken if name and name in text]
        found += [one for one in (row["no"], row["id"]) if one in words or one in text.split('"')]
    return found


@pytest.fixture
def full(plant: Plant, published: Row) -> list[str]:
    """A real day of 43 people, a corrected one, and an altered one: the ids of all versions."""
    first = store(plant, document(date="2026-11-22"))
    second = store(plant, further(first))
    bad = store(plant, document(date="2026-11-23", published_ms=at("09:12", "2026-11-23")))
    falsify(plant, bad["id"], '"on":41', '"on":43')
    seal(plant.store, plant.keys, at("09:09"))
    return [published["id"], first["id"], second["id"], bad["id"]]


def test_there_are_many_addresses_and_many_people(
    app: Flask, plant: Plant, full: list[str]
) -> None:
    assert len(addresses(app, full)) > 40
    assert len(list(everybody_but_the_signatory(plant))) > 30


@pytest.mark.slow
def test_no_worker_is_on_any_of_them(
    app: Flask, client: FlaskClient, plant: Plant, full: list[str]
) -> None:
    for url in addresses(app, full):
        assert told(readable(client, url), plant) == [], url


def test_the_test_would_see_a_name(plant: Plant) -> None:
    worker = plant.store.row("SELECT * FROM person WHERE id = :i", i=plant.id("worker"))
    assert worker is not None
    for said in (worker["name"], worker["no"], f'"{worker["id"]}"'):
        assert told(f"<p>{said}</p> {said}", plant)


@pytest.mark.parametrize("lang", ["", "/en"])
def test_what_the_card_is_drawn_from_names_nobody_either(
    app: Flask, plant: Plant, full: list[str], lang: str
) -> None:
    for id in full[:3]:
        with app.test_request_context(f"{lang}/announcements/{id}.png"):
            found = announcement_archive.announcement(plant.store, id)
            sheet = public_sheet.sheet(found, public.view_of(found))
        text = " ".join(texts(dataclasses.asdict(sheet)))
        assert "周九" in text or "Zhou" in text
        assert told(text, plant) == []


def texts(value: Any) -> Iterator[str]:
    """Every text inside dictionaries and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def test_the_card_carries_no_hidden_text(client: FlaskClient, full: list[str]) -> None:
    import io

    image = Image.open(io.BytesIO(client.get(f"/announcements/{full[0]}.png").data))
    assert set(image.info) <= {"dpi", "transparency", "gamma"}


@pytest.mark.slow
def test_nobody_gets_a_cookie(app: Flask, client: FlaskClient, full: list[str]) -> None:
    for url in addresses(app, full):
        answer = client.get(url)
        assert "Set-Cookie" not in answer.headers, url
        assert "Cookie" not in answer.headers.get("Vary", ""), url
        if "/display" in url:  # it moves by itself, and nobody keeps it (test_display.py)
            continue
        assert "public" in answer.headers["Cache-Control"], url
        assert answer.headers["ETag"], url
        assert client.head(url).headers["ETag"].removeprefix("W/") == answer.headers[
            "ETag"
        ].removeprefix("W/"), url
        again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), url


def test_everything_but_archived_evil_may_be_indexed(
    app: Flask, client: FlaskClient, full: list[str]
) -> None:
    for url in addresses(app, full):
        assert "noindex" not in client.get(url).text if not url.endswith((".png", ".pdf")) else True
