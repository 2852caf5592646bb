"""A worker's job on a phone: enrol, commit, point and call, receipt; and what may go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shiftapp.library import job as library_job
from shiftapp.model import credentials, devices, findings, history, versions
from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.browser.faulty import Faulty
from tests.plant import MADE_MS, PUMPS, TANKS

Open = Callable[..., Page]


@pytest.fixture
def quick(site: Site) -> Site:
    """A plant whose steps ask for a tenth of a second."""
    worker.quicken(site)
    return site


def bodies(site: Site, kind: str = "") -> list[dict[str, Any]]:
    """The bodies received, oldest first."""
    rows = site.store.rows(
        "SELECT body FROM record WHERE :k = '' OR kind = :k ORDER BY seq", k=kind
    )
    return [json.loads(bytes(row["body"])) for row in rows]


def state(site: Site, part: str = "worker") -> str | None:
    return history.state_of(site.store, site.plant.instance(), site.plant.id(part), site.clock.ms)


def sent(page: Page) -> None:
    """Wait until all of it is received."""
    expect(page.locator(".w-line")).to_contain_text("公司已收到")


def test_a_worker_enrols_commits_and_walks_the_steps(site: Site, phone: Open) -> None:
    page = phone(None)
    page.expected.append("401")  # type: ignore[attr-defined]
    page.goto(f"/enrol/{site.enrol_code('worker', 'card')}")
    expect(page.locator("h2")).to_have_text("张三")
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    expect(page.locator(".w-count")).to_contain_text("还有 22 分")

    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, dwell_ms=worker.DWELL_MS)

    expect(page.locator("h2[data-heading]")).to_have_text("做完了")
    expect(page.locator(".w-done")).to_contain_text("8 步：正常 8，异常 0")
    sent(page)
    expect(page.locator(".w-line")).to_contain_text("等待封存")  # nothing claimed yet
    code = page.locator(".w-code b").inner_text()

    commit, run = bodies(site)
    assert (commit["kind"], commit["result"], commit["sign"]["how"]) == (
        "commit",
        "committed",
        "hold",
    )
    assert (run["result"], [step["e"] for step in run["steps"]]) == ("done", list("RCRRRCCC"))
    assert run["steps"][2]["value"] == "0.62"
    assert [run["seq"], run["prev"] is None, run["station"]["mac"]] == [2, False, site.plant.mac]
    rows = site.store.rows("SELECT sig, flags, unverified FROM record ORDER BY seq")
    assert all(row["sig"] and row["flags"] == "[]" and not row["unverified"] for row in rows)
    assert state(site) == "ready"

    page.locator(".btn-act").click()
    expect(page.locator(".list")).to_contain_text(code)
    expect(page.locator(".w-job")).to_contain_text("都做完了")


def test_two_taps_do_what_holding_does(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.answer_all(page)
    page.get_by_text("点两下代替").click()
    page.locator(".hold").evaluate("(hold) => { hold.click(); hold.click(); }")
    expect(page.locator(".hold")).to_contain_text("再点一下，就定了")
    expect(page.locator("h1")).to_have_text("班前安全承诺")  # a double tap by mistake is one tap
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".hold").click()
    worker.at_step(page, 1)
    worker.until(page, queue.ALL_SENT)
    assert bodies(site)[0]["sign"] == {"how": "taps", "blob": None}


def test_holding_too_short_or_drifting_away_commits_nothing(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.hold(page, 1_700)  # nothing answered yet
    expect(page.locator(".hold")).to_contain_text("先把上面答完")
    worker.answer_all(page)
    worker.hold(page, 900)
    expect(page.locator(".hold")).to_contain_text("再按一会儿")
    box = page.locator(".hold").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 40)
    page.wait_for_timeout(1700)
    expect(page.locator(".hold")).to_contain_text("再按一会儿")
    page.mouse.up()
    assert bodies(site) == []


def holding(page: Page, site: Site) -> Page:
    """All answered well, a finger on the button."""
    worker.open_station(page, site)
    worker.start(page)
    worker.answer_all(page)
    page.locator(".hold").hover(position={"x": 60, "y": 30})
    page.mouse.down()
    expect(page.locator(".hold")).to_have_attribute("data-state", "holding")
    return page


def test_a_tray_drawn_again_does_not_break_off_a_hold(site: Site, phone: Open) -> None:
    """An answer or a signature that comes meanwhile leaves the finger on the button."""
    page = holding(phone("worker"), site)
    page.evaluate("document.querySelector('.w-q [aria-checked=true]').click()")
    expect(page.locator(".hold")).to_have_attribute("data-state", "holding")
    worker.at_step(page, 1)
    page.mouse.up()


def test_who_says_not_today_while_holding_has_not_promised(site: Site, phone: Open) -> None:
    """Another finger answers; the button goes, and with it the hold."""
    page = holding(phone("worker"), site)
    page.evaluate(
        "[...document.querySelectorAll('.w-q [role=radio]')]"
        ".find((one) => one.textContent.includes('今天不能')).click()"
    )
    expect(page.locator(".w-tray .btn-act")).to_contain_text("告诉班长")
    page.wait_for_timeout(2_000)  # longer than a hold
    expect(page.locator("h1")).to_have_text("班前安全承诺")
    page.mouse.up()
    page.get_by_text("能上岗", exact=True).click()
    expect(page.locator(".hold")).to_have_attribute("data-state", "idle")
    worker.hold(page)
    worker.at_step(page, 1)


def test_a_negative_answer_opens_its_branch_and_goes_with_the_promise(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.answer_all(page, safety="有停用的")
    page.locator("#note-safety").fill("可燃气报警 3 号停用")
    expect(page.locator(".w-tray")).to_contain_text("异常 1 项一起报")
    worker.hold(page)
    worker.at_step(page, 1)
    worker.until(page, queue.ALL_SENT)
    answers = {one["i"]: one for one in bodies(site)[0]["answers"]}
    assert answers["safety"] == {
        "i": "safety",
        "r": "bad",
        "a": ["off"],
        "note": "可燃气报警 3 号停用",
    }
    assert state(site) == "abnormal"


def test_not_today_is_one_answer_and_asks_for_nothing(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    page.get_by_text("今天不能", exact=True).click()
    page.locator(".w-tray .btn-act").click()
    expect(page.locator("h2[data-heading]")).to_have_text("告诉班长了")
    sent(page)
    (body,) = bodies(site)
    assert (body["result"], body["sign"], body["answers"]) == (
        "cannot",
        None,
        [{"i": "fit", "r": "unfit", "a": ["cannot"]}],
    )
    assert state(site) == "cannot"


def test_the_other_door_says_not_today_without_a_station(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.not_today(page)
    sent(page)
    assert state(site) == "cannot"


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_hazard_is_reported_with_the_name_or_without(
    site: Site, phone: Open, anonymous: bool
) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    page.get_by_text("这里不对劲？报一下").click()
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".btn-act").click()
    expect(page.locator("#what-help")).to_have_text("先说一句，怎么了。")
    page.locator("#what").fill("P-202B 机封滴油")
    if anonymous:
        page.get_by_text("不留名", exact=True).click()
    page.locator(".btn-act").click()
    sent(page)
    (body,) = bodies(site, "hazard")
    assert (body["what"], body["station"]["code"]) == ("P-202B 机封滴油", PUMPS)
    assert (body["who"]["person"] is None) == anonymous == (body["shift"] is None)
    (found,) = findings.hazards(site.store, only_open=True)
    assert found["reporter_name"] == (None if anonymous else "张三")


@pytest.mark.parametrize(
    ("pressed", "shows"), [(".w-report", "#what"), ("[data-start]", ".w-oath")]
)
def test_a_press_before_the_servers_first_answer_waits_for_it(
    site: Site, faulty: Faulty, phone: Open, pressed: str, shows: str
) -> None:
    answer = faulty.hold("/api/v1/pack")
    page = phone("worker")
    page.goto(f"/W/{PUMPS}/{site.plant.mac}")
    expect(page.locator(".w-report")).to_be_visible()  # the script is at work
    page.locator(pressed).evaluate("(one) => one.click()")
    assert not page.evaluate("window.answered")
    answer.is_open.set()
    expect(page.locator(shows)).to_be_visible()


def test_a_reading_out_of_its_limits_can_only_be_reported(quick: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, quick)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, last=2)
    worker.at_step(page, 3)
    worker.type_reading(page, "0.83")
    expect(page.locator(".w-out")).to_contain_text("超上限 0.13 MPa")
    expect(worker.ok(page)).to_have_attribute("aria-disabled", "true")
    worker.ok(page).click(force=True)
    worker.at_step(page, 3)
    worker.abnormal(page, "指针在绿区", "表抖")
    worker.walk(page, 4)
    expect(page.locator(".w-done")).to_contain_text("8 步：正常 7，异常 1")
    sent(page)
    step = bodies(quick, "run")[0]["steps"][2]
    assert (step["r"], step["value"]) == ("bad", "0.83")
    assert step["note"] == "不是这样：指针在绿区，不抖；表抖"
    expect(page.locator(".note-warn")).to_contain_text("等班长答复")
    assert state(quick) == "abnormal"


def test_a_failed_veto_step_stops_the_run(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.type_reading(page, "9")
    worker.abnormal(page)
    expect(page.locator("h2[data-heading]")).to_have_text("停下了")
    sent(page)
    (run,) = bodies(site, "run")
    assert (run["result"], [step["r"] for step in run["steps"]]) == ("stopped", ["bad"])
    assert state(site) == "stopped"


def test_stop_ends_the_run_at_any_step(quick: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, quick)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, last=1)
    worker.at_step(page, 2)
    page.get_by_text("停", exact=True).click()
    expect(page.locator(".note-stop")).to_contain_text("报了就停在这里")
    worker.report(page, "看不到")
    sent(page)
    (run,) = bodies(quick, "run")
    assert (run["result"], len(run["steps"]), run["steps"][1]["note"]) == (
        "stopped",
        2,
        "看不到、够不着",
    )


def test_pressed_too_early_says_so_and_stays(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.type_reading(page, "3")
    worker.ok(page).click()
    expect(page.locator("#live")).to_have_text("先指到、说完")
    worker.at_step(page, 1)


def test_the_last_step_can_be_taken_back(quick: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, quick)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, last=2)
    worker.at_step(page, 3)
    page.get_by_text("上一步").click()
    worker.at_step(page, 2)
    worker.abnormal(page, words="风向标断了")
    worker.walk(page, 3)
    sent(page)
    assert [step["r"] for step in bodies(quick, "run")[0]["steps"]].count("bad") == 1


# A draft holds as many answers as are chosen on the screen.
ALL_ANSWERS = """one.commit
  && Object.values(one.commit.answers).flatMap((given) => given.a).length === document
    .querySelectorAll('.w-q [aria-checked=true], .w-q [aria-pressed=true]').length"""


def test_a_reload_in_the_middle_goes_on_where_it_was(quick: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, quick)
    worker.start(page)
    worker.answer_all(page)
    worker.until(page, queue.drafted(ALL_ANSWERS))  # nobody reloads in the same instant
    page.reload()
    worker.start(page, "接着做：承诺")
    expect(page.locator(".w-tray")).to_contain_text("6 项都答好了")
    worker.hold(page)
    worker.walk(page, last=3)
    worker.at_step(page, 4)
    worker.until(page, queue.drafted("one.run.at === 3"))
    page.reload()
    worker.start(page, "接着做：第 4 步，共 8 步")
    worker.walk(page, 4)
    sent(page)
    (run,) = bodies(quick, "run")
    assert run["result"] == "done" and len(run["steps"]) == 8
    times = [moment for step in run["steps"] for moment in (step["from_ms"], step["to_ms"])]
    assert times == sorted(times)
    assert len(bodies(quick, "commit")) == 1


def test_a_timed_stay_counts_down_before_it_can_be_normal(site: Site, phone: Open) -> None:
    doc = library_job("J02")["checklist"]
    doc["steps"] = [
        {**doc["steps"][1], "n": 1, "ev": "T", "timer_ms": 6_000},
        {**doc["steps"][5], "n": 2, "dwell_ms": 100},
    ]
    with site.store.tx() as db:
        versions.publish_checklist(db, "J02", doc, MADE_MS + 1, "library")
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page, "开始：承诺 + 2 步")
    worker.answer_all(page)
    worker.hold(page)
    worker.at_step(page, 1, 2)
    expect(page.locator(".w-timer")).to_contain_text("还要 0:0")
    expect(worker.ok(page)).to_have_attribute("aria-disabled", "true")
    worker.ok(page).click(force=True)
    expect(page.locator(".w-timer")).to_have_text("时间到了", timeout=10_000)
    worker.ok(page).click()
    worker.at_step(page, 2, 2)
    worker.normal(page)
    sent(page)
    step = bodies(site, "run")[0]["steps"][0]
    assert step["e"] == "T" and step["to_ms"] - step["from_ms"] >= 6_000


def test_a_card_renewed_under_a_round_is_said_and_the_round_goes_on(
    quick: Site, phone: Open
) -> None:
    page = phone("worker")
    worker.open_station(page, quick)
    worker.start(page)
    worker.commit(page)
    doc = library_job("J02")["checklist"]
    doc["steps"] = doc["steps"][:2]
    with quick.store.tx() as db:
        versions.publish_checklist(db, "J02", doc, MADE_MS + 1, "library")
    page.reload()
    worker.start(page, "接着做：第 1 步，共 8 步")
    worker.walk(page)
    sent(page)
    (run,) = bodies(quick, "run")
    assert run["checklist"]["no"] == 2 and len(run["steps"]) == 8
    assert quick.store.value("SELECT flags FROM record WHERE kind = 'run'") == "[]"


def test_without_a_signal_nothing_is_lost_or_doubled(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    worker.until(page, worker.HAS_REST)
    worker.start(page)
    worker.go_offline(page)
    worker.commit(page)
    worker.type_reading(page, "9")
    worker.abnormal(page)
    expect(page.locator(".w-line")).to_contain_text("公司还没收到")
    expect(page.locator(".note-warn")).to_contain_text("还在手机上")
    page.locator(".sync").click()
    expect(page.locator(".list .badge")).to_have_text(["已存在本机", "已存在本机"])
    assert bodies(site) == []
    worker.go_offline(page, False)
    page.get_by_text("立即上传").click()
    expect(page.locator(".list .badge")).to_have_text(["公司已收到", "公司已收到"])
    expect(page.locator(".sync")).to_contain_text("已全部上传")
    assert [one["seq"] for one in bodies(site)] == [1, 2]


def test_a_revoked_phone_keeps_what_waits_until_it_is_enrolled_again(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    page.expected.append("401")  # type: ignore[attr-defined]
    worker.open_station(page, site)
    worker.start(page)
    worker.answer_all(page)
    with site.store.tx() as db:
        devices.revoke(db, site.plant.device("worker")[0], site.plant.id("leader"), site.clock.ms)
    worker.hold(page)
    worker.at_step(page, 1)
    worker.type_reading(page, "9")
    worker.abnormal(page)
    expect(page.locator(".sync")).to_have_class("sync sync-act")
    page.locator(".sync").click()
    expect(page.locator(".note-warn")).to_contain_text("这台手机已停用")
    assert bodies(site) == []

    page.goto("/enrol")
    page.locator("#code").fill(site.enrol_code("worker"))
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    expect(page.locator(".sync")).to_contain_text("已全部上传")
    rows = site.store.rows("SELECT flags, person FROM record ORDER BY seq")
    assert ["other_device" in row["flags"] for row in rows] == [True, True]
    assert {row["person"] for row in rows} == {site.plant.id("worker")}


def test_a_shared_phone_asks_who_by_number_and_pin_and_changes_in_one_tap(
    site: Site, phone: Open
) -> None:
    set_pin(site, "worker", "246813")
    page = phone(None)
    page.expected += ["401", "403"]  # type: ignore[attr-defined]
    worker.open_station(page, site)
    expect(page.locator("[data-start]")).to_have_text("先登记这台手机")
    page.locator("[data-start]").click()
    page.locator("#enrol-code").fill(site.enrol_code(None, "shared"))
    page.locator(".btn-act").click()
    worker.start(page, "先说你是谁")
    for key in [*"1001", "好", *"111111"]:
        page.locator(".key", has_text=key).first.click()
    expect(page.locator("#pin-help")).to_have_text("工号或 PIN 不对。再看一遍，或者找班长重设。")
    for key in "246813":
        page.locator(".key", has_text=key).first.click()
    expect(page.locator(".w-who")).to_contain_text("张三")
    expect(page.locator("[data-start]")).to_contain_text("开始：承诺 + 8 步")
    page.get_by_text("换人").click()
    expect(page.locator("[data-start]")).to_contain_text("先说你是谁")
    assert page.locator(".w-who").count() == 0


def test_another_place_than_mine_is_welcome_and_said(site: Site, phone: Open) -> None:
    page = phone("worker")
    worker.open_station(page, site, TANKS)
    expect(page.locator(".w-told")).to_contain_text("今天排你在 P-201 泵区，外操巡检")


@pytest.mark.parametrize(("at", "says"), [("07:00", "07:15 开始"), ("20:10", "开始")])
def test_outside_the_window_the_action_says_when(
    site: Site, phone: Open, at: str, says: str
) -> None:
    site.clock.at(at)
    page = phone("worker")
    worker.open_station(page, site)
    expect(page.locator("[data-start]")).to_contain_text("还没到时间")
    expect(page.locator("[data-start]")).to_contain_text(says)
    page.locator("[data-start]").click(force=True)
    expect(page.locator("h1")).to_have_text("P-201 泵区")


def test_the_page_works_without_a_script(site: Site, phone: Open) -> None:
    page = phone(None, javascript=False)
    page.goto(f"/enrol/{site.enrol_code('worker', 'card')}")
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    expect(page.locator(".w-count")).to_contain_text("还有 22 分")
    page.locator(".btn-must").click()
    page.locator("#code").fill("7k2m-41qf")
    page.locator(".btn-act").click()
    expect(page.locator("h1")).to_have_text("P-201 泵区")
    page.locator(".w-tray .btn-act").click()
    page.wait_for_url(f"**/F/{PUMPS}**")


def set_pin(site: Site, part: str, pin: str) -> None:
    stored = credentials.hash_secret(pin, site.plant.keys.pin_pepper)
    with site.store.tx() as db:
        credentials.set_pin(db, site.plant.id(part), stored)


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", "这台手机全能用，没信号也行"), ("en", "Everything")]
)
def test_the_self_check_says_what_the_browser_has(
    site: Site, phone: Open, lang: str, told: str
) -> None:
    page = phone("worker", lang=lang)
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    page.locator("[data-foot] a[href='/W/selfcheck']").click()
    expect(page.locator("[data-tier]")).to_contain_text(told)
    held = {row.get_attribute("data-check"): row.get_attribute("data-holds")
            for row in page.locator("[data-check]").all()}  # fmt: skip
    assert {held[one] for one in ("secure", "offline", "store", "keys", "space")} == {"true"}
    assert site.store.value("SELECT COUNT(*) FROM record") == 0


def test_the_self_check_is_honest_where_nothing_is_secure(plain_site: Site, phone: Open) -> None:
    page = phone("worker", base=plain_site)
    page.goto("/W/selfcheck")
    expect(page.locator("[data-tier]")).to_contain_text("能用，但没信号时打不开")
    for check in ("secure", "offline", "keys", "camera"):
        expect(page.locator(f"[data-check={check}]")).to_have_attribute("data-holds", "false")
    expect(page.locator("[data-check=store]")).to_have_attribute("data-holds", "true")
