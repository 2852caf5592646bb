"""`shiftapp log policy`: the witnesses of an install, shown, checked and put in force."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.commands import log_policy_words
from shiftapp.ledger import note, policy
from tests.terminal import Cli

ORIGIN = "aq.example.cn/log"
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x61" * 32)


def union(n: int = 1) -> str:
    key = Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)
    return note.vkey(f"union-{n}.example/w", note.public_bytes(key), note.COSIGNATURE)


@pytest.fixture
def lines(cli: Cli) -> dict[str, str]:
    """The lines of the default policy: log, witness, quorum."""
    text = cli.json("log", "policy")["policy"]
    return {line.split(" ")[0]: f"{line}\n" for line in text.splitlines()}


def put(cli: Cli, text: str, code: int = 0) -> str:
    path = cli.data / "new-policy"
    path.write_text(text, "utf-8")
    return cli.run("log", "policy", str(path), code=code).output


def test_an_install_begins_with_its_own_witness_alone(cli: Cli) -> None:
    told = cli.json("log", "policy")
    (witness,) = told["witnesses"]
    assert (witness["name"], witness["own"], witness["url"]) == ("self", True, "")
    assert witness["vkey"].startswith(f"{ORIGIN}/witness+")
    assert (told["self_attested"], told["own_file"], told["in_force"]) == (True, False, False)
    assert told["warnings"] == [{"code": "self_attested", "names": []}]
    out = cli.run("log", "policy").output
    assert told["policy"] in out
    assert "our own" in out and "Self-attested" in out and "Not in force yet" in out


def test_a_policy_of_others_is_taken_and_kept_as_it_is(cli: Cli, lines: dict[str, str]) -> None:
    text = (
        f"# agreed with the union\n{lines['log']}{lines['witness']}"
        f"witness union {union()} https://union-1.example\ngroup two all self union\nquorum two\n"
    )
    out = put(cli, text)
    kept = cli.data / "policy"
    assert kept.read_text("utf-8") == text
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "Not self-attested" in out and "https://union-1.example" in out
    assert "Each of these is needed: union." in out
    told = cli.json("log", "policy")
    assert (told["policy"], told["own_file"], told["self_attested"]) == (text, True, False)
    assert [one["own"] for one in told["witnesses"]] == [True, False]


def test_it_holds_from_the_next_round_of_the_keeper_on(cli: Cli, lines: dict[str, str]) -> None:
    cli.run("log", "sequence", "--once")
    assert cli.json("log", "policy")["in_force"] is True
    put(cli, f"{lines['log']}{lines['witness']}# changed\nquorum self\n")
    assert cli.json("log", "policy")["in_force"] is False
    cli.run("log", "sequence", "--once")
    assert cli.json("log", "policy")["in_force"] is True
    assert "Not in force" not in cli.run("log", "policy").output


def test_it_is_said_when_older_announcements_need_the_older_policy(
    cli: Cli, lines: dict[str, str]
) -> None:
    more = f"{lines['log']}{lines['witness']}witness union {union()} https://union-1.example\n"
    both = f"{more}group two all self union\nquorum two\n"
    assert "policy of their time" not in put(cli, both)  # nothing is sealed yet
    put(cli, "".join(lines.values()))
    cli.run("log", "sequence", "--once")
    assert "policy of their time" not in put(cli, f"{more}group one any self union\nquorum one\n")
    assert "policy of their time" in put(cli, both)


def test_a_change_stands_among_what_was_done(cli: Cli, lines: dict[str, str]) -> None:
    put(cli, "".join(lines.values()))
    store = cli.store()
    row = store.row("SELECT what, about, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert row == {"what": "log.policy", "about": "log", "detail": "self"}
    store.close()


def test_one_of_two_others_is_enough_without_a_warning(cli: Cli, lines: dict[str, str]) -> None:
    out = put(
        cli,
        f"{lines['log']}witness u1 {union(1)} https://u1.example\n"
        f"witness u2 {union(2)} http://10.0.0.5:8100/w\ngroup one any u1 u2\nquorum one\n",
    )
    assert "Each of these" not in out and "Self-attested" not in out
    assert cli.json("log", "policy")["warnings"] == []


def test_any_of_own_and_other_is_still_self_attested(cli: Cli, lines: dict[str, str]) -> None:
    text = f"{lines['log']}{lines['witness']}witness u {union()} https://u.example\n"
    assert "Self-attested" in put(cli, f"{text}group one any self u\nquorum one\n")
    # a second key under our own name is no other either
    own = note.vkey(f"{ORIGIN}/second", note.public_bytes(OTHER), note.COSIGNATURE)
    text = f"{lines['log']}{lines['witness']}witness two {own} https://w.example\n"
    assert "Self-attested" in put(cli, f"{text}group both all self two\nquorum both\n")


LOG = note.vkey(ORIGIN, note.public_bytes(OTHER))


@pytest.mark.parametrize(
    ("lines_", "says"),
    [
        ("{log}{witness}", "says no quorum"),
        ("words\n", "line 1"),
        ("{log}{witness}quorum none\n", "asks nobody"),
        ("{witness}{quorum}", "name this log and no other"),
        (f"log {LOG}\n{{witness}}{{quorum}}", "name this log and no other"),
        (f"{{log}}log other.example+{LOG}\n{{witness}}{{quorum}}", "line 2"),
        (f"{{log}}log {LOG}\n{{witness}}{{quorum}}", "name this log and no other"),
        (f"{{log}}witness u {union()} ftp://u.example\nquorum u\n", "A URL begins with"),
        (f"{{log}}witness u {union()} u.example\nquorum u\n", "A URL begins with"),
        (f"{{log}}witness u {union()} https://\nquorum u\n", "A URL begins with"),
        (f"{{log}}witness u {union()} https://u.example:port\nquorum u\n", "A URL begins with"),
        (f"{{log}}witness u {union()}\nquorum u\n", "Without a URL"),
        (f"{{log}}{{witness}}witness u {union()}\ngroup g all self u\nquorum g\n", "Without a URL"),
    ],
)
def test_a_policy_that_does_not_do_is_not_taken(
    cli: Cli, lines: dict[str, str], lines_: str, says: str
) -> None:
    assert says in put(cli, lines_.format(**lines), code=1)
    assert not (cli.data / "policy").exists()


def test_the_own_witness_is_named_by_its_own_key(cli: Cli, lines: dict[str, str]) -> None:
    false = note.vkey(f"{ORIGIN}/witness", note.public_bytes(OTHER), note.COSIGNATURE)
    out = put(cli, f"{lines['log']}witness self {false} https://x.example\nquorum self\n", code=1)
    assert lines["witness"].split()[2] in out


def test_a_witness_without_a_url_may_be_known_where_nothing_hangs_on_it(
    cli: Cli, lines: dict[str, str]
) -> None:
    text = f"{lines['log']}{lines['witness']}witness u {union()}\n{lines['quorum']}"
    assert "never asked" in put(cli, text)


@pytest.mark.parametrize("content", [b"\xff\n", b"# " + b"x" * 70_000, b"quorum \x00\n", b""])
def test_what_is_no_text_of_a_policy_is_refused(
    sqlite_cli: Cli, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert "is not a policy" in sqlite_cli.run("log", "policy", str(path), code=1).output


def test_a_broken_file_in_the_data_folder_is_named(sqlite_cli: Cli) -> None:
    (sqlite_cli.data / "policy").write_text("words\n", "utf-8")
    assert "cannot be used" in sqlite_cli.run("log", "policy", code=1).output


def test_every_reason_is_said_in_chinese_too(sqlite_cli: Cli, tmp_path: Path) -> None:
    assert log_policy_words.MALFORMED.keys() == policy.WHY.keys()
    path = tmp_path / "file"
    path.write_text("quorum 工会\n", "utf-8")
    out = sqlite_cli.run("log", "policy", str(path), code=1, lang="zh_CN.UTF-8").output
    assert "第 1 行：前面没有 工会" in out


def test_it_speaks_chinese_on_a_chinese_terminal(sqlite_cli: Cli) -> None:
    out = sqlite_cli.run("log", "policy", lang="zh_CN.UTF-8").output
    assert "自证" in out and "本厂自己的" in out and "还没生效" in out
