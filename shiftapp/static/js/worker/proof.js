// Who one is, proved without a signal: the PIN sealed to the company's key, or a code that only the
// badge can make. What this phone holds of others is not enough to make either (formats.md §3).

import { b64u, randomBytes, utf8 } from './codes.js';
import { app, standIn } from './plant.js';
import { t } from './words.js';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const TAG_ROUNDS = 10_000;

/**
 * Go on as somebody of this phone's list until the server has met them.
 * @param {{no?: string, pin?: string, badge?: string}} how
 * @returns {Promise<string>} '' or the sentence why not
 */
export async function signInHere({ no, pin, badge }) {
  const people = (app.pack && app.pack.people) || [];
  if (!crypto.subtle || !people.length || (pin && !app.pack.pin)) return t('noSignal');
  return badge ? byBadge(people, badge) : byPin(people, no, pin);
}

async function byPin(people, no, pin) {
  const entry = personOf(people, no);
  if (!entry || !entry.tag) return t('notOnPhone');
  if (await tagOf(pin, entry.tag.salt) !== entry.tag.t) return t('pinSlip');
  standIn(entry, (id) => sealPin(pin, app.pack.pin, id));
  return '';
}

async function byBadge(people, secret) {
  const key = await badgeKey(secret);
  const held = b64u(await digest(key));
  const entry = people.find((one) => one.badge === held);
  if (!entry) return t('badgeNotHere');
  standIn(entry, (id) => badgeProof(key, id));
  return '';
}

/** The key of a badge, from the 16 symbols that it says. */
export const badgeKey = (secret) => digest(utf8(`shiftapp/badge/v1\n${secret}`));

/** The entry of an employee number, however it was typed. */
export const personOf = (people, no) => people.find(
  (one) => one.person.no.toUpperCase() === no.trim().toUpperCase(),
);

/** Seven bits that catch a slip of the finger, and tell nobody the PIN (pwa brief §9). */
export async function tagOf(pin, salt) {
  const key = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: TAG_ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))[0] & 0x7f;
}

/** The evidence of a PIN for one record: to be opened by the company's key alone. */
export async function sealPin(pin, { kid, key }, id) {
  const { subtle } = crypto;
  const pair = await subtle.generateKey(CURVE, false, ['deriveBits']);
  const theirs = await subtle.importKey('raw', bytesOf(key), CURVE, false, []);
  const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256);
  const base = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const derive = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(`shiftapp/pin/v1\n${kid}`) };
  const secret = await subtle.deriveKey(derive, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const iv = randomBytes(12);
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(id) }, secret, utf8(pin));
  const point = await subtle.exportKey('raw', pair.publicKey);
  return { k: 'pin', kid, enc: b64u(joined(point, iv, sealed)) };
}

/** What a badge proves in the record of this id. */
export async function badgeProof(key, id) {
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const signer = await crypto.subtle.importKey('raw', key, how, false, ['sign']);
  return { k: 'badge', code: b64u(new Uint8Array(await crypto.subtle.sign(how, signer, utf8(id)))).slice(0, 22) };
}

const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

const bytesOf = (text) => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')),
  (sign) => sign.charCodeAt(0),
);

const joined = (...parts) => Uint8Array.from(parts.flatMap((one) => [...new Uint8Array(one)]));
