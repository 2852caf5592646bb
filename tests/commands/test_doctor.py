from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import shiftapp
from shiftapp.ledger import guard
from shiftapp.ledger.note import parse_vkey, public_bytes, vkey
from shiftapp.model import blobs, channels, deliveries, devices, people, settings
from shiftapp.store import Row, files
from tests.plant import Plant
from tests.sealing import make_ready
from tests.sealing_log import seal, see_outside
from tests.terminal import Cli


def verdicts(cli: Cli, code: int = 0) -> dict[str, str]:
    return {one["name"]: one["verdict"] for one in cli.json("doctor", "--offline", code=code)}


def test_a_good_install_has_nothing_wrong(cli: Cli) -> None:
    found = verdicts(cli)
    assert set(found.values()) <= {"ok", "warn"}
    assert {"schema", "disk", "keys", "address", "clock", "fonts", "blobs"} < set(found)
    assert found["postgres" if cli.database else "sqlite"] == "ok"


def test_people_read_a_line_a_check(sqlite_cli: Cli) -> None:
    assert "✓ address: https://aq.example.cn" in sqlite_cli.run("doctor", "--offline").output


def test_keys_that_others_can_read_fail(sqlite_cli: Cli) -> None:
    key = next((sqlite_cli.data / "keys").iterdir())
    key.chmod(0o644)
    assert verdicts(sqlite_cli, code=1)["keys"] == "fail"
    assert f"chmod go= {key}" in sqlite_cli.run("doctor", "--offline", code=1).output


