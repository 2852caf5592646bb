"""The supervisor's form at the desk: who may look, what is refused, what is taken."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from shiftapp.exchange import regulator
from shiftapp.model import facilities, settings
from shiftapp.store import Row
from tests.announcing import at, publish
from tests.model.inspected import announce, permit
from tests.page import Page
from tests.plant import MADE_MS, TODAY, Clock, Plant

Open = Callable[..., Page]
READERS = ["signatory", "manager", "inspector"]
OTHERS = ["admin", "leader", "worker"]
URL = "/publish/regulator"
FORMS = list(regulator.forms())
PROMISE, TICKET, DEVICE = (
    "sec_production_promise",
    "sec_production_promise_ticket",
    "sec_device_run_status",
)


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.at("12:00")


@pytest.fixture
def promised(good_day: Plant) -> Row:
    """A day with two units and a permit, published at 09:05."""
    with good_day.store.tx() as db:
        settings.put(db, company_code="410928001")
        for code, state in (("U1", "running"), ("U2", "stopped")):
            facilities.save(
                db, facilities.Facility(code, "YC", "unit", f"{code} 装置", hazard_code=f"41{code}")
            )
            facilities.set_state(
                db, code, state, since_ms=MADE_MS, by=good_day.id("manager"), now_ms=at("08:00")
            )
    permit(good_day, "DH-2026-01", at("13:00"), at("15:00"), made_ms=at("08:30"))
    return publish(good_day, at("09:05"), override="带着说明签发。")


def take(page: Open, row: Row, form: str, ending: str, who: str = "inspector") -> bytes:
    response = page(who).client.get(f"/publish/{row['id']}/regulator/{form}.{ending}")
    assert response.status_code == 200, response.text
    return bytes(response.data)


def taken(page: Open, row: Row, form: str = "national") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(take(page, row, form, "json"))
    return found


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_readers_look_and_take(page: Open, promised: Row, who: str, form: str) -> None:
    html = page(who).get(f"{URL}?form={form}")
    assert "符合这张表的规则" in html.text
    links = {f"/publish/{promised['id']}/regulator/{form}.{end}" for end in ("json", "xlsx")}
    assert links <= set(html.links)
    for ending in ("json", "xlsx"):
        assert take(page, promised, form, ending, who)


@pytest.mark.parametrize("who", [*OTHERS, None])
def test_others_do_not(page: Open, promised: Row, who: str | None) -> None:
    browser = page(who)
    if who is None:
        assert browser.get(URL).one("h1").text == "登录"
    else:
        browser.get(URL, 403)
    for ending in ("json", "xlsx"):
        answer = browser.client.get(f"/publish/{promised['id']}/regulator/national.{ending}")
        assert answer.status_code in (303, 401, 403)
        assert "410928001" not in answer.text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent_there(page: Open, promised: Row, method: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    for url in (URL, f"/publish/{promised['id']}/regulator/national.json"):
        assert getattr(page("signatory").client, method)(url, headers=headers).status_code == 405


def test_what_is_taken_is_what_was_published(page: Open, promised: Row) -> None:
    found, doc = taken(page, promised), promised["doc"]
    (row,) = found[PROMISE]
    assert row["companyCode"] == "410928001" and row["commitDate"] == "20261124090500"
    units = doc["plant"]["units"]
    assert (row["unitsNumber"], row["runNumber"], row["parkNumber"]) == (
        units["total"],
        units["running"],
        units["stopped"],
    )
    assert (row["fire2Number"], row["firesNumber"]) == (doc["works"]["fire_2"], 0) == (1, 0)
    assert row["commitment"] == doc["signatory"]["name"] == "周九"
    assert row["riskGrade"] == str(doc["risk"]["grade"])
    assert row["commitContent"].startswith(doc["text"]["zh"])
    assert [one["ticketId"] for one in found[TICKET]] == ["DH-2026-01"]
    assert [(one["hazardCode"], one["runStatus"]) for one in found[DEVICE]] == [
        ("41U1", "1"),
        ("41U2", "2"),
    ]
    assert {one["promiseId"] for name in (TICKET, DEVICE) for one in found[name]} == {row["id"]}


@pytest.mark.parametrize("form", FORMS)
def test_the_workbook_has_the_same_rows(page: Open, promised: Row, form: str) -> None:
    book = load_workbook(io.BytesIO(take(page, promised, form, "xlsx")))
    wanted = taken(page, promised, form)
    assert book.sheetnames == list(wanted)
    for name, rows in wanted.items():
        head, *lines = [list(line) for line in book[name].values]
        assert [dict(zip(head, line, strict=True)) for line in lines] == rows


def test_the_states_and_permits_are_those_of_when_it_was_signed(
    page: Open, good_day: Plant, promised: Row
) -> None:
    before = taken(page, promised)
    with good_day.store.tx() as db:
        facilities.set_state(
            db, "U2", "running", since_ms=at("10:00"), by=good_day.id("manager"), now_ms=at("10:00")
        )
        facilities.save(db, facilities.Facility("U3", "YC", "unit", "U3 装置", hazard_code="41U3"))
        facilities.set_state(
            db, "U3", "running", since_ms=MADE_MS, by=good_day.id("manager"), now_ms=at("10:00")
        )
    permit(good_day, "DH-2026-02", at("16:00"), at("17:00"), made_ms=at("10:00"))
    assert taken(page, promised) == before


def test_a_unit_that_nobody_ever_gave_a_state_is_named(
    page: Open, good_day: Plant, promised: Row
) -> None:
    with good_day.store.tx() as db:
        facilities.save(db, facilities.Facility("U3", "YC", "unit", "U3 装置", hazard_code="41U3"))
    fault = page("inspector").get(URL).one("section", id="fault").text
    assert "U3 装置：runStatus（运行状态）必填。没有人填过它的状态。" in fault


def test_a_unit_taken_out_of_use_since_is_told(page: Open, good_day: Plant, promised: Row) -> None:
    with good_day.store.tx() as db:
        db.run("UPDATE facility SET active = 0 WHERE code = 'U2'")
    fault = page("inspector").get(URL).one("section", id="fault").text
    assert "公告里是 2 套装置，台账里当时有状态的是 1 套" in fault


def test_an_update_keeps_the_ids_and_tells_what_is_new(
    page: Open, good_day: Plant, promised: Row, clock: Clock
) -> None:
    before = taken(page, promised)
    permit(good_day, "DH-2026-02", at("16:00"), at("17:00"), made_ms=at("10:00"))
    more = {"override": "带着说明签发。", **change_of("新增一处动火。")}
    later = publish(good_day, at("10:30"), **more)
    after = taken(page, later)
    assert after[PROMISE][0]["id"] == before[PROMISE][0]["id"]
    assert after[PROMISE][0]["createDate"] == "20261124090500"
    assert after[PROMISE][0]["updateDate"] == "20261124103000"
    assert [one["ticketId"] for one in after[TICKET]] == ["DH-2026-01", "DH-2026-02"]
    assert after[TICKET][0]["id"] == before[TICKET][0]["id"]


def test_a_permit_that_fell_away_is_deleted_in_the_next_version(
    page: Open, good_day: Plant, promised: Row
) -> None:
    with good_day.store.tx() as db:
        db.run("UPDATE special_work SET closed_ms = NULL, cancelled_ms = :t", t=at("10:00"))
    more = {"override": "带着说明签发。", **change_of("取消一处动火。")}
    later = publish(good_day, at("10:30"), **more)
    assert [(one["ticketId"], one["deleted"]) for one in taken(page, later)[TICKET]] == [
        ("DH-2026-01", "1")
    ]
    assert [one["deleted"] for one in taken(page, promised)[TICKET]] == ["0"]


def change_of(reason: str) -> dict[str, str]:
    """The fields of an order for a further version."""
    from shiftapp.model.publishing import Order

    if "correction" in Order.__dataclass_fields__:
        return {"correction": reason}
    return {"change": "update", "reason": reason}


def test_without_a_code_every_violation_stands_on_the_page(
    page: Open, good_day: Plant, promised: Row
) -> None:
    with good_day.store.tx() as db:
        settings.put(db, company_code="")
        db.run("UPDATE facility SET hazard_code = '' WHERE code = 'U2'")
    html = page("manager").get(URL)
    fault = html.one("section", id="fault").text
    assert "2 处不对，不能导出" in fault
    assert "companyCode（企业编码）必填。先在“设置”里填 9 位企业编码。" in fault
    assert "U2 装置：hazardCode（风险分析对象编码）必填。" in fault
    assert not [one for one in html.links if one.endswith((".json", ".xlsx"))]
    for ending in ("json", "xlsx"):
        refused = page("manager").client.get(
            f"/publish/{promised['id']}/regulator/national.{ending}"
        )
        assert refused.status_code == 422 and "有 2 处不对" in json_text(refused.text)


def test_a_day_with_nothing_registered_is_no_zero(page: Open, published: Row) -> None:
    fault = page("inspector").get(URL).one("section", id="fault").text
    assert "没有登记装置设施" in fault and "不能当作 0" in fault


def test_every_field_says_where_it_is_from(page: Open, promised: Row) -> None:
    html = page("inspector").get(URL)
    names = [one.text.removesuffix(" *") for one in html.all("th", scope="row")]
    wanted = [
        field["field"]
        for table in regulator.form("national")["tables"]
        for field in table["fields"]
    ]
    assert names == wanted
    for words in ("没有来源", "先和平台对一下", "这一版的签发人", "没有和任何真实平台对过"):
        assert words in html.text


def test_the_day_can_be_chosen_and_one_without_announcement_says_so(
    page: Open, promised: Row
) -> None:
    assert "符合这张表的规则" in page("inspector").get(f"{URL}?date={TODAY}").text
    for date in ("2026-11-20", "yesterday"):
        html = page("inspector").get(f"{URL}?date={date}")
        assert "这一天没有每日公告" in html.text
        assert html.form(URL)["date"] == date


def test_before_the_first_announcement_the_page_is_empty(page: Open, plant: Plant) -> None:
    assert "这一天没有每日公告" in page("inspector").get(URL).text


@pytest.mark.parametrize("url", [f"{URL}?form=nowhere", "/publish/x/regulator/national.json"])
def test_what_is_not_there_is_not_found(page: Open, promised: Row, url: str) -> None:
    assert page("inspector").client.get(url).status_code == 404


def test_an_unknown_form_of_an_announcement_is_not_found(page: Open, promised: Row) -> None:
    page("inspector").get(f"/publish/{promised['id']}/regulator/nowhere.xlsx", 404)


def test_a_periodic_announcement_has_no_such_form(page: Open, plant: Plant) -> None:
    week = announce(plant, "2026-11-22", kind="weekly", at_ms=at("09:00"))
    refused = page("inspector").client.get(f"/publish/{week}/regulator/national.json")
    assert refused.status_code == 409 and "每日公告才有" in json_text(refused.text)
    assert "这一天没有每日公告" in page("inspector").get(URL).text


def json_text(text: str) -> str:
    """An answer in words, whichever way its characters are written."""
    return text.encode().decode("unicode_escape") if "\\u" in text else text


def test_it_speaks_english(page: Open, good_day: Plant, promised: Row) -> None:
    with good_day.store.tx() as db:
        db.run("UPDATE person SET lang = 'en'")
        settings.put(db, company_code="")
    html = page("inspector").get(URL)
    assert "companyCode (Company code) must be filled." in html.text
    assert "never tried against a real platform" in html.text


def test_the_file_is_named_by_form_day_and_version(page: Open, promised: Row) -> None:
    response = page("manager").client.get(f"/publish/{promised['id']}/regulator/older.json")
    assert response.mimetype == "application/json"
    name = response.headers["Content-Disposition"]
    assert name == f'attachment; filename="promise-older-{TODAY}-v1.json"'
