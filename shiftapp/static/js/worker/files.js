// Photos and signatures on their way, beside the records and after them: a stop must be with the leader
// before its picture, and no new record waits for a photo.

import {
  call, filesLeft, kick, tell,
} from './link.js';
import { read, write } from './vault.js';

const LONGEST_MS = 60_000;

const failures = new Map(); // by hash: what failed goes after the rest
let [sending, timer] = [false, 0];

/** Send what received records name; one page of a browser at a time. */
export async function sendFiles() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    await (navigator.locks ? navigator.locks.request('files', { ifAvailable: true }, (lock) => lock && send())
      : send());
  } finally {
    sending = false;
    await tell('still', '');
  }
}

async function send() {
  const left = (await filesLeft()).sort((a, b) => (failures.get(a) || 0) - (failures.get(b) || 0));
  for (const sha of left) {
    const file = await read('blobs', sha);
    if (file && !(await sendOne(sha, file))) failures.set(sha, (failures.get(sha) || 0) + 1);
  }
  const still = await filesLeft();
  if (!still.length) return;
  const worst = Math.min(...still.map((sha) => failures.get(sha) || 0));
  timer = setTimeout(kick, Math.random() * Math.min(LONGEST_MS, 1_000 * 2 ** worst));
}

/** True: it is there, or will never be taken; then it stays here, and a person is asked. */
async function sendOne(sha, file) {
  await tell('sending', '');
  const { status, data } = await call('PUT', `/api/v1/blobs/${sha}`, file.bytes);
  const good = status === 200 && data && data.sha === sha;
  const never = status === 413 || (status === 400 && data && data.code !== 'wrong_hash');
  if (good || never) await write([['blobs', sha], ...(good ? [] : [['blobs', `refused ${sha}`, file]])]);
  return good || never;
}
