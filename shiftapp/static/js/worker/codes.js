// Bytes and codes: SHA-256, base64url, Crockford, canonical JSON, the commitment of a record.
// In plain JavaScript because over plain http there is no crypto.subtle (formats.md, "Bytes").

// FIPS 180-4: the first 32 bits of the fractional parts of cube and square roots of the first primes.
const PRIMES = Array.from({ length: 312 }, (_, n) => n).slice(2)
  .filter((n) => ![2, 3, 5, 7, 11, 13, 17].some((p) => p < n && n % p === 0));
const fraction = (root) => Math.floor((root % 1) * 2 ** 32);
const ROUND = Uint32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
const START = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECORD_TAG = 'shiftapp/rec/v1\n';
const MAX_NOTE = 500;

const turn = (word, by) => (word >>> by) | (word << (32 - by));

/**
 * SHA-256 (FIPS 180-4).
 * @param {Uint8Array} data
 * @returns {Uint8Array} 32 bytes
 */
export function sha256(data) {
  const blocks = ((data.length + 8) >> 6) + 1;
  const padded = new Uint8Array(blocks * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
  const hash = Uint32Array.from(START);
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + i * 4);
    mix(hash, words);
  }
  const out = new DataView(new ArrayBuffer(32));
  hash.forEach((word, i) => out.setUint32(i * 4, word));
  return new Uint8Array(out.buffer);
}

function mix(hash, words) {
  for (let i = 16; i < 64; i += 1) {
    const [a, b] = [words[i - 15], words[i - 2]];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
}

/** Bytes of a text in UTF-8. */
export const utf8 = (text) => new TextEncoder().encode(text);

/** base64url without padding. */
export function b64u(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Random bytes; there without a secure context too. */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A random UUID (version 4); `crypto.randomUUID` needs a secure context. */
export function uuid() {
  const raw = randomBytes(16);
  raw[6] = (raw[6] & 0x0f) | 0x40;
  raw[8] = (raw[8] & 0x3f) | 0x80;
  const hex = Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The one text of a JSON value: keys sorted, no spaces; fields that are undefined are left out. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** `c` of a body: what the signature and the receipt stand on. */
export function commitment(salt, body) {
  const [tag, text] = [utf8(RECORD_TAG), utf8(body)];
  const all = new Uint8Array(tag.length + salt.length + text.length);
  all.set(tag);
  all.set(salt, tag.length);
  all.set(text, tag.length + salt.length);
  return sha256(all);
}

/** Words of a person as they may be sealed: no U+0000, no lone surrogates, 500 signs at most. */
export function clean(text) {
  const whole = Array.from(text.replace(/\u0000/g, '').trim());
  return whole.filter((sign) => !/^[\ud800-\udfff]$/.test(sign)).slice(0, MAX_NOTE).join('');
}

/**
 * The station or enrolment code somebody typed.
 * @returns {{code: string, fault: ''|'alphabet'|'length'|'check'}}
 */
export function parseCode(typed) {
  const code = typed.normalize('NFKC').toUpperCase().replace(/[\s\-–—]/g, '')
    .replace(/O/g, '0').replace(/[IL]/g, '1');
  if ([...code].some((symbol) => !CROCKFORD.includes(symbol))) return { code, fault: 'alphabet' };
  if (code.length !== 8) return { code, fault: 'length' };
  return { code, fault: checkSymbol(code.slice(0, 7)) === code[7] ? '' : 'check' };
}

/** Luhn mod 32 over seven symbols (formats.md §8). */
function checkSymbol(symbols) {
  let sum = 0;
  [...symbols].reverse().forEach((symbol, place) => {
    const add = CROCKFORD.indexOf(symbol) * (place % 2 === 0 ? 2 : 1);
    sum += Math.floor(add / 32) + (add % 32);
  });
  return CROCKFORD[(32 - (sum % 32)) % 32];
}

/** XXXX-XXXX of 40 bits; `''` when the receipt is none of ours. */
export function receiptCode(receipt) {
  const line = (receipt || '').split('\n')[1] || '';
  let first;
  try {
    first = atob(line).slice(0, 5);
  } catch {
    return '';
  }
  const bits = Array.from(first, (sign) => sign.charCodeAt(0).toString(2).padStart(8, '0'));
  const symbols = bits.join('').match(/.{5}/g) || [];
  const text = symbols.map((five) => CROCKFORD[parseInt(five, 2)]).join('');
  return text.length === 8 ? `${text.slice(0, 4)}-${text.slice(4)}` : '';
}

/** The instant a receipt names, ms. */
export const receiptTime = (receipt) => Number((receipt || '').split('\n')[2]) || null;
