// Step 8: each shift of an announcement counted anew, from its roster and the entries of the log.
// Distinct places on the roster count, never entries; what was taken back does not.

import { b64u, fromB64u, same } from './bytes.js';
import { leafHash, ofLeaves } from './tree.js';

const ID = 16; // bytes of a place on a roster
const MOST = 2 ** 24; // bytes of a roster file

/** Counts the parts of an announcement and puts what it finds into the report. */
export class Counting {
  /** `read`: entries, proven; `b`: the tree counted from; `times`: when each was seen, by size. */
  constructor(log, report, read, b, times) {
    Object.assign(this, { log, report, read, times });
    this.bySeries = seriesOf(read, b);
  }

  async all(parts) {
    const opens = parts.map((part) => this.openOf(part));
    this.report.parts = parts.map((part, n) => this.shown(part, opens[n]));
    parts.forEach(({ a }, n) => {
      const late = opens[n] && a > 0 && this.times.get(a) > opens[n].t0 + opens[n].grace;
      if (late) this.find('cut_late', n);
    });
    const held = await this.readRosters(parts, opens);
    const usedIn = new Map();
    held.forEach((one, n) => one.roster?.ever.forEach((_, u) => {
      usedIn.set(u, usedIn.has(u) ? -1 : n);
    }));
    held.forEach(({ findings, roster }, n) => {
      findings.forEach(([code, numbers]) => this.find(code, n, numbers));
      if (roster) this.count(parts[n], n, roster, usedIn);
    });
  }

  find(code, part, numbers = {}) {
    this.report.findings.push({ code, part, ...numbers });
  }

  /** The entry that fixed the roster of a part; null: it is none of this series, or not alone. */
  openOf({ open, s }) {
    const entry = this.read.entries[open - this.read.start];
    const opens = (this.bySeries.get(s) ?? []).filter(([, one]) => one.k === 'open');
    return opens.length === 1 && opens[0][0] === open ? entry : null;
  }

  shown(part, open) {
    const told = open ?? {};
    const of = (field) => told[field] ?? null;
    return {
      s: part.s, site: of('site'), group: of('group'), shift: of('shift'), date: of('date'),
      t0: of('t0'), t1: of('t1'), grace: of('grace'), n: null, on: null, off: null, late: null,
      none: null, open: part.open, open_s: null, a: part.a, a_s: this.times.get(part.a) ?? null,
      added: null, deleted: null,
    };
  }

  async readRosters(parts, opens) {
    const held = [];
    for (const [n, part] of parts.entries()) held.push(await this.readRoster(part, n, opens[n]));
    return held;
  }

  /** A part's roster with its changes: `{findings, roster}`; roster null: it cannot be counted. */
  async readRoster(part, n, open) {
    const findings = [];
    if (open === null) return { findings: [['bad_open', {}]], roster: null };
    await this.findWhenFixed(part, n, open, findings);
    const bytes = await this.log.get(`roster/${part.s}`);
    const slots = bytes === null ? null : slotsOf(bytes);
    if (slots === null) return { findings: [...findings, ['roster_order', {}]], roster: null };
    const wanted = fromB64u(open.roster, 32);
    if (slots.length !== open.n || !same(ofLeaves(slots.map(leafHash)), wanted)) {
      return { findings: [...findings, ['roster_differs', {}]], roster: null };
    }
    const roster = { live: new Set(slots.map(b64u)), ever: new Set(slots.map(b64u)), entries: [] };
    roster.entries = (this.bySeries.get(part.s) ?? []).filter(([index]) => index > part.open);
    this.change(part, roster, findings);
    return { findings, roster };
  }

  /** When a quorum had seen the roster. */
  async findWhenFixed(part, n, open, findings) {
    const opened = await this.log.covering(part.open);
    if (opened === null) {
      findings.push(['no_checkpoint', { size: part.open + 1 }]);
      return;
    }
    this.report.parts[n].open_s = opened.quorum;
    if (opened.quorum > open.t0) findings.push(['roster_late', {}]);
  }

  /** Apply the changes of a roster; what contradicts has no effect. */
  change(part, roster, findings) {
    const { live, ever } = roster;
    const done = { added: 0, deleted: 0, addedLate: 0, deletedLate: 0, bad: false };
    for (const [index, entry] of roster.entries.filter(([, one]) => one.k === 'chg')) {
      const late = index >= part.a;
      for (const u of entry.add) {
        if (ever.has(u)) {
          done.bad = true;
        } else {
          live.add(u);
          ever.add(u);
          done.added += 1;
          done.addedLate += late;
        }
      }
      for (const u of entry.del) {
        if (live.delete(u)) {
          done.deleted += 1;
          done.deletedLate += late;
        } else {
          done.bad = true;
        }
      }
    }
    roster.changed = done;
    if (done.bad) findings.push(['bad_change', {}]);
    const { addedLate: added, deletedLate: deleted } = done;
    if (added || deleted) findings.push(['changed_late', { added, deleted }]);
  }

