// Bytes and their texts: UTF-8, base64 and base64url, each in the one spelling that Python takes.

const B64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const B64U = /^[A-Za-z0-9_-]*$/;
const STEP = 8192; // arguments that one call takes

/** A text or bytes of another form than they must have. */
export class FormError extends Error {}

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes; throws FormError. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormError('not UTF-8');
  }
}

/** Standard base64 with padding. */
export function b64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP) {
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  }
  return btoa(text);
}

/** base64url without padding. */
export const b64u = (bytes) => b64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** The bytes of standard base64; throws FormError. */
export function fromB64(text) {
  if (!B64.test(text)) throw new FormError('not base64');
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** The bytes of standard base64 in its one spelling: unused bits are zero, and it is not empty. */
export function fromExactB64(text) {
  const found = fromB64(text);
  if (found.length === 0 || b64(found) !== text) throw new FormError('not base64 as it is written');
  return found;
}

/** The bytes of base64url of a known length, in its one spelling; null for anything else. */
export function fromB64u(text, length) {
  if (typeof text !== 'string' || !B64U.test(text)) return null;
  if (text.length !== Math.ceil((length * 4) / 3)) return null;
  const padded = text.replace(/-/g, '+').replace(/_/g, '/') + '='.repeat((4 - (text.length % 4)) % 4);
  const found = Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
  return b64u(found) === text ? found : null;
}

/** Hexadecimal, lower case. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether two runs of bytes are the same. */
export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** All runs of bytes, one after the other. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
