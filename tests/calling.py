"""The crew round as a leader goes through it, for its tests."""

from __future__ import annotations

from typing import Any

from shiftapp.model import history, states
from shiftapp.store import Row
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant
from tests.web.plain import stored

BASE = "/board/JIA/2026-11-24/D"
ORDER = ("mate", "lin", "worker", "chen", "huang", "leader")  # risk A before B, then as they came


def there(plant: Plant, part: str) -> str:
    return f"{BASE}/round/{plant.id(part)}"


def sheet(html: Html) -> dict[str, Any]:
    """The hidden fields with which the page of a person was minted."""
    names = ("id", "salt", "shown", "text")
    return {name: html.all("input", name=name)[0].attrs["value"] for name in names}


def opened(browser: Page, plant: Plant, part: str) -> dict[str, Any]:
    """A fresh page of somebody: what it will send back."""
    return sheet(browser.get(there(plant, part)))


def by_pin(browser: Page, plant: Plant, part: str, pin: str, status: int = 200) -> Html:
    filled = {**opened(browser, plant, part), "way": "pin", "secret": pin}
    return browser.post(there(plant, part), filled, status)


def by_word(browser: Page, plant: Plant, part: str, why: str = "no_phone", **more: Any) -> Html:
    filled = {**opened(browser, plant, part), "way": "leader", "why": why, **more}
    return browser.post(there(plant, part), filled)


def of(plant: Plant, part: str) -> list[Row]:
    """The records of somebody, oldest first, with their body."""
    return [row for row in stored(plant) if row["person"] == plant.id(part)]


def state_of(plant: Plant, part: str, now_ms: int = NOW_MS) -> tuple[str, list[str]]:
    """State and marks of somebody as the board has them."""
    people = history.people_states(plant.store, plant.instance(), now_ms)
    found: states.State = next(p.state for p in people if p.person == plant.id(part))
    return found.state, sorted(found.marks)
