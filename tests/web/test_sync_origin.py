"""Signatures and the chain of a phone with a key, from the request to the log.

A break is a flag, never a refusal: the record is stored, receipted, in the log, and counts.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from shiftapp.model import counts
from tests.ledger_walk import by_kind, check_ledger
from tests.outbox import Outbox
from tests.page import Page
from tests.plant import NOW_MS, Plant, client_of
from tests.sealing import Body, b64u, chained, commit_body, hazard_body, run_body, sealed, wire

KEY = ec.derive_private_key(23, ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signed(body: Body, of: Body | None = None) -> dict[str, Any]:
    """A record as a phone with the key sends it; `of`: signed over another body."""
    r, s = decode_dss_signature(KEY.sign(sealed(of or body).c, ec.ECDSA(hashes.SHA256())))
    return {**wire(body), "sig": b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}


@pytest.fixture
def outbox(app: Flask, plant: Plant) -> Outbox:
    """The phone of 张三, enrolled with a key."""
    plant.device("worker", POINT)
    return Outbox(app, plant)


def three(plant: Plant) -> list[Body]:
    return chained(
        commit_body(plant, "worker"),
        run_body(plant, "worker"),
        hazard_body(plant, "worker", "滴油"),
    )


def flags(results: list[dict[str, Any]]) -> list[list[str]]:
    assert [one["status"] for one in results] == ["stored"] * len(results)
    assert all(one["receipt"] for one in results)
    return [one["flags"] for one in results]


def test_what_is_signed_and_in_order_has_no_flag(outbox: Outbox, plant: Plant) -> None:
    assert flags(outbox.results(*map(signed, three(plant)))) == [[], [], []]
    check_ledger(plant.store)
    rows = plant.store.rows("SELECT sig, unverified FROM record ORDER BY seq")
    assert all(len(bytes(row["sig"])) == 64 and row["unverified"] == 0 for row in rows)


def test_a_signature_over_other_bytes_is_a_flag_and_the_record_counts(
    outbox: Outbox, plant: Plant
) -> None:
    first, second, third = three(plant)
    sent = [signed(first, of=second), signed(second), signed(third)]
    assert flags(outbox.results(*sent)) == [["bad_sig"], [], []]  # the chain is of bodies
    check_ledger(plant.store)
    assert [entry["w"] for entry in by_kind(plant.store)["rec"]] == ["commit", "run"]
    (found,) = counts.parts(plant.store, [plant.instance()], NOW_MS)
    assert found.count == found.check and found.count.on == 1
    row = plant.store.row("SELECT counts, unverified FROM record ORDER BY seq LIMIT 1")
    assert row == {"counts": 1, "unverified": 1}


def test_the_leader_is_told_of_both(app: Flask, outbox: Outbox, plant: Plant) -> None:
    first, second, _ = three(plant)
    broken = {**second, "prev": b64u(b"\x07" * 32)}
    assert flags(outbox.results(signed(first, of=second), signed(broken))) == [
        ["bad_sig"],
        ["chain_gap"],
    ]
    board = f"/board/JIA/2026-11-24/D/people/{plant.id('worker')}"
    text = Page(client_of(app, plant, "leader")).get(board).text
    assert "身份没核实" in text and "和这台手机的上一条接不上" in text


@pytest.mark.parametrize("wrong", [{"prev": b64u(b"\x07" * 32)}, {"seq": 5}, {"prev": None}])
def test_a_break_of_the_chain_is_a_flag_whatever_is_signed(
    outbox: Outbox, plant: Plant, wrong: dict[str, Any]
) -> None:
    first, second, _ = three(plant)
    found = outbox.results(signed(first), signed({**second, **wrong}))
    assert flags(found) == [[], ["chain_gap"]]
    check_ledger(plant.store)
    assert len(by_kind(plant.store)["rec"]) == 2
    row = plant.store.row("SELECT counts, unverified FROM record ORDER BY seq DESC LIMIT 1")
    assert row == {"counts": 1, "unverified": 0}  # no question of who


def test_a_record_that_was_held_back_is_missed_until_it_comes(outbox: Outbox, plant: Plant) -> None:
    first, second, third = three(plant)
    assert flags(outbox.results(signed(first), signed(third))) == [[], ["chain_gap"]]
    assert flags(outbox.results(signed(second))) == [[]]


def test_a_phone_without_a_key_signs_nothing_and_that_is_no_flag(app: Flask, plant: Plant) -> None:
    (body,) = chained(commit_body(plant, "mate"))
    assert flags(Outbox(app, plant, "mate").results(wire(body))) == [[]]


def test_a_copied_phone_shows_as_a_fork(app: Flask, outbox: Outbox, plant: Plant) -> None:
    """Same credential, same key: the second branch is told apart where it begins."""
    first, second, _ = three(plant)
    other = {**run_body(plant, "worker", bad=2), "seq": 2, "prev": second["prev"]}
    assert flags(outbox.results(signed(first), signed(second))) == [[], []]
    assert flags(Outbox(app, plant).results(signed(other))) == [["chain_gap"]]


def test_a_repeat_gets_the_first_answer_whatever_signature_it_carries(
    outbox: Outbox, plant: Plant
) -> None:
    first, second, _ = three(plant)
    (once,) = outbox.results(signed(first, of=second))
    (again,) = outbox.results(signed(first))
    assert (again["status"], again["flags"]) == ("duplicate", ["bad_sig"])
    assert again["receipt"] == once["receipt"]
    stored = plant.store.value("SELECT flags FROM record")
    assert json.loads(stored) == ["bad_sig"]
