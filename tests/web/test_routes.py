"""Routes never vanish by accident: `tests/routes.json` is the list of all of them.

`python -m tests.web.test_routes` writes it. A printed code, a bookmark and a program outlive us: a
route that goes or changes its roles is a decision, and shows in the diff of that file.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from flask import Flask

from shiftapp import create_app
from shiftapp.config import Config
from shiftapp.store import open_store
from tests.plant import make_keys

FILE = Path(__file__).parent.parent / "routes.json"
# What this product has promised to others (design.md §5).
PROMISED = {
    "GET /",
    "GET /announcements/<id>",
    "GET /W/<code>/<mac>",
    "GET /F/<code>",
    "GET /board",
    "GET /hazards",
    "GET /publish",
    "GET /healthz",
    "GET /demo",
    "POST /api/v1/enrol",
    "GET /api/v1/pack",
    "POST /api/v1/sync",
}


def listed(app: Flask) -> dict[str, str]:
    """Method and rule of each route → roles it needs: 'public', 'anybody' signed in, or names."""
    found = {}
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        who = "public" if needs is None else ", ".join(needs) or "anybody signed in"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found[f"{method} {rule.rule}"] = who
    return dict(sorted(found.items(), key=lambda one: one[0].split(" ")[::-1]))


def bare_app(folder: Path) -> Flask:
    """The application without a plant: its routes do not depend on one."""
    store = open_store(folder / "shiftapp.db")
    store.migrate()
    return create_app(Config(data=folder), store=store, keys=make_keys(folder / "keys"))


def test_the_routes_are_those_of_the_list(tmp_path: Path) -> None:
    app = bare_app(tmp_path)
    now, before = listed(app), json.loads(FILE.read_text("utf-8"))
    gone = sorted(before.keys() - now.keys())
    new = sorted(now.keys() - before.keys())
    changed = [
        f"{one}: {before[one]} → {now[one]}"
        for one in now.keys() & before.keys()
        if before[one] != now[one]
    ]
    app.extensions["shiftapp"].store.close()
    advice = "if it is meant: python -m tests.web.test_routes"
    assert (gone, new, sorted(changed)) == ([], [], []), advice


def test_what_was_promised_is_there() -> None:
    have = {_plain(route) for route in json.loads(FILE.read_text("utf-8"))}
    assert {_plain(route) for route in PROMISED} - have == set()


def _plain(route: str) -> str:
    """A route whatever its parameters are called."""
    parts = ["<>" if part.startswith("<") else part for part in route.rstrip("/").split("/")]
    return "/".join(parts)


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = bare_app(Path(folder))
        text = json.dumps(listed(app), ensure_ascii=False, indent=1)
        app.extensions["shiftapp"].store.close()
    FILE.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write()
