"""What of a permit is said otherwise than it stands in the register, and how that is written down.

Pure: rows and what was told in, the differing fields and the lines of the audit out.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from shiftapp.model.special_work_checks import Entry, default_gas_min
from shiftapp.problems import Problem
from shiftapp.store import Row

FIELDS = (
    "kind",
    "level",
    "site",
    "area",
    "facility",
    "place",
    "what",
    "starts_ms",
    "ends_ms",
    "contractor",
    "changed",
    "gas_every_min",
)
PEOPLE = ("guardians", "workers")
LATER = {"ends_ms", "gas_every_min", "guardians"}  # what may change once it has started


def values(entry: Entry, old: Row | None) -> Row:
    """The columns of a permit but its number, which never changes.

    A gas interval that nobody gave is as it was, or the kind's own.
    """
    found = {name: getattr(entry, name) for name in FIELDS}
    if entry.gas_every_min is None:
        same = old and (old["kind"], old["level"]) == (entry.kind, entry.level)
        gas = old["gas_every_min"] if old and same else default_gas_min(entry.kind, entry.level)
        found["gas_every_min"] = gas
    return found


def differences(old: Row, entry: Entry) -> set[str]:
    """The fields of a row (with `guardians` and `workers`) that are said otherwise."""
    said = {**values(entry, old), **{name: getattr(entry, name) for name in PEOPLE}}
    return {name for name, value in said.items() if old[name] != value}


def check_later(old: Row, entry: Entry, other: set[str]) -> None:
    """What may still change of a work that has started.

    :raises Problem: 422 `work_started`, `only_extend`, `gas_longer`.
    """
    if other - LATER:
        text = "作业已经开始，只能延长时间、换监护人、改检测间隔。"
        raise Problem(422, "work_started", text)
    if entry.ends_ms < old["ends_ms"]:
        raise Problem(422, "only_extend", "作业已经开始，结束时间只能往后延。做完了就关闭。")
    _check_gas(old, entry)


def lines(old: Row, entry: Entry, other: set[str], zone: str) -> list[tuple[str, str]]:
    """What the audit says of a change: a word each and its detail."""
    plain = sorted(other - LATER)
    found = [("work.change", ", ".join(plain))] if plain else []
    if "ends_ms" in other:
        found.append(("work.ends", f"{_wall(old['ends_ms'], zone)} → {_wall(entry.ends_ms, zone)}"))
    if "guardians" in other:
        found.append(("work.guardian", f"{_list(old['guardians'])} → {_list(entry.guardians)}"))
    if "gas_every_min" in other:
        said = values(entry, old)["gas_every_min"]
        found.append(("work.gas_every", f"{old['gas_every_min']} → {said} min"))
    return found


def _wall(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _list(numbers: tuple[str, ...]) -> str:
    return ", ".join(numbers) or "—"


def _check_gas(old: Row, entry: Entry) -> None:
    """A test that is overdue does not go away by asking for fewer: at most what the kind has.

    What was agreed before the start may be longer, and stays; 0 is no test at all.
    """
    asked, had = values(entry, old)["gas_every_min"], old["gas_every_min"]
    most = max(had, default_gas_min(entry.kind, entry.level))
    if had and not 0 < asked <= most:
        text = "作业已经开始，检测间隔不能改长：最长 %(most)s 分钟，也不能改成不检测。"
        raise Problem(422, "gas_longer", text, params={"most": most})
