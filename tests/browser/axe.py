"""The automatic check of a page: axe-core, read into a document once."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, **rules: bool) -> list[str]:
    """What axe finds on the page as it stands (WCAG 2.2 A and AA, best practice), a rule a line.

    A rule by name with `_` for `-`: on or off, other than it would be by itself.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    named = {name.replace("_", "-"): {"enabled": on} for name, on in rules.items()}
    wanted = {"runOnly": LEVELS, "resultTypes": ["violations"], "rules": named}
    found = page.evaluate("wanted => axe.run(document, wanted)", wanted)["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]
