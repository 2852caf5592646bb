// The service worker of the worker app: its shell without a signal, and nothing else (pwa brief
// §1.4). No /api, no other page, no record ever passes through it. VERSION, KEPT and REST, what is
// kept when there is time, stand above.

const SHELL = `shell-${VERSION}`;
const PATIENCE_MS = 4_000;

addEventListener('install', (event) => event.waitUntil(fill()));
addEventListener('activate', (event) => event.waitUntil(clear().then(() => clients.claim())));
// A page that was on its way when this worker came is under none: it is taken in a little later.
addEventListener('message', (event) => {
  if (event.data === 'take over') skipWaiting();
  else event.waitUntil(clients.claim().then(fillRest));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && isPage(url)) event.respondWith(page(request));
  else if (url.search.startsWith('?v=')) event.respondWith(kept(request));
});

/** All of it or nothing: what fails here leaves the version before in its place. */
async function fill() {
  const cache = await caches.open(SHELL);
  try {
    await Promise.all(KEPT.map((url) => take(cache, url)));
  } catch (error) {
    await caches.delete(SHELL);
    throw error;
  }
}

/** Scanner and second script, one after the other; what fails is tried again with the next visit. */
async function fillRest() {
  if (!(await caches.has(SHELL))) return; // switched off meanwhile
  const cache = await caches.open(SHELL);
  for (const url of REST) {
    if (!(await cache.match(url))) await take(cache, url).catch(() => {});
  }
}

async function take(cache, url) {
  // What carries a hash in its address is the same wherever it comes from.
  const response = await fetch(url, { cache: url.includes('?v=') ? 'default' : 'reload' });
  // A proxy's page in the place of a script is none of ours: only the shell is a page.
  const fits = /html/.test(response.headers.get('Content-Type')) === (url === KEPT[0]);
  if (!response.ok || response.redirected || !fits) throw new Error(`${url}: ${response.status}`);
  await cache.put(url, response);
}

/** This version and the one before stay: a page of that one may still be open. */
async function clear() {
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL);
  await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
}

// The self-check looks at what is there now: it is the server's page or none.
const isPage = ({ pathname }) => /^\/W\/(?!selfcheck)[^.]*$/.test(pathname);

/** The server's page; where none comes in time, or only a fault, the shell. */
async function page(request) {
  const shell = await caches.match(KEPT[0], { cacheName: SHELL });
  if (!shell) return fetch(request);
  try {
    const answered = await Promise.race([fetch(request), late()]);
    return answered && answered.status < 500 ? answered : shell;
  } catch {
    return shell;
  }
}

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

/** What carries a hash, of this version or the one before: the same bytes wherever they lie. */
async function kept(request) {
  return (await caches.match(request)) || fetch(request);
}
