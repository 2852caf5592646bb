// Step 9: what the announcement says in words of its own, compared with what it sealed.

import { FormError } from './bytes.js';
import { parseCanonical } from './entries.js';

const FIGURES = ['n', 'on', 'off', 'late', 'none'];
const PERIODS = ['weekly', 'monthly', 'quarterly', 'yearly'];
const NAMES = { site: 'site_name', group: 'group_name', shift: 'shift' }; // of a roster, of the text
const MOST_NAME = 40; // signs of a name in the log
const DAY = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/;
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isInteger = (value) => Number.isSafeInteger(value) && value >= 0;
const isCount = (value) => isObject(value)
  && FIGURES.every((name) => isInteger(value[name]));

/** The document; null: it does not read as one. */
export function readDocument(bytes) {
  let doc;
  try {
    doc = parseCanonical(bytes);
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
  return isDocument(doc) ? doc : null;
}

/** Compare the figures of a document with those that were announced; into the report. */
export function checkDocument(report, doc, parts) {
  const find = (code, part = null, numbers = {}) => report.findings.push({ code, part, ...numbers });
  if (doc === null) {
    find('doc_figures');
    return;
  }
  if (PERIODS.includes(doc.kind) && parts.length === 0) {
    find('period');
    return;
  }
  if (doc.kind !== 'daily') { // counted shifts would vouch for figures that nobody counted
    find('doc_figures');
    return;
  }
  const sealed = new Set(parts.map(({ s }) => s));
  parts.forEach((part, n) => {
    const shifts = doc.shifts.filter(({ s }) => s === part.s);
    const agrees = shifts.length === 1
      && ['n', 'on', 'off', 'late'].every((name) => shifts[0][name] === part[name])
      && shifts[0].none === part.n - part.on - part.off - part.late;
    if (!agrees) find('doc_figures', n);
    else if (report.parts[n].t0 !== null) compareRoster(report.parts[n], doc.date, shifts[0], (code) => find(code, n));
  });
  const notShown = doc.shifts.filter(({ s }) => s !== null && !sealed.has(s)).length;
  const notPublic = doc.shifts.filter(({ s }) => s === null).length;
  if (notShown) find('not_shown', null, { count: notShown });
  if (notPublic) find('not_public', null, { count: notPublic });
  if (doc.small.count !== null) find('small', null, { n: doc.small.count.n, on: doc.small.count.on });
  if (!totalFits(doc)) find('doc_total');
}

/** Whether the text means the shift whose roster was counted, and one of its own day. */
function compareRoster(roster, day, shift, find) {
  const start = isInteger(shift.starts_ms) ? Math.floor(shift.starts_ms / 1000) : null;
  const same = start === roster.t0 && shift.date === roster.date;
  if (!same || !daysOf(day).includes(roster.date)) find('doc_shift');
  const agrees = ([key, name]) => (
    typeof shift[name] === 'string' && [...shift[name]].slice(0, MOST_NAME).join('') === roster[key]);
  if (!Object.entries(NAMES).every(agrees)) find('doc_names');
}

/** The dates of a day's shifts: those before the cut-off, and from it on those of the eve. */
function daysOf(day) {
  const noon = DAY.test(day) ? Date.parse(`${day}T12:00:00Z`) : NaN;
  const text = (at) => new Date(at).toISOString().slice(0, 10);
  if (Number.isNaN(noon) || text(noon) !== day) return [];
  return [day, text(noon - 24 * 60 * 60 * 1000)];
}

function isDocument(doc) {
  return isObject(doc) && typeof doc.kind === 'string' && typeof doc.date === 'string'
    && isInteger(doc.version) && Array.isArray(doc.shifts)
    && doc.shifts.every((one) => isCount(one) && (one.s === null || typeof one.s === 'string'))
    && isObject(doc.small) && 'count' in doc.small && isNullOrCount(doc.small.count)
    && 'total' in doc && isNullOrCount(doc.total);
}

const isNullOrCount = (value) => value === null || isCount(value);

function totalFits({ shifts, small, total }) {
  const held = small.count === null ? shifts : [...shifts, small.count];
  if (held.length === 0 || total === null) return held.length === 0 && total === null;
  if (held.some(({ n, on, off, late, none }) => n !== on + off + late + none)) return false;
  return FIGURES.every((name) => held.reduce((sum, one) => sum + one[name], 0) === total[name]);
}
