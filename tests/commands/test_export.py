"""What is printed for a plant: `shiftapp export --cards`, `--posters`, `--labels`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import qr.code
from shiftapp.model import devices, places
from tests.exchange.books import file, small, with_row
from tests.qr.printed import page_texts, picture, read_codes
from tests.terminal import Cli


@pytest.fixture
def filled(cli: Cli, tmp_path: Path) -> Cli:
    """The small plant, imported."""
    bring_in(cli, tmp_path)
    return cli


def bring_in(cli: Cli, folder: Path, **changed: object) -> None:
    path = folder / "plant.xlsx"
    path.write_bytes(file(with_row("station", 0, **changed)).getvalue())
    cli.run("import", str(path))


def test_cards_for_everybody_without_a_phone(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "cards.pdf"
    told = filled.json("export", "--cards", str(path))
    assert told["cards"] == 9 and stat.S_IMODE(path.stat().st_mode) == 0o600
    codes = [url.rpartition("/")[2] for url in read_codes(picture(path.read_bytes(), scale=4))]
    assert len(set(codes)) == 9
    store = filled.store()
    found = {devices.code(store, code, told["expires_ms"] - 1)["person"] for code in codes}
    store.close()
    assert len(found) == 9


def test_cards_of_one_crew(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "cards.pdf"
    said = filled.run("export", "--cards", str(path), "--crew", "YI").output
    assert "1 of them, good for 7 days" in said
    (text,) = page_texts(path.read_bytes())
    assert "夜班一" in text and "员工1" not in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--cards", "x.pdf", "--crew", "DING"), "There is no crew DING"),
        (("--posters", "x.pdf", "--station", "P-999"), "No station in use: P-999"),
    ],
)
def test_what_is_not_there_is_named(
    filled: Cli, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    option, name, *rest = args
    output = filled.run("export", option, str(tmp_path / name), *rest, code=1).output
    assert said in output and not (tmp_path / name).exists()


def test_an_empty_install_names_the_first_step(sqlite_cli: Cli, tmp_path: Path) -> None:
    said = sqlite_cli.run("export", "--posters", str(tmp_path / "x.pdf"), code=1).output
    assert "no station yet" in said and "shiftapp import" in said


def test_posters_pictures_and_labels_carry_the_same_codes(filled: Cli, tmp_path: Path) -> None:
    path, folder = tmp_path / "posters.pdf", tmp_path / "png"
    told = filled.json("export", "--posters", str(path), "--png", str(folder))
    labels = tmp_path / "labels.pdf"
    filled.run("export", "--labels", str(labels))
    store = filled.store()
    codes = {row["label"]: row["code"] for row in places.stations(store)}
    store.close()
    assert told["codes"] == {label: qr.code.format_code(code) for label, code in codes.items()}
    urls = sorted(url for n in (0, 1) for url in read_codes(picture(path.read_bytes(), n)))
    assert urls == sorted(read_codes(picture(labels.read_bytes(), scale=3)))
    assert {path.stem for path in folder.iterdir()} == {f"{k}-{v}" for k, v in codes.items()}
    for picture_file in folder.iterdir():
        assert read_codes(picture_file.read_bytes())[0] in urls


def test_one_poster(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    filled.run("export", "--posters", str(path), "--station", "K-101", "--lang", "en")
    (text,) = page_texts(path.read_bytes())
    assert "压缩机房" in text and "Major" in text


def test_a_character_that_cannot_be_printed_is_named(sqlite_cli: Cli, tmp_path: Path) -> None:
    bring_in(sqlite_cli, tmp_path, name="泵区\U0002a6a5")
    path = tmp_path / "posters.pdf"
    said = sqlite_cli.run("export", "--posters", str(path), code=1).output
    assert "P-201: \U0002a6a5 (U+2A6A5)" in said and not path.exists()


def test_a_text_that_is_cut_is_named_before_it_is_printed(sqlite_cli: Cli, tmp_path: Path) -> None:
    long = {f"risk{n}_level": "A" for n in (1, 2, 3)}
    long |= {f"{key}{n}": "长" * 200 for n in (1, 2, 3) for key in ("risk", "defence")}
    long |= dict.fromkeys(("consequence", "measures", "emergency"), "长" * 200)
    book = tmp_path / "plant.xlsx"
    jobs = [{"code": "J02", "name": "外操", **long}, {"code": "J05"}]
    book.write_bytes(file(small(job=jobs)).getvalue())
    sqlite_cli.run("import", str(book))
    path = tmp_path / "posters.pdf"
    said = sqlite_cli.run("export", "--posters", str(path)).output
    assert "Note: too long for the poster of P-201: 长" in said
    assert "…" in page_texts(path.read_bytes())[1]
