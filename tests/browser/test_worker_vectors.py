"""The bytes of the worker app in JavaScript against the golden vectors (formats.md, "Bytes" §9).

`tests/ledger/vectors.json` is read by Python and by this; the modules are imported as they are.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Page

import qr.code
from shiftapp.ledger import sealed_pin
from tests.browser.conftest import HOST, serve

VECTORS = json.loads((Path(__file__).parent.parent / "ledger/vectors.json").read_text("utf-8"))
RECORDS = VECTORS["records"]
MODULES = "/static/js/worker"


@pytest.fixture(scope="module", params=["127.0.0.1", HOST])
def blank(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """An empty page of the worker app, in a secure context and in none."""
    for site in serve(tmp_path_factory.mktemp("vectors"), request.param):
        page = chromium.new_page(base_url=site.url)
        page.goto("/W/none")
        assert page.evaluate("isSecureContext") == (request.param != HOST)
        yield page
        page.close()


def run(page: Page, body: str, argument: Any = None) -> Any:
    """What a function body gives that uses `codes` (codes.js) and `given`."""
    return page.evaluate(
        f"async (given) => {{ const codes = await import('{MODULES}/codes.js'); {body} }}", argument
    )


def test_sha256_of_every_length_around_a_block(blank: Page) -> None:
    texts = ["a" * length for length in (0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 1000)]
    texts += ["承诺上岗 0.62 MPa", json.dumps(RECORDS, ensure_ascii=False)]
    found = run(
        blank, "return given.map((one) => codes.b64u(codes.sha256(codes.utf8(one))));", texts
    )
    assert found == [_b64u(hashlib.sha256(one.encode()).digest()) for one in texts]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["kind"])
def test_a_body_is_written_and_committed_to_as_in_python(
    blank: Page, record: dict[str, Any]
) -> None:
    found = run(
        blank,
        """const salt = Uint8Array.from(atob(given.salt.replace(/-/g, '+').replace(/_/g, '/')),
             (sign) => sign.charCodeAt(0));
           const hex = (bytes) => Array.from(bytes,
             (byte) => byte.toString(16).padStart(2, '0')).join('');
           return {
             body: codes.canonical(JSON.parse(given.body)),
             sha: hex(codes.sha256(codes.utf8(given.body))),
             c: hex(codes.commitment(salt, given.body)),
             code: codes.receiptCode(given.receipt),
             at: codes.receiptTime(given.receipt),
           };""",
        record,
    )
    assert found == {
        "body": record["body"],
        "sha": record["body_sha256"],
        "c": record["c"],
        "code": qr.code.format_code(record["receipt_code"]),
        "at": record["recv_ms"],
    }


def test_the_signature_of_a_record_is_good_where_there_is_web_crypto(blank: Page) -> None:
    assert blank.evaluate("Boolean(crypto.subtle)") == blank.evaluate("isSecureContext")
    if not blank.evaluate("isSecureContext"):
        return
    signed = [record for record in RECORDS if record["sig"]]
    found = blank.evaluate(
        """async ({key, records}) => {
             const bytes = (text) => Uint8Array.from(
               atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
             const curve = { name: 'ECDSA', namedCurve: 'P-256' };
             const pub = await crypto.subtle.importKey('raw', bytes(key), curve, false, ['verify']);
             return Promise.all(records.map(({sig, c}) => crypto.subtle.verify(
               { name: 'ECDSA', hash: 'SHA-256' }, pub, bytes(sig),
               Uint8Array.from(c.match(/../g), (two) => parseInt(two, 16)))));
           }""",
        {"key": VECTORS["device_key"]["public_b64u"], "records": signed},
    )
    assert found == [True] * len(signed) and found


SHARED = json.loads((Path(__file__).parent.parent / "ledger/shared_phone.json").read_text("utf-8"))


def test_a_pin_sealed_here_opens_at_the_server_and_under_no_other_record(blank: Page) -> None:
    if not blank.evaluate("isSecureContext"):
        return  # no web crypto: nobody signs in without a signal there
    pin, key = SHARED["pin"], SHARED["pin"]["key"]
    ours = ec.derive_private_key(int(key["private"], 16), ec.SECP256R1())
    given = [pin["pin"], {"kid": key["kid"], "key": key["public"]}, pin["record"]]
    sealed = blank.evaluate(
        f"""async (given) => (await import('{MODULES}/proof.js')).sealPin(...given)""", given
    )
    assert (sealed["k"], sealed["kid"]) == ("pin", key["kid"])
    assert sealed_pin.open_pin(ours, sealed["kid"], sealed["enc"], pin["record"]) == pin["pin"]
    with pytest.raises(ValueError, match=r"."):
        sealed_pin.open_pin(ours, sealed["kid"], sealed["enc"], pin["record"].replace("1", "2"))


def test_tag_and_badge_are_those_of_python(blank: Page) -> None:
    if not blank.evaluate("isSecureContext"):
        return
    tag, badge = SHARED["tag"], SHARED["badge"]
    found = blank.evaluate(
        f"""async ({{ tag, badge }}) => {{
          const proof = await import('{MODULES}/proof.js');
          const key = await proof.badgeKey(badge.secret);
          return [await proof.tagOf(tag.pin, tag.salt), Array.from(key),
            (await proof.badgeProof(key, badge.record)).code];
        }}""",
        {"tag": tag, "badge": badge},
    )
    assert found == [tag["t"], list(bytes.fromhex(badge["key"])), badge["code"]]


@pytest.mark.parametrize(
    ("typed", "code", "fault"),
    [
        ("7K2M41QF", "7K2M41QF", ""),
        (" 7k2m-4lqf ", "7K2M41QF", ""),
        ("７Ｋ２Ｍ４１ＱＦ", "7K2M41QF", ""),
        ("7K2M41QG", "7K2M41QG", "check"),
        ("7K2M41", "7K2M41", "length"),
        ("7K2M41QU", "7K2M41QU", "alphabet"),
    ],
)
def test_a_typed_code_is_read_as_in_python(blank: Page, typed: str, code: str, fault: str) -> None:
    assert run(blank, "return codes.parseCode(given);", typed) == {"code": code, "fault": fault}


def test_every_wrong_symbol_is_noticed_as_in_python(blank: Page) -> None:
    tried = [VECTORS["station"]["code"][:at] + symbol + VECTORS["station"]["code"][at + 1 :]
             for at in range(8) for symbol in qr.code.ALPHABET]  # fmt: skip
    found = run(blank, "return given.map((one) => codes.parseCode(one).fault === '');", tried)
    assert found == [_good(one) for one in tried]


def test_words_are_cleaned_before_they_are_sealed(blank: Page) -> None:
    typed = "  \u0000漏油\ud83d " + "长" * 600
    found = run(
        blank, "return codes.clean(given[0] + '\\ud83d' + given[1]);", ["  \u0000漏油", typed[6:]]
    )
    assert found.startswith("漏油") and len(found) == 500
    assert not re.search("[\ud800-\udfff\u0000]", found)


def test_ids_are_random_uuids(blank: Page) -> None:
    found = run(blank, "return Array.from({ length: 200 }, () => codes.uuid());")
    assert len(set(found)) == 200
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(pattern, one) for one in found)


@pytest.mark.parametrize(
    ("value", "low", "high", "side", "by"),
    [
        ("0.62", "0.55", "0.70", "", ""),
        ("0.70", "0.55", "0.7", "", ""),
        ("0.700001", "0.55", "0.70", "high", "0.000001"),
        ("83.0", "20", "80", "high", "3.0"),
        ("19", "20", "80", "low", "1"),
        ("-5.5", "-5", None, "low", "0.5"),
        ("999999999.999999", None, "999999999.999998", "high", "0.000001"),
        ("5", None, None, "", ""),
    ],
)
def test_limits_are_inclusive_and_exact(
    blank: Page, value: str, low: str | None, high: str | None, side: str, by: str
) -> None:
    found = blank.evaluate(
        f"async (given) => (await import('{MODULES}/pad.js')).judge(...given)", [value, low, high]
    )
    assert found == {"side": side, "by": by}


@pytest.mark.parametrize(
    ("keys", "text", "whole"),
    [
        (["0", "6", "2"], "62", True),
        (["0", ".", "6", "2"], "0.62", True),
        ([".", "5"], "5", True),
        (["5", "."], "5.", False),
        (["5", ".", ".", "1", "erase"], "5.", False),
        (["±", "3", "±", "±"], "-3", True),
        (["1"] * 12, "1" * 9, True),
        (["1", ".", *["2"] * 9], "1.222222", True),
        (["erase"], "", False),
    ],
)
def test_our_keys_only_make_readings_that_may_be_sealed(
    blank: Page, keys: list[str], text: str, whole: bool
) -> None:
    found = blank.evaluate(
        f"""async (keys) => {{
              const pad = await import('{MODULES}/pad.js');
              const text = keys.reduce(pad.typed, '');
              return [text, pad.isReading(text)];
            }}""",
        keys,
    )
    assert found == [text, whole]


def test_both_languages_are_complete_and_every_text_is_used(blank: Page) -> None:
    first, second = (
        blank.evaluate(f"async () => (await import('{MODULES}/{name}.js')).{name.upper()}")
        for name in ("texts", "texts_more")
    )
    assert not set(first) & set(second)
    texts = {**first, **second}
    holes = re.compile(r"\{\w+\}")
    han = re.compile(r"[\u4e00-\u9fff]")
    for key, pair in texts.items():
        zh, en = pair
        assert zh and en, key
        assert sorted(holes.findall(zh)) == sorted(holes.findall(en)), key
        assert key.startswith("other") or not han.search(en), key
    sources = "".join(path.read_text("utf-8") for path in _modules())
    unused = [key for key in texts if not re.search(rf"['`]{re.escape(key)}['`]", sources)]
    prefixes = set(re.findall(r"`(\w+_)\$\{", sources))
    assert [key for key in unused if not key.startswith(tuple(prefixes))] == []
    asked = set(re.findall(r"\bt\('(\w+)'", sources))
    assert asked - set(texts) == set()


def _modules() -> list[Path]:
    folder = Path(__file__).parent.parent.parent / "shiftapp/static/js/worker"
    return [path for path in sorted(folder.glob("*.js")) if not path.stem.startswith("texts")]


def _good(code: str) -> bool:
    try:
        return qr.code.parse_code(code) == code
    except qr.code.CodeError:
        return False


def _b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
