// The station page, drawn by the server: this says what the action does now, for whoever is here.

import {
  el, icon, keepPage, note, renew,
} from './dom.js';
import { fillIn } from './lazy.js';
import { app, isOpen, plantNow, shiftAt } from './plant.js';
import { showHazard } from './report.js';
import { asked, begun, startRound } from './round.js';
import { syncSign } from './sync.js';
import { askEnrol, showPin, whoIsOn } from './who.js';
import { clock, named, t } from './words.js';

const PATIENCE_MS = 5_000;

let front = null;

/** Take over the station page. */
export function startStation() {
  const [body, main] = [document.body, document.querySelector('main')];
  front = { show: keepPage(), start: body.querySelector('[data-start]'), told: el('div', { class: 'w-told' }),
    door: el('div', {}) };
  body.querySelector('body > header').append(syncSign(true));
  main.prepend(front.door, front.told);
  if (/MicroMessenger/.test(navigator.userAgent)) fillIn(front.door, (rest) => rest.doorNote());
  front.report = el('button', { class: 'btn w-report', click: report }, icon('i-bang'), t('reportHere'));
  main.append(el('p', { class: 'w-foot' }, front.report));
  document.addEventListener('pack', update);
  if (front.start) front.start.addEventListener('click', press);
  update();
}

/** Show the station again, as it was left. */
export function showStation() {
  front.show();
  update();
}

async function report() {
  await firstPack();
  if (app.pack && !app.refusal) showHazard(showStation, here().station);
  else enrolHere();
}

const here = () => {
  const { station, mac, job } = document.body.dataset;
  const known = app.pack && app.pack.stations[station];
  return { known, station: { code: station, mac: mac || null }, job: app.pack && app.pack.jobs[job] };
};

/** What the action would do now: `say` is its label, `sub` why not, `go` what it does. */
async function plan() {
  const { known, station, job } = here();
  if (app.refusal) return { say: t('enrolFirst'), go: enrolHere };
  if (!app.pack) return { say: t('startPlain'), go: null };
  if (!app.me) return { say: t('whoFirst'), go: askPin };
  if (!known || !job || !app.pack.commitment) return { say: t('noChecklist'), no: t('noChecklistHow') };
  const shift = shiftAt(station.code);
  if (!shift) return { say: t('noShift'), no: t('noShiftHow') };
  if (plantNow() < shift.opens_ms) return { say: t('notOpen'), no: t('opensAt', { at: clock(shift.opens_ms) }) };
  if (!isOpen(shift)) return { say: t('isClosed'), no: t('isClosedHow') };
  return ready(shift, station, job);
}

async function ready(shift, station, job) {
  const draft = await begun(shift, station.code, job.code);
  const { commit, steps, done } = await asked(shift, station.code, job);
  const go = () => startRound({ shift, station, job, leave: showStation });
  if (draft && draft.commit) return { say: t('goOnCommit'), go, shift };
  if (draft && draft.run) return { say: t('goOnStep', { n: draft.run.at + 1, all: draft.run.doc.steps.length }), go, shift };
  if (commit && steps) return { say: t('startBoth', { n: steps }), go, shift };
  if (commit) return { say: t('startCommit'), go, shift };
  if (!steps) return { say: t('allDone'), no: t('allDoneHow'), shift };
  return { say: t(done ? 'runAgain' : 'startRun', { n: steps }), go, shift };
}

async function update() {
  const now = await plan();
  renew(front.told, whoIsOn(showStation), remarks(now));
  if (!front.start || !now.say) return;
  front.start.setAttribute('aria-disabled', String(Boolean(now.no)));
  renew(front.start, el('span', {}, now.say, now.no && el('span', { class: 'btn-sub' }, now.no)));
}

/** What differs from the roster, said before the work and without blame. */
function remarks({ shift }) {
  const { station, job } = here();
  const rows = shift ? shift.rows : [];
  if (app.offline) return [note('', 'i-phone', t('noSignal'), t('noSignalHow'))];
  if (!shift) return [];
  if (!rows.length) return [note('', 'i-doc', t('notListed'), t('notListedHow'))];
  if (rows.some((row) => row.station === station.code && row.job === job.code)) return [];
  const [row] = rows;
  const place = app.pack.stations[row.station];
  const what = app.pack.jobs[row.job];
  return place && what ? [note('', 'i-doc', t('postedElsewhere', { place: named(place), job: named(what) }),
    t('extraWelcome'))] : [];
}

/** Do what the action says. */
async function press(event) {
  event.preventDefault();
  await firstPack();
  const now = await plan();
  if (now.go) await now.go();
  else if (!now.no) location.href = front.start.href; // nothing known: the plain form
}

/** A phone that knows nothing yet waits for the first answer of the server, a little. */
const firstPack = () => app.pack || app.refusal || app.offline || new Promise((resolve) => {
  document.addEventListener('pack', resolve, { once: true });
  setTimeout(resolve, PATIENCE_MS);
});

const enrolHere = () => askEnrol({ back: showStation, then: showStation });
const askPin = () => showPin({ back: showStation, then: showStation });
