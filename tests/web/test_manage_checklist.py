"""The checklist page: a draft that is kept whatever is typed, published versions that stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import drafts, people, versions
from shiftapp.model.people import Person, Role
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant

PageOf = Callable[..., Page]
PATH = "/manage/jobs/J02/checklist"


def newest(plant: Plant) -> Any:
    found = versions.current_checklist(plant.store, "J02")
    assert found is not None
    return found


def press(page: Page, do: str, status: int = 200, step: int = 1, **typed: str) -> Html:
    """Press a button of the page after typing into some fields (`call_3` is `call.3`)."""
    fields = page.get(f"{PATH}?step={step}").form(PATH)
    changed = {name.replace("__", "."): value for name, value in typed.items()}
    return page.post(PATH, {**fields, **changed, "do": do}, status)


def audited(plant: Plant) -> list[str]:
    return [row["what"] for row in plant.store.rows("SELECT what FROM audit ORDER BY seq")]


def scoped(plant: Plant, part: str, role: Role) -> None:
    """Give somebody another role instead of their own."""
    row = people.person(plant.store, plant.id(part))
    assert row is not None
    with plant.store.tx() as db:
        people.save_person(db, Person(row["id"], row["no"], row["name"], roles=(role,)), NOW_MS)


def test_the_page_reads_like_the_card(page: PageOf, plant: Plant) -> None:
    html = page("manager").get(f"{PATH}?step=4")
    steps = newest(plant)["doc"]["steps"]
    assert [e.text for e in html.all("p", class_="w-target")] == [steps[3]["target"]]
    typed = html.form(PATH)
    assert [typed[f"call.{i}"] for i in range(len(steps))] == [step["call"] for step in steps]
    assert (typed["label.3"], typed["hi.3"]) == ("轴承温度", "70")
    assert "第 1 版 在用" in html.text and "发布第 2 版" in html.text


def test_saving_what_is_there_publishes_no_new_version(page: PageOf, plant: Plant) -> None:
    before = newest(plant)
    html = press(page("manager"), "publish")
    assert newest(plant) == before and "第 1 版" in html.text


def test_a_step_is_added_moved_changed_removed_and_published(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    html = press(manager, "add-7", call__0="帽服鞋镜，齐")
    fresh = {"target__8": "逃生路", "call__8": "路通", "criteria__8": "没堆东西\n灯亮"}
    html = press(manager, "up-8", step=9, **fresh)
    assert "第 2 版 草稿" in html.text
    press(manager, "remove-0")
    html = press(manager, "publish")
    doc = newest(plant)["doc"]
    assert newest(plant)["no"] == 2 and newest(plant)["published_by"] == plant.id("manager")
    assert [step["n"] for step in doc["steps"]] == list(range(1, 9))
    assert (doc["steps"][6]["target"], doc["steps"][6]["criteria"]) == (
        "逃生路",
        ["没堆东西", "灯亮"],
    )
    assert drafts.draft(plant.store, "checklist:J02") is None
    assert "第 2 版在用了" in html.text
    assert audited(plant)[-2:] == ["draft.begin", "version.publish"]
    old = manager.get(f"{PATH}/1")
    assert "帽服鞋镜齐，检测仪开" in old.text and old.all("form", action=PATH) == []


def test_faults_stand_at_their_step_and_nothing_typed_is_lost(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    html = press(manager, "publish", 422, step=3, lo__2="半斤", call__1="", target__5="<b>阀&")
    assert "第 3 步：“下限”" in html.text and "还有 2 处要改" in html.text
    typed = manager.get(f"{PATH}?step=3").form(PATH)
    assert (typed["lo.2"], typed["call.1"], typed["target.5"]) == ("半斤", "", "<b>阀&")
    html = press(manager, "publish", 422, step=3, lo__2="9", hi__2="1", call__1="看风")
    assert "第 3 步：下限比上限大。" in html.text
    assert newest(plant)["no"] == 1


def test_hints_do_not_stop_anybody(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    html = press(manager, "pick-0", call__0="这一句话实在是太长了现场根本喊不出来")
    assert "现场不好喊" in html.text and "1 处和在用的不同" in html.text
    press(manager, "publish")
    assert newest(plant)["no"] == 2


def test_a_draft_can_be_thrown_away(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    press(manager, "pick-0", call__0="改了")
    html = press(manager, "discard")
    assert "改了" not in html.form(PATH)["call.0"] and "草稿" not in html.one("h1").text
    assert audited(plant)[-1] == "draft.discard"


def test_two_managers_do_not_overwrite_each_other_unseen(page: PageOf, plant: Plant) -> None:
    manager, admin = page("manager"), page("admin")
    fields = manager.get(PATH).form(PATH)
    press(admin, "pick-0", call__0="郑一的")
    mine = {**fields, "call.0": "孙八的"}
    html = manager.post(PATH, {**mine, "do": "pick-0"}, 409)
    assert "郑一 刚改过" in html.text and html.form(PATH)["call.0"] == "孙八的"
    html = manager.post(PATH, {**html.form(PATH), "do": "publish"})
    assert newest(plant)["doc"]["steps"][0]["call"] == "孙八的"


def test_a_version_published_meanwhile_is_told_first(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    press(manager, "pick-0", call__0="孙八的")
    doc = newest(plant)["doc"]
    with plant.store.tx() as db:
        versions.publish_checklist(db, "J02", {**doc, "title": "新"}, NOW_MS, "import")
    html = press(manager, "publish", 409)
    assert "第 2 版刚由别人发布" in html.text
    manager.post(PATH, {**html.form(PATH), "do": "publish"})
    assert newest(plant)["no"] == 3


@pytest.mark.parametrize("part", ["worker", "leader", "signatory", None])
def test_it_is_not_for_everybody(page: PageOf, part: str | None) -> None:
    reader = page(part)
    if part is None:
        assert "登录" in reader.get(PATH).text
        return
    reader.get(PATH, 403)
    reader.post(PATH, {"do": "publish"}, 403)


def test_an_inspector_and_an_areas_manager_only_read(page: PageOf, plant: Plant) -> None:
    press(page("manager"), "pick-0", call__0="草稿里的")
    scoped(plant, "admin", Role("manager", "area", "A1"))
    for part in ("inspector", "admin"):
        html = page(part).get(PATH)
        assert html.all("form", action=PATH) == [] and "草稿里的" not in html.text
        assert "泵机封、轴承" in html.text
        page(part).post(PATH, {"do": "publish", "rows": "0"}, 403)


def test_odd_requests(page: PageOf) -> None:
    manager = page("manager")
    for path in ("/manage/jobs/NO/checklist", f"{PATH}/9"):
        manager.get(path, 404)
    assert manager.client.delete(PATH, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405
    manager.post(PATH, {"do": "publish", "rows": "x", "base": "²"}, 422)
    manager.post(PATH, {"do": "up-99", "rows": "9" * 5000}, 409)
    manager.post(PATH, {"do": f"up-{'9' * 5000}", "rows": "0"}, 409)
    manager.post(PATH, {"do": "up-99", "rows": "0"}, 409)
    for step in ("0", "99", "-1", "x"):
        manager.get(f"{PATH}?step={step}")
