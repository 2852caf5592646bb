"""Hazards: who sees which, found → assigned → fixed → accepted, and never by the reporter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import findings
from tests.crew import plain_step
from tests.page import Page
from tests.plant import DUE_MS, NOW_MS, Clock, Plant
from tests.sealing import commit_body, deliver, hazard_body, run_body

PageOf = Callable[..., Page]
ASSIGN = {"no": "1002", "date": "2026-11-24", "time": "08:30", "text": "换垫片"}


def report(plant: Plant, part: str = "worker", what: str = "P-202B 机封滴油") -> str:
    """A hazard of 甲班's shift; gives its URL."""
    deliver(plant, hazard_body(plant, part, what))
    return f"/hazards/{plant.store.value('SELECT MAX(id) FROM finding')}"


def row(plant: Plant, url: str) -> dict[str, object]:
    return findings.finding(plant.store, int(url.rpartition("/")[2]))


def test_a_hazard_goes_from_found_to_accepted(page: PageOf, plant: Plant) -> None:
    url = report(plant)
    leader = page("leader")
    html = leader.post(f"{url}/assign", ASSIGN)
    assert "李四，11-24 08:30 前" in html.text
    assert (row(plant, url)["state"], row(plant, url)["answered_ms"]) == ("assigned", NOW_MS)
    html = page("mate").post(f"{url}/fix", {"text": "换好了"})
    assert row(plant, url)["state"] == "fixed" and "换好了" in html.text
    html = page("manager").post(f"{url}/accept")
    assert row(plant, url)["state"] == "accepted"
    assert [part in html.text for part in ("派给", "修好了", "验收了")] == [True] * 3
    assert url not in leader.get("/hazards").links
    assert url in leader.get("/hazards?state=accepted").links


