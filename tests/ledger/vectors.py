"""The worked example of the formats, as Python and JavaScript tests both read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
RECORDS: dict[str, dict[str, Any]] = {one["kind"]: one for one in VECTORS["records"]}
SERIES = bytes.fromhex(VECTORS["open"]["series"])
SLOT = bytes.fromhex(VECTORS["record_slot"])
SLOTS = [bytes.fromhex(u) for u in VECTORS["slots"]]
