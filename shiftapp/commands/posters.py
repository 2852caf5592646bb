"""Posters and labels of stations on the command line: `shiftapp export --posters`, `--labels`."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

import qr.code
from qr.poster import Poster, poster_pdf, poster_png
from qr.words import Lang
from shiftapp.commands.install import Install
from shiftapp.commands.speech import pick, refuse
from shiftapp.exchange import printed
from shiftapp.store import Row


def make(
    install: Install, kind: str, labels: tuple[str, ...], png: Path | None, lang: Lang
) -> tuple[bytes, Any]:
    """The posters (or labels) as a PDF, pictures into `png`, and what to say of them."""
    stations = _stations(install, labels)
    mac = partial(qr.code.mac, install.keys().station_secret)
    facts, now_ms = install.settings, install.now_ms()
    said: dict[str, Any] = {"stations": len(stations), "codes": _codes(stations)}
    if kind == "labels":
        return printed.station_labels(stations, facts, mac, now_ms, lang=lang), said
    posters = printed.station_posters(install.store, stations, facts, mac, now_ms, lang=lang)
    _look_through(posters)
    if png:
        _write_pictures(posters, png)
    return poster_pdf(*posters), said


def sentences(file: Path, said: dict[str, Any]) -> tuple[str, str]:
    """What was done, in both languages."""
    n = said["stations"]
    return (
        f"{file}：{n} 个工位。贴好后各扫一次。",
        f"{file}: {n} stations. Scan each once where it hangs.",
    )


def _stations(install: Install, labels: tuple[str, ...]) -> list[Row]:
    found = printed.chosen_stations(install.store, labels)
    unknown = sorted(set(labels) - {row["label"] for row in found})
    if unknown:
        raise refuse(
            f"没有在用的工位：{'、'.join(unknown)}", f"No station in use: {', '.join(unknown)}"
        )
    if not found:
        raise refuse(
            "还没有工位。先导入：shiftapp import plant.xlsx",
            "There is no station yet. First: shiftapp import plant.xlsx",
        )
    return found


def _codes(stations: list[Row]) -> dict[str, str]:
    return {row["label"]: qr.code.format_code(row["code"]) for row in stations}


def _look_through(posters: list[Poster]) -> None:
    """Name what will not be printed whole; refuse what cannot be printed at all."""
    missing = []
    for poster in posters:
        cut, lacking = printed.unprintable(poster)
        if cut:
            click.echo(
                pick(
                    f"注意：{poster.number} 的海报印不下：{'；'.join(cut)}",
                    f"Note: too long for the poster of {poster.number}: {'; '.join(cut)}",
                ),
                err=True,
            )
        if lacking:
            signs = "、".join(f"{sign} (U+{ord(sign):04X})" for sign in lacking)
            missing.append(f"{poster.number}: {signs}")
    if missing:
        raise refuse(
            f"字体里没有这些字，海报没有印：{'；'.join(missing)}。换个写法再导入。",
            f"The font lacks these characters, nothing was printed: {'; '.join(missing)}.",
        )


def _write_pictures(posters: list[Poster], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with click.progressbar(posters, label=pick("画图", "Drawing"), file=sys.stderr) as bar:
        for poster in bar:
            name = re.sub(r"[^\w.-]+", "_", poster.number)
            (folder / f"{name}-{poster.code}.png").write_bytes(poster_png(poster))
