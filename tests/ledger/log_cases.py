"""Whole published logs in memory, honest and not: what both verifiers are tested with.

A case is {"files": path → bytes, "policy", "index", "known", "expect": {"holds", "codes",
"counts"}}: `codes` sorted, `counts` [n, on, off, late, none] of each part where every part can be
counted. `python -m tests.ledger.log_cases N` prints N honest cases, more, every lie and every
proof as JSON, files in base64.

What the brief of the procedure leaves open, decided here for both verifiers:

* A bundle of another shape (lengths, count) is `no_entry`, as a missing one. A tile of another
  length is a missing one. In steps 2 and 6 a tile that is missing or does not fit the newest
  checkpoint is `tiles_differ`; `fork` is said only where tiles that fit show another old root.
* A cited checkpoint of another size than its name is `bad_checkpoint`; one that opens and that no
  quorum of this policy saw is `no_checkpoint`: its signatures are right, they are too few.
* Step 3: no valid path, tiles missing or not, is `not_in_log`. Step 6 asks for b first, then for
  each other `a` in the order of the parts. `cut_late` stands before all of step 8.
* Step 7 must compute every stored node above the entries, at any level: in a tree of more than
  65,536 entries the root is made of level 2, and a level 1 put in its place would go unread.
  All bundles that hold [start, end) are hashed whole; a later announcement is sought below `end`.
* Forms (else `not_canonical`): exactly the keys of its kind (`o`, `a` may be left out; `o` is 1),
  v 1, at most 4,096 bytes, integers from 0 to 2^53-1 (true is none), identifiers base64url in its
  one spelling, texts without U+0000 or a lone surrogate; `grace` at most 3,600, `of` at most 30.
* Step 8: after `bad_open`, `roster_order`, `roster_differs` the rest of the part is left out, its
  numbers stay null and it shares no slot. `no_checkpoint` there has `size` = open + 1, and the part
  is counted. The tree hash of the roster comes after its order and count.
  In a chg, adds come before dels; what contradicts has no effect; `bad_change`, `bad_amend` and
  `slot_reused` are said once a part (the latter for every part that shares). `added`, `deleted` of
  the report count what had effect in (open, b); `changed_late` the same at or after a,
  where either is not 0.
  A bad amend has no effect. foreign_slot counts slots, of commits and runs.
  `leaves_counted` counts leaves that were not taken back.
* Step 9: the document is canonical JSON, at most 32 deep; kind and date texts, version an
  integer, shifts a list of objects, small an object with `count`; a count (null for total and
  small.count only) has the integers n, on, off, late, none; `s` null or a text. Else one
  `doc_figures` without part, and kind, date, version stay null. The figures are compared with the
  announced ones. Two shifts with one s, or figures that differ: `doc_figures` of that part.
  total is the sum of shifts and small.count; null where there is neither.
* parts of the report are [] until step 8; there s, open, a, a_s always stand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import entries, note, policy, proof, tree
from shiftapp.ledger.checkpoint import Checkpoint, cosign
from shiftapp.ledger.encoding import b64u, canonical, commitment

ORIGIN = "log.example.com/log"
T0 = 1_795_392_000
EVE = T0 - 43_200  # the hours of the day begin with it
DATE = "2026-11-23"
LOG = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
WITNESSES = {  # as a policy names them → key name, key
    "self": (f"{ORIGIN}/witness", Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)),
    "union": ("union.example/w", Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)),
    "insurer": ("insurer.example/w1", Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)),
    "council": ("Log.example.com/council", Ed25519PrivateKey.from_private_bytes(b"\x06" * 32)),
}
QUORUMS = (
    ("self",),
    ("union",),
    ("self", "union", "group both all self union", "both"),
    ("self", "union", "group either 1 self union", "either"),
    ("self", "union", "insurer", "group two 2 self union insurer", "two"),
    ("union", "insurer", "self", "group out any union insurer", "group q all out self", "q"),
)

Case = dict[str, Any]
Twist = Callable[["Day"], None]


def policy_text(words: Iterable[str] = QUORUMS[4]) -> str:
    """A policy with these witnesses, groups and (the last word) quorum."""
    *rest, quorum = words
    rest = rest or [quorum]
    lines = [f"log {note.vkey(ORIGIN, note.public_bytes(LOG))} https://log.example.com/log"]
    for word in rest:
        if word in WITNESSES:
            name, key = WITNESSES[word]
            vkey = note.vkey(name, note.public_bytes(key), note.COSIGNATURE)
            lines.append(f"witness {word} {vkey}")
        else:
            lines.append(word)
    return "\n".join([*lines, f"quorum {quorum}"]) + "\n"


@dataclass
class Rec:
    """A record that has a place."""

    index: int
    u: bytes
    w: str
    o: bool
    gone: bool = False  # taken back


@dataclass
class Series:
    """A shift of a group, with what became of it."""

    s: bytes
    slots: list[bytes]
    t0: int
    open: int = -1
    a: int = 0
    live: set[bytes] = field(default_factory=set)
    ever: set[bytes] = field(default_factory=set)
    recs: list[Rec] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    grace: int = 120
    group: str = "仪表组"
    site: str = "一厂"

    def counts(self, b: int) -> list[int]:
        """n, on, off, late, none, counted from what was done and not from the entries."""
        marks: dict[bytes, int] = {}
        for rec in self.recs:
            if rec.w == "commit" and rec.u in self.live and not rec.gone and rec.index < b:
                mark = 0 if rec.index < self.a else 1 if rec.o else 2
                marks[rec.u] = min(mark, marks.get(rec.u, 3))
        found = [list(marks.values()).count(mark) for mark in range(3)]
        return [len(self.live), *found, len(self.live) - sum(found)]


class Day:
    """A log that is being written, and the announcement at its end."""

    def __init__(self, seed: int, words: Iterable[str] = QUORUMS[4]) -> None:
        self.rng = random.Random(seed)
        self.words = tuple(words)
        self.policy = policy_text(words)
        self.entries: list[bytes] = []
        self.seen: dict[int, dict[str, int]] = {}  # size → when which witness saw it
        self.cuts: dict[int, int] = {}  # t0 → size
        self.series: list[Series] = []
        self.rosters: dict[str, bytes] = {}
        self.papers: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.known: dict[str, Any] | None = None
        self.shifts: list[dict[str, Any]] = []
        self.parts: list[entries.Part] = []
        self.doc: dict[str, Any] = {}
        self.b = self.index = 0
        self.sup: bytes | None = None
        self.kind = "daily"

    # What stands in the log.

    def add(self, data: bytes) -> int:
        self.entries.append(data)
        return len(self.entries) - 1

    def fill(self, count: int) -> None:
        """Entries of other series, and keys."""
        for _ in range(count):
            if self.rng.random() < 0.02:
                self.add(
                    entries.key_entry(role="device", vk=b64u(self.rng.randbytes(32)), from_s=1)
                )
            else:
                self.add(self._rec(self.rng.randbytes(16), self.rng.randbytes(16)))

    def window(self, n: int, t0: int, *, grace: int = 120, site: str = "一厂") -> Series:
        """A series whose roster is fixed now."""
        made = Series(self.rng.randbytes(16), [self.rng.randbytes(16) for _ in range(n)], t0)
        made.grace, made.site = grace, site
        self.open(made)
        return made

    def open(self, one: Series) -> None:
        one.live, one.ever = set(one.slots), set(one.slots)
        one.group = self.rng.choice(["仪表组", "常白班", "Betrieb Süd"])
        one.open = self.add(
            entries.open_entry(
                s=one.s,
                date=DATE,
                grace_s=one.grace,
                group=one.group,
                shift="白班",
                site=one.site,
                t0=one.t0,
                t1=one.t0 + 28800,
                slots=one.slots,
            )
        )
        self.rosters[b64u(one.s)] = b"".join(sorted(one.slots))

    def rec(self, one: Series, u: bytes, w: str = "commit", *, o: bool = False) -> Rec:
        made = Rec(self.add(self._rec(one.s, u, w, o)), u, w, o)
        one.recs.append(made)
        return made

    def amend(self, one: Series, rec: Rec, why: entries.Why) -> None:
        self.add(entries.amend_entry(of=rec.index, why=why, s=one.s, slot=rec.u))
        rec.gone = rec.gone or why != "erased"

    def change(self, one: Series, add: int, delete: Iterable[bytes]) -> list[bytes]:
        new, gone = [self.rng.randbytes(16) for _ in range(add)], list(delete)
        index = self.add(entries.chg_entry(s=one.s, add=new, delete=gone))
        one.live = (one.live | set(new)) - set(gone)
        one.ever |= set(new)
        one.changes.append(index)
        return new

    def _rec(self, s: bytes, u: bytes, w: str = "commit", o: bool = False) -> bytes:
        c = self.rng.randbytes(32)
        return entries.rec_entry(c=c, s=s, slot=u, kind=w, offline=o)

    # What is signed.

    def publish(self, at_s: int, lags: dict[str, int] | None = None, *, t0: int = 0) -> int:
        """A checkpoint of what is there, seen by all witnesses of the policy or those of `lags`."""
        size = len(self.entries)
        if size not in self.seen:
            lags = {word: 2 for word in self.words if word in WITNESSES} if lags is None else lags
            self.seen[size] = {word: at_s + lag for word, lag in lags.items()}
        if t0:
            self.cuts[t0] = size
        return size

    def cut(self, t0: int, lags: dict[str, int] | None = None) -> None:
        """The state at the start of a shift."""
        self.publish(t0 + 1, lags, t0=t0)

    def settle(self, one: Series) -> None:
        """The tree that shows what was there when a shift started (log.cut_size)."""
        for size in self.seen:
            seen_s = self.quorum_s(size)
            late = one.t0 + (one.grace if self.cuts.get(one.t0) == size else 0)
            if seen_s is not None and seen_s <= late:
                one.a = max(one.a, size)

    def quorum_s(self, size: int) -> int | None:
        seen = {WITNESSES[word][0]: at_s for word, at_s in self.seen[size].items()}
        return policy.parse(self.policy).quorum_s(seen)

    def signed(self, size: int, leaves: list[bytes] | None = None, key: Any = LOG) -> str:
        hashes = self.leaves() if leaves is None else leaves
        text = Checkpoint(ORIGIN, size, tree.of_leaves(hashes[:size])).text
        signed = note.sign_note(text, ORIGIN, key)
        for word, at_s in self.seen[size].items():
            name, witness = WITNESSES[word]
            signed += cosign(text, name, witness, at_s)
        return signed

    def leaves(self) -> list[bytes]:
        return [tree.leaf_hash(data) for data in self.entries]

    # The announcement.

    def count(self, at_s: int) -> None:
        """Count everything as it is now: the parts, and the shifts of the document."""
        self.b = self.publish(at_s)
        for one in self.series:
            n, on, off, late, _ = one.counts(self.b)
            self.parts.append(entries.Part(one.s, one.open, one.a, n, on, off, late))

    def write(self) -> None:
        """The document as the parts say it."""
        listed = [_shift(b64u(p.s), p.n, p.on, p.off, p.late) for p in self.parts]
        for shift, one in zip(listed, self.series, strict=True):
            shift |= {"group_name": one.group, "starts_ms": one.t0 * 1000}
        shifts = [*listed, *self.shifts]
        small: dict[str, Any] = {"shifts": 0, "counted": False, "count": None}
        if self.rng.random() < 0.5:
            small = {"shifts": 2, "counted": True, "count": _count(6, 3, 0, 1)}
            self.notes += ["small"] if self.kind == "daily" else []
        held = [*shifts, *([small["count"]] if small["count"] else [])]
        self.doc = {
            "v": 1,
            "kind": self.kind,
            "date": DATE,
            "from_ms": EVE * 1000,
            "to_ms": (EVE + 86400) * 1000,
            "version": 1,
            "enterprise": {"name": "示例化工", "name_en": "Example Chemicals"},
            "text": "今日已作安全承诺。",
            "shifts": shifts,
            "small": small,
            "total": {key: sum(one[key] for one in held) for key in _COUNT} if held else None,
            "id": f"00000000-0000-4000-8000-{self.rng.getrandbits(48):012x}",
        }

    def announce(self) -> None:
        data = self.paper = canonical(self.doc)
        made = entries.ann_entry(
            doc=hashlib.sha256(data).digest(), b=self.b, parts=self.parts, sup=self.sup
        )
        self.index = self.add(made)
        self.papers[f"announcement/{self.index}"] = data
        if len(self.parts) > entries.MAX_PARTS:
            listed = canonical(entries.part_list(self.parts))
            self.papers[f"announcement/{self.index}/parts"] = listed

    def files(self) -> dict[str, bytes]:
        """What is published of it."""
        quorate = [size for size in sorted(self.seen) if self.quorum_s(size) is not None]
        found = {f"checkpoint/{size}": self.signed(size).encode() for size in self.seen}
        newest = quorate[-1]
        found["checkpoint"] = found[f"checkpoint/{newest}"]
        for part in self.parts:
            holding = next((size for size in quorate if size > part.open), None)
            if holding is not None:
                found[f"covering/{part.open}"] = found[f"checkpoint/{holding}"]
        found |= tiles(self.leaves()[:newest]) | bundles(self.entries[:newest])
        found |= {f"roster/{s}": data for s, data in self.rosters.items()}
        return {**found, **self.papers, "policy": self.policy.encode()}

    def case(self, codes: Iterable[str] = (), holds: bool = True) -> Case:
        counts = [one.counts(self.b) for one in self.series]
        found = sorted([*self.honest_notes(), *codes])
        expect = {"holds": holds, "codes": found, "counts": counts}
        return {
            "files": self.files(),
            "policy": self.policy,
            "index": self.index,
            "known": self.known,
            "expect": expect,
        }

    def honest_notes(self) -> list[str]:
        late = [one for one in self.series if any(at >= one.a for at in one.changes)]
        found = [*self.notes, *("changed_late" for _ in late)]
        found += (
            ["self_attested"] if policy.parse(self.policy).satisfied({"self", "council"}) else []
        )
        return found


_COUNT = ("n", "on", "off", "late", "none")


def _count(n: int, on: int, off: int, late: int) -> dict[str, int]:
    return {"n": n, "on": on, "off": off, "late": late, "none": n - on - off - late}


def _shift(s: str | None, n: int, on: int, off: int, late: int) -> dict[str, Any]:
    return {
        "site_name": "一厂",
        "site_name_en": "Plant 1",
        "group_name": "仪表组",
        "group_name_en": "Instruments",
        "shift": "白班",
        "shift_en": "Day",
        "date": DATE,
        "starts_ms": T0 * 1000,
        "ends_ms": (T0 + 28800) * 1000,
        "s": s,
        **_count(n, on, off, late),
    }


def tiles(leaves: list[bytes]) -> dict[str, bytes]:
    """Every tile of a tree."""
    found = {}
    for (level, number), data in tree.grown(0, leaves, lambda *_: b"").items():
        found[tree.tile_path(level, number, len(data) // 32)] = data
    return found


def bundles(listed: list[bytes]) -> dict[str, bytes]:
    """Every bundle of entries."""
    found = {}
    for start in range(0, len(listed), 256):
        held = listed[start : start + 256]
        data = b"".join(len(one).to_bytes(2) + one for one in held)
        found[tree.bundle_path(start // 256, len(held))] = data
    return found


# Honest logs.


def honest(seed: int) -> Case:
    """A day that happened, drawn by a seed."""
    return honest_day(seed).case()


def honest_day(seed: int) -> Day:
    rng = random.Random(f"honest {seed}")
    day = Day(seed, QUORUMS[seed % len(QUORUMS)])
    many, none = seed % 20 == 5, seed % 20 == 3
    day.kind = "weekly" if seed % 20 == 7 else "daily"
    parts = (
        0 if none or day.kind == "weekly" else rng.randint(31, 33) if many else rng.randint(1, 4)
    )
    day.fill(rng.choice([0, 3, 120, 250, 256, 500]))
    starts = sorted(rng.choice([T0, T0 + 1800, T0 + 28800]) for _ in range(parts + 2))
    for t0 in sorted(set(starts)):
        _shift_of_day(day, rng, [one for one in starts if one == t0], t0, small=many)
    rng.shuffle(day.series)
    uncited, day.series = day.series[parts:], day.series[:parts]
    told = seed % 3 == 0 and day.kind == "daily"
    for one in [] if told else uncited:
        if gone := sorted(one.live)[4:]:  # of fewer than five people in the end
            day.change(one, 0, gone)
    day.fill(rng.choice([0, 0, 7, 260]))
    day.count(T0 + 40000)
    if told:
        day.shifts += [_told_only(one, day.b) for one in uncited]
        day.notes.append("not_shown")
    day.fill(rng.randint(0, 5))
    _extras(day, rng, seed)
    day.write()
    day.announce()
    day.publish(T0 + 40100)
    _since(day, rng, seed)
    return day


def _since(day: Day, rng: random.Random, seed: int) -> None:
    """What the log has got after the announcement, and the tree that the reader saw before."""
    if seed % 3 == 0:
        day.fill(rng.choice([1, 10, 300]))
        day.publish(T0 + 40200)
    if seed % 4 == 1:  # published, not seen by a quorum yet
        day.fill(2)
        day.publish(T0 + 40300, {})
    if seed % 2 == 0:
        size = rng.choice(sorted(size for size in day.seen if day.quorum_s(size) is not None))
        day.known = known(day, size)


def known(day: Day, size: int) -> dict[str, Any]:
    root = base64.b64encode(tree.of_leaves(day.leaves()[:size])).decode()
    return {"size": size, "root": root}


def _shift_of_day(day: Day, rng: random.Random, starts: list[int], t0: int, small: bool) -> None:
    theirs = []
    for _ in starts:
        n = rng.randint(5, 8) if small else rng.choice([5, 6, 17, 40])
        theirs.append(day.window(n, t0, grace=rng.choice([60, 120])))
        day.fill(rng.choice([0, 0, 1, 30]))
    day.publish(t0 - 1500)
    for one in theirs:
        _work(day, rng, one, late=False)
    if rng.random() < 0.5:
        day.publish(t0 - 600)
        day.rec(theirs[0], rng.choice(sorted(theirs[0].live)))
    missed = rng.random() < 0.15  # no quorum in time: the tree before is what is shown
    day.cut(t0, {word: 900 for word in WITNESSES if word in day.words} if missed else None)
    for one in theirs:
        day.settle(one)
        _work(day, rng, one, late=True)
    day.series += theirs


def _work(day: Day, rng: random.Random, one: Series, *, late: bool) -> None:
    """What happens on a shift before or after its start."""
    for u in rng.sample(sorted(one.live), rng.randint(0, len(one.live))):
        made = day.rec(
            one, u, rng.choice(["commit", "commit", "run"]), o=late and rng.random() < 0.4
        )
        again = rng.random()
        if again < 0.1:
            day.rec(one, u)
        elif again < 0.2:
            day.amend(one, made, rng.choice(["withdrawn", "mistake", "erased"]))
    if rng.random() < 0.4:
        gone = rng.sample(sorted(one.live), rng.randint(0, min(2, len(one.live) - 1)))
        for u in day.change(one, rng.randint(0 if gone else 1, 3), gone):
            if rng.random() < 0.5:
                day.rec(one, u)


def _extras(day: Day, rng: random.Random, seed: int) -> None:
    """What a document has beside its parts, and an announcement that came before."""
    if day.kind == "weekly":
        day.notes.append("period")
    elif rng.random() < 0.3:
        day.shifts.append(_shift(None, 7, 5, 1, 0))
        day.notes.append("not_public")
    elif rng.random() < 0.3 and "not_shown" not in day.notes:
        day.shifts.append(_shift(b64u(rng.randbytes(16)), 9, 5, 1, 0))
        day.notes.append("not_shown")
    if seed % 5 == 1:
        first = rng.randbytes(40)
        day.sup = hashlib.sha256(first).digest()
        day.add(entries.ann_entry(doc=day.sup, b=day.b, parts=day.parts, sup=None))


def _told_only(one: Series, b: int) -> dict[str, Any]:
    """A shift that is in the document, and that the announcement does not cite."""
    n, on, off, late, _ = one.counts(b)
    return _shift(b64u(one.s), n, on, off, late)


def _far_from_the_end() -> Case:
    """Nobody looks through a whole log for a later announcement."""
    day = base()
    day.fill(40 * 256 + 100)
    day.publish(T0 + 90_000)
    day.notes.append("not_looked")
    return day.case()


def _alone(words: Iterable[str] = QUORUMS[4]) -> Case:
    """An announcement without any shift is all there is."""
    day = Day(9, words)
    day.write()
    day.announce()
    day.publish(T0)
    return day.case()


MORE: dict[str, Callable[[], Case]] = {
    "far from the end": lambda: _far_from_the_end(),
    "alone": lambda: _alone(),
    "a witness under the own host": lambda: _alone(("council",)),
    "of the eve": lambda: _of_the_eve(),
    "renamed since": lambda: _renamed(),
    "a roster of another site": lambda: _beside("not_named", opened=_window(site="二厂")),
    "a roster that started before": lambda: _beside("not_named", opened=_window(t0=T0 - 900)),
    "a roster bundles before": lambda: _beside("not_named", first=_long_before(site="二厂")),
    "a crew that is only told": lambda: _beside("not_shown", counted=_only_told(6, came=4)),
    "a crew that is only told, and went on": lambda: _beside(
        "not_shown", counted=_only_told(6, came=4, after=2)
    ),
    "a crew that is only told before its roster has a place": lambda: _beside(
        "not_shown", counted=_only_told(6, came=4, sealed=False)
    ),
    "a roster of the next day": lambda: _beside("", opened=_window(t0=EVE + 86400)),
    "a roster of the day before": lambda: _beside("", opened=_window(t0=EVE - 1)),
    "a roster after what was counted": lambda: _beside("", counted=_window()),
    "a roster of four in the end": lambda: _beside("", opened=_of_four),
    "a roster of four, sealed only later": lambda: _beside("", **_later((1, 3))),
    "a roster of four when it was signed": lambda: _beside("", **_later((0, 2), (3, 0))),
    "a roster of five in the end": lambda: _beside("not_named", opened=_of_five),
    "a roster without its day's hours": lambda: _beside(
        "", opened=_window(site="二厂"), written=_doc(lambda doc: doc.pop("to_ms"))
    ),
    "a stricter policy since": lambda: _stricter(QUORUMS[4], ["earlier_policy"]),
    "self-attested before": lambda: _stricter(QUORUMS[0], ["earlier_policy", "self_attested"]),
}


def _stricter(before: Iterable[str], codes: list[str]) -> Case:
    """A fourth witness is asked for since the announcement; it has seen the newest tree only."""
    day = base()
    made = day.case(codes)
    _stricter_since(made, day, policy_text(before))
    return made


def _stricter_since(made: Case, day: Day, before: str) -> None:
    newest = _newest(day)
    day.seen[newest]["council"] = min(day.seen[newest].values())
    words = ("self", "union", "insurer", "council", "group q all self union insurer council", "q")
    made["policy"] = policy_text(words)
    made["files"] |= {f"policy/{size}": before.encode() for size in day.seen if size != newest}
    made["files"] |= {"policy": made["policy"].encode(), "checkpoint": day.signed(newest).encode()}


# Logs that lie.


def base(twists: dict[str, Twist] | None = None, seed: int = 1, fill: int = 240) -> Day:
    """Two shifts with everything in them; `twists` are called at the points named below."""
    twist = twists or {}

    def at(point: str) -> None:
        if point in twist:
            twist[point](day)

    day = Day(seed)
    at("first")
    day.fill(fill)
    first, second = day.window(12, T0), day.window(9, T0 + 1800)
    day.series = [first, second]
    at("opened")
    day.publish(T0 - 3000)
    day.fill(30)
    for u in first.slots[:6]:
        day.rec(first, u)
    day.rec(first, first.slots[0])  # twice: one person, two leaves
    for u in first.slots[6:8]:
        day.amend(first, day.rec(first, u), "withdrawn")
    day.rec(first, first.slots[7], "run")
    day.change(first, 1, [first.slots[11]])
    at("before")
    if "cut" not in twist:
        day.cut(T0)
    at("cut")
    day.settle(first)
    day.rec(first, first.slots[8], o=True)
    day.rec(first, first.slots[9])
    for u in second.slots[:4]:
        day.rec(second, u)
    day.cut(T0 + 1800)
    day.settle(second)
    day.rec(second, second.slots[5])
    at("after")
    day.fill(260)
    day.count(T0 + 4000)
    at("counted")
    day.fill(2)
    day.write()
    at("written")
    day.announce()
    at("announced")
    day.publish(T0 + 4100)
    return day


def _part(place: int, **fields: Any) -> Twist:
    """Announce other figures, or other trees."""

    def twist(day: Day) -> None:
        told = {key: change(day) for key, change in fields.items()}
        day.parts[place] = day.parts[place]._replace(**told)

    return twist


def _more(field: str, by: int) -> Twist:
    return _part(0, **{field: lambda day: getattr(day.parts[0], field) + by})


def _lie(codes: str, fatal: bool = False, **twists: Twist) -> Callable[[], Case]:
    """A day with a twist; a fatal lie leaves no word of the notes."""
    return lambda: _closed(base(twists), codes, fatal)


def _uncounted(codes: str, **twists: Twist) -> Callable[[], Case]:
    """A day with a twist, of which not every shift can be counted."""

    def make() -> Case:
        made = _closed(base(twists), codes, False)
        made["expect"].pop("counts")
        return made

    return make


def _closed(day: Day, codes: str, fatal: bool) -> Case:
    made = day.case(codes.split(), holds=False)
    if fatal:
        made["expect"] |= {"codes": sorted(codes.split())}
        made["expect"].pop("counts")
    return made


def _told(codes: str, change: Callable[[Case, Day], None], **how: Any) -> Callable[[], Case]:
    """A day whose published files, policy or index are changed afterwards; fatal."""

    def make() -> Case:
        day = base(**how)
        made = _closed(day, codes, True)
        change(made, day)
        return made

    return make


def _partly(codes: str, change: Callable[[Case, Day], None]) -> Callable[[], Case]:
    """The same where the other shift is still counted."""

    def make() -> Case:
        day = base()
        made = _closed(day, codes, False)
        change(made, day)
        made["expect"].pop("counts")
        return made

    return make


def _drop(path: Callable[[Day], str]) -> Callable[[Case, Day], None]:
    return lambda case, day: case["files"].pop(path(day)) and None


def _put(path: Callable[[Day], str], data: Callable[[Day, bytes], bytes]) -> Callable[..., None]:
    def change(case: Case, day: Day) -> None:
        case["files"][path(day)] = data(day, case["files"].get(path(day), b""))

    return change


def _bundle_of(index: int, day: Day) -> str:
    number = index // 256
    size = max(size for size in day.seen if day.quorum_s(size) is not None)
    return tree.bundle_path(number, min(256, size - 256 * number))


def _roster(day: Day) -> str:
    return f"roster/{b64u(day.series[0].s)}"


def _turned(data: bytes, at: int = -1) -> bytes:
    """A byte turned over."""
    found = bytearray(data)
    found[at] ^= 1
    return bytes(found)


def _other_witness_line(day: Day, data: bytes) -> bytes:
    """The line of a witness with a signature over something else."""
    lines = data.decode().split("\n")
    raw = base64.b64decode(lines[-2].rsplit(" ", 1)[1])
    lines[-2] = lines[-2].rsplit(" ", 1)[0] + " " + base64.b64encode(_turned(raw)).decode()
    return "\n".join(lines).encode()


def _signed_text(data: bytes) -> str:
    return data.decode().split("\n\n")[0] + "\n"


def _fewer(size: Callable[[Day], int], *words: str) -> Callable[[Day, bytes], bytes]:
    """A checkpoint signed by these witnesses only."""

    def make(day: Day, _: bytes) -> bytes:
        kept = dict(day.seen[size(day)])
        day.seen[size(day)] = {word: kept[word] for word in words}
        signed = day.signed(size(day)).encode()
        day.seen[size(day)] = kept
        return signed

    return make


def _newest(day: Day) -> int:
    return max(day.seen)


def _forked(size: Callable[[Day], int]) -> Callable[[Day, bytes], bytes]:
    """A checkpoint, rightly signed and seen, of a tree with another entry in it."""

    def make(day: Day, _: bytes) -> bytes:
        leaves = day.leaves()
        leaves[1] = tree.leaf_hash(b"another")
        return day.signed(size(day), leaves).encode()

    return make


def _known(of: Callable[[Day], dict[str, Any]]) -> Callable[[Case, Day], None]:
    return lambda case, day: case.update(known=of(day))


def _ann(change: Callable[[Day, dict[str, Any]], object]) -> Twist:
    """Another announcement entry in place of the right one."""

    def twist(day: Day) -> None:
        told = json.loads(day.entries[day.index])
        change(day, told)
        day.entries[day.index] = canonical(told)

    return twist


def _spaced(day: Day) -> None:
    day.entries[day.index] = json.dumps(json.loads(day.entries[day.index])).encode()


def _entry(change: Callable[[Day], bytes]) -> Twist:
    return lambda day: day.add(change(day)) and None


def _many(change: Callable[[Case, Day], None]) -> Callable[[], Case]:
    def make() -> Case:
        day = honest_day(5)
        made = _closed(day, "parts_differ", True)
        change(made, day)
        return made

    return make


def _parts_path(day: Day) -> str:
    return f"announcement/{day.index}/parts"


def _fewer_parts(day: Day, data: bytes) -> bytes:
    return canonical(json.loads(data)[:-1])


def _late_roster() -> Case:
    """The first checkpoint that holds the roster was seen when the shift had begun."""
    day = base({"opened": lambda day: day.seen.update({len(day.entries): {"self": T0 - 3000}})})
    return _closed(day, "roster_late", False)


def _swapped(data: bytes) -> bytes:
    return data[16:32] + data[:16] + data[32:]


def _another_slot(day: Day, data: bytes) -> bytes:
    return b"".join(
        sorted([b"\x00" * 16, *(data[at : at + 16] for at in range(16, len(data), 16))])
    )


def _twice(day: Day) -> None:
    one = day.series[0]
    day.add(entries.chg_entry(s=one.s, add=[one.slots[1]], delete=[]))


def _back_again(day: Day) -> None:
    """Who was taken off before is put on again under the old place."""
    one = day.series[0]
    day.add(entries.chg_entry(s=one.s, add=[one.slots[11]], delete=[]))


def _never_there(day: Day) -> None:
    day.add(entries.chg_entry(s=day.series[0].s, add=[], delete=[b"\x07" * 16]))


def _shared_slot(day: Day) -> None:
    first, second = day.series
    day.add(entries.chg_entry(s=second.s, add=[first.slots[1]], delete=[]))
    second.live.add(first.slots[1])


def _foreign(day: Day) -> None:
    for n in range(3):
        day.rec(day.series[0], bytes([n]) * 16)


def _amend_of(of: Callable[[Day], int], slot: Callable[[Day], bytes]) -> Twist:
    return _entry(
        lambda day: entries.amend_entry(
            of=of(day), why="withdrawn", s=day.series[0].s, slot=slot(day)
        )
    )


def _late_cut(day: Day) -> None:
    """The cut is cited though the witnesses saw it too late."""
    day.cut(T0, {"self": 5, "union": 500, "insurer": 700})
    day.series[0].a = len(day.entries)


def _all_gone(day: Day) -> None:
    for one in day.series:
        one.a = 0


def _replaced(day: Day) -> None:
    old = hashlib.sha256(day.paper).digest()
    new = hashlib.sha256(b"the next one").digest()
    day.add(entries.ann_entry(doc=new, b=day.b, parts=day.parts, sup=old))


def _doc(change: Callable[[dict[str, Any]], object]) -> Twist:
    return lambda day: change(day.doc) and None


def _other_total(doc: dict[str, Any]) -> None:
    doc["total"]["on"] += 1


def _other_shift(doc: dict[str, Any]) -> None:
    for one in (doc["shifts"][0], doc["total"]):
        one["on"], one["none"] = one["on"] + 1, one["none"] - 1


def _left_out(doc: dict[str, Any]) -> None:
    gone = doc["shifts"].pop()
    for key in _COUNT:
        doc["total"][key] -= gone[key]


def _sevenfold(doc: dict[str, Any]) -> None:
    doc["shifts"][1]["n"] = True


def _opened_again(day: Day) -> None:
    """Before the start, with a roster of those alone who came."""
    one = day.series[0]
    again = Series(one.s, one.slots[:6], one.t0, group=one.group)
    day.open(again)
    day.series[0] = again
    for u in again.slots:
        day.rec(again, u)


def _renamed() -> Case:
    """A group was given another name between its start and the announcement."""
    day = base({"written": _doc(_other_name)})
    day.notes.append("doc_names")
    return day.case()


def _of_the_eve() -> Case:
    """Shifts from the cut-off on belong to the announcement of the next day."""
    return base({"written": _doc(lambda doc: doc.update(date="2026-11-24"))}).case()


def _other_name(doc: dict[str, Any]) -> None:
    doc["shifts"][0]["group_name"] = "别的班组"


def _as_a_week(doc: dict[str, Any]) -> None:
    doc["kind"] = "weekly"


def _cut_off(case: Case, day: Day) -> None:
    path = _bundle_of(day.series[0].open, day)
    case["files"][path] = case["files"][path][:-1]


def _only_told(
    n: int, *, came: int, strangers: int = 0, after: int = 0, sealed: bool = True
) -> Twist:
    """A shift of six, of whom four came in time, in the text as `n` and `came`, and not cited;
    `after`: so many more come before the announcement has its place. Not `sealed`: the tree that is
    counted from has nothing of it."""

    def twist(day: Day) -> None:
        one = day.window(6, T0)
        for u in [*one.slots[:4], *(day.rng.randbytes(16) for _ in range(strangers))]:
            day.rec(one, u)
        day.b = day.publish(T0 + 4000 + len(day.entries)) if sealed else day.b
        for u in one.slots[4 : 4 + after]:
            day.rec(one, u)
        day.shifts.append(_shift(b64u(one.s), n, came, 0, 0))

    return twist


def _nobody_missing(doc: dict[str, Any]) -> None:
    missing = doc["shifts"][0]["none"]
    for one in (doc["shifts"][0], doc["total"]):
        one["none"] -= missing


def _rest_missing(day: Day) -> None:
    """The small ones together, of whom the text says that nobody is missing."""
    day.doc["small"] = {"shifts": 2, "counted": True, "count": {**_count(6, 3, 0, 1), "none": 0}}
    held = [*day.doc["shifts"], day.doc["small"]["count"]]
    day.doc["total"] = {key: sum(one[key] for one in held) for key in _COUNT}
    day.notes = ["small"]


LIES: dict[str, Callable[[], Case]] = {
    "unreachable": _told("unreachable", _drop(lambda _: "checkpoint")),
    "not a checkpoint": _told("bad_checkpoint", _put(lambda _: "checkpoint", lambda *_: b"\xff\n")),
    "signed by another log": _told(
        "bad_checkpoint",
        _put(lambda _: "checkpoint", lambda day, _: day.signed(_newest(day), key=OTHER).encode()),
    ),
    "another size": _told(
        "bad_checkpoint",
        _put(
            lambda _: "checkpoint",
            lambda day, data: data.replace(b"\n%d\n" % _newest(day), b"\n9\n"),
        ),
    ),
    "a witness's signature is wrong": _told(
        "bad_checkpoint", _put(lambda _: "checkpoint", _other_witness_line)
    ),
    "a witness's time beyond all clocks": _told(
        "bad_checkpoint",
        _put(
            lambda _: "checkpoint",
            lambda _, data: (
                data + cosign(_signed_text(data), *WITNESSES["union"], 1 << 63).encode()
            ),
        ),
    ),
    "a signature with padding to spare": _told(
        "bad_checkpoint",
        _put(
            lambda _: "checkpoint",
            lambda _, data: data + "— other.example/w QUJDREVG====\n".encode(),
        ),
    ),
    "no quorum": _told("no_quorum", _put(lambda _: "checkpoint", _fewer(_newest, "self"))),
    "a policy that asks nobody": _told(
        "no_quorum", lambda case, _: case.update(policy=policy_text(["self", "none"]))
    ),
    "rollback": _told("rolled_back", _known(lambda day: {**known(day, 5), "size": 10_000})),
    "fork at the same size": _told(
        "fork", _known(lambda day: {**known(day, 5), "size": _newest(day)})
    ),
    "fork before": _told("fork", _known(lambda day: {**known(day, 5), "size": 300})),
    "fork at a whole tree": _told("fork", _known(lambda day: {**known(day, 5), "size": 256})),
    "a tile gone under what was known": _told(
        "tiles_differ",
        lambda case, day: (
            case.update(known=known(day, 300)),
            case["files"].pop("tile/0/001"),
            None,
        )[-1],
    ),
    "fork of the tree counted from": _told(
        "fork", _put(lambda day: f"checkpoint/{day.b}", _forked(lambda day: day.b))
    ),
    "fork of a cut": _told(
        "fork",
        _put(lambda day: f"checkpoint/{day.series[0].a}", _forked(lambda day: day.series[0].a)),
    ),
    "an index after the end": _told("not_in_log", lambda case, _: case.update(index=10_000)),
    "the announcement altered in its bundle": _told(
        "not_in_log",
        _put(
            lambda day: _bundle_of(day.index, day),
            lambda day, data: data.replace(b'"n":12,', b'"n":11,'),
        ),
    ),
    "a tile altered beside the announcement": _told(
        "not_in_log",
        _put(lambda day: _tile_of(day), lambda _, data: _turned(data, 3)),
    ),
    "a tile gone beside the announcement": _told("not_in_log", _drop(lambda day: _tile_of(day))),
    "the bundle of the announcement gone": _told(
        "no_entry", _drop(lambda day: _bundle_of(day.index, day))
    ),
    "a bundle of records gone": _told(
        "no_entry", _drop(lambda day: _bundle_of(day.series[0].open, day))
    ),
    "a bundle cut off": _told("no_entry", _cut_off),
    "an announcement with spaces": _lie("not_canonical", True, announced=_spaced),
    "an announcement of another form": _lie(
        "not_canonical", True, announced=_ann(lambda _, told: told.update(more=1))
    ),
    "an entry of an unknown kind": _lie(
        "not_canonical", True, after=_entry(lambda _: b'{"k":"sum","v":1}')
    ),
    "a record with a key twice": _lie(
        "not_canonical",
        True,
        after=_entry(lambda day: day.entries[-1].replace(b',"v":1', b',"v":1,"v":1')),
    ),
    "no announcement there": _told(
        "not_announcement", lambda case, day: case.update(index=day.series[0].open)
    ),
    "no document": _told("no_document", _drop(lambda day: f"announcement/{day.index}")),
    "an altered document": _told(
        "doc_differs",
        _put(
            lambda day: f"announcement/{day.index}",
            lambda _, data: data.replace("安全".encode(), "平安".encode()),
        ),
    ),
    "the list of parts gone": _many(_drop(_parts_path)),
    "the list of parts shortened": _many(_put(_parts_path, _fewer_parts)),
    "the list of parts is none": _many(_put(_parts_path, lambda *_: b"[[[[")),
    "counted from a tree after itself": _lie(
        "bad_trees", True, announced=_ann(lambda day, told: told.update(b=day.index + 1))
    ),
    "a cut larger than what was counted": _lie(
        "bad_trees", True, announced=_ann(lambda day, told: told.update(a=day.b + 1))
    ),
    "a cut of a part larger than what was counted": _lie(
        "bad_trees", True, announced=_ann(lambda day, told: told["of"][0].update(a=day.b + 1))
    ),
    "a roster after what was counted": _lie(
        "bad_trees", True, announced=_ann(lambda day, told: told["of"][1].update(open=day.b))
    ),
    "the checkpoint counted from gone": _told(
        "no_checkpoint", _drop(lambda day: f"checkpoint/{day.b}")
    ),
    "the checkpoint of a cut gone": _told(
        "no_checkpoint", _drop(lambda day: f"checkpoint/{day.series[0].a}")
    ),
    "a cut that no quorum saw": _told(
        "no_checkpoint",
        _put(
            lambda day: f"checkpoint/{day.series[0].a}",
            _fewer(lambda day: day.series[0].a, "union"),
        ),
    ),
    "too few for the policy of its time": _told(
        "no_checkpoint",
        lambda case, day: _stricter_since(
            case, day, policy_text(("council", "union", "group q all council union", "q"))
        ),
    ),
    "the policy of another log for its time": _told(
        "no_checkpoint",
        lambda case, day: _stricter_since(
            case,
            day,
            policy_text().replace(
                note.vkey(ORIGIN, note.public_bytes(LOG)),
                note.vkey(ORIGIN, note.public_bytes(OTHER)),
            ),
        ),
    ),
    "another checkpoint in place of a cut": _told(
        "bad_checkpoint",
        lambda case, day: case["files"].update(
            {f"checkpoint/{day.series[0].a}": case["files"][f"checkpoint/{day.b}"]}
        ),
    ),
    "a cut seen too late": _lie("cut_late", cut=_late_cut),
    "a record taken out of a bundle": _told(
        "tiles_differ",
        _put(
            lambda day: _bundle_of(day.series[0].open, day),
            lambda day, data: data.replace(day.entries[255], day.entries[254]),
        ),
    ),
    "a record given to somebody else": _told(
        "tiles_differ",
        _put(
            lambda day: _bundle_of(day.series[0].recs[-2].index, day),
            lambda day, data: data.replace(
                b64u(day.series[0].slots[8]).encode(), b64u(day.series[0].slots[9]).encode()
            ),
        ),
    ),
    "another series' roster": _uncounted(
        "bad_open", counted=_part(0, open=lambda day: day.series[1].open)
    ),
    "a roster fixed a second time": _uncounted("bad_open", before=_opened_again),
    "a record in place of a roster": _uncounted(
        "bad_open", counted=_part(0, open=lambda day: day.series[0].recs[0].index)
    ),
    "nothing that shows the roster": _partly(
        "no_checkpoint", _drop(lambda day: f"covering/{day.series[0].open}")
    ),
    "too few saw the roster": _partly(
        "no_checkpoint",
        _put(
            lambda day: f"covering/{day.series[0].open}",
            _fewer(lambda day: min(day.seen), "insurer"),
        ),
    ),
    "a fork that shows the roster": _partly(
        "no_checkpoint",
        _put(lambda day: f"covering/{day.series[0].open}", _forked(lambda day: min(day.seen))),
    ),
    "a roster after the start": _late_roster,
    "no roster": _partly("roster_order", _drop(_roster)),
    "a roster out of order": _partly("roster_order", _put(_roster, lambda _, data: _swapped(data))),
    "a roster that is cut off": _partly("roster_order", _put(_roster, lambda _, data: data[:-1])),
    "somebody twice on a roster": _partly(
        "roster_order", _put(_roster, lambda _, data: data[:16] + data)
    ),
    "a roster trimmed to who came": _partly(
        "roster_differs", _put(_roster, lambda _, data: data[:-16])
    ),
    "another roster": _partly("roster_differs", _put(_roster, _another_slot)),
    "put on twice": _lie("bad_change", before=_twice),
    "put on again": _lie("bad_change", after=_back_again),
    "taken off who was not there": _lie("bad_change", before=_never_there),
    "slots used twice": _lie("slot_reused slot_reused", before=_shared_slot),
    "a correction of no record": _lie(
        "bad_amend",
        after=_amend_of(lambda day: day.series[0].open, lambda day: day.series[0].slots[0]),
    ),
    "a correction of somebody else's record": _lie(
        "bad_amend",
        after=_amend_of(
            lambda day: day.series[0].recs[0].index, lambda day: day.series[0].slots[1]
        ),
    ),
    "foreign slots": _lie("foreign_slot", before=_foreign),
    "foreign slots counted": _lie(
        "foreign_slot foreign_counted", before=_foreign, counted=_more("on", 3)
    ),
    "n shrunk": _lie("n_shrunk", counted=_more("n", -1)),
    "n inflated": _lie("n_inflated", counted=_more("n", 3)),
    "leaves counted": _lie("leaves_counted", counted=_more("on", 1)),
    "withdrawn records counted": _lie("withdrawn_counted", counted=_more("on", 2)),
    "on inflated": _lie("on_inflated", counted=_more("on", 4)),
    "on deflated": _lie("on_deflated", counted=_more("on", -1)),
    "late ones counted as on time": _lie(
        "on_inflated late_differs",
        before=lambda day: _again(day),
        counted=lambda day: (_more("on", 1)(day), _more("late", -1)(day), None)[-1],
    ),
    "late differs": _lie("late_differs", counted=_more("late", 1)),
    "offline differs": _lie("off_differs", counted=_more("off", 1)),
    "a cut of nothing": _lie(
        "on_inflated late_differs on_inflated late_differs",
        announced=_ann(
            lambda _, told: (told.update(a=0), [one.pop("a", None) for one in told["of"]])
        ),
        written=_all_gone,
    ),
    "a text that is no document": _lie(
        "doc_figures",
        written=lambda day: (day.notes.clear(), setattr(day, "doc", {"text": "all is well"}))[1],
    ),
    "a document with a flag for a number": _lie(
        "doc_figures", written=lambda day: (day.notes.clear(), _sevenfold(day.doc))[1]
    ),
    "another figure in the text": _lie("doc_figures", written=_doc(_other_shift)),
    "a shift left out of the text": _lie("doc_figures", written=_doc(_left_out)),
    "the figures of another day": _lie(
        "doc_shift doc_shift", written=_doc(lambda doc: doc.update(date="2026-11-25"))
    ),
    "a shift that is said to be of another day": _lie(
        "doc_shift", written=_doc(lambda doc: doc["shifts"][0].update(date="2026-11-22"))
    ),
    "a shift that is said to start at another time": _lie(
        "doc_shift", written=_doc(lambda doc: doc["shifts"][1].update(starts_ms=T0 * 1000))
    ),
    "a day without a date": _lie(
        "doc_shift doc_shift", written=_doc(lambda doc: doc.update(date="2026-02-31"))
    ),
    "a week with the figures of a day": _lie(
        "doc_figures", written=_doc(_as_a_week), opened=lambda day: setattr(day, "kind", "weekly")
    ),
    "a kind of announcement that is none": _lie(
        "doc_figures",
        written=_doc(lambda doc: doc.update(kind="weekly ")),
        opened=lambda day: setattr(day, "kind", "weekly "),
    ),
    "another total": _lie("doc_total", written=_doc(_other_total)),
    "a crew left out": _lie("left_out", opened=lambda day: _window()(day)),
    "a crew left out at the last start": _lie(
        "left_out", opened=lambda day: _window(T0 + 1800)(day)
    ),
    "a crew left out whose roster came first": _lie(
        "left_out", first=lambda day: _long_before()(day)
    ),
    "a crew left out whose roster came first, without the day's hours": _lie(
        "left_out",
        first=lambda day: _long_before()(day),
        written=_doc(lambda doc: (doc.pop("from_ms"), doc.pop("to_ms"))),
    ),
    "a crew left out of whom five are left, sealed later": lambda: _lie(
        "left_out", **_later((1, 2))
    )(),
    "a crew left out that was reduced afterwards": lambda: _lie(
        "left_out", **_later((0, 2), to="announced")
    )(),
    "two crews left out, and a site": _lie(
        "left_out not_named",
        opened=lambda day: (_window()(day), _window()(day), _window(site="二厂")(day), None)[-1],
    ),
    "a crew that is only told, with all of it there": _lie(
        "not_shown contradicted", counted=_only_told(6, came=6)
    ),
    "a crew that is only told, and smaller": _lie(
        "not_shown contradicted", counted=_only_told(4, came=4)
    ),
    "a crew that is only told, counted with strangers": _lie(
        "not_shown contradicted", counted=_only_told(6, came=5, strangers=1)
    ),
    "a crew that is only told, without its roster": _told(
        "not_shown contradicted",
        lambda case, day: case["files"].pop(f"roster/{day.shifts[0]['s']}") and None,
        twists={"counted": _only_told(6, came=4)},
    ),
    "nobody missing in the text": _lie("doc_figures doc_total", written=_doc(_nobody_missing)),
    "nobody missing among the small ones": _lie("doc_total", written=_rest_missing),
    "a superseded text": _lie("superseded", announced=_replaced),
}


def _beside(code: str, **twists: Twist) -> Case:
    """A day with another roster in the log, which is no lie."""
    return base(twists).case(code.split())


def _window(t0: int = T0, *, site: str = "一厂") -> Twist:
    """One more roster, of which the announcement says nothing."""
    return lambda day: day.window(7, t0, site=site) and None


def _later(*changes: tuple[int, int], to: str = "written") -> dict[str, Twist]:
    """One more roster, of six, changed only after the tree that is counted from: more, fewer."""
    held: list[Series] = []

    def change(day: Day) -> None:
        for more, fewer in changes:
            day.change(held[-1], more, sorted(held[-1].live)[:fewer])

    return {"opened": lambda day: held.append(day.window(6, T0)), to: change}


def long_after_the_eve() -> Day:
    """A day with 300 entries between a roster of the day before (index 2,700) and its own."""
    return base({"first": lambda day: (day.fill(2700), _window(EVE - 1)(day), None)[-1]}, fill=300)


def _long_before(site: str = "一厂") -> Twist:
    """The same, three bundles before the rest."""
    return lambda day: (day.window(7, T0, site=site), day.fill(3 * 256), None)[-1]


def _of_four(day: Day) -> None:
    one = day.window(6, T0)
    day.change(one, 1, one.slots[:3])


def _of_five(day: Day) -> None:
    one = day.window(6, T0, site="二厂")
    day.change(one, 1, one.slots[:2])


def _again(day: Day) -> None:
    """One more record of somebody who has one: six people, eight leaves."""
    day.rec(day.series[0], day.series[0].slots[1])


def _tile_of(day: Day) -> str:
    size = _newest(day)
    number = day.index // 256
    return tree.tile_path(0, number, min(256, size - 256 * number))


# Proofs of workers.


def proofs() -> dict[str, Case]:
    """Proof files: {"text", "policy", "expect"}; `body` is what a full one shows."""
    day = base()
    body, salt = '{"kind":"commit","who":"张三"}', bytes(range(32))
    one = day.series[0]
    c = commitment(salt, body.encode())
    made = entries.rec_entry(c=c, s=one.s, slot=one.slots[0], kind="commit", offline=False)
    day.entries[one.recs[0].index] = made
    index, size = one.recs[0].index, _newest(day)

    def text(extra: bytes, at: int = index, signed: str = "") -> str:
        hashes = _reader(day.leaves())
        path = tree.inclusion(at, size, hashes)
        return proof.LogProof(at, path, signed or day.signed(size), extra).text

    bare = len(made).to_bytes(2) + made
    full = bare + salt + body.encode()
    spaced = made.replace(b":", b": ")
    few = _fewer(_newest, "insurer")(day, b"").decode()
    lone = day.entries[day.index]
    told = {
        "full": (text(full), "", body),
        "bare": (text(bare), "", None),
        "of an announcement": (text(len(lone).to_bytes(2) + lone, day.index), "", None),
        "no proof": ("c2sp.org/tlog-proof@v1\nindex x\n\n", "bad_proof", None),
        "nothing in it": (text(b""), "bad_proof", None),
        "cut off in the salt": (text(bare + salt[:9]), "bad_proof", None),
        "of another place": (text(full).replace(f"index {index}", "index 1"), "bad_proof", None),
        "another signature": (
            text(full, signed=day.signed(size, key=OTHER)),
            "bad_checkpoint",
            None,
        ),
        "too few witnesses": (text(full, signed=few), "no_quorum", None),
        "another record": (text(_turned(full)), "c_differs", None),
        "another entry": (text(bare.replace(b'"w":"commit"', b'"w":"cammit"')), "bad_proof", None),
        "a body for an announcement": (
            text(len(lone).to_bytes(2) + lone + salt + b"{}", day.index),
            "c_differs",
            None,
        ),
    }
    day.entries[index] = spaced
    told["an entry with spaces"] = (text(len(spaced).to_bytes(2) + spaced), "not_canonical", None)
    return {
        name: {
            "text": words,
            "policy": day.policy,
            "expect": {"holds": not code, "codes": code.split(), "body": shown},
        }
        for name, (words, code, shown) in told.items()
    }


def _reader(leaves: list[bytes]) -> tree.Tiles:
    kept = tree.grown(0, leaves, lambda *_: b"")

    def one(level: int, place: int) -> bytes:
        number, at = divmod(place, 256)
        return kept[level, number][32 * at : 32 * at + 32]

    return one


def as_json(case: Case) -> Case:
    """A case as JSON holds it."""
    if "files" not in case:
        return case
    files = {path: base64.b64encode(data).decode() for path, data in case["files"].items()}
    return {**case, "files": files}


def dump(count: int) -> dict[str, Any]:
    """Everything that the browser is tested with."""
    return {
        "honest": [as_json(honest(seed)) for seed in range(count)],
        "more": {name: as_json(make()) for name, make in MORE.items()},
        "lies": {name: as_json(make()) for name, make in LIES.items()},
        "proofs": proofs(),
    }


if __name__ == "__main__":
    json.dump(dump(int(sys.argv[1])), sys.stdout, ensure_ascii=False)
