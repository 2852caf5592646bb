"""Who may do what with the register of special work: asked where the work is fetched.

Everybody at a desk reads all of it: what is done next door is nobody's secret. Managers write what
is in their area, or all. A leader closes works and enters gas tests in the areas of their crews
and where somebody of theirs is named. What people have recorded shows who may see their board.
"""

from __future__ import annotations

from shiftapp.model import people, places, special_works
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store

WRITE = ("manager",)
TEND = ("manager", "leader")


def writes_all() -> bool:
    """Whether the signed-in person writes works of every place."""
    return any(one.role in WRITE and one.scope_kind == "all" for one in auth.account().roles)


def writes_at(area: str | None) -> bool:
    """Whether the signed-in person writes works in an area; None: in no area."""
    if area is None:
        return writes_all()
    return people.may(store(), auth.account().id, WRITE, area=area)


def areas() -> list[Row]:
    """The active areas whose works the signed-in person writes."""
    return [one for one in places.areas(store()) if one["active"] and writes_at(one["code"])]


def tends(work: Work) -> bool:
    """Whether the signed-in person may enter its gas tests and close it."""
    if writes_at(work.row["area"]):
        return True
    led = people.crews_led(store(), auth.account().id)
    area, named = work.row["area"], {one["crew"] for one in work.people}
    return any(crew["code"] in named or (area is not None and crew["area"] == area) for crew in led)


def shows(who: Row) -> bool:
    """Whether the signed-in person may see what somebody named has recorded."""
    crew = who["crew"]
    return crew is not None and people.may(store(), auth.account().id, scope.READ, crew=crew)


def work_of(id: int) -> Work:
    """A work of the register.

    :raises Problem: 404 `no_work`.
    """
    found = special_works.work(store(), id, now_ms())
    if found is None:
        raise Problem(404, "no_work", "没有这张作业票。")
    return found


def writing_on(id: int) -> Work:
    """A work that the signed-in person may change.

    :raises Problem: 403 `wrong_scope`, 404 `no_work`.
    """
    found = work_of(id)
    if not writes_at(found.row["area"]):
        raise Problem(403, "wrong_scope", "这张作业票不归你管。")
    return found


def tending_to(id: int) -> Work:
    """A work whose gas tests the signed-in person may enter, and which they may close.

    :raises Problem: 403 `wrong_scope`, 404 `no_work`.
    """
    found = work_of(id)
    if not tends(found):
        raise Problem(403, "wrong_scope", "这张作业票不归你管。")
    return found
