"""An inspector looks at the plant's own self-check and takes the supervisor's form of a day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import facilities, settings
from tests.announcing import at, day_works, night_works, publish
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.test_publish import faults
from tests.model.inspected import announce, gas_test, permit, unit_signed, works
from tests.plant import MADE_MS, TODAY

Open = Callable[..., Page]
SPAN = "?from=2026-11-20&to=2026-11-26"


@pytest.fixture
def days(site: Site) -> Site:
    """A week of which a few things stand out, and a day with units and permits published."""
    plant = site.plant
    night_works(plant)
    day_works(plant)
    with site.store.tx() as db:
        settings.put(db, company_code="410928001")
        for code, state in (("U1", "running"), ("U2", "maintenance")):
            facilities.save(
                db, facilities.Facility(code, "YC", "unit", f"{code} 装置", hazard_code=f"41{code}")
            )
            facilities.set_state(
                db, code, state, since_ms=MADE_MS, note="换热器检修",
                by=plant.id("manager"), now_ms=at("08:00"),
            )  # fmt: skip
    work = permit(plant, "DH-2026-01", at("09:00"), at("11:00"), made_ms=at("08:30"))
    permit(plant, "SX-2026-02", at("06:00"), at("08:00"), made_ms=at("06:20"), closed_ms=None)
    gas_test(plant, work, at("08:50"), at("09:40"))
    publish(plant, at("09:05"), override="带着说明签发。")
    said = {"reason": "已安排专人跟进处理，措施已落实。", "gaps": []}
    announce(plant, "2026-11-22", "10:30", override=said)
    announce(plant, "2026-11-23", override=said, works=works(fire_2=1, total=1))
    announce(plant, "2026-11-25", override=said)
    unit_signed(plant, TODAY, at("06:00"))
    site.clock.at("12:00", "2026-11-26")
    return site


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_self_check_is_read_and_taken(
    days: Site, desk: Open, size: tuple[int, int], tmp_path: Path
) -> None:
    page = desk("inspector", size=size)
    page.goto(f"/publish/inspection{SPAN}")
    expect(page.get_by_role("heading", name="迎检自查")).to_be_visible()
    expect(page.get_by_text("DH-2026-01：11-24 08:50 检测，11-24 09:40 才登记。")).to_be_visible()
    assert faults(page) == []
    with page.expect_download() as given:
        page.get_by_role("link", name="CSV").click()
    given.value.save_as(tmp_path / "taken.csv")
    assert "按时公告" in (tmp_path / "taken.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_supervisors_form_is_looked_at_and_taken(
    days: Site, desk: Open, size: tuple[int, int], tmp_path: Path
) -> None:
    page = desk("inspector", size=size)
    page.goto(f"/publish/regulator?date={TODAY}")
    expect(page.get_by_text("符合这张表的规则")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("哪种表").select_option("older")
    page.get_by_role("button", name="看").click()
    expect(page).to_have_url(re.compile("older"))
    with page.expect_download() as given:
        page.get_by_role("link", name="JSON").click()
    given.value.save_as(tmp_path / "taken.json")
    (row,) = json.loads((tmp_path / "taken.json").read_text("utf-8"))["sec_production_promise"]
    assert row["commiteDate"] == "20261124090500"


def test_a_form_that_is_refused_says_all_of_why(days: Site, desk: Open) -> None:
    with days.store.tx() as db:
        settings.put(db, company_code="")
    page = desk("manager")
    page.goto(f"/publish/regulator?date={TODAY}")
    expect(page.get_by_text("先在“设置”里填 9 位企业编码")).to_be_visible()
    assert page.get_by_role("link", name="JSON").count() == 0
    assert faults(page) == []
