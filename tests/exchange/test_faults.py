"""Every fault of a workbook is named by sheet, row, column, a stable code and a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from shiftapp.exchange.changes import Changes
from shiftapp.exchange.faults import SENTENCES, Fault
from shiftapp.exchange.forms import BY_NOUN
from shiftapp.store import Store
from tests.engines import sqlite_store
from tests.exchange.books import SMALL, Rows, file, opened, planned, saved, small, with_row
from tests.exchange.test_round_trip import OWN_STEP, own_job


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One empty database: nothing here writes, and a check of a workbook knows no engine."""
    yield from sqlite_store(tmp_path_factory.mktemp("faults"))


def places(found: Changes) -> list[tuple[str, str, str]]:
    return [(one.code, one.sheet.split(" ")[0], one.cell) for one in found.faults]


def more(noun: str, *rows: dict[str, Any]) -> Rows:
    """The small plant with rows added to a sheet; the first of them is below the others."""
    return small(**{noun: [*SMALL.get(noun, []), *rows]})


def end(noun: str) -> int:
    """The number of the first row below those of the small plant."""
    return 3 + len(SMALL.get(noun, []))


OPTION = {"type": "答案", "text": "能", "r": "ok"}
ITEMS: list[dict[str, Any]] = [
    {"id": "title", "type": "title", "text": "班前承诺"},
    {"id": "oath", "type": "oath", "text": "我先停、先报。"},
    {"id": "rights", "type": "rights", "text": "可以拒绝违章指挥。"},
    {"id": "fit", "type": "fit", "text": "能上岗？", "neg": "replace"},
    {"id": "fit.can", **OPTION},
    {"id": "fit.cannot", "type": "答案", "text": "不能", "r": "unfit"},
]


def items(number: int, **changed: Any) -> Rows:
    rows = [dict(row) for row in ITEMS]
    rows[number] |= changed
    return small(item=rows)


