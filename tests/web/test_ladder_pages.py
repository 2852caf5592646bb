"""The pages of the ladder: who sees and signs what, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import ladder_sign, units
from shiftapp.model.people import Role
from tests.announcing import at
from tests.climbing import TOP, WORKSHOP, climb, placed, rung
from tests.crew import veto_step
from tests.managing import scoped
from tests.page import Page
from tests.plant import TODAY, Clock, Plant
from tests.sealing import deliver, run_body

PageOf = Callable[..., Page]
DAY = f"/ladder/{TODAY}"
UNIT, PLANT = f"{DAY}/{WORKSHOP}", f"{DAY}/{TOP}"


@pytest.fixture
def day(good_day: Plant, clock: Clock) -> Plant:
    """Both crews have signed; it is 08:20."""
    clock.at("08:20")
    return placed(good_day)


def filled(page: Page, path: str = UNIT, **changed: str) -> dict[str, str]:
    """A unit's form with everything in place and a reason for every gap."""
    fields = page.get(path).form(f"{path}/sign")
    answers = {f"answer-{item}": "yes" for item in ladder_sign.items()}
    reasons = {name: "已安排" for name in fields if name.startswith("reason-")}
    return {**fields, **answers, **reasons, **changed}


def signed(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM unit_signoff"))


def test_the_ladder_shows_every_level_of_today(page: PageOf, day: Plant) -> None:
    text = page("manager").get("/ladder").text
    for word in (
        "厂级 一厂",
        "车间 生产一部",
        "班组 甲班 白班",
        "班组 丙班 夜班",
        "等 周九",
        "等 孙八",
    ):
        assert word in text
    assert "王五 08:05 签字" in text


def test_a_workshop_is_signed_and_the_page_says_so(page: PageOf, day: Plant) -> None:
    browser = page("manager")
    html = browser.post(f"{UNIT}/sign", filled(browser))
    assert "孙八 08:20 签字" in html.text and "第 1 次签字" in html.text
    assert not html.all("form", action=f"{UNIT}/sign") and signed(day) == 1
    assert day.store.value("SELECT what FROM audit ORDER BY seq DESC LIMIT 1") == "ladder.sign"


def test_a_missing_reason_or_answer_brings_the_page_back_with_what_was_written(
    page: PageOf, day: Plant
) -> None:
    browser = page("manager")
    fields = filled(browser)
    names = [name for name in fields if name.startswith("reason-")]
    html = browser.post(f"{UNIT}/sign", {**fields, names[0]: " "}, status=422)
    assert "还差 1 处没写原因" in html.text
    assert html.one("input", id=names[1]).attrs["value"] == "已安排"
    assert html.one("input", id=names[0]).attrs["aria-describedby"] == "fault"
    assert len(html.all("input", value="yes", checked="")) == len(ladder_sign.items())
    html = browser.post(f"{UNIT}/sign", {**fields, "answer-seals": ""}, status=422)
    assert "研判还有 1 项没答" in html.text
    html = browser.post(f"{UNIT}/sign", {**fields, "answer-seals": "no"}, status=422)
    assert "没落实的 1 项要写怎么办" in html.text and signed(day) == 0


def test_sent_twice_it_is_one_signature(page: PageOf, day: Plant) -> None:
    browser = page("manager")
    fields = filled(browser)
    browser.post(f"{UNIT}/sign", fields)
    assert "孙八 08:20 签字" in browser.post(f"{UNIT}/sign", fields).text
    assert signed(day) == 1


def test_somebody_else_who_is_later_reads_that_it_is_signed(page: PageOf, day: Plant) -> None:
    with day.store.tx() as db:
        units.set_signers(db, WORKSHOP, [day.id("manager"), day.id("admin")])
    first, second = page("manager"), page("admin")
    fields = filled(second)
    first.post(f"{UNIT}/sign", filled(first))
    assert "这一级已经签了" in second.post(f"{UNIT}/sign", fields, status=409).text
    assert signed(day) == 1


def test_an_old_form_sent_again_after_something_changed_signs_nothing(
    page: PageOf, day: Plant, clock: Clock
) -> None:
    browser = page("manager")
    fields = filled(browser)
    browser.post(f"{UNIT}/sign", fields)
    clock.at("08:40")
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=clock.ms)
    html = browser.post(f"{UNIT}/sign", fields, status=409)
    assert "还不能签" in html.text and "签字后有变化，要重签" in html.text
    assert signed(day) == 1


def test_a_veto_shows_a_button_that_does_not_sign(page: PageOf, day: Plant, clock: Clock) -> None:
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=at("08:15"))
    html = page("manager").get(UNIT)
    assert "还不能签字：下面先答复 1 处" in html.text
    assert not html.all("button", type="submit", class_="btn-must")


