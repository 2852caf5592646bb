"""The steps as a plain form: readings and limits, the veto, 停."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import findings, history
from tests.page import Page
from tests.plant import NOW_MS, Plant
from tests.web.plain import committed, faults, only, ran, sheet, stored, url

Open = Callable[..., Page]


def test_it_shows_every_step_with_what_counts_as_normal(page: Open, plant: Plant) -> None:
    html = page("worker").get(url(plant, "/run"))
    steps = html.all("fieldset", class_="f-step")
    assert len(steps) == 8 and len(html.all("span", class_="badge-key")) == 2
    for words in ("自身防护", "帽服鞋镜齐，检测仪开", "检测仪在检定期内", "正常 0–5 %LEL"):
        assert words in steps[0].text


def test_it_seals_a_run(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    html = browser.post(address, {**sheet(browser, address), **ran()})
    assert "做完了" in html.text and "8 步：正常 8，异常 0" in html.text
    row = only(plant)
    assert (row["result"], row["flags"]) == ("done", "[]")
    steps = row["body"]["steps"]
    assert [step["e"] for step in steps] == ["R", "C", "R", "R", "R", "C", "C", "C"]
    assert [step.get("value") for step in steps][:3] == ["0", None, "0.62"]
    assert all(step["from_ms"] == 0 and step["to_ms"] >= 0 for step in steps)


def test_both_sheets_make_a_person_ready(page: Open, plant: Plant) -> None:
    browser = page("worker")
    for tail, answers in (("/commit", committed()), ("/run", ran())):
        browser.post(url(plant, tail), {**sheet(browser, url(plant, tail)), **answers})
    state = history.state_of(plant.store, plant.instance(), plant.id("worker"), NOW_MS + 1)
    assert state == "ready"
    assert "好，去接班" in browser.get(f"/F/receipt/{stored(plant)[1]['id']}").text


def test_missing_steps_come_back_with_all_that_was_typed(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    typed = ran(r_2=None, value_3="", r_6="bad", note_6="铅封断了")
    html = browser.post(address, {**sheet(browser, address), **typed}, status=422)
    assert faults(html) == {"s-2": "第 2 步还没答。", "v-3": "写上读数。表坏了，选“异常”。"}
    kept = html.form(address)
    assert (kept["value-4"], kept["r-6"], kept["note-6"]) == ("45", "bad", "铅封断了")
    assert "#v-3" in html.links and stored(plant) == []


@pytest.mark.parametrize(
    ("typed", "sealed"),
    [
        ("０．６２", "0.62"),
        (" 0.62 ", "0.62"),
        ("0,62", "0.62"),
        ("0。62", "0.62"),
        ("+0.6", "0.6"),
    ],
)
def test_a_figure_is_read_however_it_is_typed(
    page: Open, plant: Plant, typed: str, sealed: str
) -> None:
    browser, address = page("worker"), url(plant, "/run")
    browser.post(address, {**sheet(browser, address), **ran(value_3=typed)})
    assert only(plant)["body"]["steps"][2]["value"] == sealed


@pytest.mark.parametrize("typed", ["高", "1e3", "0.6.2", "1234567890", "-", "0.1234567"])
def test_what_is_no_figure_is_said_at_its_place(page: Open, plant: Plant, typed: str) -> None:
    browser, address = page("worker"), url(plant, "/run")
    html = browser.post(address, {**sheet(browser, address), **ran(value_3=typed)}, status=422)
    assert faults(html) == {"v-3": "读数写成数字，如 0.62。"}
    assert html.form(address)["value-3"] == typed


@pytest.mark.parametrize(
    ("value", "words"), [("0.80", "超上限 0.10 MPa。"), ("0.5", "低于下限 0.05 MPa。")]
)
def test_a_reading_out_of_limits_is_explained_once_and_then_taken_as_bad(
    page: Open, plant: Plant, value: str, words: str
) -> None:
    browser, address = page("worker"), url(plant, "/run")
    html = browser.post(address, {**sheet(browser, address), **ran(value_3=value)}, status=422)
    assert faults(html)["v-3"].startswith(words) and stored(plant) == []
    html = browser.post(address, html.form(address))
    assert "有读数超限，按异常处理。" in html.text
    row = only(plant)
    assert row["flags"] == '["limit"]' and row["body"]["steps"][2]["r"] == "ok"
    [opened] = findings.of_record(plant.store, row["id"])
    assert opened["what"] == f"机泵出口压力表 {value} MPa"


def test_another_value_out_of_limits_is_explained_again(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    html = browser.post(address, {**sheet(browser, address), **ran(value_3="0.8")}, status=422)
    html = browser.post(address, {**html.form(address), "value-3": "0.9"}, status=422)
    assert "超上限 0.20 MPa。" in faults(html)["v-3"]


@pytest.mark.parametrize("value", ["0.55", "0.70", "0.7"])
def test_a_limit_is_inside(page: Open, plant: Plant, value: str) -> None:
    browser, address = page("worker"), url(plant, "/run")
    browser.post(address, {**sheet(browser, address), **ran(value_3=value)})
    assert only(plant)["flags"] == "[]"


def test_a_bad_step_opens_a_hazard_and_the_run_is_done(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    bad = ran(r_6="bad", note_6="铅封断了", r_3="bad", value_3="0.80")
    html = browser.post(address, {**sheet(browser, address), **bad})
    assert "8 步：正常 6，异常 2" in html.text and "安全阀根部阀" in html.text
    row = only(plant)
    assert row["result"] == "done"
    opened = [(one["part"], one["note"]) for one in findings.of_record(plant.store, row["id"])]
    assert opened == [("3", ""), ("6", "铅封断了")]


def test_a_broken_gauge_is_a_bad_step_without_a_value(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    browser.post(address, {**sheet(browser, address), **ran(r_3="bad", value_3="")})
    step = only(plant)["body"]["steps"][2]
    assert "value" not in step and step["e"] == "C"


def test_a_failed_veto_step_stops_the_run_and_asks_for_no_more(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    typed = {"r-1": "ok", "value-1": "0", "r-2": "ok", "r-5": "bad", "value-5": "83"}
    html = browser.post(address, {**sheet(browser, address), **typed})
    assert "停住了" in html.text and "储罐液位计、高液位联锁 83 %" in html.text
    row = only(plant)
    assert row["result"] == "stopped" and row["entry_seq"] is None
    assert [step["n"] for step in row["body"]["steps"]] == [1, 2, 5]
    state = history.state_of(plant.store, plant.instance(), plant.id("worker"), NOW_MS + 1)
    assert state == "stopped"


def test_what_was_reported_after_a_failed_veto_is_kept(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    typed = ran(r_1="bad", r_6="bad", note_6="铅封断了")
    browser.post(address, {**sheet(browser, address), **typed})
    steps = only(plant)["body"]["steps"]
    assert [step["n"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert len(findings.of_record(plant.store, only(plant)["id"])) == 2


def test_stop_at_any_step(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    typed = {"r-1": "ok", "value-1": "看不清", "stop": "2", "note-2": "闻到味"}
    browser.post(address, {**sheet(browser, address), **typed})
    row = only(plant)
    assert row["result"] == "stopped"
    [step] = row["body"]["steps"]
    assert (step["n"], step["r"], step["note"]) == (2, "bad", "闻到味")


def test_stop_at_a_step_of_five_thousand_digits_is_no_step(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    html = browser.post(address, {**sheet(browser, address), "stop": "9" * 5000}, status=422)
    assert len(faults(html)) == 8


def test_a_sheet_of_steps_again_shows_the_first_receipt(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/run")
    filled = sheet(browser, address)
    browser.post(address, {**filled, **ran()})
    assert "没有重复记" in browser.post(address, {**filled, **ran()}).text
    other = browser.post(address, {**filled, **ran(r_6="bad")})
    assert "先交的那一份已经封住" in other.text
    only(plant)


def test_a_job_without_a_checklist_says_so(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("INSERT INTO job (code, name, ppe, card) VALUES ('X1', '扫地', '[]', '{}')")
    address = url(plant, "/run", "?shift=2026-11-24|D|JIA&job=X1")
    assert "还没有发布内容" in page("worker").get(address, status=404).text
