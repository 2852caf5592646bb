"""Mail to a real SMTP receiver on loopback: plain, with TLS, refused in part and in whole."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import email
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shiftapp.commands import certificates
from shiftapp.config import Smtp, read_config
from shiftapp.model import channels
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import reach, reach_mail
from shiftapp.web.context import Context
from tests.plant import Clock, Plant
from tests.reach.capture import PostOffice, http_capture, mail_capture
from tests.reach.conftest import queued

Add = Callable[..., int]
TO = "ban@example.cn,anquan@example.cn"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_mail, "TIMEOUT_S", 2.0)


def with_mail(install: Context, address: str) -> Context:
    """The install with this SHIFTAPP_SMTP."""
    smtp = read_config({"SHIFTAPP_SMTP": address}).smtp
    return dataclasses.replace(install, config=dataclasses.replace(install.config, smtp=smtp))


def posted(office: PostOffice) -> EmailMessage:
    (letter,) = office.letters
    found = email.message_from_bytes(letter.data.removesuffix(b".\r\n"), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.fixture
def row(plant: Plant, channel: Add) -> Row:
    number = channel(name="值班\n邮箱", kind="mail", template="mail", target=TO)
    return channels.channel(plant.store, number)


def test_a_message_goes_to_every_receiver(
    plant: Plant, install: Context, row: Row, clock: Clock
) -> None:
    with mail_capture() as office:
        found = with_mail(install, f"smtp://127.0.0.1:{office.port}?from=aq@example.cn")
        assert reach.send_test(found, row).taken
    (letter,) = office.letters
    assert (letter.sender, letter.to) == ("aq@example.cn", TO.split(","))
    mail = posted(office)
    assert mail["Subject"] == "【班前】测试消息" and mail["From"] == "aq@example.cn"
    assert mail["To"] == "ban@example.cn, anquan@example.cn"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{queued(plant.store)[0]['id']}.{clock.ms}@aq.example.cn>"
    assert email.utils.parsedate_to_datetime(mail["Date"]).timestamp() == clock.ms // 1000
    text = mail.get_content()
    assert "“值班 邮箱”就能用" in text and "https://aq.example.cn/manage/reach" in text
    assert queued(plant.store)[0]["answer"] == "SMTP 250"


def test_a_receiver_that_is_refused_is_named_and_the_others_get_it(
    install: Context, row: Row
) -> None:
    with mail_capture() as office:
        office.refuses = {"ban@example.cn": "550 no such user"}
        found = with_mail(install, f"smtp://127.0.0.1:{office.port}?from=aq@example.cn")
        result = reach.send_test(found, row)
    assert result.taken and office.letters[0].to == ["anquan@example.cn"]
    assert result.answer == "SMTP 250; ban@example.cn: 550 no such user"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refuses": dict.fromkeys(TO.split(","), "550 no such user")}, "ban@example.cn: 550"),
        ({"after_data": "451 try later"}, "SMTP 451 try later"),
        ({"greeting": "554 go away"}, "SMTP 554 go away"),
    ],
)
def test_what_is_refused_is_no_success(
    install: Context, row: Row, changes: dict[str, object], said: str
) -> None:
    with mail_capture() as office:
        vars(office).update(changes)
        found = with_mail(install, f"smtp://127.0.0.1:{office.port}?from=aq@example.cn")
        result = reach.send_test(found, row)
    assert not result.taken and said in result.answer and office.letters == []


def test_a_farewell_that_goes_wrong_does_not_send_it_twice(install: Context, row: Row) -> None:
    with mail_capture() as office:
        office.at_quit = "500 rude"
        found = with_mail(install, f"smtp://127.0.0.1:{office.port}?from=aq@example.cn")
        assert reach.send_test(found, row).taken
    assert len(office.letters) == 1


def test_a_server_that_is_not_there_or_is_none(install: Context, row: Row) -> None:
    with mail_capture() as office:
        port = office.port
    found = with_mail(install, f"smtp://127.0.0.1:{port}?from=aq@example.cn")
    assert "refused" in reach.send_test(found, row).answer
    with http_capture() as web:
        found = with_mail(install, f"smtp://127.0.0.1:{web.port}?from=aq@example.cn")
        result = reach.send_test(found, row)
        assert not result.taken and result.answer


def test_without_a_server_it_says_so(install: Context, row: Row) -> None:
    result = reach.send_test(install, row)
    assert (result.taken, result.answer) == (False, reach.NO_SMTP)


# TLS ----------------------------------------------------------------------------------------------


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server for 127.0.0.1 whose authority this machine trusts."""
    names = [certificates.name_of("127.0.0.1")]
    now = datetime.datetime.now(datetime.UTC)
    authority = certificates.make_authority("测试", names, now)
    server = certificates.make_server(authority, names, now)
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "server.pem").write_bytes(
        server.certificate.public_bytes(Encoding.PEM) + server.key.private_bytes(*plain)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    return context


def test_tls_is_used_where_it_is_offered_and_carries_the_password(
    install: Context, row: Row, tls: ssl.SSLContext
) -> None:
    with mail_capture(tls) as office:
        address = f"smtp://aq%40example.cn:p%3A%2Fw@127.0.0.1:{office.port}?from=aq@example.cn"
        result = reach.send_test(with_mail(install, address), row)
        assert result.taken, result.answer
    (letter,) = office.letters
    assert letter.safe and base64.b64decode(letter.user) == b"\0aq@example.cn\0p:/w"


def test_smtps_is_tls_from_the_first_byte(install: Context, row: Row, tls: ssl.SSLContext) -> None:
    with mail_capture(tls, at_once=True) as office:
        address = f"smtps://u:secret@127.0.0.1:{office.port}?from=aq@example.cn"
        result = reach.send_test(with_mail(install, address), row)
        assert result.taken, result.answer
    assert office.letters[0].safe and office.letters[0].user


def test_a_password_is_not_sent_in_the_clear(install: Context, row: Row) -> None:
    with mail_capture() as office:
        address = f"smtp://u:secret@127.0.0.1:{office.port}?from=aq@example.cn"
        result = reach.send_test(with_mail(install, address), row)
    assert (result.taken, result.answer) == (False, reach_mail.NO_TLS)
    assert not any("AUTH" in line for line in office.commands) and office.letters == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    install: Context, row: Row, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_capture(tls) as office:
        address = f"smtp://u:secret@127.0.0.1:{office.port}?from=aq@example.cn"
        result = reach.send_test(with_mail(install, address), row)
    assert not result.taken and "certificate verify failed" in result.answer
    assert office.letters == [] and not any("AUTH" in line for line in office.commands)


# The setting --------------------------------------------------------------------------------------


def test_the_setting_is_read_with_its_defaults() -> None:
    read = read_config({"SHIFTAPP_SMTP": "smtps://aq%40x.cn:p%3Aw@mail.x.cn?from=aq@x.cn"})
    assert read.smtp == Smtp("mail.x.cn", 465, True, "aq@x.cn", "aq@x.cn", "p:w")
    assert "p:w" not in repr(read)
    read = read_config({"SHIFTAPP_SMTP": "smtp://mail.x.cn?from=aq@x.cn"})
    assert read.smtp == Smtp("mail.x.cn", 587, False, "aq@x.cn")
    assert read_config({}).smtp is None and read_config({"SHIFTAPP_SMTP": " "}).smtp is None


@pytest.mark.parametrize(
    "address",
    [
        "mail.x.cn",
        "http://u:secret@mail.x.cn?from=aq@x.cn",
        "smtp://u:secret@mail.x.cn",
        "smtp://u:secret@mail.x.cn?from=",
        "smtp://u:secret@mail.x.cn?from=nobody",
        "smtp://u:secret@mail.x.cn?from=a@b.cn%0d%0aBcc:%20x@y.cn",
        "smtp://u:secret@mail.x.cn:0x?from=aq@x.cn",
        "smtp://u:secret@mail.x.cn:99999?from=aq@x.cn",
        "smtp://:secret@?from=aq@x.cn",
        "smtp://u:secret@mail.x.cn/inbox?from=aq@x.cn",
        "smtp://u:secret@mail.x.cn?sender=aq@x.cn",
    ],
)
def test_an_odd_one_ends_the_program_without_telling_the_password(address: str) -> None:
    with pytest.raises(Problem, match="bad_setting") as told:
        read_config({"SHIFTAPP_SMTP": address})
    assert "SHIFTAPP_SMTP" in told.value.detail and "secret" not in told.value.detail
