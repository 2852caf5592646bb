"""A citizen checks an announcement in a browser of their own, a worker their own record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, Route, expect

from shiftapp.ledger import entries, log, proof
from shiftapp.ledger.encoding import b64u, canonical
from shiftapp.ledger.entries import Part
from shiftapp.model import log_proofs
from tests.announced import YESTERDAY, document, rewrite, shift, store
from tests.browser.conftest import DESK, HOST, PHONE, Site
from tests.browser.test_public_site import faults
from tests.ledger import log_cases
from tests.ledger.log_cases import Case
from tests.plant import TODAY, Plant
from tests.sealing import commit_body, deliver
from tests.sealing_log import seal

Open = Callable[..., Page]


def publish(site: Site, page: Page, case: Case, date: str = TODAY) -> str:
    """Put the log of a case in the place of the server's; gives its announcement's id."""
    site.clock.at("10:50")

    def answer(route: Route) -> None:
        data = case["files"].get(route.request.url.split("/log/", 1)[1])
        if data is None:
            route.fulfill(status=404, body="no_file\n")
        else:
            route.fulfill(body=data, content_type="application/octet-stream")

    page.expected.append("404")  # type: ignore[attr-defined]
    page.route("**/log/**", answer)
    place = proof.LogProof(case["index"], (), "one more line\n").text
    page.route(
        "**/*.tlog-proof", lambda route: route.fulfill(body=place, content_type="text/plain")
    )
    told = case["files"].get(f"announcement/{case['index']}", b"{}")
    id = json.loads(told).get("id", "no-id")
    return str(store(site.plant, document(id=id, date=date))["id"])


def announce(site: Site) -> str:
    """An announcement that the server has, of which its log says nothing yet."""
    site.clock.at("10:50")
    return str(store(site.plant, document())["id"])


def check(page: Page, id: str, base: str = "/") -> str:
    """Open the page; gives the large word."""
    page.goto(f"{base}verify?a={id}")
    return done(page)


def done(page: Page) -> str:
    expect(page.locator("[data-done]")).to_be_attached()
    return page.locator(".v-word").inner_text()


def figures(page: Page, column: str) -> list[list[int]]:
    return [
        [int(part.locator(f"[data-{column}={mark}]").inner_text()) for mark in
         ("n", "on", "off", "late", "none")]
        for part in page.locator(".v-part").all()
    ]  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_citizen_sees_every_place_and_what_is_not_proven(
    site: Site, desk: Open, size: tuple[int, int]
) -> None:
    page, case = desk(None, size=size), log_cases.honest(2)
    id = publish(site, page, case)
    assert check(page, id) == "核对通过"
    assert figures(page, "told") == figures(page, "counted") == case["expect"]["counts"]
    drawn = page.locator(".v-part").first.get_by_role("img")
    n, on, off, late, none = case["expect"]["counts"][0]
    expect(drawn).to_have_attribute(
        "aria-label",
        f"应到 {n} 人，每格一人：按时 {on}，没信号后来传到 {off}，接班后补做 {late}，没有做 {none}",
    )
    expect(page.get_by_text("记录是本人做的：服务器由公司管")).to_be_visible()
    expect(page.get_by_role("link", name="没有证明的都在这里")).to_be_visible()
    for name in ("self", "union"):
        expect(page.locator(".v-seen").get_by_text(name, exact=False).first).to_be_visible()
    expect(page.get_by_text("shiftapp verify http")).to_be_visible()
    assert faults(page) == []


def test_squares_are_as_many_as_people_and_few_in_the_page(site: Site, desk: Open) -> None:
    page = desk(None)
    id = publish(site, page, log_cases.honest(2))
    check(page, id)
    for n in (0, 1, 110, 111, 17_000):
        covered = page.evaluate(
            """async (n) => {
              const { drawPeople } = await import('/static/js/verify/squares.js');
              const svg = document.querySelector('.v-dots');
              const on = Math.floor(n / 2);
              drawPeople(svg, { n, on, off: n - on - Math.floor(n / 4), late: Math.floor(n / 4),
                none: 0 }, 0);
              const side = (rect, name) => Math.ceil(Number(rect.getAttribute(name)) / 19);
              const rects = [...svg.children].filter((one) => one.tagName === 'rect');
              const area = (one) => side(one, 'width') * side(one, 'height');
              return [rects.reduce((sum, one) => sum + area(one), 0), rects.length];
            }""",
            n,
        )
        assert covered[0] == n and covered[1] <= 9


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("on inflated", "按时人数公告得多了"),
        ("n shrunk", "应到人数公告得少了"),
        ("not a checkpoint", "检查点读不通"),
        ("no roster", "花名册文件缺失"),
        ("an altered document", "公告的文字和封存的不一样"),
        ("a record taken out of a bundle", "账本文件和签过名的检查点对不上"),
        ("a roster after the start", "应到人数不能证明是班前定下的"),
    ],
)
def test_a_lie_is_named_and_red(site: Site, desk: Open, lie: str, said: str) -> None:
    page = desk(None, size=PHONE)
    id = publish(site, page, log_cases.LIES[lie]())
    assert check(page, id) == "核对不通过"
    expect(page.locator(".v-findings .v-fail").filter(has_text=said).first).to_be_visible()
    colour = page.locator(".v-verdict").evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(168, 0, 24)"
    assert faults(page) == []


def test_announced_stands_beside_counted_where_they_differ(site: Site, desk: Open) -> None:
    page, case = desk(None), log_cases.LIES["on inflated"]()
    id = publish(site, page, case)
    check(page, id)
    counted, told = figures(page, "counted"), figures(page, "told")
    assert told[0][1] > counted[0][1] and told[0][0] == counted[0][0]
    assert told[1] == counted[1]
    assert page.locator(".v-other").count() == 2  # on time, and so those without a record


def test_the_proof_of_another_announcement_proves_nothing_of_this(site: Site, desk: Open) -> None:
    page = desk(None)
    publish(site, page, log_cases.honest(2), YESTERDAY)
    assert check(page, announce(site)) == "核对不通过"
    expect(page.locator(".v-verdict")).to_contain_text("是另一份公告的")


def test_self_attested_is_said_with_the_verdict(site: Site, desk: Open) -> None:
    page = desk(None)
    id = publish(site, page, log_cases.honest(0))
    assert check(page, id) == "核对通过"
    expect(page.locator(".v-verdict")).to_contain_text("但这是自证")
    expect(page.locator(".v-verdict")).to_have_attribute("data-verdict", "self")


def test_figures_that_nobody_can_count_get_no_tick(site: Site, desk: Open) -> None:
    """Nothing but the text was looked at: “the figures are those of the log” would be a lie."""
    day = log_cases.Day(9)
    day.shifts.append(log_cases._shift(None, 500, 500, 0, 0))
    day.write()
    day.announce()
    day.publish(log_cases.T0)
    page = desk(None)
    id = publish(site, page, day.case())
    assert check(page, id) == "只核对了文字"
    expect(page.locator(".v-verdict")).to_have_attribute("data-verdict", "unable")
    expect(page.locator(".v-verdict")).to_contain_text("数字没有得到证明")
    expect(page.locator("[data-sign=good]")).to_be_hidden()
    expect(page.locator(".v-findings")).to_contain_text("外人不能数")


def test_the_key_that_is_shown_is_the_one_that_was_used(site: Site, desk: Open) -> None:
    """A line that only a browser takes for one must not bring another key along."""
    page, case = desk(None), log_cases.honest(2)
    other = "log.example.com/log+00000000+AAAA"
    case["files"]["policy"] = f"#\u2028log {other}\n{case['policy']}".encode()
    assert check(page, publish(site, page, case)) == "核对通过"
    expect(page.locator("[data-vkey]")).to_have_text(case["policy"].split()[1])


def test_a_fork_is_shouted_and_both_notes_can_be_saved(site: Site, desk: Open) -> None:
    page = desk(None)
    honest, other = log_cases.honest(2), log_cases.honest(8)
    id = publish(site, page, honest)
    assert check(page, id) == "核对通过"
    expect(page.get_by_text("第一次核对这本账")).to_be_visible()
    check(page, id)
    expect(page.get_by_text("比过，是同一本账")).to_be_visible()
    assert honest["policy"] == other["policy"]  # the same log by its keys, and another past
    for route in ("**/log/**", "**/*.tlog-proof"):
        page.unroute(route)
    id = publish(site, page, other, YESTERDAY)
    for _ in range(2):  # it is not forgotten by being shown once
        assert check(page, id) == "核对不通过"
        texts = [_saved(page, name) for name in ("保存以前的检查点", "保存现在的检查点")]
        assert [text.encode() for text in texts] == [
            honest["files"]["checkpoint"], other["files"]["checkpoint"]
        ]  # fmt: skip


def test_another_key_than_the_last_time_is_told_of_every_time(site: Site, desk: Open) -> None:
    page = desk(None)
    id = publish(site, page, log_cases.honest(2))
    check(page, id)
    page.evaluate(
        """() => {
          const name = 'shiftapp.log.log.example.com/log';
          const kept = JSON.parse(localStorage.getItem(name));
          localStorage.setItem(name, JSON.stringify({ ...kept, vkey: 'another' }));
        }"""
    )
    for _ in range(2):
        assert check(page, id) == "查不了"
        expect(page.locator(".v-verdict")).to_contain_text("账本的密钥和您上次看到的不一样")
        expect(page.locator(".v-verdict")).to_have_attribute("data-verdict", "unable")


def _saved(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    download: Download = waiting.value
    return Path(download.path()).read_text("utf-8")


def test_without_web_crypto_nothing_is_skipped(site: Site, desk: Open) -> None:
    page = desk(None)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    id = publish(site, page, log_cases.honest(2))
    assert check(page, id) == "查不了"
    expect(page.locator(".v-verdict")).to_contain_text("Ed25519")
    assert page.locator(".v-part").count() == 0
    assert faults(page) == []


def test_over_plain_http_it_says_why_it_cannot(plain_site: Site, desk: Open) -> None:
    plain_site.clock.at("10:50")
    made = store(plain_site.plant, document())
    page = desk(None, base=plain_site)
    assert HOST in plain_site.url and check(page, made["id"]) == "查不了"
    expect(page.locator(".v-verdict")).to_contain_text("不是经 https 打开的")


def test_no_answer_is_neither_good_nor_bad(site: Site, desk: Open) -> None:
    page = desk(None)
    page.expected += ["503", "404", "Failed to load"]  # type: ignore[attr-defined]
    id = publish(site, page, log_cases.honest(2))
    page.route("**/log/tile/**", lambda route: route.fulfill(status=503, body="later"))
    assert check(page, id) == "查不了"
    expect(page.locator(".v-verdict")).to_contain_text("没有取到公开账本")
    page.route("**/log/tile/**", lambda route: route.abort())
    assert check(page, id) == "查不了"


def test_what_is_not_sealed_yet_is_said_to_be_so(site: Site, desk: Open) -> None:
    page = desk(None)
    page.expected.append("404")  # type: ignore[attr-defined]
    id = announce(site)
    seal(site.store, site.plant.keys, seen=False)
    assert check(page, id) == "查不了"
    expect(page.locator(".v-verdict")).to_contain_text("没")


def test_without_a_script_it_says_how_to_check(site: Site, desk: Open) -> None:
    page = desk(None, size=PHONE, javascript=False)
    id = announce(site)
    page.goto(f"/verify?a={id}")
    expect(page.get_by_text("这一页要用脚本才能核对。")).to_be_visible()
    expect(page.get_by_text(f"/announcements/{id}", exact=False).first).to_be_visible()
    expect(page.get_by_text("记录是本人做的")).to_be_visible()


def test_in_english_findings_and_times_are_english(site: Site, desk: Open) -> None:
    page = desk(None, lang="en")
    id = publish(site, page, log_cases.LIES["on inflated"]())
    check(page, id, "/en/")
    expect(page.locator(".v-fail")).to_contain_text("More people are announced as on time")
    expect(page.locator(".v-when").first).to_contain_text("23 November 08:00:00")
    assert page.locator("html").get_attribute("lang") == "en"
    assert faults(page) == []


# The log of the server itself, without anything put in its place.


@pytest.fixture
def real(site: Site) -> dict[str, Any]:
    """A shift of the plant: five on the roster, two on time, one late; announced and sealed."""
    plant = site.plant
    deliver(plant, commit_body(plant, "worker"), commit_body(plant, "mate"))
    cut = seal(plant.store, plant.keys, site.clock.at("07:50"))
    late = site.clock.at("08:10")
    deliver(plant, commit_body(plant, "chen", at_ms=late), at_ms=late)
    b = seal(plant.store, plant.keys, site.clock.at("08:20"))
    site.clock.at("09:20")
    return announced(plant, cut, b, {"on": 2, "off": 0, "late": 1})


def announced(plant: Plant, cut: int, b: int, told: dict[str, int]) -> dict[str, Any]:
    s = bytes(plant.instance()["s"])
    opened = plant.store.row("SELECT idx, data FROM entry WHERE kind = 'open' AND s = :s", s=s)
    assert opened is not None
    n = int(re.findall(r'"n":(\d+)', bytes(opened["data"]).decode())[0])
    none = n - sum(told.values())
    doc = document(
        shifts=[shift("甲班", s=b64u(s), n=n, none=none, **told)],
        total={"n": n, "none": none, **told},
    )
    part = Part(s, opened["idx"], cut, n, **{key: told[key] for key in ("on", "off", "late")})
    store(plant, doc)
    entry = entries.ann_entry(
        doc=hashlib.sha256(canonical(doc)).digest(), b=b, parts=[part], sup=None
    )
    with plant.store.tx() as db:
        seq = log.append(db, "ann", None, entry, doc["published_ms"])
    rewrite(plant, doc["id"], entry_seq=seq)
    seal(plant.store, plant.keys, doc["published_ms"])
    return {"id": doc["id"], "counts": [n, told["on"], told["off"], told["late"], none]}


def test_the_log_of_the_server_passes(site: Site, desk: Open, real: dict[str, Any]) -> None:
    page = desk(None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto("/announcements/" + real["id"])
    asked.clear()
    page.get_by_role("link", name="在这里核对").click()
    assert done(page) == "核对通过"
    assert figures(page, "told") == figures(page, "counted") == [real["counts"]]
    expect(page.locator(".v-verdict")).to_contain_text("但这是自证")
    fetched = [one.split(site.url)[1] for one in asked if "/static/" not in one]
    others = [path for path in fetched if not path.startswith("/log/")]
    assert all(one.startswith("GET ") for one in asked)
    assert others == [f"/verify?a={real['id']}", f"/announcements/{real['id']}.tlog-proof"]
    assert page.context.cookies() == [
        one for one in page.context.cookies() if one["name"] == "lang"
    ]


def test_a_figure_that_was_made_up_does_not_pass(site: Site, desk: Open) -> None:
    plant = site.plant
    deliver(plant, commit_body(plant, "worker"))
    cut = seal(plant.store, plant.keys, site.clock.at("07:50"))
    site.clock.at("09:20")
    told = announced(plant, cut, cut, {"on": 4, "off": 0, "late": 0})
    page = desk(None)
    assert check(page, told["id"]) == "核对不通过"
    assert [row[1] for row in figures(page, "told")] == [4]
    assert [row[1] for row in figures(page, "counted")] == [1]


def saved_proof(site: Site, folder: Path, *, with_body: bool) -> Path:
    """The proof of the worker's record, as their phone saves it."""
    body = commit_body(site.plant, "worker")
    deliver(site.plant, body)
    seal(site.store, site.plant.keys, site.clock.at("07:50"))
    who = site.plant.id("worker")
    found = log_proofs.of_record(site.store, body["id"], who, with_body=with_body)
    file = folder / "record.tlog-proof"
    file.write_text(found.text, "utf-8")
    return file


