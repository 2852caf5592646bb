"""Whether a policy is of use to the log that it is to be in force for, and what it leaves open.

Its form is checked by `policy.parse`. Here: is it about this log, can its quorum be made at all,
and whom does everything hang on.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from shiftapp.ledger import policy
from shiftapp.ledger.note import Verifier
from shiftapp.ledger.policy import Policy, Witness


class Finding(NamedTuple):
    """A code, and the names in the policy that it is about."""

    code: str
    names: tuple[str, ...] = ()


def refusals(found: Policy, log: Verifier, witness: Verifier) -> list[Finding]:
    """Why a policy cannot be in force for a log whose own witness has that key; [] when it can.

    `other_log`; `no_quorum`: it asks nobody; `bad_url` (of these); `wrong_key`: named like the
    install's own witness, with a key that it does not have; `unasked`: the quorum needs these, who
    have no URL.
    """
    if [one for one, _ in found.logs] != [log]:
        return [Finding("other_log")]
    if found.quorum == policy.NONE:
        return [Finding("no_quorum")]
    urls = [("log", url) for _, url in found.logs] + [(w.name, w.url) for w in found.witnesses]
    wrong = [
        Finding("bad_url", tuple(name for name, url in urls if url and not _is_url(url))),
        Finding("wrong_key", tuple(w.name for w in found.witnesses if _is_false(w, witness))),
    ]
    asked = {w.name for w in found.witnesses if w.url or w.verifier == witness}
    if not found.satisfied(asked):
        others = tuple(w.name for w in found.witnesses if w.name not in asked)
        wrong.append(Finding("unasked", others))
    return [one for one in wrong if one.names]


def warnings(found: Policy) -> list[Finding]:
    """What a policy in force leaves open.

    `self_attested`: it shows no more than the operator's word; `single`: while one of these does
    not answer there is no quorum, and marks made then are not shown to be on time.
    """
    others = {one.name for one in found.witnesses}
    needed = tuple(
        w.name
        for w in found.witnesses
        if not found.is_own(w) and not found.satisfied(others - {w.name})
    )
    found_open = [Finding("self_attested")] if found.self_attested else []
    return found_open + ([Finding("single", needed)] if needed else [])


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_false(witness: Witness, own: Verifier) -> bool:
    return witness.verifier.name == own.name and witness.verifier != own
