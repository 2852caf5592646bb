"""The list of facilities at the desk: added, changed, closed; who may; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import facilities, places
from shiftapp.model.people import Role
from shiftapp.store import Row
from tests.furnishing import enter, furnish
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import Plant

PageOf = Callable[..., Page]
LIST, NEW = "/manage/facilities", "/manage/new/facility"
UNIT = {"code": "U1", "site": "YC", "name": "碳四装置", "kind": "unit", "area": "A1"}


def stored(plant: Plant, code: str) -> Row:
    row = facilities.facility(plant.store, code)
    assert row is not None
    return row


def facts(plant: Plant, code: str) -> tuple[Any, ...]:
    row = stored(plant, code)
    return tuple(row[key] for key in "name kind area hazard_rank hazard_code process".split())


def test_a_unit_is_added_with_its_audit_line(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), NEW, **UNIT, process="1")
    assert html.one("h1").text == "碳四装置" and "加好了" in html.text
    assert facts(plant, "U1") == ("碳四装置", "unit", "A1", 0, "", 1)
    line = audited(plant)[-1]
    assert (line["what"], line["about"]) == ("facility.add", "facility:U1")
    assert line["person"] == plant.id("manager")


def test_a_major_hazard_is_added_with_its_rank_and_its_registration(
    page: PageOf, plant: Plant
) -> None:
    typed = {"code": "T1", "site": "YC", "name": "球罐区", "name_en": "Spheres"}
    change(page("manager"), NEW, **typed, kind="tank_farm", hazard_rank="2", hazard_code="PY-02")
    assert facts(plant, "T1") == ("球罐区", "tank_farm", None, 2, "PY-02", 0)
    html = page("manager").get(LIST)
    assert "二级重大危险源" in html.text and "PY-02" in html.text and "没填状态" in html.text


def test_a_major_hazard_without_its_registration_is_marked(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    row = next(tr for tr in page("manager").get(LIST).all("tr") if "危化品库" in tr.text)
    assert "没写" in row.text


def test_it_is_renamed_and_moved_and_the_line_says_what_differs(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    html = change(page("manager"), f"{LIST}/U1", name="碳四一套", area="")
    assert html.one("h1").text == "碳四一套" and "存好了" in html.text
    assert facts(plant, "U1")[:3] == ("碳四一套", "unit", None)
    assert audited(plant)[-1]["detail"] == "name area"


def test_it_is_closed_and_counted_no_more(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    html = change(page("manager"), f"{LIST}/U2", active="0")
    assert "停用的不记状态" in html.text
    assert [row["code"] for row in facilities.facilities(plant.store)] == ["U1", "T1", "W1"]
    assert "停用" in page("manager").get(LIST).text


@pytest.mark.parametrize(
    ("code", "typed", "status", "field"),
    [
        ("U1", {"name": ""}, 422, "name"),
        ("U1", {"name": "长" * 41}, 422, "name"),
        ("U1", {"kind": "tank_farm", "process": ""}, 409, "kind"),
        ("U1", {"kind": "gasometer"}, 422, "kind"),
        ("U1", {"hazard_rank": "5"}, 422, "hazard_rank"),
        ("U1", {"area": "NIX"}, 422, "area"),
        ("U1", {"area": "B1"}, 422, "area"),  # of another site
        ("T1", {"process": "1"}, 422, "process"),
        ("T1", {"active": "0"}, 409, "active"),  # it is unsafe
    ],
)
def test_bad_input_stands_at_its_field_and_changes_nothing(
    page: PageOf, plant: Plant, code: str, typed: dict[str, str], status: int, field: str
) -> None:
    with plant.store.tx() as db:
        places.save_site(db, places.Site("EC", "二厂"))
        places.save_area(db, places.Area("B1", "EC", "别处"))
    furnish(plant)
    enter(plant, "T1", "unsafe", note="液位计坏")
    before = stored(plant, code)
    html = change(page("manager"), f"{LIST}/{code}", status=status, **typed)
    assert set(faulty(html)) == {field}
    assert stored(plant, code) == before and audited(plant) == []


def test_the_same_code_twice_is_refused(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    html = change(page("manager"), NEW, status=409, **{**UNIT, "name": "另一套"})
    assert set(faulty(html)) == {"code"} and stored(plant, "U1")["name"] == "碳四装置"


def test_a_lost_update_is_refused_and_shows_both(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    fields = manager.get(f"{LIST}/U1").form(f"{LIST}/U1")
    change(page("admin"), f"{LIST}/U1", name="别人改的")
    html = manager.post(f"{LIST}/U1", {**fields, "name": "我改的"}, status=409)
    assert "别人改的" in html.text and stored(plant, "U1")["name"] == "别人改的"


def test_a_state_entered_meanwhile_is_no_change_of_the_facts(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    fields = manager.get(f"{LIST}/U1").form(f"{LIST}/U1")
    enter(plant, "U1", "stopped")
    manager.post(f"{LIST}/U1", {**fields, "name": "我改的"})
    assert stored(plant, "U1")["name"] == "我改的"


def test_an_inspector_reads_it_and_changes_nothing(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    inspector = page("inspector")
    assert "碳四装置" in inspector.get(LIST).text
    html = inspector.get(f"{LIST}/T1")
    assert html.all("form") == [] and "PY-02" in html.text and "只能看" in html.text
    inspector.post(f"{LIST}/T1", {"name": "x"}, status=403)
    inspector.get(NEW, status=403)
    inspector.post(NEW, UNIT, status=403)


@pytest.mark.parametrize("part", ["leader", "signatory", "worker"])
def test_others_do_not(page: PageOf, plant: Plant, part: str) -> None:
    furnish(plant)
    for path in (LIST, f"{LIST}/U1", NEW):
        page(part).get(path, status=403)
    page(part).post(f"{LIST}/U1", {"name": "x"}, status=403)
    page(part).post(NEW, {**UNIT, "code": "U7"}, status=403)


def test_who_manages_an_area_reads_what_is_in_it(page: PageOf, plant: Plant) -> None:
    """The list is what the announcement counts: all of it is for who manages all of it."""
    furnish(plant)
    scoped(plant, "manager", Role("manager", "area", "A2"))
    manager = page("manager")
    html = manager.get(LIST)
    assert [name in html.text for name in ("碳四装置", "球罐区", "危化品库")] == [
        False,
        True,
        False,
    ]
    assert manager.get(f"{LIST}/T1").all("form") == []
    manager.get(f"{LIST}/U1", status=403)
    manager.post(f"{LIST}/T1", {"name": "x"}, status=403)
    manager.get(NEW, status=403)


def test_it_asks_for_a_password(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    page("manager", device=True).get(LIST, status=403)


def test_there_is_none_and_wrong_method(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    page("manager").get(f"{LIST}/NIX", status=404)
    page("manager").post(f"{LIST}/NIX", {"name": "x"}, status=404)
    page("manager").post(LIST, {}, status=405)


def test_the_audit_names_it(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    change(page("manager"), f"{LIST}/U1", name="碳四一套")
    html = page("manager").get("/manage/audit")
    assert f"{LIST}/U1" in html.links and "装置设施 U1" in html.text


def test_an_empty_list_says_what_it_is_for(page: PageOf) -> None:
    html = page("manager").get(LIST)
    assert "还没有登记装置" in html.text and NEW in html.links
    assert NEW not in page("inspector").get(LIST).links
