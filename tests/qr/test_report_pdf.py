"""Tables on paper: nothing is cut, nothing leaves the page, what cannot be printed is named."""

import datetime

import pypdfium2
import pytest

from qr.report import BOTTOM, LEFT, RIGHT, Section, report_pdf
from tests.qr.printed import page_texts, text_boxes

MADE = datetime.date(2026, 11, 24)


def section(rows, title="人员", heads=("工号", "姓名", "原因"), widths=(10, 14, 30)):
    return Section(title, heads, widths, tuple(rows), empty="没有")


def made(*sections, **changed):
    words = {"title": "班次报告 甲班", "note": "数据到 08:30", "company": "示例公司",
             "page": "第 {n} / {of} 页", "made": MADE, "lang": "zh"}  # fmt: skip
    return report_pdf(sections, **{**words, **changed})


def people(n):
    return [(f"{k:05}", f"员工{k}", "在路上，还有十分钟，已经打过电话" * (k % 4)) for k in range(n)]


def test_three_hundred_people_are_all_there_under_headings_on_each_page():
    pages = page_texts(made(section(people(300))))
    assert len(pages) > 5
    whole = "".join(pages)
    assert all(f"{k:05}" in whole for k in range(300))
    for number, page in enumerate(pages, start=1):
        assert "班次报告 甲班" in page and "工号" in page
        assert f"第 {number} / {len(pages)} 页" in page


def test_nothing_leaves_the_page():
    pdf = made(section(people(120)), section([("1", "长" * 400, "W" * 900)], title="长"))
    for number in range(len(pypdfium2.PdfDocument(pdf))):
        for x0, _, x1, y1 in text_boxes(pdf, number):
            assert x0 >= LEFT - 0.5 and x1 <= RIGHT + 0.5 and y1 <= BOTTOM + 8


def test_a_text_longer_than_a_page_goes_on_below_and_is_whole():
    text = "甲乙丙丁戊己庚辛" * 400
    whole = "".join(page_texts(made(section([("1", "长", text)]))))
    assert sum(whole.count(sign) for sign in "戊") == 400


def test_the_lines_of_a_cell_stand_below_each_other():
    (page,) = page_texts(made(section([("1", "张三", "第一行\n第二行")])))
    assert "第一行" in page and "第二行" in page and "第一行第二行" not in page.replace("\r", "")


def test_a_table_without_rows_says_so():
    (page,) = page_texts(made(section([])))
    assert "没有" in page and "工号" not in page


def test_a_character_without_a_glyph_is_named_by_its_code():
    (page,) = page_texts(made(section([("1", "张\U0002a6a5", "")]), company="𪚥公司"))
    assert "张[U+2A6A5]" in page and "[U+2A6A5]公司" in page


def test_controls_and_odd_signs_do_no_harm():
    (page,) = page_texts(made(section([("1", "a\x00b\x1b", "=1+1")])))
    assert "=1+1" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_input_gives_equal_bytes(lang):
    rows = [("1", "Zhang San", "on the way")]
    assert made(section(rows), lang=lang) == made(section(rows), lang=lang)
