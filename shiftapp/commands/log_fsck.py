"""`shiftapp log fsck`: the whole log built anew from its public files, and compared.

Of an address anybody can do it, without an install; here it also looks at what is not public. With
`--state` it is the monitor for cron: it remembers the newest checkpoint, and shouts when the log
that it meets does not go on from there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from shiftapp.commands import log_reading
from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.log_fsck_words import sentence
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.ledger import fsck as checking
from shiftapp.ledger import note
from shiftapp.ledger.checkpoint import open_checkpoint
from shiftapp.ledger.fsck import Known, Report
from shiftapp.ledger.fsck_entries import Fault
from shiftapp.ledger.guard import Guard
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Get
from shiftapp.model import log_audit, log_state
from shiftapp.store import files

FAULTS, ALARM, UNREACHABLE = 1, 3, 4  # exit codes beside 0; 2 is click's, for a wrong call
MOST_LINES = 50


@click.command()
@click.argument("url", required=False)
@click.option("--policy", type=click.File(encoding="utf-8"), help="Trust this policy, no other.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Remember the newest checkpoint here, and compare with it the next time.",
)
@data_option
@json_option
def fsck(
    url: str | None, policy: Any, state: Path | None, data: Path | None, as_json: bool
) -> None:
    """Check the whole log at URL, or that of the install here and what of it is not public.

    Exit code 0: sound. 1: faults. 3: rolled back or forked. 4: it cannot be reached.
    """
    given = None if policy is None else policy.read()
    try:
        if url is not None:
            report = _check(log_reading.over_http(log_reading.prefix_of(url)), given, state)
        else:
            with opened(data) as install:
                _must_be_kept(install, given)
                report = _check(log_reading.from_store(install.store), given, state, install)
    except log_reading.Unreachable as error:
        click.echo(str(error), err=True)
        sys.exit(UNREACHABLE)
    _tell(report, as_json)
    sys.exit(ALARM if report.alarm else 0 if report.sound else FAULTS)


def _check(
    get: Get, given: str | None, state: Path | None, install: Install | None = None
) -> Report:
    rule = log_reading.policy_from(get, given)
    known = None if state is None else _known(state, rule)
    with click.progressbar(length=1, label=pick("核对", "Checking"), file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        report = checking.check(get, rule, known, tell, earlier=given is None)
    if install is not None:
        report.faults += _private(install, rule)
    if state is not None:
        _remember(state, report, known)
    return report


def _must_be_kept(install: Install, given: str | None) -> None:
    if given is None and log_state.desk(install.store).policy is None:
        raise refuse(
            "公开账本还没记过：先运行 serve，或者 log sequence。",
            "The log was never kept: run `serve` or `log sequence` first.",
        )


def _private(install: Install, rule: Policy) -> list[Fault]:
    """What nobody outside can look at."""
    guard = Guard(install.config.published, rule.log)
    found = []
    try:
        guard.read()
    except ValueError:
        found.append(Fault(guard.fault(), {"path": str(guard.path)}))
    return found + log_audit.faults(install.store, rule.log, guard.newest, install.now_ms())


def _known(state: Path, rule: Policy) -> Known | None:
    """The checkpoint that was met the last time."""
    if not state.parent.is_dir():
        raise refuse(f"没有文件夹 {state.parent}。", f"There is no folder {state.parent}.")
    if not state.exists():
        return None
    try:
        signed = state.read_text("utf-8")
        return Known(open_checkpoint(signed, rule.log).checkpoint, signed)
    except ValueError as error:
        raise refuse(
            f"{state} 记的不是这本账的检查点，没有动它。账换了公钥，就查清楚再换文件。",
            f"{state} holds no checkpoint of this log and was left alone. If the log has another"
            " key now, find out why before you take another file.",
        ) from error


def _remember(state: Path, report: Report, known: Known | None) -> None:
    """Keep the newest checkpoint; where two contradict each other, both, for evidence."""
    if report.opened is None:
        return
    now = report.opened.checkpoint
    if report.alarm:
        for signed in filter(None, (report.signed, report.other)):
            size, root = note.split(signed)[0].split("\n")[1:3]
            safe = root[:8].replace("/", "_").replace("+", "-")
            files.replace(state.with_name(f"{state.name}.{size}-{safe}"), signed.encode())
        return
    broken = {fault.code for fault in report.faults} & {"no_quorum", "root_differs", "no_entries"}
    if not broken and (known is None or now.size >= known.checkpoint.size):
        files.replace(state, report.signed.encode())


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(_said(report))
        return
    for fault in report.faults[:MOST_LINES]:
        click.echo(f"✗ {sentence(fault)}")
    if (more := len(report.faults) - MOST_LINES) > 0:
        say(f"另有 {more} 处，--json 全列。", f"And {more} more: --json lists all.")
    if report.alarm:
        _shout(report)
    elif report.sound and report.opened is not None:
        size, times = report.opened.checkpoint.size, sum(report.kinds.values())
        say(
            f"✓ {size} 条都在，根和签过的一样；名单、公告都对得上（读了 {times} 条）。",
            f"✓ All {size} entries are there under the signed root; rosters and announcements"
            f" agree ({times} read).",
        )


def _shout(report: Report) -> None:
    """Two signed notes that cannot both be true: whoever reads this needs both."""
    click.echo(
        pick(
            "账被换过。把下面两份签名留好，告诉见证和监管：",
            "THIS LOG SHOWS TWO FACES. Keep both notes below and tell witnesses and regulator:",
        ),
        err=True,
    )
    for signed in filter(None, (report.signed, report.other)):
        click.echo(f"\n{signed}", err=True)


def _said(report: Report) -> dict[str, Any]:
    now = None if report.opened is None else report.opened
    return {
        "sound": report.sound,
        "alarm": report.alarm,
        "origin": None if now is None else now.checkpoint.origin,
        "size": None if now is None else now.checkpoint.size,
        "quorum_s": report.quorum_s,
        "entries": report.kinds,
        "faults": [
            {"code": one.code, **one.params, "says": sentence(one)} for one in report.faults
        ],
        "notes": [one for one in (report.signed, report.other) if one] if report.alarm else [],
    }
