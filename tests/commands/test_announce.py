"""The public site as files, and what monitoring is told: `shiftapp announce`."""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import shiftapp
from shiftapp.commands import site_folder, site_pages
from shiftapp.model import settings
from shiftapp.store import Row
from tests.announcing import at, publish
from tests.plant import Clock, Plant
from tests.sealing_log import seal
from tests.terminal import Cli

TOMORROW = "2026-11-25"


@pytest.fixture
def cli(plant: Plant, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over the plant, at ten past nine."""
    clock.at("09:10")
    monkeypatch.setattr(shiftapp, "wall_ms", clock)
    address = getattr(plant.store, "address", "")
    return Cli(tmp_path, address if str(address).startswith("postgres") else "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the copy goes."""
    return tmp_path / "www" / "safety"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def links(path: Path) -> list[str]:
    """What a page of the copy leads to or loads."""
    text = path.read_text("utf-8")
    return [unescape(link) for link in re.findall(r'\s(?:href|src)="([^"#][^"]*)"', text)]


def test_the_whole_site_is_there_in_both_languages(cli: Cli, published: Row, folder: Path) -> None:
    told = cli.json("announce", "export", str(folder))
    there = tree(folder)
    id = published["id"]
    for name in (
        "index.html",
        "en/index.html",
        "announcements/index.html",
        "en/announcements/index.html",
        f"announcements/{id}/index.html",
        f"en/announcements/{id}/index.html",
        f"announcements/{id}.json",
        f"announcements/{id}.txt",
        "privacy/index.html",
        "signals/index.html",
        "en/signals/index.html",
        "display/index.html",
        "en/display/index.html",
        "display.txt",
        "static/css/tokens.css",
        "static/css/public.css",
        "static/css/display.css",
        "static/icons/icon.svg",
    ):
        assert name in there, name
    assert told["files"] == told["written"] == len(there) - 1  # and the list of what is ours
    assert (told["unchanged"], told["removed"]) == (0, 0)


def test_every_public_route_has_its_file(cli: Cli, published: Row, folder: Path, app: Any) -> None:
    cli.run("announce", "export", str(folder))
    wanted = site_pages.roots(app, [published["id"]])
    assert {"/", "/display.txt", "/en/signals"} <= set(wanted)
    assert [path for path in wanted if not (folder / site_pages.name_of(path)).is_file()] == []


def test_every_link_leads_to_a_file_or_to_the_server(
    cli: Cli, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    for page in folder.rglob("*.html"):
        for link in links(page):
            parts = urlsplit(link)
            if parts.scheme:
                assert link.startswith("https://aq.example.cn/"), link
                continue
            assert not link.startswith("/"), f"{page}: {link}"
            assert (page.parent / parts.path).resolve().is_file(), f"{page}: {link}"
        assert "<form" not in page.read_text("utf-8")
    assert "https://aq.example.cn/login" in (folder / "index.html").read_text("utf-8")


def test_once_it_is_sealed_its_proof_is_copied_and_checking_leads_to_the_server(
    cli: Cli, plant: Plant, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    proof = folder / "announcements" / f"{published['id']}.tlog-proof"
    assert not proof.exists()
    seal(plant.store, plant.keys)
    cli.run("announce", "export", str(folder))
    assert proof.read_text("utf-8").startswith("c2sp.org/tlog-proof@v1\n")
    there = links(folder / "index.html")
    assert f"announcements/{published['id']}.tlog-proof" in there
    assert f"https://aq.example.cn/verify?a={published['id']}" in there
    assert not (folder / "verify").exists()


def test_what_was_signed_is_copied_byte_for_byte(cli: Cli, published: Row, folder: Path) -> None:
    cli.run("announce", "export", str(folder))
    at_id = folder / "announcements" / published["id"]
    assert at_id.with_suffix(".json").read_bytes() == published["bytes"]
    assert at_id.with_suffix(".txt").read_text("utf-8") == published["note"]


def test_a_copy_says_what_it_is_and_counts_down_to_nothing(
    cli: Cli, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    assert "这是一份抄件，不会自己更新。" in (folder / "index.html").read_text("utf-8")
    screen = (folder / "display/index.html").read_text("utf-8")
    assert "过了有效期就不再算数" in screen and "g-live" not in screen
    assert "mark-ok" not in screen  # nothing looks checked that nobody looks after
    lines = (folder / "display.txt").read_text("utf-8").splitlines()
    assert lines[-2] == "过了有效期就不再算数" and lines[-1].startswith("有效到 ")


def test_the_same_data_gives_the_same_bytes_and_nothing_is_written_again(
    cli: Cli, published: Row, folder: Path, clock: Clock
) -> None:
    cli.run("announce", "export", str(folder))
    before = tree(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    clock.at("09:31")
    told = cli.json("announce", "export", str(folder))
    assert (told["written"], told["removed"]) == (0, 0)
    assert tree(folder) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == times
    again = folder.parent / "again"
    cli.run("announce", "export", str(again))
    assert tree(again) == before


def test_only_what_changed_is_written_when_there_is_a_new_version(
    cli: Cli, plant: Plant, published: Row, folder: Path, clock: Clock
) -> None:
    cli.run("announce", "export", str(folder))
    signed = folder / "announcements" / f"{published['id']}.json"
    signed_ms = signed.stat().st_mtime_ns
    second = republish(plant, at("09:20"))
    clock.at("09:21")
    told = cli.json("announce", "export", str(folder))
    assert 0 < told["written"] < told["files"] and told["unchanged"] > 0
    assert signed.stat().st_mtime_ns == signed_ms
    assert (folder / "announcements" / second["id"] / "index.html").is_file()
    assert second["id"] in (folder / "announcements.atom").read_text("utf-8")


def republish(plant: Plant, when: int) -> Row:
    """A second version of the day."""
    return publish(plant, when, change="update", reason="漏报一条")


def test_an_expired_one_is_expired_in_the_copy(
    cli: Cli, published: Row, folder: Path, clock: Clock
) -> None:
    clock.at("10:01", TOMORROW)
    cli.run("announce", "export", str(folder))
    assert "已过期" in (folder / "index.html").read_text("utf-8")
    assert "g-expired" in (folder / "display/index.html").read_text("utf-8")
    assert "已过期" in (folder / "display.txt").read_text("utf-8")


def test_before_the_first_announcement_there_is_a_site_too(cli: Cli, folder: Path) -> None:
    cli.run("announce", "export", str(folder))
    assert "还没有公告" in (folder / "index.html").read_text("utf-8")


def test_everybody_may_read_the_files_whatever_the_umask(
    cli: Cli, published: Row, folder: Path
) -> None:
    old = os.umask(0o077)
    try:
        cli.run("announce", "export", str(folder))
    finally:
        os.umask(old)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {
        0o644
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()} == {
        0o755
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_folder_with_other_files_is_refused_untouched(
    cli: Cli, published: Row, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("mine")
    said = cli.run("announce", "export", str(folder), code=1).output
    assert "Choose an empty folder" in said
    assert tree(folder) == {"thesis.txt": b"mine"}


def test_files_that_came_later_are_left_alone(cli: Cli, published: Row, folder: Path) -> None:
    cli.run("announce", "export", str(folder))
    (folder / ".htaccess").write_text("Options -Indexes")
    (folder / "announcements" / "logo.png").write_bytes(b"png")
    told = cli.json("announce", "export", str(folder))
    assert told["written"] == 0
    assert (folder / ".htaccess").read_text() == "Options -Indexes"
    assert (folder / "announcements" / "logo.png").read_bytes() == b"png"


def file_in_the_way(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.write_text("mine")


def folder_in_the_way(place: Path) -> None:
    place.mkdir(parents=True)


def link_in_the_way(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to("/etc/hostname")


def folder_that_leads_elsewhere(place: Path) -> None:
    place.parent.parent.mkdir(parents=True, exist_ok=True)
    elsewhere = place.parents[3] / "elsewhere"
    elsewhere.mkdir()
    place.parent.symlink_to(elsewhere)


@pytest.mark.parametrize(
    "put", [file_in_the_way, folder_in_the_way, link_in_the_way, folder_that_leads_elsewhere]
)
def test_what_stands_in_the_way_is_named_and_nothing_is_changed(
    cli: Cli, plant: Plant, published: Row, folder: Path, put: Callable[[Path], None]
) -> None:
    cli.run("announce", "export", str(folder))
    before = tree(folder)
    second = republish(plant, at("09:20"))
    place = folder / "announcements" / second["id"] / "index.html"
    put(place)
    said = cli.run("announce", "export", str(folder), code=1).output
    assert second["id"] in said and "nothing was changed" in said
    here = tree(folder)
    here.pop(place.relative_to(folder).as_posix(), None)
    assert here == before
    assert not (folder / site_folder.BESIDE).exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"form": "shiftapp-site-2", "version": "1", "files": {}}',
        '{"form": "shiftapp-site-1", "version": "1", "files": {"../x": {}}}',
        '{"form": "shiftapp-site-1", "version": "1", "files": {"/etc/x": {}}}',
        '{"form": "shiftapp-site-1", "version": "1", "files": {"a": 1}}',
    ],
)
def test_a_list_that_is_not_ours_is_refused(
    cli: Cli, published: Row, folder: Path, text: str
) -> None:
    folder.mkdir(parents=True)
    (folder / site_folder.LIST).write_text(text)
    assert "cannot be read" in cli.run("announce", "export", str(folder), code=1).output
    assert tree(folder) == {site_folder.LIST: text.encode()}


def test_a_file_is_no_folder(cli: Cli, published: Row, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    assert "is not a folder" in cli.run("announce", "export", str(tmp_path / "x"), code=1).output


def test_a_page_that_fails_leaves_everything_as_it_was(
    cli: Cli, plant: Plant, published: Row, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run("announce", "export", str(folder))
    before = tree(folder)
    republish(plant, at("09:20"))
    break_page(monkeypatch, "public.show_privacy")
    said = cli.run("announce", "export", str(folder), code=1).output
    assert "/privacy" in said and "500" in said
    assert tree(folder) == before
    new = folder.parent / "new"
    cli.run("announce", "export", str(new), code=1)
    assert not new.exists()


def break_page(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """Have one view of every application crash."""
    made = shiftapp.create_app

    def broken(*args: Any, **kwargs: Any) -> Any:
        app = made(*args, **kwargs)

        def crash() -> str:
            raise RuntimeError("示例")

        app.view_functions[endpoint] = crash
        return app

    monkeypatch.setattr(shiftapp, "create_app", broken)


def test_an_export_that_was_stopped_is_finished_by_the_next(
    cli: Cli, plant: Plant, published: Row, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run("announce", "export", str(folder))
    republish(plant, at("09:20"))
    real, moved = Path.replace, 0

    def stopped(self: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved == 4:  # the list, two files, and then the power goes
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    cli.run("announce", "export", str(folder), code=1)
    monkeypatch.setattr(Path, "replace", real)
    for page in folder.rglob("*.html"):  # no dead link in between
        for link in links(page):
            if not urlsplit(link).scheme:
                assert (page.parent / urlsplit(link).path).resolve().is_file()
    cli.run("announce", "export", str(folder))
    again = folder.parent / "again"
    cli.run("announce", "export", str(again))
    assert tree(folder) == tree(again)


def test_a_killed_export_leaves_the_site_as_it_was(
    cli: Cli, plant: Plant, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    before = tree(folder)
    republish(plant, at("09:20"))
    command = [sys.executable, "-m", "shiftapp", "announce", "export", str(folder)]
    environment = {**os.environ, **cli.env}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as running:
        beside = folder / site_folder.BESIDE
        while running.poll() is None and not any(beside.rglob("*.json")):
            time.sleep(0.01)
        running.kill()
    left = {
        name: data
        for name, data in tree(folder).items()
        if not name.startswith(f"{site_folder.BESIDE}/")
    }
    assert running.returncode < 0 and left == before
    cli.run("announce", "export", str(folder))
    again = folder.parent / "again"
    cli.run("announce", "export", str(again))
    assert tree(folder) == tree(again)


def test_what_is_gone_from_the_site_is_taken_away(
    cli: Cli, plant: Plant, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    at_list = folder / site_folder.LIST
    about = json.loads(at_list.read_text("utf-8"))
    about["files"]["years/1999/index.html"] = {"sha256": "", "for_ever": False}
    at_list.write_text(json.dumps(about))
    (folder / "years/1999").mkdir(parents=True)
    (folder / "years/1999/index.html").write_text("old")
    told = cli.json("announce", "export", str(folder))
    assert told["removed"] == 1
    assert not (folder / "years/1999").exists()


def test_two_exports_into_one_folder_at_once_are_refused(
    cli: Cli, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        assert "let it finish" in cli.run("announce", "export", str(folder), code=1).output
    finally:
        os.close(handle)


def test_a_changed_file_that_never_changes_is_written_again(
    cli: Cli, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    signed = folder / "announcements" / f"{published['id']}.json"
    signed.write_text("{}")
    assert cli.json("announce", "export", str(folder))["written"] == 1
    assert signed.read_bytes() == published["bytes"]


def test_no_name_of_a_worker_is_in_the_copy(
    cli: Cli, plant: Plant, published: Row, folder: Path
) -> None:
    cli.run("announce", "export", str(folder))
    pages = [data for name, data in tree(folder).items() if not name.startswith("static/")]
    for row in plant.store.rows("SELECT id, name FROM person ORDER BY id"):
        if row["id"] != plant.id("signatory"):
            assert not [data for data in pages if row["name"].encode() in data]


def status(cli: Cli, code: int = 0) -> Any:
    return cli.json("announce", "status", code=code)


def test_before_the_hour_nothing_is_wrong(cli: Cli) -> None:
    told = status(cli)
    assert (told["state"], told["date"], told["alarm"]) == ("waiting", "2026-11-24", False)
    assert told["due_ms"] == at("10:00") and told["valid_until_ms"] is None
    assert "Nothing was ever published" in cli.run("announce", "status").output


def test_after_the_hour_it_is_overdue(cli: Cli, clock: Clock) -> None:
    clock.at("10:00")
    assert status(cli, code=3)["state"] == "overdue"
    said = cli.run("announce", "status", code=3).output
    assert "due 2026-11-24 10:00: not published, overdue" in said
    assert "过了时间" in cli.run("announce", "status", code=3, lang="zh_CN.UTF-8").output


def test_what_is_published_is_told_with_its_version(
    cli: Cli, plant: Plant, published: Row, clock: Clock
) -> None:
    told = status(cli)
    assert (told["state"], told["version"], told["id"]) == ("published", 1, published["id"])
    assert told["holds"] and told["valid_until_ms"] == at("10:00", TOMORROW)
    second = republish(plant, at("09:20"))
    clock.at("09:21")
    told = status(cli)
    assert (told["version"], told["published_ms"]) == (2, second["published_ms"])


def test_the_next_morning_it_waits_again_and_then_nothing_holds(
    cli: Cli, published: Row, clock: Clock
) -> None:
    clock.at("09:00", TOMORROW)
    told = status(cli)
    assert (told["state"], told["date"], told["holds"]) == ("waiting", TOMORROW, True)
    clock.at("10:00", TOMORROW)
    told = status(cli, code=3)
    assert (told["state"], told["holds"]) == ("overdue", False)
    clock.at("08:00", "2026-11-26")  # not due yet, but nothing holds since yesterday
    told = status(cli, code=3)
    assert (told["state"], told["alarm"]) == ("waiting", True)


def test_an_enterprise_that_announces_by_the_week(cli: Cli, plant: Plant, clock: Clock) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm="weekly", due_day=3)
    told = status(cli)
    assert (told["kind"], told["date"]) == ("weekly", "2026-11-22")
    assert told["due_ms"] == at("10:00", "2026-11-25") and told["state"] == "waiting"
    clock.at("10:00", TOMORROW)
    assert status(cli, code=3)["state"] == "overdue"


def test_without_an_install_both_say_what_to_do(tmp_path: Path) -> None:
    empty = Cli(tmp_path / "nothing", "")
    for args in (("export", str(tmp_path / "out")), ("status",)):
        assert "shiftapp init" in empty.run("announce", *args, code=1).output
    assert not (tmp_path / "out").exists()
