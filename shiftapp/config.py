"""What the operator sets: read once, odd values refused, no default secret.

Facts of the plant (name, public address, times) are not here but in the database (model/settings).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from shiftapp.problems import Problem, Twin


class Setting(NamedTuple):
    """One line of the settings table in docs/operate.md."""

    name: str
    default: str
    help: str
    help_zh: str


SETTINGS = (
    Setting(
        "SHIFTAPP_DATA",
        "data",
        "folder of database, blobs and keys",
        "数据目录：数据库、附件、密钥",
    ),
    Setting(
        "SHIFTAPP_DATABASE",
        "",
        "postgresql://… address; empty: SQLite file shiftapp.db in the data folder",
        "postgresql://… 地址；留空用数据目录里的 SQLite",
    ),
    Setting(
        "SHIFTAPP_THREADS",
        "32",
        "request threads of `serve`, 4 to 256",
        "serve 的请求线程数，4 到 256",
    ),
    Setting(
        "SHIFTAPP_TRUSTED_PROXIES",
        "0",
        "reverse proxies in front whose X-Forwarded-… is believed, 0 to 3",
        "前面可信的反向代理层数，0 到 3",
    ),
    Setting(
        "SHIFTAPP_SERVICE_WORKER",
        "on",
        "off takes the offline start away from every phone at its next visit; records stay",
        "off：每部手机下次打开时去掉离线启动；记录不动",
    ),
    Setting(
        "SHIFTAPP_SEQUENCE",
        "on",
        "off: `serve` does not keep the log, `shiftapp log sequence` does; then `serve` needs"
        " neither keys/log.key nor keys/witness.key",
        "off：serve 不写公开账本，由 shiftapp log sequence 来写；"
        "serve 这边就不需要 keys/log.key 和 keys/witness.key",
    ),
    Setting(
        "SHIFTAPP_SMTP",
        "",
        "mail server of reminders: smtp://user:password@host:587?from=aq@example.cn (TLS where the"
        " server offers it) or smtps://…; a password goes over TLS only; empty: no mail",
        "提醒邮件的服务器：smtp://用户:密码@主机:587?from=aq@example.cn（服务器支持就用 TLS）"
        "或者 smtps://…；没有 TLS 不发密码；留空不发邮件",
    ),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


SMTP_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Smtp:
    """A mail server and who writes from it; `tls` from the first byte, else where it is offered."""

    host: str
    port: int
    tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Config:
    """The operator's settings, checked."""

    data: Path
    database: str = ""
    threads: int = 32
    trusted_proxies: int = 0
    service_worker: bool = True
    sequence: bool = True  # the web process keeps the log
    smtp: Smtp | None = None

    @property
    def address(self) -> str:
        """What `store.open_store` takes."""
        return self.database or str(self.data / "shiftapp.db")

    @property
    def keys(self) -> Path:
        """Folder of the key files."""
        return self.data / "keys"

    @property
    def tls(self) -> Path:
        """Folder of the install's own certificate authority, where it has one."""
        return self.keys / "tls"

    @property
    def erased(self) -> Path:
        """List of what a manager had erased, outside the database and its backups."""
        return self.data / "erased"

    @property
    def blobs(self) -> Path:
        """Folder of the photos and signatures; servers that share a database share it."""
        return self.data / "blobs"

    @property
    def policy(self) -> Path:
        """The operator's own policy of the log, where there is one."""
        return self.data / "policy"

    @property
    def published(self) -> Path:
        """What remembers the newest checkpoint, apart from the database (ledger/guard.py)."""
        return self.data / "log" / "published"

    @property
    def witness(self) -> Path:
        """Folder of what the install's own witness remembers."""
        return self.data / "witness"

    @property
    def messages(self) -> Path:
        """Folder of the operator's own payload templates, where there is one."""
        return self.data / "messages"


def read_config(environ: Mapping[str, str], data: Path | None = None) -> Config:
    """Settings from the environment; `data` (from --data) wins over SHIFTAPP_DATA.

    :raises Problem: `bad_setting` when a value is odd; the sentence names the setting.
    """
    values = {name: environ.get(name, default) for name, default in DEFAULTS.items()}
    unknown = sorted(
        name for name in environ if name.startswith("SHIFTAPP_") and name not in DEFAULTS
    )
    if unknown:
        raise _bad(unknown[0], "没有这个设置", "there is no such setting")
    database = values["SHIFTAPP_DATABASE"]
    if database and not database.startswith(("postgresql://", "postgres://")):
        raise _bad(
            "SHIFTAPP_DATABASE",
            "要以 postgresql:// 开头，或者留空",
            "it begins with postgresql://, or is empty",
        )
    return Config(
        data=data or Path(values["SHIFTAPP_DATA"]),
        database=database,
        threads=_whole(values, "SHIFTAPP_THREADS", 4, 256),
        trusted_proxies=_whole(values, "SHIFTAPP_TRUSTED_PROXIES", 0, 3),
        service_worker=_on(values, "SHIFTAPP_SERVICE_WORKER"),
        sequence=_on(values, "SHIFTAPP_SEQUENCE"),
        smtp=_smtp(values["SHIFTAPP_SMTP"].strip()),
    )


def _smtp(address: str) -> Smtp | None:
    """The mail server; what is wrong is said without repeating the address, it has a password."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port or SMTP_PORTS[parts.scheme]
        sender = parse_qs(parts.query, strict_parsing=True)["from"][0]
    except (ValueError, KeyError):
        raise _bad_smtp() from None
    if not parts.hostname or "@" not in sender or not _is_plain(parts, sender):
        raise _bad_smtp()
    return Smtp(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "smtps",
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _is_plain(parts: SplitResult, sender: str) -> bool:
    """Nothing that would be a line of its own in a message."""
    return sender.isascii() and sender.isprintable() and parts.path in ("", "/")


def _on(values: Mapping[str, str], name: str) -> bool:
    if values[name] not in ("on", "off"):
        raise _bad(name, "要填 on 或者 off", "on or off")
    return values[name] == "on"


def _whole(values: Mapping[str, str], name: str, low: int, high: int) -> int:
    text = values[name].strip()
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise _bad(name, f"要填 {low} 到 {high} 的整数", f"a whole number, {low} to {high}")
    return int(text)


def _bad_smtp() -> Problem:
    likeness = "?from=aq@example.cn"
    return _bad(
        "SHIFTAPP_SMTP", f"要像 smtp://主机:587{likeness}", f"as in smtp://host:587{likeness}"
    )


def _bad(name: str, why: str, why_en: str) -> Problem:
    said = Twin(f"设置 {name}：{why}", f"Setting {name}: {why_en}")
    return Problem(500, "bad_setting", "%(said)s", params={"said": said})
