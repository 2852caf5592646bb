"""What a leader changes about a person in a shift: every action, every scope, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import absences, history, roster
from tests.page import Page
from tests.plant import NOW_MS, PUMPS, TANKS, Clock, Plant
from tests.sealing import commit_body, deliver, make_ready, run_body

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"
ACTIONS = {
    "absence": {"why": "on_the_way"},
    "end": {"why": "leave"},
    "standin": {"no": "2001"},
}


def there(plant: Plant, part: str = "worker") -> str:
    return f"{BASE}/people/{plant.id(part)}"


def state(plant: Plant, part: str) -> str:
    people = history.people_states(plant.store, plant.instance(), NOW_MS)
    return next((p.name for p in people if p.person == plant.id(part)), "absent")


def audit(plant: Plant) -> list[str]:
    rows = plant.store.rows("SELECT what FROM audit WHERE person IS NOT NULL ORDER BY seq")
    return [row["what"] for row in rows]


def test_a_person_s_page_shows_rows_and_records(page: PageOf, plant: Plant) -> None:
    make_ready(plant, "worker")
    html = page("leader").get(there(plant))
    assert html.one("h1").text == "张三"
    assert "P-201 泵区" in html.text and "班前承诺" in html.text and "准时" in html.text
    assert f"/board/people/{plant.id('worker')}" in html.links


def test_what_does_not_fit_about_a_record_is_said_in_words(page: PageOf, plant: Plant) -> None:
    make_ready(plant, "worker")
    assert "接不上" not in page("leader").get(there(plant)).text
    wrong = {"code": PUMPS, "mac": "0" * 16}
    deliver(plant, run_body(plant, "worker", seq=4, station=wrong))
    text = page("leader").get(there(plant)).text
    assert "和这台手机的上一条接不上" in text and "扫的码不是本厂印的" in text
    assert "身份没核实" not in text


def test_who_only_reads_sees_the_page_without_forms(page: PageOf, plant: Plant) -> None:
    assert page("inspector").get(there(plant)).all("form") == []


def test_not_fit_stands_on_the_page_for_the_leader_only(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    assert "今天不能上岗" in page("leader").get(there(plant)).text
    for part in ("manager", "inspector", "signatory"):
        text = page(part).get(there(plant)).text
        assert "不能上岗" not in text and "异常" in text


@pytest.mark.parametrize("part", ["worker", "outsider", "inspector", "signatory", "other_leader"])
def test_who_may_not_act_changes_nothing(page: PageOf, plant: Plant, part: str) -> None:
    browser = page(part)
    for action, data in ACTIONS.items():
        browser.post(f"{there(plant)}/{action}", data, status=403)
        assert state(plant, "worker") == "expected" and audit(plant) == []


def test_nobody_there_is_404_and_a_get_405(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    for action, data in ACTIONS.items():
        browser.post(f"{there(plant, 'outsider')}/{action}", data, status=404)
        browser.post(f"{BASE}/people/nobody/{action}", data, status=404)
        browser.get(f"{there(plant)}/{action}", 405)


@pytest.mark.parametrize("part", ["leader", "manager", "admin"])
def test_on_the_way_is_one_tap(page: PageOf, plant: Plant, part: str) -> None:
    html = page(part).post(f"{there(plant)}/absence", {"why": "on_the_way"})
    assert html.one("h1").text == "生产一部 甲班" and "没开始 路上" in html.text
    assert audit(plant) == ["board.absence"]


def test_another_reason_needs_words_and_keeps_none_otherwise(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    html = browser.post(f"{there(plant)}/absence", {"why": "other", "note": " "}, status=422)
    assert "写几个字" in html.text
    browser.post(f"{there(plant)}/absence", {"why": "other", "note": "送孩子"})
    written = absences.of_instance(plant.store, plant.instance()["id"])
    assert written[plant.id("worker")]["note"] == "送孩子"


def test_a_wrong_reason_keeps_what_was_typed(page: PageOf, plant: Plant) -> None:
    html = page("leader").post(
        f"{there(plant)}/absence", {"why": "gone", "note": "送孩子"}, status=422
    )
    assert html.one("input", id="note").attrs["value"] == "送孩子"


def test_leave_takes_somebody_out_of_the_count(page: PageOf, plant: Plant) -> None:
    html = page("leader").post(f"{there(plant)}/end", {"why": "leave"})
    assert "/ 5 人" in html.text and "张三 请假" in html.text
    assert state(plant, "worker") == "excused" and audit(plant) == ["roster.end"]
    again = page("leader").post(f"{there(plant)}/end", {"why": "mistake"}, status=409)
    assert "不在本班名单" in again.text


def test_a_swap_out_that_leaves_a_post_empty_is_refused(page: PageOf, plant: Plant) -> None:
    html = page("leader").post(f"{there(plant)}/end", {"why": "swapped"}, status=422)
    assert "换班要写谁来上；没人上就记请假。" in html.text
    assert state(plant, "worker") == "expected" and audit(plant) == []


def test_one_row_of_two_can_be_taken_away(page: PageOf, plant: Plant) -> None:
    instance = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.add(
            db,
            instance,
            plant.id("worker"),
            [roster.Post(TANKS, "J09")],
            how="added",
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )
    row = next(r for r in roster.rows(plant.store, instance) if r["how"] == "added")
    page("leader").post(f"{there(plant)}/end", {"why": "mistake", "row": str(row["id"])})
    left = roster.posts(plant.store, instance, plant.id("worker"))
    assert [one["station"] for one in left] == [PUMPS]


def test_a_row_of_another_shift_is_not_ended(page: PageOf, plant: Plant) -> None:
    other = plant.instance("BING", "2026-11-23", "N")["id"]
    row = roster.rows(plant.store, other)[0]
    data = {"why": "mistake", "row": str(row["id"])}
    page("leader").post(f"{there(plant)}/end", data, status=409)
    assert roster.rows(plant.store, other)[0]["ended_ms"] is None


@pytest.mark.parametrize("row", ["x", "9" * 20, "9" * 5000])
def test_a_row_that_is_no_number_ends_nothing(page: PageOf, plant: Plant, row: str) -> None:
    page("leader").post(f"{there(plant)}/end", {"why": "mistake", "row": row}, status=409)
    assert roster.posts(plant.store, plant.instance()["id"], plant.id("worker"))


def test_a_stand_in_comes_by_list_or_by_number(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    browser.post(f"{there(plant)}/standin", {"no": "2001", "who": ""})
    assert (state(plant, "worker"), state(plant, "outsider")) == ("excused", "expected")
    browser.post(f"{there(plant, 'chen')}/standin", {"who": plant.id("other_leader")})
    assert state(plant, "other_leader") == "expected"


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"no": "", "who": ""}, 422, "选一个人"),
        ({"no": "99999"}, 422, "没有工号 99999"),
        ({"no": "1001"}, 409, "同一个"),
    ],
)
def test_a_stand_in_who_is_nobody_leaves_all_as_it_was(
    page: PageOf, plant: Plant, data: dict[str, str], status: int, words: str
) -> None:
    html = page("leader").post(f"{there(plant)}/standin", data, status=status)
    assert words in html.text
    assert html.one("input", id="standin-no").attrs["value"] == data["no"]
    assert state(plant, "worker") == "expected" and audit(plant) == []


def test_a_stand_in_who_recorded_before_counts_at_once(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "outsider"), run_body(plant, "outsider"))
    page("leader").post(f"{there(plant)}/standin", {"no": "2001"})
    assert state(plant, "outsider") == "ready"
    entered = plant.store.value(
        "SELECT COUNT(*) FROM record WHERE person = :p AND entry_seq IS NOT NULL",
        p=plant.id("outsider"),
    )
    assert entered == 2


def test_an_arrival_is_put_on_the_roster_with_one_tap(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    make_ready(plant, "outsider")
    browser = page("leader")
    board = browser.get(BASE)
    assert "来了不在名单 1" in board.text
    html = browser.post(f"{there(plant, 'outsider')}/join")
    assert state(plant, "outsider") == "ready" and "来了不在名单" not in html.text
    assert audit(plant) == ["roster.join"]


@pytest.mark.parametrize(("part", "status"), [("outsider", 403), ("inspector", 403)])
def test_nobody_joins_by_themselves(page: PageOf, plant: Plant, part: str, status: int) -> None:
    make_ready(plant, "outsider")
    page(part).post(f"{there(plant, 'outsider')}/join", status=status)
    assert state(plant, "outsider") == "absent"


def test_who_has_no_record_cannot_join(page: PageOf, plant: Plant) -> None:
    page("leader").post(f"{there(plant)}/join", status=409)


def test_a_change_asked_for_from_elsewhere_is_refused(page: PageOf, plant: Plant) -> None:
    answer = page("leader").client.post(
        f"{there(plant)}/end", data={"why": "leave"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403 and state(plant, "worker") == "expected"
