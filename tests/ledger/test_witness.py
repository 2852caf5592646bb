"""A witness: every answer of C2SP tlog-witness, and what it remembers."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, note, tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.witness import Answer, FolderMemory, Witness, read_request, request

ORIGIN, NAME = "plant.example/log", "witness.example/w1"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x21" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x22" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x23" * 32)
NOW_S = 1_795_392_000
SIZE = "text/x.tlog.size"


def verifier(name: str = ORIGIN, key: Ed25519PrivateKey = KEY) -> note.Verifier:
    return note.parse_vkey(note.vkey(name, note.public_bytes(key)))


class Log:
    """A log whose leaves are told by a word: two words are two histories."""

    def __init__(self, origin: str = ORIGIN, key: Ed25519PrivateKey = KEY) -> None:
        self.origin, self.key = origin, key

    def leaves(self, size: int, fork: int | None = None) -> list[bytes]:
        """Leaves of another history from `fork` on."""
        words = [
            f"leaf {n}" if fork is None or n < fork else f"other leaf {n}" for n in range(size)
        ]
        return [tree.leaf_hash(word.encode()) for word in words]

    def signed(self, size: int, fork: int | None = None) -> str:
        root = tree.of_leaves(self.leaves(size, fork))
        return note.sign_note(Checkpoint(self.origin, size, root).text, self.origin, self.key)

    def proof(self, old: int, size: int, fork: int | None = None) -> tree.Proof:
        leaves = self.leaves(size, fork)
        return tree.consistency(old, size, _tiles(leaves))

    def request(self, old: int, size: int, fork: int | None = None) -> bytes:
        return request(old, self.proof(old, size, fork), self.signed(size, fork))


def _tiles(leaves: list[bytes]) -> tree.Tiles:
    return lambda level, place: (
        leaves[place] if level == 0 else tree.of_leaves(leaves[place * 256 : (place + 1) * 256])
    )


LOG = Log()


@pytest.fixture
def memory(tmp_path: Path) -> FolderMemory:
    return FolderMemory(tmp_path / "witness")


@pytest.fixture
def witness(memory: FolderMemory) -> Witness:
    return Witness(NAME, WITNESS, [verifier()], memory)


def ask(witness: Witness, body: bytes, now_s: int = NOW_S) -> Answer:
    return witness.answer(body, now_s)


def seen_s(signed: str, answer: Answer) -> int:
    """The time under the checkpoint, the signature checked."""
    known = note.parse_vkey(
        note.vkey(NAME, note.public_bytes(WITNESS), note.COSIGNATURE), note.COSIGNATURE
    )
    return checkpoint.open_checkpoint(signed + answer.body, verifier(), [known]).seen_s[NAME]


def evidence(memory: FolderMemory) -> list[str]:
    return sorted(path.read_text("utf-8") for path in memory.folder.glob("evidence/*.txt"))


@pytest.mark.parametrize("sizes", [(1, 2, 3, 7, 8), (256, 300, 600), (5, 5, 5), (0, 1)])
def test_it_signs_a_log_that_grows(witness: Witness, sizes: tuple[int, ...]) -> None:
    old = 0
    for step, size in enumerate(sizes):
        answer = ask(witness, LOG.request(old, size), NOW_S + step)
        assert (answer.status, answer.kind) == (200, "text/plain; charset=utf-8")
        assert seen_s(LOG.signed(size), answer) == NOW_S + step
        old = size


def test_its_answer_is_one_signature_line_under_its_own_vkey(witness: Witness) -> None:
    answer = ask(witness, LOG.request(0, 3))
    assert answer.body.startswith(f"— {NAME} ")
    assert answer.body.count("\n") == 1 and answer.body.endswith("\n")
    raw = base64.b64decode(answer.body.split(" ")[2])
    assert len(raw) == 4 + 8 + 64
    assert raw[:4].hex() == witness.vkey.split("+")[1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"old 0\n",
        b"old 0\n\n",
        b"old 00\n\n" + LOG.signed(1).encode(),
        b"old -1\n\n" + LOG.signed(1).encode(),
        b"old 1e0\n\n" + LOG.signed(1).encode(),
        b"old  0\n\n" + LOG.signed(1).encode(),
        b"old\n\n" + LOG.signed(1).encode(),
        b"Old 0\n\n" + LOG.signed(1).encode(),
        b"old 0\r\n\r\n" + LOG.signed(1).encode(),
        b"old 0\n" + LOG.signed(1).encode(),
        b"old 0\nAAAA\n\n" + LOG.signed(1).encode(),
        b"old 0\nnot base64\n\n" + LOG.signed(1).encode(),
        b"old 0\n" + base64.b64encode(bytes(32)) * 2 + b"\n\n" + LOG.signed(1).encode(),
        b"old 0\n" + b"A" * 42 + b"B=\n\n" + LOG.signed(1).encode(),  # another spelling of a hash
        request(0, (bytes(32),) * 64, LOG.signed(1)),
        request(0, (), "not a note"),
        request(0, (), LOG.signed(1).removesuffix("\n")),
        request(0, (), note.sign_note("plant.example/log\n1\n", ORIGIN, KEY)),
        request(0, (), note.sign_note("plant.example/log\n01\nAA==\n", ORIGIN, KEY)),
        request(0, (), note.sign_note("plant.example/log\n1\nAA==\n", ORIGIN, KEY)),
        request(2, (), LOG.signed(1)),  # the older tree is the larger one
        request(0, (), LOG.signed(1)) + b"x" * 64 * 1024,
    ],
)
def test_it_refuses_a_bad_request(witness: Witness, body: bytes) -> None:
    answer = ask(witness, body)
    assert answer.status == 400
    assert answer.body.endswith("\n")


def test_it_knows_no_other_log(witness: Witness) -> None:
    stranger = Log("other.example/log")
    assert ask(witness, stranger.request(0, 3)).status == 404
    assert ask(witness, Log(ORIGIN + "/").request(0, 3)).status == 404


@pytest.mark.parametrize("signer", [(ORIGIN, OTHER), ("other.example/log", KEY)])
def test_it_believes_trusted_keys_alone(
    witness: Witness, memory: FolderMemory, signer: tuple[str, Ed25519PrivateKey]
) -> None:
    text = note.split(LOG.signed(3))[0]
    assert ask(witness, request(0, (), note.sign_note(text, *signer))).status == 403
    assert memory.newest(ORIGIN) is None


def test_it_refuses_a_changed_checkpoint(witness: Witness) -> None:
    changed = LOG.signed(3).replace("\n3\n", "\n4\n")
    assert ask(witness, request(0, (), changed)).status == 403


def test_it_passes_over_signatures_of_keys_it_does_not_know(witness: Witness) -> None:
    signed = LOG.signed(3)
    text = note.split(signed)[0]
    strange = note.sign_note(text, "stranger.example", OTHER).rpartition("\n\n")[2]
    head = signed.removesuffix(signed.rpartition("\n\n")[2])
    both = head + strange + signed.rpartition("\n\n")[2]
    assert ask(witness, request(0, (), both)).status == 200


def test_a_log_with_two_keys_is_trusted_by_either(memory: FolderMemory) -> None:
    witness = Witness(NAME, WITNESS, [verifier(), verifier(ORIGIN, OTHER)], memory)
    assert ask(witness, LOG.request(0, 3)).status == 200
    assert ask(witness, Log(ORIGIN, OTHER).request(3, 5)).status == 200


def test_lines_that_a_log_adds_are_signed_unread(witness: Witness) -> None:
    text = Checkpoint(ORIGIN, 3, tree.of_leaves(LOG.leaves(3))).text + "more of it\n"
    signed = note.sign_note(text, ORIGIN, KEY)
    answer = ask(witness, request(0, (), signed))
    assert answer.status == 200
    raw = base64.b64decode(answer.body.split(" ")[2])
    signature = f"cosignature/v1\ntime {NOW_S}\n{text}".encode()
    WITNESS.public_key().verify(raw[12:], signature)
    assert ask(witness, LOG.request(3, 5)).status == 200


@pytest.mark.parametrize(("old", "size"), [(0, 9), (3, 9), (9, 9), (4, 4)])
def test_a_stale_size_is_told_the_one_it_knows(witness: Witness, old: int, size: int) -> None:
    ask(witness, LOG.request(0, 5))
    assert ask(witness, LOG.request(old, size)) == Answer(409, "5\n", SIZE)


def test_before_the_first_it_knows_an_empty_tree(witness: Witness) -> None:
    assert ask(witness, LOG.request(3, 5)) == Answer(409, "0\n", SIZE)
    assert ask(witness, request(0, (), LOG.signed(5))).status == 200


def test_a_second_history_of_the_same_size_is_refused_and_kept(
    witness: Witness, memory: FolderMemory
) -> None:
    ask(witness, LOG.request(0, 5))
    assert ask(witness, LOG.request(5, 5, fork=4)) == Answer(409, "5\n", SIZE)
    assert ask(witness, LOG.request(0, 5, fork=4)).status == 409  # whatever it says it comes from
    (kept,) = evidence(memory)
    assert LOG.signed(5) in kept and LOG.signed(5, fork=4) in kept
    assert [(one.forks, one.doubts) for one in memory.seen()] == [(1, 0)]


def test_an_empty_tree_with_a_root_is_refused(witness: Witness) -> None:
    text = Checkpoint(ORIGIN, 0, bytes(32)).text
    assert ask(witness, request(0, (), note.sign_note(text, ORIGIN, KEY))).status == 409


def test_a_second_history_that_has_grown_is_proven_by_its_own_proof(
    witness: Witness, memory: FolderMemory
) -> None:
    ask(witness, LOG.request(0, 350))
    assert ask(witness, LOG.request(350, 360, fork=340)).status == 422
    assert [(one.checkpoint.size, one.forks, one.doubts) for one in memory.seen()] == [(350, 1, 0)]
    assert LOG.signed(360, fork=340) in evidence(memory)[0]


def test_where_the_proof_cannot_tell_it_is_a_doubt(witness: Witness, memory: FolderMemory) -> None:
    ask(witness, LOG.request(0, 256))  # a whole subtree: a proof does not name its root
    assert ask(witness, LOG.request(256, 300, fork=250)).status == 422
    assert ask(witness, request(256, (), LOG.signed(300))).status == 422
    assert [(one.forks, one.doubts) for one in memory.seen()] == [(0, 2)]
    assert ask(witness, LOG.request(256, 300)).status == 200  # an honest one still goes on


@pytest.mark.parametrize(("old", "size"), [(0, 5), (5, 9), (5, 5)])
def test_a_proof_that_is_too_long_is_refused(witness: Witness, old: int, size: int) -> None:
    if old:
        ask(witness, LOG.request(0, old))
    body = request(old, (*LOG.proof(old, size), bytes(32)), LOG.signed(size))
    assert ask(witness, body).status == 422


@pytest.mark.parametrize("place", range(4))
def test_a_changed_hash_is_refused(witness: Witness, place: int) -> None:
    ask(witness, LOG.request(0, 5))
    proof = list(LOG.proof(5, 9))
    proof[place] = bytes(a ^ 1 for a in proof[place])
    assert ask(witness, request(5, tuple(proof), LOG.signed(9))).status == 422
    assert ask(witness, LOG.request(5, 9)).status == 200


def test_evidence_is_kept_once_and_within_bounds(witness: Witness, memory: FolderMemory) -> None:
    ask(witness, LOG.request(0, 80))
    for fork in [*range(70), *range(70)]:
        assert ask(witness, LOG.request(80, 80, fork=fork)).status == 409
    assert len(evidence(memory)) == 50
    assert ask(witness, LOG.request(80, 81)).status == 200


def test_many_logs_are_kept_apart(memory: FolderMemory) -> None:
    logs = [Log(f"plant-{n}.example/log") for n in range(20)]
    witness = Witness(NAME, WITNESS, [verifier(one.origin) for one in logs], memory)
    for n, one in enumerate(logs):
        assert ask(witness, one.request(0, n + 1)).status == 200
    again = Witness(NAME, WITNESS, [verifier(one.origin) for one in logs], memory)
    for n, one in enumerate(logs):
        assert ask(again, one.request(0, 30)) == Answer(409, f"{n + 1}\n", SIZE)
    assert [one.checkpoint.origin for one in memory.seen()] == sorted(o.origin for o in logs)


@pytest.mark.parametrize("sizes", [(7, 9), (7, 7)])
def test_of_two_at_the_same_time_one_wins(tmp_path: Path, sizes: tuple[int, int]) -> None:
    bodies = [LOG.request(5, sizes[0]), LOG.request(5, sizes[1], fork=6)]
    for go in range(10):
        folder = tmp_path / str(go)
        rivals = [Witness(NAME, WITNESS, [verifier()], FolderMemory(folder)) for _ in bodies]
        ask(rivals[0], LOG.request(0, 5))
        answers = _at_once(rivals, bodies)
        assert sorted(one.status for one in answers) == [200, 409]


def _at_once(witnesses: list[Witness], bodies: list[bytes]) -> list[Answer]:
    barrier, found = threading.Barrier(len(bodies)), []

    def one(witness: Witness, body: bytes) -> None:
        barrier.wait()
        found.append(ask(witness, body))

    threads = [
        threading.Thread(target=one, args=pair) for pair in zip(witnesses, bodies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_what_it_signed_is_remembered_with_its_signatures(
    witness: Witness, memory: FolderMemory
) -> None:
    answer = ask(witness, LOG.request(0, 5))
    again = FolderMemory(memory.folder)
    assert again.newest(ORIGIN) == Checkpoint(ORIGIN, 5, tree.of_leaves(LOG.leaves(5)))
    assert [one.signed for one in again.seen()] == [LOG.signed(5) + answer.body]


@pytest.mark.parametrize("content", [b"", b"plant.exa", b"\xff" * 90, b"a\nb\nc\n"])
def test_a_memory_that_cannot_be_read_signs_nothing(
    witness: Witness, memory: FolderMemory, content: bytes
) -> None:
    ask(witness, LOG.request(0, 5))
    (path,) = memory.folder.glob("*.log")
    before = path.read_bytes()
    path.write_bytes(content)
    assert ask(witness, LOG.request(5, 9)).status == 500
    assert ask(witness, LOG.request(0, 9)).status == 500
    path.write_bytes(before)
    assert ask(witness, LOG.request(5, 9)).status == 200


def test_a_file_of_another_log_is_damage(witness: Witness, memory: FolderMemory) -> None:
    ask(witness, LOG.request(0, 5))
    (path,) = memory.folder.glob("*.log")
    path.write_text(path.read_text("utf-8").replace("plant", "plane"), "utf-8")
    assert ask(witness, LOG.request(5, 9)).status == 500


def test_a_half_written_file_is_nothing(witness: Witness, memory: FolderMemory) -> None:
    ask(witness, LOG.request(0, 5))
    (path,) = memory.folder.glob("*.log")
    path.with_name(f".{path.name}.part").write_bytes(b"plant.exam")
    assert ask(witness, LOG.request(5, 9)).status == 200
    assert len(memory.seen()) == 1


def test_a_disk_that_refuses_signs_nothing(
    witness: Witness, memory: FolderMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(witness, LOG.request(0, 5))

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("shiftapp.store.files.replace", full)
        assert ask(witness, LOG.request(5, 9)).status == 500
        assert ask(witness, LOG.request(5, 5, fork=2)).status == 409  # no evidence, no crash
    assert ask(witness, LOG.request(5, 9)).status == 200


def test_the_example_of_the_specification_is_read() -> None:
    body = (
        "old 20852014\n"
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
        "\n"
        "example.com/behind-the-sofa\n"
        "20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        "\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
        "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks"
        "+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
    )
    asked = read_request(body.encode())
    assert (asked.old, len(asked.proof), asked.checkpoint.size) == (20852014, 4, 20852163)
    assert request(asked.old, asked.proof, asked.signed) == body.encode()
