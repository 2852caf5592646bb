"""A reverse proxy that does to the next requests what a test says: the network of a plant.

`faulty.then("after", "500")` is for the next two requests of the outbox, in this order; whatever
follows goes through. `faulty.always("portal")` holds until `faulty.good()`. `faulty.down()` is a
server that nobody reaches any more, until `faulty.up()` under the same address. Only what begins
with `faulty.where` is touched, the sync unless told. `faulty.seen` is what was done to whom.
`gate = faulty.hold("/api/v1/pack")` keeps requests waiting until `gate.is_open.set()` or
`faulty.good()`. `faulty.meet("滴油", "500")` is for every request with this in its body;
`faulty.edit` rewrites the JSON of every answer of the API.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import socketserver
import struct
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

Fault = Literal[
    "pass",
    "before",  # the request never comes to the server
    "after",  # the server has done it, the answer is lost
    "half",  # the answer breaks off in the middle
    "reset",  # like `after`, and the connection is reset
    "truncated",  # a whole answer whose JSON is not whole
    "slow",
    "500",
    "502",  # a proxy's page
    "429",
    "413",
    "portal",  # somebody else's page with 200
    "portal-json",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
SYNC = "/api/v1/sync"
PATIENCE_S = 60  # nothing is held longer
HTML, JSON = "text/html; charset=utf-8", "application/json"
MADE_UP: dict[str, tuple[int, str, str]] = {
    "500": (500, JSON, '{"code":"crash","detail":"x"}'),
    "502": (502, HTML, "<h1>502 Bad Gateway</h1>"),
    "429": (429, JSON, '{"code":"throttled","detail":"x"}'),
    "413": (413, JSON, '{"code":"request_too_big","detail":"x"}'),
    "portal": (200, HTML, "<h1>请先登录 Wi-Fi</h1>"),
    "portal-json": (200, JSON, '{"login":"http://wifi.example/"}'),
}
# Not handed on; without Accept-Encoding what is cut in the middle is text.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}


class Gate:
    """Where requests wait: `came` is set once there was one, `is_open` when they may go on."""

    def __init__(self) -> None:
        self.came, self.is_open = threading.Event(), threading.Event()


class Faulty:
    """The proxy, on a free port of loopback; `url` is where phones find it."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.where = SYNC
        self.slow_s = 0.4
        self.seen: list[tuple[str, Fault]] = []
        self.edit: Callable[[str, dict[str, Any]], dict[str, Any]] | None = None
        self._met: dict[bytes, Fault] = {}
        self._gates: dict[str, Gate] = {}
        self._next: deque[Fault] = deque()
        self._always: Fault = "pass"
        self._lock = threading.Lock()
        self._server = _Listener(("127.0.0.1", 0), self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def then(self, *faults: Fault) -> None:
        """What happens to the next requests."""
        with self._lock:
            self._next.extend(faults)

    def always(self, fault: Fault) -> None:
        """What happens to all requests that nothing else was said about."""
        with self._lock:
            self._always = fault

    def meet(self, text: str, fault: Fault) -> None:
        """What happens to requests that have this in their body, now and later."""
        with self._lock:
            self._met[text.encode()] = fault

    def hold(self, path: str) -> Gate:
        """Requests for this address wait at a gate, until it is opened or all is good."""
        with self._lock:
            return self._gates.setdefault(path, Gate())

    def wait_at_gate(self, path: str) -> None:
        with self._lock:
            gates = [gate for prefix, gate in self._gates.items() if path.startswith(prefix)]
        for gate in gates:
            gate.came.set()
            gate.is_open.wait(PATIENCE_S)

    def good(self) -> None:
        """No faults any more."""
        with self._lock:
            self._always = "pass"
            self._next.clear()
            for gate in self._gates.values():
                gate.is_open.set()
            self._gates.clear()

    def down(self) -> None:
        """Nobody listens; what is under way breaks off."""
        self._server.end()

    def up(self) -> None:
        """Listen again where it did before."""
        self._server = _Listener(("127.0.0.1", self.port), self)

    def took(self) -> list[Fault]:
        """What was done to the requests so far, oldest first."""
        with self._lock:
            return [fault for _, fault in self.seen]

    def fate(self, path: str, body: bytes) -> Fault:
        """What happens to a request; asked once for each."""
        if not path.startswith(self.where):
            return "pass"
        with self._lock:
            met = [fault for text, fault in self._met.items() if text in body]
            fault = met[0] if met else self._next.popleft() if self._next else self._always
            self.seen.append((path, fault))
            return fault


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], faulty: Faulty) -> None:
        self.faulty = faulty
        self.open: set[socket.socket] = set()
        super().__init__(address, _Handler)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):  # it was gone already
                connection.shutdown(socket.SHUT_RDWR)  # a mere close waits for its reader

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away, or a connection that we broke ourselves, is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.faulty.wait_at_gate(self.path)
        fault = self.server.faulty.fate(self.path, body)
        if fault == "before":
            self.hang_up()
        elif fault in MADE_UP:
            status, kind, text = MADE_UP[fault]
            self.answer(status, [("Content-Type", kind)], text.encode())
        else:
            self.relay(body, fault)

    do_POST = do_HEAD = do_DELETE = do_PUT = do_GET

    def relay(self, body: bytes, fault: Fault) -> None:
        """Ask the server; then give its answer, or what the fault leaves of it."""
        if fault == "slow":
            threading.Event().wait(self.server.faulty.slow_s)
        status, headers, content = self.ask(body)
        if fault == "after":
            self.hang_up()
        elif fault == "reset":
            reset(self.connection)
            self.close_connection = True
        elif fault == "truncated":
            kept = [one for one in headers if one[0].lower() != "content-encoding"]
            self.answer(status, kept, content[: len(content) // 2])
        elif fault == "half":
            self.answer(status, headers, content, half=True)
        else:
            self.answer(status, headers, content)

    def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = self.server.faulty.upstream
        asked = http.client.HTTPConnection(str(upstream.hostname), upstream.port, timeout=20)
        try:
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in HOP
            }
            asked.request(self.command, self.path, body or None, headers)
            answer = asked.getresponse()
            kept = [one for one in answer.getheaders() if one[0].lower() not in HOP]
            return answer.status, kept, self.edited(answer.read())
        finally:
            asked.close()

    def edited(self, content: bytes) -> bytes:
        edit = self.server.faulty.edit
        if edit is None or not self.path.startswith("/api/") or not content.startswith(b"{"):
            return content
        return json.dumps(edit(self.path, json.loads(content))).encode()

    def answer(
        self, status: int, headers: list[tuple[str, str]], content: bytes, half: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204 and status != 304:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if half else content)
        if half:
            self.hang_up()

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Tests read `seen`."""


def reset(connection: socket.socket) -> None:
    """End a connection as a middle box does: no farewell, a reset."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    except OSError:  # it was gone already
        pass
