"""Keys for other systems: made by who manages all of the plant, shown once, stopped for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import api_keys
from shiftapp.model.people import Role
from shiftapp.problems import Problem
from tests.managing import scoped
from tests.page import Page
from tests.plant import NOW_MS, Plant
from tests.web.test_special_work_api import ONE, send

PageOf = Callable[..., Page]
URL = "/manage/api-keys"


def made(browser: Page, name: str = "作业票系统") -> str:
    """A new key, as the page shows it."""
    return browser.post(URL, {"name": name}).one("input", id="secret").attrs["value"]


def lines(plant: Plant) -> list[tuple[str, str, str]]:
    rows = plant.store.rows("SELECT what, about, detail FROM audit ORDER BY seq")
    return [(row["what"], row["about"], row["detail"]) for row in rows]


def test_a_new_key_is_shown_once_and_works(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    secret = made(manager)
    assert len(secret) == 46
    assert secret not in manager.get(URL).text
    assert send(page(None).client, [ONE], secret).status_code == 200
    html = manager.get(URL)
    assert "作业票系统" in html.text and "孙八" in html.text and "还没用过" not in html.text


def test_what_is_stored_is_no_key(page: PageOf, plant: Plant) -> None:
    secret = made(page("manager"))
    (row,) = plant.store.rows("SELECT * FROM api_key ORDER BY id")
    assert secret.encode() not in bytes(row["secret"]) and secret not in str(row)
    assert secret not in str(lines(plant))
    assert "secret" not in api_keys.keys(plant.store)[0]


def test_making_and_stopping_leave_a_line(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    made(manager)
    for _ in range(2):
        manager.post(f"{URL}/1/revoke")
    assert lines(plant) == [("key.make", "key:1", "作业票系统"), ("key.revoke", "key:1", "")]
    text = manager.get("/manage/audit").text
    assert "发接口密钥" in text and "停用接口密钥" in text


def test_a_stopped_key_stays_in_the_list_and_opens_nothing(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    secret, other = made(manager), made(manager, "另一个")
    html = manager.post(f"{URL}/1/revoke")
    assert "2026-11-24 停用" in html.text
    assert [f.attrs["action"] for f in html.all("form")] == [URL, f"{URL}/2/revoke"]
    assert send(page(None).client, [ONE], secret).status_code == 401
    assert send(page(None).client, [ONE], other).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "某" * 41])
def test_a_key_needs_the_name_of_a_system(page: PageOf, plant: Plant, name: str) -> None:
    html = page("manager").post(URL, {"name": name}, 422)
    assert "写明是哪个系统" in html.one("p", role="alert").text
    assert html.form(URL)["name"] == name
    assert not html.all("input", id="secret") and api_keys.keys(plant.store) == []


@pytest.mark.parametrize("part", ["leader", "signatory", "inspector", "worker"])
def test_nobody_else_makes_or_sees_keys(page: PageOf, plant: Plant, part: str) -> None:
    page(part).get(URL, 403)
    page(part).post(URL, {"name": "x"}, 403)
    page(part).post(f"{URL}/1/revoke", status=403)


def test_who_manages_one_area_makes_none(page: PageOf, plant: Plant) -> None:
    scoped(plant, "manager", Role("manager", "area", "A1"))
    page("manager").get(URL, 403)
    page("manager").post(URL, {"name": "x"}, 403)
    assert api_keys.keys(plant.store) == []


def test_an_administrator_of_all_may(page: PageOf, plant: Plant) -> None:
    assert made(page("admin")).startswith("sk_")


def test_a_stranger_signs_in_and_a_number_that_is_none_is_refused(
    page: PageOf, plant: Plant
) -> None:
    assert page(None).client.get(URL).status_code == 303
    page("manager").post(f"{URL}/9/revoke", status=404)


def test_a_phone_is_too_little_for_it(page: PageOf, plant: Plant) -> None:
    page("manager", device=True).get(URL, 403)


def test_two_keys_never_say_the_same(page: PageOf) -> None:
    manager = page("manager")
    assert len({made(manager) for _ in range(5)}) == 5


def test_a_key_is_found_by_all_of_it_only(plant: Plant) -> None:
    with plant.store.tx() as db:
        api_keys.add(db, "x", "sk_abc", by=plant.id("manager"), now_ms=NOW_MS)
        assert api_keys.find(db, "sk_abc")["name"] == "x"
        for wrong in ("", "sk_ab", "sk_abcd", "SK_ABC", "sk_abc ", "\ud800"):
            with pytest.raises(Problem, match="key_unknown"):
                api_keys.find(db, wrong)
