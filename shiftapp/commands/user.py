"""`shiftapp user`: who may sign in at a desk, and a new password for whom has lost theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shiftapp.commands.init import new_password
from shiftapp.commands.install import data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, print_table, refuse, say
from shiftapp.model import audit, credentials, people

PAGE = 500


@click.group()
def user() -> None:
    """People and their desk accounts."""


@user.command("list")
@click.option("--all", "everybody", is_flag=True, help="Also people without a desk role.")
@data_option
@json_option
def list_users(everybody: bool, data: Path | None, as_json: bool) -> None:
    """List who may work at a desk, with their roles."""
    with opened(data) as install:
        found = []
        skip = 0
        while rows := people.people(install.store, limit=PAGE, skip=skip):
            skip += PAGE
            for row in rows:
                roles = people.roles(install.store, row["id"])
                if row["active"] and (everybody or any(r.role != "operator" for r in roles)):
                    found.append((row, roles))
    if as_json:
        print_json(
            [
                {
                    "no": row["no"],
                    "name": row["name"],
                    "crew": row["crew"],
                    "roles": [role._asdict() for role in roles],
                    "password": row["password_hash"] is not None,
                }
                for row, roles in found
            ]
        )
        return
    heads = [pick("工号", "number"), pick("姓名", "name"), pick("班组", "crew")]
    heads += [pick("角色", "roles"), pick("密码", "password")]
    lines = [
        [
            row["no"],
            row["name"],
            row["crew"] or "-",
            ", ".join(f"{role.role}:{role.scope or 'all'}" for role in roles),
            pick("有", "yes") if row["password_hash"] else pick("无", "no"),
        ]
        for row, roles in found
    ]
    print_table(heads, lines)


@user.command("reset-password")
@click.argument("no")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input.")
@data_option
def reset_password(no: str, password_stdin: bool, data: Path | None) -> None:
    """Give the person with employee number NO a new password and end their desk sessions."""
    with opened(data) as install:
        person = people.by_no(install.store, no)
        if person is None:
            raise refuse(f"没有工号 {no} 的在册人员。", f"Nobody active has the number {no}.")
        typed = sys.stdin.readline().strip() if password_stdin else ""
        password = credentials.check_password_form(typed) if password_stdin else new_password()
        hashed = credentials.hash_secret(password, install.keys().pin_pepper)
        with install.store.tx() as db:
            credentials.set_password(db, person["id"], hashed)
            audit.note(db, install.now_ms(), None, "password.reset", person["id"])
    if password_stdin:
        say(f"工号 {no} 的密码已换。", f"The password of {no} is changed.")
    else:
        say(f"工号 {no} 的新密码 {password}（只显示这一次）", f"{no}: {password} (shown once)")
