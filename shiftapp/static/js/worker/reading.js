// A step that is read off a gauge: the figure is the hero, our own keys below it, the limits drawn.
// Out of limit the stop message takes the place of the call, so that nothing moves under the thumb.

import { el, icon } from './dom.js';
import { gauge, isReading, judge, keypad, limits, typed } from './pad.js';
import { named, t } from './words.js';

/**
 * Main part and tray of a reading step; `state.text` is what is typed, `state.no` why 正常 is not
 * available ('' = it is).
 * @param {object} state of the player, with `step`
 * @param {{ok: HTMLElement, row: HTMLElement}} pair
 */
export function readingView(state, pair) {
  const { step } = state;
  const { unit } = step.reading;
  const out = el('output', { 'aria-label': named(step.reading, 'label') });
  const box = el('div', { class: 'reading', click: () => openPad(true) }, out,
    el('span', { class: 'unit' }, unit));
  const message = el('div', { class: 'w-said' });
  const scale = el('div', { class: 'w-scale' });
  const paint = () => {
    const known = isReading(state.text);
    const { side, by } = known ? judge(state.text, step.lo, step.hi) : { side: '', by: '' };
    out.textContent = state.text || '–';
    box.toggleAttribute('data-out', side !== '');
    message.replaceChildren(side ? outside(side, by, unit) : callLine(step));
    scale.replaceChildren(gauge(state.text, step.lo, step.hi, unit)
      || el('p', { class: 'w-limits-all' }, limits(step.lo, step.hi, unit)));
    state.no = known ? side && t('outNo') : t('typeFirst');
    pair.ok.setAttribute('aria-disabled', String(Boolean(state.no)));
  };
  const press = (key) => {
    state.text = typed(state.text, key);
    paint();
  };
  document.onkeydown = (event) => hardKey(event, press);
  paint();
  const line = dwellLine(step.dwell_ms || 0);
  const place = el('div', { class: 'w-proofs' });
  const below = el('button', { class: 'key key-done', click: () => openPad(false) }, t('good'));
  return {
    ...pair,
    line,
    place,
    cue: null,
    main: [
      el('section', { class: 'w-beat w-beat-s' }, icon('i-point'),
        el('h1', { class: `w-target w-two ${width(named(step, 'target')) > (step.veto ? 14 : 22) ? 'w-target-m' : ''}` },
          named(step, 'target'), step.veto && keyBadge())),
      message, minusBox(step, box, press), scale,
      el('p', { class: 'w-limits' }, limits(step.lo, step.hi, unit)), place,
    ],
    tray: [el('p', { class: 'w-dwell w-dwell-bare' }, line), keypad(press, { below }), pair.row],
  };
}

/** The line that fills while one points and calls. */
export const dwellLine = (ms) => el('progress', {
  max: Math.max(1, ms), value: 0, 'aria-label': t('dwell'),
});

/** ★ of a step that may not fail. */
export const keyBadge = () => el('span', { class: 'badge badge-key' }, icon('i-star'), t('keyStep'));

/** A sign key stands beside the figure where a reading may be below zero. */
function minusBox(step, box, press) {
  const negative = step.lo === null || step.lo === undefined || step.lo.startsWith('-');
  if (!negative) return box;
  return el('div', { class: 'w-minus' }, el('button', {
    class: 'btn', 'aria-label': t('minus'), click: () => press('±'),
  }, '±'), box);
}

const callLine = (step) => el('section', { class: 'w-beat w-beat-s' }, icon('i-call'),
  el('p', { class: `w-call w-call-s ${width(named(step, 'call')) > 20 ? 'w-call-m' : ''}` }, named(step, 'call')));

/** How wide words are, in half Chinese signs: long ones are set smaller, so that the keys stay. */
const width = (text) => [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0);

const outside = (side, by, unit) => el('section', { class: 'w-out', role: 'alert' }, icon('i-stop'),
  el('p', {}, el('b', {}, t(side === 'high' ? 'overBy' : 'underBy', { by, unit })),
    el('span', {}, t('lookAgain'))));

/** On a short screen the keys give way to the pair (ui.md §4). */
const openPad = (on) => document.body.classList.toggle('w-pad-open', on);

function hardKey(event, press) {
  if (/^[0-9.]$/.test(event.key)) press(event.key);
  if (event.key === '-') press('±');
  if (event.key === 'Backspace') press('erase');
}
