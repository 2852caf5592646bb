"""Makes the two font files of this folder from the released fonts; not needed at run time.

Run by hand when the fonts change, as README.md beside it says. Nothing drawn is
changed; added are the small figures and signs U+2070-208B that the release lacks (H₂S, CO₂, 10⁻³).
"""

import argparse
from pathlib import Path

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FACES = {
    "NotoSansSC-Regular-subset.ttf": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold-subset.ttf": "700Bold/NotoSansSC_700Bold.ttf",
}
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x45F),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x257F),
    (0x25A0, 0x25FF), (0x2600, 0x27BF), (0x3000, 0x303F), (0x3105, 0x3129), (0x3200, 0x33FF),
    (0xFE10, 0xFE1F), (0xFE30, 0xFE4F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)  # fmt: skip
SMALL, SUB_DROP, SUPER_RISE = 0.62, -120, 330  # scale; font units of a 1000 em


def main() -> None:
    """Read the release and the table of characters, write the two subsets."""
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("release", type=Path, help="folder of the unpacked font package")
    args.add_argument("table", type=Path, help="text file that holds the 8,105 characters")
    args.add_argument("out", type=Path)
    given = args.parse_args()
    wanted = wanted_characters(given.table.read_text(encoding="utf-8"))
    for name, source in FACES.items():
        make(given.release / source, given.out / name, wanted)


def wanted_characters(table: str) -> set[int]:
    """Code points to keep: the table's, GB 2312's, and the signs that a poster may need."""
    ranges = {point for first, last in RANGES for point in range(first, last + 1)}
    return ranges | _gb2312() | {ord(sign) for sign in table if ord(sign) >= 0x3400}


def make(source: Path, target: Path, wanted: set[int]) -> None:
    """Write the subset of one face: no hints, no layout tables, plus the small figures."""
    font = TTFont(source, recalcTimestamp=False)
    _draw_small_figures(font)
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.save(target)


def _gb2312() -> set[int]:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ord(sign) for sign in (pair.decode("gb2312", "ignore") for pair in pairs) if sign}


def _draw_small_figures(font: TTFont) -> None:
    copies = {0x2080 + n: (0x30 + n, SUB_DROP) for n in range(10)}
    copies |= {0x2070 + n: (0x30 + n, SUPER_RISE) for n in (0, 4, 5, 6, 7, 8, 9)}
    copies |= {0x207A: (0x2B, SUPER_RISE), 0x207B: (0x2212, SUPER_RISE)}
    copies |= {0x208A: (0x2B, SUB_DROP), 0x208B: (0x2212, SUB_DROP)}
    drawn = font.getBestCmap()
    for point, (model, rise) in copies.items():
        if point not in drawn:
            _add_copy(font, point, drawn[model], rise)


def _add_copy(font: TTFont, point: int, model: str, rise: int) -> None:
    glyphs, name = font.getGlyphSet(), f"small{point:04X}"
    pen = TTGlyphPen(None)
    glyphs[model].draw(TransformPen(pen, (SMALL, 0, 0, SMALL, 0, rise)))
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (round(font["hmtx"][model][0] * SMALL), 0)
    if "vmtx" in font:
        font["vmtx"][name] = (1000, 0)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[point] = name


if __name__ == "__main__":
    main()