  count(part, n, roster, usedIn) {
    const { live, ever, entries, changed } = roster;
    if ([...ever].some((u) => usedIn.get(u) === -1)) this.find('slot_reused', n);
    const records = new Map(entries.filter(([, one]) => one.k === 'rec'));
    const gone = this.takenBack(entries, records, n);
    const foreign = new Set([...records.values()].map(({ u }) => u).filter((u) => !ever.has(u)));
    if (foreign.size) this.find('foreign_slot', n, { count: foreign.size });
    const marks = marksOf(part, live, records, gone);
    const counts = { on: 0, off: 0, late: 0 };
    for (const mark of marks.values()) counts[mark] += 1;
    const none = live.size - marks.size;
    const { added, deleted } = changed;
    Object.assign(this.report.parts[n], { n: live.size, ...counts, none, added, deleted });
    this.compare(part, n, counts, { live, foreign, records, gone });
  }

  /** The indexes of records that were taken back. */
  takenBack(entries, records, n) {
    const gone = new Set();
    let bad = false;
    for (const [index, entry] of entries.filter(([, one]) => one.k === 'amend')) {
      const named = entry.of < index && records.get(entry.of)?.u === entry.u;
      if (!named) bad = true;
      else if (entry.r !== 'erased') gone.add(entry.of);
    }
    if (bad) this.find('bad_amend', n);
    return gone;
  }

  compare(part, n, counts, held) {
    const figures = (counted, announced) => ({ announced, counted });
    const size = held.live.size;
    if (part.n !== size) {
      this.find(part.n < size ? 'n_shrunk' : 'n_inflated', n, figures(size, part.n));
    }
    if (part.on !== counts.on) {
      this.find(whyOn(part, counts.on, held), n, figures(counts.on, part.on));
    }
    if (part.late !== counts.late) this.find('late_differs', n, figures(counts.late, part.late));
    if (part.off !== counts.off) this.find('off_differs', n, figures(counts.off, part.off));
  }
}

/** The entries below a size with their places, by their series. */
export function seriesOf({ start, entries }, size) {
  const found = new Map();
  entries.slice(0, Math.max(0, size - start)).forEach((entry, n) => {
    if (!('s' in entry)) return;
    if (!found.has(entry.s)) found.set(entry.s, []);
    found.get(entry.s).push([start + n, entry]);
  });
  return found;
}

/** The best mark of each place on the roster that has one: on time, else offline, else late. */
function marksOf(part, live, records, gone) {
  const rank = ['on', 'off', 'late'];
  const marks = new Map();
  for (const [index, { u, w, o }] of records) {
    if (w !== 'commit' || gone.has(index) || !live.has(u)) continue;
    const mark = index < part.a ? 'on' : o ? 'off' : 'late';
    if (!marks.has(u) || rank.indexOf(mark) < rank.indexOf(marks.get(u))) marks.set(u, mark);
  }
  return marks;
}

/** What a wrong number of people on time looks like. */
function whyOn(part, counted, { live, foreign, records, gone }) {
  const early = [...records].filter(([index, { w }]) => w === 'commit' && index < part.a);
  const kept = early.filter(([index]) => !gone.has(index));
  const people = (list) => new Set(list.map(([, { u }]) => u)).size;
  const inside = ([, { u }]) => live.has(u);
  if (part.on === kept.filter(inside).length) return 'leaves_counted';
  if (part.on === people(early.filter(inside))) return 'withdrawn_counted';
  const all = kept.filter((one) => inside(one) || foreign.has(one[1].u));
  if (part.on === people(all)) return 'foreign_counted';
  return part.on > counted ? 'on_inflated' : 'on_deflated';
}

/** The places of a roster file; null: not whole, or not strictly ascending. */
export function slotsOf(bytes) {
  if (bytes.length % ID || bytes.length > MOST) return null;
  const found = [];
  for (let at = 0; at < bytes.length; at += ID) found.push(bytes.subarray(at, at + ID));
  return found.every((slot, n) => n === 0 || isBefore(found[n - 1], slot)) ? found : null;
}

function isBefore(one, other) {
  const at = one.findIndex((byte, n) => byte !== other[n]);
  return at >= 0 && one[at] < other[at];
}
