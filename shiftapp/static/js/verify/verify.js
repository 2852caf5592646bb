// The procedure by which anybody checks an announcement (ledger brief §6), step by step; the same
// as ledger/verify.py, with the same report. Everything but the policy is untrusted input.

import { b64, b64u, FormError, fromB64 } from './bytes.js';
import { Counting } from './counting.js';
import { checkDocument, readDocument } from './document.js';
import { isParts, parseCanonical, parseEntry, partsHash } from './entries.js';
import * as others from './others.js';
import { isSelfAttested, parsePolicy } from './policy.js';
import { NoTile, Reading } from './reading.js';
import { sha256 } from './sha256.js';
import { leafHash, WIDTH } from './tree.js';
import { findUncited } from './uncited.js';

const BEHIND = 40; // bundles before the oldest roster in which others of its day are sought
const LOOK = 40 * WIDTH; // entries behind an announcement in which a later one is sought
const MOST = 2 ** 22; // entries from the oldest roster on: a month of the largest plant
// What is said of an announcement without making it untrue; every other finding is a failure.
const NOTES = new Set(['changed_late', 'doc_names', 'not_shown', 'not_public', 'small', 'not_named',
  'period', 'not_looked', 'earlier_policy', 'self_attested']);

/** A finding after which nothing further can be said. */
class Fatal extends Error {
  constructor(code, numbers = {}) {
    super(code);
    this.finding = { code, part: null, ...numbers };
  }
}

/**
 * The report on the announcement at a place of a log; throws FormError for no policy, Unable.
 * @param {(path: string) => Promise<Uint8Array | null>} get a file behind the log's prefix; null:
 *   it is not there. An error it throws goes on: then nothing is said.
 * @param {{size: number, root: string} | null} known the newest tree that was seen before
 */
export async function verifyAnnouncement(get, policyText, index, known = null, progress = () => {}) {
  const run = new Run(get, parsePolicy(policyText), index);
  try {
    await run.all(known, progress);
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    run.report.findings.push(error.finding);
  }
  run.report.holds = run.report.findings.every(({ code }) => NOTES.has(code));
  return run.report;
}

/** What a report says of a checkpoint that opened: the log, and who saw it when. */
export function seenBy(policy, { checkpoint, seen, quorum }) {
  const { origin, size, root } = checkpoint;
  return {
    log: { origin, size, root: b64(root), quorum_s: quorum },
    witnesses: policy.witnesses.map(({ name, key, own }) => (
      { name, own, seen_s: seen.get(key.name) ?? null })),
  };
}

/** The witnesses of a policy before any checkpoint was read. */
export const unseen = (policy) => (
  policy.witnesses.map(({ name, own }) => ({ name, own, seen_s: null })));

class Run {
  constructor(get, policy, index) {
    Object.assign(this, { get, policy, index, log: new Reading(get, policy) });
    this.report = {
      holds: false,
      log: { origin: policy.log.name, size: null, root: null, quorum_s: null },
      witnesses: unseen(policy),
      self_attested: isSelfAttested(policy),
      announcement: { index, doc: null, kind: null, date: null, version: null, b: null, b_s: null },
      parts: [],
      findings: [],
    };
  }

  async all(known, progress) {
    await this.readNewest();
    if (known) await this.compareKnown(known);
    const ann = await this.readAnnouncement();
    const bytes = await this.readDocument(ann);
    const parts = await this.readParts(ann);
    const times = await this.readTrees(ann, parts);
    const doc = readDocument(bytes);
    const read = await this.readEntries(parts, others.firstOf(doc), progress);
    const counting = new Counting(this.log, this.report, read, ann.b, times);
    await counting.all(parts);
    checkDocument(this.report, doc, parts);
    await findUncited(this.report, this.log, read, doc, parts);
    others.findOthers(this.report, doc, others.rostersBut(parts, read, ann.b, this.index));
    this.lookFurther(ann, read);
    const { earlier } = this.log;
    if (earlier.size) this.find('earlier_policy', { count: earlier.size });
    this.report.self_attested ||= [...earlier.values()].some(isSelfAttested);
    if (this.report.self_attested) this.find('self_attested');
  }

  find(code, numbers = {}) {
    this.report.findings.push({ code, part: null, ...numbers });
  }

  async readNewest() {
    const opened = await this.open('checkpoint');
    if (opened === null) throw new Fatal('unreachable');
    Object.assign(this.report, seenBy(this.policy, opened));
    if (opened.quorum === null) throw new Fatal('no_quorum');
    this.log.newest = opened.checkpoint;
  }

  /** A checkpoint that opens, or null; @throws {Fatal} `bad_checkpoint` */
  async open(path, size) {
    const numbers = size === undefined ? {} : { size };
    try {
      return await (size === undefined ? this.log.checkpoint(path) : this.log.cited(path));
    } catch (error) {
      if (error instanceof FormError) throw new Fatal('bad_checkpoint', numbers);
      throw error;
    }
  }

  async compareKnown({ size, root }) {
    if (size > this.log.newest.size) throw new Fatal('rolled_back');
    await this.mustBegin({ size, root: fromB64(root) });
  }

