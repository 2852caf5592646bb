"""The key files of an install, each its own file for its owner alone (formats.md "Bytes" §7).

`init` makes them once. Ed25519 seeds are stored as a line `<name> <base64 of the seed>`, the name
being what they sign under; the other secrets as base64, the PIN key as the scalar of P-256.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from shiftapp.ledger.note import Signer
from shiftapp.problems import Problem

Random = Callable[[int], bytes]

# File name → what is appended to the origin as the name it signs under.
SIGNERS = {"log": "", "receipt": "/receipt", "announcement": "/announcement", "witness": "/witness"}
SECRETS = ("station_secret", "pin_pepper", "pin_key", "session_secret")  # 32 bytes each
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Keys:
    """All keys of an install; the signers know their names."""

    log: Signer
    receipt: Signer
    announcement: Signer
    witness: Signer
    station_secret: bytes
    pin_pepper: bytes
    pin_key: bytes
    session_secret: bytes

    @property
    def pin_private(self) -> ec.EllipticCurvePrivateKey:
        """The key that opens sealed PINs."""
        return ec.derive_private_key(int.from_bytes(self.pin_key, "big"), ec.SECP256R1())


def write_keyset(folder: Path, origin: str, random: Random) -> Keys:
    """Make all key files of an install and give them.

    :raises FileExistsError: a key file is there already; none is ever overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, suffix in SIGNERS.items():
        _write(folder / name, f"{origin}{suffix} {_b64(random(32))}\n")
    for name in SECRETS:
        secret = _scalar(random) if name == "pin_key" else random(32)
        _write(folder / name, f"{_b64(secret)}\n")
    return load_keyset(folder)


def load_keyset(folder: Path) -> Keys:
    """The keys of an install.

    :raises Problem: 500 `no_key` or `bad_key`, with the file's name.
    """
    signers = {name: _signer(folder / name) for name in SIGNERS}
    secrets = {name: _secret(folder / name, _read(folder / name)) for name in SECRETS}
    return Keys(**signers, **secrets)


def _scalar(random: Random) -> bytes:
    """A private scalar of P-256: 32 bytes, not zero, below the order."""
    while not 0 < int.from_bytes(found := random(32), "big") < P256_ORDER:
        pass
    return found


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").removesuffix("\n")
    except OSError as error:
        raise Problem(500, "no_key", "密钥文件读不出来：%(path)s", params={"path": path}) from error
    except UnicodeDecodeError as error:
        raise _bad(path) from error


def _signer(path: Path) -> Signer:
    name, _, seed = _read(path).rpartition(" ")
    if not name or " " in name or "+" in name:
        raise _bad(path)
    return Signer(name, _secret(path, seed))


def _secret(path: Path, text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _bad(path) from error
    if len(found) != 32:
        raise _bad(path)
    return found


def _bad(path: Path) -> Problem:
    return Problem(500, "bad_key", "密钥文件的内容不对：%(path)s", params={"path": path})


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
