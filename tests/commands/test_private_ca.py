"""`serve --private-ca`: real handshakes over loopback with nothing trusted but its authority."""

from __future__ import annotations

import datetime
import hashlib
import http.client
import os
import re
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shiftapp.commands.certificates import (
    Authority,
    make_authority,
    make_server,
    may_vouch,
    name_of,
)
from shiftapp.commands.private_ca import Ready, prepare
from shiftapp.web.trust import fingerprint
from tests.faults.rig import Server, fixed_port
from tests.terminal import Cli

HOST = "aq.example.cn"  # as Cli.init makes it
LAN = "192.168.10.5"
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "tls"


def made(folder: Path, *others: str, host: str = HOST, now: datetime.datetime = NOW) -> Ready:
    return prepare(folder, "示例化工", host, others, now)


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def names(path: Path) -> set[str]:
    found = read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> None:
    """A whole handshake in memory, client and server in turn."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=host)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for one in (ours, theirs):
            try:
                one.do_handshake()
            except ssl.SSLWantReadError:
                pass


def trusts(folder: Path, chain: Path, key: Path, host: str) -> None:
    """:raises ssl.SSLCertVerificationError: a client of this authority alone refuses the server."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain, key)
    client = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    handshake(server, client, host)


def forged(folder: Path, *hosts: str) -> tuple[Path, Path]:
    """A server certificate for other hosts, signed with the authority's own key."""
    key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    leaf = make_server(Authority(read(folder / "ca.crt"), key), [*map(name_of, hosts)], NOW)
    crt, pem = folder / "forged.crt", folder / "forged.key"
    crt.write_bytes(leaf.certificate.public_bytes(Encoding.PEM))
    pem.write_bytes(leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return crt, pem


@pytest.mark.parametrize("host", [HOST, LAN, "fd00::5"])
def test_who_trusts_the_authority_trusts_the_server_and_its_names_alone(
    folder: Path, host: str
) -> None:
    ready = made(folder, host=host)
    trusts(folder, ready.certificate, ready.key, host)
    for other in ("other.example.cn", "192.168.10.6"):
        with pytest.raises(ssl.SSLCertVerificationError):
            trusts(folder, ready.certificate, ready.key, other)


@pytest.mark.parametrize(
    "own, other", [(HOST, "bank.example.com"), (HOST, LAN), (LAN, HOST), (LAN, "192.168.10.6")]
)
def test_a_certificate_outside_the_constraints_is_refused_whoever_signed_it(
    folder: Path, own: str, other: str
) -> None:
    made(folder, host=own)
    crt, key = forged(folder, other)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"subtree"):
        trusts(folder, crt, key, other)


def test_the_authority_signs_servers_and_nothing_below(folder: Path) -> None:
    made(folder)
    ca = read(folder / "ca.crt")
    assert ca.subject.rfc4514_string() == "CN=示例化工 shiftapp"
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical and basic.value.ca and basic.value.path_length == 0
    usage = ca.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign and not usage.digital_signature and not usage.crl_sign
    assert ca.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert 3650 <= (ca.not_valid_after_utc - ca.not_valid_before_utc).days <= 3653
    server = read(folder / "server.crt")
    assert (server.not_valid_after_utc - server.not_valid_before_utc).days == 397


def test_a_long_chinese_name_still_makes_an_authority() -> None:
    ca = make_authority("化" * 60, [name_of(HOST)], NOW).certificate
    assert ca.subject.rfc4514_string().endswith("化 shiftapp")
    assert make_authority("", [name_of(HOST)], NOW).certificate.subject.rfc4514_string() == (
        "CN=shiftapp"
    )


def test_keys_are_for_their_owner_alone_and_certificates_for_all(folder: Path) -> None:
    made(folder)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}
    assert modes == {"ca.key": 0o600, "ca.crt": 0o644, "server.key": 0o600, "server.crt": 0o644}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_second_start_changes_nothing(folder: Path) -> None:
    made(folder, LAN)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    made(folder, LAN, now=NOW + 300 * DAY)
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


@pytest.mark.parametrize("days, renewed", [(365, False), (367, True), (500, True)])
def test_the_last_thirty_days_bring_a_new_certificate_of_the_same_authority(
    folder: Path, days: int, renewed: bool
) -> None:
    first = made(folder)
    ca, server = read(folder / "ca.crt"), read(folder / "server.crt")
    again = made(folder, now=NOW + days * DAY)
    assert (read(folder / "server.crt") != server) is renewed
    assert again.ends - (NOW + days * DAY) >= 30 * DAY
    assert read(folder / "ca.crt") == ca and again.fingerprint == first.fingerprint


