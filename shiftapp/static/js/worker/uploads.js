// What waits on this phone and what was received, over whatever is on the screen; and what can be done.

import {
  action, bar, el, icon, keepPage, note, show,
} from './dom.js';
import { receiptCode } from './codes.js';
import { kick, outbox } from './link.js';
import { app } from './plant.js';
import { rescueWays } from './rescue.js';
import { syncSign } from './sync.js';
import { isForgetful, latest } from './vault.js';
import { clock, t } from './words.js';

const SHOWN = 100; // the newest; the sign above counts all

let leave = null;

/** Show the list; leaving it shows the screen before as it was. */
export function showUploads() {
  if (isShown()) return;
  const back = keepPage();
  leave = () => {
    leave = null;
    back();
    document.dispatchEvent(new CustomEvent('outbox')); // what changed meanwhile
  };
  showList();
}

document.addEventListener('outbox', () => isShown() && showList());

const isShown = () => document.querySelector('[data-list]');

async function showList() {
  const mine = leave;
  const all = await latest(SHOWN);
  if (leave !== mine) return; // left meanwhile
  show({
    title: t('uploads'),
    head: bar({ back: leave, backLabel: t('back'), heading: t('uploads'), right: syncSign() }),
    main: el('div', { 'data-list': true }, trouble(), all.length
      ? el('ul', { class: 'list' }, all.map(entry))
      : el('p', { class: 'empty' }, el('b', {}, t('nothingYet')), t('nothingYetHow')),
    rescueWays(showList)),
    tray: action(t('sendNow'), { click: kick }),
  });
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
