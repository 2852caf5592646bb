"""Rows for tests of the self-check: announcements, permits and signatures, put in by hand."""

from __future__ import annotations

import json
import uuid
from typing import Any

from shiftapp.model import announcement_note, inspection, settings
from shiftapp.model.inspection_items import Failing, Item
from shiftapp.model.inspection_register import COUNTED
from tests import announced
from tests.announcing import at
from tests.plant import Plant

FIRST, LAST = "2026-11-22", "2026-11-26"
NOON = at("12:00", LAST)
WORDS = {"state": "clear", "zh": "。", "en": "."}


def announce(plant: Plant, day: str, clock: str = "09:20", version: int = 1, **doc: Any) -> str:
    """A version of a day, or of a period that ends on it, signed then; gives its id."""
    id = str(uuid.UUID(bytes=plant.random(16), version=4))
    kind, at_ms = doc.pop("kind", "daily"), doc.pop("at_ms", None) or at(clock, day)
    whole = {
        **{"kind": kind, "date": day, "due_ms": at("10:00", day), "shifts": [], "levels": []},
        **{"works": None, "plant": None, "text": WORDS, "named": [], "override": None},
        **{"change": None, **doc},
        **{"id": id, "version": version, "published_ms": at_ms},
    }
    with plant.store.tx() as db:
        before = db.value(
            "SELECT id FROM announcement WHERE kind = :k AND date = :d AND version = :v",
            k=kind,
            d=day,
            v=version - 1,
        )
        data = json.dumps(whole | {"supersedes": before}, ensure_ascii=False)
        head = announcement_note.head("test", json.loads(data), data.encode())
        db.run(
            "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
            " published_by, supersedes, entry_seq) VALUES (:id, :kind, :day, :v, :why, :doc, :note,"
            " :at, :by, :before, :entry)",
            id=id,
            kind=kind,
            day=day,
            v=version,
            why="first" if version == 1 else "update",
            doc=data,
            note="\n".join([*head, ""]),
            at=at_ms,
            by=plant.id("signatory"),
            before=before,
            entry=announced.entered(db, data.encode(), at_ms),
        )
    return id


def works(**counts: int) -> dict[str, int]:
    """The counts of a document; all others 0."""
    return {**dict.fromkeys(COUNTED, 0), "registered_late": 0, "cancelled_late": 0, **counts}


def permit(plant: Plant, no: str, starts_ms: int, ends_ms: int, **more: Any) -> int:
    """A permit in the register, entered an hour before its start; gives its number there."""
    row: dict[str, Any] = {
        **{"no": no, "no_key": no.replace("-", ""), "kind": "fire", "level": "2", "site": "YC"},
        **{"place": "泵房", "starts_ms": starts_ms, "ends_ms": ends_ms, "source": "desk"},
        **{"made_ms": starts_ms - 3_600_000, "closed_ms": ends_ms, **more},
    }
    columns, marks = ", ".join(row), ", ".join(f":{key}" for key in row)
    with plant.store.tx() as db:
        db.run(f"INSERT INTO special_work ({columns}) VALUES ({marks})", **row)
        return int(db.value("SELECT id FROM special_work WHERE no = :no", no=no))


def gas_test(plant: Plant, work: int, tested_ms: int, at_ms: int) -> None:
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO gas_test (work, tested_ms, passed, at_ms) VALUES (:w, :t, 1, :at)",
            w=work,
            t=tested_ms,
            at=at_ms,
        )


def unit_signed(
    plant: Plant, day: str, at_ms: int, no: int = 1, note: str = "", **gap: str
) -> None:
    """The plant-wide unit signs a day, with a note on its research and a reason over a gap."""
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO unit (code, level, site, parent, name, name_en) VALUES ('W1', 2, 'YC',"
            " NULL, '一车间', 'Workshop 1') ON CONFLICT DO NOTHING"
        )
        db.run("UPDATE crew SET unit = 'W1'")
        db.run(
            "INSERT INTO unit_signoff (unit, date, no, person, at_ms, figures, research, gaps,"
            " below) VALUES ('W1', :d, :no, :by, :at, '{}', :r, :g, '{}')",
            d=day,
            no=no,
            by=plant.id("manager"),
            at=at_ms,
            r=json.dumps({"u1": {"a": "no", "note": note}} if note else {}),
            g=json.dumps([{"key": "p1", "what": "expected", **gap}] if gap else []),
        )


def item(plant: Plant, code: str, now: int = NOON, first: str = FIRST, last: str = LAST) -> Item:
    """One item of the self-check."""
    span = inspection.span("Asia/Shanghai", first, last, LAST, now)
    found = inspection.inspect(plant.store, settings.get(plant.store), span)
    return next(one for one in found if one.code == code)


def rows(found: Item) -> list[tuple[str, str]]:
    """Day and code of what fails."""
    return [(one.day, one.code) for one in found.failing]


def only(found: Item) -> Failing:
    (one,) = found.failing
    return one
