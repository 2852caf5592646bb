// Hold to confirm, 1.5 s with a ring, and the two-tap way for gloves, keyboards and shaking hands.

import { el, draw, isGuarded, say, shake } from './dom.js';
import { t } from './words.js';

const HOLD_MS = 1500;
const DRIFT_PX = 40;
const DOUBLE_MS = 300; // a double tap by mistake is one tap

/**
 * The button. `done(how)` is called once with `hold` or `taps`; `ready(false)` makes it say why not.
 * @returns {{button: HTMLElement, ready: function(string): void, taps: function(): void}}
 */
export function holdButton(label, done) {
  const sub = el('span', { class: 'btn-sub' }, t('holdLong'));
  const word = el('span', {}, label, sub);
  const button = el('button', { class: 'btn btn-act hold', 'data-state': 'idle' }, ring(), word);
  const state = { missing: '', tapping: false, armed: 0, from: null, timer: 0, thirds: 0 };
  const rest = (text) => {
    clearTimeout(state.timer);
    clearInterval(state.thirds);
    state.from = null;
    button.dataset.state = 'idle';
    delete button.dataset.third;
    sub.textContent = text || idle(state);
  };
  const finish = (how) => {
    if (button.dataset.state === 'done') return;
    rest();
    button.dataset.state = 'done';
    shake(30);
    done(how);
  };
  button.addEventListener('pointerdown', (event) => {
    if (state.missing || state.tapping || event.button !== 0) return;
    state.from = [event.clientX, event.clientY];
    button.setPointerCapture(event.pointerId);
    button.dataset.state = 'holding';
    sub.textContent = t('holding');
    state.timer = setTimeout(() => finish('hold'), HOLD_MS);
    state.thirds = setInterval(() => {
      button.dataset.third = Number(button.dataset.third || 0) + 1;
    }, HOLD_MS / 3);
  });
  button.addEventListener('pointermove', (event) => {
    if (!state.from) return;
    const drift = Math.hypot(event.clientX - state.from[0], event.clientY - state.from[1]);
    if (drift > DRIFT_PX) rest(t('holdAgain'));
  });
  ['pointerup', 'pointercancel', 'lostpointercapture'].forEach((name) => {
    button.addEventListener(name, () => state.from && rest(t('holdAgain')));
  });
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  // A click from a keyboard or a screen reader has no pointer to hold: two taps it is.
  button.addEventListener('click', (event) => {
    if (isGuarded()) return;
    if (state.missing) say(state.missing);
    else if (state.tapping || event.detail === 0) tap();
  });
  const tap = () => {
    if (state.armed) {
      if (performance.now() - state.armed > DOUBLE_MS) finish('taps');
      return;
    }
    state.armed = performance.now();
    state.tapping = true;
    sub.textContent = idle(state);
    say(idle(state));
  };
  return {
    button,
    ready(missing) {
      state.missing = missing;
      button.setAttribute('aria-disabled', String(Boolean(missing)));
      if (missing || !state.from) rest(); // a hold goes on where nothing is missing
    },
    taps() {
      state.tapping = true;
      state.armed = 0;
      word.firstChild.textContent = t('tapOnce');
      sub.textContent = idle(state);
      button.focus();
    },
  };
}

function idle(state) {
  if (state.missing) return state.missing;
  if (state.armed) return t('tapAgain');
  return state.tapping ? t('tapTwice') : t('holdLong');
}

const ring = () => draw(
  'svg',
  { class: 'hold-ring', viewBox: '0 0 56 56', 'aria-hidden': 'true' },
  draw('circle', { class: 'track', cx: 28, cy: 28, r: 24 }),
  draw('circle', { class: 'value', cx: 28, cy: 28, r: 24, pathLength: 100 }),
);
