"""`shiftapp serve`: the product, for phones and tablets of the plant."""

from __future__ import annotations

from pathlib import Path

import click

from shiftapp import create_app
from shiftapp.commands.install import Install, alone, data_option, opened
from shiftapp.commands.server import run_server, start_logging
from shiftapp.commands.speech import pick, refuse, say
from shiftapp.store import files, open_store


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 picks a free one.")
@click.option("--cert", type=click.Path(exists=True, path_type=Path), help="TLS certificate chain.")
@click.option("--key", type=click.Path(exists=True, path_type=Path), help="TLS private key.")
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
    trusted_proxy: int | None,
    threads: int | None,
) -> None:
    """Serve the install until SIGTERM or Ctrl-C."""
    tls = _tls(cert, key)
    with opened(data) as install:
        _must_not_be_demo(install)
        config, url = install.config, install.settings.url
    with alone(config):
        start_logging()
        files.sweep(config.blobs)
        run_server(
            create_app(config, store=open_store(config.address)),
            host,
            port,
            threads=threads or config.threads,
            trusted_proxies=config.trusted_proxies if trusted_proxy is None else trusted_proxy,
            tls=tls,
            ready=lambda chosen: _announce(host, chosen, url, tls is not None),
        )


def _announce(host: str, port: int, url: str, tls: bool) -> None:
    here = f"{'https' if tls else 'http'}://{host}:{port}"
    say(f"在听 {here}，公开地址 {url}", f"Listening on {here}, public address {url}")


def _tls(cert: Path | None, key: Path | None) -> tuple[Path, Path] | None:
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
