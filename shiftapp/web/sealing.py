"""What accepting a record needs of the keys, and the receipt that answers it."""

from __future__ import annotations

import qr.code
from shiftapp.ledger import receipts
from shiftapp.model import records
from shiftapp.model.judging import Secrets
from shiftapp.web.context import keys, settings


def secrets() -> Secrets:
    """What judging needs of the keys."""
    held = keys()
    return Secrets(
        mac=lambda code: qr.code.mac(held.station_secret, code), token=held.session_secret
    )


def receipt(stored: records.Stored) -> str:
    """The signed receipt of what is stored; the same text every time."""
    return receipts.receipt(
        keys().receipt, settings().origin, c=stored.c, leaf=stored.leaf, recv_ms=stored.recv_ms
    )
