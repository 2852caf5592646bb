"""`PUT /api/v1/blobs/<sha>` and `GET /blobs/<sha>`: photos by hash, in any order, for few eyes."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask

from tests.outbox import OWN, Outbox
from tests.plant import Plant, client_of
from tests.sealing import b64u, commit_body, wire

PHOTO = b"\xff\xd8\xff\xe0" + b"photo" * 20
GPS = b"\xff\xd8\xff\xe1\0\x30Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0"


def sha_of(content: bytes) -> str:
    return b64u(hashlib.sha256(content).digest())


def put(outbox: Outbox, content: bytes, sha: str = "", **headers: str) -> Any:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/api/v1/blobs/{sha or sha_of(content)}"
    return outbox.client.put(path, data=content, headers={**OWN, **more})


def test_a_photo_may_come_first_or_last_and_twice(app: Flask, plant: Plant) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    record = wire(commit_body(plant, "worker", blobs=[sha]))
    first = outbox.results(record)[0]
    assert (first["flags"], first["missing"]) == (["blob_missing"], [sha])
    assert [put(outbox, PHOTO).status_code for _ in range(2)] == [200, 200]
    again = outbox.results(record)[0]
    assert "missing" not in again
    assert (again["flags"], again["receipt"]) == (first["flags"], first["receipt"])
    later = outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))[0]
    assert "blob_missing" not in later["flags"]


def test_what_cannot_be_kept_is_refused_in_order(app: Flask, plant: Plant) -> None:
    outbox = Outbox(app, plant)
    assert put(Outbox(app, plant, None), PHOTO, Sec_Fetch_Site="cross-site").status_code == 401
    assert put(outbox, PHOTO, Sec_Fetch_Site="cross-site").status_code == 403
    assert put(outbox, PHOTO * 10_000).status_code == 413
    assert put(outbox, PHOTO, "x").get_json()["code"] == "shape"
    assert put(outbox, b"GIF89a").get_json()["code"] == "shape"
    assert put(outbox, PHOTO, sha_of(b"")).get_json()["code"] == "wrong_hash"
    assert put(outbox, GPS).get_json()["code"] == "has_place"
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 0


def test_only_who_may_see_the_record_sees_its_photo(app: Flask, plant: Plant) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))
    put(outbox, PHOTO)
    for part in ("worker", "leader", "manager", "inspector"):
        assert client_of(app, plant, part).get(f"/blobs/{sha}").data == PHOTO
    for part in ("mate", "outsider", "other_leader"):
        assert client_of(app, plant, part).get(f"/blobs/{sha}").status_code == 404


def test_the_leader_reads_how_many_arrived(app: Flask, plant: Plant) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha, sha_of(b"never")])))
    put(outbox, PHOTO)
    path = f"/board/JIA/2026-11-24/D/people/{plant.id('worker')}"
    shown = client_of(app, plant, "leader").get(path).text
    assert "附件 1/2 到了" in shown
    assert f"/blobs/{sha}" in shown
