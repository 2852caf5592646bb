// The network: one way to ask the server, and the loop that empties the outbox. No screen here:
// who wants to know listens for `outbox` on the document.

import { withMore } from './lazy.js';
import {
  countOf, inState, keysOf, read, write,
} from './vault.js';

const TIMEOUT_MS = 15_000;
const MAX_RECORDS = 20;
const MAX_BYTES = 256 * 1024;
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const EVERY_MS = 30_000;
const LOCK_MS = 60_000;

/**
 * What the outbox is doing: `still`, `sending`, or `stuck` with the code of the refusal; how many
 * records are not received, and how many files of those that are.
 */
export const outbox = { doing: 'still', code: '', count: 0, files: 0, sentMs: null };

let failures = 0;
let timer = 0;
let running = false;
let again = false;
let lockedSince = 0;

/**
 * Ask the server. `status` 0: no answer of ours came (no signal, a captive portal, a proxy's page).
 * @returns {Promise<{status: number, data: any}>}
 */
export async function call(method, path, body) {
  const raw = body instanceof ArrayBuffer;
  const stop = new AbortController();
  // A photo has as long as a line of 2 KB a second needs.
  const late = setTimeout(() => stop.abort(), TIMEOUT_MS + (raw ? body.byteLength / 2 : 0));
  try {
    const response = await fetch(path, {
      method,
      body: raw || body === undefined ? body : JSON.stringify(body),
      headers: { 'X-Requested-With': 'outbox', ...(body && { 'Content-Type': `application/${raw ? 'octet-stream' : 'json'}` }) },
      cache: 'no-store',
      redirect: 'error',
      signal: stop.signal,
    });
    if (response.status === 204) return { status: 204, data: null };
    const json = (response.headers.get('Content-Type') || '').includes('json');
    return json ? { status: response.status, data: await response.json() } : { status: 0, data: null };
  } catch {
    return { status: 0, data: null };
  } finally {
    clearTimeout(late);
  }
}

/** What of a row leaves the phone: the record as sealed. */
export const onWire = ({ kind, body, salt, sig }) => ({ kind, body, salt, sig });

/** Count what waits, before a sign says anything; empty it now and whenever there is a reason to. */
export async function startOutbox() {
  await tell('still', '').catch(() => {});
  addEventListener('online', kick);
  addEventListener('pageshow', kick);
  document.addEventListener('visibilitychange', () => document.hidden || kick());
  setInterval(() => document.hidden || kick(), EVERY_MS);
  kick();
}

/** Send now what waits. One loop in this page, and by the lock in all of them. */
export function kick() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return;
  }
  running = true;
  locked(drain).catch(() => later()).finally(() => {
    running = false;
    if (again) {
      again = false;
      kick();
    }
  });
}

// A lock held by a page in the back/forward cache may never be given back (WebKit): after a
// minute we send anyway, the server tells repeats.
async function locked(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request('outbox', { ifAvailable: true }, (lock) => {
    lockedSince = lock ? 0 : lockedSince || Date.now();
    const mayGo = lock || Date.now() - lockedSince > LOCK_MS;
    return mayGo ? work() : later();
  });
}

async function drain() {
  for (let batch = await next(); batch.length; batch = await next()) {
    await tell('sending', '');
    const answer = await call('POST', '/api/v1/sync', {
      records: batch.map(onWire),
      client_ms: Date.now(),
      waiting: outbox.count,
    });
    if (answer.status === 401) return tell('stuck', answer.data.code || 'device_unknown');
    const got = answer.status === 200 ? await take(batch, answer.data) : 0;
    if (!got) {
      await blame(batch, answer);
      return later();
    }
    failures = 0;
  }
  await tell('still', '');
  if (outbox.files) withMore((rest) => rest.sendFiles());
  return undefined;
}

/** The files on this phone that a received record names. */
export async function filesLeft() {
  const here = await keysOf('blobs');
  const sent = here.length ? await inState('sent') : [];
  return sent.flatMap((one) => one.blobs || []).filter((sha) => here.includes(sha));
}

/**
 * What goes next: all that fits. What was refused goes after the rest, and after two refusals alone,
 * so that no record blocks others.
 */
async function next() {
  const batch = [];
  let bytes = 0;
  for (const one of await inState('waiting', MAX_RECORDS)) {
    bytes += one.body.length * 3 + 300;
    if (batch.length && (bytes > MAX_BYTES || one.refused >= 2)) break;
    batch.push(one);
    if (one.refused >= 2) break;
  }
  return batch;
}

/** Mark what the server has answered for; gives how many. Anything else is not delivered. */
async function take(batch, data) {
  const results = new Map((data.results || []).map((one) => [one.id, one]));
  const got = batch.filter((one) => (results.get(one.id) || {}).receipt);
  if (!got.length) return 0;
  await write([
    ...got.map((one) => ['outbox', one.id, sent(one, results.get(one.id))]),
    ['kv', 'sent_ms', data.server_ms || Date.now()],
  ]);
  return got.length;
}

const sent = (one, { status, receipt, flags }) => (
  { ...one, state: 'sent', sent_ms: Date.now(), status, receipt, flags }
);

/** Count a refusal, or an answer that left all of it out; alone and for good, it waits for a person. */
async function blame(batch, { status, data }) {
  if (status === 429 || (status < 400 && !(data && data.results))) return;
  const alone = batch.length === 1 && (status === 400 || status === 413);
  await write(batch.map((one) => ['outbox', one.id, {
    ...one,
    refused: one.refused + 1,
    state: alone ? 'attention' : 'waiting',
  }]));
}

/** Try again after a random part of a time that doubles up to a minute (full jitter). */
async function later() {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  failures += 1;
  clearTimeout(timer);
  timer = setTimeout(kick, Math.random() * most);
  return tell('still', '');
}

/** Say what the outbox is doing, and count anew what is left. */
export async function tell(doing, code) {
  const [bad, still] = await Promise.all(['attention', 'waiting'].map(countOf));
  const refused = (await keysOf('blobs')).some((key) => key[7] === ' '); // `refused <sha>`
  outbox.sentMs = await read('kv', 'sent_ms'); // maybe another tab's
  outbox.count = bad + still;
  outbox.files = (await filesLeft()).length;
  outbox.doing = (bad || refused) && doing === 'still' ? 'stuck' : doing;
  outbox.code = code;
  document.dispatchEvent(new CustomEvent('outbox'));
}
