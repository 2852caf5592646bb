"""A phone's outbox for tests: delivers records to the real endpoint as the worker app does."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from shiftapp.store import Db
from tests.plant import Plant, client_of

SYNC = "/api/v1/sync"
OWN = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "outbox"}


class Outbox:
    """The enrolled phone of somebody; `outbox.client` is its browser."""

    def __init__(self, app: Flask, plant: Plant, part: str | None = "worker") -> None:
        self.client = client_of(app, plant, part, device=part is not None)

    def post(self, data: bytes | str, **headers: str | None) -> TestResponse:
        """Send exactly these bytes; a header given as None is left out."""
        wanted = {**OWN, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.post(
            SYNC,
            data=data,
            content_type="application/json",
            headers={name: value for name, value in wanted.items() if value is not None},
        )

    def send(self, *records: dict[str, Any], **more: Any) -> TestResponse:
        """Send records as the program does."""
        return self.post(json.dumps({"records": list(records), **more}, ensure_ascii=False))

    def results(self, *records: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """The results of a delivery that was taken."""
        answer = self.send(*records, **more)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "application/json"
        return list(answer.get_json()["results"])


def counted(db: Db) -> tuple[int, ...]:
    """How many rows of everything a sync may write."""
    tables = ("record", "quarantine", "entry", "finding")
    return tuple(int(db.value(f"SELECT COUNT(*) FROM {table}")) for table in tables)
