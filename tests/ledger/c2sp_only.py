"""A reader of transparency logs that knows the C2SP texts and RFC 6962 and nothing of us.

Written from signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature, tlog-policy and tlog-proof
(https://c2sp.org) alone; it imports nothing of ours, so that what we publish is read by somebody
who was never told how we make it. Hashing is iterative where ours recurses. It fails by `Rejected`.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Get = Callable[[str], "bytes | None"]  # a path under the log's prefix → what is served there


class Rejected(Exception):
    """Something published that the texts do not allow, or that does not hold."""


def demand(holds: object, why: str) -> None:
    if not holds:
        raise Rejected(why)


# signed-note ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A vkey."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def read(cls, vkey: str) -> Key:
        name, hexed, encoded = vkey.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        demand(id.hex() == hexed and len(raw) == 33, "a vkey whose id is not its own")
        return cls(name, id, raw[0], raw[1:])

    def holds(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Note:
    """A note: its text and its signature lines, unchecked."""

    text: str
    lines: list[tuple[str, bytes, bytes]]  # key name, key id, signature

    @classmethod
    def read(cls, raw: bytes) -> Note:
        whole = raw.decode("utf-8")
        demand(not any(ord(c) < 32 and c != "\n" for c in whole), "a control character in a note")
        cut = whole.rfind("\n\n")
        demand(cut >= 0 and whole.endswith("\n"), "no blank line in a note, or no last newline")
        lines = []
        for line in whole[cut + 2 : -1].split("\n"):
            dash, name, encoded = line.split(" ")
            raw_line = base64.b64decode(encoded, validate=True)
            demand(dash == "\u2014" and name and "+" not in name, "not a signature line")
            lines.append((name, raw_line[:4], raw_line[4:]))
        return cls(whole[: cut + 1], lines)

    def of(self, key: Key) -> list[bytes]:
        """The signatures under a key's name and id."""
        return [sig for name, id, sig in self.lines if (name, id) == (key.name, key.id)]


# tlog-checkpoint and tlog-cosignature --------------------------------------------------------


@dataclass(frozen=True)
class Tree:
    """A checkpoint that the log signed, and when which witness signed it."""

    origin: str
    size: int
    root: bytes
    extensions: list[str]
    seen: dict[bytes, int]  # public key of a witness → POSIX time


def open_checkpoint(raw: bytes, log: Key, witnesses: list[Key]) -> Tree:
    note = Note.read(raw)
    demand(log.kind == 1 and note.of(log), "no signature of the log")
    for signature in note.of(log):
        demand(log.holds(signature, note.text.encode()), "the log's signature is wrong")
    lines = note.text.split("\n")[:-1]
    demand(len(lines) >= 3 and all(lines), "a checkpoint has three lines, none empty")
    demand(lines[0] == log.name, "another origin than the key's name")
    demand(lines[1] == str(int(lines[1])) and int(lines[1]) >= 0, "a size with another spelling")
    root = base64.b64decode(lines[2], validate=True)
    demand(len(root) == 32 and base64.b64encode(root).decode() == lines[2], "not a root hash")
    seen = {}
    for witness in witnesses:
        for signature in note.of(witness):
            time_s, rest = struct.unpack(">Q", signature[:8])[0], signature[8:]
            demand(witness.kind == 4 and time_s < 1 << 63, "not a cosignature")
            message = f"cosignature/v1\ntime {time_s}\n{note.text}".encode()
            demand(witness.holds(rest, message), "a cosignature is wrong")
            seen[witness.public] = time_s
    return Tree(lines[0], int(lines[1]), root, lines[3:], seen)


# tlog-policy ---------------------------------------------------------------------------------


@dataclass
class Policy:
    """A policy as read."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    @classmethod
    def read(cls, raw: bytes) -> Policy:
        demand(all(b in (9, 10) or 32 <= b <= 126 or b >= 128 for b in raw), "a control character")
        made = cls()
        for line in raw.decode("latin-1").split("\n"):
            words = line.replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if words and not words[0].startswith("#"):
                made._take(*words)
        demand(made.quorum, "no quorum")
        return made

    def _take(self, kind: str, *rest: str) -> None:
        known = {*self.witnesses, *self.groups}
        if kind == "log":
            demand(len(rest) in (1, 2), "a log line")
            self.logs.append(Key.read(rest[0]))
        elif kind == "witness":
            demand(len(rest) in (2, 3) and rest[0] not in {*known, "none"}, "a witness line")
            self.witnesses[rest[0]] = Key.read(rest[1])
        elif kind == "group":
            name, word, *members = rest
            used = [one for _, group in self.groups.values() for one in group]
            demand(name not in {*known, "none"} and set(members) <= known, "a group line")
            demand(not set(used) & set(members), "a member twice")
            least = {"any": 1, "all": len(members)}.get(word) or int(word)
            demand(1 <= least <= len(members), "a threshold out of range")
            self.groups[name] = (least, members)
        else:
            demand(kind == "quorum" and not self.quorum and rest[0] in {*known, "none"}, "a quorum")
            self.quorum = rest[0]

    def valid(self, tree: Tree) -> bool:
        """Whether the quorum signed a checkpoint."""
        return self.quorum == "none" or self._witnessed(self.quorum, tree)

    def _witnessed(self, name: str, tree: Tree) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].public in tree.seen
        least, members = self.groups[name]
        return sum(self._witnessed(one, tree) for one in members) >= least


# RFC 6962 ------------------------------------------------------------------------------------


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def mth(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash over hashes of one level, with a stack of whole subtrees."""
    stack: list[tuple[int, bytes]] = []
    for one in hashes:
        height, top = 0, one
        while stack and stack[-1][0] == height:
            top, height = join(stack.pop()[1], top), height + 1
        stack.append((height, top))
    if not stack:
        return hashlib.sha256(b"").digest()
    found = stack.pop()[1]
    while stack:
        found = join(stack.pop()[1], found)
    return found


