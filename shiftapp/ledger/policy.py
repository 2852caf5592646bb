"""Trust policies of C2SP tlog-policy: which log, which witnesses, and how many must have seen it.

A checkpoint is worth what its quorum is worth. A policy that names only witnesses of the log's own
operator is 自证: self-attested (design.md §4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from shiftapp.ledger.note import COSIGNATURE, ED25519, Verifier, parse_vkey

NONE = "none"  # the quorum that asks nobody
MOST_LINES = 200
_BREAKS = re.compile(r"[^\t\n\x20-\x7e\x80-\U0010ffff]")


WHY = {
    "text": "a sign that may not stand there, or too long",
    "no_quorum": "it says no quorum",
    "second_quorum": "a second quorum",
    "word": "{about} is no word of a policy",
    "words": "too few or too many words",
    "group": "a group has a name, how many, and members",
    "least": "not that many members: {about}",
    "unknown": "{about} is not known yet",
    "taken": "the name {about} is taken",
    "member": "{about} is a member already",
    "log_key": "not the vkey of a log: {about}",
    "witness_key": "not the vkey of a witness: {about}",
    "same_key": "the same key twice: {about}",
    "second_key": "a second key of {about}",
}


class Malformed(ValueError):
    """A text that is no policy: why (a code of `WHY`), what it is about, and in which line."""

    def __init__(self, code: str, about: str = "", line: int = 0) -> None:
        where = f"line {line} of the policy: " if line else "not a policy: "
        super().__init__(where + WHY[code].format(about=about))
        self.code, self.about, self.line = code, about, line


@dataclass(frozen=True)
class Group:
    """So many of these witnesses and groups."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Witness:
    """A witness as the policy names it; `url` is where it takes checkpoints, '' unknown."""

    name: str
    verifier: Verifier
    url: str


@dataclass(frozen=True)
class Policy:
    """A policy as read; `text` is the file."""

    text: str
    logs: tuple[tuple[Verifier, str], ...]  # key and URL, '' unknown
    witnesses: tuple[Witness, ...]
    groups: Mapping[str, Group] = field(repr=False)
    quorum: str

    @property
    def log(self) -> Verifier:
        """The one log it is about."""
        return self.logs[0][0]

    @property
    def verifiers(self) -> list[Verifier]:
        """The keys of the witnesses."""
        return [one.verifier for one in self.witnesses]

    def satisfied(self, names: Collection[str]) -> bool:
        """Whether these witnesses (as the policy names them) make the quorum."""
        return self.quorum == NONE or self._has(self.quorum, names)

    def quorum_s(self, seen_s: Mapping[str, int]) -> int | None:
        """When the quorum had seen a checkpoint, Unix s, by the key name of each who signed it.

        None: it has not. A quorum of nobody has no clock: None too.
        """
        if self.quorum == NONE:
            return None
        times = {w.name: seen_s[w.verifier.name] for w in self.witnesses if _signed(w, seen_s)}
        for time_s in sorted(set(times.values())):
            if self.satisfied({name for name, at_s in times.items() if at_s <= time_s}):
                return time_s
        return None

    def is_own(self, witness: Witness) -> bool:
        """Whether a witness is the log's operator's: its key is named under the log's host.

        Whatever else it calls itself; who can publish the log can name a key under the same host.
        """
        key = witness.verifier
        return any(key.public == log.public or _host(key) == _host(log) for log, _ in self.logs)

    @property
    def self_attested(self) -> bool:
        """Whether the log's operator alone makes the quorum (自证)."""
        return self.satisfied({w.name for w in self.witnesses if self.is_own(w)})

    def _has(self, name: str, names: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in names
        return sum(self._has(one, names) for one in group.members) >= group.least


def parse(text: str) -> Policy:
    """A policy from its file.

    :raises Malformed: another form.
    """
    if _BREAKS.search(text) or text.count("\n") > MOST_LINES:
        raise Malformed("text")
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            try:
                reader.take(words)
            except Malformed as error:
                raise Malformed(error.code, error.about, number) from error
    return reader.policy(text)


def default(log_vkey: str, log_url: str, witness_vkey: str) -> str:
    """The policy of an install with its own witness key alone."""
    lines = [f"log {log_vkey} {log_url}", f"witness self {witness_vkey}", "quorum self"]
    return "\n".join(lines) + "\n"


class _Reader:
    """Takes the lines of a policy one by one."""

    def __init__(self) -> None:
        self.logs: list[tuple[Verifier, str]] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.used: set[str] = set()
        self.quorum = ""

    def take(self, words: list[str]) -> None:
        kind, rest = words[0], words[1:]
        takers = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if kind not in takers:
            raise Malformed("word", kind)
        takers[kind](rest)

    def policy(self, text: str) -> Policy:
        if not self.quorum:
            raise Malformed("no_quorum")
        witnesses = tuple(self.witnesses.values())
        return Policy(text, tuple(self.logs), witnesses, self.groups, self.quorum)

    def _log(self, words: list[str]) -> None:
        vkey, url = _few(words, 1, 2)
        log = _key(vkey, ED25519, "log_key")
        self._must_be_new_key(log, [one for one, _ in self.logs])
        self.logs.append((log, url))

    def _witness(self, words: list[str]) -> None:
        name, vkey, url = _few(words, 2, 3)
        witness = Witness(name, _key(vkey, COSIGNATURE, "witness_key"), url)
        known = [one.verifier for one in self.witnesses.values()]
        self._must_be_new_name(name)
        self._must_be_new_key(witness.verifier, known)
        if witness.verifier.name in {one.name for one in known}:
            # Stricter than C2SP: signatures are told apart by this name, so one would count twice.
            raise Malformed("second_key", witness.verifier.name)
        self.witnesses[name] = witness

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise Malformed("group")
        name, least, members = words[0], words[1], tuple(words[2:])
        self._must_be_new_name(name)
        for one in members:
            if one not in self.witnesses and one not in self.groups:
                raise Malformed("unknown", one)
            if one in self.used:
                raise Malformed("member", one)
            self.used.add(one)
        self.groups[name] = Group(_least(least, len(members)), members)

    def _quorum(self, words: list[str]) -> None:
        (name,) = _few(words, 1, 1)
        if self.quorum:
            raise Malformed("second_quorum")
        if name not in {NONE, *self.witnesses, *self.groups}:
            raise Malformed("unknown", name)
        self.quorum = name

    def _must_be_new_name(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Malformed("taken", name)

    def _must_be_new_key(self, key: Verifier, known: list[Verifier]) -> None:
        raw = key.public.public_bytes_raw()
        if any(one.public.public_bytes_raw() == raw for one in known):
            raise Malformed("same_key", key.name)


def _host(key: Verifier) -> str:
    return key.name.partition("/")[0].lower()


def _signed(witness: Witness, seen_s: Mapping[str, int]) -> bool:
    return witness.verifier.name in seen_s


def _key(vkey: str, kind: bytes, code: str) -> Verifier:
    try:
        return parse_vkey(vkey, kind)
    except ValueError as error:
        raise Malformed(code, vkey) from error


def _few(words: list[str], least: int, most: int) -> list[str]:
    """The words, with '' for those that may be left out."""
    if not least <= len(words) <= most:
        raise Malformed("words")
    return words + [""] * (most - len(words))


def _least(word: str, members: int) -> int:
    if word in ("all", "any"):
        return members if word == "all" else 1
    if not re.fullmatch(r"[1-9][0-9]{0,3}", word) or int(word) > members:
        raise Malformed("least", word)
    return int(word)