def test_a_worker_checks_their_own_record_and_nothing_is_sent(
    site: Site, desk: Open, tmp_path: Path
) -> None:
    file = saved_proof(site, tmp_path, with_body=True)
    page = desk(None, size=PHONE)
    page.goto("/verify")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.get_by_label("证明文件").set_input_files(file)
    assert done(page) == "核对通过"
    assert page.evaluate("document.activeElement.hasAttribute('data-word')")
    expect(page.locator("[data-code]")).to_contain_text(
        re.compile("回执码 [0-9A-Z]{4}-[0-9A-Z]{4}")
    )
    expect(page.locator("[data-facts]")).to_contain_text("班前承诺")
    expect(page.locator("[data-body]")).to_be_hidden()
    page.get_by_text("看记录的原文").click()
    expect(page.locator("[data-body]")).to_contain_text('"kind":"commit"')
    fetched = [one.split(site.url)[1] for one in asked if "/static/" not in one]
    assert fetched == ["/log/policy"] and all(one.startswith("GET ") for one in asked)
    assert faults(page) == []


def test_a_proof_without_the_record_says_so(site: Site, desk: Open, tmp_path: Path) -> None:
    file = saved_proof(site, tmp_path, with_body=False)
    page = desk(None)
    page.goto("/verify")
    page.get_by_label("证明文件").set_input_files(file)
    assert done(page) == "核对通过"
    expect(page.get_by_text("没有记录的原文")).to_be_visible()
    expect(page.get_by_text("看记录的原文")).to_be_hidden()


