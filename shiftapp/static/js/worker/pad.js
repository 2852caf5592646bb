// Figures: our own keys, readings as exact decimals, limits, and the gauge.

import { el, draw, icon } from './dom.js';
import { t } from './words.js';

const SCALE = 1_000_000n;
const READING = /^-?[0-9]{1,9}(\.[0-9]{1,6})?$/;

/**
 * Keys 1–9, then what `left` says, 0 and erase. `press` gets a digit, `left` or `erase`.
 * @param {Array<HTMLElement>} below further keys, e.g. 好
 */
export function keypad(press, { left = '.', below = [] } = {}) {
  const key = (sign) => el('button', { class: 'key', click: () => press(sign) }, sign);
  return el(
    'div',
    { class: 'pad', role: 'group', 'aria-label': t('keys') },
    ...'123456789'.split('').map(key),
    left ? key(left) : el('span', {}),
    key('0'),
    el('button', { class: 'key key-fn', 'aria-label': t('erase'), click: () => press('erase') },
      icon('i-erase', 'i i-32')),
    below,
  );
}

/** What is typed after one more key. */
export function typed(text, key) {
  if (key === 'erase') return text.slice(0, -1);
  if (key === '±') return text.startsWith('-') ? text.slice(1) : `-${text}`;
  if (key === '.') return text.includes('.') || !/[0-9]$/.test(text) ? text : `${text}.`;
  const [whole, part] = text.replace('-', '').split('.');
  if (part === undefined ? whole.length >= 9 : part.length >= 6) return text;
  return text === '0' || text === '-0' ? text.replace('0', key) : text + key;
}

/** Whether a text is a whole reading (formats.md §2). */
export const isReading = (text) => READING.test(text);

/**
 * Where a reading is against its limits, which are inclusive decimal texts or null.
 * @returns {{side: ''|'low'|'high', by: string}} `by` how far outside, as many decimals as typed
 */
export function judge(value, lo, hi) {
  const places = (value.split('.')[1] || '').length;
  if (lo !== null && lo !== undefined && exact(value) < exact(lo)) {
    return { side: 'low', by: plain(exact(lo) - exact(value), places) };
  }
  if (hi !== null && hi !== undefined && exact(value) > exact(hi)) {
    return { side: 'high', by: plain(exact(value) - exact(hi), places) };
  }
  return { side: '', by: '' };
}

/** The limits as a scale with a green band and a pointer; null where there is nothing to show. */
export function gauge(value, lo, hi, unit) {
  if (lo === null || lo === undefined || hi === null || hi === undefined) return null;
  const [low, high] = [Number(lo), Number(hi)];
  const room = (high - low || 1) * 0.7;
  const at = (n) => Math.round(Math.min(352, Math.max(6, 107 + ((n - low) / (high - low || 1)) * 125)));
  const known = isReading(value);
  const x = known ? at(Math.max(low - room, Math.min(high + room, Number(value)))) : 0;
  const out = known && judge(value, lo, hi).side !== '';
  const said = known ? t('gaugeNow', { lo, hi, unit, value }) : t('gauge', { lo, hi, unit });
  return draw(
    'svg',
    { class: 'gauge', viewBox: '0 0 358 46', role: 'img', 'aria-label': said },
    draw('path', { class: 'scale', d: 'M1 14h356' }),
    draw('path', { class: 'band', d: 'M107 14h125' }),
    draw('path', { class: 'tick', d: 'M1 8v12M107 4v20M232 4v20M357 8v12' }),
    known && draw('path', { class: out ? 'needle-out' : 'needle', d: `M${x} 12l-9-13h18z` }),
    draw('g', { class: 'g-t' },
      draw('text', { x: 107, y: 42, 'text-anchor': 'middle' }, t('lowLimit', { n: lo })),
      draw('text', { x: 232, y: 42, 'text-anchor': 'middle' }, t('highLimit', { n: hi }))),
  );
}

/** The limits in words. */
export function limits(lo, hi, unit) {
  const [low, high] = [lo !== null && lo !== undefined, hi !== null && hi !== undefined];
  if (low && high) return t('between', { lo, hi, unit });
  if (high) return t('atMost', { hi, unit });
  return low ? t('atLeast', { lo, unit }) : t('noLimits');
}

function exact(text) {
  const [whole, part = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole || 0) * SCALE + BigInt(part.padEnd(6, '0') || 0);
  return text.startsWith('-') ? -size : size;
}

function plain(size, places) {
  const part = String(size % SCALE).padStart(6, '0');
  const least = Math.max(places, part.replace(/0+$/, '').length);
  return least ? `${size / SCALE}.${part.slice(0, least)}` : String(size / SCALE);
}
