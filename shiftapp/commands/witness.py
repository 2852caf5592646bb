"""`shiftapp witness`: a small witness for a union, an insurer or a sister plant.

It needs no install of the plant and no database: one folder with a key, a list of logs, and what it
has seen of them. A plant whose log it signs can show nobody another history.
"""

from __future__ import annotations

import base64
import re
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from shiftapp.commands import witness_server
from shiftapp.commands.server import start_logging
from shiftapp.commands.speech import pick, print_json, print_table, refuse, say
from shiftapp.commands.witness_folder import KEY, Folder, open_folder
from shiftapp.ledger import checkpoint, note
from shiftapp.ledger.keys import write_key
from shiftapp.ledger.witness import Damaged
from shiftapp.ledger.witness_memory import Seen
from shiftapp.store import files

NAME = re.compile(r"[!-*,-~]{1,200}")  # ASCII without space and plus

folder_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("witness"),
    show_default=True,
    help="Folder of the witness: key, logs, memory.",
)


@click.group()
def witness() -> None:
    """A witness of other people's logs (见证)."""


@witness.command("init")
@folder_option
@click.option("--name", required=True, help="Name to sign under, such as witness.example/w1.")
def init_witness(data: Path, name: str) -> None:
    """Make a witness: a key of its own in a folder of its own."""
    if not NAME.fullmatch(name) or "://" in name:
        raise refuse(
            f"名字 {name!r} 不行：要像 witness.example/w1，只用英文字母、数字、符号，"
            "没有空格、加号和 https://。单位的中文名，由工厂写在见证规则里。",
            f"The name {name!r} does not do: like witness.example/w1, plain ASCII, no space,"
            " plus or https://. The plant's policy may call it by any name.",
        )
    files.make_folder(data, Path(data.anchor))
    try:
        write_key(data / KEY, name, secrets.token_bytes)
    except FileExistsError:
        raise refuse(
            f"{data / KEY} 已经在了，不覆盖。", f"{data / KEY} is there already and stays."
        ) from None
    say(f"已建见证 {name}。公钥，交给工厂：", f"Made the witness {name}. For the plant, its vkey:")
    click.echo(open_folder(data).witness.vkey)
    say(
        f"私钥在 {data / KEY}，不要外传。下一步：shiftapp witness trust --data {data} 工厂的vkey",
        f"The key is in {data / KEY}: give it to nobody."
        f" Next: shiftapp witness trust --data {data} VKEY-OF-THE-PLANT",
    )


@witness.command("trust")
@click.argument("vkey", required=False)
@folder_option
@click.option("--origin", help="The origin you were told; refused when VKEY has another.")
@click.option("--rotate", is_flag=True, help="Take a new key of a log that is trusted already.")
def trust_log(vkey: str | None, data: Path, origin: str | None, rotate: bool) -> None:
    """Sign for the log whose key is VKEY; without it, list the logs."""
    found = open_folder(data)
    if vkey is None:
        for one in found.logs():
            click.echo(f"{one.name}  {note.vkey(one.name, one.public.public_bytes_raw())}")
        return
    log = _log(vkey, origin)
    known = [one for one in found.logs() if one.name == log.name]
    if any(one.id == log.id for one in known):
        say(f"{log.name} 已经在列表里。", f"{log.name} is on the list already.")
        return
    if known and not rotate:
        raise refuse(
            f"{log.name} 已经有另一把钥匙。工厂真的换了钥匙（先打电话核对），才加 --rotate。",
            f"{log.name} has another key here. Only when the plant did change its key"
            " (ask by telephone), add --rotate.",
        )
    found.trust(vkey)
    say(f"以后为 {log.name} 作见证。", f"From now on a witness of {log.name}.")


