"""The files of the public log by their paths: what there is, and nothing else; on both engines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiftapp.ledger import checkpoint, encoding, entries, log, note, policy, tree
from shiftapp.ledger.keys import Keys
from shiftapp.model import log_files
from shiftapp.store import Row, Store
from tests import announced
from tests.plant import NOW_MS, Plant, make_keys
from tests.sealing_log import ORIGIN, policy_of, seal

SIZES = (0, 1, 255, 256, 257, 512)
LOOKED = ("p/1", "p/2", "00", "55", "54")  # ends of the widths that are read of every tile


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys"))


def fill(store: Store, count: int, first: int = 0) -> None:
    with store.tx() as db:
        for n in range(first, first + count):
            log.append(db, "key", None, f"entry {n}".encode(), 5)


def grown(store: Store, keys: Keys, size: int) -> list[bytes]:
    """A published log of a size, with three more entries that nobody may see; gives its entries."""
    fill(store, size)
    seal(store, keys)
    fill(store, 3, first=5000)
    with store.tx() as db:
        log.begin(db, policy_of(store, keys))
    store.write(lambda db: log.sequence(db, ORIGIN, lambda text: text))
    rows = store.rows("SELECT data FROM entry WHERE idx < :size ORDER BY idx", size=size)
    return [bytes(row["data"]) for row in rows]


def spelled(number: int) -> str:
    """The number of a tile as C2SP spells it."""
    digits = f"{number:0{-(-len(str(number)) // 3) * 3}}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{one}" for one in groups[:-1]), groups[-1]])


def expected(data: list[bytes]) -> dict[str, bytes]:
    """Every tile and bundle that a log of these entries has, after the words of C2SP."""
    found: dict[str, bytes] = {}
    level, hashes = 0, [hashlib.sha256(b"\0" + one).digest() for one in data]
    while hashes:
        for at in range(len(hashes)):
            number, last = divmod(at, 256)
            width = last + 1
            end = "" if width == 256 else f".p/{width}"
            held = hashes[number * 256 : at + 1]
            found[f"tile/{level}/{spelled(number)}{end}"] = b"".join(held)
            if level == 0:
                bundle = data[number * 256 : at + 1]
                packed = b"".join(len(one).to_bytes(2, "big") + one for one in bundle)
                found[f"tile/entries/{spelled(number)}{end}"] = packed
        full = len(hashes) // 256
        hashes = [tree.of_leaves(hashes[n * 256 : n * 256 + 256]) for n in range(full)]
        level += 1
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_log_has_every_tile_and_bundle_of_its_published_size_and_no_other(
    store: Store, keys: Keys, size: int
) -> None:
    wanted = expected(grown(store, keys, size))
    looked = [path for path in wanted if ".p/" not in path or path.endswith(LOOKED)]
    for path, data in [(path, wanted[path]) for path in looked]:
        found = log_files.read(store, path)
        assert found == (data, "application/octet-stream", True), path
    for level in ("entries", 0, 1, 2):
        for number in range(4):
            for width in range(1, 257):
                end = "" if width == 256 else f".p/{width}"
                path = f"tile/{level}/{number:03}{end}"
                if path not in wanted and (width in (1, 2, 3, 255, 256)):
                    assert log_files.read(store, path) is None, path


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def standing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys: Keys
) -> Iterator[tuple[Store, dict[str, bytes]]]:
    """A log of 300 entries that no test changes, and what it has."""
    stock = request.getfixturevalue("stock")
    if request.param == "sqlite":
        stores = stock.sqlite(tmp_path_factory.mktemp("standing"), "empty")
    else:
        stores = stock.postgres(request.getfixturevalue("postgres"), "empty")
    for store in stores:
        yield store, expected(grown(store, keys, 300))


PIECES = st.lists(
    st.sampled_from(
        ["tile", "entries", "0", "1", "00", "63", "64", "000", "001", "002", "x000", "x001", "0000"]
        + [".p", "000.p", "001.p", "44", "45", "255", "256", "043", "-1", "+1", "１", "", "%", "\n"]
        + ["checkpoint", "covering", "roster", "announcement", "parts", "policy", "300", "299"]
        + ["9" * 19, "9" * 22, "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "..", "head"]
    ),
    max_size=6,
).map("/".join)
TILES = st.builds(
    "tile/{}/{}{}".format,
    st.sampled_from(["entries", "0", "1", "2", "07"]),
    st.sampled_from(["000", "001", "002", "01", "x000/000", "x001/000"]),
    st.sampled_from(["", ".p", ".p/"]) | st.integers(-1, 300).map(".p/{}".format),
)
NAMED = {"policy", "checkpoint", "checkpoint/300", *(f"covering/{n}" for n in range(300))}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(path=PIECES | TILES | st.text(max_size=30))
def test_any_path_gives_what_the_texts_say_or_nothing(
    standing: tuple[Store, dict[str, bytes]], path: str
) -> None:
    store, wanted = standing
    found = log_files.read(store, path)
    if path in NAMED:
        assert found is not None and found.content_type == "text/plain; charset=utf-8"
    else:
        assert (found.data if found else None) == wanted.get(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000"]
    + ["tile/00/000", "tile/-1/000", "tile/0/x000/000", "tile/0/000/", "tile/0/000.p"]
    + ["tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/+1"]
    + ["tile/entries/0", "tile/entries/x000/000", "tile/entries/000.p/00", "Tile/0/000"]
    + ["tile/0/" + "x999/" * 6 + "999", "tile/0/" + "x999/" * 9 + "999", "tile/63/000"]
    + ["checkpoint/", "checkpoint/0", "checkpoint/0300", "checkpoint/299", "checkpoint/3e2"]
    + ["covering/300", "covering/-1", "covering/00", "checkpoint/" + "9" * 19, "covering"]
    + ["roster/", "roster/AAAA", "roster/AAAAAAAAAAAAAAAAAAAAAA", "announcement/0", "policy/"]
    + ["announcement/0/parts", "checkpoint/300/parts", "tile/0/000\n", " checkpoint"],
)
def test_a_path_of_another_spelling_is_none(
    standing: tuple[Store, dict[str, bytes]], path: str
) -> None:
    assert log_files.read(standing[0], path) is None


def test_a_log_that_nobody_keeps_has_no_files(store: Store) -> None:
    for path in ("checkpoint", "policy", "covering/0", "tile/0/000.p/1", "checkpoint/1"):
        assert log_files.read(store, path) is None


def test_an_empty_log_has_its_policy_alone(store: Store, keys: Keys) -> None:
    assert seal(store, keys) == 0
    held = log_files.read(store, "policy")
    assert held is not None and policy.parse(held.data.decode()).log.name == ORIGIN
    assert log_files.read(store, "checkpoint") is None


def test_the_policy_of_each_trees_time_is_there(store: Store, keys: Keys) -> None:
    fill(store, 2)
    seal(store, keys)
    first = store.value("SELECT policy FROM head")
    with store.tx() as db:
        log.begin(db, first + "# stricter\n")
    fill(store, 3, first=2)
    seal(store, keys)  # which puts the first one in force again
    told = {size: log_files.read(store, f"policy/{size}") for size in (0, 1, 2, 3, 5, 6)}
    assert {size: held and held.data.decode() for size, held in told.items()} == {
        0: None,
        1: first,
        2: first,
        3: first,
        5: first,
        6: None,  # beyond what was published
    }
    with store.tx() as db:
        log.begin(db, first + "# stricter\n")
    fill(store, 1, first=5)
    store.write(lambda db: log.sequence(db, ORIGIN, lambda text: text))
    store.write(lambda db: log.publish(db, 1))
    held = log_files.read(store, "policy/6")
    assert held is not None and held.data.decode() == first + "# stricter\n"
    assert not held.for_ever


def test_what_is_signed_is_nobodys_before_it_is_published(store: Store, keys: Keys) -> None:
    fill(store, 2)
    seal(store, keys)
    fill(store, 2, first=2)
    store.write(lambda db: log.sequence(db, ORIGIN, lambda text: text))
    assert log.head(store).size == 4
    for path in ("tile/0/000.p/3", "tile/entries/000.p/3", "tile/0/000.p/4", "covering/2"):
        assert log_files.read(store, path) is None


def test_the_checkpoint_is_the_newest_that_a_quorum_saw(store: Store, keys: Keys) -> None:
    fill(store, 2)
    seal(store, keys, NOW_MS)
    fill(store, 2, first=2)
    seal(store, keys, NOW_MS + 60_000, seen=False)
    opened = _opened(store, "checkpoint", keys)
    assert (opened.checkpoint.size, opened.seen_s) == (2, {f"{ORIGIN}/witness": NOW_MS // 1000})
    assert _opened(store, "checkpoint/4", keys).seen_s == {}
    assert log_files.read(store, "tile/0/000.p/4") is not None  # a witness may ask for it
    assert log_files.read(store, "covering/3") is None
    assert _opened(store, "covering/1", keys).checkpoint.size == 2
    seal(store, keys, NOW_MS + 61_000)
    assert _opened(store, "covering/1", keys).checkpoint.size == 2
    assert _opened(store, "covering/3", keys).checkpoint.size == 4


def test_a_roster_is_there_once_its_opening_is_published(plant: Plant) -> None:
    s = bytes(plant.instance()["s"])
    path = f"roster/{encoding.b64u(s)}"
    assert log_files.read(plant.store, path) is None
    seal(plant.store, plant.keys)
    found = log_files.read(plant.store, path)
    assert found is not None and found.for_ever
    slots = [found.data[at : at + 16] for at in range(0, len(found.data), 16)]
    assert len(slots) == 6 and slots == sorted(set(slots))
    said = json.loads(_entry(plant.store, "open")["data"])
    assert said["roster"] == encoding.b64u(entries.roster_hash(slots))
    assert log_files.read(plant.store, f"roster/{said['s']}=") is None


def test_a_roster_of_a_small_shift_is_nobodys(plant: Plant) -> None:
    seal(plant.store, plant.keys)
    s = bytes(plant.instance("YI", code="N")["s"])
    assert log_files.read(plant.store, f"roster/{encoding.b64u(s)}") is None


def test_an_announcement_is_there_under_its_place(published: Row, plant: Plant) -> None:
    seal(plant.store, plant.keys)
    index = _entry(plant.store, "ann")["idx"]
    stored = plant.store.value("SELECT doc FROM announcement")
    found = log_files.read(plant.store, f"announcement/{index}")
    assert found == (stored.encode(), "application/json", True)
    assert log_files.read(plant.store, f"announcement/{index}/parts") is None  # they are few
    assert log_files.read(plant.store, f"announcement/{index - 1}") is None


def test_an_announcement_beyond_the_published_size_is_nobodys(published: Row, plant: Plant) -> None:
    seal(plant.store, plant.keys)
    announced.store(plant, announced.document(date="2026-11-25"))
    index = log_files.published_size(plant.store)
    assert log_files.read(plant.store, f"announcement/{index}") is None
    seal(plant.store, plant.keys)
    assert log_files.read(plant.store, f"announcement/{index}") is not None


def test_many_parts_stand_beside_the_document(plant: Plant) -> None:
    parts = [entries.Part(bytes([n]) * 16, n, n + 1, 9, 8, 0, 1) for n in range(31)]
    listed = encoding.canonical(entries.part_list(parts)).decode()
    doc = announced.document()
    announced.store(plant, doc)
    data = entries.ann_entry(
        doc=hashlib.sha256(encoding.canonical(doc)).digest(), b=40, parts=parts, sup=None
    )
    with plant.store.tx() as db:
        seq = log.append(db, "ann", None, data, NOW_MS)
    announced.rewrite(plant, doc["id"], entry_seq=seq, parts=listed)
    seal(plant.store, plant.keys)
    index = plant.store.value("SELECT idx FROM entry WHERE seq = :seq", seq=seq)
    path = f"announcement/{index}/parts"
    assert log_files.read(plant.store, path) == (listed.encode(), "application/json", True)
    announced.rewrite(plant, doc["id"], parts=listed.replace('"n":9', '"n":8'))
    changed = log_files.read(plant.store, path)
    assert changed is not None and not changed.for_ever
    announced.rewrite(plant, doc["id"], parts="no list")
    changed = log_files.read(plant.store, path)
    assert changed is not None and not changed.for_ever


def test_an_altered_document_is_given_as_it_is_and_not_for_ever(
    published: Row, plant: Plant
) -> None:
    seal(plant.store, plant.keys)
    announced.falsify(plant, published["id"], '"late":', '"late": ')
    index = _entry(plant.store, "ann")["idx"]
    found = log_files.read(plant.store, f"announcement/{index}")
    assert found is not None and not found.for_ever and b'"late": ' in found.data


def test_an_altered_roster_is_not_kept_for_ever(plant: Plant) -> None:
    seal(plant.store, plant.keys)
    s = bytes(plant.instance()["s"])
    with plant.store.tx() as db:
        db.run("UPDATE series SET roster = :r WHERE s = :s", r=b"r" * 96, s=s)
    found = log_files.read(plant.store, f"roster/{encoding.b64u(s)}")
    assert found is not None and (found.data, found.for_ever) == (b"r" * 96, False)


def _entry(store: Store, kind: str) -> Row:
    found = store.row(
        "SELECT idx, data FROM entry WHERE kind = :kind ORDER BY seq DESC LIMIT 1", kind=kind
    )
    assert found is not None
    return {**found, "data": bytes(found["data"])}


def _opened(store: Store, path: str, keys: Keys) -> checkpoint.Opened:
    found = log_files.read(store, path)
    assert found is not None and not found.for_ever
    log_key = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(keys.log)))
    witness = note.vkey(f"{ORIGIN}/witness", note.public_bytes(keys.witness), note.COSIGNATURE)
    known = [note.parse_vkey(witness, note.COSIGNATURE)]
    return checkpoint.open_checkpoint(found.data.decode(), log_key, known)
