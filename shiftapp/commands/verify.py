"""`shiftapp verify`: check an announcement or a proof, on any machine; no install is needed.

Exit code 0: it holds. 1: it does not hold, or cannot be read. 2: the log contradicts itself, and
the signed notes that show it are kept.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from shiftapp.commands import verify_fetch, verify_memory, verify_saved, verify_words
from shiftapp.commands.install import json_option
from shiftapp.commands.speech import chinese, print_json, refuse
from shiftapp.commands.verify_fetch import Web
from shiftapp.commands.verify_memory import EVIDENCE, Memory
from shiftapp.commands.verify_progress import Progress
from shiftapp.commands.verify_saved import Saved
from shiftapp.commands.verify_words import Voice
from shiftapp.ledger import proof as proofs
from shiftapp.ledger import verify as verifier
from shiftapp.ledger.checkpoint import open_checkpoint
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import MAX_NOTE, Missing
from shiftapp.ledger.verify_proof import proof
from shiftapp.ledger.verify_report import Report

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@dataclass(frozen=True)
class How:
    """What the reader asked for beside the thing itself; `policy` None: the log's own."""

    policy: str | None
    voice: Voice
    as_json: bool
    memory: Memory
    save: Path | None


@click.command()
@click.argument("what", metavar="URL|FILE")
@click.option("--policy", type=FILE, help="A policy you trust. Else the log's own.")
@click.option("--state", type=FOLDER, help="Where the newest checkpoints are remembered.")
@click.option("--no-state", is_flag=True, help="Remember nothing.")
@click.option("--save", type=FILE, help="Keep what was fetched, as a zip to check offline.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Else the terminal's.")
@json_option
def verify(
    what: str,
    policy: Path | None,
    state: Path | None,
    no_state: bool,
    save: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Count an announcement again from the public log, or check a proof file.

    URL: of an announcement, of a front page (its newest one), or …/log/announcement/<index>. FILE:
    a .tlog-proof, or a zip of --save.
    """
    is_url = what.startswith(("http://", "https://"))
    if save is not None and not is_url:
        raise refuse("--save 只用于网址。", "--save is for an address.")
    if save is not None and save.exists():  # else what was found would end with another exit code
        raise verify_saved.is_there(save)
    remembers = is_url and not no_state
    how = How(
        policy=None if policy is None else _text_of(policy),
        voice=Voice(lang or ("zh" if chinese() else "en")),
        as_json=as_json,
        memory=Memory((state or verify_memory.default_folder()) if remembers else None),
        save=save,
    )
    if is_url:
        code = _check_address(what, how)
    elif zipfile.is_zipfile(what):
        saved = Saved(Path(what))
        code = _check(saved, saved.index, saved.id, how)
    else:
        code = _check_proof(Path(what), how)
    sys.exit(code)


def _check_address(url: str, how: How) -> int:
    asked = verify_fetch.asked(url)
    index, id = asked.place, asked.id
    if index is None:
        id = id or verify_fetch.newest(asked.site)
        index = verify_fetch.index_of(asked.site, id)
    progress = Progress(index, _to_terminal, time.monotonic)
    web = Web(asked.site, progress.seen)
    try:
        return _check(web, index, id, how)
    finally:
        progress.end()
        if how.save is not None and web.files:
            verify_saved.save(how.save, index, id, web.files)


def _check(source: Web | Saved, index: int, id: str, how: How) -> int:
    """Check what a source has, say what was found and remember it; gives the exit code."""
    own = _policy_of(source)
    text = own if how.policy is None else how.policy
    policy = _policy(text)
    if how.policy is None:
        how.memory.check_key(policy)
    origin = policy.log.name
    report = verifier.announcement(
        source.get, text, index, how.memory.known(origin), earlier=how.policy is None
    )
    _must_be_asked_for(source.files.get(f"announcement/{index}"), id)
    evidence = _evidence(report, origin, source.files, how.memory)
    if how.as_json:
        found = report.as_json() | {"policy_from": _from(how)}
        print_json(found | ({"evidence": evidence} if evidence else {}))
    else:
        seen = _seen(policy, source.files)
        _print(verify_words.announcement(report, how.voice, how.policy is not None, seen))
        _print(["", *verify_words.evidence(how.voice, **evidence)] if evidence else [])
    if evidence:
        return 2
    how.memory.learn(report, source.files.get("checkpoint", b"").decode("utf-8", "replace"))
    return 0 if report.holds else 1


def _check_proof(path: Path, how: How) -> int:
    data = _bytes_of(path, verify_fetch.MOST_PAGE).decode("utf-8", "replace")
    text = how.policy
    if text is None:
        try:
            origin = proofs.parse(data).checkpoint.split("\n")[0]
        except ValueError as error:
            raise refuse(f"{path} 不是证明文件。", f"{path} is not a proof file.") from error
        text = verify_fetch.policy_of(origin)
    _policy(text)
    report = proof(data, text)
    if how.as_json:
        print_json(report.as_json() | {"policy_from": _from(how)})
    else:
        _print(verify_words.proof(report, how.voice, how.policy is not None))
    return 0 if report.holds else 1


def _evidence(
    report: Report, origin: str, files: dict[str, bytes], memory: Memory
) -> dict[str, list[str]]:
    """Where the notes are kept that contradict each other, or else the notes; {} for none."""
    if not any(finding.code in EVIDENCE for finding in report.findings):
        return {}
    notes = [
        data.decode("utf-8", "replace")
        for name, data in files.items()
        if name.split("/")[0] == "checkpoint"
    ]
    kept = memory.keep_evidence(origin, notes)
    return {"files": kept} if kept else {"notes": notes}


def _seen(policy: Policy, files: dict[str, bytes]) -> dict[str, dict[str, int]]:
    """Which witness saw each checkpoint when; of those that were read and are right."""
    found = {}
    for path, data in files.items():
        if not path.startswith(("checkpoint/", "covering/")):
            continue
        with contextlib.suppress(ValueError):
            signed = data.decode("utf-8")
            seen_s = open_checkpoint(signed, policy.log, policy.verifiers).seen_s
            found[path] = {
                one.name: seen_s[one.verifier.name]
                for one in policy.witnesses
                if one.verifier.name in seen_s
            }
    return found


def _must_be_asked_for(document: bytes | None, id: str) -> None:
    """A site must not show one announcement and have another one checked."""
    if document is None or not id:
        return
    try:
        found = json.loads(document)
        same = isinstance(found, dict) and found.get("id") == id
    except (ValueError, RecursionError):
        same = True  # the verifier has told what it is
    if not same:
        raise refuse(
            f"网站给出的证明是另一份公告的，不是 {id} 的。",
            f"The site gives the proof of another announcement, not of {id}.",
        )


def _policy_of(source: Web | Saved) -> str:
    try:
        return source.get("policy").decode("utf-8", "replace")
    except Missing:
        return ""


def _policy(text: str) -> Policy:
    try:
        return verifier.read_policy(text)
    except ValueError as error:
        raise refuse(f"策略文件读不通：{error}", f"The policy cannot be read: {error}") from error


def _from(how: How) -> str:
    return "log" if how.policy is None else "file"


def _text_of(path: Path) -> str:
    try:
        return _bytes_of(path, MAX_NOTE).decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(f"读不了 {path}。", f"{path} cannot be read.") from error


def _bytes_of(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise refuse(f"读不了 {path}：{error}", f"{path} cannot be read: {error}") from error
    if len(data) > most:
        raise refuse(f"{path} 太大。", f"{path} is too large.")
    return data


def _print(lines: Iterable[Any]) -> None:
    for line in lines:
        click.echo(line)


def _to_terminal(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(text, nl=False, err=True)
