"""`shiftapp import` and `shiftapp export` as an operator types them."""

from __future__ import annotations

import datetime
import stat
from pathlib import Path

import pytest

from shiftapp.model import people
from tests.exchange.books import file, small, with_row
from tests.terminal import Cli


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "plant.xlsx"
    path.write_bytes(file().getvalue())
    return path


def written(path: Path, **changed: object) -> Path:
    path.write_bytes(file(with_row("person", 0, **changed)).getvalue())
    return path


def test_a_workbook_becomes_the_plant_and_the_next_step_is_named(cli: Cli, book: Path) -> None:
    said = cli.run("import", str(book)).output
    assert "Imported 23 records" in said and "export --cards" in said and "serve" in said
    assert "crew “乙班” has no leader" in said
    store = cli.store()
    assert people.count(store) == 9  # and the administrator
    note = store.row("SELECT * FROM audit WHERE what = 'import'")
    assert note and note["about"] == "plant.xlsx" and "person +8" in note["detail"]
    store.close()
    assert "Nothing differs" in cli.run("import", str(book)).output


def test_a_dry_run_says_what_would_change_and_changes_nothing(cli: Cli, book: Path) -> None:
    cli.run("import", str(book))
    said = cli.run("import", "--dry-run", str(written(book, name="改名", crew="YI"))).output
    assert "people 00101 改名: Name 员工1 → 改名, Crew JIA → YI" in said
    assert "nothing was written" in said
    store = cli.store()
    person = people.by_no(store, "00101")
    store.close()
    assert person and person["name"] == "员工1"


def test_faults_are_listed_and_nothing_is_imported(cli: Cli, book: Path) -> None:
    said = cli.run("import", str(written(book, crew="DING", lang="法文")), code=1)
    assert "人员 People row 3 column D “Crew”: There is no crew “DING”. [unknown]" in said.output
    assert "[bad_choice]" in said.output and "2 to mend; nothing was imported" in said.output
    store = cli.store()
    assert people.count(store) == 1
    store.close()


def test_faults_in_chinese_on_a_chinese_terminal(sqlite_cli: Cli, book: Path) -> None:
    said = sqlite_cli.run("import", str(written(book, crew="DING")), code=1, lang="zh_CN.UTF-8")
    assert "人员 People 第 3 行 D 列“班组”: 没有班组“DING”。" in said.output


def test_a_program_reads_the_same(sqlite_cli: Cli, book: Path) -> None:
    told = sqlite_cli.json("import", str(book), "--dry-run")
    assert (told["imported"], told["faults"]) == (False, [])
    assert told["nouns"]["person"]["added"] == 8
    assert sqlite_cli.json("import", str(book))["imported"] is True
    told = sqlite_cli.json("import", str(written(book, crew="DING")), code=1)
    assert told["imported"] is False
    assert told["faults"][0]["cell"] == "D3" and told["faults"][0]["code"] == "unknown"


def test_a_roster_is_in_the_report_and_a_wrong_one_is_told_in_its_cell(
    cli: Cli, tmp_path: Path
) -> None:
    """甲班 works D on every fourth day from 24 November 2026: one is a week or so ahead."""
    today = datetime.date.today()
    ahead = 8 - (today - datetime.date(2026, 11, 24)).days % 4
    day = today + datetime.timedelta(days=ahead)
    row = {"date": day.isoformat(), "crew": "JIA", "shift": "D", "no": "00101", "station": "P-201"}
    path = tmp_path / "roster.xlsx"
    path.write_bytes(file({**small(), "roster": [{**row, "job": "J02"}]}).getvalue())
    cli.run("import", str(path))
    path.write_bytes(file({**small(), "roster": [{**row, "no": "00102", "job": "J02"}]}).getvalue())
    said = cli.run("import", "--dry-run", str(path)).output
    assert f"rosters {day.isoformat()} JIA D: people 00101 → 00102" in said
    rest = (day + datetime.timedelta(days=2)).isoformat()
    path.write_bytes(file({**small(), "roster": [{**row, "date": rest, "job": "J02"}]}).getvalue())
    told = cli.run("import", str(path), code=1).output
    assert "排班 Roster row 3 column C “Shift”" in told and "[not_planned]" in told
    store = cli.store()
    rows = store.rows("SELECT how FROM roster WHERE how = 'workbook' ORDER BY id")
    store.close()
    assert len(rows) == 1


def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(
    sqlite_cli: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "plant.csv"
    path.write_text("工号,姓名\n")
    said = sqlite_cli.run("import", str(path), code=1).output
    assert "This is not an xlsx workbook" in said and "Traceback" not in said


def test_without_an_install_the_first_step_is_named(tmp_path: Path, book: Path) -> None:
    assert "shiftapp init" in Cli(tmp_path / "none", "").run("import", str(book), code=1).output


def test_the_template_needs_no_install_and_imports_as_nothing_but_the_commitment(
    tmp_path: Path, sqlite_cli: Cli
) -> None:
    path = tmp_path / "form.xlsx"
    Cli(tmp_path / "none", "").run("export", "--template", str(path))
    assert not (tmp_path / "none").exists()
    told = sqlite_cli.json("import", "--dry-run", str(path))
    assert {noun: one["added"] for noun, one in told["nouns"].items()} == {"commitment": 1}


def test_what_is_exported_is_imported_without_a_change(
    cli: Cli, book: Path, tmp_path: Path
) -> None:
    cli.run("import", str(book))
    out = tmp_path / "out.xlsx"
    cli.run("export", str(out))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "Nothing differs" in cli.run("import", str(out)).output


def test_a_file_that_is_there_stays_unless_forced(sqlite_cli: Cli, book: Path) -> None:
    before = book.read_bytes()
    assert "left alone" in sqlite_cli.run("export", "--template", str(book), code=1).output
    assert book.read_bytes() == before
    sqlite_cli.run("export", "--template", str(book), "--force")
    assert book.read_bytes() != before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--cards", "cards.xlsx"), "ends in .pdf"),
        (("plant.pdf",), "ends in .xlsx"),
        (("--template", "no/such/plant.xlsx"), "There is no folder"),
    ],
)
def test_a_wrong_name_is_refused(
    sqlite_cli: Cli, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    *options, name = args
    assert said in sqlite_cli.run("export", *options, str(tmp_path / name), code=1).output


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small plant with five thousand people."""
    rows = [
        {"no": f"{n:05}", "name": f"员工{n}", "crew": "JIA", "station": "P-201", "job": "J02"}
        for n in range(5000)
    ]
    path = tmp_path_factory.mktemp("many") / "many.xlsx"
    path.write_bytes(file(small(person=rows, post=[], role=[])).getvalue())
    return path


def test_five_thousand_people_come_in_at_once(cli: Cli, many: Path) -> None:
    assert cli.json("import", str(many))["nouns"]["person"]["added"] == 5000
    store = cli.store()
    assert people.count(store) == 5001
    store.close()
