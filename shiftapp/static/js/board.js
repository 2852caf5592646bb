/**
 * The board's clock and its honesty: ticks between the polls of htmx, and says when data is old.
 *
 * htmx asks for the fragment every few seconds; this module reads the plant's time from each answer
 * (`Plant-Now-Ms`, also of a 204), moves the countdown by it, and takes the fill off the tiles when
 * nothing came for `STALE_MS`. It asks for nothing itself but at once when the page is seen again.
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

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) fragment().dispatchEvent(new Event('refresh'));
});

setInterval(tick, TICK_MS);
tick();
