"""`shiftapp witness`: a witness made, told whom to trust, and asked what it has seen."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.cli import main
from shiftapp.commands.witness_folder import open_folder
from shiftapp.ledger import checkpoint, note, tree
from shiftapp.ledger.checkpoint import Checkpoint

ORIGIN, NAME = "plant.example/log", "witness.example/w1"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x41" * 32)
VKEY = note.vkey(ORIGIN, note.public_bytes(KEY))
NOW_S = 1_795_392_000


def run(folder: Path, *args: str, code: int = 0, lang: str = "C.UTF-8") -> Result:
    env = {"LC_ALL": lang}
    done = CliRunner(env=env).invoke(
        main, ["witness", *args, "--data", str(folder)], catch_exceptions=False
    )
    assert done.exit_code == code, done.output
    return done


def status(folder: Path, code: int = 0) -> Any:
    return json.loads(run(folder, "status", "--json", code=code).stdout)


def show(folder: Path, size: int, word: str = "leaf", at_s: int = NOW_S) -> int:
    """Let a log show a tree to the witness; gives the status."""
    root = tree.of_leaves([tree.leaf_hash(f"{word} {n}".encode()) for n in range(size)])
    signed = note.sign_note(Checkpoint(ORIGIN, size, root).text, ORIGIN, KEY)
    return open_folder(folder).witness.answer(f"old 0\n\n{signed}".encode(), at_s).status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "deep" / "witness"
    run(made, "init", "--name", NAME)
    return made


def test_it_is_made_with_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    made = tmp_path / "w"
    out = run(made, "init", "--name", NAME).output
    key = made / "witness.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    shown = next(line for line in out.splitlines() if line.startswith(f"{NAME}+"))
    assert note.parse_vkey(shown, note.COSIGNATURE).name == NAME
    assert key.read_text().strip() not in out
    assert status(made) == {"name": NAME, "vkey": shown, "logs": []}


def test_a_key_is_never_overwritten(folder: Path) -> None:
    before = (folder / "witness.key").read_bytes()
    assert "stays" in run(folder, "init", "--name", "other.example", code=1).output
    assert (folder / "witness.key").read_bytes() == before


@pytest.mark.parametrize("name", ["", "a b", "a+b", "见证", "https://witness.example", "a\nb"])
def test_a_name_that_no_note_can_carry_is_refused(tmp_path: Path, name: str) -> None:
    run(tmp_path / "w", "init", "--name", name, code=1)
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("command", [("trust",), ("status",), ("serve",), ("trust", VKEY)])
def test_without_a_witness_it_says_how_to_make_one(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert "witness init" in run(tmp_path / "none", *command, code=1).output
    assert not (tmp_path / "none").exists()


def test_a_log_is_trusted_once(folder: Path) -> None:
    assert ORIGIN in run(folder, "trust", VKEY).output
    assert "already" in run(folder, "trust", VKEY).output
    assert run(folder, "trust").output == f"{ORIGIN}  {VKEY}\n"
    assert show(folder, 5) == 200


def test_an_untrusted_log_is_not_signed_for(folder: Path) -> None:
    assert run(folder, "trust").output == ""
    assert show(folder, 5) == 404


def test_a_key_of_another_origin_is_refused(folder: Path) -> None:
    out = run(folder, "trust", VKEY, "--origin", "other.example/log", code=1).output
    assert ORIGIN in out and "other.example/log" in out
    run(folder, "trust", VKEY, "--origin", ORIGIN)


def test_a_second_key_of_a_log_is_taken_only_when_it_is_said_so(folder: Path) -> None:
    other = note.vkey(ORIGIN, note.public_bytes(Ed25519PrivateKey.generate()))
    run(folder, "trust", VKEY)
    assert "--rotate" in run(folder, "trust", other, code=1).output
    run(folder, "trust", other, "--rotate")
    assert len(run(folder, "trust").output.splitlines()) == 2


@pytest.mark.parametrize(
    "vkey",
    [
        "words",
        VKEY[:-4],
        VKEY.replace("plant", "plank"),
        note.vkey(NAME, note.public_bytes(KEY), note.COSIGNATURE),  # of a witness, not of a log
    ],
)
def test_what_is_no_key_of_a_log_is_refused(folder: Path, vkey: str) -> None:
    assert "Copy the whole line" in run(folder, "trust", vkey, code=1).output
    assert run(folder, "trust").output == ""


def test_the_list_may_be_written_by_hand(folder: Path) -> None:
    (folder / "logs").write_text(f"# the plant\n\n  {VKEY} \r\n# more", "utf-8")
    assert show(folder, 5) == 200
    other = note.vkey("two.example/log", note.public_bytes(KEY))
    run(folder, "trust", other)
    assert run(folder, "trust").output.splitlines()[1] == f"two.example/log  {other}"


def test_a_list_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "logs").write_text("words\n", "utf-8")
    for command in ("trust", "status", "serve"):
        assert "one vkey a line" in run(folder, command, code=1).output


def test_a_key_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "witness.key").write_text("words\n", "utf-8")
    assert "bad_key" in run(folder, "status", code=1).output


def test_it_tells_what_it_has_seen(folder: Path) -> None:
    run(folder, "trust", VKEY)
    (line,) = status(folder)["logs"]
    assert (line["origin"], line["trusted"], line["size"]) == (ORIGIN, True, None)
    show(folder, 5)
    (line,) = status(folder)["logs"]
    assert (line["size"], line["signed_s"], line["forks"], line["doubts"]) == (5, NOW_S, 0, 0)
    out = run(folder, "status").output
    assert ORIGIN in out and "2026-11-23 00:00:00" in out


def test_a_log_with_two_histories_is_called_out(folder: Path) -> None:
    run(folder, "trust", VKEY)
    show(folder, 5)
    assert show(folder, 5, "other") == 409
    (line,) = status(folder, code=1)["logs"]
    assert (line["forks"], line["doubts"]) == (1, 0)
    assert "evidence" in run(folder, "status", code=1).output
    assert "证据" in run(folder, "status", code=1, lang="zh_CN.UTF-8").output


def test_a_log_that_is_trusted_no_more_is_still_remembered(folder: Path) -> None:
    run(folder, "trust", VKEY)
    show(folder, 5)
    (folder / "logs").write_text("", "utf-8")
    (line,) = status(folder)["logs"]
    assert (line["trusted"], line["size"]) == (False, 5)
    assert show(folder, 9) == 404


def test_a_damaged_memory_is_named(folder: Path) -> None:
    run(folder, "trust", VKEY)
    show(folder, 5)
    (path,) = (folder / "memory").glob("*.log")
    path.write_bytes(b"")
    assert path.name in run(folder, "status", code=1).output


def test_certificate_and_key_go_together(folder: Path) -> None:
    run(folder, "serve", "--cert", str(folder / "witness.key"), code=2)


def test_the_private_key_is_of_the_form_that_other_tools_read(folder: Path) -> None:
    private, key, name, id, encoded = (folder / "witness.key").read_text().strip().split("+", 4)
    assert (private, key, name) == ("PRIVATE", "KEY", NAME)
    found = open_folder(folder)
    assert note.key_id(name, note.public_bytes(found.key)).hex() == id
    assert len(encoded) == 44
    text = Checkpoint(ORIGIN, 0, tree.EMPTY).text
    line = checkpoint.cosign(text, found.name, found.key, NOW_S)
    assert line.startswith(f"— {NAME} ")
