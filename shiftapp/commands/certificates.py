"""Making the certificates of an authority of one's own: nothing here touches a file or a clock."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3652
SERVER_DAYS = 397  # what browsers take of public authorities; Apple takes 825 of private ones
SLOW = datetime.timedelta(days=1)  # phones whose clock is behind
LONGEST_NAME = 55  # bytes; a common name has room for 64
SUFFIX = " shiftapp"
EVERY_IP = ("0.0.0.0/0", "::/0")
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)

Key = ec.EllipticCurvePrivateKey
Name = x509.DNSName | x509.IPAddress


@dataclass(frozen=True)
class Authority:
    """A certificate and the key that signs with it."""

    certificate: x509.Certificate
    key: Key


def name_of(host: str) -> Name:
    """A host as certificates write it: an address or a DNS name."""
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def may_vouch(authority: x509.Certificate, name: Name) -> bool:
    """Whether the name constraints of an authority let it vouch for a name."""
    found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = [one.value for one in found.permitted_subtrees or []]
    if isinstance(name, x509.IPAddress):
        return any(name.value in one for one in permitted if not isinstance(one, str))
    texts = [one for one in permitted if isinstance(one, str)]
    return any(name.value == one or name.value.endswith(f".{one}") for one in texts)


def make_authority(enterprise: str, names: Sequence[Name], now: datetime.datetime) -> Authority:
    """An authority for ten years that may vouch for these names and for nothing below them."""
    key = ec.generate_private_key(ec.SECP256R1())
    cut = enterprise.encode()[:LONGEST_NAME].decode(errors="ignore").strip()
    subject = _subject((cut + SUFFIX).strip())
    builder = _builder(subject, subject, key, key, now, CA_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign"), critical=True)
    builder = builder.add_extension(_constraints(names), critical=True)
    return Authority(builder.sign(key, hashes.SHA256()), key)


def make_server(authority: Authority, names: Sequence[Name], now: datetime.datetime) -> Authority:
    """A server's certificate and key for these names, for 397 days."""
    key = ec.generate_private_key(ec.SECP256R1())
    above = authority.certificate
    builder = _builder(
        _subject("shiftapp server"), above.subject, key, authority.key, now, SERVER_DAYS
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_usage("digital_signature"), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Authority(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    signer: Key,
    now: datetime.datetime,
    days: int,
) -> x509.CertificateBuilder:
    begins = (now - SLOW).replace(microsecond=0)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(above, critical=False)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(name: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage == name for usage in USAGES})


def _constraints(names: Sequence[Name]) -> x509.NameConstraints:
    """These names alone. A kind of name that is not among them is excluded as a whole."""
    hosts = [name for name in names if isinstance(name, x509.DNSName)]
    nets = [
        x509.IPAddress(ip_network(name.value)) for name in names if isinstance(name, x509.IPAddress)
    ]
    excluded: list[x509.GeneralName] = [] if hosts else [x509.DNSName("")]
    excluded += [] if nets else [x509.IPAddress(ip_network(net)) for net in EVERY_IP]
    return x509.NameConstraints([*hosts, *nets], excluded or None)
