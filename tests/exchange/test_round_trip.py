"""What goes out comes in again, and what comes in twice changes nothing."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shiftapp import library
from shiftapp.demo.build import Secret, Wanted, build
from shiftapp.demo.folder import ORIGIN
from shiftapp.demo.seed import Seed
from shiftapp.exchange import writing
from shiftapp.exchange.forms import BY_NOUN
from shiftapp.ledger.keys import write_keyset
from shiftapp.model import everybody, guests, people, places, versions
from shiftapp.model.people import Person, Role
from shiftapp.store import Store
from tests.engines import sqlite_store
from tests.exchange.books import SMALL, bring_in, counts, file, planned, small, with_row
from tests.plant import NOW_MS, Plant


def test_a_plant_made_elsewhere_comes_back_unchanged(plant: Plant) -> None:
    book = io.BytesIO(writing.write_workbook(plant.store, NOW_MS))
    found = planned(plant.store, book)
    assert [fault.zh for fault in found.faults] == []
    assert {noun: one.changed for noun, one in found.nouns.items() if one.total} == {}
    assert found.total == 0


def test_a_plant_goes_into_an_empty_install_whole(plant: Plant, tmp_path: Path) -> None:
    book = io.BytesIO(writing.write_workbook(plant.store, NOW_MS))
    (tmp_path / "other").mkdir()
    for other in sqlite_store(tmp_path / "other"):
        bring_in(other, book)
        again = writing.write_workbook(other, NOW_MS)
        assert planned(plant.store, io.BytesIO(again)).total == 0
        job = versions.current_checklist(other, "J02")
        assert job and len(job["doc"]["steps"]) == 8


def test_importing_twice_changes_nothing(store: Store) -> None:
    book = file()
    first = bring_in(store, book)
    assert counts(first)["person"] == (8, 0, 0, 0)
    before = dump(store)
    second = bring_in(store, book, seed="again")
    assert second.total == 0
    assert dump(store) == before
    assert planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS))).total == 0


def test_scope_and_staffing_of_a_station_go_out_and_come_in(store: Store) -> None:
    bring_in(store, file(with_row("station", 1, scoped="否", staff=3)))
    found = {row["label"]: (row["scoped"], row["staff"]) for row in places.stations(store)}
    assert found == {"P-201": (1, 0), "K-101": (0, 3)}
    assert planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS))).total == 0
    changed = bring_in(store, file(with_row("station", 0, staff=2)))
    assert changed.nouns["station"].changed == {"P-201": ["staff"], "K-101": ["scoped", "staff"]}


def test_guests_are_no_business_of_a_workbook(plant: Plant) -> None:
    with plant.store.tx() as db:
        said = guests.Guest("李外", "东方检修", "0831")
        id = "11111111-1111-4111-8111-111111111111"
        guests.register(db, said, "JIA", id=id, now_ms=NOW_MS)
    book = writing.write_workbook(plant.store, NOW_MS)
    assert planned(plant.store, io.BytesIO(book)).total == 0
    sheet = load_workbook(io.BytesIO(book))[BY_NOUN["person"].title]
    assert "李外" not in [row[1] for row in sheet.iter_rows(values_only=True)]
    assert id not in [row["id"] for row in everybody.for_cards(plant.store, NOW_MS, "", True)]


def dump(store: Store) -> dict[str, list[dict[str, object]]]:
    tables = (
        "setting site area station job station_job checklist commitment reporting_group pattern"
        " shift crew person role post instance roster slot audit"
    )
    return {
        table: sorted(store.rows(f"SELECT * FROM {table}"), key=repr) for table in tables.split()
    }


def test_codes_and_people_stay_when_their_rows_change(store: Store) -> None:
    bring_in(store, file())
    station = places.station_by_label(store, "P-201")
    person = people.by_no(store, "00101")
    bring_in(store, file(with_row("station", 0, name="新名字")))
    changed = bring_in(store, file(with_row("person", 0, name="改名")))
    assert changed.nouns["person"].changed == {"00101": ["name"]}
    after = places.station_by_label(store, "P-201")
    assert station and after and after["code"] == station["code"]
    renamed = people.by_no(store, "00101")
    assert person and renamed and renamed["id"] == person["id"] and renamed["name"] == "改名"


def test_who_is_missing_stays_and_who_left_leaves(store: Store) -> None:
    bring_in(store, file())
    found = bring_in(store, file(small(person=[{"no": "00105", "name": "员工5", "active": "离职"}],
                                       post=[], role=[])))  # fmt: skip
    assert found.nouns["person"].deactivated == ["00105"]
    assert people.by_no(store, "00105") is None
    assert people.by_no(store, "00104") is not None
    assert people.count(store) == 7


def test_who_comes_back_under_the_same_number_and_name_is_the_same_person(store: Store) -> None:
    bring_in(store, file())
    person = people.by_no(store, "00105")
    bring_in(store, file(with_row("person", 4, active="离职")))
    bring_in(store, file(), seed="back")
    back = people.by_no(store, "00105")
    assert person and back and back["id"] == person["id"]
    bring_in(store, file(with_row("person", 4, active="离职")))
    bring_in(store, file(with_row("person", 4, name="另一个人")), seed="other")
    other = people.by_no(store, "00105")
    assert other and other["id"] != person["id"]


def test_somebody_who_left_and_never_was_here_is_nobody(store: Store) -> None:
    found = bring_in(store, file(with_row("person", 4, active="离职")))
    assert counts(found)["person"] == (7, 0, 0, 1)
    assert all(row["active"] for row in everybody.people(store))


def test_a_role_of_somebody_who_is_not_in_the_workbook_is_refused(store: Store) -> None:
    bring_in(store, file())
    found = planned(store, file(small(person=SMALL["person"][:-1])))
    assert [(one.code, one.cell) for one in found.faults] == [("not_listed", "A4")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_plant_comes_back_unchanged(tmp_path: Path, lang: str) -> None:
    keys = write_keyset(tmp_path / "keys", ORIGIN, Seed("keys").bytes)
    for store in sqlite_store(tmp_path):
        wanted = Wanted(day=datetime.date(2026, 11, 24), lang=lang)
        build(store, keys, wanted, "http://127.0.0.1:8000", ORIGIN, Secret("pin", "password"))
        found = planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS)))
        assert [(fault.where, fault.zh) for fault in found.faults] == []
        assert {noun: one.changed for noun, one in found.nouns.items() if one.total} == {}


def test_an_administrator_made_by_init_keeps_role_and_password(store: Store) -> None:
    with store.tx() as db:
        admin = Person("11111111-1111-4111-8111-111111111111", "admin", "管理员",
                       roles=(Role("admin"),))  # fmt: skip
        people.save_person(db, admin, NOW_MS)
    bring_in(store, file())
    assert [role.role for role in people.roles(store, admin.id)] == ["admin"]
    assert planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS))).total == 0


def test_a_library_job_takes_only_a_code_and_is_not_reverted_later(store: Store) -> None:
    bring_in(store, file())
    job = places.job(store, "J02")
    assert job and job["name"] == library.job("J02")["name"]
    with store.tx() as db:
        places.save_job(db, places.Job("J02", "外操（本厂）"))
        doc = {**library.job("J02")["checklist"], "title": "本厂外操"}
        versions.publish_checklist(db, "J02", doc, NOW_MS, "somebody")
    assert bring_in(store, file()).total == 0
    kept = versions.current_checklist(store, "J02")
    assert kept and kept["doc"]["title"] == "本厂外操"


OWN_STEP = {"n": 1, "target": "压力表", "call": "压力零点六，正常", "criteria": "绿区\n不抖动"}


def own_job(**step: object) -> dict[str, object]:
    steps = [{"job": "BENG", **OWN_STEP, **step}, {"job": "BENG", **OWN_STEP, "n": 2, "veto": "是"}]
    jobs = [{"code": "J02"}, {"code": "J05"}, {"code": "BENG", "name": "泵工", "ppe": "helmet"}]
    return small(job=jobs, step=steps)


def test_an_own_checklist_is_published_as_a_new_version_only_when_it_changed(store: Store) -> None:
    bring_in(store, file(own_job(ev="R 读数", label="压力", unit="MPa", lo=0.5, hi="0.70")))
    first = versions.current_checklist(store, "BENG")
    assert first and first["no"] == 1 and first["published_by"] == "import"
    assert first["doc"]["title"] == "泵工手指口述"
    step = first["doc"]["steps"][0]
    assert (step["lo"], step["hi"]) == ("0.5", "0.70")
    assert step["reading"] == {"label": "压力", "unit": "MPa"}
    assert step["criteria"] == ["绿区", "不抖动"] and first["doc"]["steps"][1]["veto"] is True
    bring_in(store, file(own_job(ev="R 读数", label="压力", unit="MPa", lo=0.5, hi="0.70")))
    assert len(versions.checklists(store, "BENG")) == 1
    bring_in(store, file(own_job(ev="R 读数", label="压力", unit="MPa", lo=0.6, hi="0.70")))
    assert len(versions.checklists(store, "BENG")) == 2


def test_the_commitment_is_the_default_until_somebody_writes_their_own(store: Store) -> None:
    bring_in(store, file(small(item=[])))
    text = versions.current_commitment(store)
    assert text and text["no"] == 1
    assert {**text["doc"]} == library.commitment()
    book_rows = small(item=[])
    assert bring_in(store, file(book_rows)).total == 0


@pytest.mark.parametrize("text", ["=1+1", "+8610", "@x", "-3", "a\nb"])
def test_no_text_becomes_a_formula(store: Store, text: str) -> None:
    bring_in(store, file())
    with store.tx() as db:
        people.save_person(
            db, Person("22222222-2222-4222-8222-222222222222", "00999", text), NOW_MS
        )
    found = planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS)))
    assert found.faults == []