def test_the_page_says_why_a_signature_no_longer_holds(
    page: PageOf, day: Plant, clock: Clock
) -> None:
    climb(day, WORKSHOP, at("08:20"))
    climb(day, TOP, at("08:21"))
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=at("08:30"))
    clock.at("08:31")
    text = page("signatory").get(PLANT).text
    assert "签字后有变化，要重签" in text
    assert "生产一部 签字后有变化：甲班 白班 签字后有变化：08:30 又报异常：张三" in text


def test_what_the_levels_below_wrote_stands_above_the_reason(page: PageOf, day: Plant) -> None:
    climb(day, WORKSHOP, at("08:20"), notes={"seals": "接了盘"},
          answers={**dict.fromkeys(ladder_sign.items(), "yes"), "seals": "no"})  # fmt: skip
    text = page("signatory").get(PLANT).text
    assert "丙班写的：已说明" in text and "生产一部写的：已安排" in text
    assert "生产一部 没落实：动、静密封点无泄漏" in text.replace(
        "生产一部没落实", "生产一部 没落实"
    )
    assert "生产一部写的：接了盘" in text


def test_what_was_written_before_stands_in_the_form_of_the_next_signature(
    page: PageOf, day: Plant, clock: Clock
) -> None:
    climb(day, WORKSHOP, at("08:20"))
    deliver(day, run_body(day, "worker", bad=veto_step(day)), at_ms=at("08:30"))
    clock.at("08:31")
    html = page("manager").get(UNIT)
    values = {e.attrs.get("value") for e in html.all("input") if "reason-" in e.attrs["name"]}
    assert values == {"已安排", ""}  # '': that 甲班 has to sign again is new


@pytest.mark.parametrize("part", ["worker", "leader", "other_leader", "outsider"])
def test_a_crew_does_not_see_the_workshops_gaps(page: PageOf, day: Plant, part: str) -> None:
    page(part).get(UNIT, 403)
    page(part).post(f"{UNIT}/sign", {"seen": rung(day, WORKSHOP).sha}, status=403)


def test_a_leader_sees_who_has_signed_above_and_no_more(page: PageOf, day: Plant) -> None:
    html = page("leader").get("/ladder")
    assert "车间 生产一部" in html.text and UNIT not in html.links
    assert "处缺口" not in html.text.replace("甲班", "")
    assert f"/board/JIA/{TODAY}/D" in html.links and "/board/BING" not in " ".join(html.links)
    page("worker").get("/ladder", 403)


@pytest.mark.parametrize("part", ["inspector", "admin", "signatory"])
def test_who_reads_all_crews_reads_the_unit_and_signs_only_their_own(
    page: PageOf, day: Plant, part: str
) -> None:
    browser = page(part)
    html = browser.get(UNIT)
    assert not html.all("form", action=f"{UNIT}/sign") and "等 孙八" in html.text
    seen = {"seen": rung(day, WORKSHOP).sha}
    assert "这一级不由你签" in browser.post(f"{UNIT}/sign", seen, status=403).text


def test_a_named_signer_without_any_role_of_a_reader_signs(page: PageOf, day: Plant) -> None:
    with day.store.tx() as db:
        units.set_signers(db, WORKSHOP, [day.id("outsider")])
    browser = page("outsider")
    assert "车间 生产一部" in browser.get("/ladder").text
    assert "钱七 08:20 签字" in browser.post(f"{UNIT}/sign", filled(browser)).text
    page("outsider").get(PLANT, 403)


def test_a_manager_of_another_area_sees_nothing_of_it(page: PageOf, day: Plant) -> None:
    scoped(day, "manager", Role("manager", "area", "A2"))
    page("manager").get(UNIT, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/ladder/2026-99-99",
        f"{DAY}/XX",
        "/ladder/2026-13-01/A1",
        "/ladder/9999-12-31",
        "/ladder/0001-01-01",
        "/ladder/2026-W48-2",
        "/ladder/2026-W48-2/A1",
    ],
)
def test_a_day_or_unit_that_is_not_there_is_not_found(page: PageOf, day: Plant, path: str) -> None:
    page("manager").get(path, 404)


def test_another_day_has_its_own_ladder(page: PageOf, day: Plant) -> None:
    html = page("manager").get("/ladder/2026-11-20")
    assert "没签字" in html.text and "/ladder/2026-11-21" in html.links
    assert "这一天没有班次" in page("manager").get(f"/ladder/2026-11-20/{WORKSHOP}").text


def test_what_blocks_is_not_told_by_colour_alone(page: PageOf, day: Plant) -> None:
    html = page("admin").get(PLANT)
    asks = html.all("p", class_="g-stop")
    assert asks and all("不能签" in one.text for one in asks)


def test_english_pages_have_no_chinese_punctuation(page: PageOf, day: Plant) -> None:
    with day.store.tx() as db:
        units.set_signers(db, WORKSHOP, [day.id("manager"), day.id("admin")])
    for path in ("/ladder", UNIT, PLANT):
        text = page("inspector").get(f"{path}?lang=en").text
        assert "Waits for" in text and not re.search("[、：；，。]", text)
