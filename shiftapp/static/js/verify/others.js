// Whether an announcement leaves out shifts whose rosters stand in the log beside the named ones
// (ledger/verify_others.py). A roster of the same site that starts between the first and the last
// named one is of the same day; for others only the document says which hours it is about.

import { isCount, parseEntry } from './entries.js';

const LEAST = 5; // places; fewer have no figure of their own

/**
 * The instant with which the day of a document begins by its own word, Unix s: its hours or, where
 * that is earlier or they are not told, the first start of its shifts; null: none.
 */
export function firstOf(doc) {
  if (doc?.kind !== 'daily') return null;
  const starts = doc.shifts.map((shift) => shift.starts_ms).filter(isCount);
  const seconds = starts.map((start) => Math.floor(start / 1000));
  const first = [...(told(doc) ?? []).slice(0, 1), ...seconds].reduce(
    (least, one) => Math.min(least, one), Infinity);
  return first === Infinity ? null : first;
}

/** Count the rosters of the day, in the tree counted from, that the document does not name. */
export function findOthers(report, doc, rosters) {
  if (doc?.kind !== 'daily') return;
  const named = new Set(doc.shifts.map(({ s }) => s));
  const rest = rosters.filter(({ s, places }) => !named.has(s) && places >= LEAST);
  const sites = bySite(report.parts);
  const beside = rest.filter((one) => startsIn(one, sites.get(one.site)));
  const other = rest.filter((one) => !beside.includes(one) && startsIn(one, told(doc)));
  Object.entries({ left_out: beside, not_named: other }).forEach(([code, { length, 0: first }]) => {
    if (length) report.findings.push({ code, part: null, count: length, index: first.index });
  });
}

/**
 * The rosters of a tree but those of the parts: `{s, index, site, t0, places}`, of these the fewest
 * in the trees from that size to another: who signed knew of changes that have a place only then.
 */
export function rostersBut(parts, { start, entries }, size, to) {
  const series = new Set(parts.map(({ s }) => s));
  const found = new Map();
  entries.slice(0, to - start).forEach(({ k, s, site, t0, n, add, del }, at) => {
    const isHeld = start + at < size;
    if (k === 'open' && isHeld && !series.has(s) && !found.has(s)) {
      found.set(s, { s, index: start + at, site, t0, n, places: n });
    }
    if (k === 'chg' && found.has(s)) {
      const one = found.get(s);
      one.n += add.length - del.length;
      one.places = isHeld ? one.n : Math.min(one.places, one.n);
    }
  });
  return [...found.values()];
}

/** Whether an entry is the roster of a shift that starts before an instant. */
export function opensBefore(bytes, since) {
  try {
    const { k, t0 } = parseEntry(bytes);
    return k === 'open' && t0 < since;
  } catch {
    return false; // it is refused when all are read
  }
}

/** The hours in which the named shifts of each site start. */
function bySite(parts) {
  const sites = new Map();
  for (const { site, t0 } of parts.filter((part) => part.t0 !== null)) {
    const [first, last] = sites.get(site) ?? [t0, t0];
    sites.set(site, [Math.min(first, t0), Math.max(last, t0)]);
  }
  return sites;
}

/** The hours that a daily document says it counts; it names the instant after the last. */
function told(doc) {
  if (doc?.kind !== 'daily' || !isCount(doc.from_ms) || !isCount(doc.to_ms)) return null;
  return [Math.floor(doc.from_ms / 1000), Math.floor((doc.to_ms - 1) / 1000)];
}

const startsIn = ({ t0 }, hours) => Boolean(hours) && hours[0] <= t0 && t0 <= hours[1];
