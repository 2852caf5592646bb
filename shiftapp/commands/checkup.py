"""The single checks of `doctor`: each looks at one thing and gives a `Check`."""

from __future__ import annotations

import datetime
import shutil
import ssl
import stat
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography import x509

import qr.glyphs
import shiftapp
from shiftapp.commands.private_ca import RENEW
from shiftapp.commands.speech import pick
from shiftapp.config import Config
from shiftapp.model import deliveries
from shiftapp.model.settings import Settings
from shiftapp.store import Store, files
from shiftapp.store.migrations import names
from shiftapp.store.sqlite import SAFE_VERSION, sqlite_version

LOW_BYTES = 1024**3  # a warning; /healthz fails below 200 MB
BUILT_MS = 1_790_000_000_000  # September 2026: no honest clock is before this program was written
SKEW_S = 60
NAMES = (
    "SELECT name FROM station UNION SELECT place FROM station UNION SELECT name FROM area"
    " UNION SELECT name FROM job UNION SELECT name FROM crew UNION SELECT name FROM person"
    " WHERE active = 1 UNION SELECT name FROM site"
)


@dataclass(frozen=True)
class Check:
    """What was looked at, whether it is fit, and a sentence."""

    name: str
    verdict: Literal["ok", "warn", "fail"]
    says: str


def schema(store: Store) -> Check:
    """Whether the database has the schema of this version."""
    have, known = store.migrated(), names()
    if have == known:
        return Check("schema", "ok", have[-1])
    if any(name not in known for name in have):
        return Check(
            "schema", "fail", pick("比程序新：升级 shiftapp", "newer than this program: upgrade it")
        )
    return Check("schema", "fail", pick("旧版：运行 shiftapp migrate", "old: run shiftapp migrate"))


def disk(config: Config) -> Check:
    """Room on the disk of the data folder."""
    free = shutil.disk_usage(config.data).free
    says = pick(f"剩 {free / 1024**3:.1f} GB", f"{free / 1024**3:.1f} GB free")
    return Check("disk", "ok" if free >= LOW_BYTES else "warn", says)


def blobs(store: Store, config: Config) -> Check:
    """Whether the file of every photo and signature is there, as long as its row says."""
    rows = store.rows("SELECT sha, bytes FROM blob ORDER BY sha")
    lost = [row for row in rows if _length(config.blobs, bytes(row["sha"])) != row["bytes"]]
    if not lost:
        return Check(
            "blobs", "ok", pick(f"{len(rows)} 个附件都在", f"all {len(rows)} files are here")
        )
    first = files.path_of(config.blobs, bytes(lost[0]["sha"])).relative_to(config.data)
    says = pick(
        f"{len(rows)} 个附件缺 {len(lost)} 个文件，从备份放回：{first} 等",
        f"{len(lost)} of {len(rows)} files are missing, put them back from a backup: {first} …",
    )
    return Check("blobs", "fail", says)


