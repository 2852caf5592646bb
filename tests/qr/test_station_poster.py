"""The A4 poster: what it says, that it can be scanned, and that nothing leaves its place."""

import io
from dataclasses import replace
from datetime import date
from itertools import combinations

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qr.code import AddressError, station_url
from qr.glyphs import MissingGlyphs
from qr.notice import Row
from qr.pictogram import known_equipment
from qr.poster import Poster, Sign, cut_texts, draw_poster, poster_pdf, poster_png
from qr.words import EQUIPMENT, WORDS
from tests.qr.printed import URL, Recorder, page_texts, picture, read_codes, text_boxes

LONG = "对二甲苯装置氧化反应器循环水泵房及其附属的危险化学品中间储罐巡检操作点位"
words = st.text(alphabet=st.sampled_from("泵区危险化学品（）、，。 -201abcMPa℃"), max_size=160)
kinds = st.sampled_from([*known_equipment(), "odd"])
filled = words.filter(str.strip)


def collisions(boxes):
    return [
        (one[0], two[0])
        for one, two in combinations(boxes, 2)
        if min(one[3], two[3]) - max(one[1], two[1]) > 0.05
        and min(one[4], two[4]) - max(one[2], two[2]) > 0.05
    ]


def outside(boxes):
    return [box for box in boxes if box[1] < 13.9 or box[3] > 196.1 or box[2] < 8 or box[4] > 290]


def test_the_pdf_says_everything(poster):
    (text,) = page_texts(poster_pdf(poster))
    for expected in (
        "濮阳示例化工有限公司", "MTBE 装置一层东侧", "P-201 泵区", "较大", "风险", "7K2M-41QF",
        "1 扫码", "2 指着它", "3 大声说", "戴安全帽", "带检测仪", "不用普通手机",
        "岗位安全风险告知卡", "外操巡检", "机封泄漏着火", "先撤到上风口，再打电话",
        "应急电话", "0393-000 0119", "编号 FX-201", "第 3 版", "2026年11月24日",
        "打开 aq.example.cn/W 输入",
    ):  # fmt: skip
        assert expected in text


def test_the_line_about_no_signal_is_printed_only_where_it_is_true(poster):
    (text,) = page_texts(poster_pdf(poster))
    assert "先联网开过一次没信号也行" in text.replace("\n", "").replace("\r", "")
    plain = station_url("http://aq.example.cn", "7K2M41QF", "W1T9V485JDP5PWF8")
    (text,) = page_texts(poster_pdf(replace(poster, url=plain)))
    assert "没信号" not in text and "先联网" not in text and "相机或微信" in text


@pytest.mark.parametrize(("risk", "lang"), [("A", "zh"), ("B", "en"), ("C", "zh"), ("D", "en")])
def test_pdf_and_png_scan_to_the_address(poster, risk, lang):
    poster = replace(poster, risk=risk, lang=lang)
    assert read_codes(picture(poster_pdf(poster))) == [URL]
    assert read_codes(poster_png(poster)) == [URL]


def test_the_longest_host_still_scans(poster):
    url = station_url("https://" + "a" * 72, "7K2M41QF", "W1T9V485JDP5PWF8")
    assert read_codes(picture(poster_pdf(replace(poster, url=url)))) == [url]


def test_a_longer_host_is_refused(poster):
    url = station_url("https://" + "a" * 73, "7K2M41QF", "W1T9V485JDP5PWF8")
    with pytest.raises(AddressError):
        poster_pdf(replace(poster, url=url))


def test_a_grey_copy_still_scans_and_tells_the_levels_apart(poster):
    grey = [picture(poster_pdf(replace(poster, risk=risk))).convert("1") for risk in "ABCD"]
    assert len({image.crop((847, 57, 995, 206)).tobytes() for image in grey}) == 4
    assert read_codes(grey[0]) == [URL]


def test_the_code_has_its_quiet_zone(poster):
    image = picture(poster_pdf(replace(poster, company=LONG, name=LONG, place=LONG)), scale=4)
    unit = 4 * 72 / 25.4  # pixels a mm
    quiet = 4 * 84 / 33
    left, top, side = 14.0, 52.2, 84.0
    around = image.convert("L").crop(
        [
            round(unit * edge)
            for edge in (left - quiet, top - quiet, left + side + quiet, top + side + quiet)
        ]
    )
    inner = round(unit * quiet)
    around.paste(255, (inner - 2, inner - 2, around.width - inner + 2, around.height - inner + 2))
    assert around.getextrema() == (255, 255)


