"""The verifier of the reader's browser gives what Python's gives: bytes, codes, whole reports.

Golden vectors first (tests/ledger/log_vectors.json, which Python reads too), then honest logs,
every lie, and files that were tampered with at random. More of them: tests/browser/verify_many.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import verify_many
from tests.browser.conftest import HOST
from tests.browser.verify_many import blank_page, in_browser, in_python
from tests.ledger import log_cases
from tests.ledger.test_log_vectors import VECTORS

MODULES = "/static/js/verify"
NAMES = ("bytes", "entries", "note", "policy", "sha256", "tree")


@pytest.fixture(scope="module", params=["localhost", HOST])
def anywhere(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page in a secure context and one in none."""
    with blank_page(chromium, request.param) as page:
        assert page.evaluate("isSecureContext") == (request.param != HOST)
        yield page


@pytest.fixture(scope="module")
def blank(chromium: Browser) -> Iterator[Page]:
    with blank_page(chromium) as page:
        yield page


def run(page: Page, body: str, given: Any = None) -> Any:
    """What a function body gives that uses our modules by their names, and `given`."""
    names = ", ".join(NAMES)
    files = ", ".join(f"import('{MODULES}/{name}.js')" for name in NAMES)
    return page.evaluate(
        f"""async (given) => {{
          const [{names}] = await Promise.all([{files}]);
          const hex = bytes.hex;
          const raw = (text) => (
            Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16)));
          const fails = async (work) => {{
            try {{ await work(); return ''; }} catch (error) {{ return error.constructor.name; }}
          }};
          {body} }}""",
        given,
    )


def test_a_body_is_read_no_further_than_such_a_file_can_be(blank: Page) -> None:
    """Compressed, a few bytes can be an endless file: its length is known when it is unpacked."""
    found = blank.evaluate(
        f"""async () => {{
          const {{ read }} = await import('{MODULES}/files.js');
          let made = 0;
          const endless = () => new ReadableStream({{
            pull: (held) => {{ made += 1; held.enqueue(new Uint8Array(1000)); }},
          }});
          const fetched = window.fetch;
          window.fetch = async () => new Response(endless());
          const long = await read('/log/endless', 5000);
          window.fetch = async () => new Response(new Uint8Array(5000).fill(7));
          const whole = await read('/log/whole', 5000);
          const cut = await read('/log/whole', 4999);
          window.fetch = fetched;
          return [long, made, whole.length, whole[4999], cut];
        }}"""
    )
    assert found[0] is None and found[1] < 12
    assert found[2:] == [5000, 7, None]


def test_sha256_of_every_length_around_a_block(anywhere: Page) -> None:
    cases = VECTORS["sha256"]
    found = run(anywhere, "return given.map(([data]) => hex(sha256.sha256(raw(data))));", cases)
    assert found == [digest for _, digest in cases]
    prefixed = run(
        anywhere, "return given.map(([data]) => hex(sha256.sha256(raw(data), 1)));", cases
    )
    assert prefixed == [hashlib.sha256(b"\x01" + bytes.fromhex(d)).hexdigest() for d, _ in cases]


def test_sha256_is_that_of_web_crypto_for_random_bytes(blank: Page) -> None:
    assert run(
        blank,
        """for (let n = 0; n < 300; n += 1) {
             const data = crypto.getRandomValues(new Uint8Array(n * 7));
             const theirs = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
             if (!bytes.same(theirs, sha256.sha256(data))) return n;
           }
           return true;""",
    )


def test_roots_proofs_and_paths(anywhere: Page) -> None:
    wrong = run(
        anywhere,
        """const leaves = given.leaves.map((leaf) => tree.leafHash(raw(leaf)));
           const tiles = (level, place) => leaves[place];
           const roots = leaves.map((_, n) => tree.ofLeaves(leaves.slice(0, n + 1)));
           roots.unshift(tree.EMPTY);
           const wrong = [];
           given.roots.forEach((root, n) => {
             if (hex(roots[n + 1]) !== root) wrong.push(['root', n]);
           });
           const text = (path) => hex(bytes.joined(...path));
           for (const { index, size, path } of given.inclusion) {
             const own = text(tree.inclusion(index, size, tiles));
             if (own !== path.join('')) wrong.push([index, size]);
             tree.checkInclusion(index, size, leaves[index], path.map(raw), roots[size]);
           }
           for (const { old, size, path } of given.consistency) {
             const own = text(tree.consistency(old, size, tiles));
             if (own !== path.join('')) wrong.push([old, size]);
             tree.checkConsistency(old, size, roots[old], path.map(raw), roots[size]);
           }
           for (const [level, number, width, path] of given.tile_paths) {
             if (tree.tilePath(level, number, width) !== path) wrong.push(path);
           }
           for (const [number, width, path] of given.bundle_paths) {
             if (tree.bundlePath(number, width) !== path) wrong.push(path);
           }
           for (const [level, number, size, width] of given.widths) {
             if (tree.widthOf(level, number, size) !== width) wrong.push([level, number, size]);
           }
           return wrong;""",
        VECTORS,
    )
    assert wrong == []


