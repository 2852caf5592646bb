"""Enrolment cards on the command line: `shiftapp export --cards`."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Any

import click

from qr.words import Lang
from shiftapp.commands.install import Install
from shiftapp.commands.speech import pick, refuse
from shiftapp.exchange.cards import Issued, issue_cards, print_cards
from shiftapp.model import crews, places


def make(install: Install, crew: str, everybody_too: bool, lang: Lang) -> tuple[bytes, Any]:
    """The cards as a PDF, and what to say of them; their codes are in the database by then."""
    if crew and crews.crew(install.store, crew) is None:
        raise refuse(f"没有班组 {crew}。", f"There is no crew {crew}.")
    now_ms = install.now_ms()
    with install.store.tx() as db:
        issued = issue_cards(
            db,
            install.settings,
            now_ms,
            secrets.token_bytes,
            by=None,
            crew=crew,
            everybody_too=everybody_too,
            lang=lang,
        )
    if not issued.cards:
        raise _nobody(install, everybody_too)
    return _printed(install, issued, now_ms, lang), {
        "cards": len(issued.cards),
        "expires_ms": issued.expires_ms,
    }


def sentences(file: Path, said: dict[str, Any]) -> tuple[str, str]:
    """What was done, in both languages."""
    n = said["cards"]
    return (
        f"登记卡：{file}，{n} 张，7 天内有效，每张只能用一次；以前没用过的卡作废。",
        f"Cards: {file}, {n} of them, good for 7 days, each once; older unused ones are void.",
    )


def _printed(install: Install, issued: Issued, now_ms: int, lang: Lang) -> bytes:
    zone = next((site["zone"] for site in places.sites(install.store)), "Asia/Shanghai")
    total = len(issued.cards)
    with click.progressbar(length=total, label=pick("画卡", "Drawing"), file=sys.stderr) as bar:
        return print_cards(
            issued,
            install.settings,
            zone,
            now_ms,
            lang=lang,
            progress=lambda done, _: bar.update(done - bar.pos),
        )


def _nobody(install: Install, everybody_too: bool) -> click.ClickException:
    if everybody_too:
        return refuse(
            "没有人。先导入人员：shiftapp import plant.xlsx",
            "Nobody is there. First: shiftapp import plant.xlsx",
        )
    return refuse(
        "没有人要登记卡：还没有人员，或者都有手机了。重打所有人的用 --all。",
        "Nobody needs a card: there are no people, or all have a phone. For everybody: --all.",
    )
