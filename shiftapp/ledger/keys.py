"""The keys of an install: eight files that `init` makes and that nothing ever prints.

Each in its own file for its owner alone, so that the witness key can live elsewhere and a backup
of the data never holds them (formats.md "Bytes" §7). Ed25519 keys are kept in the text form of
C2SP signed-note, secrets as one line of base64url.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger.encoding import b64u, b64u_decode
from shiftapp.ledger.note import ED25519, key_id, public_bytes, vkey
from shiftapp.problems import Problem
from shiftapp.store import files

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# Ed25519 key → what its signer's name has after the origin.
NOTE_KEYS = {
    "log": "",
    "receipt": "/receipt",
    "announcement": "/announcement",
    "witness": "/witness",
}
SEQUENCE_KEYS = ("log", "witness")  # of who keeps the log
SECRETS = {
    "station_secret": "station.secret",
    "session_secret": "session.secret",
    "pin_pepper": "pin.pepper",
    "pin_key": "pin.key",
}

Random = Callable[[int], bytes]


@dataclass(frozen=True, repr=False)
class Keys:
    """What the install signs and seals with; never shown, so it has no repr of its own."""

    log: Ed25519PrivateKey | None  # checkpoints; None: another process keeps the log
    receipt: Ed25519PrivateKey
    announcement: Ed25519PrivateKey
    witness: Ed25519PrivateKey | None  # 自证: the install's own, apart from the log's; as `log`
    station_secret: bytes  # 32: MAC in the QR codes
    session_secret: bytes  # 32: Flask's, and the time tokens
    pin_pepper: bytes  # 32
    pin_key: ec.EllipticCurvePrivateKey  # P-256: opens PINs sealed offline


def write_keyset(folder: Path, origin: str, random: Random) -> Keys:
    """Make all keys of a new install, one file each, mode 0600, and give them.

    :raises Problem: 409 `keys_exist` when one is there; nothing is ever overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    texts = {_file(name): _note_key(origin + end, random(32)) for name, end in NOTE_KEYS.items()}
    texts |= {file: b64u(random(32)) for name, file in SECRETS.items() if name != "pin_key"}
    texts[SECRETS["pin_key"]] = b64u(_scalar(random))
    if taken := [file for file in texts if (folder / file).exists()]:
        raise Problem(409, "keys_exist", "密钥已经在了：%(file)s", params={"file": taken[0]})
    for file, text in texts.items():
        files.write_new(folder / file, f"{text}\n".encode("ascii"))  # never over another key
    return load_keyset(folder)


def load_keyset(folder: Path, *, sequence: bool = True) -> Keys:
    """The keys of an install, read from their files.

    `sequence` False: the log is kept elsewhere, and its keys are not read even where they are.

    :raises Problem: 500 `no_key` when one is missing, `bad_key` when it cannot be read.
    """
    left_out = () if sequence else SEQUENCE_KEYS
    names = [field.name for field in fields(Keys)]
    found = {name: None if name in left_out else _load(folder, name) for name in names}
    return Keys(**found)  # type: ignore[arg-type]  # _load gives each field its own type


def write_key(path: Path, name: str, random: Random) -> None:
    """Make an Ed25519 key of its own under a signer's name, in a file for its owner alone.

    :raises FileExistsError: one is there; nothing is ever overwritten.
    """
    files.write_new(path, f"{_note_key(name, random(32))}\n".encode("ascii"))


def read_key(path: Path) -> tuple[str, Ed25519PrivateKey]:
    """The signer's name and the key of such a file.

    :raises Problem: 500 `no_key` when it is missing, `bad_key` when it cannot be read.
    """
    text = _text(path)
    try:
        key = _parse_note_key(text)
    except ValueError as error:
        raise _bad_key(path) from error
    return text.split("+")[2], key


def signers(folder: Path) -> dict[str, str]:
    """The public halves of the Ed25519 keys in a folder in their text form, by the files' names;
    what is missing or cannot be read is left out."""
    found: dict[str, str] = {}
    for path in (folder / _file(name) for name in NOTE_KEYS):
        with contextlib.suppress(Problem):
            signer, key = read_key(path)
            found[path.name] = vkey(signer, public_bytes(key))
    return found


def _load(folder: Path, name: str) -> Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes:
    path = folder / _file(name)
    text = _text(path)
    try:
        if name in NOTE_KEYS:
            return _parse_note_key(text)
        raw = b64u_decode(text, 32)
        return _pin_key(raw) if name == "pin_key" else raw
    except ValueError as error:
        raise _bad_key(path) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError as error:
        template = "缺密钥文件 %(file)s。从密钥备份里取回来。"
        raise Problem(500, "no_key", template, params={"file": str(path)}) from error
    except (OSError, ValueError) as error:
        raise _bad_key(path) from error


def _bad_key(path: Path) -> Problem:
    template = "密钥文件 %(file)s 读不出来。从密钥备份里取回来。"
    return Problem(500, "bad_key", template, params={"file": str(path)})


def _file(name: str) -> str:
    return SECRETS.get(name, f"{name}.key")


def _note_key(name: str, seed: bytes) -> str:
    """`PRIVATE+KEY+<name>+<id>+<type and seed>`, as the note tools of Go and C2SP write it."""
    public = public_bytes(Ed25519PrivateKey.from_private_bytes(seed))
    encoded = base64.b64encode(ED25519 + seed).decode()
    return f"PRIVATE+KEY+{name}+{key_id(name, public).hex()}+{encoded}"


def _parse_note_key(text: str) -> Ed25519PrivateKey:
    head, _, rest = text.partition("+KEY+")
    name, hexed, encoded = rest.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if head != "PRIVATE" or raw[:1] != ED25519 or len(raw) != 33:
        raise ValueError("not a private note key")
    key = Ed25519PrivateKey.from_private_bytes(raw[1:])
    if key_id(name, public_bytes(key)).hex() != hexed:
        raise ValueError("its id is not the key's")
    return key


def _scalar(random: Random) -> bytes:
    """A P-256 private scalar, 1 … order − 1; the bias of 16 extra bytes is below 2⁻¹²⁸."""
    number = int.from_bytes(random(48), "big") % (P256_ORDER - 1) + 1
    return number.to_bytes(32, "big")


def _pin_key(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
