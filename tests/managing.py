"""What tests of the manager's pages do often: change a form, read the audit, give roles."""

from __future__ import annotations

from typing import Any

from shiftapp.model import people
from shiftapp.model.people import Person, Role
from shiftapp.store import Row
from tests.page import Html, Page
from tests.plant import NOW_MS, Plant


def change(page: Page, path: str, status: int = 200, action: str = "", **typed: Any) -> Html:
    """Open a page, type into its form and send it (`role__0` is `role.0`)."""
    fields = page.get(path).form(action or path)
    return page.post(action or path, {**fields, **named(typed)}, status)


def named(typed: dict[str, Any]) -> dict[str, Any]:
    """Names of fields as keywords: two underscores for the dot."""
    return {name.replace("__", "."): value for name, value in typed.items()}


def audited(plant: Plant) -> list[Row]:
    """The audit, oldest first: `what`, `about`, `detail`, `person`."""
    return plant.store.rows("SELECT what, about, detail, person FROM audit ORDER BY seq")


def scoped(plant: Plant, part: str, *roles: Role) -> None:
    """Give somebody other roles instead of their own."""
    row = people.person(plant.store, plant.id(part))
    assert row is not None
    changed = Person(
        row["id"],
        row["no"],
        row["name"],
        crew=row["crew"],
        roles=roles,
        posts=tuple(people.posts(plant.store, row["id"])),
    )
    with plant.store.tx() as db:
        people.save_person(db, changed, NOW_MS)


def faulty(html: Html) -> dict[str, str]:
    """The fields of a page that are marked as wrong, with what is said below them."""
    found = {}
    for element in html.elements:
        if element.attrs.get("aria-invalid") == "true":
            ids = element.attrs["aria-describedby"].split()
            said = next(one for one in ids if one.startswith("bad-"))
            found[said.removeprefix("bad-")] = html.one("span", id=said).text
    return found
