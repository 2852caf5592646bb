"""Reasons that stand on the public page: short, and without the name of a worker.

A pair of signs that is somebody's name may be a common word as well; then the writer words it
otherwise. Better that than a name on a page for everybody. Names are looked for as people read
them: capitals, wide letters, blanks between Chinese signs and signs that nobody sees hide none.
"""

from __future__ import annotations

import unicodedata

from shiftapp.problems import Problem
from shiftapp.store import Db

MAX_SIGNS = 300


def folded(text: str) -> str:
    """A reason as it is kept: one line, no spaces around, no sign that nobody sees.

    Such a sign hides a name from whoever looks for it, turns the writing round, or, as a control
    character, belongs in no document and no note.
    """
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    seen = (sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cs", "Cn"))
    return " ".join("".join(seen).split())


def check(db: Db, text: str, by: str) -> None:
    """Refuse a reason that is too long, or that names anybody but the person `by` who signs.

    :raises Problem: 422 `reason_too_long`, `name_in_reason`.
    """
    reason = folded(text)
    if not reason:
        return
    if len(reason) > MAX_SIGNS:
        raise Problem(422, "reason_too_long", "理由最多写 %(n)s 个字。", params={"n": MAX_SIGNS})
    if name := name_in(db, reason, by):
        raise Problem(
            422,
            "name_in_reason",
            "理由会登出来，里面不能写人名和工号：%(name)s。",
            params={"name": name},
        )


def name_in(db: Db, reason: str, by: str) -> str:
    """The first name or number of somebody other than `by` that a reason holds; '' for none."""
    for row in db.rows("SELECT name, name_en, no FROM person WHERE id <> :by ORDER BY id", by=by):
        for name in (row["name"], row["name_en"], row["no"]):
            if len(name) > 1 and _holds(reason, name):
                return str(name)
    return ""


def _holds(text: str, name: str) -> bool:
    """Whether a text names somebody; Latin letters and digits only as a word of their own."""
    text, name = _read(text), _read(name)
    if not name:
        return False
    if not name.isascii():
        return name.replace(" ", "") in text.replace(" ", "")
    at = text.find(name)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(name) : at + len(name) + 1]
        if not any(sign.isascii() and sign.isalnum() for sign in around):
            return True
        at = text.find(name, at + 1)
    return False


def _read(text: str) -> str:
    """A text as it is read: NFKC, small letters, nothing invisible, single blanks."""
    return folded(unicodedata.normalize("NFKC", text).casefold())
