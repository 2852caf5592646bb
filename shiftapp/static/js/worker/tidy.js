// When there is time: what is over goes, and what a first visit did not need is kept for the next one.

import {
  keysOf, read, readAll, write,
} from './vault.js';

const KEPT_MS = 7 * 24 * 3600 * 1000;
const LOOSE_MS = 3600 * 1000; // a file just taken is not named yet

/** Both of it. */
export async function tidy(nowMs) {
  await prune(nowMs);
  const held = navigator.serviceWorker && await navigator.serviceWorker.getRegistration('/W/');
  const next = held && (held.installing || held.waiting); // brings a list of its own, and waits for a quiet moment
  if (held && held.active && !next) held.active.postMessage('keep the rest');
}

/**
 * Drop receipts that are a week old, and files that no draft and no record names any more. What was
 * not received is never dropped.
 */
export async function prune(nowMs) {
  const all = await readAll('drafts'); // before the records: what is sealed meanwhile is among those
  const [records, held] = [await readAll('outbox'), await keysOf('blobs')];
  const [drafts, over] = [true, false].map((open) => all.filter((one) => (one.shift.closed_ms > nowMs) === open));
  const old = records.filter((one) => one.state === 'sent' && one.sent_ms < nowMs - KEPT_MS
    && !(one.blobs || []).some((sha) => held.includes(sha)));
  const named = JSON.stringify([records, drafts]);
  const loose = held.filter((key) => !named.includes(key.slice(-43))); // a refused one has a word before
  const since = await Promise.all(loose.map(async (key) => (await read('blobs', key)).at_ms));
  const gone = [...old.map((one) => ['outbox', one.id]), ...over.map((one) => ['drafts', one.key]),
    ...loose.filter((_, n) => since[n] < nowMs - LOOSE_MS).map((key) => ['blobs', key])];
  if (gone.length) await write(gone);
}
