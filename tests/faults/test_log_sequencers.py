"""Two sequencers on one PostgreSQL while its connections are cut (ledger brief §13 N)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import psycopg

from shiftapp.ledger import log
from tests.faults.rig import log_of
from tests.keeping import check_log, fill, words
from tests.terminal import Cli

CUTS = 10


def test_two_sequencers_and_cut_connections_make_one_log(postgres_cli: Cli) -> None:
    cli, over, told = postgres_cli, threading.Event(), list[str]()
    processes = [sequencer(cli, number) for number in range(2)]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline()
    writers = [threading.Thread(target=write, args=(cli, seed, told, over)) for seed in range(3)]
    for writer in writers:
        writer.start()
    with psycopg.connect(cli.database, autocommit=True) as admin:
        for _ in range(CUTS):
            time.sleep(0.7)
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    over.set()
    for writer in writers:
        writer.join()
    for process in processes:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()
    cli.run("log", "sequence", "--once")
    store = cli.store()
    size = check_log(store, log_of(cli))
    assert len(told) > 100
    assert set(told) <= set(words(store, size))
    assert store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 0
    assert store.value("SELECT refused FROM head") == ""
    assert log.newest(store) is not None
    store.close()


def sequencer(cli: Cli, number: int) -> subprocess.Popen[bytes]:
    with (cli.data / f"sequence-{number}.err").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "shiftapp", "log", "sequence"],
            env={**os.environ, **cli.env},
            stdout=subprocess.PIPE,
            stderr=errors,
        )


def write(cli: Cli, seed: int, told: list[str], over: threading.Event) -> None:
    chance, store = random.Random(seed), cli.store()
    while not over.is_set():
        new = [f"entry {chance.getrandbits(60)}" for _ in range(3)]
        try:
            fill(store, new, 5)
            told += new
        except psycopg.OperationalError:
            over.wait(0.1)
        over.wait(0.02)
    store.close()