  async mustBegin(older) {
    let begins;
    try {
      begins = await this.log.begins(older);
    } catch (error) {
      if (error instanceof NoTile) throw new Fatal('tiles_differ');
      throw error;
    }
    if (!begins) throw new Fatal('fork');
  }

  async readAnnouncement() {
    const { index, log } = this;
    if (index >= log.newest.size) throw new Fatal('not_in_log');
    const bundle = await log.bundle(Math.floor(index / WIDTH));
    if (bundle === null) throw new Fatal('no_entry');
    const bytes = bundle[index % WIDTH];
    if (!(await log.holds(index, leafHash(bytes)))) throw new Fatal('not_in_log');
    const ann = entryOf(bytes);
    if (ann.k !== 'ann') throw new Fatal('not_announcement');
    Object.assign(this.report.announcement, { doc: ann.doc, b: ann.b });
    return ann;
  }

  async readDocument(ann) {
    const bytes = await this.get(`announcement/${this.index}`);
    if (bytes === null) throw new Fatal('no_document');
    if (b64u(sha256(bytes)) !== ann.doc) throw new Fatal('doc_differs');
    const doc = readDocument(bytes);
    if (doc) {
      const { kind, date, version } = doc;
      Object.assign(this.report.announcement, { kind, date, version });
    }
    return bytes;
  }

  /** The parts, each with its own `a`. */
  async readParts(ann) {
    const listed = typeof ann.of === 'string' ? await this.readList(ann.of) : ann.of;
    return listed.map((part) => ({ ...part, a: part.a ?? ann.a }));
  }

  async readList(hash) {
    const bytes = await this.get(`announcement/${this.index}/parts`);
    try {
      const found = bytes === null ? null : parseCanonical(bytes);
      if (isParts(found) && found.length && b64u(partsHash(found)) === hash) return found;
    } catch (error) {
      if (!(error instanceof FormError)) throw error;
    }
    throw new Fatal('parts_differ');
  }

  /** When a quorum had seen each tree that is cited: size → Unix s. */
  async readTrees(ann, parts) {
    const { size } = this.log.newest;
    if (ann.b > this.index || ann.b > size || ann.a > ann.b) throw new Fatal('bad_trees');
    const part = parts.findIndex(({ a, open }) => a > ann.b || open >= ann.b);
    if (part >= 0) throw new Fatal('bad_trees', { part });
    const times = new Map();
    const cited = parts.length ? [ann.b, ...parts.map(({ a }) => a).filter((a) => a > 0)] : [];
    for (const tree of new Set(cited)) {
      const opened = await this.open(`checkpoint/${tree}`, tree);
      if (opened === null) throw new Fatal('no_checkpoint', { size: tree });
      if (opened.checkpoint.size !== tree) throw new Fatal('bad_checkpoint', { size: tree });
      if (opened.quorum === null) throw new Fatal('no_checkpoint', { size: tree });
      await this.mustBegin(opened.checkpoint);
      times.set(tree, opened.quorum);
    }
    this.report.announcement.b_s = times.get(ann.b) ?? null;
    return times;
  }

  /**
   * All entries from the first roster's bundle on, and those before it that may hold rosters of
   * shifts from an instant on (s): `{start, end, entries}`; the root follows.
   */
  async readEntries(parts, since, progress) {
    const { size } = this.log.newest;
    const from = parts.reduce((least, { open }) => Math.min(least, open), this.index);
    const end = Math.min(size, this.index + 1 + LOOK);
    if (end - from > MOST) throw new Fatal('bad_trees');
    const [first, last] = [Math.floor(from / WIDTH), Math.ceil(end / WIDTH)];
    let done = 0;
    const bundles = await this.log.bundles(first, last, () => {
      done += 1;
      progress(done, last - first);
    });
    if (bundles.includes(null)) throw new Fatal('no_entry');
    const before = since === null ? [] : await this.bundlesBefore(first, since);
    const bytes = [...before, ...bundles].flat();
    const start = (first - before.length) * WIDTH;
    if (!(await this.log.follows(start, bytes.map(leafHash)))) throw new Fatal('tiles_differ');
    return { start, end, entries: bytes.map(entryOf) };
  }

  /** The bundles before one, down to that with a roster of a shift that started earlier. */
  async bundlesBefore(first, since) {
    const found = [];
    const isEarlier = (bytes) => others.opensBefore(bytes, since);
    for (let n = first - 1; n >= Math.max(0, first - BEHIND); n -= 1) {
      const bundle = await this.log.bundle(n);
      if (bundle === null) throw new Fatal('no_entry');
      found.unshift(bundle);
      if (bundle.some(isEarlier)) break;
    }
    return found;
  }

  lookFurther(ann, { start, end, entries }) {
    const later = entries.slice(this.index + 1 - start, end - start);
    const at = later.findIndex((one) => one.k === 'ann' && one.sup === ann.doc);
    if (at >= 0) this.find('superseded', { index: this.index + 1 + at });
    if (end < this.log.newest.size) this.find('not_looked', { to: end });
  }
}

function entryOf(bytes) {
  try {
    return parseEntry(bytes);
  } catch (error) {
    if (error instanceof FormError) throw new Fatal('not_canonical');
    throw error;
  }
}

