"""The notice board's sheet: one page of A4, nothing cut in silence, the text to be selected."""

import datetime

import pypdfium2
import pytest

from qr.announcement_pdf import announcement_pdf
from qr.announcement_sheet import Figure, Row, Sheet, Table
from tests.qr.printed import page_texts, picture, read_codes, text_boxes

URL = "https://aq.example.cn/announcements/3b0a8b0e-5d0e-5a2e-9a51-1e5f1d2b4c6d"
LONG = "长" * 300


def table(title, n, words="第{}行"):
    rows = tuple(Row(words.replace("{}", str(k)), str(k % 7), quiet=k % 7 == 0) for k in range(n))
    return Table(title, rows, note="表下面的话")


def sheet(**changed):
    words = {
        "lang": "zh",
        "made": datetime.date(2026, 11, 24),
        "kind": "安全承诺公告",
        "company": "濮阳示例化工有限公司",
        "day": "2026年11月24日 星期二",
        "url": URL,
        "issued": "09:12 签发，有效到 11月25日 10:00",
        "until": "有效到 11月25日 10:00",
        "oath": "我公司今天已做安全风险研判，风险防控措施已落实，装置安全运行。",
        "signatory": "郑一",
        "title": "总经理",
        "units": (
            Figure("总数", "5"),
            Figure("运行", "4"),
            Figure("停产", "0"),
            Figure("检修", "1"),
        ),
        "people": (43, 41),
        "people_words": "按时 41 人，应到 43 人",
        "tables": (table("特殊作业", 10), table("状态", 9), table("各班", 2)),
        "cut": "其余见网页",
        "check": ("扫码看：还有没有效。", "发现不实，请打 12350。"),
    }
    return Sheet(**{**words, **changed})


def words_of(pdf):
    (page,) = page_texts(pdf)
    return "".join(page.split())


def test_everything_is_there_as_text():
    said = sheet(
        late="晚于 10:00 签发",
        marks="第 2 版，更正",
        open=("1 处重大隐患还没有消除。", "2 个班组没有签字。"),
        notes=("受董事长书面授权签发", "理由：在处置漏点"),
    )
    text = words_of(announcement_pdf(said))
    for part in (said.kind, said.company, said.day, said.issued, said.until, said.oath, said.late,
                 said.marks, *said.open, *said.notes, said.signatory, said.title,
                 said.people_words, *said.check):  # fmt: skip
        assert "".join(part.split()) in text, part
    for each in said.tables:
        assert each.title in text and each.note in text
        for row in each.rows:
            assert f"{row.words}{row.figure}" in text
    assert "".join(URL.split()) in text
    assert said.cut not in text


def test_the_code_leads_to_the_page():
    assert read_codes(picture(announcement_pdf(sheet()), scale=3)) == [URL]


def test_an_address_too_long_for_a_code_stands_in_words():
    url = "https://" + "a" * 120 + ".example.cn/announcements/x"
    pdf = announcement_pdf(sheet(url=url))
    assert read_codes(picture(pdf, scale=3)) == []
    assert "aaaa" in words_of(pdf)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"company": LONG, "kind": LONG, "day": LONG, "issued": LONG, "late": LONG, "marks": LONG},
        {"oath": LONG, "signatory": LONG, "title": LONG},
        {"open": tuple(f"{n} 处重大隐患还没有消除。" for n in range(15))},
        {"open": (LONG,) * 15, "notes": (LONG,) * 7, "oath": LONG},
        {"notes": (LONG,) * 7},
        {"tables": (table("特殊作业", 14), table("状态", 15), table("各班", 120, "第{}班" * 9))},
        {"people": (5000, 4000), "people_words": LONG},
        {"people": (900, 899)},
        {"people": None, "people_words": "", "units": (), "tables": ()},
        {"tables": (Table(LONG, (Row(LONG, LONG),), LONG),)},
    ],
    ids=str,
)
def test_whatever_it_says_is_on_one_page_and_nothing_leaves_it(changed):
    pdf = announcement_pdf(sheet(**changed))
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    document.close()
    for x0, y0, x1, y1 in text_boxes(pdf):
        assert x0 >= 15 and x1 <= 195.5 and y0 >= 12 and y1 <= 287, (x0, y0, x1, y1)


@pytest.mark.parametrize(
    "changed",
    [
        {"open": tuple(f"{n} 处重大隐患还没有消除。" for n in range(15)), "notes": (LONG,) * 4},
        {"tables": (table("特殊作业", 14), table("状态", 15), table("各班", 120))},
    ],
    ids=["much open", "many shifts"],
)
def test_no_two_texts_lie_on_each_other(changed):
    boxes = text_boxes(announcement_pdf(sheet(**changed)))
    for n, (ax0, ay0, ax1, ay1) in enumerate(boxes):
        for bx0, by0, bx1, by1 in boxes[n + 1 :]:
            across = min(ax1, bx1) - max(ax0, bx0)
            down = min(ay1, by1) - max(ay0, by0)
            assert across < 0.5 or down < 0.8, (boxes[n], (bx0, by0, bx1, by1))


def test_what_has_no_room_is_said_to_be_on_the_page():
    many = sheet(tables=(table("特殊作业", 14), table("各班", 200)))
    text = words_of(announcement_pdf(many))
    assert many.cut in text
    assert "第0行" in text and "第199行" not in text


def test_a_sheet_without_room_for_one_row_says_so_too():
    full = sheet(open=("一句话。",) * 15, notes=(LONG,) * 7, oath=LONG)
    assert full.cut in words_of(announcement_pdf(full))


def test_few_rows_are_larger_than_many():
    few = text_boxes(announcement_pdf(sheet(tables=(table("特殊作业", 4),))))
    many = text_boxes(announcement_pdf(sheet(tables=(table("特殊作业", 60), table("状态", 40)))))
    assert max(y1 - y0 for _, y0, _, y1 in few) >= max(y1 - y0 for _, y0, _, y1 in many)


def test_a_warning_leaves_no_figure():
    text = words_of(announcement_pdf(sheet(warning="公告与签名不符")))
    assert "公告与签名不符" in text
    assert "41" not in text and "特殊作业" not in text


def test_a_character_without_a_glyph_is_named_by_its_code():
    text = words_of(announcement_pdf(sheet(company="𪚥公司", oath="张\U0002a6a5")))
    assert "[U+2A6A5]公司" in text and "张[U+2A6A5]" in text


def test_equal_input_gives_equal_bytes():
    assert announcement_pdf(sheet()) == announcement_pdf(sheet())


def test_the_file_is_small():
    assert len(announcement_pdf(sheet())) < 120_000
