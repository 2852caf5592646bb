"""Posters, labels and enrolment cards from the desk."""

from __future__ import annotations

from collections.abc import Callable

from shiftapp.model import everybody, people, places
from shiftapp.model.people import Person, Role
from tests.page import Page
from tests.plant import NOW_MS, PUMPS, TANKS, Clock, Plant

PageOf = Callable[..., Page]
OWN = {"Sec-Fetch-Site": "same-origin"}
CARDS = "/manage/exchange/cards"


FILES = {
    "/manage/exchange/posters.pdf": b"%PDF",
    "/manage/exchange/labels.pdf": b"%PDF",
    f"/manage/stations/{PUMPS}/poster.pdf": b"%PDF",
    f"/manage/stations/{PUMPS}/poster.png": b"\x89PNG",
    f"/manage/stations/{TANKS}/label.pdf": b"%PDF",
}


def test_posters_and_labels_are_files_to_keep(page: PageOf) -> None:
    client = page("manager").client
    for path, start in FILES.items():
        answer = client.get(path)
        assert answer.status_code == 200 and answer.data.startswith(start), path
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")


def codes(plant: Plant) -> dict[str, str]:
    """Person → who made their unused card."""
    rows = plant.store.rows(
        "SELECT person, made_by FROM enrol_code WHERE kind = 'card' AND used_ms IS NULL"
        " AND expires_ms > :now ORDER BY person",
        now=NOW_MS,
    )
    return {row["person"]: row["made_by"] for row in rows}


def test_cards_for_who_has_no_phone_and_no_access_above_mine(page: PageOf, plant: Plant) -> None:
    plant.device("worker")
    answer = page("manager").client.post(CARDS, data={}, headers=OWN)
    assert answer.data.startswith(b"%PDF")
    made = codes(plant)
    assert set(made.values()) == {plant.id("manager")}
    assert plant.id("mate") in made and plant.id("leader") in made
    for part in ("worker", "manager", "signatory", "admin"):
        assert plant.id(part) not in made
    line = plant.store.row("SELECT what, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert line == {"what": "cards.print", "detail": str(len(made))}


def test_cards_of_one_crew(page: PageOf, plant: Plant) -> None:
    page("admin").client.post(CARDS, data={"crew": "YI"}, headers=OWN)
    assert set(codes(plant)) == {plant.id("outsider"), plant.id("other_leader")}


def test_cards_for_nobody_and_for_an_unknown_crew(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    manager.post(CARDS, {"crew": "XX"}, 404)
    for part in ("outsider", "other_leader"):
        plant.device(part)
    assert "没有人要登记卡" in manager.post(CARDS, {"crew": "YI"}, 422).text


def test_a_poster_that_cannot_be_printed_is_told(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_station(db, places.Station(PUMPS, "P-201", "A1", "泵区𠮷\U0001f600"))
    html = page("manager").get(f"/manage/stations/{PUMPS}/poster.pdf", 422)
    assert "P-201 的海报印不出这些字" in html.text


def test_who_may_print(page: PageOf, plant: Plant, clock: Clock) -> None:
    row = people.person(plant.store, plant.id("admin"))
    assert row is not None
    with plant.store.tx() as db:
        scoped = (Role("manager", "area", "A1"),)
        people.save_person(db, Person(row["id"], row["no"], row["name"], roles=scoped), NOW_MS)
    mine, other = f"/manage/stations/{PUMPS}/label.pdf", f"/manage/stations/{TANKS}/label.pdf"
    assert page("admin").client.get(mine).status_code == 200
    assert page("inspector").client.get(mine).status_code == 200
    for part, path in (
        ("admin", other),
        ("admin", "/manage/exchange/posters.pdf"),
        ("inspector", "/manage/exchange/labels.pdf"),
        ("leader", mine),
        ("worker", mine),
    ):
        page(part).get(path, 403)
    for part in ("admin", "inspector", "leader"):
        page(part).post(CARDS, {}, 403)
    assert codes(plant) == {} and len(everybody.for_cards(plant.store, clock.ms, "", False)) > 0


def test_odd_addresses_and_methods(page: PageOf) -> None:
    manager = page("manager")
    manager.get("/manage/stations/00000000/poster.pdf", 404)
    manager.get(f"/manage/stations/{PUMPS}/poster.exe", 404)
    assert manager.client.get(CARDS).status_code == 405
    posted = manager.client.post("/manage/exchange/posters.pdf", headers=OWN)
    assert posted.status_code == 405
