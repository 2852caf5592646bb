"""What a sealed record says and what of it can be believed, put together as one verdict.

Reads the store and decides; writes nothing. A well-formed record is never refused for a business
reason: it gets flags (formats.md §5), and `counts` says whether it may count for somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import belief, blobs, contents, shapes, states, step_evidence, tokens
from shiftapp.model.facts import Facts, facts
from shiftapp.store import Db, Row

KINDS = ("commit", "run", "hazard")
# With one of these a record is kept and answered, but counts for nobody.
COUNTLESS = frozenset(
    {
        "unknown_person",
        "unknown_shift",
        "unknown_job",
        "unknown_station",
        "unknown_version",
        "outside_window",
    }
)


class Sealed(NamedTuple):
    """A record as it came: `text` is the exact body, `body` what it parses to, `c` its commitment.

    `body['id']` is a good UUID and `body['kind']` equals the outer kind: the web room has looked.
    """

    text: str
    body: dict[str, Any]  # JSON of any shape until `shapes` has looked
    salt: bytes
    sig: bytes | None
    c: bytes

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def kind(self) -> str:
        return str(self.body["kind"])


class Arrival(NamedTuple):
    """How a request came: when, by which device, with which device clock, of how many that wait.

    No device: a plain form, which the server seals on arrival, or `carried`: a file of what a phone
    could not send, brought by somebody else at whatever time.
    """

    recv_ms: int
    device: str | None
    client_ms: int | None
    carried: bool = False
    waiting: int | None = None
    proven: belief.Proven = frozenset()  # whose PIN was found right in which record, before


class Secrets(NamedTuple):
    """What judging needs of the keys."""

    mac: Callable[[str], str]  # the MAC of a station code
    token: bytes  # secret of the time tokens


@dataclass(frozen=True)
class Verdict:
    """What acceptance will write. `quarantine` names the flag that keeps it from being read."""

    sealed: Sealed
    quarantine: str | None = None
    flags: frozenset[str] = frozenset()
    unverified: bool = False  # the mark: it counts, and somebody should look
    person: belief.Known = field(default_factory=belief.Known)
    instance: Row | None = None
    content: contents.Content = field(default_factory=lambda: contents.Content("none"))
    times: tokens.Times = tokens.Times(None, None, False)

    @property
    def on_roster(self) -> bool:
        """False for a known person who is not on the claimed instance."""
        return "not_on_roster" not in self.flags

    @property
    def counts(self) -> bool:
        """Whether it may count for its person, once that person is on the roster."""
        known = self.person.id is not None and self.instance is not None
        return self.sealed.kind != "hazard" and known and not self.flags & COUNTLESS


def judge(db: Db, sealed: Sealed, arrival: Arrival, secrets: Secrets) -> Verdict:
    """The verdict on one record, by what the store knows now."""
    body = sealed.body
    if flag := unreadable(sealed.text, body):
        return Verdict(sealed, quarantine=flag)
    known = facts(db, body)
    times = _times(body, arrival, secrets, known.seen_s)
    seen = belief.Seen(times.lower_ms, arrival.proven)
    person = belief.judge_person(db, known, body, seen)
    content = contents.judge_content(db, body)
    flags = belief.judge_device(known, body["dev"], arrival.device, sealed.c, sealed.sig)
    flags |= belief.judge_place(known, body, secrets.mac)
    flags |= person.flags | content.flags
    if body["kind"] == "run":
        flags |= step_evidence.judge_steps(db, known, body, seen, secrets.mac)
    if body["shift"] is not None and body["kind"] != "hazard":
        flags |= _shift_flags(known, timed(body, times, arrival), content)
    elif body["shift"] is not None and known.instance is None:
        flags.add("unknown_shift")
    if tokens.jumped(body["time"]):
        flags.add("clock_jump")
    if known.chain_gap:
        flags.add("chain_gap")
    if blobs.is_any_missing(db, body["blobs"]):
        flags.add("blob_missing")
    # Of a guest the flag is for good, the mark only until a leader vouches (history.py).
    doubt = {"who_unverified"} if person.unvouched else set()
    return Verdict(
        sealed,
        flags=frozenset(flags | doubt),
        unverified=bool(flags & belief.UNVERIFIED),
        person=person,
        instance=known.instance,
        content=content,
        times=times,
    )


def timed(body: dict[str, Any], times: tokens.Times, arrival: Arrival) -> states.Timed:
    """When a record was made, as far as can be told."""
    return states.Timed(
        recv_ms=arrival.recv_ms,
        claim_ms=body["time"]["sealed_ms"],
        lower_ms=times.lower_ms,
        estimate_ms=times.estimate_ms,
        estimate_verified=times.estimate_ok,
    )


def unreadable(text: str, body: dict[str, Any]) -> str | None:
    """The flag of a body that cannot be read here, or ever; None when it can."""
    if not (encoding.is_surely_plain(text) or encoding.is_plain(body)):
        return "shape"
    if body["kind"] not in KINDS or body.get("v") != 1:
        return "schema"
    return "shape" if shapes.check_shape(body) else None


def _times(
    body: dict[str, Any], arrival: Arrival, secrets: Secrets, seen_s: int | None
) -> tokens.Times:
    token = body["time"]["token"]
    token_ms = tokens.read(secrets.token, str(body["dev"]), token) if token else None
    found = tokens.times(body["time"], token_ms, arrival.recv_ms, arrival.client_ms)
    found = tokens.after(found, seen_s, arrival.recv_ms)
    if arrival.device is None and not arrival.carried:  # sealed by the server, now
        return found._replace(lower_ms=arrival.recv_ms)
    return found


def _shift_flags(known: Facts, when: states.Timed, content: contents.Content) -> set[str]:
    """What the claimed shift says of a commitment or a run."""
    if known.instance is None:
        return {"unknown_shift"}
    window, flags = states.window_of(known.instance), set()
    if known.person is not None and not known.rostered:
        flags.add("not_on_roster")
    if not states.in_window(window, when):
        flags.add("outside_window")
    if content.result == "committed" and states.time_mark(window, when) == "time_unverified":
        flags.add("time_unverified")
    return flags
