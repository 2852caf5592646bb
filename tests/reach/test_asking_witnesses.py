"""A checkpoint goes to a witness as it is, and whatever the witness does holds up nobody."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from shiftapp.ledger import log, note, policy
from shiftapp.ledger.policy import Witness
from shiftapp.model import log_keeping
from shiftapp.store import Store
from shiftapp.web import witness_http
from tests.keeping import KEYS, NOW_MS, Watched
from tests.reach.capture import Answer, Capture

VKEY = note.vkey("union.example/w", b"\x07" * 32, note.COSIGNATURE)


def witness(url: str) -> Witness:
    text = f"log {KEYS[0][1]}\nwitness union {VKEY} {url}\nquorum union\n"
    return policy.parse(text).witnesses[0]


def test_a_request_goes_to_its_address_as_it_is(capture: Capture) -> None:
    capture.answers = ["echo"]
    answer = witness_http.send(witness(f"http://127.0.0.1:{capture.port}/w/"), b"old 0\n\nnote")
    assert (answer.status, answer.body) == (200, "/w/add-checkpoint")
    (asked,) = capture.requests
    assert asked.body == b"old 0\n\nnote"
    assert "Cookie" not in asked.headers


@pytest.mark.parametrize("said", ["redirect", "500"])
def test_an_answer_is_an_answer_and_no_redirect_is_followed(capture: Capture, said: Answer) -> None:
    capture.answers = [said, "ok"]
    answer = witness_http.send(witness(f"http://127.0.0.1:{capture.port}"), b"x")
    assert answer.status == {"redirect": 302, "500": 500}[said]
    assert len(capture.requests) == 1


@pytest.mark.parametrize("said", ["drip", "drip_head", "hang", "close"])
def test_one_that_never_ends_is_cut_off(capture: Capture, said: Answer) -> None:
    capture.answers = [said]
    began = time.monotonic()
    with pytest.raises(OSError):
        witness_http.send(witness(f"http://127.0.0.1:{capture.port}"), b"x", longest_s=0.3)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "file:///etc/passwd", "ftp://127.0.0.1", "http://", "http://a:b"]
)
def test_what_cannot_be_asked_is_an_error_of_the_network(url: str) -> None:
    with pytest.raises(OSError):
        witness_http.send(witness(url), b"x")


def test_the_environment_gives_no_proxy(capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert witness_http.send(witness(f"http://127.0.0.1:{capture.port}"), b"x").status == 200


def test_a_long_answer_is_read_no_further(
    capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_http, "MOST_BYTES", 5)
    assert len(witness_http.send(witness(f"http://127.0.0.1:{capture.port}"), b"x").body) == 5


def test_a_page_of_the_network_is_no_signature(
    store: Store, tmp_path: Path, capture: Capture
) -> None:
    watched = Watched(store, tmp_path)
    capture.answers = ["html"]
    url = f"http://127.0.0.1:{capture.port}"
    text = watched.keeper.policy.text.replace("group all", f"witness union {VKEY} {url}\ngroup all")
    watched.keeper.policy = policy.parse(text)
    watched.keeper.send = witness_http.send
    log_keeping.round(store, watched.keeper, NOW_MS)
    trouble = store.value("SELECT trouble FROM witness_answer WHERE name = 'union'")
    assert trouble == "bad_answer"
    assert log.newest(store) is not None  # the own one has seen it
