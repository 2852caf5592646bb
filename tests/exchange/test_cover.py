"""Patterns and crews in a workbook: what is meant comes back, what is open is told."""

from __future__ import annotations

import io
from typing import Any

import pytest

from shiftapp.exchange import taking, writing
from shiftapp.exchange.faults import Fault
from shiftapp.library import patterns
from shiftapp.model import crews
from shiftapp.model.shifts import site_day
from shiftapp.store import Store
from tests.exchange.books import SMALL, bring_in, file, planned, small
from tests.plant import NOW_MS

Row = dict[str, Any]


def four(**changed: Any) -> list[Row]:
    """甲乙丙丁 of one workshop; `code__offset` changes one."""
    offsets = {"JIA": 0, "YI": 1, "BING": 2, "DING": 3} | changed
    return [
        {"code": code, "name": f"{code}班", "name_en": f"Crew {code}", "group": "G1", "area": "A1",
         "pattern": "4C2S-4", "offset": offset}
        for code, offset in offsets.items()
    ]  # fmt: skip


def notes(store: Store, **sheets: Any) -> list[Fault]:
    found = planned(store, file(small(**sheets)))
    assert [(one.where, one.zh) for one in found.faults] == []
    return [one for one in found.notes if one.code == "cover"]


def test_four_crews_of_one_place_have_nothing_to_tell(store: Store) -> None:
    assert notes(store, crew=four()) == []


def test_a_shift_without_a_crew_is_a_note_and_stops_nothing(store: Store) -> None:
    (note,) = notes(store, crew=four()[:3])
    assert note.zh.startswith("2026-11-25（循环第 2 天）没有班组上白班（D），一个循环里有 2 次")
    assert "补上班组或改偏移；本来就这样，在“班制”表里填是" in note.zh
    assert note.en.startswith("On 2026-11-25 (day 2 of the cycle) no crew works Day (D)")
    assert note.sheet.startswith("班制") and note.cell == "D3"
    bring_in(store, file(small(crew=four()[:3], person=[], post=[], role=[])))
    assert len(crews.crews(store)) == 3


def test_two_crews_in_one_shift_are_a_note_that_names_them(store: Store) -> None:
    (gap, double) = notes(store, crew=four(DING=0))
    assert "没有班组上" in gap.zh
    assert double.zh.startswith("2026-11-24（循环第 1 天）JIA班和DING班都上白班（D）")
    assert "Crew JIA and Crew DING work" in double.en


def test_what_is_meant_is_not_told(store: Store) -> None:
    meant = [{**SMALL["pattern"][0], "gaps_ok": "是", "double_ok": "yes"}]
    assert notes(store, pattern=meant, crew=four(DING=0)) == []


def test_crews_that_come_later_are_judged_with_those_there(store: Store) -> None:
    bring_in(store, file(small(crew=four()[:3], person=[], post=[], role=[])))
    more = {"pattern": [], "person": [], "post": [], "role": []}
    assert notes(store, crew=four()[3:], **more) == []
    (note,) = notes(store, crew=[{**four()[3], "offset": 2}], **more)[1:]
    assert "BING班和DING班" in note.zh and note.sheet.startswith("班组")


def test_two_workshops_are_judged_apart(store: Store) -> None:
    areas = [*SMALL["area"], {"code": "A2", "name": "罐区", "risk": "A"}]
    other = [{**row, "code": f"{row['code']}2", "area": "A2"} for row in four()]
    assert notes(store, area=areas, crew=[*four(), *other]) == []
    (note,) = notes(store, area=areas, crew=[*four(), *other[:1]])
    assert "没有班组上" in note.zh


@pytest.mark.parametrize("code", ["4C2S-4", "DAY-5", "2C2S-14"])
def test_a_library_pattern_says_itself_whether_gaps_are_meant(store: Store, code: str) -> None:
    crew = [{**four()[0], "pattern": code}]
    bring_in(store, file(small(pattern=[{"code": code}], crew=crew, person=[], post=[], role=[])))
    row = crews.pattern(store, code)
    assert row and row["gaps_ok"] == (not patterns()[code]["full_cover"])
    assert row["double_ok"] == 0


@pytest.mark.parametrize("code", ["4C2S-4", "DAY-5"])
def test_one_taken_at_a_desk_says_the_same(store: Store, code: str) -> None:
    with store.tx() as db:
        taking.take_pattern(db, code, site_day("Asia/Shanghai", NOW_MS))
    row = crews.pattern(store, code)
    assert row and row["gaps_ok"] == (not patterns()[code]["full_cover"])


def test_what_is_meant_goes_out_and_comes_in_again(store: Store) -> None:
    meant = [{**SMALL["pattern"][0], "gaps_ok": "是", "double_ok": "是"}]
    bring_in(store, file(small(pattern=meant)))
    book = io.BytesIO(writing.write_workbook(store, NOW_MS))
    assert planned(store, book).total == 0
    changed = planned(store, file(small(pattern=[{**meant[0], "double_ok": "否"}])))
    assert changed.nouns["pattern"].changed == {"4C2S-4": ["double_ok"]}
    same = planned(store, file(small()))  # the cells are empty: as it is
    assert same.nouns["pattern"].total == 0


def test_saying_what_is_meant_plans_no_shift_anew(store: Store) -> None:
    bring_in(store, file())
    before = store.rows("SELECT id, s FROM instance ORDER BY id")
    bring_in(store, file(small(pattern=[{**SMALL["pattern"][0], "gaps_ok": "是"}])), seed="meant")
    assert store.rows("SELECT id, s FROM instance ORDER BY id") == before