BENG = {"code": "BENG", "name": "泵工"}
TABLE: list[tuple[str, str, str, Rows]] = [
    # Cells
    ("needed", "区域", "C3", with_row("area", 0, name=None)),
    ("needed", "区域", "E3", with_row("area", 0, risk="　")),
    ("bad_choice", "区域", "E3", with_row("area", 0, risk="E")),
    ("bad_code", "区域", "A3", with_row("area", 0, code="A 1")),
    ("too_long", "区域", "A3", with_row("area", 0, code="A" * 17)),
    ("formula", "人员", "B3", with_row("person", 0, name='="张"&"三"')),
    ("date_for_text", "工位", "A3", with_row("station", 0, label=datetime.date(2026, 3, 5))),
    ("true_for_text", "人员", "B3", with_row("person", 0, name=True)),
    ("bad_date", "班制", "E3", with_row("pattern", 0, anchor="上周一")),
    ("bad_integer", "班组", "G4", with_row("crew", 1, offset="一")),
    # Rows
    ("duplicate", "人员", f"A{end('person')}", more("person", {"no": "００１０１", "name": "又"})),
    ("duplicate", "工位", f"A{end('station')}", more("station", dict(SMALL["station"][0]))),
    ("two_crews", "人员", f"A{end('person')}",
     more("person", {"no": "00101", "name": "员工1", "crew": "YI"})),
    ("duplicate", "人员", f"A{end('person')}",
     more("person", {"no": "00101", "name": "员工1", "crew": "JIA"})),
    ("several_rows", "企业", "", more("enterprise", {"name": "另一家"})),
    # References
    ("one_only", "人员", "D3", with_row("person", 0, crew="JIA YI")),
    ("one_only", "人员", "D3", with_row("person", 0, crew="JIA、YI")),
    ("unknown", "人员", "D3", with_row("person", 0, crew="DING")),
    ("unknown", "人员", "E3", with_row("person", 0, station="P-202")),
    ("unknown", "工位", "I3", with_row("station", 0, jobs="J02 J05 J99")),
    ("unknown", "角色", "A3", with_row("role", 0, no="99999")),
    ("unknown", "角色", "D3", with_row("role", 0, scope="DING")),
    ("example_used", "人员", "D3", with_row("person", 0, crew="示例JIA")),
    ("zeros_lost", "角色", "A4", with_row("role", 1, no=900)),
    # Places
    ("bad_zone", "厂区", "D3", with_row("site", 0, zone="Asia/Puyang")),
    ("which_site", "区域", "B3", small(
        site=[*SMALL["site"], {"code": "EC", "name": "二厂"}],
        group=[{**row, "site": "YC"} for row in SMALL["group"]],
    )),
    ("other_site", "班组", "E3", small(
        site=[*SMALL["site"], {"code": "EC", "name": "二厂"}],
        area=[{"code": "A1", "site": "YC", "name": "一部", "risk": "B"}],
        group=[{"code": "G1", "site": "EC", "name": "甲"},
               {"code": "G2", "site": "YC", "name": "乙"}],
    )),
    ("bad_staff", "工位", "L3", with_row("station", 0, staff=100)),
    ("bad_staff", "工位", "L3", with_row("station", 0, staff=-1)),
    ("bad_integer", "工位", "L3", with_row("station", 0, staff="两个")),
    ("bad_choice", "工位", "K3", with_row("station", 0, scoped="也许")),
    # Jobs
    ("needed_own", "岗位", f"B{end('job')}", more("job", {"code": "BENG", "ppe": "helmet"})),
    ("no_steps", "岗位", f"A{end('job')}", more("job", BENG)),
    ("bad_ppe", "岗位", "D5", {**own_job(), "job": [*SMALL["job"], {**BENG, "ppe": "hat"}]}),
    ("half_risk", "岗位", "H5", {**own_job(), "job": [*SMALL["job"], {**BENG, "risk1": "卷入"}]}),
    # Checklists
    ("in_text", "步骤", "B4", {**own_job(), "step": [
        {"job": "BENG", **OWN_STEP}, {"job": "BENG", **OWN_STEP, "n": 3}]}),
    ("in_text", "步骤", "Q3", own_job(ev="R", label="压力", lo="2", hi="1")),
    ("in_text", "步骤", "M3", own_job(ev="R")),
    ("in_text", "步骤", "S3", own_job(ev="T")),
    ("in_text", "步骤", "W4", {**own_job(), "step": [
        {"job": "BENG", **OWN_STEP},
        {"job": "BENG", **OWN_STEP, "n": 2, "veto": "是", "fail": "报"}]}),
    ("in_text", "步骤", "J3", own_job(criteria_en="one")),
    ("duplicate", "步骤", "A4", {**own_job(), "step": [
        {"job": "BENG", **OWN_STEP}, {"job": "BENG", **OWN_STEP}]}),
    # The commitment
    ("liability", "承诺", "C4", items(1, text="违章作业，后果自负。")),
    ("liability", "承诺", "C8", items(5, text="不能，责任自己承担")),
    ("in_text", "承诺", "G6", items(3, neg="todo")),
    ("in_text", "承诺", "", small(item=ITEMS[:3])),
    ("unknown", "承诺", "A7", items(4, id="fat.can")),
    # Posts and roles
    ("job_not_there", "人员", "F9", with_row("person", 6, job="J05")),
    ("post_in_half", "人员", "E3", with_row("person", 0, station=None)),
    ("no_scope", "角色", "D3", with_row("role", 0, scope=None)),
    ("stray_scope", "角色", "D4", with_row("role", 1, scope="JIA")),
    # Patterns
    ("no_cycle", "班制", "B3", with_row("pattern", 0, code="OWN")),
    ("bad_cycle", "班制", "D3", with_row("pattern", 0, cycle="RRRR")),
    ("bad_cycle", "班制", "D3", with_row("pattern", 0, cycle="DnRR")),
    ("no_shift", "班制", "D3", with_row("pattern", 0, cycle="DXRR")),
    ("stray_shift", "班次", "B3", small(shift=[
        {"pattern": "4C2S-4", "code": "X", "name": "夜", "start": "20:00", "end": "08:00"},
        {"pattern": "4C2S-4", "code": "D", "name": "白", "start": "08:00", "end": "20:00"},
        {"pattern": "4C2S-4", "code": "N", "name": "夜", "start": "20:00", "end": "08:00"}])),
    ("short_shift", "班次", "F3", small(shift=[
        {"pattern": "4C2S-4", "code": "D", "name": "白", "start": "08:00", "end": "08:30"},
        {"pattern": "4C2S-4", "code": "N", "name": "夜", "start": "20:00", "end": "08:00"}])),
    # 26 hours cannot be said with a start and an end: the cell itself is refused.
    ("bad_time", "班次", "F3", small(shift=[
        {"pattern": "4C2S-4", "code": "D", "name": "白", "start": "08:00", "end": "34:00"},
        {"pattern": "4C2S-4", "code": "N", "name": "夜", "start": "20:00", "end": "08:00"}])),
    ("bad_time", "班次", "F3", small(shift=[
        {"pattern": "4C2S-4", "code": "D", "name": "白", "start": "08:00",
         "end": datetime.timedelta(hours=26)},
        {"pattern": "4C2S-4", "code": "N", "name": "夜", "start": "20:00", "end": "08:00"}])),
    ("own_overlap", "班制", "D3", small(
        pattern=[{"code": "4C2S-4", "cycle": "NDRR", "anchor": "2026-11-24"}],
        shift=[{"pattern": "4C2S-4", "code": "D", "name": "白", "start": "08:00", "end": "20:00"},
               {"pattern": "4C2S-4", "code": "N", "name": "夜", "start": "20:00", "end": "08:30"}],
    )),
    ("bad_choice", "班制", "F3", with_row("pattern", 0, gaps_ok="也许")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "sheet", "cell", "rows"), TABLE, ids=[f"{row[0]}-{row[1]}-{row[2]}" for row in TABLE]
)
def test_a_fault_is_named_at_its_place(
    empty: Store, code: str, sheet: str, cell: str, rows: Rows
) -> None:
    found = planned(empty, file(rows))
    first, *others = sorted(places(found), key=lambda one: one[0] == "unknown")
    assert first == (code, sheet, cell)
    # What refers to a row that has no code is told as well.
    assert {one[0] for one in others} <= {"unknown"}
    assert not others or cell in ("A3", "B3")
    assert found.nouns == {} and found.total == 0


