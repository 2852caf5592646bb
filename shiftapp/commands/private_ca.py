"""The install's own certificate authority, and the certificate that `serve` shows with it.

For a plant without a domain: phones trust this one authority once. Its name constraints let it
vouch for the addresses of this install and for nothing else, whoever gets hold of its key.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shiftapp.commands.certificates import (
    Authority,
    Key,
    Name,
    make_authority,
    make_server,
    may_vouch,
    name_of,
)
from shiftapp.commands.speech import refuse
from shiftapp.store import files
from shiftapp.web.trust import fingerprint

RENEW = datetime.timedelta(days=30)  # `serve` makes a new certificate then, at its start


@dataclass(frozen=True)
class Ready:
    """What `serve` listens with, and what it says of it."""

    certificate: Path
    key: Path
    fingerprint: str  # SHA-256 of the authority
    ends: datetime.datetime
    left_out: tuple[str, ...]  # addresses that the authority may not vouch for


def prepare(
    folder: Path, enterprise: str, host: str, others: Iterable[str], now: datetime.datetime
) -> Ready:
    """Certificate and key for a host and the machine's other addresses, made where they lack.

    The authority is made once. The server certificate is made anew when less than 30 days are left
    or its names are others.

    :raises ClickException: the authority is half there, has ended, or may not vouch for the host.
    """
    wanted = {name.value: name for name in map(name_of, (host, *others))}
    authority = _authority(folder, enterprise, list(wanted.values()), now)
    names = [name for name in wanted.values() if may_vouch(authority.certificate, name)]
    if not names or names[0] != name_of(host):
        raise refuse(
            f"私有证书不能用于 {host}。把公开地址改回去，或者删掉 {folder} 重来："
            "每部手机要重新信任一次。",
            f"The private authority may not vouch for {host}. Put the public address back, or"
            f" delete {folder} and start again: every phone must then trust the new one.",
        )
    certificate = _server(folder, authority, names, now)
    return Ready(
        folder / "server.crt",
        folder / "server.key",
        fingerprint(authority.certificate),
        certificate.not_valid_after_utc,
        tuple(str(value) for value, name in wanted.items() if name not in names),
    )


def _authority(
    folder: Path, enterprise: str, names: Sequence[Name], now: datetime.datetime
) -> Authority:
    crt, key = folder / "ca.crt", folder / "ca.key"
    if not crt.exists() and not key.exists():
        made = make_authority(enterprise, names, now)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(key, made.key)
        _write(crt, made.certificate)
    try:
        found = _read(crt, key)
    except (OSError, ValueError, TypeError):
        raise refuse(
            f"{folder} 里的 ca.crt 和 ca.key 不全或对不上。从密钥备份里取回来。",
            f"ca.crt and ca.key in {folder} are not both there or do not fit. Take them from the"
            " backup of the keys.",
        ) from None
    if found.certificate.not_valid_after_utc - now < RENEW:
        raise refuse(
            f"私有证书机构到期了。删掉 {folder} 重来：每部手机要重新信任一次。",
            f"The private authority has ended. Delete {folder} and start again: every phone must"
            " trust the new one.",
        )
    return found


def _server(
    folder: Path, authority: Authority, names: Sequence[Name], now: datetime.datetime
) -> x509.Certificate:
    crt, key = folder / "server.crt", folder / "server.key"
    try:
        found = _read(crt, key)
        if _fits(found.certificate, authority.certificate, names, now):
            return found.certificate
    except (OSError, ValueError, TypeError):
        pass  # not there, or cut off while it was written: made anew
    made = make_server(authority, names, now)
    _write(key, made.key)
    _write(crt, made.certificate)
    return made.certificate


def _fits(
    found: x509.Certificate,
    authority: x509.Certificate,
    names: Sequence[Name],
    now: datetime.datetime,
) -> bool:
    try:
        found.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    have = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = found.not_valid_after_utc - now
    long_enough = left >= RENEW
    return long_enough and found.not_valid_before_utc <= now and set(have) == set(names)


def _read(crt: Path, key: Path) -> Authority:
    """:raises ValueError: they do not belong together."""
    certificate = x509.load_pem_x509_certificate(crt.read_bytes())
    private = load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, Key) or private.public_key() != certificate.public_key():
        raise ValueError("not the key of this certificate")
    return Authority(certificate, private)


def _write(path: Path, what: x509.Certificate | Key) -> None:
    """Whole or not at all; a key is for its owner alone from the first byte on."""
    if isinstance(what, x509.Certificate):
        data, mode = what.public_bytes(Encoding.PEM), 0o644
    else:
        data = what.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        mode = 0o600
    half = path.with_name(path.name + ".part")
    half.unlink(missing_ok=True)
    files.write_new(half, data)
    half.chmod(mode)
    half.replace(path)
