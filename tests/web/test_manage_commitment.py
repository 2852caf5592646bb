"""The commitment page: what the worker sees, edited as a draft; liability is never shifted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import drafts, people, versions
from shiftapp.model.people import Person, Role
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant

PageOf = Callable[..., Page]
PATH = "/manage/commitment"


def newest(plant: Plant) -> Any:
    found = versions.current_commitment(plant.store)
    assert found is not None
    return found


def field(html: Html, id: str, key: str = "text") -> str:
    """The name of the field of a row: `text.3`."""
    typed = html.form(PATH).items()
    (row,) = [name for name, value in typed if name.startswith("id.") and value == id]
    return f"{key}.{row.removeprefix('id.')}"


def press(page: Page, do: str, status: int = 200, **typed: str) -> Html:
    """Press a button after typing the words of some rows, by their ids (`fit__can`)."""
    html = page.get(PATH)
    named = {field(html, id.replace("__", ".")): words for id, words in typed.items()}
    return page.post(PATH, {**html.form(PATH), **named, "do": do}, status)


def audited(plant: Plant) -> list[tuple[str, str]]:
    rows = plant.store.rows("SELECT what, about FROM audit ORDER BY seq")
    return [(row["what"], row["about"]) for row in rows]


def test_the_page_shows_what_the_worker_sees(page: PageOf, plant: Plant) -> None:
    doc = newest(plant)["doc"]
    for part in ("manager", "inspector"):
        html = page(part).get(PATH)
        shown = [one.text for one in html.all("span", class_="choice")]
        assert shown == [o["t"] for item in doc["items"] for o in item["options"]]
        assert html.one("p", class_="w-oath").text == doc["oath"]


def test_what_is_there_comes_back_as_the_same_version(page: PageOf, plant: Plant) -> None:
    before = newest(plant)
    press(page("manager"), "publish")
    assert newest(plant) == before


def test_an_edited_text_is_published_and_the_old_one_stays(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    press(manager, "add", oath="我到岗了。有异常，我先停、先报。")
    press(manager, "up-6", q1="今天的作业票看过了？")
    press(manager, "option-5", **{"q1__yes": "看过"})
    html = press(manager, "save", **{"q1__a1": "没有票"})
    assert "第 2 版 草稿" in html.text
    html = press(manager, "publish")
    doc = newest(plant)["doc"]
    assert newest(plant)["no"] == 2 and doc["oath"].startswith("我到岗了")
    assert [item["id"] for item in doc["items"]][5] == "q1"
    assert [o["t"] for o in doc["items"][5]["options"]] == ["看过", "不行", "没有票"]
    assert "第 2 版在用了" in html.text and drafts.draft(plant.store, "commitment") is None
    assert audited(plant) == [("draft.begin", "commitment"), ("version.publish", "commitment")]
    old = manager.get(f"{PATH}/1")
    assert "今天按规程操作" in old.text and old.all("form", action=PATH) == []


@pytest.mark.parametrize(
    ("words", "seen"),
    [("有事后果自负", "后果自负"), ("出了事，自愿承担一切责任", "自愿承担"), ("后 果 自 负", "后")],
)
def test_words_that_shift_liability_are_refused_and_kept(
    page: PageOf, plant: Plant, words: str, seen: str
) -> None:
    manager = page("manager")
    html = press(manager, "publish", 422, oath=words)
    alert = html.one("div", role="alert").text
    assert seen in alert and "责任" in alert
    assert newest(plant)["no"] == 1
    html = manager.get(PATH)
    assert html.form(PATH)[field(html, "oath")] == words


def test_a_question_must_be_answerable_with_no(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    press(manager, "add", 200)
    html = press(manager, "publish", 422)
    assert "第 7 题：缺“问题”" in html.text
    html = press(manager, "save", q1="票看过了？")
    row = field(html, "q1.no").partition(".")[2]
    press(manager, f"drop-{row}")
    assert "“行”和“不行”都要能答" in press(manager, "publish", 422).text
    press(manager, "remove-6")
    html = press(manager, "discard")
    assert "票看过了" not in html.text and newest(plant)["no"] == 1


def test_the_question_of_fitness_stays(page: PageOf, plant: Plant) -> None:
    html = press(page("manager"), "remove-0")
    assert (
        "要有且只有一个"
        in page("manager").post(PATH, {**html.form(PATH), "do": "publish"}, 422).text
    )


def test_two_managers_do_not_overwrite_each_other_unseen(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    typed = manager.get(PATH).form(PATH)
    press(page("admin"), "save", title="郑一的")
    html = manager.post(PATH, {**typed, "do": "save"}, 409)
    assert "郑一 刚改过" in html.text
    manager.post(PATH, {**html.form(PATH), "do": "save"})


def test_who_may_read_and_who_may_not(page: PageOf, plant: Plant) -> None:
    row = people.person(plant.store, plant.id("admin"))
    assert row is not None
    with plant.store.tx() as db:
        scoped = (Role("manager", "area", "A1"),)
        people.save_person(db, Person(row["id"], row["no"], row["name"], roles=scoped), NOW_MS)
    for part in ("inspector", "admin"):
        assert page(part).get(PATH).all("form", action=PATH) == []
        page(part).post(PATH, {"do": "publish", "rows": "0"}, 403)
    for part in ("worker", "leader", "signatory"):
        page(part).get(PATH, 403)
        page(part).post(PATH, {}, 403)
    assert "登录" in page(None).get(PATH).text


def test_odd_requests(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    manager.get(f"{PATH}/9", 404)
    assert manager.client.delete(PATH, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405
    html = manager.post(PATH, {"do": "publish", "rows": "0"}, 422)
    for do in ("option-99", "drop-99", "up-99", "nonsense"):
        html = manager.post(PATH, {**html.form(PATH), "do": do})
    assert newest(plant)["no"] == 1
