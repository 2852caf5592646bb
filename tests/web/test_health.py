"""`/healthz`: a write reaches the disk and there is room left."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from flask import Flask

from shiftapp.problems import Problem
from shiftapp.store import Store


def test_it_is_well_after_a_write(app: Flask, store: Store) -> None:
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_little_room_is_said_before_it_is_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 199 * 2**20))
    response = app.test_client().get("/healthz")
    assert response.status_code == 503
    assert response.json is not None and response.json["code"] == "disk_low"


@pytest.mark.parametrize("error", [RuntimeError("disk"), Problem(503, "busy", "等一等。")])
def test_a_database_that_takes_nothing_is_ill(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(fn: object) -> None:
        raise error

    monkeypatch.setattr(store, "write", refuse)
    response = app.test_client().get("/healthz")
    assert response.status_code == 503
    assert response.json is not None and response.json["code"] == "no_write"


def test_it_needs_nobody_and_only_reads(app: Flask) -> None:
    response = app.test_client().post("/healthz", headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 405
