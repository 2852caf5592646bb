"""Settings and the audit: only an administrator changes the one, nobody the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import audit, settings
from shiftapp.model.people import Role
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import NOW_MS, URL, Plant

PageOf = Callable[..., Page]
PATH = "/manage/settings"
LIST = "/manage/audit"


def test_an_admin_changes_them(page: PageOf, plant: Plant) -> None:
    html = change(
        page("admin"), PATH, name="新名称", cutoff="8:30", due="9点30", contact="0393-000 0000",
        privacy_zh="第一行\r\n第二行",
    )  # fmt: skip
    now = settings.get(plant.store)
    assert (now.name, now.cutoff, now.due) == ("新名称", "08:30", "09:30")
    assert (
        now.privacy_zh == "第一行\n第二行"
        and html.one("input", id="f-due").attrs["value"] == "09:30"
    )
    line = audited(plant)[-1]
    assert line["what"] == "settings.save"
    assert line["detail"].split() == ["name", "cutoff", "due", "privacy_zh", "contact"]


def test_the_rhythm_of_the_announcement_and_the_company_code(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), PATH, rhythm="monthly", due_day="5", company_code="410900123")
    now = settings.get(plant.store)
    assert (now.rhythm, now.due_day, now.company_code) == ("monthly", 5, "410900123")
    assert html.form(PATH)["rhythm"] == "monthly"
    assert audited(plant)[-1]["detail"].split() == ["rhythm", "due_day", "company_code"]
    assert "每月" in page("manager").get(PATH).text
    change(page("admin"), PATH, company_code="")
    assert settings.get(plant.store).company_code == ""


def test_the_address_is_shown_and_never_changed(page: PageOf, plant: Plant) -> None:
    html = page("admin").get(PATH)
    assert URL in html.text and "印出去的码全部作废" in html.text
    change(page("admin"), PATH, url="https://evil.example", origin="evil", demo="1")
    now = settings.get(plant.store)
    assert (now.url, now.origin, now.demo) == (URL, "aq.example.cn/log", False)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "不能空"),
        ({"cutoff": "24:30"}, "cutoff", "不是时刻"),
        ({"due": ""}, "due", "不能空"),
        ({"valid_hours": "0"}, "valid_hours", "写 1 到 72"),
        ({"opens_before_min": "9999"}, "opens_before_min", "写 5 到 240"),
        ({"opens_before_min": "4.5"}, "opens_before_min", "不是整数"),
        ({"due_day": "0"}, "due_day", "写 1 到 28"),
        ({"due_day": "29"}, "due_day", "写 1 到 28"),
        ({"rhythm": "hourly"}, "rhythm", "不在选项里"),
        ({"company_code": "12345678"}, "company_code", "9 位数字"),
        ({"company_code": "12345678A"}, "company_code", "9 位数字"),
        ({"company_code": "１２３４５６７８９"}, "company_code", "9 位数字"),
        ({"cutoff": "11:00"}, "due", "统计截止之前"),
    ],
)
def test_what_cannot_be(
    page: PageOf, plant: Plant, typed: dict[str, str], field: str, words: str
) -> None:
    before = settings.get(plant.store)
    html = change(page("admin"), PATH, status=422, contact="留着", **typed)
    assert words in faulty(html)[field]
    assert html.one("input", id="f-contact").attrs["value"] == "留着"
    assert settings.get(plant.store) == before and audited(plant) == []


def test_windows_ahead_follow_at_once(page: PageOf, plant: Plant) -> None:
    tonight, now = plant.instance("YI", code="N"), plant.instance()
    change(page("admin"), PATH, opens_before_min="60")
    again = plant.instance("YI", code="N")
    assert tonight["opens_ms"] - again["opens_ms"] == 15 * 60_000
    assert plant.instance()["opens_ms"] == now["opens_ms"]  # open already


def test_a_lost_update_is_refused(page: PageOf, plant: Plant) -> None:
    mine = page("admin")
    fields = mine.get(PATH).form(PATH)
    change(page("admin"), PATH, contact="别人的")
    html = mine.post(PATH, {**fields, "contact": "我的"}, status=409)
    assert html.one("span", id="stored-contact").text == "别人刚存的： 别人的"
    mine.post(PATH, html.form(PATH))
    assert settings.get(plant.store).contact == "我的"


def test_who_only_reads_them(page: PageOf, plant: Plant) -> None:
    for part in ("manager", "inspector"):
        html = page(part).get(PATH)
        assert "系统管理员才能改" in html.text and not html.all("form", action=PATH)
        page(part).post(PATH, {"name": "x"}, status=403)
    for part in ("worker", "leader", "signatory"):
        page(part).get(PATH, 403)
    scoped(plant, "manager", Role("manager", "area", "A1"))
    page("manager").get(PATH, 403)
    assert page("admin").client.delete(PATH).status_code in (403, 405)
    assert page("admin").get(f"{PATH}?lang=en").one("h1")


def test_the_audit_is_read_in_pages_newest_first(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        for n in range(70):
            audit.note(db, NOW_MS + n, plant.id("manager"), "area.save", f"area:A{n}")
        audit.note(db, NOW_MS, None, "import", "plant.xlsx", "area +2 ~0 -0")
    html = page("inspector").get(LIST)
    rows = [row.text for row in html.all("tr") if row.inside("tbody")]
    assert len(rows) == 60 and "命令行 导入工作簿" in rows[0] and "孙八" in rows[1]
    more = next(link for link in html.links if "before=" in link)
    rows = [row.text for row in page("inspector").get(more).all("tr") if row.inside("tbody")]
    assert len(rows) == 11 and "A0" in rows[-1]
    html = page("manager").get(f"{LIST}?about=area:A7")
    assert len([row for row in html.all("tr") if row.inside("tbody")]) == 1
    for odd in ("before=x", "before=-1", "before=99999999999999999999", "about=%27"):
        page("manager").get(f"{LIST}?{odd}")


def test_a_line_leads_to_its_thing(page: PageOf, plant: Plant) -> None:
    person = f"person:{plant.id('worker')}"
    with plant.store.tx() as db:
        for what, about in (
            ("pin.set", person),
            ("job.save", "job:J02"),
            ("hazard.fixed", "finding:3"),
            ("what.else", "odd"),
        ):
            audit.note(db, NOW_MS, plant.id("leader"), what, about)
    html = page("admin").get(LIST)
    wanted = {f"/manage/people/{plant.id('worker')}", "/manage/jobs/J02", "/hazards/3"}
    assert wanted <= set(html.links) and "设 PIN 人员 张三" in html.text


def test_private_to_dos_are_not_told(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        audit.note(db, NOW_MS, plant.id("leader"), "todo.replaced", "finding:1", "替班")
    for url in (LIST, f"{LIST}?about=finding:1", "/manage"):
        html = page("admin").get(url)
        assert "replaced" not in html.text and "替班" not in html.text


def test_who_reads_no_audit(page: PageOf, plant: Plant) -> None:
    for part in ("worker", "leader", "signatory"):
        page(part).get(LIST, 403)
    scoped(plant, "manager", Role("manager", "crew", "JIA"))
    page("manager").get(LIST, 403)
    assert "/login" in page(None).client.get(LIST).headers["Location"]
    assert page("admin").client.post(LIST).status_code in (403, 405)
