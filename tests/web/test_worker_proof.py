"""The proof of my own record: for me alone, to be checked by anybody without asking the company."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp.ledger import encoding, proof, receipts, tree
from shiftapp.ledger import policy as policies
from shiftapp.store import Row
from tests.page import Page
from tests.plant import NOW_MS, Plant, client_of
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body, text_of
from tests.sealing_log import policy_of, seal, see_outside
from tests.web.plain import committed, sheet, url
from tests.web.test_worker_shifts import session_of

Browsers = Callable[..., Page]
SHIFTS = "/W/mine/shifts"


def address(record: str) -> str:
    return f"{SHIFTS}/{record}.tlog-proof"


def record_of(plant: Plant, part: str) -> Row:
    found = plant.store.row(
        "SELECT * FROM record WHERE person = :p ORDER BY seq LIMIT 1", p=plant.id(part)
    )
    assert found is not None
    return found


def checked(plant: Plant, text: str) -> tuple[bytes, bytes]:
    """Entry of a proof that holds under our policy, and what stands behind it."""
    found = proof.parse(text)
    end = 2 + int.from_bytes(found.extra[:2])
    entry, rest = found.extra[2:end], found.extra[end:]
    now = policies.parse(policy_of(plant.store, plant.keys))
    opened = proof.check(found, tree.leaf_hash(entry), now.log, now.verifiers)
    assert now.quorum_s(opened.seen_s) is not None
    return entry, rest


def test_it_proves_what_i_sealed(app: Flask, plant: Plant) -> None:
    body = commit_body(plant, "worker")
    deliver(plant, body)
    for part in ("mate", "chen"):
        deliver(plant, commit_body(plant, part))
    seal(plant.store, plant.keys)
    answer = client_of(app, plant, "worker", device=True).get(address(body["id"]))
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    entry, rest = checked(plant, answer.text)
    said = encoding.parse_object(entry.decode())
    salt, sealed = rest[:32], rest[32:]
    assert sealed.decode() == text_of(body)
    assert said["c"] == encoding.b64u(encoding.commitment(salt, sealed))
    code = receipts.receipt_code(bytes(record_of(plant, "worker")["receipt_leaf"]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{code}.tlog-proof"'


def test_the_form_without_the_body_shows_nothing_personal(app: Flask, plant: Plant) -> None:
    body = commit_body(plant, "worker")
    deliver(plant, body)
    seal(plant.store, plant.keys)
    client = client_of(app, plant, "worker", device=True)
    answer = client.get(f"{address(body['id'])}?body=no")
    entry, rest = checked(plant, answer.text)
    assert rest == b"" and b'"k":"rec"' in entry
    assert answer.headers["Content-Disposition"].endswith('-public.tlog-proof"')
    held = proof.parse(answer.text).extra
    for own in (plant.id("worker"), body["id"], body["dev"]):
        assert own.encode() not in held


@pytest.mark.parametrize("tail", ["", "?body=no"])
def test_it_is_for_nobody_else(app: Flask, plant: Plant, tail: str) -> None:
    make_ready(plant, "worker")
    seal(plant.store, plant.keys)
    link = address(record_of(plant, "worker")["id"]) + tail
    assert client_of(app, plant, "worker", device=True).get(link).status_code == 200
    for part in ("mate", "leader", "manager", "admin", "inspector", "signatory"):
        assert client_of(app, plant, part, device=part == "mate").get(link).status_code == 404
    stranger = client_of(app, plant, None).get(link)
    assert stranger.status_code in (303, 401)


def test_a_weak_session_gets_none(app: Flask, plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant.store, plant.keys)
    link = address(record_of(plant, "worker")["id"])
    assert session_of(app, plant, "badge", device=True).get(link).status_code == 403
    assert session_of(app, plant, "pin", device=False).get(link).status_code == 403


def test_there_is_none_before_a_quorum_saw_it_and_none_without_a_leaf(
    app: Flask, plant: Plant
) -> None:
    deliver(plant, commit_body(plant, "worker"))
    told = hazard_body(plant, "worker", "护栏松了")
    deliver(plant, told)
    client = client_of(app, plant, "worker", device=True)
    link = address(record_of(plant, "worker")["id"])
    assert client.get(link).status_code == 404
    seal(plant.store, plant.keys, seen=False)
    assert "还没有封存" in client.get(link).text
    seal(plant.store, plant.keys)
    assert client.get(link).status_code == 200
    assert client.get(address(told["id"])).status_code == 404
    assert client.get(address("nothing")).status_code == 404


def test_what_is_erased_is_proven_without_its_body(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    deliver(plant, commit_body(plant, "worker"))
    seal(plant.store, plant.keys)
    with plant.store.tx() as db:
        db.run("UPDATE record SET body = NULL, salt = NULL, erased_ms = :now", now=NOW_MS)
    client = client_of(app, plant, "worker", device=True)
    link = address(record_of(plant, "worker")["id"])
    assert client.get(link).status_code == 410
    checked(plant, client.get(f"{link}?body=no").text)
    links = page("worker", device=True).get(SHIFTS).links
    assert link not in links and f"{link}?body=no" in links


def test_my_shifts_say_which_are_sealed(plant: Plant, page: Browsers) -> None:
    deliver(plant, commit_body(plant, "worker"))
    deliver(plant, hazard_body(plant, "worker", "护栏松了"))
    browser = page("worker", device=True)
    html = browser.get(SHIFTS)
    assert html.text.count("等待封存") == 1  # what has no leaf is never sealed
    assert "已封存" not in html.text and not [one for one in html.links if "proof" in one]
    seal(plant.store, plant.keys, seen=False)
    assert "等待封存" in browser.get(SHIFTS).text
    seal(plant.store, plant.keys)
    html = browser.get(SHIFTS)
    row = record_of(plant, "worker")
    index = plant.store.value("SELECT idx FROM entry WHERE seq = :s", s=row["entry_seq"])
    assert f"第 {index} 号·已封存" in html.text and "等待封存" not in html.text
    assert {address(row["id"]), f"{address(row['id'])}?body=no"} <= set(html.links)


def test_what_came_after_the_checkpoint_waits(plant: Plant, page: Browsers) -> None:
    deliver(plant, commit_body(plant, "worker"))
    seal(plant.store, plant.keys)
    deliver(plant, run_body(plant, "worker"))
    text = page("worker", device=True).get(SHIFTS).text
    assert (text.count("已封存"), text.count("等待封存")) == (1, 1)


def test_the_receipt_of_the_plain_form_says_it_too(plant: Plant, page: Browsers) -> None:
    browser, at = page("worker"), url(plant, "/commit")
    filled = sheet(browser, at)
    html = browser.post(at, {**filled, **committed()})
    assert "等待封存" in html.text and "已封存" not in html.text
    seal(plant.store, plant.keys)
    html = browser.get(f"/F/receipt/{filled['id']}")
    assert "号·已封存" in html.text and "等待封存" not in html.text
    assert address(filled["id"]) in html.links


def test_after_a_change_of_the_policy_a_proof_stands_on_what_the_new_one_asks(
    app: Flask, plant: Plant
) -> None:
    """Who signed then would be too few now; so the worker's own proof would not hold any more."""
    body = commit_body(plant, "worker")
    deliver(plant, body)
    seal(plant.store, plant.keys)
    deliver(plant, commit_body(plant, "mate"))
    seal(plant.store, plant.keys, NOW_MS + 60_000)
    see_outside(plant.store, plant.keys, "union", least=2)
    answer = client_of(app, plant, "worker", device=True).get(address(body["id"]))
    now = policies.parse(plant.store.value("SELECT policy FROM head"))
    found = proof.parse(answer.text)
    end = 2 + int.from_bytes(found.extra[:2])
    opened = proof.check(found, tree.leaf_hash(found.extra[2:end]), now.log, now.verifiers)
    assert now.quorum_s(opened.seen_s) is not None
