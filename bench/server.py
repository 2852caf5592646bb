"""One of the two servers that are compared, in a process of its own.

`server.py ours FOLDER THREADS` is `shiftapp serve` as it is. `server.py bare FOLDER THREADS` is
what one would write first: Flask and an INSERT, a connection a thread, WAL, `synchronous=FULL`,
committed before it answers; the same SQLite library, the same server class, the same number of
threads. Both print their port and end with SIGTERM.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from flask import Flask, Response, jsonify, request
from sqlite_utils.utils import sqlite3

from shiftapp import create_app
from shiftapp.commands.server import make_server, run_server, start_logging
from shiftapp.config import Config


def ours(folder: Path, threads: int) -> None:
    start_logging()
    app = create_app(Config(data=folder, threads=threads))
    run_server(app, "127.0.0.1", 0, threads=threads, ready=_say)


def bare(folder: Path, threads: int) -> None:
    server = make_server(bare_app(folder / "bare.db"), "127.0.0.1", 0, threads, None)
    server.prepare()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    _say(server.bind_addr[1])
    try:
        server.serve()
    except SystemExit:
        server.stop()


def bare_app(path: Path) -> Flask:
    """POST /insert: every record of the request is a row, one commit."""
    app, held = Flask(__name__), threading.local()
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024

    def connection() -> sqlite3.Connection:
        if not hasattr(held, "db"):
            held.db = sqlite3.connect(path, isolation_level=None, timeout=60)
            held.db.execute("PRAGMA journal_mode = WAL")
            held.db.execute("PRAGMA synchronous = FULL")
        return held.db

    connection().execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    @app.post("/insert")
    def insert() -> Response:
        db, sent = connection(), request.get_json()["records"]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO record (body) VALUES (?)", [(one["body"],) for one in sent])
        db.execute("COMMIT")
        return jsonify(stored=len(sent))

    return app


def _say(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
