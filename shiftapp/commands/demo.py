"""`shiftapp demo`: a believable plant to try everything in, with a tour at /demo."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

import qr.code
import shiftapp
from shiftapp.commands import demo_log
from shiftapp.commands.install import alone
from shiftapp.commands.server import lan_address, run_server, start_logging
from shiftapp.commands.speech import pick, print_table, say
from shiftapp.config import Config
from shiftapp.demo import folder as demo_folder
from shiftapp.demo import ledger, places
from shiftapp.demo import people as cast
from shiftapp.demo.build import Wanted
from shiftapp.demo.tour import Tour
from shiftapp.model import people, settings, shifts
from shiftapp.store import Store
from shiftapp.web import witness_http

THREADS = 16
PART_NAMES = {
    "operator": ("操作工", "operator"),
    "leader": ("班长", "crew leader"),
    "manager": ("安全管理", "manager"),
    "signatory": ("签发人", "signatory"),
    "admin": ("管理员", "administrator"),
    "inspector": ("检查员", "inspector"),
}


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of the demo, made if it is not there. Always SQLite.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: the whole network.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 picks a free one.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--now",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the plant, which begins at 07:38. Default: today.",
)
@click.option("--seed", default="1", show_default=True, help="Another seed, another week.")
def demo(
    data: Path, host: str, port: int, lang: str, now: datetime.datetime | None, seed: str
) -> None:
    """Make and serve the demo plant. Started again on the same day, it goes on."""
    today = shifts.site_day(places.ZONE, shiftapp.wall_ms())
    wanted = Wanted(lang=lang, day=now.date() if now else today, seed=seed)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(Config(data=data)):
        folder, made = demo_folder.prepare(data, wanted, shiftapp.wall_ms)
        if made:
            say(f"建好了演示工厂：{data}", f"Made the demo plant in {data}")
        start_logging()
        store, keys = folder.store(), folder.keys()
        app = shiftapp.create_app(folder.config, store=store, keys=keys)
        log = ledger.Log(app.extensions["shiftapp"], witness_http.send)
        tour = Tour(folder, store, keys, wanted, shiftapp.wall_ms, log)
        app.extensions["shiftapp.demo"] = tour
        with demo_log.second_witness(folder.config, keys, log):
            run_server(
                app,
                host,
                port,
                threads=THREADS,
                ready=lambda chosen: _announce(store, host, chosen),
                beside=demo_log.keeping(tour),
            )


def _announce(store: Store, host: str, port: int) -> None:
    """Fix the address that codes and links carry, and print how to get in."""
    address = f"http://{lan_address(host)}:{port}"
    store.write(lambda db: settings.put(db, url=address))
    click.echo()
    say(f"打开 {address}/demo", f"Open {address}/demo")
    click.echo(qr.code.qr_terminal(f"{address}/demo", ansi=sys.stdout.isatty()))
    rows = [
        (pick(zh, en), no, _name(store, no), _secret(part))
        for (part, no), (zh, en) in zip(cast.PARTS.items(), PART_NAMES.values(), strict=True)
    ]
    print_table(("", "No.", "", "PIN / password"), rows)
    say(
        "在导览里点一下就能进，不用输密码。Ctrl-C 停。",
        "In the tour one click signs you in, no password needed. Ctrl-C stops.",
    )
    sys.stdout.flush()


def _secret(part: str) -> str:
    return demo_folder.PIN if part == "operator" else demo_folder.PASSWORD


def _name(store: Store, no: str) -> str:
    found = people.by_no(store, no)
    return str(found["name"]) if found else ""
