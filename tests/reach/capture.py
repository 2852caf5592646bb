"""Receivers on loopback that write down what comes in and answer as they are told."""

from __future__ import annotations

import contextlib
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Answer = Literal[
    "ok", "errcode", "500", "hang", "drip", "drip_head", "redirect", "close", "html", "echo"
]
BODIES: dict[str, bytes] = {
    "ok": b'{"errcode": 0, "errmsg": "ok", "code": 0, "StatusCode": 0}',
    "errcode": b'{"errcode": 93000, "errmsg": "invalid webhook url", "code": 19021}',
    "500": b"out of order",
    "html": b"<html><title>Sign in to the network</title></html>",
}


@dataclass
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Capture:
    """An HTTP receiver; `answers` are given one after the other, the last one for ever."""

    port: int = 0
    answers: list[Answer] = field(default_factory=lambda: ["ok"])
    requests: list[Request] = field(default_factory=list)
    leave: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4"

    def take(self, request: Request) -> Answer:
        with self.lock:
            self.requests.append(request)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _HttpServer(ThreadingHTTPServer):
    capture: Capture


class _HttpHandler(BaseHTTPRequestHandler):
    server: _HttpServer

    def do_POST(self) -> None:
        capture = self.server.capture
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = capture.take(Request(self.path, dict(self.headers), body))
        if answer == "hang":
            capture.leave.wait(20)
        if answer in ("hang", "close"):
            return
        if answer == "drip_head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self._drops()
            return
        self.send_response({"500": 500, "redirect": 302}.get(answer, 200))
        if answer == "redirect":
            self.send_header("Location", f"http://127.0.0.1:{capture.port}/elsewhere")
        if answer == "drip":
            self._drip()
            return
        said = self.path.encode() if answer == "echo" else BODIES.get(answer, b"")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST

    def _drip(self) -> None:
        self.end_headers()
        self._drops()

    def _drops(self) -> None:
        with contextlib.suppress(OSError):
            while not self.server.capture.leave.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


@contextlib.contextmanager
def http_capture() -> Iterator[Capture]:
    """A running receiver."""
    with _HttpServer(("127.0.0.1", 0), _HttpHandler) as server:
        capture = server.capture = Capture(server.server_port)
        with _serving(server):
            yield capture
            capture.leave.set()


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Letter:
    """One mail as it came in."""

    sender: str
    to: list[str]
    data: bytes
    user: str
    safe: bool  # over TLS


@dataclass
class PostOffice:
    """An SMTP receiver and how it behaves."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    refuses: dict[str, str] = field(default_factory=dict)  # address → what it says instead
    after_data: str = "250 taken"
    at_quit: str = "221 bye"
    greeting: str = "220 capture"
    letters: list[Letter] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    office: PostOffice

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is none of ours."""


class _MailHandler(socketserver.StreamRequestHandler):
    server: _MailServer

    def setup(self) -> None:
        self.office, self.safe = self.server.office, self.server.office.at_once
        if self.safe and self.office.tls is not None:
            self.request = self.office.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self.sender, self.user = "", ""
        self.to: list[str] = []
        self._say(self.office.greeting)
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.office.commands.append(line)
            word = line.split()[0].upper()
            if word == "QUIT":
                self._say(self.office.at_quit)
                return
            getattr(self, f"_{word.lower()}", self._unknown)(line)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()

    def _unknown(self, line: str) -> None:
        self._say("502 what?")

    def _ehlo(self, line: str) -> None:
        offers = ["AUTH PLAIN"] + (["STARTTLS"] if self.office.tls and not self.safe else [])
        self._say("250-capture", *[f"250-{one}" for one in offers], "250 8BITMIME")

    def _starttls(self, line: str) -> None:
        assert self.office.tls is not None
        self._say("220 go")
        self.request = self.office.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self.safe = True

    def _auth(self, line: str) -> None:
        self.user = line.split()[-1]
        self._say("235 come in")

    def _mail(self, line: str) -> None:
        self.sender, self.to = line.partition("<")[2].partition(">")[0], []
        self._say("250 ok")

    def _rcpt(self, line: str) -> None:
        address = line.partition("<")[2].partition(">")[0]
        if address not in self.office.refuses:
            self.to.append(address)
        self._say(self.office.refuses.get(address, "250 ok"))

    def _rset(self, line: str) -> None:
        self._say("250 ok")

    def _data(self, line: str) -> None:
        self._say("354 go on")
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            data += self.rfile.readline()
        if self.office.after_data.startswith("250"):
            letter = Letter(self.sender, self.to, data, self.user, self.safe)
            self.office.letters.append(letter)
        self._say(self.office.after_data)


@contextlib.contextmanager
def mail_capture(
    tls: ssl.SSLContext | None = None, *, at_once: bool = False
) -> Iterator[PostOffice]:
    """A running receiver; with `tls` it offers STARTTLS, or (`at_once`) speaks TLS at once."""
    with _MailServer(("127.0.0.1", 0), _MailHandler) as server:
        office = server.office = PostOffice(server.server_address[1], tls, at_once)
        with _serving(server):
            yield office
