"""The two faces: their bytes, their licence, what they draw, and what happens when they do not."""

import hashlib
import string

import pytest

from qr.glyphs import (
    FILES,
    FOLDER,
    MissingGlyphs,
    clean,
    missing_glyphs,
    require_glyphs,
    spell_missing,
    text_width,
    widths,
)


@pytest.mark.parametrize("file", FILES.values(), ids=lambda file: file.name)
def test_the_files_are_the_ones_that_the_readme_names(file):
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert f"`{file.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert digest in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert file.stat().st_size < 6_000_000


def test_the_licence_lies_beside_the_files():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


def gb2312():
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in pairs)


def test_all_of_gb2312_can_be_printed():
    assert len(gb2312()) == 7445
    assert missing_glyphs(gb2312()) == []


def test_the_table_of_general_standard_characters_can_be_printed():
    # 8,105 in the table and 162 more of GB 2312; some of its third level, beyond GBK and the BMP
    han = [sign for sign in widths(False) if "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000"]
    assert len(han) >= 8105
    assert (
        missing_glyphs("堃喆犇淼鑫濮濉瀍䲠䴙㸆㧐鿍鿎鿏\U0002c2a4\U0002a917\U0002bd77𬭛𬬭𫓧") == []
    )


@pytest.mark.parametrize(
    "text",
    [
        string.printable[:95],
        "，。、；：？！“”‘’（）《》【】「」…—～·￥",
        "①②③⑩⑳⑴⒈ⅠⅡⅢⅣ←↑→↓⇒↗",
        "℃°‰％×÷±≤≥≠≈∞∑√Ωµμφδ㎡㎥㎏㎜㏄",
        "H₂S CO₂ NH₃ C₄H₁₀ 10⁻³ m³ m² Ca²⁺ SO₄²⁻",
        "★☆○●◎◇◆□■△▲▽▼✓",
        "éüñçÀß Привет αβγ",
        "ａｂｃ１２３　＃３",
    ],
)
def test_the_signs_of_a_plant_can_be_printed(text):
    assert missing_glyphs(text) == []


def test_both_faces_draw_the_same_characters():
    assert set(widths(False)) == set(widths(True))


def test_a_missing_character_is_named_once():
    assert missing_glyphs("𠮷野家😀家𠮷") == ["𠮷", "😀"]
    with pytest.raises(MissingGlyphs, match=r"U\+20BB7.*U\+1F600") as caught:
        require_glyphs("P-201", "𠮷野家😀")
    assert caught.value.characters == ["𠮷", "😀"]
    require_glyphs("P-201 泵区")


def test_a_missing_character_can_be_spelled():
    assert spell_missing("𠮷野家") == "[U+20BB7]野家"
    assert spell_missing("张三") == "张三"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  P-201   泵区 \n", "P-201 泵区"),
        ("王五\u200b示例\ufeff", "王五 示例"),
        ("甲　　乙", "甲　　乙"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_text_is_cleaned_to_one_printable_line(text, expected):
    assert clean(text) == expected


def test_widths_are_in_the_unit_of_the_size():
    assert text_width("泵区", 5) == 10
    assert text_width("0123456789", 10) == pytest.approx(55.5)  # figures of one width
    assert text_width("7K2M", 10, bold=True) > text_width("7K2M", 10)
