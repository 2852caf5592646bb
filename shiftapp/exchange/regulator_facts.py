"""The facts of a published day, by the names that the forms' files know (regulators/facts.json).

Pure. Ids are UUIDs of version 5 (RFC 9562) derived from the day's first announcement, so that the
same thing has the same id in every version, on every server, and for whoever computes it again.
"""

from __future__ import annotations

import hashlib
from typing import Any

from shiftapp.exchange.regulator import Doc, Facts, Filled
from shiftapp.model import work_figures
from shiftapp.model.facilities import Now
from shiftapp.model.promised_day import Promise
from shiftapp.model.special_works import Work
from shiftapp.problems import Twin

DAY_MS = 24 * 3_600_000
WORKS = (*work_figures.KINDS, *work_figures.ACROSS)
_NAMESPACE = hashlib.sha256(b"shiftapp/regulator/v1\n").digest()[:16]


def facts(promise: Promise) -> Filled:
    """Everything a form may be filled from."""
    doc, first_id = promise.announcement["doc"], str(promise.first["id"])
    at_ms = promise.announcement["published_ms"]
    lines: tuple[tuple[Work, int], ...] = (
        *((work, 0) for work in promise.works),
        *((work, 1) for work in promise.dropped),
    )
    return Filled(
        zone=str(doc["zone"]),
        promise=_promise(promise),
        rows={
            "promise": [{}],
            "ticket": [_ticket(first_id, work, gone) for work, gone in lines],
            "device": [_device(first_id, one, at_ms) for one in promise.units],
        },
        labels={
            "promise": [""],
            "ticket": [str(work.row["no"]) for work, _ in lines],
            "device": [_name(one) for one in promise.units],
        },
    )


def derived(first_id: str, what: str = "") -> str:
    """The UUID of something of a day: of the promise itself, or of `ticket:…`, `device:…`."""
    digest = bytearray(hashlib.sha1(_NAMESPACE + f"{first_id}/{what}".encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _promise(promise: Promise) -> Facts:
    row, doc, first = promise.announcement, promise.announcement["doc"], promise.first
    return {
        "promise.id": derived(str(first["id"])),
        "company.code": promise.company_code or None,
        "first_ms": first["published_ms"],
        "published_ms": row["published_ms"],
        "first_by": first["doc"]["signatory"]["name"],
        "signatory": doc["signatory"]["name"],
        "content": content(doc),
        "notice": content(doc) + _figures(doc),
        **_plant(doc.get("plant")),
        **{f"works.{key}": (doc.get("works") or {}).get(key) for key in WORKS},
        "hazards.major": doc["hazards"]["major"],
        "risk.grade": (doc.get("risk") or {}).get("grade"),
    }


def content(doc: Doc) -> str:
    """The announcement's sentence with what it names, in Chinese."""
    return str(doc["text"]["zh"]) + "".join(str(one["zh"]) for one in doc["named"])


def _figures(doc: Doc) -> str:
    total = doc["total"]
    return f"应到 {total['n']} 人，按时承诺 {total['on']} 人。" if total else ""


def _plant(plant: Doc | None) -> dict[str, Any]:
    """The facts of the plant's state; None where nothing is registered."""
    known = plant or {"units": {}, "major": {"ranks": [None] * 4}}
    kinds = ("total", "running", "stopped", "maintenance")
    return {
        **{f"units.{key}": known["units"].get(key) for key in kinds},
        **{f"units.{key}": known.get(key) for key in ("startup", "shutdown", "trial")},
        **{f"major.rank_{n}": value for n, value in enumerate(known["major"]["ranks"], start=1)},
        "processes": known.get("processes"),
    }


def _ticket(first_id: str, work: Work, gone: int) -> Facts:
    return {
        "ticket.id": derived(first_id, f"ticket:{work.row['no_key']}"),
        "ticket.no": work.row["no"],
        "ticket.deleted": gone,
    }


def _name(one: Now) -> Twin:
    return Twin(one.row["name"], one.row["name_en"] or one.row["name"])


def _device(first_id: str, one: Now, at_ms: int) -> Facts:
    changed = one.since_ms is not None and one.since_ms > at_ms - DAY_MS
    return {
        "device.id": derived(first_id, f"device:{one.row['code']}"),
        "device.hazard_code": one.row["hazard_code"] or None,
        "device.state": one.state or None,
        "device.since_ms": one.since_ms,
        "device.note": one.note or None,
        "device.trial": int(one.state == "trial"),
        "device.changed": int(changed),
        "device.changed_ms": one.since_ms if changed else None,
        "device.changed_note": (one.note or None) if changed else None,
    }
