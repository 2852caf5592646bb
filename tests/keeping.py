"""A keeper of a log over a store, with witnesses that tests answer for, switch off and set back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, guard, log, note, policy, tree
from shiftapp.ledger.witness import Answer, FolderMemory, Witness
from shiftapp.model.log_keeper import Keeper
from shiftapp.store import Db, Store

ORIGIN = "aq.example.cn/log"
NOW_MS = 1_795_477_080_000
KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
LOG = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(KEY)))
KEYS = (("log", note.vkey(ORIGIN, note.public_bytes(KEY))), ("receipt", "r+12+3"))


def sign(text: str) -> str:
    return note.sign_note(text, ORIGIN, KEY)


@dataclass
class Watcher:
    """A witness somewhere else: its clock, whether it answers, what it was asked."""

    witness: Witness
    skew_ms: int = 0
    down: bool = False
    asked: int = 0
    instead: Answer | None = None  # answers this whatever it is asked

    @property
    def name(self) -> str:
        return self.witness.name


@dataclass
class Watched:
    """A keeper over a store and its witnesses; `now_ms` is the time of the world."""

    store: Store
    folder: Path
    quorum: str = "self"
    names: tuple[str, ...] = ()
    now_ms: int = NOW_MS
    watchers: dict[str, Watcher] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.names:
            memory = FolderMemory(self.folder / name)
            self.watchers[name] = Watcher(Witness(f"{name}.example/w", _key(name), [LOG], memory))
        self.keeper = self.new_keeper()

    def new_keeper(self) -> Keeper:
        """The keeper as a process that begins has it."""
        own = Witness(
            f"{ORIGIN}/witness", _key("self"), [LOG], FolderMemory(self.folder / "witness")
        )
        known = {"self": own, **{name: one.witness for name, one in self.watchers.items()}}
        lines = [f"log {KEYS[0][1]}"]
        for name, one in known.items():
            lines.append(f"witness {name} {one.vkey}" + (f" http://{name}" if one != own else ""))
        lines += [f"group all all {' '.join(known)}", f"quorum {self.quorum}"]
        self.keeper = Keeper(
            origin=ORIGIN,
            sign=sign,
            policy=policy.parse("\n".join(lines) + "\n"),
            own=own,
            send=self._send,
            guard=guard.Guard(self.folder / "log" / "published", LOG),
            keys=KEYS,  # type: ignore[arg-type]  # roles as texts
        )
        return self.keeper

    def _send(self, witness: policy.Witness, request: bytes) -> Answer:
        one = self.watchers[witness.name]
        one.asked += 1
        if one.down:
            raise ConnectionError("nobody there")
        return one.instead or one.witness.answer(request, (self.now_ms + one.skew_ms) // 1000)


def _key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"."))


def fill(store: Store, words: list[str], recv_ms: int) -> None:
    """Entries that wait for places."""
    with store.tx() as db:
        for word in words:
            log.append(db, "ann", None, word.encode(), recv_ms)


def series(db: Db, number: int, starts_ms: int, state: str = "open") -> None:
    """A shift of the public log."""
    db.run("INSERT INTO site (code, name, zone) VALUES ('S', 'S', 'UTC') ON CONFLICT DO NOTHING")
    db.run(
        "INSERT INTO reporting_group (code, site, name) VALUES ('G', 'S', 'G')"
        " ON CONFLICT DO NOTHING"
    )
    db.run(
        "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state, roster)"
        " VALUES (:s, 'G', '2026-11-24', :code, :starts, :ends, :state, :roster)",
        s=number.to_bytes(16),
        code=str(number),
        starts=starts_ms,
        ends=starts_ms + 1,
        state=state,
        roster=b"" if state == "open" else None,
    )


def another(size: int, word: str = "lost") -> tuple[bytes, str]:
    """Leaves and note of a log that this database has lost, or never had."""
    leaves = [tree.leaf_hash(f"{word} {n}".encode()) for n in range(size)]
    text = checkpoint.Checkpoint(ORIGIN, size, tree.of_leaves(leaves)).text
    return b"".join(leaves), sign(text)


def words(store: Store, size: int) -> list[str]:
    """The entries of a tree in their order."""
    rows = store.rows("SELECT data FROM entry WHERE idx < :size ORDER BY idx", size=size)
    return [bytes(row["data"]).decode() for row in rows]


def check_log(store: Store, known: note.Verifier = LOG) -> int:
    """Everything signed and published is of one tree without a gap; gives its size."""
    rows = store.rows("SELECT idx, leaf FROM entry WHERE idx IS NOT NULL ORDER BY idx")
    leaves = [bytes(row["leaf"]) for row in rows]
    assert [row["idx"] for row in rows] == list(range(len(rows)))
    assert len(set(leaves)) == len(leaves)
    head = log.head(store)
    assert head == (len(leaves), tree.of_leaves(leaves))
    assert guard.damage(store, known) == ""
    hashes = log.hashes(store)  # they make the root of the leaves themselves
    for row in store.rows("SELECT * FROM checkpoint ORDER BY size"):
        found = checkpoint.open_checkpoint(row["note"] + row["cosignatures"], known).checkpoint
        assert found == (known.name, row["size"], tree.root(row["size"], hashes))
    return head.size
