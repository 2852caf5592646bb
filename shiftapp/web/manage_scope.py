"""Who may look at the manager's pages and who may change what: asked where the thing is fetched.

Managers, administrators and inspectors (who only read), each in their scope: all of the plant, one
area or one crew. What holds for the whole plant (jobs, patterns, groups, settings) is changed by
who manages all of it.
"""

from __future__ import annotations

from shiftapp.model import crews, people, places
from shiftapp.model.people import Role
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import store

READERS = ("manager", "admin", "inspector")
EDITORS = ("manager", "admin")
ABOVE = ("signatory", "admin")  # roles that only an administrator gives or takes


def edits_all() -> bool:
    """Whether the signed-in person may change what holds for the whole plant."""
    return _of_all(EDITORS)


def reads_all() -> bool:
    """Whether the signed-in person may see the whole plant."""
    return _of_all(READERS)


def is_admin() -> bool:
    """Whether the signed-in person administers the whole plant."""
    return _of_all(("admin",))


def must_edit_all() -> None:
    """Only for who manages the whole plant.

    :raises Problem: 403 `wrong_scope`.
    """
    if not edits_all():
        raise Problem(403, "wrong_scope", "这里管全厂，你只管一部分。")


def must_read_all() -> None:
    """Only for who sees the whole plant.

    :raises Problem: 403 `wrong_scope`.
    """
    if not reads_all():
        raise Problem(403, "wrong_scope", "这里管全厂，你只管一部分。")


def reads_area(code: str) -> bool:
    """Whether an area is the signed-in person's to look at."""
    return people.may(store(), auth.account().id, READERS, area=code)


def edits_area(code: str) -> bool:
    """Whether an area is the signed-in person's to change."""
    return people.may(store(), auth.account().id, EDITORS, area=code)


def reads_crew(code: str) -> bool:
    """Whether a crew is the signed-in person's to look at."""
    return people.may(store(), auth.account().id, READERS, crew=code)


def edits_crew(code: str | None) -> bool:
    """Whether a crew is the signed-in person's to change; None, in no crew: all of the plant."""
    if code is None:
        return edits_all()
    return people.may(store(), auth.account().id, EDITORS, crew=code)


def areas(*, to_edit: bool = False) -> list[Row]:
    """The areas that the signed-in person sees or changes, active first."""
    covered = edits_area if to_edit else reads_area
    return [row for row in places.areas(store()) if covered(row["code"])]


def crews_seen(*, to_edit: bool = False) -> list[Row]:
    """The crews that the signed-in person sees or changes, active first."""
    covered = edits_crew if to_edit else reads_crew
    return [row for row in crews.crews(store()) if covered(row["code"])]


def may_give(role: Role) -> bool:
    """Whether the signed-in person may give somebody a role, or take it."""
    if role.role in ABOVE:
        return is_admin()
    if role.role == "operator":
        return True
    if role.scope_kind == "all":
        return edits_all()
    return edits_area(role.scope) if role.scope_kind == "area" else edits_crew(role.scope)


def must(allowed: bool) -> None:
    """Refuse what is not the signed-in person's.

    :raises Problem: 403 `wrong_scope`.
    """
    if not allowed:
        raise Problem(403, "wrong_scope", "这个不归你管。")


def _of_all(roles: tuple[str, ...]) -> bool:
    return any(one.role in roles and one.scope_kind == "all" for one in auth.account().roles)
