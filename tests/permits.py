"""Permits of special work for tests: a good one to change, and short ways to enter it."""

from __future__ import annotations

from typing import Any

from shiftapp.model import special_work_entry, special_works
from shiftapp.model.special_work_checks import Author, Entry
from shiftapp.model.special_works import Work
from shiftapp.store import Db
from tests.announcing import at
from tests.plant import NOW_MS, Plant


def entry(no: str = "DH-1124-01", **other: Any) -> Entry:
    """Hot work of grade 1 at the pumps, 08:30 to 12:00, guarded by 张三."""
    said: dict[str, Any] = {
        "no": no,
        "kind": "fire",
        "level": "1",
        "area": "A1",
        "place": "P-201 泵区北侧",
        "what": "更换出口管线法兰",
        "starts_ms": at("08:30"),
        "ends_ms": at("12:00"),
        "guardians": ("1001",),
    }
    return Entry(**(said | other))


def by(plant: Plant, part: str = "manager") -> Author:
    """Somebody at a desk."""
    return Author("desk", plant.id(part))


API = Author("api", None, "作业票系统")


def register(
    plant: Plant, no: str = "DH-1124-01", *, now_ms: int = NOW_MS, by: Author = API, **other: Any
) -> int:
    """Enter a permit; gives its number in the register."""
    said = entry(no, **other)
    return plant.store.write(lambda db: special_work_entry.register(db, said, by, now_ms))


def close(plant: Plant, id: int, now_ms: int) -> None:
    """Close a work."""
    plant.store.write(lambda db: special_work_entry.close(db, id, API, now_ms))


def cancel(plant: Plant, id: int, now_ms: int, why: str = "下雨") -> None:
    """Cancel a work."""
    plant.store.write(lambda db: special_work_entry.cancel(db, id, why, API, now_ms))


def gas(
    plant: Plant,
    id: int,
    tested_ms: int,
    *,
    passed: bool = True,
    result: str = "LEL 0 %",
    now_ms: int | None = None,
) -> str:
    """Enter a gas test; at once unless told."""

    def write(db: Db) -> str:
        return special_work_entry.test_gas(
            db,
            id,
            passed=passed,
            result=result,
            tested_ms=tested_ms,
            author=API,
            now_ms=now_ms or tested_ms,
        )

    return plant.store.write(write)


def work(plant: Plant, id: int, now_ms: int) -> Work:
    """A work that is there."""
    found = special_works.work(plant.store, id, now_ms)
    assert found is not None
    return found
