"""The gate display: what it shows, that it ends in time, and its lines for LED controllers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import settings
from shiftapp.web import assets, display_fit
from shiftapp.web.display_lines import wide
from tests.announced import falsify, further
from tests.announcing import at
from tests.displaying import NEXT, UNTIL, document, named, put
from tests.page import Html, Page
from tests.plant import Clock, Plant, client_of

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def morning(clock: Clock) -> None:
    clock.at("09:10")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def waits(html: Html) -> int:
    """The seconds that the classes of a page spell."""
    classes = html.one("main").attrs["class"]
    return sum(int(digit) * 10 ** int(place) for place, digit in re.findall(r"t(\d)-(\d)", classes))


def figures(html: Html) -> dict[str, str]:
    """Each heading with what stands under it."""
    cells = [cell for cell in html.one("dl").children if cell.tag == "div"]
    return {
        next(one.text for one in cell.children if one.tag == "dt"): " ".join(
            one.text for one in cell.children if one.tag == "dd"
        )
        for cell in cells
    }


def test_before_anything_was_published_it_says_so(page: Open) -> None:
    html = page(None).get("/display")
    assert "还没有公告。" in html.text and "每天 10:00 前签发。" in html.text
    assert "现在没有有效的公告" in html.text
    assert page(None).get("/en/display").one("html").attrs["lang"] == "en"


def test_it_shows_figures_words_signatory_and_both_times(page: Open, plant: Plant) -> None:
    put(plant, document())
    html = page(None).get("/display")
    assert html.one("h1").text == "濮阳示例化工有限公司"
    assert figures(html) == {
        "装置运行": "4 / 5 套 检修 1，停产 0",
        "动火（处）": "0 特级 1 一级 3 二级",
        "受限空间": "1 处 其他作业 6 处",
        "按时承诺": "41 应到 43 人",
    }
    for words in (
        "今天已做风险研判，措施已落实。",
        "主要负责人 郑一 示例",
        "重大危险源安全 2 / 2",
        "今日风险：一般",
        "有效到 11月25日 10:00",
        "11月24日 09:05 签发",
    ):
        assert words in html.text


def test_what_stands_open_is_named_and_the_rest_counted(page: Open, plant: Plant) -> None:
    put(plant, document(named=named(*(f"{n} 处重大隐患还没有消除。" for n in range(1, 8)))))
    html = page(None).get("/display")
    shown = [one.text for one in html.all("li")]
    assert len(shown) == 3 and shown[0] == "1 处重大隐患还没有消除。"
    assert shown[-1].endswith("另 4 处，见公告")


def test_units_that_start_or_stop_or_are_on_trial_are_told(page: Open, plant: Plant) -> None:
    about = document()["plant"] | {"trial": 1, "startup": 1}
    put(plant, document(plant=about))
    text = page(None).get("/display").text
    assert "试生产 1，开车 1" in text


def test_an_override_and_a_further_version_are_told(page: Open, plant: Plant) -> None:
    first = put(plant, document())
    over = {"override": {"reason": "在处置", "gaps": []}, "published_ms": at("11:20")}
    put(plant, further(first, how="update", **over))
    text = page(None).get("/display").text
    assert "带着没处理的事签发" in text
    assert "第 2 版、" in text and "11月24日 11:20 签发" in text


@pytest.mark.parametrize(
    ("changes", "heads"),
    [
        (
            {"plant": None, "works": None},
            ["按时承诺", "重大隐患", "没人答复", "班组签字"],
        ),
        ({"plant": None}, ["动火（处）", "受限空间", "按时承诺", "重大隐患"]),
        ({"works": None}, ["装置运行", "按时承诺", "重大隐患", "没人答复"]),
        (
            {"plant": None, "works": None, "crews": {"signed": 0, "of": 0}},
            ["按时承诺", "重大隐患", "没人答复"],
        ),
    ],
)
def test_a_plant_without_units_or_register_shows_what_there_is(
    page: Open, plant: Plant, changes: dict[str, Any], heads: list[str]
) -> None:
    put(plant, document(**changes))
    assert list(figures(page(None).get("/display"))) == heads


def test_what_is_not_what_was_signed_is_shown_nowhere(page: Open, plant: Plant) -> None:
    falsify(plant, put(plant, document())["id"], '"on":41', '"on":43')
    opened = page(None)
    text = opened.get("/display").text
    assert "公告和签名对不上，不能算数。" in text and "现在没有有效的公告" in text
    assert "43" not in text and "有效到" not in text
    assert opened.client.get("/display.txt").text.splitlines()[1:] == [
        "公告和签名对不上，不能算数。"
    ]


@pytest.mark.parametrize(("small", "why"), [(2, "人数少，不单列"), (0, "没有排班")])
def test_no_figure_of_people_where_none_is_published(
    page: Open, plant: Plant, small: int, why: str
) -> None:
    few = {"shifts": small, "counted": False, "count": None}
    put(plant, document(total=None, small=few))
    assert figures(page(None).get("/display"))["按时承诺"] == f"– {why}"
    assert f"按时承诺：–，{why}" in page(None).client.get("/display.txt").text


def test_an_announcement_of_a_period_says_first_and_last_day(page: Open, plant: Plant) -> None:
    put(plant, document(first="2026-11-16", last="2026-11-22"))
    assert "11月16日–11月22日" in page(None).get("/display").text


@pytest.mark.parametrize("url", ["/display", "/en/display"])
def test_no_cookie_no_script_and_no_name_but_the_signatorys(
    page: Open, plant: Plant, url: str
) -> None:
    put(plant, document())
    for who in (None, "worker"):
        opened = page(who)
        html = opened.get(url)
        assert opened.response is not None
        assert "Set-Cookie" not in opened.response.headers
        assert "script-src 'none'" in opened.response.headers["Content-Security-Policy"]
        assert html.all("script") == [] and html.all("form") == [] and html.links == []
        for row in plant.store.rows("SELECT name FROM person ORDER BY id"):
            assert row["name"] in "郑一 示例" or row["name"] not in html.text


def test_it_waits_until_it_ends_and_asks_again_every_minute(
    page: Open, plant: Plant, clock: Clock
) -> None:
    put(plant, document())
    html = page(None).get("/display")
    assert waits(html) == (UNTIL - clock.ms) // 1000
    assert html.one("meta", http_equiv="refresh").attrs["content"] == "60"
    clock.ms = UNTIL - 20_900
    html = page(None).get("/display")
    assert waits(html) == 20  # rather early than late
    assert html.one("meta", http_equiv="refresh").attrs["content"] == "21"


def test_every_length_of_time_is_spelled_in_digits_the_stylesheet_knows(
    page: Open, plant: Plant, clock: Clock
) -> None:
    put(plant, document(valid_until_ms=UNTIL + 366 * 86_400_000))  # a yearly one
    html = page(None).get("/display")
    assert waits(html) == (UNTIL - clock.ms) // 1000 + 366 * 86_400
    style = (assets.STATIC / "css/display.css").read_text("utf-8")
    for name in re.findall(r"t\d-\d", html.one("main").attrs["class"]):
        place, digit = int(name[1]), int(name[3])
        assert f".{name}{{--t{place}:{digit * 10**place}}}" in style


@pytest.mark.parametrize("late_ms", [0, 1, 3_600_000])
def test_a_page_made_after_the_end_has_no_figure_and_is_expired_at_once(
    page: Open, plant: Plant, clock: Clock, late_ms: int
) -> None:
    put(plant, document())
    clock.ms = UNTIL + late_ms
    html = page(None).get("/display")
    assert "g-expired" in html.one("main").attrs["class"] and waits(html) == 0
    assert html.all("dl") == []
    assert "已过期" in html.text and "下面的话不再算数，请等新公告。" in html.text
    assert "扫码自己核对" not in html.text and "扫码看最新" in html.text


def test_it_is_never_kept_by_a_cache(client: FlaskClient, plant: Plant) -> None:
    put(plant, document())
    assert client.get("/display").headers["Cache-Control"] == "no-store"


def test_a_very_long_address_has_no_code_and_no_empty_turn(page: Open, plant: Plant) -> None:
    put(plant, document())
    assert "turns-4" in page(None).get("/display").one("main").attrs["class"]
    with plant.store.tx() as db:
        settings.put(db, url="https://" + "a" * 200 + ".example.cn")
    html = page(None).get("/display")
    assert html.all("svg", class_="qr") == []
    assert "turns-3" in html.one("main").attrs["class"]


@pytest.mark.parametrize("open_things", range(9))
def test_the_stylesheet_knows_every_number_of_turns(
    page: Open, plant: Plant, open_things: int
) -> None:
    put(plant, document(named=named(*["1 处。"] * open_things)))
    html = page(None).get("/display")
    (turns,) = re.findall(r"turns-(\d)", html.one("main").attrs["class"])
    places = re.findall(r"turn-(\d)", " ".join(e.attrs.get("class", "") for e in html.elements))
    assert sorted(map(int, places)) == list(range(int(turns)))
    style = (assets.STATIC / "css/display.css").read_text("utf-8")
    assert f".g-page.turns-{turns} .turn {{" in style
    assert all(f".turn-{place} {{" in style for place in places)


LINES = [
    "濮阳示例化工有限公司",
    "安全承诺公告 11月24日",
    "装置运行：4 / 5 套，检修 1，停产 0",
    "动火（处）：特级 0 一级 1 二级 3",
    "受限空间：1 处，其他作业 6 处",
    "按时承诺：41，应到 43 人",
    "重大危险源安全 2 / 2",
    "今日风险：一般",
    "今天已做风险研判，措施已落实。装置安全运行，罐区和重大危险源受控。",
    "主要负责人：郑一 示例",
    "有效到 11月25日 10:00",
]


def test_the_lines_begin_with_the_company_and_end_with_until_when(
    client: FlaskClient, plant: Plant
) -> None:
    put(plant, document())
    answer = client.get("/display.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == LINES


def test_lines_in_the_encoding_of_older_controllers(client: FlaskClient, plant: Plant) -> None:
    put(plant, document())
    for asked in ("gb18030", "GBK"):
        answer = client.get(f"/display.txt?encoding={asked}")
        assert answer.headers["Content-Type"] == "text/plain; charset=gb18030"
        assert answer.data.decode("gbk").splitlines() == LINES


@pytest.mark.parametrize("lang", ["", "/en"])
@pytest.mark.parametrize("width", [8, 16, 24, 32, 64, 200])
def test_every_line_fits_its_sign_and_nothing_is_lost(
    client: FlaskClient, plant: Plant, width: int, lang: str
) -> None:
    put(plant, document(named=named("2 处重大隐患还没有消除。")))
    whole = client.get(f"{lang}/display.txt").text
    parted = client.get(f"{lang}/display.txt?width={width}").text.splitlines()
    assert max(map(wide, parted)) <= width
    assert all(line and line == line.strip() for line in parted)
    assert "".join("".join(parted).split()) == "".join(whole.split())
    if width > 8:
        assert not [line for line in parted if line[0] in "，。、；："]


@pytest.mark.parametrize(
    "query",
    ["width=7", "width=201", "width=x", "width=-1", "width=９", "encoding=utf-16", "encoding="],
)
def test_a_sign_that_there_is_not_is_refused(client: FlaskClient, plant: Plant, query: str) -> None:
    put(plant, document())
    assert client.get(f"/display.txt?{query}").status_code == 400


def test_after_the_end_the_lines_say_that_and_nothing_else(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    put(plant, document())
    clock.ms = UNTIL
    answer = client.get("/display.txt")
    assert answer.text.splitlines() == [
        "濮阳示例化工有限公司",
        "公告已过期，现在没有有效的安全承诺公告。",
    ]
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_before_the_first_announcement_there_are_lines_too(client: FlaskClient) -> None:
    assert client.get("/display.txt").text.splitlines()[-1] == "还没有公告。"


def test_a_cache_keeps_the_lines_no_longer_than_they_hold(
    client: FlaskClient, plant: Plant, clock: Clock
) -> None:
    put(plant, document())
    first = client.get("/display.txt")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/display.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    clock.ms = UNTIL - 20_500
    assert client.get("/display.txt").headers["Cache-Control"] == "public, max-age=20"
    clock.at("10:00", NEXT)
    after = client.get("/display.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200


def test_the_worst_three_stay_even_if_their_words_are_long() -> None:
    long = "这一处装置设施的状态已经超过二十四小时没有人看过，请区域负责人马上到现场去看一眼。"
    words = "我公司今天已做班前安全风险研判。除下面写明的以外，风险防控措施已落实。"
    assert display_fit.fit(words, ["短。"] * 3).shown == 3
    few = display_fit.fit(words, [long] * 5)
    assert (few.shown, few.left) == (1, 4)
    assert display_fit.fit(words, []).shown == 0
