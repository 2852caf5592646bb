// What this phone knows: who uses it, the pack of the plant, the plant's clock, which shift.

import {
  b64u, canonical, clean, commitment, randomBytes, sha256, utf8,
} from './codes.js';
import { call, kick, outbox } from './link.js';
import {
  keep, keysOf, ofShift, read, write,
} from './vault.js';
import { times, tokenOf } from './time.js';
import { setZone } from './words.js';

/**
 * Shared by all screens; `refusal` is why the last pack was not given ('' or a code). `stand`: who
 * said without a signal who they are, `is` in the pack's words, and `proof(id)` for what is sealed;
 * only in this page's life.
 */
export const app = {
  pack: null, me: null, device: null, offsetMs: 0, refusal: '', offline: false, version: '', stand: null,
};

let turn = 0; // who is on the phone has changed so often: an older answer is none

/** The plant's clock as far as this phone knows it, ms. For showing; what is sealed is our own. */
export const plantNow = () => Date.now() + app.offsetMs;

/** Take up what the phone kept: enough to begin with while the newest is on its way. */
export async function recall() {
  const kept = await read('kv', 'pack');
  if (kept) use(kept);
}

/**
 * Fetch the pack; what this phone has of it already is not sent again. Without a signal the kept one
 * stays; a refusal is left in `app.refusal`.
 */
export async function refresh() {
  const mine = turn;
  if (!(await sayLeft())) return told({ offline: true });
  const have = app.pack && app.pack.plant;
  const { status, data } = await call('GET', `/api/v1/pack?left=${outbox.count}&have=${have || ''}`);
  if (mine !== turn) return undefined; // an answer about who was here before
  if (status === 200 && data && data.device) { // and no other page's JSON
    app.refusal = '';
    const pack = { ...app.pack, ...data, got_ms: Date.now() };
    use(pack);
    // A phone that is full goes on with what it was just told.
    await write([['kv', 'pack', pack], ['kv', 'token', tokenOf(data)]]).catch(() => {});
  } else if (status === 401) {
    app.refusal = data.code;
  }
  return told({ offline: status === 0 || status >= 500 });
}

function told({ offline }) {
  app.offline = offline;
  document.dispatchEvent(new CustomEvent('pack'));
}

/** Who left without a signal leaves at the server first: the next one must not go on as them. */
async function sayLeft() {
  if (!(await read('kv', 'left'))) return true;
  const { status } = await call('DELETE', '/api/v1/session');
  if (status === 0 || status >= 500) return false;
  await keep('kv', 'left', undefined);
  return true;
}

/** Say who one is: `{no, pin}` or `{badge}`. */
export async function signIn(how) {
  const answer = await call('POST', '/api/v1/session', how);
  if (answer.status === 200) {
    app.stand = null;
    turn += 1;
    await keep('kv', 'left', undefined);
    await refresh();
  }
  return answer;
}

/** 换人: the session ends, here at once and at the server when it hears of it; what waits stays. */
export async function signOut() {
  const gone = app.device && app.device.kind === 'shared' ? await draftsOf(app.me) : [];
  turn += 1;
  app.stand = null;
  app.me = null;
  const pack = app.pack && { ...app.pack, person: null, shifts: [], history: [] };
  await write([['kv', 'left', true], ...gone, ...(pack ? [['kv', 'pack', pack]] : [])]).catch(() => {});
  if (pack) use(pack);
  await refresh();
}

/** What somebody began at a shared phone is not left to the next one. */
const draftsOf = async (me) => (await keysOf('drafts')).filter((key) => me && key.startsWith(me.id))
  .map((key) => ['drafts', key]);

/** Go on as one of the pack's people, whom the server has not met today: proved by what is sealed. */
export function standIn({ person, shifts }, proof) {
  turn += 1;
  app.stand = { is: { person, shifts, history: [] }, proof };
  use(app.pack);
}

/**
 * The shift that something done at a station belongs to: mine with a row there, mine, or, for
 * somebody on no roster, the only one running. Null: none, or several and none of them mine.
 */
export function shiftAt(station) {
  const mine = myShifts();
  const now = mine.some(isOpen) ? mine.filter(isOpen) : mine.slice(0, 1);
  const here = now.find((one) => one.rows.some((row) => row.station === station));
  if (here || now.length) return here || now[0];
  const all = app.pack ? app.pack.shifts.filter(goesOn) : [];
  return all.length === 1 ? all[0] : null;
}

/** My shifts, running ones and then the next: the pack has them in that order. */
export const myShifts = () => (app.pack ? app.pack.shifts.filter((one) => one.mine && goesOn(one)) : []);

