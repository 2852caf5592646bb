"""The signed note of an announcement, and whether a stored document still is what was signed.

The text: `<origin>/announcement` · base64 of the SHA-256 of the document's bytes · `<date>
<version>`, before them the kind where it is not daily · the instant, ms · the announcement line by
line (announcement_text.py). So the signature stands under words that anybody can read, which name
the person; the hash binds them to every byte of the document.
"""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shiftapp.ledger.note import Verifier, key_id, open_note
from shiftapp.model import announcement_text
from shiftapp.model.announcement_items import Doc
from shiftapp.store import Row

HEAD = ("name of the key", "hash", "date and version", "instant")


def text(name: str, doc: Doc, data: bytes) -> str:
    """What is signed under a name: of a document and its bytes."""
    return "\n".join((*head(name, doc, data), *announcement_text.lines(doc))) + "\n"


def holds(row: Row, public_key: Ed25519PublicKey) -> bool:
    """Whether the document of a stored announcement is the one that was signed by this key.

    `row`: with `doc` or, parsed, `bytes`; its columns must agree with the document as well. The
    words are not made again: what was signed stands in the note, whatever a later release says.
    """
    data = row["bytes"] if "bytes" in row else row["doc"].encode()
    name = row["note"].partition("\n")[0]
    raw = public_key.public_bytes_raw()
    try:
        signed, _ = open_note(row["note"], [Verifier(name, key_id(name, raw), public_key)])
        doc = json.loads(data)
        return signed.split("\n")[: len(HEAD)] == head(name, doc, data) and _is_of(doc, row)
    except (ValueError, KeyError, TypeError):  # another signature, or no document of ours
        return False


def document(row: Row) -> Doc | None:
    """The document of a row as it is stored; None: somebody altered it, it is not what its note
    and its columns say. Whether the note itself is ours, only `holds` tells."""
    named = row["note"].split("\n")
    try:
        doc = json.loads(row["doc"])
        fits = named[: len(HEAD)] == head(named[0], doc, row["doc"].encode()) and _is_of(doc, row)
    except (ValueError, KeyError, TypeError):
        return None
    return doc if fits else None


def head(name: str, doc: Doc, data: bytes) -> list[str]:
    """The first lines of the note, which bind the words to the document: see `HEAD`."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    day = f"{doc['date']} {doc['version']}"
    if doc["kind"] != "daily":
        day = f"{doc['kind']} {day}"
    return [name, digest, day, str(doc["published_ms"])]


def _is_of(doc: Doc, row: Row) -> bool:
    columns = ("id", "kind", "date", "version", "published_ms", "supersedes")
    return all(doc[key] == row[key] for key in columns)
