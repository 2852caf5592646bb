"""Sealed records on their way: those that arrive once the plant's clock gets to their time.

Everything that happens in the demo after 07:38 without the visitor was sealed when the plant was
made. It lies in a file and is delivered as a phone would: at its time, stored once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import records
from shiftapp.model.judging import Arrival, Sealed, Secrets
from shiftapp.store import Store


class Later(NamedTuple):
    """A sealed record, by which device it comes, and when."""

    recv_ms: int
    device: str
    sealed: Sealed


def deliver(store: Store, later: Later, secrets: Secrets, grace_s: int) -> None:
    """Take a sealed record in, at its time. Twice changes nothing."""
    arrival = Arrival(later.recv_ms, later.device, later.recv_ms)
    stored = records.accept(store, [later.sealed], arrival, secrets, grace_s)
    if stored[0] is None or stored[0].status == "quarantined":
        raise AssertionError(f"the demo sealed what nobody takes: {later.sealed.text}")


def keep(path: Path, waiting: Iterable[Later]) -> None:
    """Write what arrives later to a file, earliest first."""
    rows = [
        {
            "recv_ms": one.recv_ms,
            "device": one.device,
            "body": one.sealed.text,
            "salt": base64.b64encode(one.sealed.salt).decode(),
        }
        for one in sorted(waiting, key=lambda one: (one.recv_ms, one.sealed.id))
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=0), "utf-8")


def read(path: Path) -> list[Later]:
    """What `keep` wrote."""
    return [
        Later(row["recv_ms"], row["device"], _sealed(row["body"], base64.b64decode(row["salt"])))
        for row in json.loads(path.read_text("utf-8"))
    ]


def _sealed(text: str, salt: bytes) -> Sealed:
    return Sealed(text, json.loads(text), salt, None, encoding.commitment(salt, text.encode()))
