"""The workbook at the desk: faults, preview, import; what is taken and printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shiftapp.model import everybody, people, places, roster
from shiftapp.model.people import Person, Role
from tests.exchange import books
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant

PageOf = Callable[..., Page]
PATH, APPLY = "/manage/exchange", "/manage/exchange/apply"
LEADER, SIGNATORY = books.SMALL["role"]
SMALL = books.file(books.small(role=[LEADER])).getvalue()


def send(page: Page, data: bytes = SMALL, status: int = 200, name: str = "厂.xlsx") -> Html:
    return page.post(PATH, {"file": (io.BytesIO(data), name)}, status)


def audited(plant: Plant) -> list[tuple[str, str, str | None]]:
    rows = plant.store.rows("SELECT what, about, person FROM audit ORDER BY seq")
    return [(row["what"], row["about"], row["person"]) for row in rows]


def test_preview_then_import_all_of_it(page: PageOf, plant: Plant, tmp_path: Path) -> None:
    manager = page("manager")
    html = send(manager)
    assert "厂.xlsx：会改" in html.text and "00101 员工1" in html.text
    assert places.station_by_label(plant.store, "K-101") is None  # nothing yet
    (kept,) = (tmp_path / "uploads").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    html = manager.post(APPLY, html.form(APPLY))
    assert "写好了" in html.text
    assert people.by_no(plant.store, "00101") is not None
    assert audited(plant)[-1] == ("import", "厂.xlsx", plant.id("manager"))
    assert list((tmp_path / "uploads").iterdir()) == []
    html = send(manager)
    assert "没有要改的" in html.text and html.all("form", action=APPLY) == []


def test_a_roster_is_previewed_and_then_stands(page: PageOf, plant: Plant) -> None:
    row = {"date": "2026-11-28", "crew": "JIA", "shift": "D", "no": "1001", "station": "P-201"}
    sheets = {"roster": [{**row, "job": "J02"}], "item": []}
    book = books.file(sheets).getvalue()
    manager = page("manager")
    html = send(manager, book)
    assert "2026-11-28 JIA D" in html.text and "1002" in html.text  # who goes
    manager.post(APPLY, html.form(APPLY))
    instance = plant.instance("JIA", "2026-11-28", "D")
    rows = roster.rows(plant.store, instance["id"])
    assert [(one["no"], one["how"], one["added_by"]) for one in rows] == [
        ("1001", "workbook", plant.id("manager"))
    ]
    assert "没有要改的" in send(manager, book).text


def test_every_fault_has_its_place_and_nothing_is_imported(page: PageOf, plant: Plant) -> None:
    bad = books.file(books.with_row("person", 2, crew="XX", no="00101")).getvalue()
    html = send(page("manager"), bad, 422)
    rows = [[cell.text for cell in row.children] for row in html.all("tr")][1:]
    assert ["人员 People", "5", "班组 D5", "没有班组“XX”。"] in rows and len(rows) == 2
    assert html.all("form", action=APPLY) == []
    assert people.by_no(plant.store, "00102") is None


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"name;no\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_told(page: PageOf, data: bytes) -> None:
    html = send(page("manager"), data, 422)
    assert "1 处要改" in html.text and "整个文件" in html.text


def test_no_file_and_too_big_a_file(page: PageOf) -> None:
    manager = page("manager")
    assert "先选一个文件" in manager.post(PATH, {}, 422).text
    large = b"PK" + bytes(20 * 1024 * 1024)
    assert "最多 20 MB" in manager.upload(PATH, large, "a.xlsx", 422).text
    manager.upload(PATH, b"PK" + bytes(33 * 1024 * 1024), "a.xlsx", 413)


def test_a_plant_that_changed_meanwhile_is_shown_again(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    form = send(manager).form(APPLY)
    with plant.store.tx() as db:
        places.save_area(db, places.Area("A1", "YC", "改过名", risk="B"))
    html = manager.post(APPLY, form, 409)
    assert "内容刚才变了" in html.text and "改过名" in html.text
    assert people.by_no(plant.store, "00101") is None
    assert "写好了" in manager.post(APPLY, html.form(APPLY)).text


def test_nobody_applies_what_they_did_not_send(page: PageOf, plant: Plant) -> None:
    form = send(page("manager")).form(APPLY)
    for sha in (form["file"], "0" * 64, "../../keys", ""):
        page("admin").post(APPLY, {**form, "file": sha}, 404)
    assert people.by_no(plant.store, "00101") is None


def test_a_manager_hands_out_no_access_above_their_own(page: PageOf, plant: Plant) -> None:
    grab = books.file(books.small(role=[LEADER, SIGNATORY])).getvalue()
    manager = page("manager")
    html = send(manager, grab)
    assert "00900 的签发人或管理员角色，要系统管理员来改" in html.text
    assert html.all("form", action=APPLY) == []
    admin = page("admin")
    form = send(admin, grab).form(APPLY)
    send(manager, grab)  # kept for the manager too
    manager.post(APPLY, form, 403)
    assert people.by_no(plant.store, "00900") is None
    admin.post(APPLY, form)
    made = people.by_no(plant.store, "00900")
    assert made is not None
    assert "signatory" in {role.role for role in people.roles(plant.store, made["id"])}


def test_taking_the_form_and_the_content(page: PageOf, plant: Plant) -> None:
    client = page("manager").client
    for name, cell in (("template.xlsx", None), ("plant.xlsx", "YC")):
        answer = client.get(f"{PATH}/{name}")
        assert "attachment" in answer.headers["Content-Disposition"]
        sites = load_workbook(io.BytesIO(answer.data))["厂区 Sites"]
        assert (sites["A2"].value == cell) == (cell is not None)
    assert audited(plant)[-1] == ("export", "plant.xlsx", plant.id("manager"))


def test_only_who_manages_the_whole_plant(page: PageOf, plant: Plant) -> None:
    row = people.person(plant.store, plant.id("admin"))
    assert row is not None
    with plant.store.tx() as db:
        scoped = (Role("manager", "area", "A1"),)
        people.save_person(db, Person(row["id"], row["no"], row["name"], roles=scoped), NOW_MS)
    for part in ("worker", "leader", "inspector", "signatory", "admin"):
        reader = page(part)
        reader.get(PATH, 403)
        for path in (f"{PATH}/plant.xlsx", f"{PATH}/template.xlsx"):
            reader.get(path, 403)
        send(reader, status=403)
        reader.post(APPLY, {}, 403)
    assert "登录" in page(None).get(PATH).text
    assert len(everybody.people(plant.store)) == 18


def test_wrong_methods(page: PageOf) -> None:
    client = page("manager").client
    assert client.get(APPLY).status_code == 405
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.delete(PATH, headers=own).status_code == 405
