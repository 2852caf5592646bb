/**
 * The board's clock and its honesty: ticks between the polls of htmx, and says when data is old.
 *
 * htmx asks for the fragment every few seconds; this module reads the plant's time from each answer
 * (`Plant-Now-Ms`, also of a 204), moves the countdown by it, and takes the fill off the tiles when
 * nothing came for `STALE_MS`. It asks for nothing itself but at once when the page is seen again.
 * Small forms (`data-quick`) are sent in place, so that the board keeps its view and its scroll; when
 * the answer is not the redirect of a change that was made, the form is sent as any form is.
 */

const STALE_MS = 15_000; // ui.md §7.6
const TICK_MS = 1_000;

const badge = document.querySelector('#data-time');
const said = document.querySelector('#said');
const fragment = () => document.querySelector('[data-board]');

let offset = Number(fragment().dataset.nowMs) - performance.now(); // plant time − page time, ms
let heardAt = performance.now();
let shownRev = fragment().dataset.rev;
let stale = false;

const plantNow = () => performance.now() + offset;

/** HH:MM:SS at the site. */
function siteTime(ms) {
  const timeZone = fragment().dataset.zone;
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(ms);
}

/** MM:SS or H:MM:SS, as `span` in web/board.py writes it. */
function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function tick() {
  if (document.hidden) return;
  for (const figure of fragment().querySelectorAll('[data-until-ms], [data-since-ms]')) {
    const { untilMs, sinceMs } = figure.dataset;
    const left = Number(untilMs) - plantNow() + 999; // a started second counts until it is over
    figure.textContent = span(untilMs ? left : plantNow() - Number(sinceMs));
  }
  showAge();
}

function showAge() {
  const old = performance.now() - heardAt > STALE_MS;
  const words = old ? badge.dataset.stale : badge.dataset.fresh;
  badge.querySelector('span').textContent = words.replace('{t}', siteTime(heardAt + offset));
  if (old === stale) return;
  stale = old;
  badge.classList.toggle('badge-ok', !old);
  badge.classList.toggle('badge-warn', old);
  badge.querySelector('use').setAttribute('href', old ? '#i-offline' : '#m-done');
  document.querySelector('.b-page').toggleAttribute('data-stale', old);
  if (old) said.textContent = badge.dataset.staleSaid; // once, not every second
}

/** What a screen reader hears: the figures, once a revision. */
function announce() {
  const { rev, said: words } = fragment().dataset;
  if (rev === shownRev) return;
  shownRev = rev;
  if (said.textContent !== words) said.textContent = words;
}

document.addEventListener('htmx:before:request', (event) => {
  if (document.hidden) event.preventDefault(); // nobody looks: nothing is asked
});

document.addEventListener('htmx:after:request', (event) => {
  const response = event.detail.ctx.response;
  if (response.status !== 200 && response.status !== 204) return;
  offset = Number(response.headers.get('Plant-Now-Ms')) - performance.now();
  heardAt = performance.now();
  showAge();
});

document.addEventListener('htmx:after:swap', () => {
  tick();
  announce();
});

/** Send a small form in place; what it changed comes with the fragment. */
async function sendInPlace(form, button) {
  const url = button?.getAttribute('formaction') ?? form.getAttribute('action');
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
  if (answer === null) {
    said.textContent = badge.dataset.notSent;
    return;
  }
  if (answer.type !== 'opaqueredirect') {
    for (const [name, value] of body) form.append(hidden(name, value));
    form.action = url;
    form.submit(); // the page that says why
    return;
  }
  const side = document.querySelector('.b-side-scroll');
  const lost = () => document.activeElement === document.body && side.focus({ preventScroll: true });
  document.addEventListener('htmx:after:swap', lost, { once: true }); // the button may be gone
  fragment().dispatchEvent(new Event('refresh'));
}

function hidden(name, value) {
  return Object.assign(document.createElement('input'), { type: 'hidden', name, value });
}

document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-quick]')) return;
  event.preventDefault();
  sendInPlace(event.target, event.submitter);
});

const menu = document.querySelector('.b-menu');
document.addEventListener('click', (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});
menu.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu.open) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

const printing = document.querySelector('[data-print]');
printing.hidden = false;
printing.addEventListener('click', () => {
  menu.open = false;
  print();
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) fragment().dispatchEvent(new Event('refresh'));
});

setInterval(tick, TICK_MS);
tick();
