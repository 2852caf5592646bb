// The home screen: when, where, how much time; two doors of equal size; my own records as facts.

import {
  el, icon, keepPage, note, renew,
} from './dom.js';
import { receiptCode } from './codes.js';
import { answerOf } from './done.js';
import { app, myShifts, plantNow, shiftKey } from './plant.js';
import { syncSign } from './sync.js';
import { showPin, whoIsOn } from './who.js';
import { latest } from './vault.js';
import { clock, dayText, named, t } from './words.js';

const [SHOWN, LOOKED_AT] = [8, 50];
const EVERY_MS = 10_000;
// What the shift's state says to the worker; the others ask for what is still open.
const STATES = {
  ready: { sign: ['m-done', 'mark mark-ok'], text: 'state_ready' },
  stopped: { sign: ['m-abn', 'mark'], text: 'state_stopped' },
  abnormal: { sign: ['m-abn', 'mark'], text: 'state_abnormal' },
  cannot: { sign: ['m-abn', 'mark'], text: 'state_cannot' },
};

let main = null; // of this screen: another one has its own
let page = null;

/** Draw the home page over the server's, and keep its clock going. */
export function startHome() {
  main = document.querySelector('main');
  page = keepPage();
  document.addEventListener('pack', draw);
  document.addEventListener('outbox', draw);
  setInterval(tickCount, EVERY_MS);
  draw();
}

async function draw() {
  if (!app.pack || app.refusal) {
    putSign();
    if (app.refusal) refused();
    return;
  }
  const [mine] = myShifts();
  const local = (await latest(LOOKED_AT)).filter((one) => one.state !== 'sent' && one.person === (app.me || {}).id);
  if (!main.isConnected) return; // somebody went on
  renew(
    main,
    whoIsOn(askPin),
    app.me ? shiftPart(mine) : nobody(),
    records(local),
    main.querySelector('[data-foot]'),
  );
  head();
}

function head() {
  const { enterprise } = app.pack;
  const [me, demo] = [app.me, enterprise.demo];
  const crew = me && me.crew ? named(me.crew) : '';
  const bar = document.querySelector('body > header');
  renew(
    bar,
    el('div', { class: 'w-name' }, el('span', { class: 'w-label' }, named(enterprise)),
      el('div', { class: 'w-where' }, me ? [named(me), crew].filter(Boolean).join('·') : t('nobody'),
        demo && el('span', { class: 'w-label' }, ` ${t('demo')}`))),
    syncSign(),
  );
}

function putSign() {
  const place = document.querySelector('.w-sync');
  if (place && !place.firstChild) place.append(syncSign());
}

function refused() {
  if (app.refusal === 'device_unknown' || main.querySelector('[data-refused]')) return; // the page says it
  main.prepend(el('div', { 'data-refused': true }, note('warn', 'm-abn', t(`refused_${app.refusal}`),
    t('nothingLost')), el('p', { class: 'w-foot' }, el('a', { class: 'btn', href: '/enrol' }, t('enrolCode')))));
}

function shiftPart(shift) {
  if (!shift) {
    return [el('h1', { class: 'w-label' }, t('today')),
      el('p', { class: 'empty' }, el('b', {}, t('noShift')), t('noShiftHow'))];
  }
  const times = `${clock(shift.starts_ms)}–${clock(shift.ends_ms)}`;
  return [
    el('section', { class: 'w-shift', 'aria-labelledby': 'shift' },
      el('h1', { class: 'w-label', id: 'shift' }, `${dayText(shift.date)}·${named(shift)} ${times}`),
      count(shift)),
    shift.rows.length ? shift.rows.map((row) => post(shift, row))
      : el('p', { class: 'empty' }, el('b', {}, t('notListed')), t('notListedHow')),
  ].flat();
}

function count(shift) {
  const [big, small] = countWords(shift);
  return el('p', { class: 'w-count', 'data-starts': shift.starts_ms, 'data-opens': shift.opens_ms },
    big, ' ', el('small', {}, small));
}

