// What this browser has, looked at here and now; sent to the company by a press, and not before.

const MB = 1024 * 1024;
const LEAST_BYTES = 50 * MB;
const VOICES_MS = 1_000;
const ORDINARY_PX = 16; // what browsers draw `1rem` in, unless their owner wants it larger
const MOST_AGENT = 300;

const CHECKS = {
  secure: () => isSecureContext,
  offline: async () => Boolean(navigator.serviceWorker
    && (await navigator.serviceWorker.getRegistration('/W/')) && (await caches.keys()).some((name) => name.startsWith('shell-'))),
  store: () => new Promise((resolve) => {
    const asked = indexedDB.open('selfcheck', 1);
    asked.onsuccess = () => {
      asked.result.close();
      indexedDB.deleteDatabase('selfcheck');
      resolve(true);
    };
    asked.onerror = () => resolve(false);
  }),
  lasting: () => navigator.storage.persisted(),
  space: async () => {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage > LEAST_BYTES;
  },
  keys: () => Boolean(crypto.subtle),
  camera: () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia),
  voice: () => new Promise((resolve) => {
    const chinese = () => speechSynthesis.getVoices().some((one) => one.lang.startsWith('zh'));
    if (chinese()) resolve(true);
    else setTimeout(() => resolve(chinese()), VOICES_MS); // they come late, if at all
  }),
};

/** What a check says; one that throws is a no. */
async function holds(check) {
  try {
    return Boolean(await CHECKS[check]());
  } catch {
    return false;
  }
}

async function look(row) {
  const { check, good, bad } = row.dataset;
  const yes = await holds(check);
  row.dataset.holds = yes;
  row.querySelector('[data-says]').textContent = yes ? good : bad;
  const sign = row.querySelector('[data-sign]');
  sign.textContent = yes ? '✓' : '–';
  sign.className = yes ? 'badge badge-ok' : 'badge';
  sign.hidden = false;
  return [check, yes];
}

const told = Object.fromEntries(await Promise.all([...document.querySelectorAll('[data-check]')].map(look)));
const tier = document.querySelector('[data-tier]');
const level = (told.store && (told.offline ? 'full' : 'online')) || 'plain';
tier.dataset.level = level;
tier.querySelector('[data-says]').textContent = tier.dataset[level];

/** What a press sends, field by field as the page names it. */
const found = {
  checks: told,
  tier: level,
  agent: navigator.userAgent.slice(0, MOST_AGENT),
  screen: `${screen.width}x${screen.height}@${Math.round(devicePixelRatio * 100) / 100}`,
  font: Math.round((parseFloat(getComputedStyle(document.documentElement).fontSize) / ORDINARY_PX) * 100),
};

/** Send it once; gives the sentence to show: the server's where it refuses. */
async function send(says) {
  try {
    const answer = await fetch('/api/v1/selfcheck', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'outbox' },
      body: JSON.stringify(found),
    });
    return answer.ok ? says.sent : (await answer.json()).detail;
  } catch {
    return says.failed;
  }
}

function offer(place) {
  const [button, says] = [place.querySelector('button'), place.querySelector('[data-told]')];
  place.querySelector('[data-agent]').textContent = found.agent;
  place.querySelector('[data-screen]').textContent = found.screen;
  place.querySelector('[data-font]').textContent = `${found.font}%`;
  button.addEventListener('click', async () => {
    button.disabled = true;
    says.textContent = await send(says.dataset);
    button.disabled = says.textContent === says.dataset.sent;
  });
  place.hidden = false;
}

offer(document.querySelector('[data-send]'));
