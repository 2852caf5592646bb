// The service worker switched off (SHIFTAPP_SERVICE_WORKER=off): it takes itself and the shells it
// kept away, and lets the open pages go on. Records wait in the page's own database: untouched.

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-'));
  await Promise.all(shells.map((name) => caches.delete(name)));
  await registration.unregister();
}