/** Time left until due; after that it still counts, and the words say so. */
function countWords(shift) {
  const now = plantNow();
  if (now < shift.opens_ms) return [t('opensAt', { at: clock(shift.opens_ms) }), t('comeThen')];
  const left = Math.ceil((shift.starts_ms - now) / 60_000);
  if (left > 0) return [t('minutesLeft', { n: left }), t('doneBy', { at: clock(shift.starts_ms) })];
  return [t('onShift', { n: Math.floor((now - shift.starts_ms) / 60_000) }), t('stillCounts')];
}

function tickCount() {
  const place = document.querySelector('.w-count[data-starts]');
  if (!place) return;
  const [big, small] = countWords({
    starts_ms: Number(place.dataset.starts), opens_ms: Number(place.dataset.opens),
  });
  place.firstChild.textContent = big;
  place.querySelector('small').textContent = small;
}

function post(shift, row) {
  const [station, job] = [app.pack.stations[row.station], app.pack.jobs[row.job]];
  if (!station || !job) return null;
  const steps = row.run_required && job.checklist ? job.checklist.doc.steps.length : 0;
  const state = STATES[shift.state];
  const minutes = Math.max(1, Math.round((steps * 12 + 60) / 60));
  return el('section', { class: 'plate w-job' },
    el('div', { class: 'w-two' }, el('span', { class: 'w-label' }, t('myPost')),
      el('span', { class: 'risk' }, icon(`risk-${station.risk.toLowerCase()}`, 'risk-shape'),
        t(`risk_${station.risk}`))),
    el('h2', {}, `${named(station)} ${named(job)}`),
    state ? el('p', { class: 'w-today' }, icon(...state.sign), el('span', {}, t(state.text)))
      : el('p', {}, steps ? t('postAsks', { n: steps, m: minutes }) : t('postAsksOne')),
    shift.handover.filter((one) => one.station === row.station).slice(0, 2).map((one) => el('p',
      { class: 'w-today' }, icon('i-flag'), el('span', {}, t('differs', { what: one.what })))));
}

const nobody = () => [el('h1', { class: 'w-label' }, t('today')),
  el('p', { class: 'empty' }, el('b', {}, t('sayWho')), t('sayWhoHow')),
  el('p', { class: 'w-foot' }, el('button', { class: 'btn', click: askPin }, icon('i-person'), t('whoAreYou')))];

const askPin = () => showPin({ back: showAgain, then: showAgain });

/** This screen as it was left; a sign-in without a signal only lives in this page. */
function showAgain() {
  page();
  draw();
}

function records(local) {
  if (!app.me) return [];
  const past = app.pack.history.filter((one) => !local.some((row) => row.id === one.id));
  const rows = [...local.slice(0, SHOWN).map(waitingRow), ...past.slice(0, SHOWN).map(pastRow)];
  if (!rows.length) return [];
  return [el('h2', { class: 'w-h' }, t('myRecords')), el('ul', { class: 'list' }, rows)];
}

const waitingRow = (one) => line(
  `${t('todayAt', { at: clock(one.sealed_ms + app.offsetMs) })}`,
  t(`kind_${one.kind}`),
  el('span', { class: 'badge' }, icon('i-phone'), t('onPhoneShort')),
);

function pastRow(one) {
  const found = one.findings.find((f) => f.what) || one.findings[0];
  const job = app.pack.jobs[one.job];
  const what = found ? t('iReported', { what: found.what || t('replaceMe') })
    : [t(`kind_${one.kind}`), job && named(job)].filter(Boolean).join('·');
  const open = found && found.state !== 'fixed' && found.state !== 'accepted';
  const badge = open ? el('span', { class: 'badge' }, icon('i-clock'), t('waits'))
    : el('span', { class: 'badge badge-ok' }, icon('m-done', 'mark'), t(found ? 'fixed' : 'received'));
  const more = open && found.assignee ? answerOf(found) : t('codeIs', { code: one.code });
  const when = one.date ? dayText(one.date) : clock(one.recv_ms);
  return line(`${when} ${clock(one.recv_ms)}`, what, badge, more);
}

const line = (big, small, badge, more = '') => el('li', { class: 'row' },
  el('span', { class: 'row-main' }, el('b', {}, big), el('small', {}, small),
    more && el('small', {}, more)), badge);