// A phone that was long without a signal also holds shifts that are over.
const goesOn = (shift) => plantNow() < shift.closed_ms;

/** Whether the window of a shift is open. */
export const isOpen = (shift) => plantNow() >= shift.opens_ms && plantNow() < shift.closed_ms;

/** The commitment of this shift is made: received, or sealed on this phone. */
export async function hasCommitted(shift) {
  return shift.commit || (await mineSealed(shift)).some((one) => one.result === 'committed');
}

/** Jobs of this shift that are gone through, as `station|job`. */
export async function runsDone(shift) {
  const sealed = (await mineSealed(shift)).filter((one) => one.result === 'done');
  return new Set([...shift.runs, ...sealed].map((one) => `${one.station}|${one.job}`));
}

const mineSealed = async (shift) => (app.me ? ofShift(app.me.id, shiftKey(shift)) : []); // or just left

/** A shift in one text: date, code, crew. */
export const shiftKey = (shift) => (shift ? `${shift.date} ${shift.code} ${shift.crew}` : '');

/** Who I am in what I seal; without `ev` the proof is made for each record. */
export const myself = () => (app.stand ? { person: app.me.id }
  : { person: app.me.id, ev: { k: 'session', sid: app.me.sid } });

/**
 * Seal a record and put it into the outbox; the draft changes in the same transaction.
 * @param {string} kind commit, run or hazard
 * @param {{id, who, shift, station, job, started_ms}} about fields of every record
 * @param {object} content fields of the kind
 * @param {Array} also further changes of the vault, see `write`
 * @returns {Promise<object>} the row of the outbox
 */
export async function seal(kind, about, content, also = []) {
  for (;;) {
    const sealed = await read('outbox', about.id);
    if (sealed) return sealed; // a double tap
    const held = await read('kv', 'chain');
    const chain = held && held.dev === app.device.id ? held : chainTold();
    const body = canonical({
      v: 1,
      id: about.id,
      kind,
      dev: app.device.id,
      seq: chain.seq + 1,
      prev: chain.prev,
      seen: app.pack.checkpoint || null,
      app: app.version,
      who: about.who.ev ? about.who : { ...about.who, ev: await app.stand.proof(about.id) },
      shift: about.shift && { date: about.shift.date, code: about.shift.code, crew: about.shift.crew },
      station: about.station && { code: about.station.code, mac: about.station.mac || null },
      job: about.job || null,
      time: await times(app.device.id, about.started_ms),
      blobs: [],
      ...content,
    });
    const row = { ...await lock(body), ...summary(kind, about, content), seq: chain.seq + 1, refused: 0 };
    const changes = [['outbox', about.id, row],
      ['kv', 'chain', { dev: chain.dev, seq: chain.seq + 1, prev: row.sha }], ...also];
    const unchanged = (now) => (now && now.dev === chain.dev ? now.seq === chain.seq : chain !== held);
    if (await write(changes, unchanged)) {
      kick();
      return row;
    }
  }
}

/** A phone that lost its place in its chain goes on where the server saw it last. */
const chainTold = () => {
  const { seq, sha } = app.pack.chain || { seq: 0, sha: null };
  return { dev: app.device.id, seq, prev: sha };
};

/** Text that may be sealed, or undefined where nothing was written. */
export const noteOf = (text) => clean(text || '') || undefined;

/** Bytes, salt, commitment and signature of a body. */
async function lock(body) {
  const salt = randomBytes(32);
  const c = commitment(salt, body);
  return { body, salt: b64u(salt), sig: await sign(c), sha: b64u(sha256(utf8(body))) };
}

async function sign(c) {
  const held = await read('kv', 'key');
  if (!held || held.device !== app.device.id || !crypto.subtle) return null;
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  return b64u(new Uint8Array(await crypto.subtle.sign(how, held.pair.privateKey, c)));
}

/** What the screens show of a record without opening its body. */
const summary = (kind, about, content) => ({
  id: about.id,
  kind,
  state: 'waiting',
  sealed_ms: Date.now(),
  result: content.result || 'reported',
  person: about.who.person,
  shift: shiftKey(about.shift),
  station: about.station ? about.station.code : null,
  job: about.job || null,
  blobs: content.blobs,
});

function use(told) {
  const pack = app.stand ? { ...told, ...app.stand.is } : told;
  app.pack = pack;
  app.me = pack.person;
  app.device = pack.device;
  if (pack.site) setZone(pack.site.zone);
  if (pack.server_ms) app.offsetMs = pack.server_ms - (pack.got_ms || Date.now());
}
