"""One message by mail: SMTP with TLS where the server offers it, a password over TLS only.

The `Message-ID` is that of the queued message, so a mailbox can tell one that came twice.
"""

from __future__ import annotations

import contextlib
import datetime
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from shiftapp.config import Smtp
from shiftapp.model.deliveries import MAX_ANSWER, Result

TIMEOUT_S = 10.0
NO_TLS = "~no_tls"


@dataclass(frozen=True)
class Mail:
    """A mail as it is sent; `name` is its Message-ID without the brackets."""

    to: list[str]
    subject: str
    text: str
    name: str
    wall_ms: int


def send(smtp: Smtp, mail: Mail, host: str) -> Result:
    """Hand a mail to the server; taken when it took it for one receiver at least."""
    try:
        server = _connect(smtp, host)
        try:
            if smtp.user and not (smtp.tls or _made_safe(server)):
                return Result(False, NO_TLS)
            if smtp.user:
                server.login(smtp.user, smtp.password)
            refused = server.send_message(_message(smtp, mail), smtp.sender, mail.to)
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()  # whatever it says to that, the mail is taken or is not
            server.close()
    except (smtplib.SMTPException, OSError) as error:
        return Result(False, _said(error))
    told = [f"{address}: {code} {_text(said)}" for address, (code, said) in refused.items()]
    return Result(True, "; ".join(["SMTP 250", *told])[:MAX_ANSWER])


def _connect(smtp: Smtp, host: str) -> smtplib.SMTP:
    if smtp.tls:
        return smtplib.SMTP_SSL(
            smtp.host,
            smtp.port,
            local_hostname=host,
            timeout=TIMEOUT_S,
            context=ssl.create_default_context(),
        )
    server = smtplib.SMTP(smtp.host, smtp.port, local_hostname=host, timeout=TIMEOUT_S)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    except Exception:
        server.close()
        raise
    return server


def _made_safe(server: smtplib.SMTP) -> bool:
    return isinstance(server.sock, ssl.SSLSocket)


def _message(smtp: Smtp, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = smtp.sender
    message["To"] = ", ".join(mail.to)
    sent = datetime.datetime.fromtimestamp(mail.wall_ms / 1000, datetime.UTC)
    message["Date"] = format_datetime(sent)
    message["Message-ID"] = f"<{mail.name}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    message.set_content(mail.text)
    return message


def _said(error: Exception) -> str:
    """What the server or the system said, as one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told = [f"{one}: {code} {_text(said)}" for one, (code, said) in error.recipients.items()]
        return "; ".join(told)[:MAX_ANSWER]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code} {_text(error.smtp_error)}"[:MAX_ANSWER]
    return (" ".join(str(error).split()) or type(error).__name__)[:MAX_ANSWER]


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
