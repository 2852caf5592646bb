"""Whether Chinese texts of the library's data have their English beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

HAN = re.compile(r"[\u4e00-\u9fff]")


def without_english(value: object, at: str = "") -> Iterator[str]:
    """Paths of Chinese texts that have no twin under `…_en`, or a twin that is Chinese."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from without_english(one, f"{at}[{number}]")
    if not isinstance(value, dict):
        return
    for name, one in value.items():
        path = f"{at}.{name}"
        if name.endswith("_en"):
            yield from (path for text in _texts(one) if HAN.search(text) or not text.strip())
        elif any(HAN.search(text) for text in _texts(one)):
            twin = value.get(f"{name}_en")
            if twin is None or len(_texts(twin)) != len(_texts(one)):
                yield path
        else:
            yield from without_english(one, path)


def _texts(value: object) -> list[str]:
    """A text, or a list of texts; anything else holds none."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
