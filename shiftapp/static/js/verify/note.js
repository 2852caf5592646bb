// Signed notes of C2SP, checkpoints, and what witnesses sign under them; the same as ledger/note.py
// and ledger/checkpoint.py. Ed25519 comes from WebCrypto: where that is missing nothing is skipped,
// the reader is told (`Unable`).

import { b64, FormError, fromB64, hex, joined, same, utf8 } from './bytes.js';
import { sha256 } from './sha256.js';

export const ED25519 = 1; // a key that signs notes
export const COSIGNATURE = 4; // a witness's: checkpoints with a time
const DASH = '— '; // em dash U+2014 and a space begin a signature line
const BASE = Uint8Array.from({ length: 32 }, (_, at) => (at ? 0x66 : 0x58)); // a point there is
const SIZE = /^(?:0|[1-9][0-9]{0,18})$/;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
// What Python calls a space, and the plus: no name of a key holds one.
const NO_NAME = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

/** This browser cannot check Ed25519 signatures, or not on this page. `code` says which. */
export class Unable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Pass where this browser checks Ed25519; throws Unable: `insecure` page, or `old` browser. */
export async function mustCheckSignatures() {
  if (!globalThis.crypto?.subtle) throw new Unable(globalThis.isSecureContext ? 'old' : 'insecure');
  try {
    await crypto.subtle.importKey('raw', BASE, { name: 'Ed25519' }, false, ['verify']);
  } catch {
    throw new Unable('old');
  }
}

/** The four bytes that tell keys of one name apart. */
export function keyId(name, raw, kind) {
  return sha256(joined(utf8(`${name}\n`), Uint8Array.of(kind), raw)).subarray(0, 4);
}

/** A public key from its text form: `{name, id, raw}`; throws FormError. */
export function parseVkey(text, kind = ED25519) {
  const [name, hexed, ...rest] = text.split('+');
  const raw = fromB64(rest.join('+'));
  const key = raw.subarray(1);
  if (!isName(name) || raw[0] !== kind || raw.length !== 33) throw new FormError('not a vkey');
  const id = keyId(name, key, kind);
  if (hex(id) !== hexed) throw new FormError('not the id of this key');
  return { name, id, raw: key };
}

/**
 * The text of a note and its signatures unchecked: `{text, lines: [{name, raw}]}`; throws
 * FormError.
 */
export function splitNote(note) {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) throw new FormError('not a signed note');
  const [text, block] = [note.slice(0, at + 1), note.slice(at + 2)];
  if (block === '' || CONTROL.test(text)) throw new FormError('not a signed note');
  return { text, lines: block.slice(0, -1).split('\n').map(signature) };
}

/**
 * A checkpoint from its three lines: `{origin, size, root}`. Extension lines are refused; throws
 * FormError.
 */
export function parseCheckpoint(text) {
  const lines = text.split('\n');
  if (lines.length !== 4 || lines[3] || !lines[0] || !SIZE.test(lines[1])) {
    throw new FormError('not a checkpoint');
  }
  const [size, root] = [Number(lines[1]), fromB64(lines[2])];
  if (!Number.isSafeInteger(size) || root.length !== 32 || b64(root) !== lines[2]) {
    throw new FormError('not a checkpoint');
  }
  return { origin: lines[0], size, root };
}

/**
 * Check the log's signature and every known witness's: `{checkpoint, seen}`, `seen` a Map from a
 * key's name to when it signed, Unix s. Signatures of others are passed over; throws FormError.
 */
export async function openCheckpoint(signed, log, witnesses) {
  const { text, lines } = splitNote(signed);
  const bytes = utf8(text);
  const ours = lines.filter((line) => isOf(line, log));
  if (ours.length === 0) throw new FormError('no signature of a known key');
  for (const line of ours) await mustHold(log, line.raw.subarray(4), bytes);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name) throw new FormError('a checkpoint of another log');
  const seen = new Map();
  for (const line of lines) {
    const witness = witnesses.find((one) => isOf(line, one));
    if (!witness) continue;
    const time = await timeOf(witness, line.raw.subarray(4), text);
    seen.set(line.name, Math.min(time, seen.get(line.name) ?? time));
  }
  return { checkpoint, seen };
}

function signature(line) {
  const [name, ...rest] = line.slice(DASH.length).split(' ');
  if (!line.startsWith(DASH) || rest.length === 0 || !isName(name)) {
    throw new FormError('not a signature line');
  }
  const raw = fromB64(rest.join(' '));
  if (raw.length < 5) throw new FormError('not a signature line');
  return { name, raw };
}

const isName = (name) => name !== '' && !NO_NAME.test(name);

const isOf = (line, key) => line.name === key.name && same(line.raw.subarray(0, 4), key.id);

async function timeOf(witness, raw, text) {
  if (raw.length < 8) throw new FormError(`the signature of ${witness.name} is wrong`);
  const time = new DataView(raw.buffer, raw.byteOffset).getBigUint64(0);
  await mustHold(witness, raw.subarray(8), utf8(`cosignature/v1\ntime ${time}\n${text}`));
  if (time >= 2n ** 63n) throw new FormError(`the time of ${witness.name} is none`);
  return Number(time);
}

async function mustHold(key, given, data) {
  await mustCheckSignatures();
  const ed25519 = { name: 'Ed25519' };
  const known = await crypto.subtle.importKey('raw', key.raw, ed25519, false, ['verify'])
    .catch(() => null); // no point of the curve: nothing it signed holds
  const holds = known && given.length === 64
    && await crypto.subtle.verify(ed25519, known, given, data);
  if (!holds) throw new FormError(`the signature of ${key.name} is wrong`);
}
