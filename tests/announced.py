"""Announcements as they stand in the database, made by hand: of any shape, signed with our key."""

from __future__ import annotations

import copy
import hashlib
import uuid
from typing import Any

from shiftapp.ledger import encoding, entries, log
from shiftapp.model import announcement_note, publishing, settings
from shiftapp.store import Db
from tests.announcing import at, signed
from tests.plant import TODAY, Plant

Doc = dict[str, Any]  # JSON, as signed
YESTERDAY, TOMORROW = "2026-11-23", "2026-11-25"


def shift(name: str = "甲班", **changes: Any) -> Doc:
    """A shift of 22 people, all of them on time."""
    return {
        "site_name": "一厂",
        "site_name_en": "Plant 1",
        "group_name": name,
        "group_name_en": "Crew A",
        "shift": "白班",
        "shift_en": "Day shift",
        "date": TODAY,
        "starts_ms": at("08:00"),
        "ends_ms": at("20:00"),
        "s": None,
        "n": 22,
        "on": 22,
        "off": 0,
        "late": 0,
        "none": 0,
        **changes,
    }


WORKS = {
    "fire_special": 0,
    "fire_1": 1,
    "fire_2": 3,
    "confined": 1,
    "blind": 0,
    "height": 2,
    "lifting": 1,
    "power": 3,
    "earth": 0,
    "road": 0,
    "maintenance": 1,
    "transfer": 0,
    "tank_cleaning": 0,
    "draining": 0,
    "contractor": 2,
    "change": 0,
    "total": 12,
    "registered_late": 0,
    "cancelled_late": 0,
}
STATE = {
    "units": {"total": 5, "running": 4, "stopped": 0, "maintenance": 1},
    "startup": 0,
    "shutdown": 0,
    "trial": 0,
    "storage": {"total": 2, "safe": 2},
    "major": {"total": 2, "safe": 2, "ranks": [0, 1, 1, 0]},
    "processes": 1,
    "seen_ms": at("08:40"),
}
SENTENCE = {
    "state": "clear",
    "zh": "我公司今天已做安全风险研判，风险防控措施已落实，装置安全运行，罐区和重大危险源处于"
    "受控状态。",
    "en": "Our company has assessed today's risks; the controls are in place, the units run safely,"
    " and tank farms and major hazards are under control.",
}


def document(**changes: Any) -> Doc:
    """A daily announcement of a good day: 41 of 43 on time, five units, twelve works."""
    doc: Doc = {
        "v": 1,
        "kind": "daily",
        "date": TODAY,
        "zone": "Asia/Shanghai",
        "cutoff": "09:00",
        "enterprise": {"name": "濮阳示例化工有限公司", "name_en": "Puyang Example Chemicals"},
        "demo": True,
        "text": SENTENCE,
        "named": [],
        "shifts": [shift("甲班"), shift("乙班", n=21, on=19, off=1, late=1)],
        "groups": [],
        "small": {"shifts": 0, "counted": False, "count": None},
        "total": {"n": 43, "on": 41, "off": 1, "late": 1, "none": 0},
        "roster": {"added": 0, "ended": 0},
        "plant": copy.deepcopy(STATE),
        "works": dict(WORKS),
        "hazards": {"general": 0, "major": 0, "veto_unanswered": 0, "unanswered": 0},
        "crews": {"signed": 2, "of": 2},
        "levels": [{"no": 2, "name": "车间", "name_en": "Workshop", "signed": 1, "of": 1}],
        "risk": {"grade": 3, "because": ["fire_1"]},
        "version": 1,
        "supersedes": None,
        "signatory": {
            "name": "周九",
            "name_en": "Zhou Jiu",
            "title": "总经理，主要负责人",
            "title_en": "General manager",
        },
        "delegate_of": None,
        "override": None,
        "change": None,
        **changes,
    }
    date = doc["date"]
    doc.setdefault("first", date)
    doc.setdefault("last", date)
    name = f"{doc['kind']} {date} {doc['version']}"
    doc.setdefault("id", str(uuid.uuid5(uuid.NAMESPACE_OID, name)))
    doc.setdefault("published_ms", at("09:12", date))
    doc.setdefault("from_ms", at("09:00", date) - 24 * 3_600_000)
    doc.setdefault("to_ms", at("09:00", date))
    doc.setdefault("due_ms", at("10:00", date))
    doc.setdefault("valid_until_ms", at("10:00", date) + 24 * 3_600_000)
    return doc


def further(before: Doc, *, how: str = "correction", **changes: Any) -> Doc:
    """The version after another one."""
    changed = {
        "how": how,
        "reason": "有 1 张作业票漏报备",
        "changes": [{"zh": "二级动火 2 改为 3。", "en": "Hot work, grade 2: 2, now 3."}],
        "version": before["version"],
        "published_ms": before["published_ms"],
    }
    new = {key: value for key, value in before.items() if key != "id"}
    return document(
        **{
            **new,
            "version": before["version"] + 1,
            "supersedes": before["id"],
            "published_ms": before["published_ms"] + 600_000,
            "change": changed,
            **changes,
        }
    )


def store(plant: Plant, *docs: Doc) -> Doc:
    """Sign them as `publishing` does and put them into the database; gives the last one."""
    for doc in docs:
        data = encoding.canonical(doc)
        name = publishing.signer_name(settings.get(plant.store))
        why = doc["change"]["how"] if doc["change"] else "first"
        with plant.store.tx() as db:
            db.run(
                "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
                " published_by, supersedes, entry_seq) VALUES (:id, :kind, :date, :version, :why,"
                " :doc, :note, :ms, :by, :supersedes, :entry)",
                id=doc["id"],
                kind=doc["kind"],
                date=doc["date"],
                version=doc["version"],
                why=why,
                doc=data.decode(),
                note=signed(plant, announcement_note.text(name, doc, data)),
                ms=doc["published_ms"],
                by=plant.id("signatory"),
                supersedes=doc["supersedes"],
                entry=entered(db, data, doc["published_ms"]),
            )
    return docs[-1]


def entered(db: Db, data: bytes, at_ms: int) -> int:
    """The entry of a document in the log."""
    entry = entries.ann_entry(doc=hashlib.sha256(data).digest(), b=0, parts=[], sup=None)
    return log.append(db, "ann", None, entry, at_ms)


def falsify(plant: Plant, id: str, old: str, new: str) -> None:
    """Change a stored document as somebody with the database in hand would."""
    text = plant.store.value("SELECT doc FROM announcement WHERE id = :id", id=id)
    assert old in str(text)
    rewrite(plant, id, doc=str(text).replace(old, new))


def rewrite(plant: Plant, id: str, **columns: Any) -> None:
    """Write columns of a row past the guard that keeps them."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    with plant.store.tx() as db:
        of = " ON announcement" if plant.store.engine == "postgres" else ""
        db.run(f"DROP TRIGGER IF EXISTS announcement_frozen{of}")
        db.run(f"UPDATE announcement SET {sets} WHERE id = :id", id=id, **columns)