def test_other_names_bring_a_new_certificate_of_the_same_authority(folder: Path) -> None:
    made(folder, LAN)
    ca = read(folder / "ca.crt")
    assert names(folder / "server.crt") == {HOST, LAN}
    made(folder)
    assert names(folder / "server.crt") == {HOST}
    made(folder, LAN)
    assert names(folder / "server.crt") == {HOST, LAN} and read(folder / "ca.crt") == ca


def test_an_address_that_came_later_is_left_out_and_named(folder: Path) -> None:
    made(folder)
    ready = made(folder, LAN)
    assert ready.left_out == (LAN,) and names(folder / "server.crt") == {HOST}
    trusts(folder, ready.certificate, ready.key, HOST)


def test_another_public_host_is_refused_with_a_way_out(folder: Path) -> None:
    made(folder)
    with pytest.raises(click.ClickException, match="every phone must then trust"):
        made(folder, host="new.example.cn")


@pytest.mark.parametrize("gone", ["ca.key", "ca.crt"])
def test_half_an_authority_is_never_replaced_silently(folder: Path, gone: str) -> None:
    made(folder)
    (folder / gone).unlink()
    with pytest.raises(click.ClickException, match=r"backup of the keys"):
        made(folder)
    assert not (folder / gone).exists()


def test_an_authority_that_has_ended_is_refused_with_a_way_out(folder: Path) -> None:
    made(folder)
    with pytest.raises(click.ClickException, match="has ended"):
        made(folder, now=NOW + 3640 * DAY)


def cut_off(folder: Path) -> None:
    (folder / "server.crt").write_text("-----BEGIN CERTIFICATE-----\n")


def mixed(folder: Path) -> None:
    (folder / "server.key").write_bytes((folder / "ca.key").read_bytes())


def foreign(folder: Path) -> None:
    made(folder.parent / "other")
    for name in ("server.crt", "server.key"):
        (folder / name).write_bytes((folder.parent / "other" / name).read_bytes())


@pytest.mark.parametrize("harm", [cut_off, mixed, foreign])
def test_a_broken_server_certificate_is_made_anew(
    folder: Path, harm: Callable[[Path], None]
) -> None:
    made(folder)
    harm(folder)
    ready = made(folder)
    trusts(folder, ready.certificate, ready.key, HOST)


def test_constraints_permit_hosts_below_and_nothing_that_only_looks_alike() -> None:
    ca = make_authority("", [name_of(HOST)], NOW).certificate
    assert may_vouch(ca, name_of(HOST)) and may_vouch(ca, name_of(f"a.{HOST}"))
    assert not may_vouch(ca, name_of(f"x{HOST}")) and not may_vouch(ca, name_of(LAN))


# The command itself


@pytest.fixture
def port() -> int:
    return fixed_port()


@pytest.fixture
def served(sqlite_cli: Cli, port: int) -> Iterator[Server]:
    server = Server(sqlite_cli, "--private-ca", "--trust-port", str(port))
    yield server
    server.stop()


def over_tls(cli: Cli, server: Server, host: str, path: str) -> bytes:
    trusted = ssl.create_default_context(cafile=str(cli.data / "keys" / "tls" / "ca.crt"))
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
        with trusted.wrap_socket(raw, server_hostname=host) as tls:
            tls.sendall(
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            )
            return b"".join(iter(lambda: tls.recv(65536), b""))


