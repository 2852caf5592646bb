// Puts a report on the page. Text only ever as text: what a log says is somebody else's.

import { hex } from './bytes.js';
import { keyId } from './note.js';
import { drawPeople, drawSquare, MARKS } from './squares.js';

// By which finding another number was announced than was counted.
const TOLD = {
  n: ['n_shrunk', 'n_inflated'],
  on: ['leaves_counted', 'withdrawn_counted', 'foreign_counted', 'on_inflated', 'on_deflated'],
  late: ['late_differs'],
  off: ['off_differs'],
};

/** The large word at the top, with its sign and its sentence. */
export function showVerdict(root, words, kind, word, why) {
  const section = root.querySelector('[data-verdict]');
  const sign = kind === 'self' ? 'good' : kind;
  section.hidden = false;
  section.dataset.verdict = kind;
  section.querySelectorAll('[data-sign]').forEach((one) => {
    one.toggleAttribute('hidden', one.dataset.sign !== sign);
  });
  put(section, '[data-word]', words.say(word));
  put(section, '[data-why]', why);
}

/** How far it is. */
export function showProgress(root, done, of) {
  const bar = root.querySelector('[data-progress]');
  bar.hidden = done >= of;
  bar.max = of;
  bar.value = done;
}

/** Every finding with its sentence, those that fail the announcement first. */
export function showFindings(root, words, report) {
  const sorted = [...report.findings].sort((a, b) => words.fails(b) - words.fails(a));
  root.querySelector('[data-findings]').hidden = sorted.length === 0;
  root.querySelector('[data-list]').replaceChildren(...sorted.map((finding) => {
    const item = make('li', words.fails(finding) ? 'v-fail' : 'v-note');
    if (finding.part !== null && report.parts?.[finding.part]) {
      const name = nameOf(words, report.parts[finding.part], finding.part);
      item.append(make('b', '', words.say('of_part', { part: name })));
    }
    item.append(words.verdict(finding));
    return item;
  }));
}

/** Each shift: its squares, announced beside counted, and when what was seen by whom. */
export function showParts(root, words, report, saw) {
  const template = root.querySelector('template[data-part]');
  root.querySelector('[data-parts]').replaceChildren(...report.parts.map((part, n) => {
    const made = template.content.cloneNode(true);
    put(made, '[data-title]', nameOf(words, part, n));
    showFigures(made, words, part, report.findings.filter((one) => one.part === n), n);
    showTimes(made, words, part, saw(part));
    return made;
  }));
}

function showFigures(made, words, part, findings, n) {
  made.querySelectorAll('[data-square]').forEach((svg) => drawSquare(svg, svg.dataset.square));
  if (part.n === null) {
    made.querySelector('[data-figures]').remove();
    made.querySelector('[data-why]').hidden = false;
    put(made, '[data-why]', words.say('not_counted'));
    return;
  }
  put(made, '[data-on]', words.number(part.on));
  put(made, '[data-of]', words.say('people', { n: words.number(part.n) }));
  const dots = made.querySelector('[data-dots]');
  drawPeople(dots, part, n);
  dots.setAttribute('aria-label', words.say('drawn', part));
  const told = announced(part, findings);
  for (const mark of ['n', ...MARKS]) {
    const cell = made.querySelector(`[data-told="${mark}"]`);
    cell.textContent = words.number(told[mark]);
    cell.classList.toggle('v-other', told[mark] !== part[mark]);
    put(made, `[data-counted="${mark}"]`, words.number(part[mark]));
  }
}

/** What was announced: what was counted, but where a finding says another number. */
function announced(part, findings) {
  const of = (field) => (
    findings.find(({ code }) => TOLD[field].includes(code))?.announced ?? part[field]);
  const told = { n: of('n'), on: of('on'), late: of('late'), off: of('off') };
  return { ...told, none: told.n - told.on - told.off - told.late };
}

function showTimes(made, words, part, { fixed, cut }) {
  const { say, at, number } = words;
  const by = (names) => (names.length ? say('by', { who: words.listed(names.map((one) => (
    one.own ? say('own', { who: one.name }) : one.name))) }) : '');
  put(made, '[data-fixed]', part.open_s === null ? say('never')
    : say('fixed', { at: at(part.open_s), open: number(part.open) }));
  put(made, '[data-fixedby]', by(fixed));
  put(made, '[data-start]', part.t0 === null ? '' : at(part.t0));
  put(made, '[data-cut]', part.a_s === null ? say('no_cut')
    : say('cut', { at: at(part.a_s), a: number(part.a) }));
  put(made, '[data-cutby]', by(cut));
  put(made, '[data-changed]', part.added || part.deleted
    ? say('changed', { added: part.added, deleted: part.deleted }) : say('unchanged'));
}

function nameOf(words, { group, shift, date }, n) {
  const said = [date, group, shift].filter(Boolean).join(' ');
  return said || words.say('unknown_shift', { n: n + 1 });
}

/** Who has seen the newest checkpoint, and by which keys that is checked. */
export function showLog(root, words, report, policy, memory) {
  const page = document;
  page.querySelector('[data-verified]').hidden = false;
  page.querySelector('[data-witnesses]').replaceChildren(...report.witnesses.map((one) => {
    const row = make('tr');
    const name = make('th', '', one.name);
    name.scope = 'row';
    const { key } = policy.witnesses.find((witness) => witness.name === one.name);
    name.append(make('small', '', words.say(one.own ? 'kind_own' : 'kind_other', { key: key.name })));
    row.append(name, make('td', '', one.seen_s === null ? words.say('not_seen') : words.at(one.seen_s)));
    return row;
  }));
  const { size } = report.log;
  const told = size !== null && report.announcement;
  put(page, '[data-size]', told ? words.say('entries', { n: words.number(size) }) : '');
  put(page, '[data-memory]', memory);
  const { index, date, version } = report.announcement ?? {};
  put(page, '[data-which]', date ? words.say('which', { index: words.number(index), date, version }) : '');
  const { name, raw, vkey } = policy.log;
  put(page, '[data-keyid]', hex(keyId(name, raw, 1)));
  put(page, '[data-vkey]', vkey);
  put(page, '[data-policy]', policy.text);
}

/** Both checkpoints that contradict each other, to be saved by the reader. */
export function offerEvidence(root, older, newer) {
  const place = root.querySelector('[data-evidence]');
  place.hidden = false;
  for (const [name, text] of [['[data-old]', older], ['[data-new]', newer]]) {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    place.querySelector(name).href = url;
  }
}

/** Put a text into the one element that a selector finds. */
export function put(root, selector, text) {
  root.querySelector(selector).textContent = text;
}

/** A new element with a class and a text. */
export function make(tag, name = '', text = '') {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}
