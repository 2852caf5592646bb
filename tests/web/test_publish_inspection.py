"""The self-check at the desk: who may look, what it says, and the same as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from shiftapp.exchange import inspection_words
from shiftapp.model import inspection, settings
from shiftapp.web import publish_inspection
from tests.announcing import at
from tests.model.inspected import LAST, NOON, announce, gas_test, permit, unit_signed, works
from tests.page import Html, Page
from tests.plant import TODAY, Clock, Plant

Open = Callable[..., Page]
READERS = ["signatory", "manager", "inspector"]
OTHERS = ["admin", "leader", "worker"]
URL = "/publish/inspection"
SPAN = f"?from=2026-11-22&to={LAST}"
URLS = [URL, f"{URL}.xlsx", f"{URL}.csv"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.ms = NOON


@pytest.fixture
def off(plant: Plant) -> Plant:
    """A plant with one thing of nearly every item that a person should look at."""
    said = {"override": {"reason": "已安排专人跟进。", "gaps": []}}
    level = {"no": 2, "name": "车间", "name_en": "Workshop", "signed": 0, "of": 1}
    announce(plant, "2026-11-23", "10:30", **said)
    announce(
        plant,
        "2026-11-24",
        "07:50",
        works=works(fire_2=3, total=3),
        shifts=[{"starts_ms": at("08:00")}],
        levels=[level],
        **said,
    )
    announce(plant, "2026-11-25", **said)
    work = permit(plant, "DH-1", at("09:00"), at("11:00"), made_ms=at("09:05"), closed_ms=None)
    gas_test(plant, work, at("09:00"), at("10:00"))
    unit_signed(plant, TODAY, at("06:00"))
    return plant


def take(page: Open, url: str, who: str = "inspector") -> bytes:
    response = page(who).client.get(url)
    assert response.status_code == 200
    return bytes(response.data)


def checks(html: Html) -> dict[str, tuple[str, str]]:
    """The items of the page: share and verdict by name."""
    rows = [row for row in html.all("tr") if row.inside("tbody") and len(row.children) == 4]
    return {row.children[0].text: (row.children[2].text, row.children[3].text) for row in rows}


@pytest.mark.parametrize("who", READERS)
def test_readers_see_every_item_with_its_rule(page: Open, off: Plant, who: str) -> None:
    html = page(who).get(URL + SPAN)
    assert list(checks(html)) == [zh for (zh, _), _ in inspection_words.ITEMS.values()]
    assert "每日公告现在是 10:00" in html.text and "检测后 30 分钟内登记" in html.text


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("url", URLS)
def test_others_do_not(page: Open, who: str, url: str) -> None:
    page(who).get(url, 403)


@pytest.mark.parametrize("url", URLS)
def test_a_stranger_signs_in_first(page: Open, url: str) -> None:
    assert page(None).get(url).one("h1").text == "登录"


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent_there(page: Open, url: str, method: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert getattr(page("manager").client, method)(url, headers=headers).status_code == 405


def test_the_verdict_is_a_word_and_a_shape(page: Open, off: Plant) -> None:
    html = page("inspector").get(URL + SPAN)
    assert checks(html)["按时公告"] == ("2 / 5 (40 %)", "要看")
    assert checks(html)["气体分析当时登记"] == ("0 / 1 (0 %)", "要看")
    assert checks(html)["封存快慢"] == ("–", "没有可查的")
    badges = html.all("span", class_="badge")
    assert len(badges) == len(inspection_words.ITEMS)
    assert all(one.text and [child.tag for child in one.children] == ["svg"] for one in badges)


def test_failing_rows_say_what_and_lead_there(page: Open, off: Plant) -> None:
    html = page("inspector").get(URL + SPAN)
    for words in (
        "没有公告，最晚 11-22 10:00。",
        "11-23 10:30 才签发，最晚 11-23 10:00。",
        "DH-1：11-24 09:00 开始，11-24 09:05 才登记。",
        "二级动火 3 → 1、合计 3 → 1。",
        "车间：要签 1 个，1 个没签。",
        "11-24 07:50 签发，最后一个班 11-24 08:00 才接班。",
        "一车间：11-24 06:00 签字，最后一个班 11-24 07:15 才开始。",
        "DH-1：11-24 09:00 检测，11-24 10:00 才登记。",
        "DH-1：11-24 11:00 结束，还没关闭。",
        "公告的理由，3 天一字不差：“已安排专人跟进。”。",
    ):
        assert words in html.text, words
    for link in ("/ladder/2026-11-24", "/publish/history", "/special-work/1", "#register"):
        assert [one for one in html.links if one.startswith(link)], link


def test_no_worker_is_named_on_it(page: Open, off: Plant) -> None:
    html = page("inspector").get(URL + SPAN)
    workers = off.store.rows("SELECT name FROM person WHERE crew IS NOT NULL ORDER BY id")
    assert not [row["name"] for row in workers if row["name"] in html.text]


def test_every_row_of_the_page_leads_to_a_page(page: Open, off: Plant) -> None:
    reader = page("inspector")
    for link in set(reader.get(URL + SPAN).links):
        if link.startswith(("/ladder", "/board", "/special-work", "/publish/history")):
            assert reader.client.get(link).status_code == 200, link


def test_it_looks_at_thirty_days_unless_told(page: Open, plant: Plant) -> None:
    html = page("inspector").get(URL)
    fields = html.form(URL)
    assert (fields["from"], fields["to"]) == ("2026-10-28", "2026-11-26")


@pytest.mark.parametrize("query", ["?from=2026-11-26&to=2026-11-01", "?from=x", "?to=2026-02-30"])
def test_a_span_that_is_none_comes_back_with_a_sentence(
    page: Open, plant: Plant, query: str
) -> None:
    html = page("inspector").get(URL + query, 422)
    assert "日期不对：从早到晚，最多 366 天。" in html.one("p", id="fault").text
    typed = dict(one.split("=") for one in query[1:].split("&"))
    assert {key: html.form(URL)[key] for key in typed} == typed
    for url in URLS[1:]:
        page("inspector").get(url + query, 422)


def test_the_page_shows_the_first_fifty_and_the_files_all(
    page: Open, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_inspection, "SHOWN", 2)
    html = page("inspector").get(URL + SPAN)
    assert "还有 3 条，在表格里。" in html.text  # five days without an announcement
    book = load_workbook(io.BytesIO(take(page, f"{URL}.xlsx{SPAN}")))
    rows = [row for row in book["要看的"].values if row[0] == "按时公告"]
    assert len(rows) == 5


def test_the_workbook_says_what_the_page_says(page: Open, off: Plant) -> None:
    html = page("inspector").get(URL + SPAN)
    book = load_workbook(io.BytesIO(take(page, f"{URL}.xlsx{SPAN}")))
    assert book.sheetnames == ["检查", "要看的"]
    lines = list(book["检查"].values)[1:]
    assert [(line[0], line[4]) for line in lines] == [
        (name, verdict) for name, (_, verdict) in checks(html).items()
    ]
    for row in list(book["要看的"].values)[1:]:
        assert str(row[2]) in html.text
        assert row[3] is None or str(row[3]).startswith("https://aq.example.cn/")


def test_the_csv_has_an_item_and_a_row_a_line(page: Open, off: Plant) -> None:
    data = take(page, f"{URL}.csv{SPAN}")
    assert data.startswith("\ufeff".encode()), "else Excel takes it for another encoding"
    head, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert head == ["检查什么", "规则", "查了", "符合", "结论", "日期", "内容", "网址"]
    assert [line[:1] + line[2:5] for line in lines][0] == ["按时公告", "5", "2", "要看"]
    assert ["按时公告", "2026-11-22", "没有公告，最晚 11-22 10:00。"] in [
        [line[0], *line[5:7]] for line in lines
    ]


@pytest.mark.parametrize("text", ["=1+1+1", "+8610-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_text_becomes_a_formula(page: Open, plant: Plant, text: str) -> None:
    permit(plant, text, at("09:00"), at("11:00"), closed_ms=None)
    lines = list(csv.reader(io.StringIO(take(page, f"{URL}.csv{SPAN}").decode("utf-8-sig"))))
    cells = [cell for line in lines for cell in line if text in cell]
    assert cells and not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    book = load_workbook(io.BytesIO(take(page, f"{URL}.xlsx{SPAN}")))
    assert not [c for sheet in book for line in sheet for c in line if c.data_type == "f"]


def test_the_file_is_named_by_its_days(page: Open, plant: Plant) -> None:
    response = page("manager").client.get(f"{URL}.csv{SPAN}")
    name = response.headers["Content-Disposition"]
    assert name == f'attachment; filename="inspection-2026-11-22-{LAST}.csv"'


def test_it_speaks_english(page: Open, off: Plant) -> None:
    with off.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=off.id("inspector"))
    html = page("inspector").get(URL + SPAN)
    assert list(checks(html)) == [en for (_, en), _ in inspection_words.ITEMS.values()]
    assert "No announcement; due 11-22 10:00." in html.text
    assert "Hot work, grade 2 3 → 1, total 3 → 1." in html.text
    assert [one for one in html.links if one.startswith("/en/announcements/")]
    assert load_workbook(io.BytesIO(take(page, f"{URL}.xlsx{SPAN}"))).sheetnames == [
        "Checks",
        "To be looked at",
    ]


def test_every_item_and_every_row_has_its_words(off: Plant) -> None:
    span = inspection.span("Asia/Shanghai", "2026-11-22", LAST, LAST, NOON)
    found = inspection.inspect(off.store, settings.get(off.store), span)
    assert [one.code for one in found] == list(inspection_words.ITEMS)
    for one in found:
        for failing in one.failing:
            zh = inspection_words.row(failing, "Asia/Shanghai", "zh")
            assert "{" not in zh and "None" not in zh and zh.endswith("。")


def test_who_may_not_see_a_crew_gets_no_link_to_its_board(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run(
            "UPDATE role SET scope_kind = 'area', scope = 'A2' WHERE person = :p",
            p=plant.id("inspector"),
        )
    assert not [one for one in page("inspector").get(URL + SPAN).links if "/board/" in one]
    assert [one for one in page("manager").get(URL + SPAN).links if "/board/" in one]
    assert b"/board/" not in take(page, f"{URL}.csv{SPAN}")
