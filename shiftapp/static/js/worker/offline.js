// The offline start: the service worker is put in place once the page stands, and a new version takes
// over only when somebody says so, on the home screen, with no round begun (pwa brief §1.4).

import { ours, withMore } from './lazy.js';

const HOUR_MS = 3_600_000;
const SETTLED_MS = 1_000; // one that takes over by itself has done so

let asked = 0;

/** Register the service worker where there is one; never an error, the page works without. */
export async function startOffline(lang) {
  if (!navigator.serviceWorker) return;
  try {
    const held = await navigator.serviceWorker.register(ours(`/W/sw.${lang}.js`), {
      scope: '/W/', updateViaCache: 'none',
    });
    held.addEventListener('updatefound', () => held.installing.addEventListener(
      'statechange',
      () => setTimeout(offer, SETTLED_MS, held),
    ));
    document.addEventListener('visibilitychange', () => document.hidden || look(held));
    await offer(held);
  } catch { /* no service worker here: the page goes on without */ }
}

function look(held) {
  if (Date.now() - asked < HOUR_MS) return;
  asked = Date.now();
  held.update().catch(() => {});
}

/** A new version stands ready beside the one at work. */
const offer = (held) => held.waiting && navigator.serviceWorker.controller
  && withMore((rest) => rest.offerVersion(held));
