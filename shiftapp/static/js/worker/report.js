// The other door: not today, or something is wrong. As good an answer as any, and as large.

import {
  action, bar, el, icon, isGuarded, keepPage, note, renew, show,
} from './dom.js';
import { uuid } from './codes.js';
import { showDone } from './done.js';
import { fillIn } from './lazy.js';
import { app, myself, myShifts, noteOf, seal } from './plant.js';
import { saveFailed } from './round.js';
import { syncSign } from './sync.js';
import { askEnrol, showPin } from './who.js';
import { named, t } from './words.js';

let front = null;

/** Take over the page of the other door. */
export function startTrouble() {
  front = { show: keepPage(), doors: el('div', { class: 'w-doors' }) };
  document.querySelector('body > header').append(syncSign(true));
  document.querySelector('main').append(front.doors);
  document.addEventListener('pack', update);
  update();
}

function showTrouble() {
  front.show();
  update();
}

function update() {
  if (app.refusal) {
    const go = () => askEnrol({ back: showTrouble, then: showTrouble });
    renew(front.doors, note('warn', 'm-abn', t(`refused_${app.refusal}`), t('callInstead')),
      action(t('enrolFirst'), { click: go }, { cls: 'btn-equal' }));
    return;
  }
  if (!app.pack) return;
  const lead = () => ({ cls: 'btn-equal btn-lead', sign: icon('m-abn', 'mark i-48') });
  renew(
    front.doors,
    app.me ? door(lead()) : action(t('notToday'), { click: askPin }, { ...lead(), sub: t('whoFirst') }),
    action(t('reportIt'), { click: () => showHazard(showTrouble) }, { ...lead(), sub: t('reportItHow') }),
  );
}

const askPin = () => showPin({ back: showTrouble, then: showTrouble });

// The shift of the press, not of the drawing: the door looks the same in the next one.
const shiftNow = () => app.me && myShifts().find((one) => one.rows.length);

function door(lead) {
  if (!shiftNow()) {
    return action(t('notToday'), { 'aria-disabled': 'true' }, { ...lead, sub: t('noShiftCall') });
  }
  return action(t('notToday'), { click: pressUnfit }, { ...lead, sub: t('noReason') });
}

function pressUnfit() {
  const shift = shiftNow();
  if (shift) confirmUnfit(shift);
  else update();
}

/** Not today: one more press, nobody asks why. */
function confirmUnfit(shift) {
  const id = uuid();
  show({
    title: t('notToday'),
    head: bar({ back: showTrouble, backLabel: t('back'), heading: t('notToday'), right: syncSign(true) }),
    main: [note('must', 'i-shield', t('unfitGood'), t('unfitHow'))],
    tray: action(t('tellLeader'), { click: () => isGuarded() || sealUnfit(shift, id) },
      { sub: t('noReason'), sign: icon('m-abn', 'mark i-48'), cls: 'btn-must btn-lead' }),
  });
}

async function sealUnfit(shift, id) {
  const [row] = shift.rows;
  const { no, sha, doc } = app.pack.commitment;
  const fit = doc.items.find((item) => item.type === 'fit');
  const answer = fit.options.find((one) => one.r === 'unfit');
  const content = {
    text: { no, sha }, result: 'cannot', sign: null, answers: [{ i: fit.id, r: 'unfit', a: [answer.id] }],
  };
  const about = {
    id, who: myself(), shift, station: { code: row.station, mac: null }, job: row.job,
    started_ms: Date.now(),
  };
  try {
    await seal('commit', about, content);
  } catch {
    return saveFailed(() => sealUnfit(shift, id));
  }
  return showDone({ ...about, jobRow: app.pack.jobs[row.job] }, [{ id: about.id, kind: 'commit', content }]);
}

/** Somebody's own report, with the name or without. */
export function showHazard(back, station = null) {
  const started = Date.now();
  const area = el('textarea', { id: 'what', rows: 5, maxlength: 500, 'aria-describedby': 'what-help' });
  const anonymous = el('input', { type: 'checkbox', id: 'anonymous' });
  anonymous.checked = !app.me;
  anonymous.disabled = !app.me;
  const help = el('span', { id: 'what-help', class: 'help' }, t('whatHelp'));
  const [photo, id] = [el('div', {}), uuid()];
  let blob;
  const send = async () => {
    const what = noteOf(area.value);
    if (isGuarded()) return;
    if (!what) {
      help.textContent = t('whatFirst');
      help.className = 'bad';
      area.focus();
      return;
    }
    const sha = await blob; // a photo that is still being made small
    await sealHazard({ what, of: null, blobs: sha ? [sha] : [] }, { id, anonymous: anonymous.checked, station, started });
  };
  show({
    title: t('reportIt'),
    head: bar({ back, backLabel: t('back'), heading: t('reportIt'), right: syncSign(true) }),
    main: [
      station && note('', 'i-flag', t('atPlace', { place: named(app.pack.stations[station.code]) })),
      el('p', { class: 'field w-own' }, el('label', { for: 'what' }, t('whatIsIt')), area, help),
      photo,
      el('label', { class: 'tick w-tick' }, anonymous, el('span', {}, t('anonymous'))),
      el('p', { class: 'w-foot' }, t('anonymousHow')),
    ],
    tray: action(t('sendReport'), { click: send },
      { sub: t('noBlame'), sign: icon('m-abn', 'mark i-48'), cls: 'btn-must btn-lead' }),
  });
  fillIn(photo, (rest) => rest.faultPhoto((sha) => { blob = sha; }));
}

async function sealHazard(content, how) {
  const { id, anonymous, station, started } = how;
  const shift = anonymous || !app.me ? null : app.pack.shifts.find((one) => one.mine) || null;
  const about = {
    id, who: anonymous ? { person: null, ev: { k: 'none' } } : myself(), shift, station,
    job: null, started_ms: started,
  };
  try {
    await seal('hazard', about, content);
  } catch {
    return saveFailed(() => sealHazard(content, how));
  }
  return showDone(about, [{ id: about.id, kind: 'hazard', content }]);
}
