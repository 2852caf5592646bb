// The public entries: canonical JSON of a closed list of kinds (ledger/entries.py). Bytes that do
// not come out the same when they are parsed and written again are no entry: that one check refuses
// keys that are there twice, odd spacing, and numbers that two parsers read in two ways.

import { FormError, fromB64u, same, textOf, utf8 } from './bytes.js';
import { leafHash, ofLeaves } from './tree.js';

const MOST_BYTES = 4096; // of an entry
const MOST_PARTS = 30; // of an announcement's entry; more stand in a list of their own
const DEEPEST = 32;
const UNCLEAN = /[\0\ud800-\udfff]/u; // U+0000, and half of a pair alone

export const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isGrace = (value) => isCount(value) && value <= 3600;
const isText = (value) => typeof value === 'string';
const isId = (value) => fromB64u(value, 16) !== null;
const isHash = (value) => fromB64u(value, 32) !== null;
const isOneOf = (...words) => (value) => words.includes(value);
const isListOf = (check) => (value) => Array.isArray(value) && value.every(check);

// Most entries are records: this is their whole form. The last sign of 16 or 32 bytes in base64url
// has unused bits, which are zero.
const ID = '[A-Za-z0-9_-]{21}[AQgw]';
const HASH = '[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]';
const RECORD = new RegExp(
  `^\\{"c":"(${HASH})","k":"rec"(,"o":1)?,"s":"(${ID})","u":"(${ID})","v":1,"w":"(commit|run)"\\}$`,
);

const PART = { 'a?': isCount, late: isCount, n: isCount, off: isCount, on: isCount, open: isCount, s: isId };
const KINDS = {
  open: {
    date: isText, grace: isGrace, group: isText, n: isCount, roster: isHash, s: isId, shift: isText,
    site: isText, t0: isCount, t1: isCount,
  },
  rec: { c: isHash, 'o?': isOneOf(1), s: isId, u: isId, w: isOneOf('commit', 'run') },
  chg: { add: isListOf(isId), del: isListOf(isId), s: isId },
  amend: { of: isCount, r: isOneOf('withdrawn', 'mistake', 'erased'), s: isId, u: isId },
  key: { from: isCount, role: isOneOf('log', 'receipt', 'announcement', 'device'), vk: isText },
  ann: {
    a: isCount, b: isCount, doc: isHash, of: (value) => isHash(value) || (isParts(value) && value.length <= MOST_PARTS),
    sup: (value) => value === null || isHash(value),
  },
};

/** Whether a value is a list of parts of an announcement. */
export const isParts = (value) => isListOf((one) => fits(one, PART))(value);

/** An entry from its bytes; throws FormError. */
export function parseEntry(bytes) {
  if (bytes.length > MOST_BYTES) throw new FormError('an entry that is too long');
  const text = textOf(bytes);
  const record = RECORD.exec(text);
  if (record) {
    const [, c, o, s, u, w] = record;
    return { c, k: 'rec', ...(o ? { o: 1 } : {}), s, u, v: 1, w };
  }
  const found = parseCanonical(bytes);
  const known = Object.hasOwn(KINDS, found?.k ?? '') ? KINDS[found.k] : null;
  if (!known || !fits(found, { ...known, k: isText, v: isOneOf(1) })) {
    throw new FormError('an entry of no known form');
  }
  return found;
}

/** A JSON value whose canonical bytes these are; throws FormError. */
export function parseCanonical(bytes) {
  const found = parseJson(textOf(bytes));
  if (!same(utf8(canonical(found)), bytes)) throw new FormError('not canonical');
  return found;
}

/** A JSON value; @throws {FormError} */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormError('not JSON');
  }
}

/** The one text of a value: keys sorted, no spaces, integers within 2^53; throws FormError. */
export function canonical(value, depth = 0) {
  if (value !== null && typeof value === 'object' && depth === DEEPEST) {
    throw new FormError('nested too deep');
  }
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join(',')}]`;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'object') {
    const keys = Object.keys(value).sort(byCodePoint);
    return `{${keys.map((key) => `${plain(key)}:${canonical(value[key], depth + 1)}`).join(',')}}`;
  }
  return plain(value);
}

/** The tree hash over parts that stand in a list of their own. */
export const partsHash = (parts) => (
  ofLeaves(parts.map((part) => leafHash(utf8(canonical(part))))));

/** The entries of a bundle: each two bytes of length and the entry; null for another form. */
export function splitBundle(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + bytes[at] * 256 + bytes[at + 1];
    if (!(end <= bytes.length)) return null;
    found.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return found;
}

/** The order of Python, which is another than JavaScript's where a sign takes two units. */
function byCodePoint(one, other) {
  const [a, b] = [utf8(one), utf8(other)];
  const at = a.findIndex((byte, n) => byte !== b[n]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
}

function plain(value) {
  const good = typeof value === 'string' ? !UNCLEAN.test(value) : Number.isSafeInteger(value);
  if (!good) throw new FormError('a number or a sign that two parsers read in two ways');
  return JSON.stringify(value);
}

/** Whether an object has these fields, each of its form, and no other; `name?` may be left out. */
function fits(value, form) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const names = Object.keys(form).map((name) => name.replace('?', ''));
  return Object.keys(value).every((name) => names.includes(name))
    && Object.entries(form).every(([name, check]) => {
      const field = name.replace('?', '');
      return Object.hasOwn(value, field) ? check(value[field]) : name !== field;
    });
}
