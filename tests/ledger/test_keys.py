"""Key files: made once, for their owner alone, never overwritten, refused when they are damaged."""

from __future__ import annotations

import stat
from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shiftapp.ledger import note
from shiftapp.ledger.keys import Keys, load_keyset, read_key, write_key, write_keyset
from shiftapp.problems import Problem
from tests.plant import fixed_bytes

ORIGIN = "aq.example.cn/log"
FILES = {
    "log.key",
    "receipt.key",
    "announcement.key",
    "witness.key",
    "station.secret",
    "session.secret",
    "pin.pepper",
    "pin.key",
}


def raw(keys: Keys) -> dict[str, bytes]:
    """Every key as bytes."""
    found = {}
    for field in fields(Keys):
        value = getattr(keys, field.name)
        if not isinstance(value, bytes):
            value = value.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        found[field.name] = value
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_keyset(tmp_path / "keys", ORIGIN, fixed_bytes("keys"))
    return tmp_path / "keys"


def test_each_key_has_a_file_of_its_own_for_its_owner_alone(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == FILES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_keys_load_as_they_were_made(tmp_path: Path) -> None:
    made = write_keyset(tmp_path / "keys", ORIGIN, fixed_bytes("keys"))
    assert raw(load_keyset(tmp_path / "keys")) == raw(made)


def test_all_keys_differ(folder: Path) -> None:
    found = raw(load_keyset(folder))
    assert len(set(found.values())) == len(found) == 8


def test_keys_are_of_their_kind(folder: Path) -> None:
    keys = load_keyset(folder)
    assert isinstance(keys.pin_key.curve, ec.SECP256R1)
    for secret in (keys.station_secret, keys.session_secret, keys.pin_pepper):
        assert len(secret) == 32


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("log", ORIGIN),
        ("receipt", f"{ORIGIN}/receipt"),
        ("announcement", f"{ORIGIN}/announcement"),
        ("witness", f"{ORIGIN}/witness"),
    ],
)
def test_a_note_key_knows_under_which_name_it_signs(folder: Path, file: str, name: str) -> None:
    key = getattr(load_keyset(folder), file)
    ident = note.key_id(name, note.public_bytes(key)).hex()
    text = (folder / f"{file}.key").read_text()
    assert text.startswith(f"PRIVATE+KEY+{name}+{ident}+")


def test_nothing_is_ever_overwritten(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    (folder / "log.key").unlink()
    with pytest.raises(Problem) as refused:
        write_keyset(folder, ORIGIN, fixed_bytes("other"))
    assert refused.value.code == "keys_exist"
    del before["log.key"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_missing_key_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(Problem) as refused:
        load_keyset(folder)
    assert refused.value.code == "no_key"
    assert file in refused.value.detail


@pytest.mark.parametrize("file", sorted(FILES))
@pytest.mark.parametrize("text", ["", "x", "\xff", "A" * 43 + "=", "PRIVATE+KEY+a+b+c", "0" * 43])
def test_a_damaged_key_is_named_and_never_used(folder: Path, file: str, text: str) -> None:
    if file in ("station.secret", "session.secret", "pin.pepper", "pin.key") and text == "0" * 43:
        text = "0" * 42 + "1"  # else it is a good secret
    (folder / file).write_text(text, encoding="latin-1")
    with pytest.raises(Problem) as refused:
        load_keyset(folder)
    assert refused.value.code == "bad_key"
    assert file in refused.value.detail
    assert text == "" or text not in refused.value.detail or len(text) == 1


def test_a_note_key_under_another_name_is_refused(folder: Path) -> None:
    path = folder / "witness.key"
    path.write_text(path.read_text().replace("example.cn", "example.com"))
    with pytest.raises(Problem):
        load_keyset(folder)


def test_a_pin_scalar_outside_the_order_is_refused(folder: Path) -> None:
    (folder / "pin.key").write_text("A" * 43)  # zero
    with pytest.raises(Problem):
        load_keyset(folder)


def test_keys_are_not_shown_by_accident(folder: Path) -> None:
    keys = load_keyset(folder)
    assert keys.station_secret.hex() not in repr(keys)
    assert repr(keys.station_secret) not in repr(keys)


def test_a_key_of_its_own_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    write_key(path, "witness.example/w1", fixed_bytes("one"))
    name, key = read_key(path)
    assert name == "witness.example/w1"
    assert note.public_bytes(key) == note.public_bytes(read_key(path)[1])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_key(path, "witness.example/w1", fixed_bytes("two"))
    assert note.public_bytes(read_key(path)[1]) == note.public_bytes(key)


def test_a_key_of_an_install_is_read_alone(folder: Path) -> None:
    name, key = read_key(folder / "witness.key")
    assert name == f"{ORIGIN}/witness"
    own = load_keyset(folder).witness
    assert own is not None
    assert note.public_bytes(key) == note.public_bytes(own)


@pytest.mark.parametrize("text", ["", "words", "PRIVATE+KEY+a+00000000+AAAA", "a+b\nc+d+e+f+g"])
def test_a_damaged_key_of_its_own_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.key"
    path.write_text(text)
    with pytest.raises(Problem) as caught:
        read_key(path)
    assert caught.value.code == "bad_key" and "one.key" in caught.value.detail
    with pytest.raises(Problem) as caught:
        read_key(tmp_path / "none.key")
    assert caught.value.code == "no_key"