def test_plain_http_is_a_warning(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    cli.run("init", "--url", "http://10.1.2.3:8000")
    assert verdicts(cli)["address"] == "warn"


def test_a_name_that_cannot_be_printed_is_spelt(cli: Cli) -> None:
    store = cli.store()
    with store.tx() as db:
        people.save_person(db, people.Person(id="0" * 36, no="1", name="王\U0002a6a5"), 1)
    store.close()
    assert verdicts(cli)["fonts"] == "warn"
    assert "[U+2A6A5]" in cli.run("doctor", "--offline").output


def test_a_clock_before_the_newest_record_fails(sqlite_cli: Cli) -> None:
    store = sqlite_cli.store()
    with store.tx() as db:
        db.run(
            "INSERT INTO record (id, kind, c, flags, recv_ms, counts, sealed_ms, body_sha, body,"
            " salt) VALUES (:id, 'run', :c, '[]', 99999999999999, 0, 0, :c, :c, :c)",
            id="0" * 36,
            c=bytes(32),
        )
    store.close()
    assert verdicts(sqlite_cli, code=1)["clock"] == "fail"
    with (store := sqlite_cli.store()).tx() as db:  # a plant whose own clock is ahead, as a demo's
        settings.put(db, clock_offset_ms=99999999999999)
    store.close()
    assert verdicts(sqlite_cli)["clock"] == "ok"


def test_an_address_that_does_not_answer_is_a_warning(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    cli.run("init", "--url", "http://127.0.0.1:9")
    reach = {one["name"]: one for one in cli.json("doctor")}["reach"]
    assert reach["verdict"] == "warn" and "serve" in reach["says"]


def test_a_half_made_install_fails(sqlite_cli: Cli) -> None:
    store = sqlite_cli.store()
    with store.tx() as db:
        settings.put(db, url="")
    store.close()
    assert verdicts(sqlite_cli, code=1)["address"] == "fail"


def stored(cli: Cli, *contents: bytes) -> list[Path]:
    """Photos that are here, row and file; gives the paths of the files."""
    store = cli.store()
    device = "d" * 36
    paths = []
    with store.tx() as db:
        devices.make_code(db, "SHARED01", "shared", None, "test", 1)
        devices.enrol(db, "SHARED01", device=device, secret="s", pubkey=None, held=None, now_ms=2)
        for content in contents:
            sha = hashlib.sha256(content).digest()
            files.put(cli.data / "blobs", sha, content, "token")
            blobs.keep(db, sha, "image/jpeg", len(content), device, 3)
            paths.append(files.path_of(cli.data / "blobs", sha))
    store.close()
    return paths


def test_photos_whose_file_is_gone_or_cut_are_counted(cli: Cli) -> None:
    kept, gone, cut = stored(cli, b"kept", b"gone", b"cut off")
    assert verdicts(cli)["blobs"] == "ok"
    assert "all 3 files are here" in cli.run("doctor", "--offline").output
    gone.unlink()
    cut.write_bytes(b"cut")
    assert verdicts(cli, code=1)["blobs"] == "fail"
    told = cli.run("doctor", "--offline", code=1).output
    assert "✗ blobs: 2 of 3 files are missing" in told
    assert any(path.relative_to(cli.data).as_posix() in told for path in (gone, cut))
    assert kept.name not in told


def test_messages_that_were_given_up_are_a_warning(cli: Cli) -> None:
    assert verdicts(cli)["messages"] == "ok"
    store = cli.store()
    with store.tx() as db:
        one = channels.Channel("群", "webhook", "https://x.cn/1", "plain", ("alarm",))
        number = channels.add(db, one)
        messages = [deliveries.Message(number, "alarm", str(n), {}) for n in range(3)]
        deliveries.put(db, messages, 1)
        db.run("UPDATE delivery SET next_ms = NULL, tries = 8 WHERE about = '1'")
    store.close()
    assert verdicts(cli)["messages"] == "warn"
    out = cli.run("doctor", "--offline").output
    assert "2 waiting, 1 given up: see /manage/reach/log" in out


# The log ------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(published: Row, plant: Plant, tmp_path: Path) -> Cli:
    """The command line over the plant, whose log is sealed; its clock goes with the wall."""
    seal(plant.store, plant.keys, shiftapp.wall_ms())
    return Cli(tmp_path, plant.store.address if plant.store.engine == "postgres" else "")


def log_line(cli: Cli, code: int = 0) -> tuple[str, str]:
    checks = cli.json("doctor", "--offline", code=code)
    return next((one["verdict"], one["says"]) for one in checks if one["name"] == "log")


def test_a_log_that_was_never_kept_is_a_warning(cli: Cli) -> None:
    assert log_line(cli) == ("warn", "never kept: run serve or log sequence")


def test_a_log_that_is_kept_says_whose_word_it_is(sealed: Cli, plant: Plant) -> None:
    verdict, says = log_line(sealed)
    assert verdict == "ok" and says.endswith("self-attested") and "entries" in says
    see_outside(plant.store, plant.keys, "union", least=2)
    assert log_line(sealed)[1].endswith("witnessed by union")


def test_entries_that_wait_too_long_fail(sealed: Cli, plant: Plant) -> None:
    make_ready(plant, "lin")  # received when the plant's story plays
    verdict, says = log_line(sealed, code=1)
    assert verdict == "fail" and "wait for longer than 5 minutes" in says


def test_an_hour_without_a_quorum_is_a_warning(sealed: Cli, plant: Plant) -> None:
    make_ready(plant, "lin")
    seal(plant.store, plant.keys, shiftapp.wall_ms(), seen=False)
    assert log_line(sealed)[0] == "ok"
    make_ready(plant, "leader")
    seal(plant.store, plant.keys, shiftapp.wall_ms() - 3_700_000, seen=False)
    assert log_line(sealed) == ("warn", "no quorum for an hour: see /manage/log")


@pytest.mark.parametrize("code", [guard.ROLLED_BACK, "odd_one"])
def test_a_log_that_is_signed_no_more_fails(sealed: Cli, plant: Plant, code: str) -> None:
    plant.store.write(lambda db: guard.refuse(db, code))
    verdict, says = log_line(sealed, code=1)
    assert verdict == "fail" and f"[{code}]" in says


def test_a_restored_folder_that_will_not_be_signed_on_fails_before_its_first_start(
    sealed: Cli, plant: Plant
) -> None:
    key = parse_vkey(vkey("aq.example.cn/log", public_bytes(plant.keys.log)))
    published = guard.Guard(sealed.data / "log" / "published", key)
    published.put(plant.store.value("SELECT note FROM head"))
    assert log_line(sealed)[0] == "ok"
    with plant.store.tx() as db:  # an older backup
        size = db.value("SELECT size FROM head")
        db.run("UPDATE head SET size = :size", size=size - 1)
    assert log_line(sealed, code=1)[1].endswith("[rolled_back]")
    published.path.unlink()
    guard.mark_restored(published.path)
    assert log_line(sealed, code=1)[1].endswith("[restored]")
