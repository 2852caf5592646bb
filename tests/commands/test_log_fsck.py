"""`shiftapp log fsck`: of the install here, of an address, and as a monitor."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from shiftapp.commands.log_fsck_words import SENTENCES
from shiftapp.ledger import fsck, fsck_entries
from shiftapp.ledger.guard import RESTORED, UNREADABLE, Guard, mark_restored
from shiftapp.ledger.note import parse_vkey, public_bytes, vkey
from shiftapp.model import log_audit
from shiftapp.store import Row
from tests import announced
from tests.plant import Plant
from tests.sealing import make_ready
from tests.sealing_log import policy_of, seal, see_outside
from tests.terminal import Cli


@pytest.fixture
def here(published: Row, plant: Plant, tmp_path: Path) -> Cli:
    """The command line over the plant, whose log is sealed."""
    seal(plant.store, plant.keys)
    return Cli(tmp_path, plant.store.address if plant.store.engine == "postgres" else "")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The plant's own web application, listening."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def codes(cli: Cli, *args: str, code: int = 1) -> list[str]:
    return [fault["code"] for fault in cli.json("log", "fsck", *args, code=code)["faults"]]


def test_a_sound_log_is_said_in_a_line(here: Cli, plant: Plant) -> None:
    size = plant.store.value("SELECT size FROM head")
    assert f"✓ All {size} entries are there" in here.run("log", "fsck").output
    assert f"✓ {size} 条都在" in here.run("log", "fsck", lang="zh_CN.UTF-8").output


def test_a_program_is_told_all(here: Cli, plant: Plant) -> None:
    said = here.json("log", "fsck")
    assert said["sound"] and not said["alarm"] and said["faults"] == said["notes"] == []
    assert said["origin"] == "aq.example.cn/log"
    assert said["size"] == sum(said["entries"].values())
    assert said["entries"]["ann"] == 1 and said["entries"]["open"] >= 2


def test_of_an_address_anybody_can_do_it(
    here: Cli, plant: Plant, address: str, tmp_path: Path
) -> None:
    elsewhere = Cli(tmp_path / "nothing", "")
    for url in (address, f"{address}/", f"{address}/log"):
        assert elsewhere.json("log", "fsck", url)["sound"]
    announced.falsify(plant, plant.store.value("SELECT id FROM announcement"), '"late":', '"x":')
    assert codes(elsewhere, address) == ["doc_differs"]
    output = elsewhere.run("log", "fsck", address, code=1).output
    assert "✗ The document of announcement" in output and "was changed." in output


def test_an_address_that_does_not_answer_is_no_fault_of_the_log(tmp_path: Path) -> None:
    cli = Cli(tmp_path, "")
    assert "cannot be read" in cli.run("log", "fsck", "http://127.0.0.1:9", code=4).output
    for odd in ("aq.example.cn", "ftp://aq.example.cn", "http://"):
        assert "no address" in cli.run("log", "fsck", odd, code=1).output


def test_a_site_without_a_log_is_said(app: Flask, address: str, tmp_path: Path) -> None:
    cli = Cli(tmp_path / "nothing", "")
    out = cli.run("log", "fsck", address, code=1).output
    assert "no log here" in out and "publishes no policy" in out


def test_what_is_planted_in_the_database_is_found(here: Cli, plant: Plant) -> None:
    held = bytearray(plant.store.value("SELECT hashes FROM tile WHERE level = 0"))
    held[40] ^= 1
    with plant.store.tx() as db:
        db.run("UPDATE tile SET hashes = :held WHERE level = 0", held=bytes(held))
    assert codes(here) == ["tile_differs", "head_differs"]
    output = here.run("log", "fsck", code=1).output
    assert "from hash 1 on." in output


def test_what_nobody_outside_can_see_is_looked_at_here(here: Cli, plant: Plant) -> None:
    make_ready(plant, "worker")
    assert codes(here) == ["overdue"]  # the plant's clock stands two days back


def test_the_guards_file_is_looked_at(here: Cli, plant: Plant, tmp_path: Path) -> None:
    key = parse_vkey(vkey("aq.example.cn/log", public_bytes(plant.keys.log)))
    guard = Guard(tmp_path / "log" / "published", key)
    guard.put(plant.store.value("SELECT note FROM head"))
    assert here.json("log", "fsck")["sound"]
    guard.path.write_text("no note")
    assert codes(here) == ["bad_guard"]
    guard.path.unlink()
    mark_restored(guard.path)
    assert codes(here) == ["restored"]
    assert "put back" in here.run("log", "fsck", code=1).output


def test_only_the_policy_that_is_given_is_trusted(here: Cli, plant: Plant, tmp_path: Path) -> None:
    rule = tmp_path / "trusted"
    rule.write_text(policy_of(plant.store, plant.keys))
    assert here.json("log", "fsck", "--policy", str(rule))["sound"]
    see_outside(plant.store, plant.keys, "union", least=2)
    strict = plant.store.value("SELECT policy FROM head")
    rule.write_text(strict.replace("quorum all-of-us", "quorum union"))
    assert here.json("log", "fsck", "--policy", str(rule))["sound"]
    make_ready(plant, "lin")
    seal(plant.store, plant.keys)  # under the old policy: our own word alone
    assert codes(here, "--policy", str(rule)) == ["no_quorum"]
    rule.write_text("quorum none\n")
    assert "names no log" in here.run("log", "fsck", "--policy", str(rule), code=1).output
    rule.write_text("quorum nobody\n")
    assert "cannot be used" in here.run("log", "fsck", "--policy", str(rule), code=1).output


# The monitor --------------------------------------------------------------------------------------


def test_it_remembers_the_newest_checkpoint(here: Cli, plant: Plant, tmp_path: Path) -> None:
    state = tmp_path / "seen"
    here.run("log", "fsck", "--state", str(state))
    first = state.read_text()
    assert first.startswith("aq.example.cn/log\n") and state.stat().st_mode & 0o077 == 0
    make_ready(plant, "lin")
    seal(plant.store, plant.keys)
    here.run("log", "fsck", "--state", str(state))
    assert int(state.read_text().split("\n")[1]) > int(first.split("\n")[1])


def test_it_shouts_when_the_log_went_back_and_keeps_both_notes(
    here: Cli, plant: Plant, tmp_path: Path
) -> None:
    state = tmp_path / "seen"
    make_ready(plant, "lin")
    before = plant.store.row("SELECT * FROM head")
    seal(plant.store, plant.keys)
    here.run("log", "fsck", "--state", str(state))
    known = state.read_text()
    assert before is not None
    with plant.store.tx() as db:  # an older backup, restored
        of = " ON checkpoint" if plant.store.engine == "postgres" else ""
        db.run(f"DROP TRIGGER checkpoint_no_delete{of}")
        db.run("DELETE FROM checkpoint WHERE size > :size", size=before["size"])
    result = here.run("log", "fsck", "--state", str(state), code=3)
    assert "✗ The log went back" in result.output
    assert "SHOWS TWO FACES" in result.stderr and known in result.stderr
    assert state.read_text() == known  # what it knows is not forgotten
    kept = sorted(path.read_text() for path in tmp_path.glob("seen.*"))
    assert len(kept) == 2 and known in kept
    said = here.json("log", "fsck", "--state", str(state), code=3)
    assert said["alarm"] and known in said["notes"] and len(said["notes"]) == 2


def test_a_state_of_another_log_is_left_alone(here: Cli, tmp_path: Path) -> None:
    state = tmp_path / "seen"
    state.write_text("of another one\n")
    result = here.run("log", "fsck", "--state", str(state), code=1)
    assert "left alone" in result.output and state.read_text() == "of another one\n"
    gone = str(tmp_path / "no" / "folder")
    assert "There is no folder" in here.run("log", "fsck", "--state", gone, code=1).output


def test_a_broken_log_is_not_remembered(here: Cli, plant: Plant, tmp_path: Path) -> None:
    state = tmp_path / "seen"
    with plant.store.tx() as db:
        of = " ON entry" if plant.store.engine == "postgres" else ""
        db.run(f"DROP TRIGGER entry_frozen{of}")
        db.run("UPDATE entry SET data = :data WHERE idx = 0", data=b"{}")
    found = codes(here, "--state", str(state))
    assert {"bad_entry", "tile_differs", "root_differs"} <= set(found) and not state.exists()


def test_every_fault_has_its_sentence() -> None:
    source = "".join(
        Path(module.__file__ or "").read_text("utf-8") for module in (fsck, fsck_entries, log_audit)
    )
    source += Path(__file__).parents[2].joinpath("shiftapp/commands/log_fsck.py").read_text("utf-8")
    of_guard = {RESTORED, UNREADABLE}
    for code in SENTENCES.keys() - of_guard:
        assert f'"{code}"' in source, code
    used = set(re.findall(r'(?:Fault\(|fault\(|_beside\([^)]*, |return )"([a-z_]+)"', source))
    assert used | of_guard == SENTENCES.keys()
    zh, en = zip(*SENTENCES.values(), strict=True)
    assert len(set(zh)) == len(set(en)) == len(SENTENCES)


def test_what_the_keeper_keeps_is_sound(cli: Cli) -> None:
    """A fresh install: its keys in the log, seen by its own witness, remembered by the guard."""
    assert "never kept: run `serve`" in cli.run("log", "fsck", code=1).output
    cli.run("log", "sequence", "--once")
    said = cli.json("log", "fsck")
    assert said["sound"] and said["entries"] == {"key": said["size"]} and said["size"] >= 3