def permissions(config: Config) -> Check:
    """Keys for their owner alone, and a data folder that others cannot enter."""
    if not config.keys.is_dir():
        return Check("keys", "fail", pick("没有密钥目录", "there is no folder of keys"))
    wide = [
        path
        for path in (config.data, config.keys, *config.keys.rglob("*"))
        if path.suffix != ".crt" and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if wide:
        listed = " ".join(str(path) for path in wide)
        return Check(
            "keys", "fail", pick("别人也能读：", "others can read: ") + f"chmod go= {listed}"
        )
    return Check("keys", "ok", pick("只有本用户能读", "readable by this user alone"))


def engine(store: Store) -> Check:
    """A SQLite without the WAL-reset bug, or a PostgreSQL that sorts by code point."""
    if store.engine == "sqlite":
        have = ".".join(str(part) for part in sqlite_version())
        if sqlite_version() >= SAFE_VERSION:
            return Check("sqlite", "ok", have)
        return Check(
            "sqlite",
            "warn",
            pick(
                f"{have} 有 WAL 复位的缺陷（3.51.3 起修好）；只用一个写连接，避开了",
                f"{have} has the WAL-reset bug (fixed in 3.51.3); one connection writes",
            ),
        )
    row = store.row(
        "SELECT datcollate AS collation, pg_encoding_to_char(encoding) AS encoding"
        " FROM pg_database WHERE datname = current_database()"
    )
    assert row is not None  # the database we are connected to
    if row["encoding"] != "UTF8":
        return Check("postgres", "fail", pick("编码要 UTF8", "the encoding must be UTF8"))
    if row["collation"] not in ("C", "C.UTF-8", "POSIX"):
        says = pick(
            "排序规则不是 C，顺序会和 SQLite 不同", "collation is not C: lists sort differently"
        )
        return Check("postgres", "warn", says)
    return Check("postgres", "ok", f"UTF8, {row['collation']}")


def address(settings: Settings) -> Check:
    """A public address that phones can use fully."""
    host = urlsplit(settings.url).hostname or ""
    if not settings.url:
        return Check("address", "fail", pick("没有公开地址", "there is no public address"))
    if host in ("localhost", "127.0.0.1", "::1"):
        says = pick("手机打不开", "phones cannot open it")
        return Check("address", "warn", f"{settings.url}: {says}")
    if not settings.https:
        says = pick("http：没有离线和扫码", "http: no offline use, no scanning")
        return Check("address", "warn", f"{settings.url}: {says}")
    return Check("address", "ok", settings.url)


def private_ca(config: Config) -> list[Check]:
    """The install's own authority and when its server certificate ends; nothing without one."""
    if not config.tls.is_dir():
        return []
    try:
        files = [(config.tls / name).read_bytes() for name in ("ca.crt", "server.crt")]
        ca, server = (x509.load_pem_x509_certificate(one).not_valid_after_utc for one in files)
    except (OSError, ValueError) as error:
        says = pick("私有证书读不出来：", "the private authority cannot be read: ")
        return [Check("tls", "fail", f"{says}{error}")]
    says = pick(
        f"用私有证书机构（到 {ca:%Y-%m-%d}），服务器证书到 {server:%Y-%m-%d}",
        f"a private authority (until {ca:%Y-%m-%d}); server certificate until {server:%Y-%m-%d}",
    )
    if min(ca, server) - datetime.datetime.now(datetime.UTC) < RENEW:
        return [Check("tls", "warn", says + pick("：重启 serve", ": restart serve"))]
    return [Check("tls", "ok", says)]


def clock(store: Store, settings: Settings) -> Check:
    """A clock that is not before this program, nor the plant's before the newest record."""
    now = shiftapp.wall_ms()
    newest = int(store.value("SELECT COALESCE(MAX(recv_ms), 0) AS newest FROM record"))
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now / 1000))
    if now < BUILT_MS or now + settings.clock_offset_ms < newest:
        return Check("clock", "fail", shown + pick("，时钟慢了：校时", ": slow, set it"))
    return Check("clock", "ok", shown)


def fonts(store: Store) -> Check:
    """Characters in names that our faces cannot print on a poster."""
    text = "".join(str(row["name"]) for row in store.rows(f"{NAMES} ORDER BY name"))
    missing = qr.glyphs.missing_glyphs(text)
    if missing:
        says = pick("海报上印不出：", "cannot be printed: ") + qr.glyphs.spell_missing(
            "".join(missing)
        )
        return Check("fonts", "warn", says)
    return Check("fonts", "ok", pick("所有名称都印得出", "every name can be printed"))


def messages(store: Store) -> Check:
    """How many reminders and alerts wait to be sent, and how many were given up."""
    waiting, given_up = deliveries.waiting(store), deliveries.given_up(store)
    says = pick(f"{waiting} 条等着发", f"{waiting} waiting")
    if given_up:
        says += pick(
            f"，{given_up} 条放弃了，看 /manage/reach/log",
            f", {given_up} given up: see /manage/reach/log",
        )
    return Check("messages", "warn" if given_up else "ok", says)


def reach(settings: Settings, config: Config) -> Check:
    """Whether the public address answers from here, and whether its clock is ours."""
    trusted = ssl.create_default_context()
    try:
        if (config.tls / "ca.crt").is_file():
            trusted.load_verify_locations(config.tls / "ca.crt")
        address = f"{settings.url}/healthz"
        with urllib.request.urlopen(address, timeout=5, context=trusted) as answer:
            date = answer.headers["Date"]
    except ssl.SSLError as error:
        return Check("reach", "fail", pick(f"证书有问题：{error}", f"bad certificate: {error}"))
    except (urllib.error.URLError, OSError) as error:
        if isinstance(getattr(error, "reason", None), ssl.SSLError):
            return Check("reach", "fail", pick(f"证书有问题：{error}", f"bad certificate: {error}"))
        says = pick("从这里打不开，serve 在运行吗", "no answer from here; is serve running?")
        return Check("reach", "warn", f"{says} ({error})")
    skew = abs(parsedate_to_datetime(date).timestamp() - shiftapp.wall_ms() / 1000) if date else 0
    if skew > SKEW_S:
        return Check(
            "reach", "warn", pick(f"时钟差 {skew:.0f} 秒", f"clocks differ by {skew:.0f} s")
        )
    return Check("reach", "ok", f"{settings.url}/healthz")


def _length(folder: Path, sha: bytes) -> int | None:
    try:
        return files.path_of(folder, sha).stat().st_size
    except OSError:
        return None
