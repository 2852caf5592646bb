// The worker app: what of it a page needs, and the wires between its rooms.

import { followDone } from './done.js';
import { startHome } from './home.js';
import { startOutbox } from './link.js';
import { app, load } from './plant.js';
import { startTrouble } from './report.js';
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
  setLanguage(document.documentElement.lang);
  app.version = version;
  await openVault();
  startSigns();
  followDone();
  document.addEventListener('show-sync', () => showSync(again));
  (VIEWS[view] || (() => {}))();
  await prune(Date.now());
  startOutbox();
  watchIdle(again);
  if (view !== 'enrol' && view !== 'lost') await load();
}

start();
