"""Which crews somebody may look at or act for: access is checked where the thing is fetched.

Reading: leader, manager, signatory, inspector, admin, each in their scope. Acting: leader, manager
and admin. To-dos of the leader ("not today" is one) are for who leads the crew.
"""

from __future__ import annotations

from shiftapp.model import people, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import store

READ = ("leader", "manager", "signatory", "inspector", "admin")
ACT = ("leader", "manager", "admin")


def my_crews() -> list[Row]:
    """The crews whose boards the signed-in person may see."""
    return people.crews_covered(store(), auth.account().id, READ)


def may_act(crew: str) -> bool:
    """Whether the signed-in person may change something for a crew."""
    return people.may(store(), auth.account().id, ACT, crew=crew)


def leads(crew: str, reporter: str | None = None) -> bool:
    """Whether a to-do of a crew is the signed-in person's.

    A leader's own to-do goes to who stands above: nobody answers for themselves.
    """
    me = auth.account().id
    if reporter is not None and people.may(store(), reporter, "leader", crew=crew):
        return me != reporter and may_act(crew)
    return people.may(store(), me, "leader", crew=crew)


def board_of(crew: str, date: str, code: str) -> Row:
    """A shift instance that the signed-in person may look at.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    if not people.may(store(), auth.account().id, READ, crew=crew):
        raise Problem(403, "wrong_scope", "这个班组不归你管。")
    found = shifts.instance(store(), crew, date, code)
    if found is None:
        raise Problem(404, "no_instance", "没有这个班次。")
    return found


def acting_on(crew: str, date: str, code: str) -> Row:
    """A shift instance that the signed-in person may change.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    if not may_act(crew):
        raise Problem(403, "wrong_scope", "这个班组不归你管。")
    return board_of(crew, date, code)
