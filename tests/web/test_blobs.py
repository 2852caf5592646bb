"""`PUT /api/v1/blobs/<sha>` and `GET /blobs/<sha>`: photos by hash, in any order, for few eyes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from shiftapp.store import files
from tests.erased import erase, seal
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


def test_a_photo_of_an_erased_record_is_taken_and_not_kept(app: Flask, plant: Plant) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    body = commit_body(plant, "worker", blobs=[sha])
    outbox.results(wire(body))
    seal(plant)
    erase(plant, body["id"])
    assert "missing" not in outbox.results(wire(body))[0]
    assert put(outbox, PHOTO).status_code == 200
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 0
    assert [one for one in folder(app).rglob("*") if one.is_file()] == []
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))  # another names it
    assert put(outbox, PHOTO).status_code == 200
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 1


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


def folder(app: Flask) -> Path:
    """Where the files lie."""
    found: Path = app.extensions["shiftapp"].config.blobs
    return found


def test_a_nearly_full_disk_takes_records_and_no_photo(
    app: Flask, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    monkeypatch.setattr(files, "MIN_FREE_BYTES", 2**60)
    answer = put(outbox, PHOTO)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
    assert "照片还在手机上" in answer.get_json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert [one for one in folder(app).rglob("*") if one.is_file()] == []
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 0
    told = outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))[0]
    assert (told["status"], told["missing"]) == ("stored", [sha])
    monkeypatch.undo()
    assert put(outbox, PHOTO).status_code == 200
    assert client_of(app, plant, "worker").get(f"/blobs/{sha}").data == PHOTO


@pytest.mark.parametrize("left", [None, b"", PHOTO[:-1]], ids=["gone", "empty", "cut"])
def test_a_file_taken_away_by_hand_comes_back_with_the_same_photo(
    app: Flask, plant: Plant, left: bytes | None
) -> None:
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    outbox.results(wire(commit_body(plant, "worker", blobs=[sha])))
    put(outbox, PHOTO)
    path = files.path_of(folder(app), hashlib.sha256(PHOTO).digest())
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    answer = client_of(app, plant, "worker").get(f"/blobs/{sha}")
    assert answer.status_code == 404 and "没有这个附件" in answer.text
    assert put(outbox, PHOTO).status_code == 200
    assert client_of(app, plant, "worker").get(f"/blobs/{sha}").data == PHOTO
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 1


@pytest.mark.parametrize("steps", [7, [None], [{"blob": "x"}], {"n": 1}], ids=str)
def test_a_commitment_with_steps_keeps_nobody_from_what_it_opened(
    app: Flask, plant: Plant, steps: Any
) -> None:
    """A field that nobody knows there may be anything."""
    outbox, sha = Outbox(app, plant), sha_of(PHOTO)
    body = commit_body(plant, "worker", bad="safety", blobs=[sha], steps=steps)
    put(outbox, PHOTO)
    assert outbox.results(wire(body))[0]["flags"] == []
    todo = plant.store.value("SELECT MAX(id) FROM finding WHERE part <> 'self'")
    assert client_of(app, plant, "leader").get(f"/hazards/{todo}").status_code == 200
    assert client_of(app, plant, "mate").get(f"/blobs/{sha}").status_code == 404