@witness.command("serve")
@folder_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, help="Port; 0 picks a free one.")
@click.option("--cert", type=click.Path(exists=True, path_type=Path), help="TLS certificate chain.")
@click.option("--key", type=click.Path(exists=True, path_type=Path), help="TLS private key.")
def serve_witness(data: Path, host: str, port: int, cert: Path | None, key: Path | None) -> None:
    """Answer the logs until SIGTERM or Ctrl-C."""
    if (cert is None) != (key is None):
        raise click.UsageError(pick("--cert 和 --key 要一起给", "--cert and --key go together"))
    found = open_folder(data)
    found.logs()
    start_logging()
    scheme = "https" if cert else "http"

    def ready(chosen: int) -> None:
        here = f"{scheme}://{host}:{chosen}"
        say(f"在听 {here}，见证 {found.name}", f"Listening on {here}, witness {found.name}")
        sys.stdout.flush()

    tls = (cert, key) if cert and key else None
    witness_server.serve(lambda: found.witness, host, port, tls, ready)


@witness.command("status")
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
def witness_status(data: Path, as_json: bool) -> None:
    """What the witness has seen; ends with 1 when a log has shown two histories."""
    found = open_folder(data)
    try:
        seen = {one.checkpoint.origin: one for one in found.memory.seen()}
    except Damaged as error:
        raise refuse(
            f"记忆读不出来，什么都不签：{error}",
            f"The memory cannot be read, so nothing is signed: {error}",
        ) from None
    if as_json:
        print_json({"name": found.name, "vkey": found.witness.vkey, "logs": _told(found, seen)})
    else:
        _print(found, seen)
    if any(one.forks for one in seen.values()):
        sys.exit(1)


def _log(vkey: str, origin: str | None) -> note.Verifier:
    try:
        log = note.parse_vkey(vkey)
    except ValueError:
        raise refuse(
            "这不是公开账本的公钥（vkey：名字+8位十六进制+base64）。整行复制。",
            "This is not the key of a log (vkey: name+8 hex digits+base64). Copy the whole line.",
        ) from None
    if origin is not None and origin != log.name:
        raise refuse(
            f"公钥是 {log.name} 的，不是 {origin} 的。",
            f"The key is that of {log.name}, not of {origin}.",
        )
    return log


def _told(found: Folder, seen: Mapping[str, Seen]) -> list[dict[str, object]]:
    """All logs that are trusted or were signed for, as a program reads them."""
    trusted = {one.name for one in found.logs()}
    return [
        _line(origin, seen.get(origin), origin in trusted, found)
        for origin in sorted(trusted | seen.keys())
    ]


def _line(origin: str, one: Seen | None, trusted: bool, found: Folder) -> dict[str, object]:
    return {
        "origin": origin,
        "trusted": trusted,
        "size": one and one.checkpoint.size,
        "root": one and base64.b64encode(one.checkpoint.root).decode(),
        "signed_s": one and _signed_s(one, found),
        "forks": one.forks if one else 0,
        "doubts": one.doubts if one else 0,
    }


def _signed_s(one: Seen, found: Folder) -> int | None:
    """When it signed that tree first, Unix s."""
    own = note.parse_vkey(found.witness.vkey, note.COSIGNATURE)
    text, lines = note.split(one.signed)
    times = [
        checkpoint.time_of(own, raw[4:], text)
        for name, raw in lines
        if (name, raw[:4]) == (own.name, own.id)
    ]
    return min(times, default=None)


def _print(found: Folder, seen: Mapping[str, Seen]) -> None:
    click.echo(f"{found.name}\n{found.witness.vkey}")
    heads = [pick("公开账本", "log"), pick("条数", "entries"), pick("签于 UTC", "signed UTC")]
    heads += [pick("两本账", "forks"), pick("存疑", "doubts")]
    print_table(heads, [_row(one) for one in _told(found, seen)])
    if any(one.forks for one in seen.values()):
        folder = found.memory.folder / "evidence"
        say(
            f"有账本出示过两种历史，证据在 {folder}：交给监管和媒体都能核对。",
            f"A log has shown two histories. The evidence is in {folder}; anybody can check it.",
        )


def _row(one: Mapping[str, object]) -> list[object]:
    at_s = one["signed_s"]
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at_s)) if isinstance(at_s, int) else "-"
    size = "-" if one["size"] is None else one["size"]
    return [one["origin"], size, when, one["forks"], one["doubts"]]
