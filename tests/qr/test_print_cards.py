"""Sheets of enrolment cards and station labels."""

from datetime import date, datetime

import pypdfium2
import pytest

from qr.cards import (
    CARD_GRID,
    LABEL_GRID,
    EnrolmentCard,
    StationLabel,
    enrolment_cards,
    station_labels,
)
from tests.qr.printed import URL, page_texts, picture, read_codes, text_boxes

DAY = date(2026, 11, 24)
LONG = "对二甲苯装置氧化反应器循环水泵房及其附属的危险化学品中间储罐巡检操作点位"


def card(number, name="张三"):
    return EnrolmentCard(
        name=name,
        number=f"{number:06}",
        crew="生产一部 甲班",
        code=f"7K2M-{number:04}",
        url=f"https://aq.example.cn/enrol/7K2M{number:04}",
    )


def print_cards(cards, **options):
    options = {"company": "濮阳示例化工有限公司（示例）", "made": DAY} | options
    return enrolment_cards(cards, valid_until=datetime(2026, 12, 1, 8, 0), **options)


def test_every_card_is_on_the_sheets_once_in_order():
    cards = [card(number) for number in range(23)]
    pages = page_texts(print_cards(cards))
    assert [page.count("张三") for page in pages] == [10, 10, 3]
    places = ["".join(pages).index(each.code) for each in cards]
    assert places == sorted(places)


def test_a_card_says_whose_it_is_until_when_and_what_to_type():
    (text,) = page_texts(print_cards([card(7)], typed_at="aq.example.cn/enrol"))
    for expected in (
        "濮阳示例化工有限公司（示例）", "张三", "工号 000007", "生产一部 甲班", "7K2M-0007",
        "2026年12月1日 08:00 前有效", "只能用一次", "打开 aq.example.cn/enrol 输入",
    ):  # fmt: skip
        assert expected in text


def test_a_card_in_english():
    (text,) = page_texts(print_cards([card(7)], lang="en"))
    assert "No. 000007" in text and "Valid until 1 December 2026 08:00" in text


def test_every_code_on_a_sheet_can_be_scanned():
    cards = [card(number) for number in range(10)]
    found = read_codes(picture(print_cards(cards), scale=3))
    assert sorted(found) == [each.url for each in cards]


def test_progress_is_told_after_every_page():
    told = []
    print_cards([card(number) for number in range(23)], progress=lambda *now: told.append(now))
    assert told == [(10, 23), (20, 23), (23, 23)]


def test_no_cards_is_one_empty_sheet():
    told = []
    pdf = print_cards([], progress=lambda *now: told.append(now))
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert told == [(0, 0)]


def test_a_rare_character_is_spelled_and_holds_up_nobody():
    (text,) = page_texts(print_cards([card(1, "𠮷野家"), card(2, "李四")]))
    assert "[U+20BB7]野家" in text and "李四" in text


def inside(box, grid, place):
    left, top = grid.corner(place)
    return (
        box[0] >= left and box[1] >= top
        and box[2] <= left + grid.width and box[3] <= top + grid.height
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_long_texts_stay_on_their_card(lang):
    cards = [
        EnrolmentCard(LONG, "9" * 60, LONG, f"7K2M-{n:04}", f"https://h/{n}") for n in range(10)
    ]
    pdf = print_cards(cards, company=LONG * 3, typed_at=LONG, lang=lang)
    for box in text_boxes(pdf):
        assert any(inside(box, CARD_GRID, place) for place in range(CARD_GRID.places))


def test_the_grids_lie_on_a4():
    for grid in (CARD_GRID, LABEL_GRID):
        left, top = grid.corner(grid.places - 1)
        assert left + grid.width <= 210 and top + grid.height <= 297


def test_labels_carry_name_code_and_a_code_that_scans():
    labels = [StationLabel("7K2M41QF", URL, "P-201 泵区", "一层东侧") for _ in range(9)]
    pdf = station_labels(labels, company="濮阳示例化工有限公司", made=DAY)
    first, second = page_texts(pdf)
    assert first.count("7K2M-41QF") == 8 and second.count("7K2M-41QF") == 1
    assert "泵区" in first and "一层东侧" in first and "aq.example.cn/W" in first
    assert read_codes(picture(pdf, scale=3)) == [URL] * 8


def test_long_texts_stay_on_their_label():
    labels = [StationLabel("7K2M41QF", URL, LONG * 2, LONG * 2) for _ in range(8)]
    for box in text_boxes(station_labels(labels, company=LONG * 2, made=DAY)):
        assert any(inside(box, LABEL_GRID, place) for place in range(LABEL_GRID.places))
