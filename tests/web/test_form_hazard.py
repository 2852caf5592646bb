"""Reporting a hazard by the plain form, with and without a name."""

from __future__ import annotations

from collections.abc import Callable

from shiftapp.model import findings
from tests.page import Page
from tests.plant import Clock, Plant
from tests.web.plain import PIN, faults, give_pin, only, sheet, stored, url

Open = Callable[..., Page]


def test_a_report_becomes_a_hazard(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/hazard")
    html = browser.post(address, {**sheet(browser, address), "what": "P-202B 滴油", "name": "yes"})
    assert "报上去了" in html.text and "已转给班长" in html.text
    row = only(plant)
    assert (row["kind"], row["person"]) == ("hazard", plant.id("worker"))
    assert row["body"]["shift"]["crew"] == "JIA" and row["entry_seq"] is None
    [opened] = findings.of_record(plant.store, row["id"])
    assert (opened["what"], opened["crew"]) == ("P-202B 滴油", "JIA")


def test_a_report_needs_no_name_and_then_tells_nothing_of_who(page: Open, plant: Plant) -> None:
    for part in ("worker", None):
        browser, address = page(part), url(plant, "/hazard")
        filled = {**sheet(browser, address), "what": "梯子没扶手", "name": "no"}
        html = browser.post(address, filled)
        assert "报上去了" in html.text
    for row in stored(plant):
        body = row["body"]
        assert row["person"] is None and body["who"] == {"person": None, "ev": {"k": "none"}}
        assert body["shift"] is None and body["job"] is None
        assert body["station"]["mac"] == plant.mac


def test_a_stranger_starts_without_a_name(page: Open, plant: Plant) -> None:
    address = url(plant, "/hazard", "")
    assert page(None).get(address).form(address)["name"] == "no"
    assert page("worker").get(address).form(address)["name"] == "yes"


def test_with_a_name_the_pin_is_on_the_same_page(page: Open, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser, address = page(None), url(plant, "/hazard", "")
    filled = {**sheet(browser, address), "what": "味大", "name": "yes"}
    html = browser.post(address, filled, status=422)
    assert html.form(address)["what"] == "味大" and "写上工号和 PIN" in html.text
    browser.post(address, {**filled, "no": "1001", "pin": PIN})
    assert only(plant)["person"] == plant.id("worker")


def test_an_empty_report_says_what_to_write(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/hazard")
    html = browser.post(
        address, {**sheet(browser, address), "what": "  ", "name": "yes"}, status=422
    )
    assert faults(html) == {"what": "写一句：哪里，什么样。"} and stored(plant) == []


def test_a_report_may_have_five_hundred_signs_and_no_more(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/hazard")
    filled = sheet(browser, address)
    long = {**filled, "what": "长" * 501, "name": "yes"}
    assert faults(browser.post(address, long, status=422)) == {"what": "太长，最多 500 个字。"}
    browser.post(address, {**filled, "what": "长" * 500 + "\r\n ", "name": "yes"})
    assert len(only(plant)["body"]["what"]) == 500


def test_reports_without_a_name_are_counted_by_the_hour(
    page: Open, plant: Plant, clock: Clock
) -> None:
    browser, address = page(None), url(plant, "/hazard", "")

    def report(status: int = 200) -> None:
        filled = {**sheet(browser, address), "what": "味大", "name": "no"}
        browser.post(address, filled, status=status)

    for _ in range(30):
        report()
    report(429)
    clock.at("08:01")
    report()
    assert len(stored(plant)) == 31
