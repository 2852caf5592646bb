"""The worker app's pages: what a phone is told without a script, and what is refused clearly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import qr.code
from shiftapp.model import places
from shiftapp.web import joined
from tests.page import Page
from tests.plant import PUMPS, TANKS, Clock, Plant

Open = Callable[..., Page]
UNKNOWN = qr.code.make_code(b"unknown")


def station(plant: Plant, code: str = PUMPS) -> str:
    return f"/W/{code}/{qr.code.mac(plant.keys.station_secret, code)}"


# The station page ---------------------------------------------------------------------------------


def test_a_phone_nobody_enrolled_reads_the_risks_and_whom_to_call(page: Open, plant: Plant) -> None:
    html = page(None).get(station(plant))
    assert html.one("h1").text == "P-201 泵区"
    assert "7K2M-41QF" in html.text and "较大风险" in html.text
    assert "机封泄漏着火" in html.text and "不漏、不响、不烫才放心" in html.text
    assert len(html.one("ul", class_="w-risks").children) == 3
    assert "tel:0393-0000119" in html.links


def test_the_emergency_call_stands_above_the_action(page: Open, plant: Plant) -> None:
    tray = page(None).get(station(plant)).one("footer")
    assert [child.attrs["class"].split()[1] for child in tray.children] == ["btn-stop", "btn-act"]


def test_without_a_script_the_action_leads_to_the_plain_form(page: Open, plant: Plant) -> None:
    html = page(None).get(station(plant))
    assert html.one("a", class_="btn-act").attrs["href"] == f"/F/{PUMPS}/{plant.mac}"
    assert "开始：承诺 + 8 步" in html.one("a", class_="btn-act").text


def test_the_plain_form_behind_the_link_is_there(page: Open, plant: Plant) -> None:
    assert page(None).get(f"/F/{PUMPS}/{plant.mac}").one("h1").text


def test_another_job_of_the_place_is_a_link(page: Open, plant: Plant) -> None:
    html = page(None).get(f"{station(plant)}?job=J05")
    chosen = [a.text for a in html.all("a", class_="choice") if "aria-current" in a.attrs]
    assert chosen == ["电工停送电"]
    assert html.one("body").attrs["data-job"] == "J05"


def test_my_own_job_is_chosen_first(page: Open, plant: Plant) -> None:
    html = page("leader", device=True).get(station(plant))
    assert html.one("body").attrs["data-job"] == "J05"


def test_a_typed_code_opens_the_page_and_says_it_was_not_scanned(page: Open) -> None:
    html = page(None).get(f"/W/{PUMPS}")
    assert "没扫码，是手输的。能做，记录上会写明。" in html.text
    assert html.one("body").attrs["data-mac"] == ""
    assert html.one("a", class_="btn-act").attrs["href"] == f"/F/{PUMPS}"


@pytest.mark.parametrize("typed", ["7k2m41qf", "7K2M-41QF", "7K2M-4lQF"])
def test_a_code_as_people_write_it_leads_to_the_one_address(page: Open, typed: str) -> None:
    opened = page(None)
    opened.get(f"/W/{typed}")
    assert opened.response is not None and opened.response.request.path == f"/W/{PUMPS}"


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        (f"/W/{PUMPS}/AAAAAAAAAAAAAAAA", "station_mac", "这张码不是本厂印的"),
        (f"/W/{PUMPS}/%E4%B8%AD", "station_mac", "这张码不是本厂印的"),
        (f"/W/{UNKNOWN}", "unknown_station", "没有这块岗位牌"),
        (f"/W/{PUMPS[:-1]}G", "code_wrong", "有一位抄错了"),
        ("/W/123", "code_wrong", "码是 8 位"),
        ("/W/7K2M41Q!", "code_wrong", "只有数字和大写字母"),
    ],
)
def test_a_code_that_is_not_ours_says_the_next_step(
    page: Open, path: str, code: str, says: str
) -> None:
    html = page(None).get(path, status=404)
    assert says in html.text and f"代码 {code}" in html.text
    assert "/W/go" in html.links and "tel:0393-0000119" in html.links


def test_an_inactive_station_says_so(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_station(db, places.Station(TANKS, "V-305", "A2", "碳四罐区", active=0))
    assert "这个岗位停用了" in page(None).get(station(plant, TANKS), status=404).text


def test_a_station_without_a_job_still_has_the_call(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_station(db, places.Station(TANKS, "V-305", "A2", "碳四罐区"))
    html = page(None).get(station(plant, TANKS))
    assert "这里还没排岗位" in html.text and "tel:0393-0000119" in html.links
    assert html.all("a", class_="btn-act") == []


@pytest.mark.parametrize("path", ["/W/", f"/W/{PUMPS}", "/W/go", "/W/trouble", "/W/app.zh.js"])
def test_the_pages_are_only_read(app: Flask, path: str) -> None:
    client = app.test_client()
    answered = client.post(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert answered.status_code == 405


@pytest.mark.parametrize("path", ["/W/", f"/W/{PUMPS}", "/W/go", "/W/trouble", "/enrol", "/W/1"])
def test_the_policy_of_the_worker_app_enforces_trusted_types(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy and "script-src 'self';" in policy
    assert headers["Cache-Control"] == "no-store"


# Home ---------------------------------------------------------------------------------------------


def test_home_says_the_shift_the_time_left_and_the_post(page: Open) -> None:
    html = page("worker", device=True).get("/W/")
    assert "还有 22 分" in html.text and "08:00 前做完" in html.text
    assert "P-201 泵区 外操巡检" in html.text and "承诺 1 份，手指口述 8 步" in html.text


def test_home_has_two_doors_of_one_size(page: Open) -> None:
    doors = page("worker", device=True).get("/W/").one("footer").children
    assert [door.attrs["href"] for door in doors] == ["/W/go", "/W/trouble"]
    assert all({"btn-act", "btn-lead"} <= set(door.attrs["class"].split()) for door in doors)


@pytest.mark.parametrize(
    ("at", "big", "small"),
    [("07:00", "07:15 开始", "到时候再来做"), ("08:04", "已接班 4 分", "现在做也算数")],
)
def test_home_tells_the_hour(page: Open, clock: Clock, at: str, big: str, small: str) -> None:
    clock.at(at)
    html = page("worker", device=True).get("/W/")
    assert big in html.text and small in html.text


def test_somebody_on_no_roster_reads_the_next_step(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("DELETE FROM roster WHERE person = :p", p=plant.id("worker"))
    assert "你不在本班名单" in page("worker", device=True).get("/W/").text


def test_somebody_without_a_crew_has_no_shift(page: Open) -> None:
    assert "今天没有你的班" in page("manager", device=True).get("/W/").text


def test_a_stranger_is_told_how_to_enrol(page: Open) -> None:
    html = page(None).get("/W/")
    assert "这台手机还没登记" in html.text and "/enrol" in html.links


def test_english_is_one_tap_away_and_stays(page: Open) -> None:
    opened = page("worker", device=True)
    assert opened.get("/W/?lang=en").one("html").attrs["lang"] == "en"
    assert opened.get("/W/").one("html").attrs["lang"] == "en"


# The typed code -----------------------------------------------------------------------------------


def test_the_typed_code_leads_to_the_station(page: Open) -> None:
    opened = page(None)
    assert "码" in opened.get("/W/go").one("h1").text
    html = opened.get("/W/go?code=7k2m-41qf")
    assert html.one("h1").text == "P-201 泵区"


def test_a_wrong_symbol_keeps_what_was_typed(page: Open) -> None:
    html = page(None).get("/W/go?code=7K2M41QG", status=404)
    assert html.form("/W/go") == {"code": "7K2M41QG"}
    assert "有一位抄错了" in html.text


def test_my_post_of_today_is_offered(page: Open) -> None:
    assert f"/W/{PUMPS}?job=J02" in page("worker", device=True).get("/W/go").links


def test_the_other_door_says_to_leave_first(page: Open) -> None:
    html = page(None).get("/W/trouble")
    assert "有危险，先撤" in html.text and "tel:0393-0000119" in html.links


# The script ---------------------------------------------------------------------------------------


def test_the_script_never_expires_under_its_own_name_and_not_otherwise(app: Flask) -> None:
    text, version = joined.script("zh")
    client = app.test_client()
    answered = client.get(f"/W/app.zh.js?v={version}")
    assert answered.text == text and answered.mimetype == "text/javascript"
    assert "immutable" in answered.headers["Cache-Control"]
    assert client.get("/W/app.zh.js?v=old").headers["Cache-Control"] == "no-store"


def test_the_pages_name_the_script_by_its_content(page: Open) -> None:
    scripts = [e.attrs["src"] for e in page(None).get("/W/").all("script")]
    assert scripts == [f"/W/app.zh.js?v={joined.script('zh')[1]}"]


def test_the_modules_keep_the_rules_that_make_joining_sound() -> None:
    for path in sorted(joined.FOLDER.glob("*.js")):
        source = path.read_text("utf-8")
        assert len(re.findall(r"^import ", source, re.MULTILINE)) == len(
            joined.IMPORT.findall(source)
        ), path.name
        assert len(re.findall(r"^export ", source, re.MULTILINE)) == len(
            joined.EXPORT.findall(source)
        ), path.name
        assert " as " not in "".join(names for names, _ in joined.IMPORT.findall(source))
        assert all(line.count("`") % 2 == 0 for line in source.splitlines()), path.name
        assert not re.search(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|eval)\b", source)


def test_every_module_is_joined_after_those_it_imports() -> None:
    order, asked_for = joined.order(), joined.order("more")
    assert {*order, *asked_for} == {path.stem for path in joined.FOLDER.glob("*.js")}
    text, _ = joined.script("zh")
    places = [text.index(f"const in_{name}=") for name in order]
    assert places == sorted(places) and "import " not in text


def test_the_second_script_has_the_rest_and_takes_what_both_use_from_the_first() -> None:
    first, second = joined.script("zh")[0], joined.more("zh", "/W/app.zh.js?v=1")[0]
    shared = re.findall(r"in_\w+", first[first.rindex("export") :])
    assert set(shared) == {f"in_{name}" for name in joined.order() if name in joined.order("more")}
    assert re.findall(r"in_\w+", second[: second.index("from")]) == shared
    assert "'/W/app.zh.js?v=1'" in second
    for name in set(joined.order("more")) - set(joined.order()):
        assert second.count(f"const in_{name}=") == 1 and f"const in_{name}=" not in first


def test_the_second_script_of_another_version_is_not_there(app: Flask) -> None:
    client = app.test_client()
    (url,) = re.findall(r'data-more="([^"]+)"', client.get("/W/").text)
    answered = client.get(url)
    assert answered.status_code == 200 and "immutable" in answered.headers["Cache-Control"]
    assert client.get("/W/more.zh.js?v=old").status_code == 404
    assert client.get(url.replace("zh", "en")).status_code == 404


def test_modules_that_import_each_other_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.js").write_text(f"import {{ x }} from './{other}.js';\n")
    monkeypatch.setattr(joined, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="one → two → one"):
        joined.order("one")


def test_the_first_visit_is_within_its_budget(app: Flask, plant: Plant) -> None:
    """design.md §6: ≤ 30 KB of script, ≤ 45 KB in all, ≤ 8 requests, compressed.

    With what the service worker fetches; what it keeps under the same address comes from the
    browser's cache. The pack counts as a request only.
    """
    client = app.test_client()
    html = client.get(station(plant)).text
    urls = [station(plant), *re.findall(r'(?:href|src)="(/(?:static|W/app)[^"]+)"', html)]
    urls += ["/W/sw.zh.js", "/W/shell.zh"]
    sizes = {}
    for url in urls:
        with client.get(url, headers={"Accept-Encoding": "gzip"}) as answered:
            sizes[url] = len(answered.data)
    script = sum(size for url, size in sizes.items() if ".js" in url)
    assert len(sizes) + 1 <= 8, sizes
    assert script <= 30 * 1024, script
    assert sum(sizes.values()) <= 45 * 1024, sizes
    kept = json.loads(re.findall(r"const KEPT = (.*);", client.get("/W/sw.zh.js").text)[0])
    assert set(kept) - {"/W/shell.zh"} < set(urls)


# The receipt code ---------------------------------------------------------------------------------


def test_a_receipt_code_is_drawn_as_a_qr_code(app: Flask) -> None:
    answered = app.test_client().get("/W/receipt/K7QF-3M2P.svg")
    assert answered.mimetype == "image/svg+xml" and answered.text.startswith("<svg")


@pytest.mark.parametrize("code", ["K7QF-3M2", "K7QF-3M2U", "<script>"])
def test_what_is_no_receipt_code_is_not_drawn(app: Flask, code: str) -> None:
    assert app.test_client().get(f"/W/receipt/{code}.svg").status_code == 404
