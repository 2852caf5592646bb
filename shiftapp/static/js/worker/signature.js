// A signature drawn with a finger: kept as a path of whole steps, never as a picture (pwa brief §4).
// The path is the truth and is drawn from it, so a turn of the phone changes nothing.

import { draw, el, icon } from './dom.js';
import { b64u, sha256, utf8 } from './codes.js';
import { keep } from './vault.js';
import { t } from './words.js';

const NEAR_PX = 0.8; // what lies so near the straight line is left out (Ramer–Douglas–Peucker)
const LEAST_PX = 80;
const MOST_BYTES = 8 * 1024;

/**
 * The field; `change` gets the hash of what is drawn, or undefined when nothing is.
 * @param {string} who whose signature it is, for the screen reader
 */
export function signatureField(who, change) {
  const strokes = [];
  const line = draw('path');
  const picture = draw('svg', { role: 'img', 'aria-label': t('signatureOf', { who }) }, line);
  const pad = el('div', { class: 'w-sign' }, picture);
  const state = { since: 0, stroke: null };
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [Math.round(event.clientX - box.left), Math.round(event.clientY - box.top)];
  };
  const paint = () => line.setAttribute('d', pathOf(strokes));
  const end = () => {
    if (!state.stroke) return;
    state.stroke = null;
    strokes.push(thin(strokes.pop()));
    paint();
    change(kept(strokes, pad, Date.now() - state.since)); // at once: a hold may follow the last stroke
  };
  pad.addEventListener('pointerdown', (event) => {
    if (state.stroke || event.button !== 0) return;
    state.since = state.since || Date.now();
    pad.setPointerCapture(event.pointerId);
    state.stroke = [at(event)];
    strokes.push(state.stroke);
  });
  pad.addEventListener('pointermove', (event) => {
    if (!state.stroke) return;
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    state.stroke.push(...(all.length ? all : [event]).map(at));
    paint();
  });
  ['pointerup', 'pointercancel'].forEach((name) => pad.addEventListener(name, end));
  const clear = () => {
    strokes.length = 0;
    state.since = 0;
    paint();
    change(undefined);
  };
  return el('section', { class: 'w-q', 'aria-labelledby': 'signature' },
    el('div', { class: 'w-two' }, el('h2', { id: 'signature' }, t('signature')),
      el('button', { class: 'btn', click: clear }, icon('i-erase'), t('signAgain'))),
    pad, el('p', { class: 'w-label' }, t('signatureHow')));
}

/** The hash of what is drawn, which is being kept; undefined while it is a dot or a slip. */
function kept(strokes, pad, ms) {
  const long = strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);
  if (strokes.length < 2 && long < LEAST_PX) return undefined;
  const text = JSON.stringify({
    w: Math.max(1, pad.clientWidth), h: Math.max(1, pad.clientHeight), path: pathOf(strokes),
    duration_ms: Math.min(ms, 3_600_000), strokes: Math.min(strokes.length, 1000),
  });
  const bytes = utf8(text);
  if (bytes.length > MOST_BYTES) return undefined;
  const sha = b64u(sha256(bytes));
  keep('blobs', sha, { sha, bytes: bytes.buffer, at_ms: Date.now() }).catch(() => {});
  return sha;
}

/** `M` to where a stroke begins, `l` by whole steps from there. */
export function pathOf(strokes) {
  return strokes.map(([first, ...rest]) => {
    const steps = rest.map((point, n) => {
      const [x, y] = n ? rest[n - 1] : first;
      return `${point[0] - x} ${point[1] - y}`;
    });
    return `M${first.join(' ')}l${steps.length ? steps.join(' ') : '0 0'}`;
  }).join('');
}

/** A stroke without the points that lie near the line between others. */
export function thin(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points[points.length - 1]];
  let [far, at] = [0, 0];
  points.slice(1, -1).forEach((point, n) => {
    const away = distance(point, first, last);
    if (away > far) [far, at] = [away, n + 1];
  });
  if (far <= NEAR_PX) return [first, last];
  return [...thin(points.slice(0, at + 1)), ...thin(points.slice(at)).slice(1)];
}

function distance([x, y], [ax, ay], [bx, by]) {
  const long = Math.hypot(bx - ax, by - ay);
  if (!long) return Math.hypot(x - ax, y - ay);
  return Math.abs((by - ay) * x - (bx - ax) * y + bx * ay - by * ax) / long;
}

const lengthOf = (stroke) => stroke.reduce((sum, [x, y], n) => (
  n ? sum + Math.hypot(x - stroke[n - 1][0], y - stroke[n - 1][1]) : 0
), 0);
