"""Two servers on one PostgreSQL: a record delivered to both is stored once, with one receipt."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.faults.rig import Phone, Server, Told, check, note, record_id
from tests.faults.test_kill import deliver_the_rest
from tests.terminal import Cli


def test_a_record_delivered_to_both_is_stored_once(postgres_cli: Cli) -> None:
    servers = [Server(postgres_cli), Server(postgres_cli)]
    phone, told = Phone(postgres_cli, 1), Told()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(30):
            record = phone.seal()
            told.held[record_id(record)] = record
            jobs = [pool.submit(phone.deliver, servers[n % 2].port, [record]) for n in range(8)]
            answers = [job.result() for job in jobs]
            assert None not in answers
            statuses = [answer[0]["status"] for answer in answers if answer]
            assert sorted(statuses) == ["duplicate"] * 7 + ["stored"]
            assert len({answer[0]["receipt"] for answer in answers if answer}) == 1
            for answer in answers:
                note(told, [record], answer)
    for server in servers:
        assert server.stop() == 0
    check(postgres_cli, told)


def test_cut_connections_lose_nothing(postgres_cli: Cli) -> None:
    servers = [Server(postgres_cli), Server(postgres_cli)]
    phones = [Phone(postgres_cli, n) for n in range(4)]
    told, over = Told(), threading.Event()
    threads = [
        threading.Thread(target=phone.hammer, args=(lambda p=server.port: p, told, over))  # type: ignore[misc]
        for phone, server in zip(phones, servers * 2, strict=True)
    ]
    for thread in threads:
        thread.start()
    with psycopg.connect(postgres_cli.database, autocommit=True) as admin:
        for _ in range(8):
            time.sleep(0.3)
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    time.sleep(0.5)
    over.set()
    for thread in threads:
        thread.join()
    assert len(told.acknowledged) > 50
    deliver_the_rest(phones[0], servers[0].port, told)
    for server in servers:
        assert server.stop() == 0
    check(postgres_cli, told)
