"""Signing a shift at the desk: whose name, over what, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import roster
from tests.crew import crew_ready, veto_step
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant
from tests.sealing import deliver, run_body

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"
SIGN = f"{BASE}/sign"


def signed(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM signoff"))


def test_the_leader_signs_a_ready_crew_and_the_board_says_so(page: PageOf, plant: Plant) -> None:
    crew_ready(plant)
    browser = page("leader")
    assert SIGN in browser.get(BASE).links
    assert "6 / 6 人就绪" in browser.get(SIGN).text
    html = browser.post(SIGN)
    assert "王五 07:38 签字" in html.text and "签字时 6 / 6 就绪" in html.text
    assert SIGN not in html.links and signed(plant) == 1
    assert plant.store.value("SELECT what FROM audit ORDER BY seq DESC LIMIT 1") == "board.sign"


@pytest.mark.parametrize("part", ["worker", "inspector", "manager", "signatory", "other_leader"])
def test_nobody_else_signs_for_the_leader(page: PageOf, plant: Plant, part: str) -> None:
    crew_ready(plant)
    page(part).get(SIGN, 403)
    page(part).post(SIGN, status=403)
    assert signed(plant) == 0


def test_a_shift_that_is_not_there_has_no_signature(page: PageOf) -> None:
    page("leader").get("/board/JIA/2026-11-24/X/sign", 404)
    page("leader").post("/board/JIA/2026-11-24/X/sign", status=404)


def test_a_missing_reason_brings_the_page_back_with_what_was_written(
    page: PageOf, plant: Plant
) -> None:
    crew_ready(plant, "worker", "mate")
    first, second = (f"reason-p{plant.id(part)}" for part in ("worker", "mate"))
    html = page("leader").post(SIGN, {first: "路上，08:05 到", second: " "}, status=422)
    assert "还差 1 处没写原因" in html.text and signed(plant) == 0
    assert html.one("input", id=first).attrs["value"] == "路上，08:05 到"
    assert html.one("input", id=second).attrs["aria-describedby"] == "fault"
    done = page("leader").post(SIGN, {first: "路上，08:05 到", second: "回家取证"})
    assert "李四：回家取证" in done.text and signed(plant) == 1


def test_a_reason_written_before_stands_in_the_field(page: PageOf, plant: Plant) -> None:
    crew_ready(plant, "worker")
    browser = page("leader")
    browser.post(f"{BASE}/people/{plant.id('worker')}/absence", {"why": "other", "note": "送孩子"})
    field = browser.get(SIGN).one("input", id=f"reason-p{plant.id('worker')}")
    assert field.attrs["value"] == "送孩子"


def test_a_veto_is_refused_whatever_is_sent(page: PageOf, plant: Plant) -> None:
    crew_ready(plant, "worker")
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    html = page("leader").post(SIGN, {"reason-f1": "没事"}, status=409)
    assert "还不能签" in html.text and signed(plant) == 0


def test_a_signature_is_reopened_by_what_comes_after(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    crew_ready(plant)
    browser = page("leader")
    browser.post(SIGN)
    later = NOW_MS + 300_000
    deliver(plant, run_body(plant, "worker", later, bad=veto_step(plant)), at_ms=later)
    clock.ms = later
    html = browser.get(BASE)
    assert "签字后有变化，要重签" in html.text and "07:43 又报异常：张三" in html.text
    assert page("inspector").get(BASE).all("a", href=SIGN) == []


def test_a_signature_that_is_sent_again_after_a_change_signs_nothing(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    crew_ready(plant)
    browser = page("leader")
    sent = browser.get(SIGN).form(SIGN)
    browser.post(SIGN, sent)
    assert "本班已经签了" in browser.post(SIGN, sent, status=409).text
    clock.ms = NOW_MS + 300_000
    with plant.store.tx() as db:  # what leaves no gap: nothing but the form tells that it was seen
        instance, by = plant.instance()["id"], plant.id("leader")
        roster.end(db, instance, plant.id("mate"), "leave", by=by, now_ms=clock.ms - 60_000)
    again = browser.post(SIGN, sent, status=409)
    assert "你看的时候情况变了" in again.text and signed(plant) == 1
    browser.post(SIGN, again.form(SIGN))
    assert signed(plant) == 2
