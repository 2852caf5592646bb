// The worker app: what of it a page needs, and the wires between its rooms.

import { followDone } from './done.js';
import { startHome } from './home.js';
import { withMore } from './lazy.js';
import { kick, startOutbox } from './link.js';
import { startOffline } from './offline.js';
import { app, recall, refresh } from './plant.js';
import { startTrouble } from './report.js';
import { drawShell } from './shell.js';
import { startStation } from './station.js';
import { startSigns } from './sync.js';
import { openVault } from './vault.js';
import { startGo, takeEnrolPage, watchIdle } from './who.js';
import { setLanguage } from './words.js';

const VIEWS = {
  home: startHome,
  station: startStation,
  trouble: startTrouble,
  enrol: takeEnrolPage,
  go: startGo,
};

// A first visit is left alone until somebody has had time to begin.
const [SOON_MS, FIRST_MS] = [2_000, 8_000];

const again = () => location.reload();

async function start() {
  const { view, version } = document.body.dataset;
  const lang = document.documentElement.lang;
  setLanguage(lang);
  app.version = version;
  await openVault();
  const plain = view === 'enrol' || view === 'lost';
  if (!plain) await recall();
  startSigns();
  followDone();
  document.addEventListener('show-sync', () => {
    kick(); // where the list is not on this phone yet, the press still sends
    withMore((rest) => rest.showUploads());
  });
  await startOutbox();
  (VIEWS[view === 'shell' ? drawShell() : view] || (() => {}))();
  watchIdle(again);
  if (!plain) await refresh();
  await startOffline(lang.slice(0, 2));
  const kept = navigator.serviceWorker && navigator.serviceWorker.controller;
  setTimeout(tidyUp, kept ? SOON_MS : FIRST_MS);
}

const tidyUp = () => withMore((rest) => rest.tidy(Date.now()));

start();
