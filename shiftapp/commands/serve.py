"""`shiftapp serve`: the product, for phones and tablets of the plant."""

from __future__ import annotations

import datetime
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

import qr.code
from shiftapp import create_app
from shiftapp.commands.install import Install, alone, data_option, opened
from shiftapp.commands.private_ca import Ready, prepare
from shiftapp.commands.server import lan_address, run_server, start_logging
from shiftapp.commands.speech import pick, refuse, say
from shiftapp.commands.trust_port import trust_port
from shiftapp.store import files, open_store


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 picks a free one.")
@click.option("--cert", type=click.Path(exists=True, path_type=Path), help="TLS certificate chain.")
@click.option("--key", type=click.Path(exists=True, path_type=Path), help="TLS private key.")
@click.option(
    "--private-ca", is_flag=True, help="TLS by an authority of our own, which phones are to trust."
)
@click.option(
    "--trust-port",
    "page_port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="With --private-ca: plain http port that shows phones how to trust it; 0: none.",
)
@click.option(
    "--trusted-proxy",
    type=click.IntRange(0, 3),
    help="Reverse proxies in front whose X-Forwarded-... is believed. [SHIFTAPP_TRUSTED_PROXIES]",
)
@click.option("--threads", type=click.IntRange(4, 256), help="Request threads. [SHIFTAPP_THREADS]")
def serve(
    data: Path | None,
    host: str,
    port: int,
    cert: Path | None,
    key: Path | None,
    private_ca: bool,
    page_port: int,
    trusted_proxy: int | None,
    threads: int | None,
) -> None:
    """Serve the install until SIGTERM or Ctrl-C."""
    tls = _tls(cert, key, private_ca)
    with opened(data) as install:
        _must_not_be_demo(install)
        config, url = install.config, install.settings.url
        own = _own(install, host) if private_ca else None
    with alone(config):
        start_logging()
        files.sweep(config.blobs)
        app = create_app(config, store=open_store(config.address))
        run_server(
            app,
            host,
            port,
            threads=threads or config.threads,
            trusted_proxies=config.trusted_proxies if trusted_proxy is None else trusted_proxy,
            tls=(own.certificate, own.key) if own else tls,
            ready=lambda chosen: _announce(host, chosen, url, tls is not None, own, page_port),
            beside=trust_port(app, host, page_port, url) if own and page_port else None,
        )


def _announce(host: str, port: int, url: str, tls: bool, own: Ready | None, page_port: int) -> None:
    here = f"{'https' if tls or own else 'http'}://{host}:{port}"
    say(f"在听 {here}，公开地址 {url}", f"Listening on {here}, public address {url}")
    if own:
        _say_trust(own, url, page_port)
    sys.stdout.flush()


def _say_trust(own: Ready, url: str, page_port: int) -> None:
    if own.left_out:
        listed = " ".join(own.left_out)
        say(
            f"证书不含 {listed}：本机构只能证明建立时的地址。手机用 {url}",
            f"Not in the certificate: {listed}. The authority vouches for the addresses it was made"
            f" with; phones use {url}",
        )
    say(
        f"证书机构的 SHA-256 指纹，打印出来贴在班组里：{own.fingerprint}",
        f"SHA-256 of the authority, to print and post in the shift room: {own.fingerprint}",
    )
    if page_port:
        public = urlsplit(url)
        page = f"http://{public.netloc.removesuffix(f':{public.port}')}:{page_port}/trust"
        say(f"手机先打开这里：{page}", f"Phones open this first: {page}")
        click.echo(qr.code.qr_terminal(page, ansi=sys.stdout.isatty()))


def _own(install: Install, host: str) -> Ready:
    """Certificate and key of the install's own authority."""
    settings = install.settings
    if not settings.https:
        raise refuse(
            f"--private-ca 要 https 的公开地址，现在是 {settings.url}，印在二维码里，改不了。"
            "在新目录里重建：shiftapp init --url https://…",
            f"--private-ca needs a public address with https, not {settings.url}, which is printed"
            " in every code and stays. Make a new install: shiftapp init --url https://…",
        )
    now = datetime.datetime.now(datetime.UTC)
    public = urlsplit(settings.url).hostname or ""
    return prepare(install.config.tls, settings.name, public, _others(host), now)


def _others(host: str) -> list[str]:
    """The address in the network that the server listens on; a loopback one is nobody else's."""
    address = lan_address(host)
    try:
        return [] if ip_address(address).is_loopback else [address]
    except ValueError:
        return [] if address == "localhost" else [address]


def _tls(cert: Path | None, key: Path | None, private_ca: bool) -> tuple[Path, Path] | None:
    if private_ca and (cert or key):
        raise click.UsageError(
            pick(
                "--private-ca 自己签证书，不和 --cert、--key 一起给",
                "--private-ca makes its own certificate: leave --cert and --key out",
            )
        )
    if cert and key:
        return cert, key
    if cert or key:
        raise click.UsageError(pick("--cert 和 --key 要一起给", "--cert and --key go together"))
    return None


def _must_not_be_demo(install: Install) -> None:
    if install.settings.demo:
        raise refuse(
            "这是演示数据库，只能用 shiftapp demo 打开。",
            "This is a demo database: only `shiftapp demo` opens it.",
        )
