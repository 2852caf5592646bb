"""My own shifts of the last 90 days, for who is signed in on this phone: to read, print, check.

A badge, or a PIN at a browser that nobody enrolled, is enough for one's own commitment and too
little for this: what lies where it was dropped would show a stranger three months.
"""

from __future__ import annotations

import datetime
import json
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from shiftapp.ledger import encoding, receipts
from shiftapp.model import device_sites, log_proofs, my_shifts, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.account import Account
from shiftapp.web.context import keys, now_ms, settings, store
from shiftapp.web.worker_page import page

bp = Blueprint("worker_shifts", __name__)

ALL = "all"


@bp.get("/W/mine/shifts")
def show_shifts() -> str:
    """My shifts with state, receipts and what became of what I reported; a month a page."""
    me = _strong(auth.signed_in())
    if me is None:
        return _page(None)
    months, asked = my_shifts.months(_today(me)), request.args.get("month", "")
    month = asked if asked in months or asked == ALL else months[0]
    days = _days(me, "" if month == ALL else month)
    return _page(
        me,
        months=months,
        month=month,
        mine=my_shifts.mine(store(), me.id, days, now_ms()),
    )


@bp.get("/W/mine/shifts.json")
@auth.needs()
def take_records() -> Response:
    """My records of these days as they were sealed, with salt and receipt: anybody can check them.

    :raises Problem: 401 `not_signed_in`, 403 `weak_session`.
    """
    me = _strong(auth.account())
    assert me is not None  # `account` raises
    said = {
        "v": 1,
        "no": me.person["no"],
        "name": me.name,
        "origin": settings().origin,
        "receipt_key": encoding.b64u(keys().receipt.public_key().public_bytes_raw()),
        "made_ms": now_ms(),
        "records": my_shifts.sealed(store(), me.id, _days(me, "").from_ms, _receipt),
    }
    text = json.dumps(said, ensure_ascii=False, indent=1)
    response = Response(text + "\n", content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="my-shifts.json"'
    return response


@bp.get("/W/mine/shifts/<id>.tlog-proof")
@auth.needs()
def take_proof(id: str) -> Response:
    """The proof that my record is in the public log, with salt and body; `?body=no` without them.

    :raises Problem: 401 `not_signed_in`, 403 `weak_session`, 404 `no_record`, `not_sealed`; 410
        `erased`.
    """
    me = _strong(auth.account())
    assert me is not None  # `account` raises
    with_body = request.args.get("body", "") != "no"
    found = log_proofs.of_record(store(), id, me.id, with_body=with_body)
    response = Response(found.text, content_type=log_proofs.CONTENT_TYPE)
    name = f"{found.code}{'' if with_body else '-public'}.tlog-proof"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _strong(account: Account | None) -> Account | None:
    """The account, if what opened its session is enough for three months of records.

    :raises Problem: 403 `weak_session`.
    """
    if account is not None and auth.is_weak(account.how, account.device):
        raise Problem(403, "weak_session", "用自己的手机看，或者在公用手机上输工号和 PIN 再看。")
    return account


def _receipt(row: Row) -> str:
    """The receipt that the phone got: the same text every time."""
    leaf = None if row["receipt_leaf"] is None else bytes(row["receipt_leaf"])
    return receipts.receipt(
        keys().receipt, settings().origin, c=bytes(row["c"]), leaf=leaf, recv_ms=row["recv_ms"]
    )


def _today(me: Account) -> datetime.date:
    return shifts.site_day(_zone(me), now_ms())


def _days(me: Account, month: str) -> my_shifts.Span:
    zone = _zone(me)
    return my_shifts.span(_today(me), month, lambda day: _instant(day, zone))


def _zone(me: Account) -> str:
    site = device_sites.site_of(store(), me.id)
    return str(site["zone"]) if site else "UTC"


def _instant(day: datetime.date, zone: str) -> int:
    """The first ms of a day."""
    midnight = datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone))
    return int(midnight.timestamp() * 1000)


def _page(me: Account | None, **values: object) -> str:
    return page("worker/shifts.html", "mine", me=me, **values)
