"""What the stylesheets promise each other."""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).parent.parent.parent / "shiftapp/static/css"


def values(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", block))


def test_a_board_at_dusk_has_the_values_of_the_night() -> None:
    text = (CSS / "tokens.css").read_text("utf-8")
    night = re.search(r"^\.night \{(.*?)^\}", text, re.S | re.M)
    dusk = re.search(r"^  \.dusk \{(.*?)^  \}", text, re.S | re.M)
    assert night and dusk
    assert values(dusk[1]) == values(night[1]) and len(values(night[1])) > 15