def test_a_proof_that_was_changed_does_not_pass(site: Site, desk: Open, tmp_path: Path) -> None:
    file = saved_proof(site, tmp_path, with_body=True)
    text = file.read_text("utf-8")
    place = text.index("extra ") + 300
    file.write_text(
        text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :], "utf-8"
    )
    page = desk(None)
    page.goto("/verify")
    page.get_by_label("证明文件").set_input_files(file)
    assert done(page) == "核对不通过"
    expect(page.locator("[data-record]")).to_be_hidden()
    file.write_text("not a proof\n", "utf-8")
    page.reload()
    page.get_by_label("证明文件").set_input_files(file)
    assert done(page) == "核对不通过"
    file.write_bytes(b"x" * (2**20 + 1))
    page.reload()
    page.get_by_label("证明文件").set_input_files(file)
    assert done(page) == "查不了"


def test_it_works_by_the_keyboard(site: Site, desk: Open, real: dict[str, Any]) -> None:
    page = desk(None)
    check(page, real["id"])
    reached = []
    page.locator("h1").click()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.slice(0, 40)"))
        if "名单" in reached[-1]:
            page.keyboard.press("Enter")
            break
    expect(page.locator("[data-policy]")).to_contain_text("quorum")
    expect(page.locator("[role=status]")).to_contain_text("核对通过")
