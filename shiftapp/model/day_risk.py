"""The risk grade of a day, 1 high to 4 low, by the published rules of library/day_risk.json.

Pure: an announcement's own figures in, the grade and the rules that gave it out; so anybody works
it out again from the document. A rule holds where the figure of its code is one or more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shiftapp import library

LOWEST = 4

Doc = Mapping[str, Any]  # JSON of the document


def grade(doc: Doc) -> dict[str, object]:
    """The worst grade any rule gives: `{"grade", "because": codes of its rules}`."""
    figures = _figures(doc)
    holding = [rule for rule in library.day_risk()["rules"] if figures.get(rule["code"], 0) >= 1]
    worst = min((rule["grade"] for rule in holding), default=LOWEST)
    return {
        "grade": worst,
        "because": [rule["code"] for rule in holding if rule["grade"] == worst],
    }


def rules() -> dict[str, Any]:
    """The rules as they are published: `note`, `grades` and `rules`, with their names."""
    return library.day_risk()


def _figures(doc: Doc) -> dict[str, int]:
    """The figures that rules speak of: works by kind, what units do, what is named."""
    plant = doc["plant"] or {}
    return {
        **(doc["works"] or {}),
        **{code: plant[code] for code in ("startup", "shutdown", "trial") if code in plant},
        **{one["code"]: one["n"] for one in doc["named"]},
    }
