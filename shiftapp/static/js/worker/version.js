// A new version takes over when somebody says so: on the home screen, with no round begun.

import { el, icon } from './dom.js';
import { readAll } from './vault.js';
import { t } from './words.js';

const isOpenDraft = (draft) => draft.shift.closed_ms > Date.now();

/** Offer what stands ready; `held` is the registration of the service worker. */
export async function offerVersion(held) {
  if (document.body.dataset.view !== 'home' || (await readAll('drafts')).some(isOpenDraft)) return;
  if (document.querySelector('[data-update]')) return;
  const take = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    held.waiting.postMessage('take over');
  };
  document.querySelector('body > footer').prepend(el('p', { class: 'w-foot', 'data-update': true },
    el('button', { class: 'btn', click: take }, icon('i-down'), t('newVersion'))));
}
