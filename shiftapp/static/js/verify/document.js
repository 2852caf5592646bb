// Step 9: what the announcement says in words of its own, compared with what it sealed.

import { FormError } from './bytes.js';
import { parseCanonical } from './entries.js';

const FIGURES = ['n', 'on', 'off', 'late', 'none'];
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
  if (doc.kind !== 'daily') {
    find('period');
    return;
  }
  const sealed = new Set(parts.map(({ s }) => s));
  parts.forEach((part, n) => {
    const shifts = doc.shifts.filter(({ s }) => s === part.s);
    const agrees = shifts.length === 1
      && ['n', 'on', 'off', 'late'].every((name) => shifts[0][name] === part[name]);
    if (!agrees) find('doc_figures', n);
  });
  const notShown = doc.shifts.filter(({ s }) => s !== null && !sealed.has(s)).length;
  const notPublic = doc.shifts.filter(({ s }) => s === null).length;
  if (notShown) find('not_shown', null, { count: notShown });
  if (notPublic) find('not_public', null, { count: notPublic });
  if (!totalFits(doc)) find('doc_total');
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
  return FIGURES.every((name) => held.reduce((sum, one) => sum + one[name], 0) === total[name]);
}
