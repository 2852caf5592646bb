from __future__ import annotations

from shiftapp.ledger.keys import load_keyset
from shiftapp.model import credentials, people, sessions
from tests.terminal import PASSWORD, Cli


def password_of(cli: Cli, no: str) -> str | None:
    store = cli.store()
    person = people.by_no(store, no)
    store.close()
    assert person is not None
    return person["password_hash"]


def test_it_lists_who_works_at_a_desk(cli: Cli) -> None:
    assert cli.json("user", "list") == [
        {
            "no": "admin",
            "name": "管理员",
            "crew": None,
            "roles": [{"role": "admin", "scope_kind": "all", "scope": ""}],
            "password": True,
        }
    ]
    assert "admin:all" in cli.run("user", "list").output


def test_operators_are_listed_when_asked_for(cli: Cli) -> None:
    store = cli.store()
    with store.tx() as db:
        people.save_person(db, people.Person(id="0" * 36, no="1", name="张三"), 1)
    store.close()
    assert len(cli.json("user", "list")) == 1
    assert [one["no"] for one in cli.json("user", "list", "--all")] == ["1", "admin"]


def test_a_new_password_works_and_the_old_one_does_not(cli: Cli) -> None:
    out = cli.run("user", "reset-password", "admin").output
    new = out.split()[1]
    pepper = load_keyset(cli.data / "keys").pin_pepper
    stored = password_of(cli, "admin")
    assert credentials.check_secret(stored, new, pepper)
    assert not credentials.check_secret(stored, PASSWORD, pepper)


def test_a_new_password_ends_the_desk_sessions(cli: Cli) -> None:
    store = cli.store()
    person = people.by_no(store, "admin")
    assert person is not None
    with store.tx() as db:
        sessions.start(
            db,
            sid=bytes(16),
            secret="s",
            person=person["id"],
            device=None,
            how="password",
            lasts_ms=sessions.DESK_MS,
            now_ms=1,
        )
    cli.run("user", "reset-password", "admin", "--password-stdin", typed="another horse 8\n")
    assert store.value("SELECT COUNT(*) AS n FROM session") == 0
    audit = store.rows("SELECT what FROM audit ORDER BY seq")
    store.close()
    assert [row["what"] for row in audit] == ["init", "password.reset"]


def test_an_unknown_number_is_named(cli: Cli) -> None:
    assert "B9" in cli.run("user", "reset-password", "B9", code=1).output