def test_no_changed_shortened_or_longer_proof_passes(blank: Page) -> None:
    passed = run(
        blank,
        """const leaves = given.leaves.map((leaf) => tree.leafHash(raw(leaf)));
           const roots = leaves.map((_, n) => tree.ofLeaves(leaves.slice(0, n + 1)));
           roots.unshift(tree.EMPTY);
           const passed = [];
           const turned = (hash) => hash.map((byte, i) => (i ? byte : byte ^ 1));
           const tried = (path) => [
             ...path.map((_, at) => path.map((one, n) => (n === at ? turned(one) : one))),
             ...(path.length ? [path.slice(0, -1)] : []), [...path, new Uint8Array(32)]];
           const check = async (name, work) => {
             if (await fails(work) !== 'BadProof') passed.push(name);
           };
           for (const { index, size, path } of given.inclusion) {
             for (const other of tried(path.map(raw))) {
               await check(['in', index, size], () => (
                 tree.checkInclusion(index, size, leaves[index], other, roots[size])));
             }
             await check(['leaf', index, size], () => (
               tree.checkInclusion(index, size, tree.EMPTY, path.map(raw), roots[size])));
           }
           for (const { old, size, path } of given.consistency) {
             for (const other of tried(path.map(raw))) {
               await check(['old', old, size], () => (
                 tree.checkConsistency(old, size, roots[old], other, roots[size])));
             }
             await check(['root', old, size], () => (
               tree.checkConsistency(old, size, new Uint8Array(32), path.map(raw), roots[size])));
           }
           return passed;""",
        VECTORS,
    )
    assert passed == []


def test_the_root_of_seventy_thousand_leaves(anywhere: Page) -> None:
    large = VECTORS["large"]
    found = run(
        anywhere,
        """const leaves = Array.from({ length: given }, (_, n) => (
             tree.leafHash(Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n))));
           return hex(tree.ofLeaves(leaves));""",
        large["size"],
    )
    assert found == large["root"]


def test_the_note_of_the_specification(blank: Page) -> None:
    passed = run(
        blank,
        """const key = note.parseVkey(given.vkey);
           const open = async (text) => {
             const split = note.splitNote(text);
             const mine = split.lines.filter(({ name }) => name === key.name);
             if (split.text !== given.text || !mine.length) throw new bytes.FormError();
             const ed = { name: 'Ed25519' };
             const raw = await crypto.subtle.importKey('raw', key.raw, ed, false, ['verify']);
             const signature = mine[0].raw.subarray(4);
             const holds = await crypto.subtle.verify(ed, raw, signature, bytes.utf8(split.text));
             if (!holds) throw new bytes.FormError();
           };
           return fails(() => open(given.note));""",
        VECTORS["note"],
    )
    assert passed == ""


def test_the_checkpoint_and_who_had_seen_it_when(blank: Page) -> None:
    one = VECTORS["checkpoint"]
    found = run(
        blank,
        """const known = policy.parsePolicy(given.policy);
           const keys = known.witnesses.map(({ key }) => key);
           const opened = await note.openCheckpoint(given.checkpoint.signed, known.log, keys);
           const names = Object.keys(given.checkpoint.seen);
           const quorum = given.checkpoint.quorum.map(([chosen]) => policy.quorumTime(
             known, new Map(chosen.map((n) => [names[n], given.checkpoint.seen[names[n]]]))));
           return { size: opened.checkpoint.size, root: hex(opened.checkpoint.root),
             seen: Object.fromEntries(opened.seen), quorum,
             own: known.witnesses.map(({ own }) => own), self: policy.isSelfAttested(known) };""",
        VECTORS,
    )
    assert found == {
        "size": one["size"],
        "root": one["root"],
        "seen": one["seen"],
        "quorum": [quorum_s for _, quorum_s in one["quorum"]],
        "own": [True, False, False],
        "self": False,
    }


def test_any_changed_sign_of_a_checkpoint_is_noticed(blank: Page) -> None:
    passed = run(
        blank,
        """const known = policy.parsePolicy(given.policy);
           const keys = known.witnesses.map(({ key }) => key);
           const passed = [];
           const signed = given.checkpoint.signed;
           for (let at = 0; at < signed.length; at += 1) {
             const sign = String.fromCharCode(signed.charCodeAt(at) ^ 1);
             const other = signed.slice(0, at) + sign + signed.slice(at + 1);
             try {
               const opened = await note.openCheckpoint(other, known.log, keys);
               if (opened.seen.size === 3) passed.push(at);
             } catch (error) {
               if (!(error instanceof bytes.FormError)) passed.push([at, String(error)]);
             }
           }
           return passed;""",
        VECTORS,
    )
    # In base64 the last sign before one `=` has unused bits: another spelling of the same bytes.
    signs = [VECTORS["checkpoint"]["signed"][at : at + 2] for at in passed]
    assert all(two.endswith("=") for two in signs) and len(signs) <= 4


