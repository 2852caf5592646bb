"""The plain form as a person fills it, for its tests."""

from __future__ import annotations

from typing import Any

from shiftapp.ledger import encoding
from shiftapp.model import credentials, records
from shiftapp.store import Row
from tests.page import Html, Page
from tests.plant import PUMPS, Plant

PIN = "271828"
CHOSEN = "?shift=2026-11-24%7CD%7CJIA&job=J02"


def url(plant: Plant, tail: str = "", chosen: str = CHOSEN) -> str:
    """A page of the pumps, scanned; `tail` such as '/commit'."""
    return f"/F/{PUMPS}/{plant.mac}{tail}{chosen if tail else ''}"


def give_pin(plant: Plant, part: str) -> None:
    hashed = credentials.hash_secret(PIN, plant.keys.pin_pepper)
    with plant.store.tx() as db:
        credentials.set_pin(db, plant.id(part), hashed)


def sheet(page: Page, address: str) -> dict[str, Any]:
    """A fresh sheet: its hidden fields as the page came."""
    html = page.get(address)
    return {name: value for name, value in html.form(address).items() if name != "name"}


def committed(**changes: Any) -> dict[str, Any]:
    """All items answered well; a change of None takes an answer away."""
    answers = {
        "a-fit": "can",
        "a-ppe": ["helmet", "suit", "goggles", "shoes", "detector"],
        "a-handover": "clear",
        "a-safety": "on",
        "a-risk": "risk1",
        "a-escape": "known",
    }
    return _changed(answers, changes)


def ran(**changes: Any) -> dict[str, Any]:
    """All steps of J02 normal, with readings inside the limits."""
    answers = {f"r-{n}": "ok" for n in range(1, 9)}
    answers |= {"value-1": "0", "value-3": "0.62", "value-4": "45", "value-5": "60"}
    return _changed(answers, changes)


def _changed(answers: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`a_fit="cannot"` for the field `a-fit`."""
    changed = {**answers, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {name: value for name, value in changed.items() if value is not None}


def stored(plant: Plant) -> list[Row]:
    """All records, oldest first, with their parsed body."""
    rows = plant.store.rows("SELECT * FROM record ORDER BY seq")
    return [{**row, "body": records.body(plant.store, row["id"])} for row in rows]


def only(plant: Plant) -> Row:
    [row] = stored(plant)
    text, salt = bytes(plant.store.value("SELECT body FROM record")), bytes(row["salt"])
    assert encoding.commitment(salt, text) == bytes(row["c"])
    return row


def faults(html: Html) -> dict[str, str]:
    """Where the page says that something is missing: place and sentence, tied to its field."""
    found = {}
    for element in html.elements:
        for id in element.attrs.get("aria-describedby", "").split():
            if id.startswith("lack-"):
                found[id.removeprefix("lack-")] = html.one("p", id=id).text
    return found
