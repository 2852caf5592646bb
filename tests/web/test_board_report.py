"""The report of a shift on the network: who may read it, in which forms, and what it leaves out."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.announcing import at, commit
from tests.page import Page
from tests.plant import Clock, Plant, client_of
from tests.qr.printed import page_texts
from tests.shift_story import full_day

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"
REPORT = f"{BASE}/report"
FORMS = ("", ".xlsx", ".pdf")
READERS = ["leader", "manager", "signatory", "inspector", "admin"]


@pytest.mark.parametrize("part", READERS)
def test_everybody_who_sees_the_board_reads_it_in_all_forms(
    app: Flask, plant: Plant, page: PageOf, part: str
) -> None:
    assert "张三" in page(part).get(REPORT).text
    browser = client_of(app, plant, part)
    book = browser.get(f"{REPORT}.xlsx")
    assert "人员" in load_workbook(io.BytesIO(book.data)).sheetnames
    assert book.headers["Content-Disposition"] == (
        'attachment; filename="shift-JIA-2026-11-24-D.xlsx"'
    )
    paper = browser.get(f"{REPORT}.pdf")
    assert paper.mimetype == "application/pdf" and "张三" in "".join(page_texts(paper.data))


@pytest.mark.parametrize("form", FORMS)
def test_a_leader_of_another_crew_and_a_worker_are_refused(
    app: Flask, plant: Plant, form: str
) -> None:
    for part, status in (("other_leader", 403), ("worker", 403), ("night1", 403), (None, 303)):
        answer = client_of(app, plant, part).get(REPORT + form)
        assert answer.status_code in (status, 401), part
        assert "张三" not in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_a_shift_that_is_not_there_has_no_report(page: PageOf, form: str) -> None:
    page("manager").get(f"/board/JIA/2026-11-24/X/report{form}", 404)
    page("manager").get(f"/board/JIA/2026-02-31/D/report{form}", 404)
    page("manager").get(f"/board/NIEMAND/2026-11-24/D/report{form}", 404)


def test_it_is_read_and_never_written(app: Flask, plant: Plant) -> None:
    for form in FORMS:
        answer = client_of(app, plant, "leader").post(
            REPORT + form, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 405


def test_the_page_tells_the_day_and_links_the_files(
    plant: Plant, page: PageOf, clock: Clock
) -> None:
    full_day(plant)
    clock.at("20:30")
    html = page("leader").get(REPORT)
    assert "本班已结束，数据到 20:30" in html.text
    assert {f"{REPORT}.pdf", f"{REPORT}.xlsx", BASE} <= set(html.links)
    for said in (
        "替 林二",
        "08:16 在开会 (孙八)",
        "王五 09:40 验收",
        "签后：名单加人",
        "备用泵没试",
    ):
        assert said in html.text, said


def test_before_the_end_it_says_until_when(page: PageOf, clock: Clock) -> None:
    clock.at("08:31")
    assert "还没结束，数据到 08:31" in page("leader").get(REPORT).text


@pytest.mark.parametrize("part", [one for one in READERS if one != "leader"])
def test_only_the_leader_reads_who_declared_not_to_be_fit(
    app: Flask, plant: Plant, page: PageOf, part: str
) -> None:
    commit(plant, "lin", at("07:30"), bad="fit")
    assert "今天不能上岗" in page("leader").get(REPORT).text
    text = page(part).get(REPORT).text
    assert "不能上岗" not in text and "要当面说，详情只给班长" in text
    pdf = client_of(app, plant, part).get(f"{REPORT}.pdf")
    assert "不能上岗" not in "".join(page_texts(pdf.data))
    book = client_of(app, plant, part).get(f"{REPORT}.xlsx")
    cells = [
        str(c) for ws in load_workbook(io.BytesIO(book.data)) for row in ws.values for c in row
    ]
    assert not [cell for cell in cells if "不能上岗" in cell]


def test_a_leaders_own_declaration_is_read_by_who_stands_above(plant: Plant, page: PageOf) -> None:
    commit(plant, "leader", at("07:30"), bad="fit")
    assert "今天不能上岗" in page("manager").get(REPORT).text
    assert "不能上岗" not in page("leader").get(REPORT).text


def test_who_came_without_a_roster_row_stands_below_the_others(plant: Plant, page: PageOf) -> None:
    commit(plant, "outsider", at("07:30"), shift={"date": "2026-11-24", "code": "D", "crew": "JIA"})
    assert "钱七 不在名单，有记录" in page("leader").get(REPORT).text


def test_markup_in_a_name_is_text(plant: Plant, page: PageOf) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET name = '<b>=1+1</b>' WHERE no = '1001'")
    assert "<b>=1+1</b>" in page("leader").get(REPORT).text


def test_it_is_whole_in_english(plant: Plant, page: PageOf, clock: Clock) -> None:
    full_day(plant)
    clock.at("20:30")
    text = page("leader").get(f"{REPORT}?lang=en").text
    assert "The shift is over; data of 20:30" in text
    assert "How they came" in text and "Stands in for" in text
