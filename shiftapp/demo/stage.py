"""The demo plant in the making: what its people do, through the same functions as in real life.

A phone seals, `records.accept` takes it in; a leader answers, signs, changes the roster. Nothing
here writes a row of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import qr.code
from shiftapp.demo import people as cast
from shiftapp.demo.delivery import Later, deliver
from shiftapp.demo.phones import Body, Phone, Where, commit_fields, frame, run_fields, took_ms
from shiftapp.demo.places import Text
from shiftapp.demo.seed import Seed
from shiftapp.demo.texts import Texts
from shiftapp.demo.whole import Whole
from shiftapp.ledger.keys import Keys
from shiftapp.ledger.note import sign_note
from shiftapp.model import (
    announcements,
    devices,
    findings,
    handover,
    history,
    publishing,
    roster,
    sessions,
    settings,
    signoffs,
    tokens,
)
from shiftapp.model.judging import Secrets
from shiftapp.store import Row

MINUTE_MS = 60_000
DELIVERY_MS = 900  # from the phone to the server


class Failed(NamedTuple):
    """A step that fails: its number, the reading where it has one, and the worker's words."""

    step: int
    value: str
    note: Text


@dataclass
class Stage:
    """The plant being made: its store, keys, random source, and everybody's phone."""

    store: Whole
    keys: Keys
    seed: Seed
    lang: str
    grace_s: int
    ids: dict[str, str]  # person id by number
    codes: dict[str, str]  # station code by label
    phones: dict[str, Phone] = field(default_factory=dict)  # by number
    later: list[Later] = field(default_factory=list)
    waits: bool = False  # what is sealed now arrives later

    def __post_init__(self) -> None:
        self.texts = Texts(self.store)

    @property
    def secrets(self) -> Secrets:
        """What acceptance needs of the keys."""
        keys = self.keys
        return Secrets(lambda code: qr.code.mac(keys.station_secret, code), keys.session_secret)

    def enrol(self, no: str, now_ms: int) -> None:
        """Somebody gets an enrolment card and opens it on their phone."""
        person, device = self.ids[no], self.seed.uuid()
        card = qr.code.encode(self.seed.bytes(5))
        self.store.write(
            lambda db: devices.make_code(db, card, "card", person, self.ids["9007"], now_ms)
        )
        secret, sid = self.seed.bytes(32).hex(), self.seed.bytes(16)
        self.store.write(
            lambda db: devices.enrol(
                db, card, device=device, secret=secret, pubkey=None, held=None, now_ms=now_ms
            )
        )
        self.store.write(
            lambda db: sessions.start(
                db,
                sid=sid,
                secret=self.seed.bytes(32).hex(),
                person=person,
                device=device,
                how="card",
                lasts_ms=sessions.PERSONAL_MS,
                now_ms=now_ms,
            )
        )
        self.phones[no] = Phone(device, person, sid, self.seed)

    def commit(
        self,
        no: str,
        instance: Row,
        at_ms: int,
        *,
        bad: str = "",
        note: Text | None = None,
        by: str = "",
        held_ms: int = 0,
    ) -> None:
        """Somebody commits; `by`: entered on the leader's phone; `held_ms`: offline that long."""
        label, job, _ = self._first_post(no)
        ppe = json.loads(self.texts.job(job)["ppe"])
        fields = commit_fields(
            self.texts.commitment(), ppe, bad, note.of(self.lang) if note else ""
        )
        self._send(no, instance, "commit", label, job, fields, at_ms, by=by, held_ms=held_ms)

    def run(
        self,
        no: str,
        instance: Row,
        at_ms: int,
        *,
        which: int = 0,
        failed: Failed | None = None,
        by: str = "",
    ) -> None:
        """Somebody goes through the checklist of one of their posts."""
        label, job, _ = self._posts(no)[which]
        bad, value, note = failed or (0, "", Text("", ""))
        fields = run_fields(self.texts.checklist(job), self.seed, bad, value, note.of(self.lang))
        self._send(no, instance, "run", label, job, fields, at_ms, by=by)

    def report(self, no: str, instance: Row, label: str, what: Text, at_ms: int) -> None:
        """Somebody reports a fault that no step asked for."""
        fields = {"what": what.of(self.lang), "of": None}
        self._send(no, instance, "hazard", label, self._first_post(no)[1], fields, at_ms)

    def take_token(self, no: str, now_ms: int) -> None:
        """A phone fetches its pack, and with it the server's time."""
        phone = self.phones[no]
        phone.token = (tokens.make(self.keys.session_secret, phone.device, now_ms), now_ms)

    def newest(self, no: str) -> int:
        """The number of the newest finding that somebody's record opened."""
        return int(
            self.store.value(
                "SELECT id FROM finding WHERE reporter = :p ORDER BY id DESC LIMIT 1",
                p=self.ids[no],
            )
        )

    def replace(self, instance: Row, no: str, standin: str, why: roster.Why, at_ms: int) -> None:
        """The leader puts a stand-in in somebody's place."""
        by = self.ids[cast.number(instance["crew"], 0)]
        self.store.write(
            lambda db: roster.replace(
                db,
                instance["id"],
                self.ids[no],
                self.ids[standin],
                why,
                by=by,
                now_ms=at_ms,
                random=self.seed.bytes,
            )
        )

    def answer(self, id: int, outcome: findings.Outcome, by: str, at_ms: int, **more: Any) -> None:
        """A leader or manager answers a finding."""
        self.store.write(
            lambda db: findings.answer(db, id, outcome, by=self.ids[by], now_ms=at_ms, **more)
        )

    def accept(self, id: int, by: str, at_ms: int) -> None:
        """A manager accepts what was mended."""
        self.store.write(lambda db: findings.accept(db, id, by=self.ids[by], now_ms=at_ms))

    def grade(self, id: int, level: str) -> None:
        """A manager grades a hazard."""
        self.store.write(lambda db: findings.set_level(db, id, level))

    def sign(self, instance: Row, reason: Text, at_ms: int) -> None:
        """The leader signs the shift, writing one reason over every gap that allows it."""
        people = history.people_states(self.store, instance, at_ms)
        asked = findings.of_instance(self.store, instance["id"])
        left = handover.waiting(self.store, instance, at_ms)
        gaps = signoffs.gaps(people, asked, left, at_ms)
        reasons = {gap.key: reason.of(self.lang) for gap in gaps if not gap.blocks}
        by = self.ids[cast.number(instance["crew"], 0)]
        self.store.write(lambda db: signoffs.sign(db, instance, reasons, by=by, now_ms=at_ms))

    def publish(self, date: str, override: Text, at_ms: int) -> None:
        """The signatory publishes a day's announcement, over open gaps with a reason."""
        facts = settings.get(self.store)
        draft = announcements.derive(self.store, facts, date, at_ms)
        order = publishing.Order(
            id=self.seed.uuid(),
            date=date,
            expect=draft.sha,
            base=0,
            override=override.of(self.lang) if draft.figures.gaps else "",
        )
        by, name = self.ids[cast.PARTS["signatory"]], publishing.signer_name(facts)

        def sign(text: str) -> str:
            return sign_note(text, name, self.keys.announcement)

        self.store.write(lambda db: publishing.publish(db, facts, order, sign, by=by, now_ms=at_ms))

    def _send(
        self,
        no: str,
        instance: Row,
        kind: str,
        label: str,
        job: str,
        fields: Body,
        at_ms: int,
        *,
        by: str = "",
        held_ms: int = 0,
    ) -> None:
        phone = self.phones[by or no]
        shift = {name: instance[name] for name in ("date", "code", "crew")}
        code = self.codes[label]
        where = Where(shift, code, self.secrets.mac(code), job)
        worker = self.ids[no] if by else None
        body = frame(phone, kind, where, at_ms, took_ms(fields), worker=worker, **fields)
        recv_ms = at_ms + (held_ms or DELIVERY_MS)
        later = Later(recv_ms, phone.device, phone.seal(body))
        if self.waits:
            self.later.append(later)
        else:
            deliver(self.store, later, self.secrets, self.grace_s)

    def _posts(self, no: str) -> tuple[tuple[str, str, int], ...]:
        return cast.SEATS[int(no[1:]) - 1].posts

    def _first_post(self, no: str) -> tuple[str, str, int]:
        return self._posts(no)[0]
