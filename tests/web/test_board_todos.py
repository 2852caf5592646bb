"""The leader's to-dos: private, answered by a stand-in, a mistake, or a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import findings, history
from tests.page import Page
from tests.plant import NOW_MS, Plant
from tests.sealing import commit_body, deliver

PageOf = Callable[..., Page]


def todo_of(plant: Plant, part: str = "worker", kind: str = "replace") -> int:
    """The open to-do of somebody who is not fit today."""
    if kind == "replace":
        deliver(plant, commit_body(plant, part, bad="fit"))
    asked = findings.of_instance(plant.store, plant.instance()["id"])
    return next(f["id"] for f in asked if f["kind"] == kind and f["reporter"] == plant.id(part))


def brief_of(plant: Plant, part: str = "worker") -> int:
    """The open to-do of somebody with a question to the leader."""
    with plant.store.tx() as db:
        findings.open_finding(
            db,
            "brief",
            record_id="b0000000-0000-4000-8000-000000000001",
            part="handover",
            what="交接班看过了吗",
            note="没看到",
            veto=False,
            instance=plant.instance()["id"],
            crew="JIA",
            station=None,
            job=None,
            reporter=plant.id(part),
            now_ms=NOW_MS,
        )
    return todo_of(plant, part, "brief")


def state(plant: Plant, part: str) -> str:
    people = history.people_states(plant.store, plant.instance(), NOW_MS)
    return next((p.name for p in people if p.person == plant.id(part)), "absent")


def test_the_leader_reads_it_and_is_told_not_to_ask_why(page: PageOf, plant: Plant) -> None:
    html = page("leader").get(f"/board/todos/{todo_of(plant)}")
    assert html.one("h1").text == "张三 今天不能上岗" and "不问原因" in html.text


@pytest.mark.parametrize(
    ("part", "status"),
    [("worker", 403), ("inspector", 403), ("signatory", 403), ("other_leader", 404)]
    + [("manager", 404), ("admin", 404)],
)
def test_nobody_else_is_told_that_it_exists(
    page: PageOf, plant: Plant, part: str, status: int
) -> None:
    todo = todo_of(plant)
    page(part).get(f"/board/todos/{todo}", status)
    page(part).post(f"/board/todos/{todo}/answer", {"outcome": "mistake"}, status=status)
    assert state(plant, "worker") == "cannot"


def test_no_such_todo_and_a_hazard_is_none(page: PageOf, plant: Plant) -> None:
    page("leader").get("/board/todos/999", 404)
    page("leader").get("/board/todos/x", 404)
    page("leader").get(f"/board/todos/{todo_of(plant)}/answer", 405)


def test_a_stand_in_answers_it(page: PageOf, plant: Plant) -> None:
    todo = todo_of(plant)
    html = page("leader").post(
        f"/board/todos/{todo}/answer", {"outcome": "replaced", "no": "2001", "who": ""}
    )
    assert (state(plant, "worker"), state(plant, "outsider")) == ("excused", "expected")
    assert "/ 6 人" in html.text and "要当面说" not in html.text


def test_nobody_may_take_the_place_too(page: PageOf, plant: Plant) -> None:
    data = {"outcome": "replaced", "who": "nobody", "no": ""}
    html = page("leader").post(f"/board/todos/{todo_of(plant)}/answer", data)
    assert state(plant, "worker") == "excused" and "/ 5 人" in html.text


def test_a_stand_in_who_is_not_named_leaves_it_open(page: PageOf, plant: Plant) -> None:
    todo = todo_of(plant)
    data = {"outcome": "replaced", "who": "", "no": "4711"}
    html = page("leader").post(f"/board/todos/{todo}/answer", data, status=422)
    assert html.one("input", id="todo-no").attrs["value"] == "4711"
    assert state(plant, "worker") == "cannot"
    assert plant.store.value("SELECT answered_ms FROM finding WHERE id = :id", id=todo) is None


def test_a_mistake_puts_the_person_back_to_work(page: PageOf, plant: Plant) -> None:
    page("leader").post(f"/board/todos/{todo_of(plant)}/answer", {"outcome": "mistake"})
    assert state(plant, "worker") == "running"


def test_a_question_is_answered_with_a_word(page: PageOf, plant: Plant) -> None:
    todo = brief_of(plant)
    html = page("leader").get(f"/board/todos/{todo}")
    assert "交接班看过了吗" in html.text and "没看到" in html.text
    page("leader").post(
        f"/board/todos/{todo}/answer", {"outcome": "briefed", "text": "当面念了一遍"}
    )
    assert "当面念了一遍" in page("leader").get(f"/board/todos/{todo}").text


def test_an_answer_that_does_not_fit_is_refused(page: PageOf, plant: Plant) -> None:
    todo = todo_of(plant)
    url = f"/board/todos/{todo}/answer"
    for outcome in ("", "fixed", "briefed"):
        page("leader").post(url, {"outcome": outcome}, status=422)
    page("leader").post(url, {"outcome": "mistake"})
    again = page("leader").post(url, {"outcome": "mistake"}, status=409)
    assert "已有人答复" in again.text


def test_a_leader_who_is_not_fit_is_answered_by_a_manager(page: PageOf, plant: Plant) -> None:
    todo = todo_of(plant, "leader")
    page("leader").get(f"/board/todos/{todo}", 404)
    page("manager").post(f"/board/todos/{todo}/answer", {"outcome": "mistake"})
    assert state(plant, "leader") == "running"
