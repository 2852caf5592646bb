"""A file is looked at before it is parsed: what it is, how much it holds, what it brings along."""

from __future__ import annotations

import io
import zipfile

import pytest

from shiftapp.exchange import archive
from shiftapp.exchange.archive import Package, unpack
from shiftapp.exchange.faults import Fault
from shiftapp.exchange.reading import read_workbook
from tests.exchange.books import SMALL, file, opened, saved, small

MB = 1024 * 1024


def rewritten(**parts: bytes) -> io.BytesIO:
    """The small plant's file with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(file()) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    out.seek(0)
    return out


def refused(stream: io.BytesIO) -> str:
    plan = read_workbook(stream)
    assert plan.lines == {}
    (fault,) = plan.faults
    return fault.code


def test_a_good_file_is_counted() -> None:
    package = unpack(file())
    assert isinstance(package, Package)
    assert sum(package.rows.values()) > len(SMALL["person"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_xlsx"),
        ("工号,姓名\n1,张三\n".encode(), "not_xlsx"),
        (b"%PDF-1.7", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_xls"),
        (b"PK\x03\x04 cut off", "damaged"),
    ],
)
def test_what_is_no_workbook_is_told(content: bytes, code: str) -> None:
    assert refused(io.BytesIO(content)) == code


def test_a_file_cut_off_is_damaged() -> None:
    whole = file().getvalue()
    assert refused(io.BytesIO(whole[: len(whole) // 2])) == "damaged"


def test_a_zip_of_something_else_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    assert refused(io.BytesIO(out.getvalue())) == "not_xlsx"


def test_a_large_file_is_refused_before_it_is_opened() -> None:
    assert refused(io.BytesIO(b"PK" + bytes(20 * MB))) == "too_big"


def test_a_zip_bomb_is_refused_before_it_is_parsed() -> None:
    bomb = rewritten(**{"xl/worksheets/sheet3.xml": b" " * (21 * MB)})
    assert len(bomb.getvalue()) < MB
    assert refused(bomb) == "too_big_unpacked"


def test_many_small_parts_add_up() -> None:
    parts = {f"xl/media/{n}.bin": bytes(2 * MB) for n in range(11)}
    assert refused(rewritten(**parts)) == "too_big_unpacked"


def test_a_zip_that_lies_about_sizes_is_not_believed() -> None:
    """The size in the directory is set to 9 bytes: the reader stops there and sees the lie."""
    data = bytearray(rewritten(**{"xl/worksheets/sheet3.xml": b" " * (21 * MB)}).getvalue())
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet3.xml"))
    data[place + 24 : place + 28] = (9).to_bytes(4, "little")
    assert refused(io.BytesIO(bytes(data))) == "damaged"


def test_entities_are_not_expanded() -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(2, 9))
        + ']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>&a8;</t></si></sst>"
    )
    assert refused(rewritten(**{"xl/sharedStrings.xml": laughs.encode()})) == "damaged"


def test_macros_and_links_to_other_files_are_refused() -> None:
    assert refused(rewritten(**{"xl/vbaProject.bin": b"x"})) == "macros"
    link = {"xl/externalLinks/externalLink1.xml": b"<x/>"}
    assert refused(rewritten(**link)) == "external_links"


def test_an_encrypted_part_is_damaged() -> None:
    data = bytearray(file().getvalue())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1  # the flag of an encrypted part
    assert refused(io.BytesIO(bytes(data))) == "damaged"


def people(count: int) -> io.BytesIO:
    rows = [{"no": f"{n:06}", "name": "某"} for n in range(count)]
    return saved(opened(small(person=rows, post=[], role=[])))


def test_twenty_thousand_rows_are_read_and_one_more_is_not() -> None:
    full = read_workbook(people(archive.MOST_ROWS))
    assert full.faults == [] and len(full.lines["person"]) == archive.MOST_ROWS
    found = unpack(people(archive.MOST_ROWS + 1))
    assert isinstance(found, Fault) and found.code == "too_many_rows"


def test_one_row_more_without_an_example_is_seen_while_reading() -> None:
    book = opened(
        small(
            person=[{"no": f"{n:06}", "name": "某"} for n in range(archive.MOST_ROWS + 1)],
            post=[],
            role=[],
        ),
        first_row=2,
    )
    assert [fault.code for fault in read_workbook(saved(book)).faults] == ["too_many_rows"]


def test_progress_reaches_the_end() -> None:
    told: list[tuple[int, int]] = []
    read_workbook(people(2000), lambda done, total: told.append((done, total)))
    assert len(told) > 3 and told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