def check_inclusion(index: int, size: int, entry: bytes, path: list[bytes], root: bytes) -> None:
    """RFC 9162 §2.1.3.2, which is the check of an RFC 6962 §2.1.1 path."""
    demand(index < size, "no such leaf")
    fn, sn, found = index, size - 1, leaf(entry)
    for step in path:
        demand(sn > 0, "the path is too long")
        if fn & 1 or fn == sn:
            found = join(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = join(found, step)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0 and found == root, "the leaf is not in the tree")


# tlog-tiles ----------------------------------------------------------------------------------


def place(number: int) -> str:
    """An index in groups of three digits, all but the last with an x."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{one}" for one in groups[:-1]), groups[-1]])


def tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """All tiles of a tree: level, index, width."""
    level = 0
    while size >> (8 * level):
        hashes = size >> (8 * level)
        for number in range(hashes // 256):
            yield level, number, 256
        if hashes % 256:
            yield level, hashes // 256, hashes % 256
        level += 1


def path_of(kind: str, number: int, width: int) -> str:
    return f"tile/{kind}/{place(number)}" + ("" if width == 256 else f".p/{width}")


def read_tile(get: Get, level: int, number: int, width: int) -> list[bytes]:
    raw = fetch(get, path_of(str(level), number, width))
    demand(len(raw) == 32 * width, "a tile of another width")
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]


def read_bundle(get: Get, number: int, width: int) -> list[bytes]:
    raw, entries = fetch(get, path_of("entries", number, width)), []
    at = 0
    while at < len(raw):
        (length,) = struct.unpack_from(">H", raw, at)
        demand(at + 2 + length <= len(raw), "an entry that is cut short")
        entries.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    demand(len(entries) == width, "a bundle of another width")
    return entries


def fetch(get: Get, path: str) -> bytes:
    found = get(path)
    demand(found is not None, f"nothing at {path}")
    assert found is not None
    return found


def audit(get: Get, tree: Tree) -> list[bytes]:
    """Read the whole log and derive every tile and the root from its entries; gives the entries."""
    levels: dict[int, list[bytes]] = {}
    entries: list[bytes] = []
    for level, number, width in tiles(tree.size):
        levels.setdefault(level, []).extend(read_tile(get, level, number, width))
        if level == 0:
            entries += read_bundle(get, number, width)
    hashes = [leaf(entry) for entry in entries]
    demand(mth(hashes) == tree.root, "the entries do not make the root")
    for level in range(len(levels)):
        demand(levels[level] == hashes, f"tiles of level {level} are not those of the entries")
        whole = range(0, len(hashes) - len(hashes) % 256, 256)
        hashes = [mth(hashes[at : at + 256]) for at in whole]
    demand(not hashes, "a level of tiles is missing")
    return entries


# tlog-proof ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """A proof file, its checkpoint unopened."""

    extra: bytes
    index: int
    path: list[bytes]
    checkpoint: bytes

    @classmethod
    def read(cls, raw: bytes) -> Proof:
        head, blank, checkpoint = raw.partition(b"\n\n")
        lines = head.decode("ascii").split("\n")
        demand(blank and lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a proof")
        extra = b""
        if lines[0].startswith("extra "):
            extra = base64.b64decode(lines.pop(0)[6:], validate=True)
        word, index = lines.pop(0).split(" ")
        demand(word == "index" and index == str(int(index)), "no index")
        path = [base64.b64decode(line, validate=True) for line in lines]
        demand(all(len(one) == 32 for one in path), "not a hash")
        return cls(extra, int(index), path, checkpoint)


def check_proof(raw: bytes, entry: bytes, policy: Policy) -> Tree:
    """An entry is in the log, by a proof file and a policy alone."""
    proof = Proof.read(raw)
    tree = open_checkpoint(proof.checkpoint, policy.logs[0], list(policy.witnesses.values()))
    demand(policy.valid(tree), "no quorum")
    check_inclusion(proof.index, tree.size, entry, proof.path, tree.root)
    return tree


def check_log(get: Get, policy: Policy) -> tuple[Tree, list[bytes]]:
    """The newest checkpoint under a policy, and all entries under it."""
    raw = fetch(get, "checkpoint")
    tree = open_checkpoint(raw, policy.logs[0], list(policy.witnesses.values()))
    demand(policy.valid(tree), "no quorum")
    return tree, audit(get, tree)
