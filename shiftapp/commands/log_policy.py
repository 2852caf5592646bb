"""`shiftapp log policy`: which witnesses must have seen the log, shown and set.

The policy is a file of C2SP tlog-policy. The log takes it over when its keeper starts next.
"""

from __future__ import annotations

from pathlib import Path

import click

from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.keeper import policy_of, vkey_of
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.ledger import note, policy, policy_check
from shiftapp.ledger.policy import Policy, Witness
from shiftapp.ledger.policy_check import Finding
from shiftapp.model import audit, log_state
from shiftapp.store import files

MOST_BYTES = 64 * 1024


@click.command("policy")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@data_option
@json_option
def policy_command(file: Path | None, data: Path | None, as_json: bool) -> None:
    """Show the witness policy of the log; with FILE, check that and put it in force.

    FILE is of the form that C2SP tlog-policy describes. It holds from the next start of the server
    (or of `shiftapp log sequence`) on.
    """
    with opened(data) as install:
        if file is not None:
            _put(install, file)
        found = _current(install)
        now = log_state.desk(install.store).policy
        in_force = now is not None and now.text == found.text
        own_file = install.config.policy.exists()
    if as_json:
        print_json(_told(found, in_force=in_force, own_file=own_file))
        return
    if file is None:
        click.echo(found.text, nl=not found.text.endswith("\n"))
    _say_worth(found)
    if not in_force:
        say(
            "还没生效：重新启动 serve（或 log sequence）以后生效。",
            "Not in force yet: it is when `serve` (or `log sequence`) starts next.",
        )


def _current(install: Install) -> Policy:
    """The policy that holds from the next start on."""
    settings = install.settings
    return policy_of(install.config, settings.origin, settings.url, install.keys())


def _put(install: Install, file: Path) -> None:
    found = _read(file)
    keys, origin = install.keys(), install.settings.origin
    log, witness = vkey_of(keys, origin, "log"), vkey_of(keys, origin, "witness")
    own = note.parse_vkey(witness, note.COSIGNATURE)
    for finding in policy_check.refusals(found, note.parse_vkey(log), own):
        raise refuse(*_refusal(finding, log, witness))
    files.replace(install.config.policy, found.text.encode())
    names = " ".join(one.name for one in found.witnesses)
    with install.store.tx() as db:
        audit.note(db, install.now_ms(), None, "log.policy", "log", names[:200])
    say(f"已放进 {install.config.policy}", f"Put into {install.config.policy}")


def _read(file: Path) -> Policy:
    raw = file.read_bytes()
    try:
        if len(raw) > MOST_BYTES:
            raise ValueError("too long")
        return policy.parse(raw.decode("utf-8"))
    except ValueError as error:
        raise refuse(
            f"{file} 不是见证规则（C2SP tlog-policy）：{error}",
            f"{file} is not a policy (C2SP tlog-policy): {error}",
        ) from None


def _refusal(finding: Finding, log: str, witness: str) -> tuple[str, str]:
    """Why a file is not taken, and what to change in it."""
    names = " ".join(finding.names)
    return {
        "other_log": (
            f"规则要写明这本公开账本，只写这一本：\nlog {log}",
            f"The policy has to name this log and no other:\nlog {log}",
        ),
        "no_quorum": (
            "quorum none 谁也不问，什么也证明不了。至少写 quorum 和一个见证的名字。",
            "`quorum none` asks nobody and shows nothing. Name a witness or a group.",
        ),
        "bad_url": (
            f"网址要以 https:// 或 http:// 开头：{names}",
            f"A URL begins with https:// or http://: {names}",
        ),
        "wrong_key": (
            f"{names} 用了本厂见证的名字，公钥却不对。应为：{witness}",
            f"{names} has the name of this install's own witness and another key. It is: {witness}",
        ),
        "unasked": (
            f"没有网址就没法请它们见证，quorum 凑不齐：{names}",
            f"Without a URL nobody can ask them, and the quorum is never made: {names}",
        ),
    }[finding.code]


def _say_worth(found: Policy) -> None:
    """What the policy is worth, in a line each."""
    for one in found.witnesses:
        who = pick("本厂自己的", "our own") if policy_check.is_own(found, one) else one.url
        say(
            f"见证 {one.name}：{who or '没有网址，不去问'}",
            f"Witness {one.name}: {who or 'no URL, never asked'}",
        )
    warned = policy_check.warnings(found)
    if not any(one.code == "self_attested" for one in warned):
        say(
            "不是自证：要有外面的见证看过。",
            "Not self-attested: a witness of others has to see it.",
        )
    for finding in warned:
        say(*_warning(finding))


def _warning(finding: Finding) -> tuple[str, str]:
    names = " ".join(finding.names)
    return {
        "self_attested": (
            "自证：只凭本厂自己的见证就够数，外人没有看过。请工会、保险公司或者兄弟厂作见证。",
            "Self-attested (自证): our own witness is enough, nobody else has seen it."
            " Ask a union, an insurer or a sister plant.",
        ),
        "single": (
            f"缺一不可：{names}。其中一个不应答时，开班前的记录就证明不了是按时的。",
            f"Each of these is needed: {names}. While one does not answer, records made before a"
            " shift cannot be shown to be on time.",
        ),
    }[finding.code]


def _told(found: Policy, *, in_force: bool, own_file: bool) -> dict[str, object]:
    return {
        "policy": found.text,
        "own_file": own_file,
        "in_force": in_force,
        "self_attested": policy_check.self_attested(found),
        "witnesses": [_witness(found, one) for one in found.witnesses],
        "warnings": [
            {"code": one.code, "names": one.names} for one in policy_check.warnings(found)
        ],
    }


def _witness(found: Policy, one: Witness) -> dict[str, object]:
    raw = one.verifier.public.public_bytes_raw()
    return {
        "name": one.name,
        "vkey": note.vkey(one.verifier.name, raw, note.COSIGNATURE),
        "url": one.url,
        "own": policy_check.is_own(found, one),
    }
