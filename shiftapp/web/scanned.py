"""The station that somebody scanned or typed: known, in use, and its code printed by us.

For pages. Inside a sync nothing well formed is refused: there the same faults are flags.
"""

from __future__ import annotations

import qr.code
from shiftapp.model import places
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web.context import keys, store

CODE_FAULTS = {
    "alphabet": "码里只有数字和大写字母，没有 U 这类字母。再看一遍牌子。",
    "length": "码是 8 位。再看一遍牌子。",
    "check": "码不对，有一位抄错了。再看一遍牌子。",
}


def station_of(typed: str) -> Row:
    """The active station that somebody typed or scanned.

    :raises Problem: 404 `code_wrong`, `unknown_station`, `station_inactive`.
    """
    try:
        code = qr.code.parse_code(typed)
    except qr.code.CodeError as error:
        raise Problem(404, "code_wrong", CODE_FAULTS[error.reason]) from error
    found = places.station(store(), code)
    if found is None:
        raise Problem(404, "unknown_station", "没有这块岗位牌。对一下牌子上的 8 位码。")
    if not found["active"]:
        raise Problem(404, "station_inactive", "这个岗位停用了。问班长换到哪块牌子。")
    return found


def must_be_ours(code: str, mac: str | None) -> None:
    """A scanned code carries our MAC; a typed one (None) has none to carry.

    :raises Problem: 404 `station_mac`: a forged sign must not lead into the flow.
    """
    if mac is not None and not qr.code.check_mac(keys().station_secret, code, mac.upper()):
        raise Problem(404, "station_mac", "这张码不是本厂印的。别用它，告诉班长。")
