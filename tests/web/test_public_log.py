"""The public log over HTTP: for programs of other houses, by the paths and headers of C2SP."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.ledger import encoding, log, proof, tree
from shiftapp.ledger import policy as policies
from shiftapp.ledger.note import parse_vkey, public_bytes, vkey
from shiftapp.model import log_files, settings
from shiftapp.store import Row
from tests import announced
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.sealing import commit_body, deliver
from tests.sealing_log import policy_of, seal, see_outside

Browsers = Callable[..., Page]
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


def test_every_file_is_there_with_its_type_and_for_how_long(
    client: FlaskClient, published: Row, plant: Plant
) -> None:
    size = seal(plant.store, plant.keys)
    s = encoding.b64u(bytes(plant.instance()["s"]))
    index = plant.store.value("SELECT idx FROM entry WHERE kind = 'ann'")
    text, binary, json = "text/plain; charset=utf-8", "application/octet-stream", "application/json"
    for path, kind, kept in (
        ("checkpoint", text, "public, max-age=5"),
        (f"checkpoint/{size}", text, "public, max-age=5"),
        (f"covering/{index}", text, "public, max-age=5"),
        ("policy", text, "public, max-age=5"),
        (f"tile/0/000.p/{size}", binary, FOR_EVER),
        (f"tile/entries/000.p/{size}", binary, FOR_EVER),
        (f"roster/{s}", binary, FOR_EVER),
        (f"announcement/{index}", json, FOR_EVER),
    ):
        answer = client.get(f"/log/{path}")
        assert (answer.status_code, answer.content_type) == (200, kind), path
        assert answer.headers["Cache-Control"] == kept, path
        held = log_files.read(plant.store, path)
        assert held is not None and answer.data == held.data


def test_other_houses_may_read_and_nobody_is_told_apart(
    app: Flask, client: FlaskClient, plant: Plant
) -> None:
    seal(plant.store, plant.keys)
    for who in (client, client_of(app, plant, "manager"), client_of(app, plant, "worker")):
        for path in ("checkpoint", "nothing"):
            answer = who.get(f"/log/{path}?lang=en")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["nothing", "tile/0/0", "tile/0/000", "checkpoint/9999", "a/b/c"])
def test_what_is_not_there_is_said_in_a_word(client: FlaskClient, plant: Plant, path: str) -> None:
    seal(plant.store, plant.keys)
    answer = client.get(f"/log/{path}")
    assert (answer.status_code, answer.text) == (404, "no_file\n")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"  # tomorrow it may be there


def test_who_has_a_file_already_gets_no_second_copy(client: FlaskClient, plant: Plant) -> None:
    size = seal(plant.store, plant.keys)
    for path in ("checkpoint", f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"):
        first = client.get(f"/log/{path}")
        again = client.get(f"/log/{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_bundles_are_compressed_and_hashes_are_not(client: FlaskClient, plant: Plant) -> None:
    with plant.store.tx() as db:
        for n in range(256):
            log.append(db, "key", None, encoding.canonical({"k": "key", "vk": f"key {n}"}), NOW_MS)
    seal(plant.store, plant.keys)
    plain = client.get("/log/tile/entries/000")
    packed = client.get("/log/tile/entries/000", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data) // 2
    assert "Accept-Encoding" in packed.headers["Vary"]
    hashes = client.get("/log/tile/0/000", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in hashes.headers


def test_in_a_demo_nothing_is_kept(client: FlaskClient, plant: Plant) -> None:
    size = seal(plant.store, plant.keys)
    with plant.store.tx() as db:
        settings.put(db, demo=True)
    for path in ("checkpoint", f"tile/0/000.p/{size}"):
        assert client.get(f"/log/{path}").headers["Cache-Control"] == "no-cache"


def test_an_altered_document_is_given_as_it_is_and_asked_for_again(
    client: FlaskClient, published: Row, plant: Plant
) -> None:
    seal(plant.store, plant.keys)
    announced.falsify(plant, published["id"], '"late":', '"late": ')
    index = plant.store.value("SELECT idx FROM entry WHERE kind = 'ann'")
    answer = client.get(f"/log/announcement/{index}")
    assert b'"late": ' in answer.data
    assert answer.headers["Cache-Control"] == "public, max-age=5"


def test_nothing_is_posted_here(client: FlaskClient) -> None:
    same = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/log/checkpoint", headers=same).status_code == 405


def test_the_proof_of_an_announcement_can_be_checked_offline(
    client: FlaskClient, published: Row, plant: Plant
) -> None:
    seal(plant.store, plant.keys)
    answer = client.get(f"/announcements/{published['id']}.tlog-proof")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    entry = _checked(plant, answer.text)
    doc = client.get(f"/announcements/{published['id']}.json").data
    assert encoding.b64u(hashlib.sha256(doc).digest()) == entry["doc"] and entry["k"] == "ann"


def test_a_proof_stands_on_the_first_checkpoint_with_the_entry_in_it(
    client: FlaskClient, published: Row, plant: Plant
) -> None:
    size = seal(plant.store, plant.keys)
    deliver(plant, commit_body(plant, "worker"))
    seal(plant.store, plant.keys, NOW_MS + 60_000)
    found = proof.parse(client.get(f"/announcements/{published['id']}.tlog-proof").text)
    assert found.checkpoint.split("\n")[1] == str(size)


def test_there_is_no_proof_before_a_quorum_has_seen_it(
    client: FlaskClient, published: Row, plant: Plant
) -> None:
    url = f"/announcements/{published['id']}.tlog-proof"
    assert client.get(url).status_code == 404
    seal(plant.store, plant.keys, seen=False)
    answer = client.get(url)
    assert answer.status_code == 404 and "还没有封存" in answer.text
    assert client.get("/announcements/nothing.tlog-proof").status_code == 404


def test_the_page_leads_to_its_proof_once_it_is_sealed(
    page: Browsers, published: Row, plant: Plant, clock: Clock
) -> None:
    url = f"/announcements/{published['id']}.tlog-proof"
    assert url not in page(None).get("/").links
    seal(plant.store, plant.keys)
    links = page(None).get("/").links
    assert url in links and f"/verify?a={published['id']}" in links
    assert f"/en/verify?a={published['id']}" in page(None).get("/en/").links


def test_the_page_says_whose_word_it_rests_on(page: Browsers, published: Row, plant: Plant) -> None:
    alone = "目前是自证：接收时间由公司自己的服务器记，还没有外面的见证。"
    assert alone in page(None).get("/").text
    seal(plant.store, plant.keys)
    assert alone in page(None).get("/").text
    see_outside(plant.store, plant.keys, "union", least=2)
    text = page(None).get("/").text
    assert "目前是自证" not in text and "外面有见证：union 看过" in text
    assert "由他们的钟证明" not in text  # who sees the newest tree need not have seen the start
    see_outside(plant.store, plant.keys, "union", least=1)
    assert "外面的 union 也看过" in page(None).get("/").text


def _checked(plant: Plant, text: str) -> dict[str, object]:
    """The entry of a proof that holds under our policy."""
    found = proof.parse(text)
    length = int.from_bytes(found.extra[:2])
    entry = found.extra[2:]
    assert len(entry) == length
    now = policies.parse(policy_of(plant.store, plant.keys))
    assert now.log == parse_vkey(vkey("aq.example.cn/log", public_bytes(plant.keys.log)))
    opened = proof.check(found, tree.leaf_hash(entry), now.log, now.verifiers)
    assert now.quorum_s(opened.seen_s) is not None
    return encoding.parse_object(entry.decode())
