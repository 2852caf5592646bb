"""The desk's view of the public log: what is sealed, what waits, who witnesses, what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp.ledger import guard, note, policy
from shiftapp.ledger.note import public_bytes, vkey
from shiftapp.web.manage_log import quorum_words
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.sealing import make_ready
from tests.sealing_log import policy_of, seal, see_outside

Browsers = Callable[..., Page]
URL = "/manage/log"


@pytest.mark.parametrize("part", ["manager", "admin", "signatory"])
def test_who_answers_for_the_figures_sees_it(plant: Plant, page: Browsers, part: str) -> None:
    size = seal(plant.store, plant.keys)
    text = page(part).get(URL).text
    for said in (f"已封存 {size} ", "aq.example.cn/log", "11月24日 07:38", "等着入账 没有"):
        assert said in text, said


def test_nobody_else_does(app: Flask, plant: Plant) -> None:
    for part in ("worker", "leader", "inspector"):
        assert client_of(app, plant, part).get(URL).status_code == 403
    assert client_of(app, plant, None).get(URL).status_code == 303
    same = {"Sec-Fetch-Site": "same-origin"}
    assert client_of(app, plant, "manager").post(URL, headers=same).status_code == 405


def test_a_log_that_is_not_kept_yet_says_what_to_do(plant: Plant, page: Browsers) -> None:
    text = page("manager").get(URL).text
    assert "公开账本还没开始记。启动 serve" in text and "没有见证。" in text


def test_what_waits_is_counted_and_too_long_is_red(
    plant: Plant, page: Browsers, clock: Clock
) -> None:
    seal(plant.store, plant.keys)
    make_ready(plant, "worker")
    browser = page("manager")
    waiting = plant.store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL")
    text = browser.get(URL).text
    assert f"{waiting} 条，最早 11月24日" in text and "回执答应的时间过了" not in text
    clock.ms += 301_000
    assert "回执答应的时间过了" in browser.get(URL).text


def test_a_checkpoint_without_a_quorum_is_told_and_after_an_hour_warned_of(
    plant: Plant, page: Browsers, clock: Clock
) -> None:
    seal(plant.store, plant.keys)
    make_ready(plant, "worker")
    size = seal(plant.store, plant.keys, NOW_MS + 60_000, seen=False)
    browser = page("manager")
    text = browser.get(URL).text
    assert f"公布了，等见证 {size} 条，11月24日 07:39" in text and "一小时了" not in text
    clock.ms += 2 * 3_600_000
    assert "最新公布的检查点，一小时了见证还不够数" in page("manager").get(URL).text


def test_our_own_word_is_called_that(plant: Plant, page: Browsers) -> None:
    seal(plant.store, plant.keys)
    text = page("manager").get(URL).text
    assert "自证 公司自己的见证就够数。" in text and "外面有见证" not in text
    assert "够数 self" in text and "公司自己的" in text


def test_witnesses_of_others_are_named_with_what_they_said(plant: Plant, page: Browsers) -> None:
    seal(plant.store, plant.keys)
    see_outside(plant.store, plant.keys, "union", "insurer", least=2)
    rows = [
        ("self", NOW_MS, ""),
        ("union", None, "unreachable"),
        ("insurer", None, "fork"),
    ]
    with plant.store.tx() as db:
        for name, signed_ms, trouble in rows:
            db.run(
                "INSERT INTO witness_answer (name, asked_ms, size, signed_ms, trouble)"
                " VALUES (:name, :now, :size, :signed, :trouble)",
                name=name,
                now=NOW_MS,
                size=5 if signed_ms else None,
                signed=signed_ms,
                trouble=trouble,
            )
    text = page("manager").get(URL).text
    assert "外面有见证" in text and "自证" not in text
    assert "2/3 (self, union, insurer)" in text and "https://union.example" in text
    for said in ("07:38 签了 5 条", "没有回答：连不上", "它知道的账和我们的不一样", "07:38 看过"):
        assert said in text, said


@pytest.mark.parametrize(
    "code", ["ahead", "inconsistent", "unknown_log", "not_trusted", "stale", "bad_answer", "odd"]
)
def test_every_trouble_of_a_witness_has_words(plant: Plant, page: Browsers, code: str) -> None:
    seal(plant.store, plant.keys)
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO witness_answer (name, asked_ms, trouble) VALUES ('self', :now, :code)",
            now=NOW_MS,
            code=code,
        )
    text = page("manager").get(URL).text
    assert (f"没有签：{code}" in text) == (code == "odd")


@pytest.mark.parametrize("code", [guard.ROLLED_BACK, guard.FORKED, guard.DAMAGED, "odd_one"])
def test_a_log_that_is_signed_no_more_is_red_with_what_to_do(
    plant: Plant, page: Browsers, code: str
) -> None:
    seal(plant.store, plant.keys)
    plant.store.write(lambda db: guard.refuse(db, code))
    html = page("manager").get(URL)
    assert "停止签署" in html.text and "记录和回执照常" in html.text
    assert ("odd_one" in html.text) == (code == "odd_one")
    assert any(one.attrs.get("role") == "alert" for one in html.elements)


def test_signatures_that_do_not_fit_the_policy_are_told(plant: Plant, page: Browsers) -> None:
    seal(plant.store, plant.keys)
    see_outside(plant.store, plant.keys, "union", least=2)
    text = plant.store.value("SELECT policy FROM head").replace("quorum all-of-us", "quorum none")
    with plant.store.tx() as db:
        db.run("UPDATE head SET policy = :text", text=text)
    assert "不要求见证" in page("manager").get(URL).text
    with plant.store.tx() as db:
        db.run("UPDATE head SET policy = 'no policy'")
    shown = page("manager").get(URL).text
    assert "对不上" in shown and "自证" in shown


def test_the_keys_to_print_are_there(plant: Plant, page: Browsers) -> None:
    seal(plant.store, plant.keys)
    html = page("admin").get(URL)
    origin, held = "aq.example.cn/log", plant.keys
    for key in (
        vkey(origin, public_bytes(held.log)),
        vkey(f"{origin}/witness", public_bytes(held.witness), note.COSIGNATURE),
        vkey(f"{origin}/receipt", public_bytes(held.receipt)),
        vkey(f"{origin}/announcement", public_bytes(held.announcement)),
    ):
        assert key in html.text
    assert {"/log/policy", "/log/checkpoint", "/verify"} <= set(html.links)


def test_a_group_in_a_group_is_spelt(plant: Plant) -> None:
    lines = policy_of(plant.store, plant.keys).splitlines()
    keys = [
        vkey(f"{name}.example/w", public_bytes(key), note.COSIGNATURE)
        for name, key in (("a", plant.keys.receipt), ("b", plant.keys.announcement))
    ]
    text = "\n".join(
        [*lines[:2], f"witness a {keys[0]}", f"witness b {keys[1]}", "group out any a b"]
        + ["group q all out self", "quorum q", ""]
    )
    assert quorum_words(policy.parse(text)) == "2/2 (1/2 (a, b), self)"
