"""The paper sheet of a crew: read back with an engine that shares no code with the writer."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from qr.code import AddressError
from qr.crew_sheet import ROWS_A_PAGE, CrewSheet, Line, crew_sheet_pdf
from tests.qr.printed import page_texts, picture, read_codes, text_boxes

URL = "https://aq.example.cn/board/JIA/2026-11-24/D/paper"
LONG = "对二甲苯装置氧化反应器循环水泵房及其附属的危险化学品中间储罐巡检操作点位"


def lines(count, run=True):
    return [Line(f"张三{n:02}", f"{n:06}", "P-201 泵区", run) for n in range(count)]


@pytest.fixture
def sheet():
    return CrewSheet(
        url=URL,
        company="濮阳示例化工有限公司（示例）",
        crew="甲班",
        date=date(2026, 11, 24),
        shift="白班 08:00–20:00",
        oath="今天按规程操作；有异常，我先停、先报。",
        lines=lines(6),
        made=date(2026, 11, 23),
    )


def test_it_says_whose_and_when_and_has_a_place_for_every_mark(sheet):
    (text,) = page_texts(crew_sheet_pdf(sheet))
    for expected in (
        "濮阳示例化工有限公司（示例）", "班前承诺点名表", "甲班", "2026年11月24日",
        "白班 08:00–20:00", "有异常，我先停、先报", "姓名 工号", "工位", "承诺",
        "手指口述", "本人签", "没到的原因", "班长签字：", "填表时间：",
        "第 1 / 1 页", "2026年11月23日 打印", "不倒填",
    ):  # fmt: skip
        assert expected in text, expected


def test_the_code_leads_to_the_page_of_entry(sheet):
    assert read_codes(picture(crew_sheet_pdf(sheet), scale=3)) == [URL]


@pytest.mark.parametrize(("people", "pages"), [(0, 1), (1, 1), (18, 1), (19, 2), (60, 4)])
def test_a_crew_fills_as_many_pages_as_it_needs(sheet, people, pages):
    found = page_texts(crew_sheet_pdf(replace(sheet, lines=lines(people))))
    assert len(found) == pages and ROWS_A_PAGE == 18
    whole = "".join(found)
    assert all(f"张三{n:02}" in whole for n in range(people))
    for number, text in enumerate(found, 1):
        assert f"第 {number} / {pages} 页" in text and "班长签字" in text and "甲班" in text


def test_every_page_has_the_code(sheet):
    pdf = crew_sheet_pdf(replace(sheet, lines=lines(40)))
    assert [read_codes(picture(pdf, page, scale=3)) for page in range(3)] == [[URL]] * 3


def test_it_is_a4(sheet):
    document = pypdfium2.PdfDocument(crew_sheet_pdf(sheet))
    try:
        size = [round(side * 25.4 / 72) for side in document[0].get_size()]
    finally:
        document.close()
    assert size == [210, 297]


def test_a_box_to_tick_stands_where_something_is_asked(sheet):
    def boxes(run):
        document = pypdfium2.PdfDocument(crew_sheet_pdf(replace(sheet, lines=lines(3, run))))
        try:
            kind = pypdfium2.raw.FPDF_PAGEOBJ_PATH
            bounds = [one.get_bounds() for one in document[0].get_objects(filter=[kind])]
        finally:
            document.close()
        sides = [(x1 - x0, y1 - y0) for x0, y0, x1, y1 in bounds]
        return sum(all(15 < side < 21 for side in one) for one in sides)

    assert (boxes(True), boxes(False)) == (6, 3)


def test_who_is_asked_for_no_calling_has_words_in_its_place(sheet):
    (text,) = page_texts(crew_sheet_pdf(replace(sheet, lines=lines(2, run=False))))
    assert text.count("只承诺") == 2


def test_a_rare_character_is_spelled_and_no_box_is_printed(sheet):
    rare = [Line("𠮷野家", "1001", "泵𠮷区", True)]
    (text,) = page_texts(crew_sheet_pdf(replace(sheet, lines=rare, company="𠮷厂")))
    assert text.count("[U+20BB7]") == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_long_texts_stay_in_their_places(sheet, lang):
    long = replace(
        sheet,
        lines=[Line(LONG, "9" * 40, LONG * 2, number % 2 == 0) for number in range(18)],
        company=LONG * 2,
        crew=LONG,
        shift=LONG,
        oath=LONG * 4,
        lang=lang,
    )
    boxes = text_boxes(crew_sheet_pdf(long))
    assert all(x0 >= 11 and y0 >= 8 and x1 <= 199 and y1 <= 290 for x0, y0, x1, y1 in boxes)
    head = [box for box in boxes if box[1] < 53]
    assert all(box[2] <= 159 for box in head), "nothing runs into the code"


def test_it_speaks_english(sheet):
    (text,) = page_texts(crew_sheet_pdf(replace(sheet, lang="en")))
    for said in ("Crew sheet", "24 November 2026", "Promised", "Leader's signature", "backdated"):
        assert said in text, said


def test_the_same_sheet_is_the_same_bytes(sheet):
    assert crew_sheet_pdf(sheet) == crew_sheet_pdf(sheet)


def test_an_address_too_long_for_a_code_is_refused(sheet):
    with pytest.raises(AddressError):
        crew_sheet_pdf(replace(sheet, url="https://" + "a" * 150))
