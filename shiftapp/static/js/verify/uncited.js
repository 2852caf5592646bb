// Shifts that the text names and the announcement does not cite, held against what the log has of
// them (ledger/verify_uncited.py): the signatory knew all of the tree counted from, and of what stands
// between it and the announcement's own place some or all.

import { b64u, fromB64u, same } from './bytes.js';
import { seriesOf, slotsOf } from './counting.js';
import { leafHash, ofLeaves } from './tree.js';

/** Count the named shifts that are not cited and have other figures in the log. */
export async function findUncited(report, log, read, doc, parts) {
  if (doc?.kind !== 'daily') return;
  const cited = new Set(parts.map(({ s }) => s));
  const shifts = doc.shifts.filter(({ s }) => s !== null && !cited.has(s));
  const { b, index } = report.announcement;
  if (!shifts.length) return;
  const series = seriesOf(read, index);
  let count = 0;
  for (const shift of shifts) count += await differs(log, series.get(shift.s), shift, [b, index]);
  if (count) report.findings.push({ code: 'contradicted', part: null, count });
}

async function differs(log, entries, shift, trees) {
  const [opened, open] = (entries ?? []).find(([, { k }]) => k === 'open') ?? [];
  if (!open) return false; // the log has nothing to hold against it
  const bytes = await log.get(`roster/${shift.s}`);
  const slots = bytes === null ? null : slotsOf(bytes);
  if (slots === null || !same(ofLeaves(slots.map(leafHash)), fromB64u(open.roster, 32))) return true;
  const begun = Math.max(trees[0], opened + 1);
  const held = count(entries.filter(([at]) => at > opened && at < begun), slots.map(b64u));
  return !allows(held, shift, entries.filter(([at]) => at >= begun));
}

/** People on the roster after some entries, and those of them with a commitment. */
function count(entries, slots) {
  const live = new Set(slots);
  of(entries, 'chg').forEach(({ add, del }) => {
    add.forEach((u) => live.add(u));
    del.forEach((u) => live.delete(u));
  });
  const gone = new Set(of(entries, 'amend').filter(({ r }) => r !== 'erased').map((one) => one.of));
  const people = came(entries.filter(([at]) => !gone.has(at)));
  return { n: live.size, came: [...live].filter((u) => people.has(u)).length };
}

/**
 * Whether these are the figures with some of the entries after that: in one turn of the sequencer
 * entries have their places by kind, not by when they came.
 */
function allows(held, { n, none }, entries) {
  const changes = of(entries, 'chg');
  const more = changes.reduce((sum, { add }) => sum + add.length, 0);
  const less = changes.reduce((sum, { del }) => sum + del.length, 0);
  const gone = of(entries, 'amend').length;
  return held.n - less <= n && n <= held.n + more
    && held.came - less - gone <= n - none && n - none <= held.came + came(entries).size;
}

const of = (entries, kind) => entries.map(([, entry]) => entry).filter(({ k }) => k === kind);

const came = (entries) => new Set(of(entries, 'rec').filter(({ w }) => w === 'commit').map(({ u }) => u));
