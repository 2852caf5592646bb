"""Steps 1, 2 and 6 of the verifier: which trees were signed, who saw them, and that they agree.

Every tree that an announcement cites must be a beginning of the newest one; so all that is read
later is shown against one root.
"""

from __future__ import annotations

from shiftapp.ledger.checkpoint import Checkpoint, open_checkpoint
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Files, Fork, Get, Missing
from shiftapp.ledger.verify_report import Fatal, Report
from shiftapp.ledger.verify_rules import Rules


def newest(report: Report, get: Get, policy: Policy) -> Checkpoint:
    """The newest checkpoint, that a quorum has seen.

    :raises Fatal: `unreachable`, `bad_checkpoint`, `no_quorum`.
    """
    try:
        signed = get("checkpoint").decode("utf-8")
        opened = open_checkpoint(signed, policy.log, policy.verifiers)
    except Missing as error:
        raise Fatal("unreachable") from error
    except ValueError as error:
        raise Fatal("bad_checkpoint") from error
    report.saw(policy, opened)
    if report.log["quorum_s"] is None:
        raise Fatal("no_quorum")
    return opened.checkpoint


def check_known(files: Files, known: Checkpoint) -> None:
    """Pass when the log goes on from what this reader saw before.

    :raises Fatal: `rolled_back`, `fork`, `tiles_differ` (nothing is shown).
    """
    if known.size > files.newest.size:
        raise Fatal("rolled_back")
    _check_beginning(files, known)


def cited(files: Files, rules: Rules, size: int) -> int:
    """When a quorum saw the tree of a size that an announcement cites, Unix s.

    :raises Fatal: `no_checkpoint`, `bad_checkpoint`, `fork`, `tiles_differ`.
    """
    try:
        signed, quorum_s = rules.opened(f"checkpoint/{size}")
    except Missing as error:
        raise Fatal("no_checkpoint", size=size) from error
    except ValueError as error:
        raise Fatal("bad_checkpoint", size=size) from error
    if signed.size != size:
        raise Fatal("bad_checkpoint", size=size)
    if quorum_s is None:  # nothing is wrong with it; but not the witnesses that it needs saw it
        raise Fatal("no_checkpoint", size=size)
    _check_beginning(files, signed)
    return quorum_s


def covering(files: Files, rules: Rules, index: int) -> int | None:
    """When a quorum saw the first published tree that holds an entry; None: that is not shown."""
    try:
        signed, quorum_s = rules.opened(f"covering/{index}")
        if signed.size <= index:
            return None
        files.check_beginning(signed)
    except (Missing, Fork, ValueError):
        return None
    return quorum_s


def _check_beginning(files: Files, old: Checkpoint) -> None:
    try:
        files.check_beginning(old)
    except Fork as error:
        raise Fatal("fork") from error
    except Missing as error:
        raise Fatal("tiles_differ") from error
