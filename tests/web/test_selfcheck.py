"""`POST /api/v1/selfcheck`: what a browser has, sent at a press; checked strictly, kept briefly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shiftapp.model import selfchecks
from shiftapp.model.people import Role
from shiftapp.store import Row
from tests.managing import scoped
from tests.openapi import DOCUMENT, faults
from tests.outbox import OWN
from tests.page import Page
from tests.plant import Clock, Plant, client_of

PATH = "/api/v1/selfcheck"
LIST = "/manage/devices/selfchecks"
AGENT = "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.50"
PageOf = Callable[..., Page]


def found(**changed: Any) -> dict[str, Any]:
    """A self-check as the page sends it."""
    checks = {name: name not in ("lasting", "voice") for name in selfchecks.CHECKS}
    sent = {"checks": checks, "tier": "full", "agent": AGENT, "screen": "390x844@2.63", "font": 100}
    return {**sent, **changed}


def post(client: FlaskClient, sent: Any, **headers: str) -> TestResponse:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    body = sent if isinstance(sent, str) else json.dumps(sent)
    kind = "application/json"
    return client.post(PATH, data=body, content_type=kind, headers={**OWN, **more})


def kept(plant: Plant) -> list[Row]:
    return plant.store.rows("SELECT * FROM selfcheck ORDER BY at_ms, id")


@pytest.fixture
def stranger(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def test_an_enrolled_phone_keeps_its_newest(app: Flask, plant: Plant) -> None:
    phone = client_of(app, plant, "worker", device=True)
    assert [post(phone, found()).status_code, post(phone, found(tier="online")).status_code] == [
        204,
        204,
    ]
    (row,) = kept(plant)
    assert (row["device"], row["tier"]) == (plant.device("worker")[0], "online")
    assert (row["agent"], row["screen"], row["font"]) == (AGENT, "390x844@2.63", 100)
    assert json.loads(row["checks"])["voice"] is False
    assert selfchecks.tiers(plant.store) == {row["device"]: "online"}


def test_one_that_nobody_enrolled_is_nobodys(plant: Plant, stranger: FlaskClient) -> None:
    assert [post(stranger, found()).status_code for _ in range(2)] == [204, 204]
    assert [row["device"] for row in kept(plant)] == [None, None]
    assert selfchecks.tiers(plant.store) == {}


def test_it_is_as_the_document_says() -> None:
    assert faults(found(), DOCUMENT["components"]["schemas"]["SelfCheck"]) == []


CHECKS = found()["checks"]
WRONG = {
    "no JSON": "{",
    "a list": [],
    "nothing": {},
    "a field more": found(name="张三"),
    "a field less": {name: value for name, value in found().items() if name != "font"},
    "a check more": found(checks={**CHECKS, "gps": True}),
    "a check less": found(checks={name: yes for name, yes in CHECKS.items() if name != "keys"}),
    "a check that is no yes or no": found(checks={**CHECKS, "keys": 1}),
    "checks as a list": found(checks=list(CHECKS)),
    "no such tier": found(tier="best"),
    "a tier that is none": found(tier=["full"]),
    "a long agent": found(agent="x" * 301),
    "an agent that is no text": found(agent=None),
    "an agent that no database holds": found(agent="x\0"),
    "a screen in words": found(screen="big"),
    "a screen that ends a line": found(screen="390x844@3\n"),
    "a font that is no number": found(font=True),
    "a font out of this world": found(font=1001),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_self_check_is_refused(plant: Plant, stranger: FlaskClient, name: str) -> None:
    answer = post(stranger, WRONG[name])
    assert (answer.status_code, answer.get_json()["code"]) == (400, "shape")
    assert answer.content_type == "application/problem+json"
    assert kept(plant) == []


def test_other_pages_and_large_bodies_are_refused(plant: Plant, stranger: FlaskClient) -> None:
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"X_Requested_With": "XMLHttpRequest"}):
        answer = post(stranger, found(), **headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "foreign_origin")
    answer = post(stranger, "x" * 4097)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_too_big")
    assert stranger.get(PATH).status_code == 405
    assert kept(plant) == []


def test_a_flood_waits_and_holds_up_no_enrolled_phone(
    app: Flask, plant: Plant, stranger: FlaskClient, clock: Clock
) -> None:
    assert {post(stranger, found()).status_code for _ in range(selfchecks.A_MINUTE)} == {204}
    answer = post(stranger, found())
    assert (answer.status_code, answer.get_json()["code"]) == (429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    phone = client_of(app, plant, "worker", device=True)
    assert post(phone, found()).status_code == 204
    clock.ms += selfchecks.MINUTE_MS
    assert post(stranger, found()).status_code == 204


def test_of_strangers_only_the_newest_stay(
    plant: Plant, stranger: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selfchecks, "MOST_ANONYMOUS", 2)
    for font in (100, 101, 102):
        post(stranger, found(font=font))
        clock.ms += 1
    assert [row["font"] for row in kept(plant)] == [101, 102]


# At the desk ----------------------------------------------------------------------------


def test_the_desk_reads_what_came(app: Flask, plant: Plant, page: PageOf, clock: Clock) -> None:
    post(client_of(app, plant, None), found(agent="Safari", tier="plain"))
    clock.ms += 1000
    post(client_of(app, plant, "worker", device=True), found())
    html = page("manager").get(LIST)
    first, second = [row for row in html.all("tr") if row.inside("tbody")]
    assert "张三" in first.text and "全能用" in first.text and AGENT in first.text
    assert "✓ 有：" in first.text and "– 没有：存得久、朗读中文" in first.text
    assert "没登记的浏览器" in second.text and "只用表单" in second.text
    devices = page("manager").get("/manage/devices")
    assert LIST in devices.links and "全能用" in devices.text


def test_a_part_of_the_plant_reads_its_own(app: Flask, plant: Plant, page: PageOf) -> None:
    for part in ("worker", None):
        post(client_of(app, plant, part, device=part is not None), found())
    with plant.store.tx() as db:
        db.run("UPDATE crew SET area = 'A2' WHERE code = 'YI'")
    scoped(plant, "manager", Role("manager", "area", "A2"))
    html = page("manager").get(LIST)
    assert "张三" not in html.text and "没登记的浏览器" not in html.text
    assert "还没有人发来" in html.text
    assert "张三" in page("inspector").get(LIST).text


def test_who_reads_nothing(page: PageOf) -> None:
    for part in ("leader", "worker"):
        page(part).get(LIST, 403)
    page("admin").get("/manage/devices?lang=en")
    assert "Nobody has sent" in page("admin").get(f"{LIST}?lang=en").text


# On the phone ----------------------------------------------------------------------------


def test_the_page_says_what_is_sent_and_whose_it_is(page: PageOf) -> None:
    for part, whose in (("worker", "记在这台手机名下"), (None, "不记是谁的")):
        html = page(part, device=part is not None).get("/W/selfcheck")
        assert whose in html.text and "按了才发" in html.text
        assert "发给公司" in [button.text for button in html.all("button")]


def test_my_page_says_what_is_kept_of_it(page: PageOf) -> None:
    assert "自检" in page("worker", device=True).get("/W/mine").text
