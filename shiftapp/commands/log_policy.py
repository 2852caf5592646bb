"""`shiftapp log policy`: which witnesses must have seen the log, shown and set.

The policy is a file of C2SP tlog-policy. The log takes it over when its keeper starts next.
"""

from __future__ import annotations

from pathlib import Path

import click

from shiftapp.commands import log_policy_words as words
from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.keeper import policy_of, vkey_of
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.ledger import note, policy, policy_check
from shiftapp.ledger.policy import Policy, Witness
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
        raise refuse(*words.refusal(finding, log, witness))
    files.replace(install.config.policy, found.text.encode())
    names = " ".join(one.name for one in found.witnesses)
    with install.store.tx() as db:
        audit.note(db, install.now_ms(), None, "log.policy", "log", names[:200])
    say(f"已放进 {install.config.policy}", f"Put into {install.config.policy}")


def _read(file: Path) -> Policy:
    raw = file.read_bytes()
    try:
        if len(raw) > MOST_BYTES:
            raise policy.Malformed("text")
        return policy.parse(raw.decode("utf-8"))
    except ValueError as error:
        why, reason = words.malformed(error)
        raise refuse(
            f"{file} 不是见证规则（C2SP tlog-policy）：{why}",
            f"{file} is not a policy (C2SP tlog-policy): {reason}",
        ) from None


def _say_worth(found: Policy) -> None:
    """What the policy is worth, in a line each."""
    for one in found.witnesses:
        who = pick("本厂自己的", "our own") if policy.is_own(found, one) else one.url
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
        say(*words.warning(finding))


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
        "own": policy.is_own(found, one),
    }
