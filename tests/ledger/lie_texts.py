"""Writes `lie_texts.json`: what a reader is told of every lie, to be read through by people.

python -m tests.ledger.lie_texts
"""

from __future__ import annotations

import json
from pathlib import Path

from shiftapp.ledger import verify
from shiftapp.ledger.verify_files import Missing
from tests.ledger.log_cases import LIES, Case

FILE = Path(__file__).parent / "lie_texts.json"


def texts(case: Case) -> dict[str, list[str]]:
    def get(path: str) -> bytes:
        if path not in case["files"]:
            raise Missing
        data: bytes = case["files"][path]
        return data

    report = verify.announcement(get, case["policy"], case["index"], case["known"])
    told = [finding for finding in report.findings if finding.fails]
    return {language: [one.sentence(language) for one in told] for language in ("zh", "en")}


if __name__ == "__main__":
    found = {name: texts(make()) for name, make in LIES.items()}
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