def plainly(port: int, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Status, place to go and body over plain http."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, answer.headers.get("Location", ""), answer.read()
    connection.close()
    return found


def test_a_phone_that_trusts_the_authority_opens_the_server(
    sqlite_cli: Cli, served: Server
) -> None:
    assert over_tls(sqlite_cli, served, HOST, "/healthz").startswith(b"HTTP/1.1 200")
    with pytest.raises(ssl.SSLCertVerificationError):
        over_tls(sqlite_cli, served, "other.example.cn", "/healthz")


def test_the_start_prints_the_fingerprint_and_the_page(
    sqlite_cli: Cli, served: Server, port: int
) -> None:
    assert served.process.stdout is not None
    lines = [served.process.stdout.readline() for _ in range(2)]
    ca = read(sqlite_cli.data / "keys" / "tls" / "ca.crt")
    assert fingerprint(ca) in lines[0]
    assert f"http://{HOST}:{port}/trust" in lines[1]


def test_the_plain_port_shows_how_to_trust_and_nothing_else(
    sqlite_cli: Cli, served: Server, port: int
) -> None:
    der = read(sqlite_cli.data / "keys" / "tls" / "ca.crt").public_bytes(Encoding.DER)
    assert plainly(port, "/trust/ca.crt") == (200, "", der)
    status, _, body = plainly(port, "/trust")
    digits = hashlib.sha256(der).hexdigest().upper()
    assert status == 200 and digits[:2] + ":" + digits[2:4] in body.decode()
    for style in re.findall(r'(?:href)="(/static/[^"]+)"', body.decode()):
        assert plainly(port, style)[0] == 200
    for path in ("/", "/login", "/healthz", "/W/x/y", "/static/js/x.js", "/trust/../login"):
        assert plainly(port, path)[:2] == (307, f"https://{HOST}{path}")
    assert plainly(port, "/trust", "POST")[:2] == (307, f"https://{HOST}/trust")
    assert plainly(port, "/x%0d%0aSet-Cookie:a=b")[1] == f"https://{HOST}/x%0D%0ASet-Cookie%3Aa%3Db"


def test_trust_port_0_is_no_port(sqlite_cli: Cli) -> None:
    server = Server(sqlite_cli, "--private-ca", "--trust-port", "0")
    assert server.stop() == 0
    assert "/trust" not in server.errors.read_text()


def test_a_taken_trust_port_is_named_with_a_way_out(sqlite_cli: Cli, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "shiftapp", "serve", "--port", "0", "--private-ca"]
            + ["--trust-port", str(port)],
            env={**os.environ, **sqlite_cli.env},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"127.0.0.1:{port}" in done.stderr and "--trust-port 8081" in done.stderr


def test_own_certificate_and_private_authority_exclude_each_other(sqlite_cli: Cli) -> None:
    pem = sqlite_cli.data / "chain.pem"
    pem.write_text("")
    for option in ("--cert", "--key"):
        out = sqlite_cli.run("serve", "--private-ca", option, str(pem), code=2).output
        assert "leave --cert and --key out" in out


def test_an_address_without_https_is_refused_with_a_way_out(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    cli.run("init", "--url", "http://10.1.2.3:8000")
    out = cli.run("serve", "--private-ca", code=1).output
    assert "shiftapp init --url https://" in out and "http://10.1.2.3:8000" in out
    assert "公开地址" in cli.run("serve", "--private-ca", code=1, lang="zh_CN.UTF-8").output
    assert not (cli.data / "keys" / "tls").exists()


def test_doctor_says_when_the_certificate_ends(sqlite_cli: Cli) -> None:
    folder = sqlite_cli.data / "keys" / "tls"
    assert "tls" not in {one["name"] for one in sqlite_cli.json("doctor", "--offline")}
    ready = made(folder)
    found = {one["name"]: one for one in sqlite_cli.json("doctor", "--offline")}
    assert found["tls"]["verdict"] == found["keys"]["verdict"] == "ok"
    assert f"{ready.ends:%Y-%m-%d}" in found["tls"]["says"]
    (folder / "ca.key").chmod(0o644)
    found = {one["name"]: one for one in sqlite_cli.json("doctor", "--offline", code=1)}
    assert found["keys"]["verdict"] == "fail" and "ca.key" in found["keys"]["says"]


def test_doctor_warns_before_the_certificate_ends_and_fails_without_one(sqlite_cli: Cli) -> None:
    folder = sqlite_cli.data / "keys" / "tls"
    made(folder, now=NOW - 380 * DAY)
    found = {one["name"]: one for one in sqlite_cli.json("doctor", "--offline")}
    assert found["tls"]["verdict"] == "warn" and "restart serve" in found["tls"]["says"]
    (folder / "server.crt").write_text("no certificate")
    found = {one["name"]: one for one in sqlite_cli.json("doctor", "--offline", code=1)}
    assert found["tls"]["verdict"] == "fail"


def test_the_authority_lies_with_the_keys_of_a_backup_and_comes_back(
    sqlite_cli: Cli, tmp_path: Path
) -> None:
    folder = sqlite_cli.data / "keys" / "tls"
    first = made(folder)
    sqlite_cli.run("backup", str(tmp_path / "b.tar.gz"))
    new = Cli(tmp_path / "other", "")
    keys = tmp_path / "b.keys.tar.gz"
    new.run("restore", str(tmp_path / "b.tar.gz"), "--keys", str(keys))
    for one in folder.iterdir():
        assert (new.data / "keys" / "tls" / one.name).read_bytes() == one.read_bytes()
    assert made(new.data / "keys" / "tls").fingerprint == first.fingerprint
    assert all(one["verdict"] != "fail" for one in new.json("doctor", "--offline"))
