// After sealing: where the record has got to, who answers what was reported, the receipt code.
// Nothing is claimed that has not happened: not received is said, and "sealed" waits for the log.

import {
  action, bar, el, icon, note, renew, show,
} from './dom.js';
import { receiptTime } from './codes.js';
import { fillIn } from './lazy.js';
import {
  app, plantNow, refresh, signOut,
} from './plant.js';
import { syncSign } from './sync.js';
import { clock, named, t } from './words.js';
import { read } from './vault.js';

const SAID = { commit: 'said_commit', hazard: 'said_hazard' };

let current = null;

/**
 * @param {object} about `shift`, `station`, `jobRow` as far as there are any
 * @param {Array<{id: string, kind: string, content: object}>} sealed
 */
export async function showDone(about, sealed) {
  const view = {
    about, sealed, body: el('div', {}), remarks: el('div', {}), code: el('div', {}), asked: false,
  };
  current = view;
  const place = app.pack && about.station && app.pack.stations[about.station.code];
  show({
    title: t('doneTitle'),
    head: bar({
      heading: [about.jobRow && named(about.jobRow), place && named(place)].filter(Boolean).join('·')
        || t('doneTitle'),
      label: [app.me && named(app.me), about.shift && named(about.shift)].filter(Boolean).join('·'),
      right: syncSign(true),
    }),
    main: view.body,
    tray: isShared() ? action(t('nextPerson'), { click: next }, { sign: icon('i-swap', 'i i-40') })
      : action(t(onlyGood(sealed) ? 'goOn' : 'goHome'), { click: goHome }),
  });
  await first(view);
}

const isShared = () => app.me && app.device.kind === 'shared';

const goHome = () => { location.href = '/W/'; };

/** At a shared phone the next one stands behind: the session ends, what is not sent stays. */
async function next() {
  await signOut();
  goHome();
}

const onlyGood = (sealed) => sealed.every(({ kind, content }) => kind !== 'hazard'
  && !['stopped', 'cannot'].includes(content.result));

/** Follow the records on their way while the screen is shown. */
export function followDone() {
  document.addEventListener('outbox', async () => {
    if (!current || !current.body.isConnected) return;
    const rows = await rowsOf(current);
    if (rows.every((row) => row.state === 'sent') && !current.asked) {
      current.asked = true;
      await refresh(); // brings who answers what was reported
    }
    fillDone(current, rows);
  });
}

const rowsOf = async (view) => Promise.all(view.sealed.map((one) => read('outbox', one.id)));

async function first(view) {
  fillDone(view, await rowsOf(view));
}

function fillDone(view, rows) {
  const sent = rows.every((row) => row && row.state === 'sent');
  const { body, sealed, remarks, code } = view; // the code stays: somebody may be copying it
  renew(body, headline(sealed[sealed.length - 1]), facts(rows, sent), remarks, answers(sealed, sent), code);
  if (!sent) return;
  fillIn(remarks, (rest) => rest.remarksPart(rows));
  fillIn(code, (rest) => rest.receiptPart(rows[rows.length - 1].receipt));
}

/** What was done, in one word and a figure. */
function headline({ kind, content }) {
  const bad = (content.steps || []).filter((one) => one.r === 'bad').length;
  const all = (content.steps || []).length;
  const short = content.result === 'stopped' || content.result === 'cannot';
  const big = t(short ? `done_${content.result}` : `done_${kind}`);
  const small = kind === 'run' ? t('stepsWere', { all, ok: all - bad, bad })
    : t(content.result === 'cannot' ? 'said_cannot' : SAID[kind]);
  const sign = short || kind === 'hazard' ? icon('m-abn', 'mark') : icon('m-done', 'mark mark-ok');
  return el('div', { class: 'w-done' }, sign,
    el('div', {}, el('h2', { 'data-heading': true }, big), el('p', {}, small)));
}

function facts(rows, sent) {
  const times = rows.filter(Boolean).map((row) => row.sealed_ms + app.offsetMs);
  const received = sent ? Math.max(...rows.map((row) => receiptTime(row.receipt))) : null;
  return el('ol', { class: 'w-line', 'aria-label': t('whereIsIt') },
    fact(true, t('onPhone'), clock(Math.max(...times, 0) || plantNow(), true)),
    sent ? fact(true, t('companyHas'), clock(received, true)) : fact(false, t('companyNot'), '', t('sendsItself')),
    fact(false, t('notSealed'), '', t('notSealedHow')));
}

const fact = (done, strong, time, text = '') => el('li', {},
  icon(done ? 'm-done' : 'm-none', `mark ${done ? 'mark-ok' : 'mark-none'}`),
  el('span', {}, el('b', {}, strong), text && el('br'), text), el('span', { class: 'num' }, time));

/** Who takes care of what was reported: named once somebody is. */
function answers(sealed, sent) {
  const reported = sealed.filter(({ kind, content }) => kind === 'hazard'
    || content.result === 'cannot' || content.result === 'stopped'
    || (content.steps || content.answers || []).some((one) => one.r !== 'ok'));
  if (!reported.length) return null;
  if (!sent) return note('warn', 'm-abn', t('reportWaits'), t('reportWaitsHow'));
  const past = (app.pack ? app.pack.history : []).filter((one) => reported.some((r) => r.id === one.id));
  const found = past.flatMap((one) => one.findings);
  if (!found.length) return note('warn', 'm-abn', t('leaderSees'), t('leaderSeesHow'));
  return note('warn', 'm-abn', t('leaderSees'), el('ul', {}, found.map((one) => el('li', {}, answerOf(one)))));
}

/** One line on who answers a finding, and by when. */
export function answerOf(found) {
  const what = found.what || t('replaceMe');
  if (found.assignee && found.due_ms) {
    return t('whoBy', { what, who: found.assignee, at: clock(found.due_ms) });
  }
  if (found.state === 'fixed' || found.state === 'accepted') return t('isFixed', { what });
  return t('waitsLeader', { what });
}
