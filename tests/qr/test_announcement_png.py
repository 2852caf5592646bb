"""The messenger's card: real glyphs, everything inside, the squares as many as the people."""

import datetime
import io

import pytest
from PIL import Image, ImageChops, ImageFont

from qr import announcement_png as card
from qr.announcement_png import announcement_png
from qr.announcement_sheet import MOST_SQUARES, Figure, Sheet, draw_squares
from qr.glyphs import FILES
from tests.qr.printed import Recorder

LONG = "长" * 300


def sheet(**changed):
    words = {
        "lang": "zh",
        "made": datetime.date(2026, 11, 24),
        "kind": "安全承诺公告",
        "company": "濮阳示例化工有限公司",
        "day": "2026年11月24日 星期二",
        "url": "https://aq.example.cn/announcements/x",
        "issued": "09:12 签发，有效到 11月25日 10:00",
        "oath": "我公司今天已做安全风险研判，风险防控措施已落实，装置安全运行。",
        "signatory": "郑一",
        "title": "总经理",
        "figures": (Figure("按时", "41 / 43"), Figure("装置", "4 / 5"), Figure("作业", "12"),
                    Figure("风险等级", "一般风险")),
        "people": (43, 41),
    }  # fmt: skip
    return Sheet(**{**words, **changed})


def image_of(about):
    return Image.open(io.BytesIO(announcement_png(about))).convert("L")


def drawn(monkeypatch, about):
    """Which texts stand where on the card."""
    surface = Recorder()
    surface.output = lambda: b""
    monkeypatch.setattr(card, "PngSurface", lambda *_, **__: surface)
    announcement_png(about)
    return surface.boxes


def test_it_is_1200_by_630():
    assert image_of(sheet()).size == (1200, 630)


@pytest.mark.parametrize("text", ["濮", "阳", "承", "罐", "Ω", "①"])
def test_a_glyph_is_drawn_and_no_box(text):
    """The box that a face without the character would print is another picture."""
    for bold in (False, True):
        font = ImageFont.truetype(FILES[bold], 46)
        box = font.getmask("\U0010fffd")  # in no face: the missing glyph
        glyph = font.getmask(text)
        assert glyph.getbbox() is not None
        assert (glyph.size, bytes(glyph)) != (box.size, bytes(box))


def test_the_company_on_the_card_is_not_the_missing_glyph():
    named = image_of(sheet(company="濮阳示例"))
    boxes = image_of(sheet(company="\U0010fffd" * 4))  # spelt as [U+10FFFD], no box either
    assert ImageChops.difference(named, boxes).getbbox() is not None


def test_two_texts_give_two_pictures_and_equal_ones_equal_bytes():
    assert announcement_png(sheet()) == announcement_png(sheet())
    assert announcement_png(sheet()) != announcement_png(sheet(oath="另一句话。"))


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"company": LONG, "kind": LONG, "day": LONG, "marks": LONG},
        {"oath": LONG, "open": (LONG, LONG, LONG)},
        {"signatory": LONG, "title": LONG, "issued": LONG, "late": LONG},
        {"figures": (Figure(LONG, LONG),) * 4},
        {"figures": (), "people": None},
        {"warning": LONG},
        {"company": "𪚥"},
    ],
    ids=str,
)
def test_nothing_leaves_the_card(monkeypatch, changed):
    for text, x0, y0, x1, y1 in drawn(monkeypatch, sheet(**changed)):
        assert x0 >= 55 and x1 <= 1145.5 and y0 >= 36 and y1 <= 630, text


@pytest.mark.parametrize(
    "changed",
    [
        {"open": ("1 处重大隐患还没有消除。", "2 个班组没有签字。"), "oath": LONG},
        {"late": "晚于 10:00 签发", "marks": "第 2 版，更正，带着没处理的事签发"},
        {"company": LONG, "kind": LONG, "day": LONG, "marks": LONG, "late": LONG, "title": LONG},
    ],
    ids=["open", "late", "long"],
)
def test_no_two_texts_lie_on_each_other(monkeypatch, changed):
    boxes = drawn(monkeypatch, sheet(**changed))
    for n, (_, ax0, ay0, ax1, ay1) in enumerate(boxes):
        for _, bx0, by0, bx1, by1 in boxes[n + 1 :]:
            assert min(ax1, bx1) - max(ax0, bx0) < 2 or min(ay1, by1) - max(ay0, by0) < 8


def test_open_things_beyond_two_are_counted(monkeypatch):
    texts = [box[0] for box in drawn(monkeypatch, sheet(open=("一。", "二。", "三。", "四。")))]
    assert "一。" in texts and "二。 +2" in texts and "三。" not in texts


def test_a_warning_leaves_no_figure_and_no_promise(monkeypatch):
    texts = "".join(box[0] for box in drawn(monkeypatch, sheet(warning="公告与签名不符")))
    assert "公告与签名不符" in texts
    assert "41" not in texts and "研判" not in texts


class Counter(Recorder):
    """Counts the squares of an outline."""

    filled = hollow = 0

    def fill(self, outline, colour):
        self.filled += sum(op == "M" for op, _ in outline)

    def stroke(self, outline, pen):
        self.hollow += sum(op == "M" for op, _ in outline)


@pytest.mark.parametrize(
    "people", [(1, 0), (1, 1), (43, 41), (22, 22), (440, 1), (MOST_SQUARES, 0)]
)
def test_a_square_for_each_person_within_the_height(people):
    surface = Counter()
    height = draw_squares(surface, people, 0, 0, 100, 16)
    n, on = people
    assert (surface.filled, surface.hollow) == (on, n - on)
    assert 0 < height <= 16.01


def test_a_crowd_is_not_drawn_as_dust():
    surface = Counter()
    assert draw_squares(surface, (MOST_SQUARES + 1, 5), 0, 0, 100, 16) == 0
    assert (surface.filled, surface.hollow) == (0, 0)
