"""`shiftapp announce`: the public site as files, and whether the announcement is out.

`status` is for cron and monitoring: 0 all is well, 3 it is overdue or none holds.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

import shiftapp
from shiftapp.commands import site_folder, site_pages
from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.site_folder import Folder
from shiftapp.commands.speech import pick, print_json, say
from shiftapp.model import announcements, days, periods

OVERDUE = 3
STATES = {
    "published": ("已签发", "published"),
    "waiting": ("还没签发，没到时间", "not published yet, not due yet"),
    "overdue": ("还没签发，过了时间", "not published, overdue"),
}


@click.group()
def announce() -> None:
    """The public announcement: write the site as files, see what is due."""


@announce.command()
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
@json_option
def export(folder: Path, data: Path | None, as_json: bool) -> None:
    """Write the public site into FOLDER as files that any web server can serve.

    FOLDER is new, empty, or of an earlier export, which is brought up to date: only what changed
    is written. Files in it that are not ours are left alone; one that stands in the way is named
    and nothing is changed.
    """
    with opened(data) as install, site_folder.opened(folder) as target:
        _fill(install, target)
        gone = target.finish()
    said = {
        "folder": str(folder),
        "files": len(target.now),
        "written": len(target.written),
        "unchanged": len(target.now) - len(target.written),
        "removed": len(gone),
    }
    if as_json:
        print_json(said)
        return
    say(
        "{folder}：{files} 个文件，写了 {written} 个，删了 {removed} 个。".format(**said),
        "{folder}: {files} files, {written} written, {removed} removed.".format(**said),
    )


@announce.command()
@data_option
@json_option
def status(data: Path | None, as_json: bool) -> None:
    """Which announcement is due when, and whether it is out.

    Exit code 3 when it is overdue, or when none of those published holds any more.
    """
    with opened(data) as install:
        said = _status(install)
    if as_json:
        print_json({name: value for name, value in said.items() if name != "zone"})
    else:
        _tell(said)
    sys.exit(OVERDUE if said["alarm"] else 0)


def _fill(install: Install, target: Folder) -> None:
    """Every page and file of the public site."""
    app = shiftapp.create_app(
        install.config, store=install.store, keys=install.keys(), wall_ms=shiftapp.wall_ms
    )
    rows = install.store.rows("SELECT id FROM announcement ORDER BY date, version, id")
    ids = [str(row["id"]) for row in rows]
    label = pick("导出", "Exporting")
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(done: int, known: int) -> None:
            bar.length = known
            bar.update(done - bar.pos)

        for file in site_pages.files(app, install.settings.url, ids, target.kept, tell):
            target.add(file.name, file.data, for_ever=file.for_ever)


def _status(install: Install) -> dict[str, Any]:
    store, settings, now = install.store, install.settings, install.now_ms()
    kind = periods.kind_of(settings.rhythm)
    date = days.asked_for(store, settings, now)
    when = days.times(store, settings, date, kind)
    found = announcements.newest_of(store, date, kind)
    newest = announcements.current(store)
    until_ms = newest["doc"]["valid_until_ms"] if newest and newest["doc"] else None
    holds = until_ms is not None and now < until_ms
    state = "published" if found else "overdue" if now >= when.due_ms else "waiting"
    return {
        "kind": kind,
        "date": date,
        "due_ms": when.due_ms,
        "state": state,
        "id": found["id"] if found else None,
        "version": found["version"] if found else None,
        "published_ms": found["published_ms"] if found else None,
        "holds": holds,
        "valid_until_ms": until_ms,
        "alarm": state == "overdue" or (newest is not None and not holds),
        "zone": when.zone,
    }


def _tell(said: dict[str, Any]) -> None:
    zone, state = said["zone"], STATES[said["state"]]
    due = _moment(said["due_ms"], zone)
    say(
        f"{said['date']} 的公告，{due} 前签发：{state[0]}。",
        f"Announcement of {said['date']}, due {due}: {state[1]}.",
    )
    if said["published_ms"] is not None:
        at = _moment(said["published_ms"], zone)
        say(f"第 {said['version']} 版，{at} 签发。", f"Version {said['version']}, published {at}.")
    if said["valid_until_ms"] is None:
        say("从来没有签发过公告。", "Nothing was ever published.")
        return
    until = _moment(said["valid_until_ms"], zone)
    if said["holds"]:
        say(f"现在的公告有效到 {until}。", f"The current one holds until {until}.")
    else:
        say(f"最后一份公告 {until} 已过期。", f"The last one expired at {until}.")


def _moment(at_ms: int, zone: str) -> str:
    when = datetime.datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    return when.strftime("%Y-%m-%d %H:%M")