def test_the_english_poster_has_no_chinese_of_ours(poster):
    english = replace(
        poster, lang="en", company="Puyang Example Chemical", place="Ground floor",
        name="P-201 pump area", job="Field round", rows=(Row("Prevention", "Stand upwind"),),
    )  # fmt: skip
    (text,) = page_texts(poster_pdf(english))
    assert text.isascii() or all(ord(sign) < 0x2E80 or sign == "　" for sign in text)
    for expected in ("Serious", "1 Scan", "2 Point", "3 Call it out", "Safety helmet", "Emergency"):
        assert expected in text
    assert "24 November 2026" in text


def test_both_languages_have_the_same_words():
    assert set(WORDS["zh"]) == set(WORDS["en"])
    assert set(EQUIPMENT) == set(known_equipment())


def test_equal_input_gives_equal_bytes(poster):
    assert poster_pdf(poster) == poster_pdf(poster)
    assert poster_png(poster, dpi=72) == poster_png(poster, dpi=72)


def test_the_pdf_is_small_and_its_code_is_drawn_not_a_picture(poster):
    pdf = poster_pdf(poster)
    assert len(pdf) < 150_000
    document = pypdfium2.PdfDocument(pdf)
    image = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    assert list(document[0].get_objects(filter=[image])) == []
    assert document.get_metadata_dict()["Title"] == "P-201 泵区 7K2M-41QF"
    document.close()


def test_the_png_is_a_sheet_of_a4(poster):
    image = Image.open(io.BytesIO(poster_png(poster, dpi=100)))
    assert image.size == (827, 1169)


def test_several_posters_are_several_pages(poster):
    second = replace(poster, name="V-101 罐区", risk="A")
    first_page, second_page = page_texts(poster_pdf(poster, second))
    assert "泵区" in first_page and "罐区" not in first_page
    assert "罐区" in second_page


def test_a_missing_character_is_named_and_nothing_is_printed(poster):
    bad = replace(poster, name="𠮷 泵区", rows=(Row("后果", "😀"),))
    for print_it in (poster_pdf, poster_png):
        with pytest.raises(MissingGlyphs) as caught:
            print_it(bad)
        assert caught.value.characters == ["𠮷", "😀"]


def test_what_is_cut_short_is_told_before_printing(poster):
    assert cut_texts(poster) == []
    long = replace(poster, rows=(*poster.rows, Row("操作要点", LONG * 20)))
    (line,) = cut_texts(long)
    assert line.endswith("…") and line[:-1] in LONG * 20


def test_an_unknown_sign_gets_the_general_one_and_its_words(poster):
    (text,) = page_texts(poster_pdf(replace(poster, signs=(Sign("apron", "穿围裙"),))))
    assert "穿围裙" in text


@pytest.mark.parametrize(
    "wrong",
    [{"risk": "E"}, {"signs": (Sign("helmet"),) * 9}, {"rows": (Row("后果", "x"),) * 9}],
)
def test_what_cannot_be_laid_out_is_refused(poster, wrong):
    with pytest.raises(ValueError):
        replace(poster, **wrong)


def test_a_bare_poster_needs_only_its_code(poster):
    bare = Poster(
        url=URL, code="7K2M41QF", company="", place="", name="泵区", risk="D", made=poster.made
    )
    (text,) = page_texts(poster_pdf(bare))
    assert "告知卡" not in text and "应急" not in text and "编号" not in text
    assert read_codes(poster_png(bare)) == [URL]


@given(
    company=words, place=words, name=filled, job=words, phone=words, number=words,
    signs=st.lists(st.builds(Sign, kinds, words), max_size=8),
    rows=st.lists(st.builds(Row, words, words, words), max_size=8),
    phone_free=st.booleans(), risk=st.sampled_from("ABCD"), lang=st.sampled_from(["zh", "en"]),
)  # fmt: skip
@settings(max_examples=40)
def test_no_text_leaves_the_sheet_or_covers_another(**values):
    values |= {"signs": tuple(values["signs"]), "rows": tuple(values["rows"])}
    surface = Recorder()
    day = date(2026, 11, 24)
    draw_poster(surface, Poster(url=URL, code="7K2M41QF", version="3", made=day, **values))
    assert outside(surface.boxes) == []
    assert collisions(surface.boxes) == []


def test_very_long_texts_stay_on_the_real_page(poster):
    rows = tuple(Row("一二三四五六七八九十" * 3, LONG * 9, LONG) for _ in range(8))
    full = replace(
        poster, name=LONG * 4, company=LONG * 2, place=LONG * 2, phone="0393-000 0119 " * 9,
        number="N" * 90, job=LONG * 2, rows=rows,
        signs=tuple(Sign(kind, LONG) for kind in known_equipment()[:8]),
    )  # fmt: skip
    pdf = poster_pdf(full)
    for left, top, right, bottom in text_boxes(pdf):
        assert left >= 13 and right <= 197 and top >= 8 and bottom <= 290
    assert "…" in page_texts(pdf)[0]
    assert read_codes(picture(pdf)) == [URL]
