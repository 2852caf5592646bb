"""The public page is small whatever stands in it, and no script runs on it."""

from __future__ import annotations

import datetime
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import announcement_words, settings
from shiftapp.model.reasons import MAX_SIGNS
from tests.announced import WORKS, Doc, document, further, shift, store
from tests.page import Page
from tests.plant import Clock, Plant, client_of
from tests.sealing_log import seal, see_outside

Open = Callable[..., Page]
STATIC = Path(__file__).parents[2] / "shiftapp" / "static"
LIMIT = 20 * 1024
LONG = "最长的名字" * 8  # forty signs, as a field takes
BOTH = pytest.mark.parametrize("base", ["/", "/en/"])


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


@pytest.fixture
def worst(plant: Plant, clock: Clock) -> Doc:
    """A hundred and twenty shifts, everything open, over gaps, by a delegate, after a version."""
    clock.at("09:30")
    crews = [
        shift(LONG, site_name=f"{LONG[:38]}{n % 3}", shift=LONG, shift_en=LONG, group_name_en=LONG)
        for n in range(120)
    ]
    named = [announcement_words.sentence(code, 99) for code in announcement_words.CODES]
    person = {"name": LONG, "name_en": LONG, "title": LONG, "title_en": LONG}
    with plant.store.tx() as db:
        settings.put(db, name=LONG, name_en=LONG, contact="0393-000 0100")
    first = store(plant, document(shifts=crews))
    doc = store(
        plant,
        further(
            first,
            named=named,
            override={"reason": "理" * MAX_SIGNS, "gaps": named},
            enterprise={"name": LONG, "name_en": LONG},
            signatory=person,
            delegate_of={**person, "document": "授" * 100},
            works=dict.fromkeys(WORKS, 999),
            total={"n": 2640, "on": 1999, "off": 300, "late": 300, "none": 41},
            small={
                "shifts": 3,
                "counted": True,
                "count": {"n": 9, "on": 9, "off": 0, "late": 0, "none": 0},
            },
            roster={"added": 9, "ended": 9},
            levels=[
                {"no": n, "name": LONG, "name_en": LONG, "signed": 1, "of": 2} for n in (2, 3, 4)
            ],
            hazards={"general": 9, "major": 9, "veto_unanswered": 9, "unanswered": 9},
            change={
                "how": "correction",
                "reason": "由" * MAX_SIGNS,
                "changes": [{"zh": "二级动火 2 改为 3。", "en": "Hot work, grade 2: 2, now 3."}]
                * 50,
                "version": 1,
                "published_ms": first["published_ms"],
            },
        ),
    )
    return doc


@BOTH
def test_the_worst_page_is_within_20_kb_uncompressed(page: Open, worst: Doc, base: str) -> None:
    opened = page(None)
    html = opened.get(base)
    assert opened.response is not None
    assert len(opened.response.data) <= LIMIT
    assert html.all("script") == []


@BOTH
def test_the_worst_page_is_small_when_many_have_witnessed_it(
    page: Open, plant: Plant, worst: Doc, base: str
) -> None:
    seal(plant.store, plant.keys)
    names = [f"{n}{'witness' * 9}" for n in range(9)]
    see_outside(plant.store, plant.keys, *names, least=10)
    opened = page(None)
    text = opened.get(base).text
    assert opened.response is not None
    assert "0witness" in text and len(opened.response.data) <= LIMIT


@BOTH
def test_what_has_no_room_is_counted_and_lies_in_the_data(
    client: FlaskClient, worst: Doc, base: str
) -> None:
    text = client.get(base).text
    rows = text.count("22 / 22")
    assert 1 <= rows < 120
    left = 120 - rows
    assert f">{left * 22} / {left * 22}<" in text  # those left out, in one row
    assert len(client.get(f"/announcements/{worst['id']}.json").json["shifts"]) == 120


@BOTH
def test_a_hundred_and_twenty_shifts_of_plain_names_are_mostly_counted_but_thirty_are_listed(
    page: Open, plant: Plant, clock: Clock, base: str
) -> None:
    clock.at("09:30")
    store(plant, document(shifts=[shift(f"{n}班") for n in range(120)]))
    opened = page(None)
    listed = opened.get(base).text.count("22 / 22")
    assert opened.response is not None
    assert 30 <= listed < 120 and len(opened.response.data) <= LIMIT


@BOTH
def test_a_plain_day_travels_in_12_kb_with_its_styles(
    client: FlaskClient, plant: Plant, clock: Clock, base: str
) -> None:
    clock.at("09:30")
    store(plant, document())
    text = client.get(base).text
    styles = re.findall(r"/static/(css/[a-z]+\.css)", text)
    parts = [text.encode(), *((STATIC / style).read_bytes() for style in styles)]
    assert styles == ["css/tokens.css", "css/public.css"]
    assert len(parts[0]) <= 14 * 1024
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= 12 * 1024


@BOTH
def test_a_year_and_an_archive_full_of_days_stay_within_20_kb(
    client: FlaskClient, plant: Plant, clock: Clock, base: str
) -> None:
    day, docs = datetime.date(2026, 1, 1), []
    while day.year == 2026:
        docs.append(document(date=day.isoformat(), shifts=[]))
        day += datetime.timedelta(days=1)
    store(plant, *docs)
    clock.at("09:30", "2026-12-31")
    for path in ("announcements", "announcements/months/2026-05", "years/2026"):
        assert len(client.get(f"{base}{path}").data) <= LIMIT, path
    found = client.get(f"{base}announcements?from=2026-01-01")
    assert len(found.data) <= LIMIT and found.text.count("41 / 43") == 60


@pytest.mark.parametrize(
    "path", ["", "announcements", "announcements?from=x", "years/2026", "privacy", "signals"]
)
@BOTH
def test_no_script_and_no_policy_that_would_let_one_run(
    page: Open, plant: Plant, clock: Clock, base: str, path: str
) -> None:
    clock.at("09:30")
    store(plant, document())
    opened = page(None)
    html = opened.get(f"{base}{path}", status=422 if path.endswith("=x") else 200)
    assert opened.response is not None
    assert html.all("script") == [] and "javascript:" not in opened.response.text
    assert "script-src 'none'" in opened.response.headers["Content-Security-Policy"]
