// Without a signal: the page that the address asks for, drawn from the templates of the shell and
// what the phone keeps. After that it is the same page that the server would have sent.

import { parseCode } from './codes.js';
import { app, shiftAt } from './plant.js';
import { named, t } from './words.js';

/** Draw the page of this address into the shell; gives its view. */
export function drawShell() {
  const [, , first = '', mac = ''] = location.pathname.split('/');
  const { code } = parseCode(asked('code') || '');
  if (first === 'go' && code) location.replace(`/W/${code}`);
  if (!first || first === 'mine') return put('home');
  if (first === 'go' || first === 'trouble') return put(first);
  return drawStation(parseCode(first).code, mac.toUpperCase());
}

function drawStation(code, mac) {
  const station = app.pack && app.pack.stations[code];
  if (!station || (mac && mac !== station.mac)) return put('lost');
  const jobs = station.jobs.map((one) => app.pack.jobs[one]).filter(Boolean);
  const job = jobHere(code, jobs);
  Object.assign(document.body.dataset, { station: code, mac, job: job ? job.code : '' });
  const place = {
    name: named(station),
    place: named(station, 'place') || named(station, 'area'),
    printed: `${code.slice(0, 4)}-${code.slice(4)}`,
  };
  if (!job) return put('idle', place);
  const { card } = job;
  return put('station', {
    ...place,
    risk: sign(station.risk),
    level: t(`risk_${station.risk}`),
    typed: !mac,
    several: jobs.length > 1,
    jobs: jobs.map((one) => ({ name: named(one), href: `?job=${one.code}`, now: one === job })),
    risks: card.risks.map((one) => ({
      risk: sign(one.level),
      said: `${one.level} ${t(`risk_${one.level}`)}`,
      hazard: named(one, 'hazard'),
      defence: named(one, 'defence'),
    })),
    consequence: named(card, 'consequence'),
    measures: named(card, 'measures'),
    emergency: named(card, 'emergency'),
  });
}

const asked = (name) => new URLSearchParams(location.search).get(name);

const sign = (level) => `#risk-${level.toLowerCase()}`;

/** The job asked for, else mine there today, else the first. */
function jobHere(code, jobs) {
  const shift = app.me && shiftAt(code);
  const mine = shift ? shift.rows.filter((row) => row.station === code).map((row) => row.job) : [];
  const wanted = [asked('job'), ...mine];
  return jobs.find((one) => wanted.includes(one.code)) || jobs[0];
}

/** Put the template of a view in the place of head, main part and tray, with values in it. */
function put(view, values = {}) {
  const page = document.getElementById(`page-${view}`).content.cloneNode(true);
  const phone = app.pack && app.pack.site && app.pack.site.phone;
  fill(page, { ...values, phone, tel: phone && `tel:${phone.replace(/ /g, '')}` });
  const heading = page.querySelector('h1');
  document.title = heading ? heading.textContent : '';
  ['header', 'main', 'footer'].forEach((tag) => {
    const [before, now] = [document.querySelector(`body > ${tag}`), page.querySelector(tag)];
    if (before) before.replaceWith(...(now ? [now] : []));
    else if (now) document.querySelector('body > main').after(now);
  });
  document.body.dataset.view = view;
  return view;
}

/** `data-if` stays where its value holds, `data-each` is there once a row, the others are set. */
function fill(root, values) {
  const seen = new Set();
  take(root, 'if', (one, key) => values[key] || one.remove());
  take(root, 'each', (one, key) => {
    const rows = seen.has(key) ? [] : values[key] || [];
    seen.add(key);
    one.replaceWith(...rows.map((row) => filled(one, row)));
  });
  take(root, 'fill', (one, key) => { one.textContent = values[key] || ''; });
  take(root, 'href', (one, key) => one.setAttribute('href', values[key] || ''));
  take(root, 'now', (one, key) => values[key] || one.removeAttribute('aria-current'));
  take(root, 'label', (one, key) => one.setAttribute('aria-label', values[key] || ''));
}

function filled(one, row) {
  const part = document.createDocumentFragment();
  part.append(one.cloneNode(true));
  fill(part, row);
  return part;
}

const take = (root, name, set) => root.querySelectorAll(`[data-${name}]`).forEach((one) => {
  const key = one.dataset[name];
  delete one.dataset[name];
  set(one, key);
});
