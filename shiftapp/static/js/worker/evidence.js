// What a step asks for besides an answer: a scan, a photo, a second person; and the call read aloud.
// A step can always be gone on with: whoever has no camera says so, and the record says "choice".

import { el, icon, isGuarded, note } from './dom.js';
import { showScan, stationIn } from './camera.js';
import { photoField } from './photo.js';
import { app } from './plant.js';
import { personOf, sealPin, tagOf } from './proof.js';
import { readAloud } from './voice.js';
import { showPin } from './who.js';
import { named, t } from './words.js';

const PLACES = { S: scanRow, P: photoRow, D: secondRow };

/**
 * Put into a step on the screen what it asks for.
 * @param {object} state of the player: `step`, `proof` by letter, `skipped`, `no`, `again()` shows it anew
 * @param {{place: HTMLElement, ok: HTMLElement, cue: HTMLElement|null}} view
 */
export function dressStep(state, { place, ok, cue }) {
  const { step } = state;
  const voice = cue && readAloud(named(step, 'call'));
  if (voice) cue.append(voice);
  const wanted = Object.keys(PLACES).filter((one) => [step.ev, ...(step.also || [])].includes(one));
  const asks = wanted.includes(step.ev);
  const paint = () => {
    const held = place.contains(document.activeElement);
    if (asks) {
      state.no = state.proof[step.ev] || state.skipped ? '' : t(`first_${step.ev}`);
      ok.setAttribute('aria-disabled', String(Boolean(state.no)));
    }
    place.replaceChildren(
      ...wanted.map((one) => PLACES[one](state, paint)),
      ...(asks && state.no ? [skip(state, paint)] : []),
    );
    if (held) ok.focus();
  };
  paint();
}

const skip = (state, paint) => el('button', { class: 'btn btn-bare', click: () => {
  if (isGuarded()) return;
  state.skipped = true;
  paint();
} }, t('cannotProve'));

const row = (sign, label, done, click) => el('div', { class: 'w-proof' },
  done && el('span', {}, icon('m-done', 'mark mark-ok'), done),
  el('button', { class: 'btn', click }, icon(sign), done ? t('doAgain') : label));

function scanRow(state) {
  const found = state.proof.S;
  const place = found && app.pack.stations[found.scan.code];
  const open = () => showScan({
    heading: t('scanTag'),
    hint: named(state.step, 'target'),
    back: state.again,
    take(text, leave) {
      const scan = stationIn(text);
      if (!scan || !scan.mac || !app.pack.stations[scan.code]) return t('notOurCode');
      state.proof.S = { scan };
      leave(state.again);
      return '';
    },
  });
  return row('i-scan', t('scanTag'), found && (place ? named(place) : found.scan.code), open);
}

function photoRow(state, paint) {
  const taken = state.proof.P;
  const change = async (given) => {
    const sha = await given;
    state.proof.P = sha && { blob: sha };
    if (sha && state.step.ev === 'P') paint(); // the pair waits for it
  };
  return taken ? row('i-camera', '', t('photoTaken'), () => {
    state.proof.P = undefined;
    paint();
  }) : photoField(t('takePhoto'), change);
}

function secondRow(state) {
  const { play, proof } = state;
  const check = async ({ no, pin }) => {
    const known = personOf(app.pack.people || [], no);
    const mine = play.draft.who.person;
    if ((known && known.person.id === mine) || (app.me && app.me.no.toUpperCase() === no.toUpperCase())) {
      return t('secondIsMe');
    }
    if (!crypto.subtle || !app.pack.pin) return t('secondNeeds');
    if (!/^[0-9]{6}$/.test(pin)) return t('secondPin');
    if (known && known.tag && await tagOf(pin, known.tag.salt) !== known.tag.t) return t('pinSlip');
    const who = known ? { person: known.person.id } : { person: null, no };
    const ev = await sealPin(pin, app.pack.pin, play.run.id);
    proof.D = { second: { ...who, ev } };
    state.secondName = known ? named(known.person) : no;
    return '';
  };
  const open = () => showPin({ heading: t('second'), back: state.again, then: state.again, check });
  return row('i-person', t('askSecond'), proof.D && (state.secondName || t('second')), open);
}

/** What stands beside a reported fault: a photo of it. */
export const faultPhoto = (change) => el('div', { class: 'w-fault-photo' }, photoField(t('takePhoto'), change),
  note('', 'i-eye', '', t('photoNoFace')));
