"""QR symbols as matrix, SVG, PNG and terminal text, read back by another program."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qr.code import (
    QUIET_MODULES,
    AddressError,
    qr_matrix,
    qr_png,
    qr_runs,
    qr_svg,
    qr_terminal,
    station_url,
)
from tests.qr.printed import URL, read_codes

hosts = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,8})?\Z")


def draw(rows, unit=6):
    """A picture of rows of modules, true is dark."""
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            image.putpixel((x, y), 0 if dark else 255)
    return image.resize((image.width * unit, image.height * unit), Image.Resampling.NEAREST)


@given(hosts)
@settings(max_examples=30)
def test_a_station_address_is_read_back_from_the_png(host):
    url = station_url(f"https://{host}", "7K2M41QF", "W1T9V485JDP5PWF8")
    assert read_codes(qr_png(url, module_px=4)) == [url]


@pytest.mark.parametrize(
    ("length", "version"), [(11, 3), (12, 4), (31, 4), (32, 5), (51, 5), (52, 6), (72, 6)]
)
def test_the_size_of_the_code_grows_with_the_host(length, version):
    matrix = qr_matrix(station_url("https://" + "a" * length, "7K2M41QF", "W1T9V485JDP5PWF8"))
    assert len(matrix) == 17 + 4 * version


@pytest.mark.parametrize("text", ["A" * 109, "a" * 5000])
def test_a_text_too_long_to_scan_well_is_refused(text):
    with pytest.raises(AddressError) as caught:
        qr_matrix(text)
    assert caught.value.reason == "too_long"


def test_a_station_code_is_at_level_q_in_alphanumeric_mode():
    # 49 signs at Q take version 4; as bytes they would take version 5
    assert len(URL) == 49
    assert len(qr_matrix(URL)) == 33
    assert len(qr_matrix(URL.lower())) == 37


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=18))
@settings(max_examples=30)
def test_the_runs_are_exactly_the_dark_modules(text):
    matrix = qr_matrix(text)
    dark = {(x + n, y) for x, y, length in qr_runs(matrix) for n in range(length)}
    expected = {(x, y) for y, row in enumerate(matrix) for x, value in enumerate(row) if value}
    assert dark == expected


def test_the_svg_holds_the_code_with_its_quiet_zone():
    svg, matrix = qr_svg(URL), qr_matrix(URL)
    side = len(matrix) + 2 * QUIET_MODULES
    assert f'viewBox="0 0 {side} {side}"' in svg
    rows = [[False] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for n in range(int(length)):
            rows[int(y)][int(x) + n] = True
    assert not any(any(row) for row in rows[:QUIET_MODULES] + rows[-QUIET_MODULES:])
    assert read_codes(draw(rows)) == [URL]


@pytest.mark.parametrize("ansi", [False, True])
def test_the_terminal_picture_can_be_scanned(ansi):
    text = qr_terminal("http://127.0.0.1:5000/", ansi=ansi)
    assert text.count("\x1b[97;40m") == (text.count("\n") if ansi else 0)
    plain = re.sub("\x1b\\[[0-9;]*m", "", text)
    rows = []
    for line in plain.splitlines():  # a block is light, a blank is dark
        rows.append([sign in " ▄" for sign in line])
        rows.append([sign in " ▀" for sign in line])
    assert read_codes(draw(rows)) == ["http://127.0.0.1:5000/"]
