"""`shiftapp init`: an empty install. The plant itself comes with `shiftapp import`."""

from __future__ import annotations

import secrets
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import click

import qr.code
import shiftapp
from shiftapp.commands.install import config, data_option
from shiftapp.commands.speech import pick, refuse, say
from shiftapp.config import Config
from shiftapp.ledger.keys import Keys, write_keyset
from shiftapp.model import audit, credentials, people, settings
from shiftapp.store import open_store

LONGEST_CODE = ("7K2M41QX", "0" * 16)  # every station code and MAC is that long


@click.command()
@data_option
@click.option("--url", required=True, help="Public address, e.g. https://aq.example.cn; for good.")
@click.option("--name", default="", help="Name of the enterprise (Chinese).")
@click.option("--name-en", default="", help="Name of the enterprise (English).")
@click.option(
    "--admin-no", default="admin", show_default=True, help="Employee number of the first account."
)
@click.option("--admin-name", default="管理员", show_default=True, help="Its name.")
@click.option("--admin-password-stdin", is_flag=True, help="Read its password from standard input.")
def init(
    data: Path | None,
    url: str,
    name: str,
    name_en: str,
    admin_no: str,
    admin_name: str,
    admin_password_stdin: bool,
) -> None:
    """Make an empty install: database, keys, secrets and an administrator."""
    found, address = config(data), public_address(url)
    _must_be_new(found)
    password = _password(admin_password_stdin)
    keys = _make_keys(found, address)
    admin = people.Person(
        id=str(uuid.uuid4()), no=admin_no, name=admin_name, roles=(people.Role("admin"),)
    )
    hashed = credentials.hash_secret(password, keys.pin_pepper)
    _fill(found, address, name, name_en, admin, hashed)
    say(f"建好了：{found.data}，公开地址 {address}", f"Made {found.data} for {address}")
    _say_account(admin_no, "" if admin_password_stdin else password)
    _say_next(address)


def public_address(url: str) -> str:
    """The address as it is kept: scheme and host in lower case, no trailing slash."""
    try:
        qr.code.qr_matrix(qr.code.station_url(url.strip(), *LONGEST_CODE))
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:  # AddressError is one
        raise refuse(
            f"公开地址不能用：{url}。写 https://主机名，用英文字母，不带路径，不超过 72 个字符。",
            f"This address cannot be used: {url}. Give https://host, without a path ({error}).",
        ) from None
    usual = {"https": 443, "http": 80}[parts.scheme]
    shown = f":{port}" if port not in (None, usual) else ""
    return f"{parts.scheme}://{parts.hostname}{shown}"


def _must_be_new(found: Config) -> None:
    has_keys = found.keys.is_dir() and any(found.keys.iterdir())
    if has_keys or (found.data / "shiftapp.db").exists():
        raise refuse(
            f"{found.data} 里已经有安装，没有动它。换一个目录，或者先备份再清空。",
            f"{found.data} already holds an install and was left alone. Choose another folder.",
        )
    if found.database:
        store = open_store(found.address)
        filled = bool(store.migrated())
        store.close()
        if filled:
            raise refuse(
                "这个 PostgreSQL 数据库里已经有安装，没有动它。",
                "This PostgreSQL database already holds an install and was left alone.",
            )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return credentials.check_password_form(sys.stdin.readline().strip())
    return new_password()


def new_password() -> str:
    """A password to print once: 80 random bits in symbols that are not mistaken for each other."""
    symbols = qr.code.encode(secrets.token_bytes(10))
    return "-".join(symbols[i : i + 4] for i in range(0, 16, 4))


def _make_keys(found: Config, address: str) -> Keys:
    found.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found.data.chmod(0o700)
    return write_keyset(found.keys, _origin(address), secrets.token_bytes)


def _origin(address: str) -> str:
    return f"{urlsplit(address).hostname}/log"


def _fill(
    found: Config, address: str, name: str, name_en: str, admin: people.Person, hashed: str
) -> None:
    store = open_store(found.address)
    try:
        store.migrate()
        if not found.database:
            (found.data / "shiftapp.db").chmod(0o600)
        with store.tx() as db:
            settings.put(db, url=address, origin=_origin(address), name=name, name_en=name_en)
            people.save_person(db, admin, shiftapp.wall_ms())
            credentials.set_password(db, admin.id, hashed)
            audit.note(db, shiftapp.wall_ms(), None, "init", address)
    finally:
        store.close()


def _say_account(no: str, password: str) -> None:
    say(f"管理员工号 {no}", f"Administrator: number {no}")
    if password:
        say(
            f"密码 {password}（只显示这一次；重设：shiftapp user reset-password {no}）",
            f"Password {password} (shown once; anew: shiftapp user reset-password {no})",
        )


def _say_next(address: str) -> None:
    if address.startswith("http://"):
        say(
            "注意：http 下没有离线使用和相机扫码，密码明文传输。正式使用请用 https。",
            "Note: over http there is no offline use and no scanning, and passwords travel in the"
            " clear. Use https for real work.",
        )
    click.echo(
        pick(
            "下一步：shiftapp export --template plant.xlsx，填好后 shiftapp import plant.xlsx，"
            "再 shiftapp serve",
            "Next: shiftapp export --template plant.xlsx, fill it in, shiftapp import plant.xlsx,"
            " then shiftapp serve",
        )
    )
