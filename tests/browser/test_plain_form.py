"""A worker does the whole job with JavaScript switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import history
from tests.browser.axe import violations
from tests.browser.conftest import SMALL, Site
from tests.plant import PUMPS
from tests.web.plain import PIN, give_pin

Open = Callable[..., Page]
PRESSABLE = "button, a.btn, label.choice, input:not([type=hidden]), textarea"


def state(site: Site, part: str) -> str | None:
    plant = site.plant
    return history.state_of(site.store, plant.instance(), plant.id(part), site.clock.ms + 1)


def choose(page: Page, *fields: str) -> None:
    """Press the labels of radios and ticks, as a finger does."""
    for field in fields:
        page.locator(f'label[for="{field}"]').click()


def commit(page: Page) -> None:
    choose(page, "a-fit.can", "a-handover.clear", "a-safety.on", "a-risk.risk1", "a-escape.known")
    choose(page, *(f"a-ppe.{one}" for one in ("helmet", "suit", "goggles", "shoes", "detector")))
    page.get_by_role("button", name="我承诺，上岗").click()


def run(page: Page, **readings: str) -> None:
    for n in range(1, 9):
        choose(page, f"r-{n}.ok")
    for field, value in readings.items():
        page.fill(f"#{field.replace('_', '-')}", value)
    page.get_by_role("button", name="做完了，交").click()


def whole_job(page: Page, site: Site) -> None:
    give_pin(site.plant, "worker")
    page.goto(f"/F/{PUMPS}/{site.plant.mac}")
    page.get_by_label("工号").fill("1001")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="是我，开始").click()
    expect(page.locator(".f-leave")).to_contain_text("张三")
    page.get_by_role("button", name="开始").click()
    expect(page.locator("h1")).to_have_text("班前安全承诺")
    commit(page)
    expect(page.locator(".f-big").first).to_have_text("承诺好了")
    assert state(site, "worker") == "running"
    page.get_by_role("link", name="接着做手指口述：8 步").click()
    run(page, value_1="0", value_3="0.62", value_4="45", value_5="60")
    expect(page.locator(".f-big").first).to_have_text("做完了")
    assert state(site, "worker") == "ready"


def test_the_whole_job_without_a_script(site: Site, phone: Open) -> None:
    page = phone(None, javascript=False)
    whole_job(page, site)
    page.get_by_role("button", name="用完，退出").click()
    expect(page.get_by_label("工号")).to_be_visible()


def test_the_whole_job_over_plain_http(plain_site: Site, phone: Open) -> None:
    whole_job(phone(None, javascript=False, base=plain_site), plain_site)


def test_what_is_missing_leads_to_its_place_and_keeps_the_rest(site: Site, phone: Open) -> None:
    page = phone("worker", javascript=False)
    page.goto(f"/F/{PUMPS}/{site.plant.mac}/commit?shift=2026-11-24|D|JIA&job=J02")
    page.expected.append("422")  # type: ignore[attr-defined]  # the page says what is missing
    choose(page, "a-fit.can", "a-safety.off")
    page.get_by_label("哪里不对？写一句也行").locator("visible=true").fill("联锁旁路")
    page.get_by_role("button", name="我承诺，上岗").click()
    expect(page.locator("#missing")).to_contain_text("还差 4 处")
    page.get_by_role("link", name="有危险先撤").click()
    expect(page.locator("#i-escape")).to_be_in_viewport()
    expect(page.locator("#note-safety")).to_have_value("联锁旁路")
    expect(page.locator('[id="a-fit.can"]')).to_be_checked()


def test_a_reading_out_of_limits_and_a_failed_veto(site: Site, phone: Open) -> None:
    page = phone("worker", javascript=False)
    page.goto(f"/F/{PUMPS}/{site.plant.mac}/run?shift=2026-11-24|D|JIA&job=J02")
    page.expected.append("422")  # type: ignore[attr-defined]  # the limit is explained
    run(page, value_1="0", value_3="0.62", value_4="45", value_5="83")
    expect(page.locator("#lack-v-5")).to_contain_text("超上限 3 %")
    choose(page, "r-5.bad")
    page.locator("#note-5").fill("远传 80")
    page.locator("#s-5").get_by_role("button", name="停在这一步，交").click()
    expect(page.locator(".f-big").first).to_have_text("停住了")
    assert state(site, "worker") == "stopped"


def test_not_today_is_two_presses_and_private(site: Site, phone: Open) -> None:
    page = phone("worker", javascript=False)
    page.goto(f"/F/{PUMPS}/{site.plant.mac}")
    page.get_by_role("button", name="今天不能上岗").click()
    page.get_by_role("button", name="告诉班长：今天不能").click()
    expect(page.locator(".f-big").first).to_have_text("已告诉班长")
    assert state(site, "worker") == "cannot"


@pytest.mark.parametrize("size", [(390, 844), SMALL, (320, 568)], ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_fits_a_phone_and_a_glove(
    site: Site, phone: Open, size: tuple[int, int], lang: str
) -> None:
    page = phone("worker", javascript=False, size=size, lang=lang)
    base = f"/F/{PUMPS}/{site.plant.mac}"
    chosen = "?shift=2026-11-24|D|JIA&job=J02"
    for address in ("/F", base, *(f"{base}/{one}{chosen}" for one in ("commit", "run", "hazard"))):
        page.goto(address)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= size[0], f"{address} is {width} wide"
        for box in page.locator(PRESSABLE).all():
            if not box.is_visible() or box.get_attribute("type") in ("radio", "checkbox"):
                continue  # the label around a radio is what one presses
            at = box.bounding_box()
            assert at is not None and at["height"] >= 48, (address, box.inner_text())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_accessibility_check_finds_nothing(site: Site, phone: Open, lang: str) -> None:
    page = phone("worker", lang=lang)
    base, chosen = f"/F/{PUMPS}/{site.plant.mac}", "?shift=2026-11-24|D|JIA&job=J02"
    page.expected.append("404")  # type: ignore[attr-defined]  # a wrong code has its page too
    sheets = [f"{base}/{one}{chosen}" for one in ("commit", "cannot", "run", "hazard")]
    for address in ("/F", "/F/7K2M41QG", base, *sheets):
        page.goto(address)
        assert violations(page) == [], address