def test_answered_from_the_board_it_leads_back_to_the_board(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"), run_body(plant, "worker", bad=plain_step(plant)))
    url = f"/hazards/{plant.store.value('SELECT MAX(id) FROM finding')}"
    hidden = page("leader").get(f"{url}?back=board").all("input", type="hidden", name="back")
    assert {field.attrs["value"] for field in hidden} == {"board"}
    html = page("leader").post(f"{url}/fix", {"text": "校表", "back": "board"})
    assert html.one("h1").text == "生产一部 甲班"


def test_who_may_see_it(page: PageOf, plant: Plant) -> None:
    url = report(plant)
    for part in ("leader", "manager", "signatory", "inspector", "admin", "worker"):
        assert url in page(part).get("/hazards").links
        assert "P-202B 机封滴油" in page(part).get(url).text


@pytest.mark.parametrize("part", ["outsider", "mate", "other_leader"])
def test_who_does_not(page: PageOf, plant: Plant, part: str) -> None:
    with plant.store.tx() as db:  # 乙班 leads crews of the same area by crew, not by area
        db.run("DELETE FROM role WHERE person = :p AND scope_kind = 'area'", p=plant.id(part))
    url = report(plant)
    assert url not in page(part).get("/hazards").links
    page(part).get(url, 404)


def test_a_stranger_signs_in_first(page: PageOf, plant: Plant) -> None:
    url = report(plant)
    for one in ("/hazards", url):
        assert "/login" in page(None).client.get(one).headers["Location"]


@pytest.mark.parametrize(
    ("part", "status"),
    [("worker", 403), ("inspector", 403), ("signatory", 403), ("outsider", None)]
    + [("other_leader", 404)],
)
def test_who_may_not_act(page: PageOf, plant: Plant, part: str, status: int | None) -> None:
    url, browser = report(plant), page(part)
    for action in ("assign", "fix", "accept", "reopen", "level"):
        expected = status or (404 if action == "fix" else 403)
        browser.post(f"{url}/{action}", {**ASSIGN, "level": "major"}, status=expected)
        assert (row(plant, url)["state"], row(plant, url)["level"]) == ("found", "general")


def test_no_such_hazard_and_a_get_of_an_action(page: PageOf, plant: Plant) -> None:
    url = report(plant)
    browser = page("leader")
    browser.get("/hazards/999", 404)
    browser.get("/hazards/x", 404)
    browser.post("/hazards/999/fix", status=404)
    browser.get(f"{url}/fix", 405)


def test_a_todo_is_never_a_hazard(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    todo = plant.store.value("SELECT MAX(id) FROM finding")
    for part in ("leader", "admin", "worker"):
        page(part).get(f"/hazards/{todo}", 404)
        for state in ("open", "all", "found"):
            assert f"/hazards/{todo}" not in page(part).get(f"/hazards?state={state}").links
    page("leader").post(f"/hazards/{todo}/fix", status=404)


def test_the_reporter_neither_answers_nor_accepts(page: PageOf, plant: Plant) -> None:
    url = report(plant, "leader")
    html = page("leader").get(url)
    assert "要别人来答复" in html.text and not html.all("form", action=f"{url}/fix")
    page("leader").post(f"{url}/fix", {"text": "好了"}, status=403)
    page("leader").post(f"{url}/assign", ASSIGN, status=403)
    page("manager").post(f"{url}/fix", {"text": "好了"})
    page("leader").post(f"{url}/accept", status=403)
    assert row(plant, url)["state"] == "fixed"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"no": "", "who": ""}, "写明派给谁"),
        ({"no": "4711"}, "没有工号 4711"),
        ({"time": ""}, "写明几点前"),
        ({"date": "tomorrow"}, "写明几点前"),
        ({"time": "07:00"}, "已经过了"),
    ],
)
def test_an_assignment_that_lacks_something_keeps_what_was_typed(
    page: PageOf, plant: Plant, changed: dict[str, str], words: str
) -> None:
    url = report(plant)
    data = {**ASSIGN, **changed}
    html = page("leader").post(f"{url}/assign", data, status=422)
    assert words in html.one("p", id="fault").text
    for name in ("date", "time"):
        assert html.one("input", id=name).attrs["value"] == data[name]
    assert html.one("input", id="assign-text").attrs["value"] == "换垫片"
    assert row(plant, url)["state"] == "found"


def test_it_is_reopened_with_a_reason_and_the_person_s_state_is_not(
    page: PageOf, plant: Plant
) -> None:
    url = report(plant)
    browser = page("leader")
    browser.post(f"{url}/fix", {"text": "紧了"})
    browser.post(f"{url}/reopen", {"text": " "}, status=422)
    html = browser.post(f"{url}/reopen", {"text": "又滴了"})
    assert "又滴了" in html.text and row(plant, url)["state"] == "found"
    assert row(plant, url)["answered_ms"] == NOW_MS


def test_what_is_not_fixed_is_not_accepted(page: PageOf, plant: Plant) -> None:
    page("leader").post(f"{report(plant)}/accept", status=409)


def test_it_is_graded(page: PageOf, plant: Plant) -> None:
    url = report(plant)
    assert "重大隐患" in page("leader").post(f"{url}/level", {"level": "major"}).text
    page("leader").post(f"{url}/level", {"level": "huge"}, status=422)
    assert row(plant, url)["level"] == "major"


def test_the_list_is_filtered_and_late_ones_stand_out(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    mine, other = report(plant), report(plant, what="围堰裂缝")
    page("leader").post(f"{mine}/assign", ASSIGN)
    clock.ms = DUE_MS + 3_600_000
    html = page("admin").get("/hazards?state=assigned&crew=JIA&area=A1")
    assert mine in html.links and other not in html.links and "过时没修" in html.text
    assert mine not in page("admin").get("/hazards?crew=YI").links
    assert mine not in page("admin").get("/hazards?area=A2").links
    assert "这里没有隐患" in page("admin").get("/hazards?state=fixed").text
    page("admin").get("/hazards?state=%27&crew=%27")