def test_without_web_crypto_it_says_so_and_checks_nothing(anywhere: Page) -> None:
    secure = anywhere.evaluate("isSecureContext")
    found = run(
        anywhere,
        """const codes = [];
           const tell = (error) => {
             codes.push(error instanceof note.Unable ? error.code : String(error));
           };
           await note.mustCheckSignatures().catch(tell);
           const known = policy.parsePolicy(given.policy);
           await note.openCheckpoint(given.checkpoint.signed, known.log, []).catch(tell);
           return codes;""",
        VECTORS,
    )
    assert found == ([] if secure else ["insecure", "insecure"])


def test_entries_and_what_is_none(anywhere: Page) -> None:
    found = run(
        anywhere,
        """const raws = given.entries.map(({ entry }) => bytes.utf8(entry));
           const refused = Object.values(given.refused).map(raw);
           const deep = '['.repeat(3000) + ']'.repeat(3000);
           return {
             same: raws.map((one) => entries.canonical(entries.parseEntry(one))),
             leaves: raws.map((one) => hex(tree.leafHash(one))),
             parts: hex(entries.partsHash(given.parts.listed)),
             refused: await Promise.all(refused.map((one) => fails(() => entries.parseEntry(one)))),
             deep: await fails(() => entries.canonical(JSON.parse(deep))),
           };""",
        VECTORS,
    )
    assert found["same"] == [one["entry"] for one in VECTORS["entries"]]
    assert found["leaves"] == [one["leaf"] for one in VECTORS["entries"]]
    assert found["parts"] == VECTORS["parts"]["hash"]
    assert set(found["refused"]) == {"FormError"} and found["deep"] == "FormError"


def test_it_takes_no_tiles_for_a_proof_that_they_are_not(blank: Page) -> None:
    """A stored hash above the entries is worked out, never read, at any level."""
    honest, lie = verify_many.beyond_two_levels()
    good, bad = in_browser(blank, [honest, lie])
    assert good == in_python(honest) and good["log"]["size"] > 65_536
    assert good["holds"]
    assert bad == in_python(lie) and [one["code"] for one in bad["findings"]] == ["tiles_differ"]


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_a_hundred_honest_logs_give_the_report_of_python(blank: Page, start: int) -> None:
    cases = [log_cases.honest(seed) for seed in range(start, start + 20)]
    assert in_browser(blank, cases) == [in_python(case) for case in cases]


def test_every_lie_and_every_proof_gives_the_report_of_python(blank: Page) -> None:
    cases = verify_many.every_lie()
    found = in_browser(blank, list(cases.values()))
    wrong = [name for (name, case), one in zip(cases.items(), found, strict=True)
             if one != in_python(case)]  # fmt: skip
    assert wrong == [] and len(cases) > 80


def test_files_that_were_tampered_with_give_the_report_of_python(blank: Page) -> None:
    cases = [verify_many.tampered(seed) for seed in range(60)]
    wanted = [in_python(case) for case in cases]
    assert in_browser(blank, cases) == wanted
    assert any(not one["holds"] for one in wanted)


def test_a_shift_of_17_000_takes_six_hashes_a_place_and_entry(blank: Page) -> None:
    """Counted, not timed: `python -m tests.browser.verify_many --speed` prints the time."""
    case = verify_many.large()
    (report,) = in_browser(blank, [case])
    blocks, _ = blank.evaluate("window.spent")
    assert report["holds"] and report["parts"][0]["n"] == verify_many.LARGE
    assert blocks < 6 * (report["log"]["size"] + verify_many.LARGE)


def test_a_server_that_does_not_answer_is_no_finding(blank: Page) -> None:
    """What `get` throws goes on to who asked: nothing is shown, and nothing is said."""
    case = verify_many.sent(log_cases.honest(1))
    said = blank.evaluate(
        """async (one) => {
          const { verifyAnnouncement } = await import('/static/js/verify/verify.js');
          const get = async (path) => {
            if (path.startsWith('tile/')) throw new TypeError('no network');
            return Uint8Array.from(atob(one.files[path]), (sign) => sign.charCodeAt(0));
          };
          return verifyAnnouncement(get, one.policy, one.index).catch((error) => error.message);
        }""",
        case,
    )
    assert said == "no network"
