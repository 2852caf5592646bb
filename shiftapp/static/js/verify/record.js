// A worker's own proof on the page: which record stands where in the log, and what it says.

import { utf8 } from './bytes.js';
import { canonical, parseJson } from './entries.js';
import { make, put } from './show.js';
import { leafHash } from './tree.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Put a checked proof on the page; nothing of it leaves the browser. */
export function showRecord(root, words, report) {
  const place = root.querySelector('[data-record]');
  place.hidden = !report.holds;
  if (!report.holds) return;
  const isRecord = report.entry.k === 'rec';
  const code = receiptCode(leafHash(utf8(canonical(report.entry))));
  put(place, '[data-code]', isRecord ? words.say('record', { code }) : kindOf(words, report.entry));
  put(place, '[data-place]', words.say('place', { index: words.number(report.index) }));
  const body = report.body === null ? null : bodyOf(report.body);
  place.querySelector('[data-facts]').replaceChildren(
    ...facts(words, report.entry, body).map(([name, value]) => row(name, value)),
  );
  const none = place.querySelector('[data-nobody]');
  none.hidden = !isRecord || report.body !== null;
  none.textContent = words.say('no_body');
  place.querySelector('[data-raw]').hidden = report.body === null;
  put(place, '[data-body]', report.body ?? '');
}

/** 回执码 as a receipt shows it, XXXX-XXXX: the first 40 bits of the leaf hash. */
export function receiptCode(leaf) {
  const bits = [...leaf.subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const text = bits.match(/.{5}/g).map((five) => CROCKFORD[parseInt(five, 2)]).join('');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

function facts(words, entry, body) {
  const { say } = words;
  const found = entry.k === 'rec' ? [[say('what'), kindOf(words, entry)]] : [];
  if (entry.o) found.push([say('what'), say('offline_mark')]);
  if (!body) return found;
  const add = (name, value) => { if (value) found.push([say(name), value]); };
  const { shift, station, job, time, who } = body;
  add('shift', [shift?.date, shift?.code, shift?.crew].filter(isText).join(' '));
  add('station', text(station?.code));
  add('job', text(job));
  add('sealed', Number.isSafeInteger(time?.sealed_ms) ? words.at(Math.floor(time.sealed_ms / 1000)) : '');
  add('who', text(who?.person));
  add('steps', counted(say, 'steps_said', body.steps));
  add('answers', counted(say, 'answers_said', body.answers));
  return found;
}

function counted(say, key, list) {
  if (!Array.isArray(list) || list.length === 0) return '';
  const ok = list.filter((one) => one?.r === 'ok').length;
  return say(key, { n: list.length, ok, other: list.length - ok });
}

function kindOf({ say }, entry) {
  if (entry.k === 'rec') return say(entry.w);
  return say(entry.k === 'ann' ? 'announcement' : 'other_entry');
}

function bodyOf(said) {
  try {
    const found = parseJson(said);
    return found !== null && typeof found === 'object' ? found : null;
  } catch {
    return null;
  }
}

const isText = (value) => typeof value === 'string' && value !== '';
const text = (value) => (isText(value) ? value : '');

function row(name, value) {
  const made = make('tr');
  const head = make('th', '', name);
  head.scope = 'row';
  made.append(head, make('td', '', value));
  return made;
}
