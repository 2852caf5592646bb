"""A shift's report in sheets and on paper: read back with programs that share no code with ours."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from shiftapp.exchange import report_files, report_tables, report_words
from shiftapp.model import findings, history, settings, states
from shiftapp.model.report import report
from tests.announcing import at, commit
from tests.plant import Plant
from tests.qr.printed import page_texts
from tests.shift_story import END, everything, full_day, nothing_private, report_at

Cells = list[list[str]]


def book_of(
    plant: Plant, when: str = END, lang: str = "zh", reads: object = everything
) -> Workbook:
    found = report_at(plant, when, reads)
    return load_workbook(io.BytesIO(report_files.workbook(found, lang)))


def rows(book: Workbook, name: str) -> Cells:
    return [[str(cell or "") for cell in row] for row in book[name].values][1:]


def test_the_five_sheets_say_what_the_report_says(plant: Plant) -> None:
    full_day(plant)
    book = book_of(plant)
    assert book.sheetnames == ["概况", "人员", "异常", "变更", "签字"]
    overview = dict(rows(book, "概况"))
    assert overview["应到"] == "7" and overview["就绪"] == "3" and overview["没做"] == "3"
    assert overview["承诺：准时"] == "1" and overview["纸质补录的人"] == "1"
    assert overview["数据"] == "本班已结束，数据到 20:30"
    people = {row[1]: row for row in rows(book, "人员")}
    assert people["李四"][7] == "07:50（08:10 收到）"
    assert people["黄三"][7] == "08:02 纸质补录"
    assert people["钱七"][6] == "替 林二" and people["林二"][3] == "换人"
    assert people["王五"][9] == "08:16 在开会 (孙八)"
    veto = next(row for row in rows(book, "异常") if row[2] == "否决项")
    assert veto[5:] == ["处理好了 换了阀芯", "王五 08:08", "李四", "10:00", "王五 09:40 验收"]
    assert ["19:30", "交给下一班", "备用泵没试", "P-201 泵区", "还没有人接", "王五"] in rows(
        book, "变更"
    )
    assert ["1", "08:30", "夜1", "签后：名单加人", "P-201 泵区"] in rows(book, "签字")
    assert rows(book, "签字")[-1][:1] == ["2"]


def test_the_sheets_have_every_person_of_the_board_once(plant: Plant) -> None:
    full_day(plant)
    people = history.people_states(plant.store, plant.instance(), at(END))
    numbers = [row[0] for row in rows(book_of(plant), "人员")]
    assert numbers == [one.rows[0]["no"] for one in people]


@pytest.mark.parametrize("text", ["=1+1", "+8610", "@SUM(A1)", "-3", '=HYPERLINK("http://x")'])
def test_no_name_becomes_a_formula(plant: Plant, text: str) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET name = :n, employer = :n WHERE no = '1001'", n=text)
    commit(plant, "worker", at("07:50"), bad="safety", note=text)
    sheet = book_of(plant)["人员"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "1001")
    assert [(row[n].value, row[n].data_type) for n in (1, 2)] == [(text, "s"), (text, "s")]
    assert all(cell.data_type != "f" for ws in book_of(plant) for line in ws for cell in line)


def test_somebody_not_fit_is_abnormal_for_others_in_every_sheet(plant: Plant) -> None:
    commit(plant, "lin", at("07:55"), bad="fit")
    mine = book_of(plant, "08:30")
    assert next(r for r in rows(mine, "人员") if r[1] == "林二")[3] == "今天不能上岗"
    others = book_of(plant, "08:30", reads=nothing_private)
    words = [cell for sheet in others.sheetnames for row in rows(others, sheet) for cell in row]
    assert not [word for word in words if "不能上岗" in word or "点错" in word]
    assert next(r for r in rows(others, "人员") if r[1] == "林二")[3] == "异常"
    assert [r[1] for r in rows(others, "异常")] == ["要当面说，详情只给班长"]


def test_before_the_end_the_paper_says_until_when(plant: Plant) -> None:
    assert dict(rows(book_of(plant, "08:30"), "概况"))["数据"] == "还没结束，数据到 08:30"
    pdf = report_files.paper(report_at(plant, "08:30"), settings.get(plant.store), "zh")
    assert "还没结束，数据到 08:30" in page_texts(pdf)[0]


def test_the_paper_has_everybody_a_header_and_page_numbers(plant: Plant) -> None:
    full_day(plant)
    found = report_at(plant, END)
    pages = page_texts(report_files.paper(found, settings.get(plant.store), "zh"))
    whole = "".join(pages)
    assert all(one.who["name"] in whole for one in found.people)
    for number, page in enumerate(pages, start=1):
        assert "班次报告 甲班 2026-11-24 白班" in page
        assert f"第 {number} / {len(pages)} 页" in page


def test_english_sheets_have_no_chinese_words_of_ours(plant: Plant) -> None:
    full_day(plant)
    book = book_of(plant, lang="en")
    assert book.sheetnames == ["Overview", "People", "Findings", "Changes", "Signatures"]
    assert dict(rows(book, "Overview"))["Data"] == "The shift is over; data of 20:30"
    assert "07:50 (received 08:10)" in {row[7] for row in rows(book, "People")}


def test_a_night_shift_names_the_day_of_what_is_not_on_its_own(plant: Plant) -> None:
    instance = plant.instance("BING", "2026-11-23", "N")
    found = report(plant.store, instance, at("08:30"), everything)
    overview = dict(rows(load_workbook(io.BytesIO(report_files.workbook(found, "zh"))), "概况"))
    assert overview["时间"] == "20:00–11-24 08:00"


def test_a_file_name_has_ascii_signs_only(plant: Plant) -> None:
    found = report_at(plant, END)
    assert report_files.file_name(found, "pdf") == "shift-JIA-2026-11-24-D.pdf"
    odd = {**found.instance, "crew": '甲/.."班1'}
    renamed = type(found)(**{**vars(found), "instance": odd})
    assert report_files.file_name(renamed, "xlsx") == "shift-1-2026-11-24-D.xlsx"


def test_every_state_mark_and_reason_has_its_word() -> None:
    keys = [f"state.{one}" for one in states.STATES] + [f"mark.{one}" for one in states.MARKS]
    keys += [
        f"how.{one}"
        for one in ("pattern", "added", "standin", "swap", "overtime", "guest", "workbook")
    ]
    keys += [f"ended.{one}" for one in ("leave", "swapped", "replaced", "mistake")]
    keys += [f"outcome.{one}" for outcomes in findings.OUTCOMES.values() for one in outcomes]
    assert [key for key in keys if not all(report_words.WORDS[key])] == []


def test_the_overview_has_every_state_that_is_counted() -> None:
    assert sorted(report_tables.STATE_ORDER) == sorted(set(states.STATES) - {"excused"})


def test_an_empty_report_has_all_headings(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DELETE FROM roster")
    found = report_at(plant, END)
    assert rows(book_of(plant), "人员") == []
    assert "没有" in "".join(page_texts(report_files.paper(found, settings.get(plant.store), "zh")))
    people = report_tables.tables(found, "zh")[1]
    assert people.filled().columns == people.columns
