"""Writing the register of special work: what others permit is entered here, changed and ended.

Until a work starts everything of it may be put right. From then on only its end may move, later
and never past the longest validity, and who guards it and how often gas is tested may change: not
less often than it was or than its kind asks for, else a test could be overdue no longer. An end is
the instant at which it was entered here, whatever somebody says: who could back-date a cancellation
could hide a permit. Every change leaves a line in `audit`, in its own transaction.
"""

from __future__ import annotations

from typing import Literal

from shiftapp.model import special_work_changes, special_work_rows
from shiftapp.model.special_work_checks import Author, Entry, checked
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000
OLDEST_MS = 30 * DAY_MS  # a permit that started before is none of today
FARTHEST_MS = 92 * DAY_MS  # a later start is a mistyped year
MOST_RESULT = 100  # characters of a reading

Outcome = Literal["new", "changed", "same"]


def register(db: Db, entry: Entry, author: Author, now_ms: int) -> int:
    """Enter a permit; gives its number in the register.

    One that has started already is entered too and stays marked as late.

    :raises Problem: 409 `permit_taken`; 422 what `checked` raises, `too_old`, `too_far`,
        `unknown_no`.
    """
    entry = checked(db, entry)
    allowed(None, entry, now_ms)
    id = special_work_rows.insert(db, entry, author, now_ms)
    special_work_rows.note(db, id, author, now_ms, "work.register", entry.no)
    return id


def change(db: Db, id: int, entry: Entry, author: Author, now_ms: int) -> Outcome:
    """Put a permit right, all but its number; gives `same` where nothing of it is other.

    :raises Problem: 404 `no_work`; 409 `work_ended`; 422 `work_started`, `only_extend`, and what
        `register` raises.
    """
    old, entry = special_work_rows.by_id(db, id), checked(db, entry)
    other = allowed(old, entry, now_ms)
    if not other:
        return "same"
    special_work_rows.put(db, old, entry)
    zone = str(db.value("SELECT zone FROM site WHERE code = :code", code=entry.site))
    for what, detail in special_work_changes.lines(old, entry, other, zone):
        special_work_rows.note(db, id, author, now_ms, what, detail)
    return "changed"


def allowed(old: Row | None, entry: Entry, now_ms: int) -> set[str]:
    """The fields that would be other if a good permit were entered at an instant.

    `old` is what stands under its number (`special_work_rows.find`), None: nothing.

    :raises Problem: 409 `work_ended`; 422 `too_old`, `too_far`, `work_started`, `only_extend`,
        `gas_longer`.
    """
    if old is None:
        _check_start(entry, now_ms)
        return set()
    other = special_work_changes.differences(old, entry)
    if not other:
        return other
    _check_open(old)
    if old["starts_ms"] <= now_ms:
        special_work_changes.check_later(old, entry, other)
    elif "starts_ms" in other:
        _check_start(entry, now_ms)
    return other


def upsert(db: Db, entry: Entry, author: Author, now_ms: int) -> tuple[int, Outcome]:
    """Enter a permit, or put right the one that has its number; the same again changes nothing.

    :raises Problem: as `register` and `change`.
    """
    old = special_work_rows.find(db, entry.no)
    if old is None:
        return register(db, entry, author, now_ms), "new"
    return old["id"], change(db, old["id"], entry, author, now_ms)


def stands(db: Db, entry: Entry) -> Row | None:
    """The permit of that number, if everything of it is in the register as it is told.

    :raises Problem: as `checked`.
    """
    old = special_work_rows.find(db, entry.no)
    if old is None or special_work_changes.differences(old, checked(db, entry)):
        return None
    return old


def close(db: Db, id: int, author: Author, now_ms: int) -> Outcome:
    """The work is finished and was checked.

    :raises Problem: 404 `no_work`; 409 `work_ended` (cancelled); 422 `not_started`.
    """
    old = special_work_rows.by_id(db, id)
    if old["closed_ms"] is not None:
        return "same"
    if old["starts_ms"] > now_ms and old["cancelled_ms"] is None:
        raise Problem(422, "not_started", "还没到开始时间，不能关闭。不做了就取消。")
    special_work_rows.end(db, old, "closed_ms", "", author, now_ms)
    special_work_rows.note(db, id, author, now_ms, "work.close", old["no"])
    return "changed"


def cancel(db: Db, id: int, why: str, author: Author, now_ms: int) -> Outcome:
    """The work does not take place, or was stopped for good; once it has started, with a reason.

    :raises Problem: 404 `no_work`; 409 `work_ended` (closed); 422 `no_why`.
    """
    old, why = special_work_rows.by_id(db, id), " ".join(why.split())[:200]
    if old["cancelled_ms"] is not None:
        return "same"
    if old["starts_ms"] <= now_ms and not why:
        raise Problem(422, "no_why", "作业已经开始。写明为什么取消。")
    special_work_rows.end(db, old, "cancelled_ms", why, author, now_ms)
    special_work_rows.note(db, id, author, now_ms, "work.cancel", why)
    return "changed"


def test_gas(
    db: Db,
    id: int,
    *,
    passed: bool,
    result: str,
    tested_ms: int,
    author: Author,
    now_ms: int,
) -> Outcome:
    """Enter a gas test; the same again is `same`.

    :raises Problem: 404 `no_work`; 409 `work_ended`; 422 `gas_future`, `gas_early`,
        `gas_older`, `bad_result`.
    """
    old, result = special_work_rows.by_id(db, id), " ".join(result.split())
    if special_work_rows.is_there(db, id, passed=passed, result=result, tested_ms=tested_ms):
        return "same"
    _check_open(old)
    _check_gas(db, old, result, tested_ms, now_ms)
    db.run(
        "INSERT INTO gas_test (work, tested_ms, passed, result, at_ms, by_person)"
        " VALUES (:work, :tested, :passed, :result, :now, :by)",
        work=id,
        tested=tested_ms,
        passed=int(passed),
        result=result,
        now=now_ms,
        by=author.person,
    )
    what = "work.gas_passed" if passed else "work.gas_failed"
    special_work_rows.note(db, id, author, now_ms, what, result)
    return "changed"


def _check_start(entry: Entry, now_ms: int) -> None:
    if entry.starts_ms < now_ms - OLDEST_MS:
        raise Problem(422, "too_old", "开始时间在 30 天以前，不能再补登记。")
    if entry.starts_ms > now_ms + FARTHEST_MS:
        raise Problem(422, "too_far", "开始时间在三个月以后。核对一下年份。")


def _check_open(old: Row) -> None:
    if old["closed_ms"] is not None or old["cancelled_ms"] is not None:
        raise special_work_rows.ended(old["no"])


def _check_gas(db: Db, work: Row, result: str, tested_ms: int, now_ms: int) -> None:
    if len(result) > MOST_RESULT:
        most = {"most": MOST_RESULT}
        raise Problem(422, "bad_result", "读数最多写 %(most)s 个字。", params=most)
    if tested_ms > now_ms:
        raise Problem(422, "gas_future", "检测时间还没到。核对一下时间。")
    if tested_ms < work["starts_ms"] - DAY_MS:
        raise Problem(422, "gas_early", "检测比作业开始早了一天以上，不能算。核对一下时间。")
    newest = db.value("SELECT MAX(tested_ms) FROM gas_test WHERE work = :work", work=work["id"])
    if newest is not None and tested_ms < newest:
        raise Problem(422, "gas_older", "已经有更晚的检测。核对一下时间。")
