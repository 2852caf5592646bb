// The state of the upload: always on screen, in four states, and the list behind it.

import { action, bar, el, icon, note, say, show } from './dom.js';
import { fillIn } from './lazy.js';
import { kick, outbox } from './link.js';
import { isForgetful, latest } from './vault.js';
import { app } from './plant.js';
import { receiptCode } from './codes.js';
import { clock, t } from './words.js';

const SHOWN = 100; // the newest; the sign above counts all

let leaveList = null;

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
    if (leaveList && document.querySelector('[data-list]')) showSync(leaveList);
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
  button.replaceChildren(icon(sign), ...inside);
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

/** What waits and what was received, and 立即上传. */
export async function showSync(leave) {
  leaveList = leave;
  const all = await latest(SHOWN);
  const ways = el('div', {});
  show({
    title: t('uploads'),
    head: bar({ back: leave, backLabel: t('back'), heading: t('uploads'), right: syncSign() }),
    main: el('div', { 'data-list': true }, trouble(), all.length
      ? el('ul', { class: 'list' }, all.map(entry))
      : el('p', { class: 'empty' }, el('b', {}, t('nothingYet')), t('nothingYetHow')),
    ways),
    tray: action(t('sendNow'), { click: kick }),
  });
  fillIn(ways, (rest) => rest.rescueWays(() => showSync(leave)));
}

function trouble() {
  if (outbox.doing === 'stuck' && outbox.code) {
    return note('warn', 'm-abn', t(`refused_${outbox.code}`), t('nothingLost'));
  }
  if (outbox.doing === 'stuck') return note('warn', 'm-abn', t('oneRefused'), t('nothingLost'));
  return isForgetful() && outbox.count ? note('warn', 'm-abn', t('forgetful'), t('forgetfulHow')) : null;
}

const entry = (one) => el('li', { class: 'row' },
  el('span', { class: 'row-main' }, el('b', {}, t(`kind_${one.kind}`)),
    el('small', {}, [clock(one.sealed_ms + app.offsetMs, true), receiptCode(one.receipt)].filter(Boolean).join(' '))),
  one.state === 'sent'
    ? el('span', { class: 'badge badge-ok' }, icon('m-done', 'mark'), t('received'))
    : el('span', { class: 'badge' }, icon('i-phone'), t('onPhone')));
