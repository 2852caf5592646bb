"""`shiftapp verify` as somebody types it: on a site of this machine, a zip, and proof files."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftapp.commands import verify_fetch, verify_saved
from shiftapp.commands.verify_progress import Progress
from shiftapp.commands.verify_words import moment
from shiftapp.ledger import proof, tree
from shiftapp.ledger.checkpoint import Checkpoint
from tests.ledger import log_cases
from tests.ledger.log_cases import LIES, T0, Case, Day, base
from tests.terminal import Cli

TEXTS = json.loads((Path(log_cases.__file__).parent / "lie_texts.json").read_text("utf-8"))

Pages = dict[str, tuple[int, bytes, dict[str, str]]]


class Site:
    """A site that answers with what a test puts there."""

    def __init__(self) -> None:
        self.pages: Pages = {}
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, body, headers = site.pages.get(self.path, (404, b"no", {}))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        self.pages[path] = status, body, headers

    def publish(self, case: Case, day: Day | None = None) -> None:
        """The log's files, and the announcement's page and proof."""
        self.pages = {f"/log/{path}": (200, data, {}) for path, data in case["files"].items()}
        if day is not None:
            page = f'<a href="/announcements/{day.doc["id"]}.json">data</a>'
            self.put("/", page.encode())
            self.put(f"/announcements/{day.doc['id']}.tlog-proof", proof_of(day).encode())

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def proof_of(day: Day) -> str:
    size = max(day.seen)
    path = tree.inclusion(day.index, size, log_cases._reader(day.leaves()))
    entry = day.entries[day.index]
    extra = len(entry).to_bytes(2) + entry
    return proof.LogProof(day.index, path, day.signed(size), extra).text


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A terminal without any install."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Cli(tmp_path / "nothing", "")


@pytest.fixture(scope="module")
def day() -> Day:
    return base()


@pytest.fixture
def told(site: Site, day: Day) -> str:
    """The address of an announcement that holds."""
    site.publish(day.case(), day)
    return f"{site.url}/announcements/{day.doc['id']}"


def notes(tmp_path: Path, under: str = "") -> list[Path]:
    return sorted((tmp_path / "state/shiftapp/verify" / under).glob("*.note"))


# Addresses.


@pytest.mark.parametrize(
    "path",
    [
        "/announcements/{id}",
        "/en/announcements/{id}",
        "/announcements/{id}.json",
        "/announcements/{id}.tlog-proof",
        "/announcements/{id}/",
        "/verify?a={id}",
        "/en/verify?a={id}",
        "/",
        "/en/",
        "",
        "/log/announcement/{index}",
    ],
)
def test_it_checks_an_announcement_by_any_of_its_addresses(
    cli: Cli, site: Site, day: Day, told: str, path: str
) -> None:
    result = cli.run("verify", site.url + path.format(id=day.doc["id"], index=day.index))
    assert f"entry {day.index} of the log log.example.com/log" in result.output
    assert "✓ It holds." in result.output
    assert "12 expected: 6 on time, 1 offline, 1 late, 4 none" in result.output


def test_it_says_what_is_shown_and_what_is_not(cli: Cli, told: str) -> None:
    text = cli.run("verify", told).output
    for said in (
        "how many were expected, and the places on each roster, were fixed before the start",
        "that somebody really pointed and called, or meant it",
        "the enterprise runs the server and can press the button",
        "that the roster is everybody who was on site",
        "that the planned start is the true one",
        "if all the witnesses needed are in league",
        "Policy taken from the log itself; compare the key with the one printed at the gate.",
        "self (the enterprise's own)",
    ):
        assert said in text
    assert text.index("holds") < text.index("cannot be shown")


def test_it_says_which_witness_saw_roster_and_cut_when(cli: Cli, told: str) -> None:
    lines = cli.run("verify", told).output.split("\n")
    (roster, _) = [line for line in lines if "roster:" in line]
    (cut, _) = [line for line in lines if "log at the start:" in line]
    for line, at_s in ((roster, T0 - 2998), (cut, T0 + 3)):
        clock = moment(at_s)[11:19]
        assert f"at {moment(at_s)} (self {clock}, union {clock}, insurer {clock})" in line
    assert "1 added, 1 taken off" in roster and "up to 120 s" in cut


def test_it_says_when_nothing_was_seen_at_the_start(cli: Cli, site: Site) -> None:
    site.publish(case := LIES["a cut of nothing"]())
    url = f"{site.url}/log/announcement/{case['index']}"
    text = cli.run("verify", url, code=1).output
    assert "log at the start: not seen by enough witnesses" in text
    assert "没有足够的见证方看到" in cli.run("verify", url, "--lang", "zh", code=1).output


def test_it_speaks_chinese(cli: Cli, told: str) -> None:
    text = cli.run("verify", told, lang="zh_CN.UTF-8").output
    assert "✓ 成立。" in text and "应到 12 人：按时 6，没信号先封存 1，补做 1，没做 4" in text
    assert "策略取自账本自己" in text and "服务器归企业管" in text
    assert cli.run("verify", told, "--lang", "zh").output == text
    assert "It holds" in cli.run("verify", told, "--lang", "en", lang="zh_CN.UTF-8").output


def test_it_prints_the_report_for_a_program(cli: Cli, day: Day, told: str) -> None:
    report = cli.json("verify", told)
    assert report["holds"] is True and report["policy_from"] == "log"
    assert report["announcement"]["index"] == day.index
    assert [part["on"] for part in report["parts"]] == [6, 4]


def test_a_policy_of_the_readers_own_is_taken(
    cli: Cli, day: Day, told: str, tmp_path: Path
) -> None:
    own = tmp_path / "policy"
    own.write_text(day.policy)
    report = cli.json("verify", told, "--policy", str(own))
    assert report["policy_from"] == "file"
    assert "Policy taken from" not in cli.run("verify", told, "--policy", str(own)).output
    key = log_cases.note.vkey(log_cases.ORIGIN, log_cases.note.public_bytes(log_cases.OTHER))
    own.write_text(f"log {key}\n" + day.policy.split("\n", 1)[1])
    found = cli.json("verify", told, "--policy", str(own), code=1)
    assert [one["code"] for one in found["findings"]] == ["bad_checkpoint"]


@pytest.mark.parametrize("name", LIES)
def test_every_lie_ends_in_its_sentence(cli: Cli, site: Site, tmp_path: Path, name: str) -> None:
    case = LIES[name]()
    site.publish({"files": {**case["files"], "policy": case["policy"].encode()}})
    url = f"{site.url}/log/announcement/{case['index']}"
    forks = bool({"fork", "rolled_back"} & set(case["expect"]["codes"]))
    for lang in ("zh", "en"):
        state = remembered(tmp_path / lang, case["known"])
        told = cli.run("verify", url, "--lang", lang, *state, code=2 if forks else 1).output
        for sentence in TEXTS[name][lang]:
            assert f"{sentence}\n" in told
        assert ("不成立" if lang == "zh" else "does not hold") in told
        assert "What is shown, given" not in told and "已经证明" not in told


def remembered(folder: Path, known: dict[str, Any] | None, key: Any = log_cases.LOG) -> list[str]:
    """The option for a memory in which a checkpoint was seen before."""
    if known is None:
        return ["--no-state"]
    root = base64.b64decode(known["root"])
    text = Checkpoint(log_cases.ORIGIN, known["size"], root).text
    folder.mkdir()
    name = hashlib.sha256(log_cases.ORIGIN.encode()).hexdigest()[:32]
    signed = log_cases.note.sign_note(text, log_cases.ORIGIN, key)
    (folder / f"{name}.note").write_text(signed, "utf-8")
    return ["--state", str(folder)]


# What goes wrong on the way.


def refusal(cli: Cli, *args: str) -> str:
    result = cli.run("verify", *args, code=1)
    assert "Traceback" not in result.output
    return result.output


def test_an_address_that_does_not_answer_is_no_lie(cli: Cli, site: Site, day: Day) -> None:
    gone = Site()
    gone.close()
    assert "cannot be read" in refusal(cli, f"{gone.url}/announcements/x")
    assert "no proof of announcement x" in refusal(cli, f"{site.url}/announcements/x")
    assert "no announcement on" in refusal(cli, site.url)
    assert "not understood" in refusal(cli, "http://")
    site.publish(day.case(), day)
    site.put("/log/checkpoint", b"down", status=503)
    assert "HTTP 503" in refusal(cli, site.url)


def test_another_host_does_not_speak_for_the_log(cli: Cli, site: Site, day: Day) -> None:
    site.publish(day.case(), day)
    other = Site()
    other.publish(day.case(), day)
    site.put("/log/checkpoint", b"", status=302, Location=f"{other.url}/log/checkpoint")
    assert "another place" in refusal(cli, site.url)
    assert other.asked == []
    other.close()


def test_a_redirect_on_the_same_host_is_followed(cli: Cli, site: Site, day: Day) -> None:
    site.publish(day.case(), day)
    site.pages["/elsewhere"] = site.pages["/log/checkpoint"]
    site.put("/log/checkpoint", b"", status=302, Location="/elsewhere")
    assert "It holds" in cli.run("verify", site.url).output


def test_no_more_is_read_than_a_file_can_have(cli: Cli, site: Site, day: Day) -> None:
    site.publish(day.case(), day)
    site.put("/log/checkpoint", b"x" * (1 << 20))
    found = cli.json("verify", site.url, code=1)
    assert [one["code"] for one in found["findings"]] == ["unreachable"]


def test_the_proof_of_another_announcement_is_refused(cli: Cli, site: Site, day: Day) -> None:
    site.publish(day.case(), day)
    site.pages["/announcements/another.tlog-proof"] = site.pages[
        f"/announcements/{day.doc['id']}.tlog-proof"
    ]
    assert "proof of another announcement" in refusal(cli, f"{site.url}/announcements/another")


def test_a_log_without_a_policy_needs_one(cli: Cli, site: Site, day: Day, tmp_path: Path) -> None:
    site.publish(day.case(), day)
    del site.pages["/log/policy"]
    assert "policy cannot be read" in refusal(cli, site.url)
    own = tmp_path / "policy"
    own.write_text(day.policy)
    assert "It holds" in cli.run("verify", site.url, "--policy", str(own)).output
    own.write_bytes(b"\xff")
    assert "cannot be read" in refusal(cli, site.url, "--policy", str(own))
    assert "cannot be read" in refusal(cli, site.url, "--policy", str(tmp_path / "none"))


def test_what_a_terminal_would_obey_is_not_printed(cli: Cli, site: Site) -> None:
    def shout(day: Day) -> None:
        day.entries[day.series[0].open] = day.entries[day.series[0].open].replace(
            "一厂".encode(), b"\\u001b[31m"
        )

    day = base({"opened": shout})
    site.publish(day.case(), day)
    result = cli.run("verify", site.url)
    assert "\x1b" not in result.output and "\ufffd[31m" in result.output


# What is remembered.


def test_the_newest_checkpoint_is_remembered(
    cli: Cli, site: Site, day: Day, told: str, tmp_path: Path
) -> None:
    cli.run("verify", told)
    (kept,) = notes(tmp_path)
    assert kept.read_text("utf-8") == day.signed(max(day.seen))
    cli.run("verify", told)
    elsewhere = tmp_path / "here"
    cli.run("verify", told, "--state", str(elsewhere))
    assert len(list(elsewhere.glob("*.note"))) == 1


def test_nothing_is_remembered_when_told_so(cli: Cli, told: str, tmp_path: Path) -> None:
    cli.run("verify", told, "--no-state")
    assert notes(tmp_path) == []


def test_a_log_that_grew_is_followed(cli: Cli, site: Site, tmp_path: Path) -> None:
    day = base()
    site.publish(day.case(), day)
    cli.run("verify", site.url)
    before = notes(tmp_path)[0].read_text("utf-8")
    day.fill(300)
    day.publish(T0 + 9000)
    site.publish(day.case(), day)
    cli.run("verify", site.url)
    after = notes(tmp_path)[0].read_text("utf-8")
    assert before != after == day.signed(max(day.seen))


def test_a_fork_keeps_both_notes_and_ends_with_2(cli: Cli, site: Site, tmp_path: Path) -> None:
    first, second = base(seed=1), base(seed=2)
    site.publish(first.case(), first)
    cli.run("verify", site.url)
    site.publish(second.case(), second)
    result = cli.run("verify", site.url, code=2)
    assert "contradicts what it signed before" in result.output
    kept = notes(tmp_path, "evidence")
    assert {path.read_text("utf-8") for path in kept} >= {
        day.signed(max(day.seen)) for day in (first, second)
    }
    for path in kept:
        assert str(path) in result.output
    assert notes(tmp_path)[0].read_text("utf-8") == first.signed(max(first.seen))
    found = cli.json("verify", site.url, code=2)
    assert sorted(found["evidence"]["files"]) == [str(path) for path in kept]


def test_a_rollback_keeps_both_notes_and_ends_with_2(cli: Cli, site: Site, tmp_path: Path) -> None:
    day = base()
    old = day.case()
    day.fill(20)
    day.publish(T0 + 9000)
    site.publish(day.case(), day)
    cli.run("verify", site.url)
    site.publish(old, day)
    assert "entries that were published are gone" in cli.run("verify", site.url, code=2).output
    assert len(notes(tmp_path, "evidence")) == 2


def test_a_fork_within_what_is_published_is_shown_without_a_memory(cli: Cli, site: Site) -> None:
    case = LIES["fork of a cut"]()
    site.publish(case)
    url = f"{site.url}/log/announcement/{case['index']}"
    text = cli.run("verify", url, "--no-state", code=2).output
    assert text.count(f"{log_cases.ORIGIN}\n") >= 2
    assert len(cli.json("verify", url, "--no-state", code=2)["evidence"]["notes"]) >= 2


def test_a_log_that_cannot_be_shown_to_go_on_is_not_remembered(
    cli: Cli, site: Site, tmp_path: Path
) -> None:
    case = LIES["a record taken out of a bundle"]()
    site.publish(case)
    cli.run("verify", f"{site.url}/log/announcement/{case['index']}", code=1)
    assert notes(tmp_path) == []


def test_a_log_with_another_key_than_before_does_not_vouch_for_itself(
    cli: Cli, day: Day, told: str, tmp_path: Path
) -> None:
    state = remembered(tmp_path / "here", log_cases.known(day, 300), log_cases.OTHER)
    assert "is another than when you last saw it" in refusal(cli, told, *state)
    own = tmp_path / "policy"
    own.write_text(day.policy)
    assert "It holds" in cli.run("verify", told, *state, "--policy", str(own)).output
    assert "It holds" in cli.run("verify", told, *state).output


def test_a_memory_that_is_damaged_is_begun_anew(cli: Cli, told: str, tmp_path: Path) -> None:
    cli.run("verify", told)
    notes(tmp_path)[0].write_bytes(b"\xff\n")
    cli.run("verify", told)
    assert notes(tmp_path)[0].read_text("utf-8").startswith(log_cases.ORIGIN)


def test_a_memory_that_cannot_be_written_is_told(cli: Cli, told: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/shiftapp").write_text("in the way")
    assert "--no-state" in refusal(cli, told)


# Without a network.


def test_what_was_saved_is_checked_again_without_a_network(
    cli: Cli, site: Site, day: Day, told: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.zip"
    first = cli.json("verify", told, "--save", str(kept))
    site.pages, site.asked[:] = {}, []
    assert cli.json("verify", str(kept)) == first
    assert "It holds" in cli.run("verify", str(kept)).output
    assert site.asked == []
    assert len(notes(tmp_path)) == 1  # of the first run: an old zip is no rollback


def test_a_lie_is_saved_as_well(cli: Cli, site: Site, tmp_path: Path) -> None:
    case = LIES["on inflated"]()
    site.publish(case)
    kept = str(tmp_path / "kept.zip")
    url = f"{site.url}/log/announcement/{case['index']}"
    first = cli.json("verify", url, "--save", kept, code=1)
    assert cli.json("verify", kept, code=1) == first


def test_a_file_is_not_overwritten(cli: Cli, site: Site, told: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.zip"
    kept.write_text("mine")
    before = len(site.asked)
    assert "was not overwritten" in refusal(cli, told, "--save", str(kept))
    assert len(site.asked) == before  # said at once, not in the place of what was found
    assert kept.read_text() == "mine"
    assert "--save is for an address" in refusal(cli, str(kept), "--save", str(kept))


def test_a_zip_of_something_else_is_refused(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    for members in (
        {"a": b"b"},
        {"verify.json": b"{}"},
        {"verify.json": b'{"form":"x","index":1,"id":""}'},
        {"verify.json": b"[" * 4000},
        {"verify.json": b'{"form":"shiftapp-verify-1","index":"x","id":""}'},
        {"verify.json": b" " * 10_000},
    ):
        with zipfile.ZipFile(path, "w") as out:
            for name, data in members.items():
                out.writestr(name, data)
        assert "was not saved by verify" in refusal(cli, str(path))


def test_a_member_of_a_zip_is_read_no_further_than_a_file_can_be(
    cli: Cli, told: str, tmp_path: Path
) -> None:
    kept, bomb = tmp_path / "kept.zip", tmp_path / "bomb.zip"
    cli.run("verify", told, "--save", str(kept))
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, b"x" * (8 << 20) if "roster" in name else old.read(name))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as new:
        assert new.testzip() is None
    found = cli.json("verify", str(bomb), code=1)
    assert "roster_order" in {one["code"] for one in found["findings"]}


def test_a_zip_with_a_damaged_member_is_told_and_no_crash(
    cli: Cli, told: str, tmp_path: Path
) -> None:
    kept, bad = tmp_path / "kept.zip", tmp_path / "bad.zip"
    cli.run("verify", told, "--save", str(kept))
    with zipfile.ZipFile(kept) as old:
        member = next(one for one in old.infolist() if "entries" in one.filename)
    data = bytearray(kept.read_bytes())
    start = member.header_offset + 30 + len(member.filename)
    data[start : start + 40] = b"\xff" * 40  # no compressed data at all
    bad.write_bytes(data)
    found = cli.json("verify", str(bad), code=1)
    assert {one["code"] for one in found["findings"]} <= {"no_entry", "tiles_differ"}


def test_half_an_address_is_told(cli: Cli) -> None:
    assert "is not understood" in refusal(cli, "http://[x")


def test_a_text_whose_figures_nobody_can_count_does_not_simply_hold(
    cli: Cli, tmp_path: Path
) -> None:
    day = log_cases.Day(9)
    day.shifts.append(log_cases._shift(None, 500, 500, 0, 0))
    day.write()
    day.announce()
    day.publish(log_cases.T0)
    file = tmp_path / "kept.zip"
    verify_saved.save(file, day.index, "", day.case()["files"])
    text = cli.run("verify", str(file)).output
    assert "Only the text holds" in text and "It holds" not in text
    assert "1 shifts are not in the public log" in text


# Proof files.


@pytest.mark.parametrize("name", log_cases.proofs())
def test_a_proof_file_is_told_right(cli: Cli, tmp_path: Path, name: str) -> None:
    case = log_cases.proofs()[name]
    file, policy = tmp_path / "my.tlog-proof", tmp_path / "policy"
    file.write_bytes(case["text"].encode())
    policy.write_text(case["policy"])
    code = 0 if case["expect"]["holds"] else 1
    found = cli.json("verify", str(file), "--policy", str(policy), code=code)
    assert [one["code"] for one in found["findings"]] == case["expect"]["codes"]
    text = cli.run("verify", str(file), "--policy", str(policy), code=code).output
    assert ("✓ It holds." in text) == (code == 0)
    assert "can press the button" in text and "gate" not in text


def test_a_full_proof_prints_the_record(cli: Cli, tmp_path: Path) -> None:
    case = log_cases.proofs()["full"]
    file, policy = tmp_path / "my.tlog-proof", tmp_path / "policy"
    file.write_bytes(case["text"].encode())
    policy.write_text(case["policy"])
    text = cli.run("verify", str(file), "--policy", str(policy)).output
    assert "a pre-shift commitment" in text
    assert '{"kind":"commit","who":"张三"}' in text
    chinese = cli.run("verify", str(file), "--policy", str(policy), "--lang", "zh").output
    assert "公开账本里有一份班前承诺" in chinese


def test_a_file_that_is_no_proof_is_told(cli: Cli, tmp_path: Path) -> None:
    assert "cannot be read" in refusal(cli, str(tmp_path / "none"))
    file = tmp_path / "x"
    file.write_bytes(b"\x00\xff" * 50)
    assert "is not a proof file" in refusal(cli, str(file))
    file.write_bytes(b"x" * (3 << 20))
    assert "is too large" in refusal(cli, str(file))


def test_a_proof_asks_its_log_for_the_policy(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = log_cases.proofs()["bare"]
    file = tmp_path / "my.tlog-proof"
    file.write_bytes(case["text"].encode())
    asked: list[str] = []

    def fetch(url: str, most: int) -> bytes:
        asked.append(url)
        return case["policy"].encode()[:most]

    monkeypatch.setattr(verify_fetch, "fetch", fetch)
    assert "It holds" in cli.run("verify", str(file)).output
    assert asked == ["https://log.example.com/log/policy"]


def test_a_proof_whose_log_does_not_answer_needs_a_policy(cli: Cli, tmp_path: Path) -> None:
    gone = Site()
    gone.close()
    text = log_cases.proofs()["bare"]["text"].replace(
        f"\n{log_cases.ORIGIN}\n", f"\n{gone.url.removeprefix('http://')}/log\n"
    )
    (tmp_path / "p").write_bytes(text.encode())
    assert "give a file by --policy" in refusal(cli, str(tmp_path / "p"))


# How far it is.


def test_a_bar_is_shown_after_two_seconds() -> None:
    now, written = [0.0], []
    bar = Progress(554, written.append, lambda: now[0])
    bar.seen("checkpoint", b"x\n1000\nroot\n")
    for path in ("tile/entries/002", "tile/entries/000", "tile/0/000"):
        bar.seen(path, b"")
    assert written == []
    now[0] = 2.5
    bar.seen("tile/entries/001", b"")
    bar.end()
    assert len(written) == 2 and written[0].endswith(" 50%") and "█" in written[0]


def test_no_bar_is_shown_for_what_is_quick() -> None:
    written: list[str] = []
    bar = Progress(5, written.append, lambda: 1.0)
    bar.seen("checkpoint", b"nothing of a checkpoint")
    bar.seen("tile/entries/x001/000.p/4", b"")
    bar.end()
    assert written == []


def test_it_is_in_the_list_of_commands(cli: Cli) -> None:
    assert "verify" in cli.run("--help").output