def test_a_person_in_two_crews_is_told_so_with_what_to_do(empty: Store) -> None:
    rows = more("person", {"no": "00101", "name": "员工1", "crew": "YI"})
    (told,) = planned(empty, file(rows)).faults
    assert "00101 在第 3 行是班组 JIA 的人" in told.zh and "一个人只在一个班组" in told.zh
    (told,) = planned(empty, file(with_row("person", 0, crew="JIA YI"))).faults
    assert "“JIA YI”不止一个" in told.zh


# The sheets themselves


def change(noun: str, number: int, act: Callable[[Any], None]) -> Callable[[Workbook], None]:
    return lambda book: act(book[BY_NOUN[noun].title].cell(1, number))


def rename(text: str) -> Callable[[Any], None]:
    def act(cell: Any) -> None:
        cell.value = text

    return act


def merge(book: Workbook) -> None:
    book[BY_NOUN["person"].title].merge_cells("D3:D5")


def drop(noun: str) -> Callable[[Workbook], None]:
    return lambda book: book.remove(book[BY_NOUN[noun].title])


def twice(book: Workbook) -> None:
    book.copy_worksheet(book[BY_NOUN["crew"].title]).title = "班组"


def drop_headings(book: Workbook) -> None:
    book[BY_NOUN["crew"].title].delete_rows(1)


