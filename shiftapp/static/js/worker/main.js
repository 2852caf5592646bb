// The worker app: what of it a page needs, and the wires between its rooms.

import { followDone } from './done.js';
import { startHome } from './home.js';
import { startOutbox } from './link.js';
import { startOffline } from './offline.js';
import { app, recall, refresh } from './plant.js';
import { startTrouble } from './report.js';
import { drawShell } from './shell.js';
import { startStation } from './station.js';
import { showSync, startSigns, syncSign } from './sync.js';
import { openVault, prune } from './vault.js';
import { checkWhileTyping, takeEnrolPage, watchIdle } from './who.js';
import { setLanguage } from './words.js';

const VIEWS = {
  home: startHome,
  station: startStation,
  trouble: startTrouble,
  enrol: takeEnrolPage,
  go: () => checkWhileTyping(document.getElementById('code'), document.getElementById('code-help')),
};

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
  document.addEventListener('show-sync', () => showSync(again));
  await startOutbox();
  (VIEWS[view === 'shell' ? drawShell() : view] || (() => {}))();
  await prune(Date.now());
  watchIdle(again);
  if (!plain) await refresh();
  await startOffline(lang.slice(0, 2));
}

start();
