"""Sends what is queued for the channels: webhooks over HTTP, mail over SMTP. Nothing else goes out.

Runs on a thread of its own (commands/messenger.py), so a receiver that is slow delays nobody but
the other receivers, and those by one try each. Needs no request: it takes the `Context`. At least
once, see model/deliveries.py.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from shiftapp.exchange import messages
from shiftapp.exchange.messages import Fields, Template
from shiftapp.model import channels, deliveries, notice_facts, notices, quiet
from shiftapp.model import settings as model_settings
from shiftapp.model.deliveries import Facts, Message, Result
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import reach_http, reach_mail
from shiftapp.web.context import Context

log = logging.getLogger("shiftapp")

LONGEST_S = 60.0  # a try, its name looked up and its headers come in; shorter than a claim
MOST = 20  # of one channel in one round: robots of chat groups take no more than that a minute

# What we say where nobody answered; the pages have the words (templates/manage/_reach_words.html).
NO_SMTP, BAD_TEMPLATE = "~no_smtp", "~template"


def work(context: Context, stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due now, channel after channel; gives how many were tried.

    A channel whose receiver fails is left alone until the next round.
    """
    tried = 0
    for number in deliveries.channels_due(context.store, _now_ms(context)):
        try:
            tried += _channel(context, number, stopping)
        except Exception:
            if stopping():  # the store closes under a try that was cut off
                return tried
            log.exception("sending to channel %s failed and is tried again", number)
    return tried


def send_test(context: Context, channel: Row) -> Result:
    """Send a test message at once, whatever the hour; it stands in the log like any other."""
    now_ms, settings = _now_ms(context), model_settings.get(context.store)
    facts = notice_facts.test_facts(context.store, channel["name"], now_ms)
    message = Message(channel["id"], "test", context.token_bytes(8).hex(), facts)
    number = context.store.write(lambda db: deliveries.put_claimed(db, message, now_ms))
    row = deliveries.delivery(context.store, number)
    assert row is not None
    if settings.demo:
        context.store.write(lambda db: deliveries.drop(db, row, deliveries.DEMO))
        return Result(False, deliveries.DEMO)
    result = _try(context, settings, channel, row, facts)
    later_ms = _now_ms(context)
    context.store.write(lambda db: deliveries.settle(db, number, row["tries"], result, later_ms))
    return result


def _channel(context: Context, number: int, stopping: Callable[[], bool]) -> int:
    """Send what is due of one channel, up to its first failure; gives how many were tried."""
    tried = 0
    for _ in range(MOST):
        row = deliveries.next_of(context.store, number, _now_ms(context))
        if row is None or stopping():
            break
        result = _one(context, row)
        tried += result is not None
        if result is not None and not result.taken:
            break
    return tried


def _one(context: Context, row: Row) -> Result | None:
    """Try one message; None where there was nothing to try: too late, too early, taken already."""
    now_ms, settings = _now_ms(context), model_settings.get(context.store)
    channel = channels.channel(context.store, row["channel"])
    facts = notice_facts.facts(context.store, settings, row["event"], row["about"], now_ms)
    why = _why_not(settings, channel, facts)
    if why or facts is None:
        context.store.write(lambda db: deliveries.drop(db, row, why))
        return None
    until_ms = _quiet_until(channel, row["event"], facts, now_ms)
    if until_ms > now_ms:
        context.store.write(lambda db: deliveries.hold(db, row, until_ms))
        return None
    if not context.store.write(lambda db: deliveries.claim(db, row, facts, now_ms)):
        return None  # another server has it
    result, tries = _try(context, settings, channel, row, facts), row["tries"] + 1
    later_ms = _now_ms(context)
    context.store.write(lambda db: deliveries.settle(db, row["id"], tries, result, later_ms))
    return result


def _why_not(settings: Settings, channel: Row, facts: Facts | None) -> str:
    """Why a message is not sent at all, as the log has it; ''."""
    if settings.demo:
        return deliveries.DEMO  # whoever tries the demo sits at every desk
    if not channel["active"]:
        return deliveries.STOPPED
    return deliveries.OUTDATED if facts is None else ""


def _quiet_until(channel: Row, event: str, facts: Facts, now_ms: int) -> int:
    if event in notices.URGENT:
        return now_ms
    return quiet.ends_ms(channel["quiet_from"], channel["quiet_to"], facts["zone"], now_ms)


def _try(context: Context, settings: Settings, channel: Row, row: Row, facts: Facts) -> Result:
    """One try, whatever happens in it. The log of the program names neither address nor secret."""
    try:
        template = messages.template(context.config.messages, channel["template"])
        fields = messages.fields(row["event"], facts, channel["lang"], settings.url)
        result = _in_time(lambda: _send(context, settings, channel, row, template, fields))
    except Problem:
        result = Result(False, BAD_TEMPLATE)
    except Exception as error:  # a fault of ours must not stop the others
        result = Result(False, type(error).__name__)
    if not result.taken:
        log.warning("message %s to channel %s was not taken", row["id"], channel["id"])
    return result


def _in_time(send: Callable[[], Result]) -> Result:
    """What a try came to. A step has a time limit, but a receiver may make each byte a step: who
    drips its headers is left to a thread of its own and has not taken the message.
    """
    found: list[Result] = []

    def go() -> None:
        try:
            found.append(send())
        except Exception as error:  # told by the thread that waits
            found.append(Result(False, type(error).__name__))

    thread = threading.Thread(target=go, name="message", daemon=True)
    thread.start()
    thread.join(LONGEST_S)
    return found[0] if found else Result(False, "timed out")


def _send(
    context: Context,
    settings: Settings,
    channel: Row,
    row: Row,
    template: Template,
    fields: Fields,
) -> Result:
    if channel["kind"] == "webhook":
        return reach_http.post(channel, template, fields, context.wall_ms())
    if context.config.smtp is None:
        return Result(False, NO_SMTP)
    host = urlsplit(settings.url).hostname or "localhost"
    name = f"{row['id']}.{row['made_ms']}@{host}"
    subject, text = messages.letter(template, fields)
    addresses = channel["target"].split(",")
    mail = reach_mail.Mail(addresses, subject, text, name, context.wall_ms())
    return reach_mail.send(context.config.smtp, mail, host)


def _now_ms(context: Context) -> int:
    return context.wall_ms() + model_settings.get(context.store).clock_offset_ms
