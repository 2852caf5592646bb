// The state of the upload: always on screen, in four states; the list behind it is uploads.js.

import {
  el, icon, renew, say,
} from './dom.js';
import { outbox } from './link.js';
import { clock, t } from './words.js';

/** A sign that keeps itself up to date; `small` leaves the words to the screen reader. */
export function syncSign(small = false) {
  const button = el('button', { class: 'sync', 'data-sync': small ? 'small' : 'full',
    click: () => document.dispatchEvent(new CustomEvent('show-sync')) });
  paint(button);
  return button;
}

/** The same as a mere sign, where a thumb may not go astray. */
export function syncMark() {
  const mark = el('span', { class: 'w-sign-sync', role: 'img', 'data-sync': 'mark' });
  paint(mark);
  return mark;
}

/** Keep every sign on the page up to date, and read a change out. */
export function startSigns() {
  let before = '';
  document.addEventListener('outbox', () => {
    document.querySelectorAll('[data-sync]').forEach(paint);
    const now = words().join(' ');
    if (before && now !== before && outbox.doing !== 'sending') say(now);
    before = now;
  });
}

function paint(button) {
  const [first, second] = words();
  const { sign, cls } = look();
  if (button.dataset.sync === 'mark') button.dataset.look = cls === 'sync-sent' ? 'sent' : '';
  else button.className = `sync ${cls}`;
  button.setAttribute('aria-label', `${first} ${second}`);
  const inside = button.dataset.sync !== 'full'
    ? [outbox.count + outbox.files ? el('span', {}, String(outbox.count + outbox.files)) : '']
    : [el('span', {}, first, second && el('br'), second)];
  renew(button, icon(sign), inside);
}

function look() {
  if (outbox.doing === 'stuck') return { sign: 'm-abn', cls: 'sync-act' };
  if (outbox.doing === 'sending') return { sign: 'i-cloud-up', cls: 'sync-up' };
  return outbox.count + outbox.files ? { sign: 'i-phone', cls: '' } : { sign: 'i-check', cls: 'sync-sent' };
}

function words() {
  if (outbox.doing === 'stuck') return [t('syncAct'), t('syncActHow')];
  if (outbox.doing === 'sending') return [t('syncUp'), t('syncLeft', { n: outbox.count + outbox.files })];
  if (outbox.count) return [t('syncHere', { n: outbox.count }), t('syncWaits')];
  if (outbox.files) return [t('syncFiles', { n: outbox.files }), t('syncWaits')];
  return outbox.sentMs ? [t('syncSent'), clock(outbox.sentMs)] : [t('syncNone'), ''];
}