SHAPES: list[tuple[str, str, Callable[[Workbook], None]]] = [
    ("no_sheet", "角色", drop("role")),
    ("same_sheet", "班组", twice),
    ("no_column", "员工编号", change("person", 1, rename("员工编号"))),
    ("same_column", "姓名", change("person", 3, rename("姓名"))),
    ("no_headings", "第 1 行", drop_headings),
    ("merged", "D3:D5", merge),
]


@pytest.mark.parametrize(("code", "said", "act"), SHAPES, ids=[row[0] for row in SHAPES])
def test_a_changed_form_is_told(
    empty: Store, code: str, said: str, act: Callable[[Workbook], None]
) -> None:
    book = opened()
    act(book)
    found = planned(empty, saved(book))
    named = [one for one in found.faults if one.code == code]
    assert named and said in named[0].zh
    assert {one.code for one in found.faults} <= {code, "no_column", "needed"}


def test_headings_may_stand_in_any_order_with_columns_of_ones_own(empty: Store) -> None:
    book = opened()
    sheet = book[BY_NOUN["person"].title]
    sheet.insert_cols(1)
    sheet["A1"] = "备注"
    sheet["A3"] = "老员工"
    sheet["C1"] = " 姓 名 "
    assert planned(empty, saved(book)).faults == []


def test_every_fault_is_found_at_once_in_the_order_of_the_workbook(empty: Store) -> None:
    rows = {**with_row("person", 0, crew="X1", phone="1" * 41), "area": [{"code": "A1"}]}
    found = planned(empty, file(rows))
    assert places(found) == [
        ("needed", "区域", "C3"),
        ("needed", "区域", "E3"),
        ("unknown", "人员", "D3"),
        ("too_long", "人员", "K3"),
    ]
    fault = found.faults[2]
    assert fault.where == "人员 People 第 3 行 D 列“班组”"
    assert fault.where_en == "人员 People row 3 column D “Crew”"
    assert fault.as_dict() == {
        "code": "unknown",
        "zh": "没有班组“X1”。",
        "en": "There is no crew “X1”.",
        "sheet": "人员 People",
        "row": 3,
        "column": "班组",
        "column_en": "Crew",
        "cell": "D3",
    }


@pytest.mark.parametrize(("typed", "meant"), [("jia", "JIA"), ("JJA", "JIA")])
def test_a_code_that_is_nearly_right_is_guessed(empty: Store, typed: str, meant: str) -> None:
    (fault,) = planned(empty, file(with_row("person", 0, crew=typed))).faults
    assert fault.zh == f"没有班组“{typed}”。是不是 {meant}？"


def test_number_cells_are_kept_and_the_possible_loss_is_told(empty: Store) -> None:
    found = planned(empty, file(with_row("person", 7, no=9001, name="老李") | {"role": []}))
    assert found.faults == []
    assert ("number_cell", "A10") in [(one.code, one.cell) for one in found.notes]


def test_what_is_still_missing_is_noted_and_stops_nothing(empty: Store) -> None:
    found = planned(empty, file(small(role=[])))
    assert found.faults == []
    codes = {one.code for one in found.notes}
    assert codes == {"no_leader", "no_signatory", "small_group", "null_limits", "cover"}


def test_examples_and_empty_rows_say_nothing(empty: Store) -> None:
    rows = {**SMALL, "person": [*SMALL["person"], {}, {"no": " "}, {"no": "示例9", "name": ""}]}
    assert planned(empty, file(rows)).faults == []


def test_every_sentence_is_whole_in_both_languages() -> None:
    for code, (zh, en) in SENTENCES.items():
        assert zh and en, code
        assert "{" in zh or zh.endswith(("。", "？")), code
    assert Fault("x", "中", "en").where == ""
