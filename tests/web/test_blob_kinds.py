"""What may be kept by hash: photos that do not say where, and signatures of one shape."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shiftapp.model import blob_kinds, devices
from shiftapp.problems import Problem
from tests.outbox import Outbox
from tests.plant import NOW_MS, Plant, client_of
from tests.sealing import commit_body, wire
from tests.web.test_blobs import PHOTO, put, sha_of

SIGNATURE = {"w": 320, "h": 180, "path": "M10 20m5 -3l1 1", "duration_ms": 1400, "strokes": 1}
GPS_TAG = 0x8825


def picture(kind: str, *, place: bool) -> bytes:
    """A real picture with EXIF, as a phone's camera writes it."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010F] = "示例手机"
    if place:
        exif.get_ifd(GPS_TAG).update({1: "N", 2: (35.0, 45.0, 0.0), 3: "E", 4: (115.0, 1.0, 0.0)})
    Image.new("RGB", (64, 48), "#884422").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_real_photo_is_kept_and_one_that_says_where_is_not(
    app: Flask, plant: Plant, kind: str
) -> None:
    outbox = Outbox(app, plant)
    assert put(outbox, picture(kind, place=False)).status_code == 200
    refused = put(outbox, picture(kind, place=True))
    assert (refused.status_code, refused.get_json()["code"]) == (400, "has_place")
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 1


def test_a_stopped_phone_delivers_no_photo(app: Flask, plant: Plant) -> None:
    outbox = Outbox(app, plant)
    device, _ = plant.device("worker")
    with plant.store.tx() as db:
        devices.revoke(db, device, plant.id("leader"), NOW_MS)
    refused = put(outbox, PHOTO)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "device_revoked")
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 0


def test_a_signature_is_shown_as_a_drawing(app: Flask, plant: Plant) -> None:
    outbox, drawn = Outbox(app, plant), json.dumps(SIGNATURE).encode()
    sha = sha_of(drawn)
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))
    assert put(outbox, drawn).status_code == 200
    answer = client_of(app, plant, "leader").get(f"/blobs/{sha}")
    assert answer.mimetype == "image/svg+xml"
    assert SIGNATURE["path"] in answer.text and "<script" not in answer.text


def test_a_picture_is_for_one_reader_and_runs_nothing(app: Flask, plant: Plant) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))
    put(outbox, PHOTO)
    headers = client_of(app, plant, "leader").get(f"/blobs/{sha}").headers
    assert "private" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert client_of(app, plant, None).get(f"/blobs/{sha}").status_code in (302, 303, 401, 404)


@pytest.mark.parametrize(
    "changed",
    [
        {"path": 'M0 0"/><script>'},
        {"path": "0 0"},
        {"path": ""},
        {"w": 0},
        {"w": "320"},
        {"h": 10**9},
        {"strokes": 0},
        {"duration_ms": -1},
        {"more": 1},
        {"path": "M" + "1 " * 5000},
    ],
)
def test_a_signature_of_another_shape_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        blob_kinds.kind_of(json.dumps({**SIGNATURE, **changed}).encode())


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_whatever_comes_is_kept_or_refused_with_a_sentence(content: bytes) -> None:
    for one in (content, b"\xff\xd8\xff" + content, b"\xff\xd8\xff\xe1\0\x30Exif\0\0" + content):
        try:
            kept = ("image/jpeg", "image/png", "image/webp", blob_kinds.SIGNATURE)
            assert blob_kinds.kind_of(one) in kept
        except Problem as problem:
            assert problem.code in ("shape", "has_place", "request_too_big")
