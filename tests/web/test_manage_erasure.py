"""Erasing at the desk: found, looked at in numbers, confirmed, and shown by its codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shiftapp.ledger import encoding, receipts
from shiftapp.model import people, records
from shiftapp.model.people import Person, Role
from shiftapp.store import files
from tests.erased import LATER_MS, WHY, photo, record, seal, traces_in
from tests.managing import audited, scoped
from tests.page import Html, Page
from tests.plant import Clock, Plant
from tests.sealing import commit_body, deliver, make_ready, run_body

PageOf = Callable[..., Page]
PATH = "/manage/erasure"
ALL = "kind=commit&kind=run&kind=hazard"


@pytest.fixture(autouse=True)
def later(clock: Clock) -> None:
    """Three days on: the shift and the day of its announcement are over."""
    clock.ms = LATER_MS


@pytest.fixture
def done(plant: Plant) -> str:
    """张三 committed and ran; sealed. Gives the page of that person."""
    make_ready(plant, "worker")
    seal(plant)
    return f"{PATH}/people/{plant.id('worker')}"


def code_of(plant: Plant, record_id: str) -> str:
    row = record(plant.store, record_id)
    return receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"]))


def ids(plant: Plant) -> list[str]:
    return [row["id"] for row in plant.store.rows("SELECT id FROM record ORDER BY seq")]


def confirm(browser: Page, where: str, status: int = 200, **typed: str) -> Html:
    fields = {"reason": WHY, "early": "1", "sure": "1", **typed}
    return browser.post(where.partition("?")[0], {**asked(where), **fields}, status)


def asked(where: str) -> dict[str, str | list[str]]:
    pairs = [one.partition("=")[::2] for one in where.partition("?")[2].split("&") if one]
    return {name: [value for key, value in pairs if key == name] for name, _ in pairs}


# Finding ------------------------------------------------------------------------------------------


def test_somebody_is_found_by_name_and_number_also_who_has_left(
    page: PageOf, plant: Plant, done: str
) -> None:
    with plant.store.tx() as db:
        people.save_person(db, Person(plant.id("worker"), "1001", "张三", active=0), LATER_MS)
    browser = page("manager")
    for words in ("1001", "张三", "张"):
        html = browser.get(f"{PATH}?q={words}")
        assert done in html.links and "已离开" in html.text
    assert "没有找到" in browser.get(f"{PATH}?q=无此人").text
    assert "没有找到" in browser.get(f"{PATH}?q=%25").text
    assert "没有找到" not in browser.get(PATH).text


def test_a_record_is_found_by_its_code_however_it_is_typed(
    page: PageOf, plant: Plant, done: str
) -> None:
    first, _ = ids(plant)
    code, browser = code_of(plant, first), page("admin")
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "O")):
        assert f"{PATH}/records/{first}" in browser.get(f"{PATH}?q={typed}").links
    assert "没有找到" in browser.get(f"{PATH}?q=ZZZZ-ZZZZ").text


def test_counts_stand_by_kind_and_year_and_no_content(
    page: PageOf, plant: Plant, done: str
) -> None:
    html = page("manager").get(done)
    (row,) = [one for one in html.all("tr") if one.inside("tbody")]
    assert [cell.text for cell in row.children] == ["2026", "1", "1", "0"]
    assert not html.all("form", method="post")


# Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["worker", "leader", "inspector", "signatory"])
def test_it_is_for_managers_and_administrators(page: PageOf, done: str, part: str) -> None:
    for path in (PATH, done, f"{PATH}/records/{'0' * 36}", f"{PATH}/done/1"):
        page(part).get(path, 403)
    page(part).post(done, {}, 403)


def test_who_manages_a_part_of_the_plant_erases_nothing(
    page: PageOf, plant: Plant, done: str
) -> None:
    scoped(plant, "manager", Role("manager", "area", "A1"))
    browser = page("manager")
    first = ids(plant)[0]
    for path in (PATH, done, f"{PATH}/records/{first}", f"{PATH}/done/1"):
        browser.get(path, 403)
    for path in (done, f"{PATH}/records/{first}"):
        browser.post(path, {"reason": WHY, "sure": "1", "early": "1"}, 403)
    assert records.body(plant.store, first) is not None


# Erasing ------------------------------------------------------------------------------------------


def test_a_persons_records_are_erased_and_listed_by_their_codes(
    page: PageOf, plant: Plant, done: str
) -> None:
    where, browser = f"{done}?{ALL}&before=2026-11-25", page("manager")
    html = browser.get(where)
    assert "保存期未到 2 条" in html.text and "会删 0 条" in html.text
    codes = [code_of(plant, one) for one in ids(plant)]
    html = confirm(browser, where)
    assert "删了 2 条" in html.text and WHY in html.text
    assert all(code in html.text for code in codes) and "等封存" in html.text
    assert [records.body(plant.store, one) for one in ids(plant)] == [None, None]
    last = seal(plant) - 1
    assert browser.response is not None
    assert str(last) in browser.get(browser.response.request.path).text
    lines = [one for one in audited(plant) if one["what"] == "record.erase"]
    assert [one["detail"] for one in lines] == [WHY, WHY]
    assert {one["person"] for one in lines} == {plant.id("manager")}
    assert "张三" not in str(lines)
    assert "删除一条记录" in browser.get("/manage/audit").text
    assert "没有这个人的记录" in browser.get(done).text


def test_the_photo_goes_from_the_disk_and_the_list_names_the_record(
    page: PageOf, plant: Plant, tmp_path: Path
) -> None:
    where = traces_in(tmp_path)
    sha = photo(plant, where, b"\xff\xd8\xffphoto")
    body = commit_body(plant, "worker", blobs=[encoding.b64u(sha)])
    deliver(plant, body)
    seal(plant)
    confirm(page("manager"), f"{PATH}/records/{body['id']}")
    assert not files.path_of(where.blobs, sha).exists()
    assert where.listed.read_text() == f"{body['id']} {LATER_MS}\n"
    page("worker").get(f"/blobs/{encoding.b64u(sha)}", 404)


def test_only_the_kinds_and_days_that_are_chosen_go(page: PageOf, plant: Plant, done: str) -> None:
    browser = page("manager")
    html = browser.get(f"{done}?{ALL}&before=2026-11-24")
    assert "没有可删的" in html.text
    confirm(browser, f"{done}?kind=run&before=2026-11-25")
    first, second = ids(plant)
    assert records.body(plant.store, first) is not None
    assert records.body(plant.store, second) is None


def test_one_record_is_erased_once(page: PageOf, plant: Plant, done: str) -> None:
    first, browser = ids(plant)[0], page("admin")
    path = f"{PATH}/records/{first}"
    assert code_of(plant, first) in browser.get(path).text
    confirm(browser, path)
    html = browser.get(path)
    assert not html.all("form", method="post") and "账本里的删除记录" in html.text
    assert "已经删过" in confirm(browser, path, 409).text
    assert len([one for one in audited(plant) if one["what"] == "record.erase"]) == 1


# Refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"reason": ""}, 422, "写明为什么删"),
        ({"reason": "长" * 201}, 422, "最多写 200 个字"),
        ({"reason": "张三离职"}, 422, "不写人名和工号"),
        ({"sure": ""}, 422, "勾上再按"),
        ({"early": ""}, 409, "保存期还没到"),
        ({"kind": []}, 422, "选上删哪几种"),
        ({"kind": "nonsense"}, 422, "选上删哪几种"),
        ({"before": ""}, 422, "写明删哪天以前的"),
        ({"before": "2026-13-45"}, 422, "写明删哪天以前的"),
        ({"before": "99999-01-01"}, 422, "写明删哪天以前的"),
        ({"before": "2020-01-01"}, 409, "没有可删的记录"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_erased(
    page: PageOf, plant: Plant, done: str, typed: dict[str, str], status: int, words: str
) -> None:
    html = confirm(page("manager"), f"{done}?{ALL}&before=2026-11-25", status, **typed)
    assert words in html.one("p", id="fault").text
    assert all(records.body(plant.store, one) is not None for one in ids(plant))


def test_what_was_typed_is_still_there(page: PageOf, done: str) -> None:
    html = confirm(page("manager"), f"{done}?{ALL}&before=2026-11-25", 422, sure="")
    assert html.one("input", id="reason").attrs["value"] == WHY
    assert "checked" in html.one("input", id="early").attrs


@pytest.mark.parametrize("when", ["2026-11-24", "2026-11-23"])
def test_the_day_of_the_shift_must_be_over(
    page: PageOf, plant: Plant, done: str, clock: Clock, when: str
) -> None:
    clock.at("23:59", "2026-11-24")
    path = f"{PATH}/records/{ids(plant)[0]}"
    assert "还没过完" in page("manager").get(path).text
    assert "还没过完" in confirm(page("manager"), path, 409).text
    assert when


def test_an_open_hazard_and_an_unsealed_record_stay_and_say_why(
    page: PageOf, plant: Plant, done: str
) -> None:
    deliver(plant, run_body(plant, "worker", bad=1))
    deliver(plant, commit_body(plant, "worker"))
    html = page("manager").get(f"{done}?{ALL}&before=2026-11-25")
    assert "还没封存" in html.text
    seal(plant)
    html = page("manager").get(f"{done}?{ALL}&before=2026-11-25")
    assert "还没验收" in html.text and "留 1 条" in html.text
    confirm(page("manager"), f"{done}?{ALL}&before=2026-11-25")
    assert [records.body(plant.store, one) is None for one in ids(plant)] == [
        True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}/people/nobody",
        f"{PATH}/records/nothing",
        f"{PATH}/done/5",
        f"{PATH}/done/99999999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(page: PageOf, path: str) -> None:
    page("manager").get(path, 404)
    if "/done/" not in path:
        page("manager").post(path, {"reason": WHY, "sure": "1"}, 404)


def test_others_do_not_see_what_i_had_erased(page: PageOf, plant: Plant, done: str) -> None:
    confirm(page("manager"), f"{PATH}/records/{ids(plant)[0]}")
    page("admin").get(f"{PATH}/done/{LATER_MS}", 404)
    page("manager").get(f"{PATH}/done/{LATER_MS}")


# What others see afterwards -----------------------------------------------------------------------


def test_every_page_says_that_it_was_erased_and_none_breaks(
    page: PageOf, plant: Plant, done: str, clock: Clock
) -> None:
    for one in ids(plant):
        confirm(page("manager"), f"{PATH}/records/{one}")
    first = ids(plant)[0]
    shown = page("leader").get("/board/JIA/2026-11-24/D/report").text
    assert "内容已按期删除" in shown and "张三" not in shown
    for ending in ("pdf", "xlsx"):
        answer = page("leader").client.get(f"/board/JIA/2026-11-24/D/report.{ending}")
        assert answer.status_code == 200
    mine = page("worker", True).get("/W/mine/shifts").text
    assert "内容已按期删除" in mine and "这一班没做" not in mine
    sealed = page("worker", True).client.get("/W/mine/shifts.json").json
    assert sealed is not None and sealed["records"] == []
    receipt = page("worker").get(f"/F/receipt/{first}").text
    assert "内容已按期删除" in receipt and code_of(plant, first) in receipt
    for path in ("/W/mine", "/hazards", "/board/proxies"):
        page("manager", True).get(path)
