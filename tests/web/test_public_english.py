"""Under `/en/` nothing of ours is said in Chinese, and no Chinese mark stands in a line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import settings
from tests.announced import STATE, WORKS, Doc, document, falsify, further, store
from tests.announcing import at
from tests.page import Page
from tests.plant import Clock, Plant
from tests.qr.printed import page_texts

Open = Callable[..., Page]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
KEPT = ("中文",)  # the way back to the Chinese page


@pytest.fixture
def full(plant: Plant, clock: Clock) -> list[str]:
    """A rich day in four versions, the last one altered; a week; all reasons in English."""
    clock.at("11:00")
    with plant.store.tx() as db:
        settings.put(db, name_en="Puyang Example Chemicals", contact="0393-000 0100")
    gap = {"code": "major", "n": 1, "zh": "1 处。", "en": "1 major hazard is still open."}
    giver = {"name": "郑一", "name_en": "Zheng Yi", "title": "董事长", "title_en": "Chairman"}
    busy = {**STATE, "trial": 1, "startup": 1, "shutdown": 1}
    first = store(plant, document(published_ms=at("10:20")))
    second = store(
        plant,
        further(
            first,
            plant=busy,
            works={**WORKS, "registered_late": 1, "cancelled_late": 1},
            named=[gap],
            override={"reason": "x", "gaps": [gap]},
            delegate_of={**giver, "document": "No. 3"},
            roster={"added": 1, "ended": 1},
            hazards={"general": 1, "major": 1, "veto_unanswered": 1, "unanswered": 1},
            change=_changed(first, "correction"),
        ),
    )
    third = store(plant, further(second, change=_changed(second, "update"), works=None, plant=None))
    fourth = store(plant, further(third, change=_changed(third, "update")))
    week = store(
        plant,
        document(
            kind="weekly", date="2026-11-22", first="2026-11-16", last="2026-11-22", shifts=[]
        ),
    )
    falsify(plant, fourth["id"], '"on":41', '"on":43')
    return [first["id"], second["id"], third["id"], fourth["id"], week["id"]]


def _changed(before: Doc, how: str) -> Doc:
    return {"how": how, "reason": "one permit was missing", "changes": [],
            "version": before["version"], "published_ms": before["published_ms"]}  # fmt: skip


def bare(text: str) -> str:
    for one in KEPT:
        text = text.replace(one, "")
    return text


def test_no_page_holds_chinese(page: Open, full: list[str]) -> None:
    first, second, third, altered, week = full
    urls = [f"announcements/{id}" for id in (first, second, third, week)]
    urls += ["announcements", "announcements/months/2026-11", "announcements?from=2026-11-20"]
    urls += ["years/2026", "risk", "signals", "privacy"]
    for url in urls:
        opened = page(None)
        opened.get(f"/en/{url}")
        assert opened.response is not None
        found = CHINESE.findall(bare(opened.response.text))
        assert found == [], (url, found)


def test_a_bad_date_is_answered_in_english(page: Open, full: list[str]) -> None:
    html = page(None).get("/en/announcements?from=x", status=422)
    assert not CHINESE.search(html.one("p", role="alert").text)


def test_the_banner_of_an_altered_one_is_english(page: Open, full: list[str]) -> None:
    html = page(None).get(f"/en/announcements/{full[3]}")
    assert "does not match its signature" in html.one("p", class_="a-over").text


@pytest.mark.slow
def test_the_feed_the_sheet_and_what_it_is_called(page: Open, full: list[str]) -> None:
    client = page(None).client
    assert CHINESE.findall(client.get("/en/announcements.atom").text) == []
    for id in (*full[:3], full[4]):
        (text,) = page_texts(client.get(f"/en/announcements/{id}.pdf").data)
        assert CHINESE.findall(text) == []
