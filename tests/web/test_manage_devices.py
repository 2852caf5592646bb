"""Devices at the desk: whose, when last heard of, stopped by who answers for the owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import devices
from shiftapp.model.heard import SILENT_MS
from shiftapp.model.people import Role
from shiftapp.problems import Problem
from tests.managing import audited, scoped
from tests.page import Html, Page
from tests.plant import NOW_MS, Clock, Plant

PageOf = Callable[..., Page]
LIST = "/manage/devices"


def owners(html: Html) -> list[str]:
    return [row.children[0].text for row in html.all("tr") if row.inside("tbody")]


def shared(plant: Plant) -> str:
    device = "d" * 8 + "-0000-4000-8000-000000000009"
    with plant.store.tx() as db:
        devices.make_code(db, "SHARED01", "shared", None, plant.id("leader"), NOW_MS)
        devices.enrol(
            db, "SHARED01", device=device, secret=device, pubkey=None, held=None, now_ms=NOW_MS
        )
    return device


def test_devices_are_listed_and_found(page: PageOf, plant: Plant) -> None:
    plant.device("worker"), plant.device("outsider"), shared(plant)
    browser = page("manager")
    assert set(owners(browser.get(LIST))) == {"张三", "钱七", "公用平板"}
    assert owners(browser.get(f"{LIST}?q=1001")) == ["张三"]
    assert owners(browser.get(f"{LIST}?show=shared")) == ["公用平板"]
    assert "这里没有设备" in browser.get(f"{LIST}?show=revoked").text
    assert len(owners(browser.get(f"{LIST}?show=nonsense&q="))) == 3
    assert not page("inspector").get(LIST).all("form", method="post")


def test_the_silent_ones(page: PageOf, plant: Plant, clock: Clock) -> None:
    silent, lively = plant.device("worker")[0], plant.device("outsider")[0]
    with plant.store.tx() as db:
        devices.seen(db, lively, NOW_MS, sent=True)
        devices.seen(db, silent, NOW_MS - SILENT_MS, sent=True)
    html = page("manager").get(f"{LIST}?show=silent")
    assert owners(html) == ["张三"] and "天前" in html.text


def test_a_lost_phone_is_stopped(page: PageOf, plant: Plant) -> None:
    device, secret = plant.device("worker")
    html = page("manager").post(f"{LIST}/{device}/revoke")
    assert "停用了" in html.text and owners(html) == []
    assert "2026-11-24 停用" in page("manager").get(f"{LIST}?show=revoked").text
    with pytest.raises(Problem, match="device_revoked"):
        devices.by_secret(plant.store, secret, NOW_MS)
    line = audited(plant)[-1]
    assert (line["what"], line["about"]) == ("device.revoke", f"device:{device}")
    page("manager").post(f"{LIST}/{device}/revoke")  # pressed twice: nothing happens
    assert audited(plant)[-1] == line


def test_who_stops_none(page: PageOf, plant: Plant) -> None:
    device, tablet = plant.device("worker")[0], shared(plant)
    for part in ("inspector", "leader", "worker", "signatory"):
        page(part).post(f"{LIST}/{device}/revoke", status=403)
    with plant.store.tx() as db:
        db.run("UPDATE crew SET area = 'A2' WHERE code = 'YI'")
    scoped(plant, "manager", Role("manager", "area", "A2"))
    plant.device("outsider")
    assert owners(page("manager").get(LIST)) == ["钱七"]
    for one in (device, tablet):
        page("manager").post(f"{LIST}/{one}/revoke", status=403)
    page("manager").post(f"{LIST}/{plant.device('outsider')[0]}/revoke")
    page("admin").post(f"{LIST}/nobody/revoke", status=404)
    page("admin").get(f"{LIST}/{device}/revoke", 405)
    assert devices.device_row(plant.store, device)["revoked_ms"] is None
    for part in ("leader", "worker"):
        page(part).get(LIST, 403)
