"""Lines and sizes: nothing is lost, nothing is wider than its box."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qr.typeset import ELLIPSIS, Piece, fit, fit_any, line_width, wrap

texts = st.text(
    alphabet=st.sampled_from("泵区一层东侧，。；（）《》“”、 ab-201MPa.℃　危险化学品"), max_size=80
)


def plain(block):
    return ["".join(piece.text for piece in line) for line in block.lines]


@given(texts, st.floats(12, 90), st.floats(2, 8))
def test_no_line_is_wider_than_the_box(text, width, size):
    for line in wrap([Piece(text)], width, size):
        assert line_width(line, size) <= width + 1e-6


@given(texts, st.floats(12, 90))
def test_wrapping_loses_nothing_but_blanks(text, width):
    lines = ["".join(piece.text for piece in line) for line in wrap([Piece(text)], width, 4)]
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(texts, texts, st.floats(12, 90), st.integers(1, 4))
def test_a_block_keeps_to_its_width_and_lines(strong, text, width, lines):
    block = fit([Piece(strong, True), Piece(text)], width, size=6, least=2, lines=lines)
    assert len(block.lines) <= lines
    assert block.width <= width + 1e-6
    assert 2 <= block.size <= 6
    assert block.cut == (bool(block.lines) and plain(block)[-1].endswith(ELLIPSIS))


@given(st.text(alphabet="泵区危险一二三四五六，。；、》”（《“", max_size=60), st.floats(40, 90))
def test_a_mark_never_begins_or_ends_the_wrong_line(text, width):
    assume(not re.search("[，。；、》”（《“]{4}", text))  # a long run has to break somewhere
    lines = wrap([Piece("泵" + text)], width, 4)
    assert not any(line[0].text[0] in "，。；、》”" for line in lines)
    assert not any(line[-1].text[-1] in "（《“" for line in lines[:-1])


def test_a_long_text_wraps_then_shrinks_then_ends_in_an_ellipsis():
    one = fit("泵区" * 5, 40, size=4, least=2, lines=2)
    assert (one.size, len(one.lines), one.cut) == (4, 1, False)
    two = fit("泵区" * 8, 40, size=4, least=2, lines=2)
    assert (two.size, len(two.lines), two.cut) == (4, 2, False)
    small = fit("泵区" * 15, 40, size=4, least=2, lines=2)
    assert small.size < 4 and not small.cut
    cut = fit("泵区" * 99, 40, size=4, least=2, lines=2)
    assert cut.size == 2 and cut.cut and plain(cut)[-1].endswith(ELLIPSIS)


def test_lines_are_balanced():
    assert plain(fit("P-201 泵区", 25, size=7, least=5, lines=2, bold=True)) == ["P-201", "泵区"]
    assert plain(fit("一二三四五六七", 24, size=4, least=4, lines=2)) == ["一二三四", "五六七"]


def test_a_table_is_not_balanced():
    assert plain(fit("一二三四五六七", 24, size=4, least=4, lines=99)) == ["一二三四五六", "七"]


def test_a_smaller_size_comes_before_a_broken_word():
    block = fit("Alexander Example-Longname", 40, size=7, least=2.6, lines=2, bold=True)
    assert plain(block) == ["Alexander", "Example-Longname"]
    assert not block.torn


def test_a_word_wider_than_any_line_is_broken():
    block = fit("x" * 200, 40, size=4, least=3, lines=99)
    assert block.torn and not block.cut
    assert "".join(plain(block)) == "x" * 200


def test_the_first_try_that_takes_the_text_is_used():
    tries = ((8, 6, 1), (5, 4, 2), (3, 2, 3))
    assert fit_any("泵区", 40, tries).size == 8
    assert fit_any("泵区一层东侧十个字的", 40, tries).size == 5
    assert fit_any("泵区一层东侧" * 20, 40, tries).cut


@pytest.mark.parametrize("text", ["", " ", "　"])
def test_an_empty_text_is_no_line(text):
    block = fit(text, 40, size=4, least=2)
    assert block.lines == () and block.height == 0 and block.width == 0


def test_words_of_ours_may_break_where_they_say():
    assert plain(fit("重大\n风险", 17, size=8, least=4, lines=2)) == ["重大", "风险"]
