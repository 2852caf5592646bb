// The page /verify: reads, checks, shows. An announcement is checked at once, a proof file when the
// reader chooses one. Whatever could not be checked is said to be so, never taken for good.

import { FormError, textOf } from './bytes.js';
import { parseJson } from './entries.js';
import { Files, NoAnswer, read } from './files.js';
import { remember, remembered } from './memory.js';
import { mustCheckSignatures, Unable } from './note.js';
import { parsePolicy } from './policy.js';
import { parseProof, verifyProof } from './proof.js';
import { Reading } from './reading.js';
import { showRecord } from './record.js';
import { offerEvidence, put, showFindings, showLog, showParts, showProgress, showVerdict } from './show.js';
import { verifyAnnouncement } from './verify.js';
import { wordsOf } from './words.js';

const LOG = '/log';
const MOST_PROOF = 2 ** 20; // bytes of a proof file
const DOUBTFUL = new Set(['fork', 'rolled_back', 'tiles_differ', 'bad_checkpoint', 'no_quorum', 'unreachable']);

// Figures of the text that nobody outside can count.
const UNSHOWN = new Set(['not_shown', 'not_public', 'small', 'period']);

/** Why nothing could be checked; `code` is the key of its words. */
class Cannot extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const root = document.querySelector('[data-verify]');
const words = wordsOf(root);
const files = new Files(LOG);

start();

function start() {
  document.querySelector('[data-noscript]').hidden = true;
  const chooser = document.querySelector('[data-file]');
  chooser.disabled = false;
  chooser.addEventListener('change', () => {
    if (chooser.files.length) checking(() => checkFile(chooser.files[0]), true);
  });
  if (root.dataset.a) checking(() => checkAnnouncement(root.dataset.a), false);
}

/** Do one check and say what came of it. */
async function checking(work, asked) {
  showVerdict(root, words, 'work', 'working', '');
  root.querySelector('[data-findings]').hidden = true;
  try {
    await mustCheckSignatures();
    await work();
  } catch (error) {
    showVerdict(root, words, 'unable', 'unable', words.say(whyNot(error)));
    if (!(error instanceof Unable || error instanceof Cannot || error instanceof NoAnswer)) throw error;
  } finally {
    showProgress(root, 1, 1);
    put(root, '[data-step]', '');
    root.dataset.done = 'yes';
    if (asked) focusVerdict();
  }
}

function focusVerdict() {
  const word = root.querySelector('[data-word]');
  word.focus();
  word.scrollIntoView({ block: 'center' });
}

function whyNot(error) {
  if (error instanceof Unable || error instanceof Cannot) return error.code;
  return error instanceof NoAnswer ? 'offline' : 'broken';
}

async function policyText() {
  const bytes = await files.get('policy');
  if (bytes === null) throw new Cannot('no_policy');
  try {
    const text = textOf(bytes);
    parsePolicy(text);
    return text;
  } catch (error) {
    throw error instanceof FormError ? new Cannot('bad_policy') : error;
  }
}

async function checkAnnouncement(id) {
  const text = await policyText();
  const policy = parsePolicy(text);
  const index = await indexOf(id);
  const known = remembered(policy.log.name);
  const report = await verifyAnnouncement(files.get, text, index, known, (done, of) => {
    showProgress(root, done, of);
    put(root, '[data-step]', words.say('progress', { done, of }));
  });
  if (report.findings.some(({ code }) => code === 'unreachable')) throw new Cannot('offline');
  const saw = await whoSaw(policy, report);
  showFindings(root, words, report);
  showParts(root, words, report, saw);
  showLog(root, words, report, policy, await compared(policy, report, known));
  const kb = words.number(Math.ceil(files.bytes / 1024));
  put(document, '[data-fetched]', words.say('fetched', { n: files.count, kb }));
  const told = await files.get(`announcement/${index}`);
  if (report.holds && parseJson(textOf(told)).id !== id) {
    showVerdict(root, words, 'bad', 'bad', words.say('other_document'));
  } else {
    sayWhatIsShown(report, known && known.vkey !== policy.log.vkey);
  }
}

/** The announcement's place, from its proof file; the entry there is checked like all others. */
async function indexOf(id) {
  const bytes = await read(`/announcements/${encodeURIComponent(id)}.tlog-proof`, MOST_PROOF);
  if (bytes === null) throw new Cannot('not_sealed');
  try {
    return parseProof(textOf(bytes)).index;
  } catch (error) {
    throw error instanceof FormError ? new Cannot('not_sealed') : error;
  }
}

async function checkFile(file) {
  if (file.size > MOST_PROOF) throw new Cannot('too_large');
  const given = await file.text();
  const text = await policyText();
  const report = await verifyProof(given, text);
  showFindings(root, words, report);
  root.querySelector('[data-parts]').replaceChildren();
  showRecord(root, words, report);
  showLog(root, words, report, parsePolicy(text), '');
  sayVerdict(report, 'good_proof', 'good_proof_self');
}

/** A text whose figures nobody can count gets no tick, whatever else is in order. */
function sayWhatIsShown(report, isNewKey) {
  const unshown = report.findings.some(({ code }) => UNSHOWN.has(code));
  const counted = report.parts.length > 0;
  if (report.holds && unshown && !counted) {
    showVerdict(root, words, 'unable', 'text_only', words.say('text_only_why'));
  } else if (unshown) {
    sayVerdict(report, 'good_partly', 'good_partly_self', isNewKey);
  } else if (counted) {
    sayVerdict(report, 'good_why', 'good_self', isNewKey);
  } else {
    sayVerdict(report, 'good_text', 'good_text_self', isNewKey);
  }
}

function sayVerdict(report, why, selfWhy, isNewKey = false) {
  const bad = report.findings.filter(words.fails).length;
  if (bad) showVerdict(root, words, 'bad', 'bad', words.say('bad_why', { n: bad }));
  else if (isNewKey) showVerdict(root, words, 'unable', 'unable', words.say('new_key'));
  else if (report.self_attested) showVerdict(root, words, 'self', 'good', words.say(selfWhy));
  else showVerdict(root, words, 'good', 'good', words.say(why));
}

/** Compare with what this browser remembers, remember the new one; gives the words for it. */
async function compared(policy, report, known) {
  const { origin, size, root: hash } = report.log;
  if (size === null) return '';
  const note = textOf((await files.get('checkpoint')) ?? new Uint8Array(0));
  if (report.findings.some(({ code }) => code === 'fork' || code === 'rolled_back') && known) {
    offerEvidence(root, known.note, note);
    return '';
  }
  if (report.findings.some(({ code }) => DOUBTFUL.has(code))) return '';
  const vkey = known?.vkey ?? policy.log.vkey; // the first one: another is told of every time
  const kept = remember(origin, { size, root: hash, note, vkey, at: report.log.quorum_s });
  return known ? words.say('remembered', { at: words.at(known.at), n: words.number(known.size) })
    : words.say(kept ? 'first_time' : 'not_kept');
}

/** Gives a function: which witnesses had signed the trees by which a part was counted. */
async function whoSaw(policy, report) {
  const log = new Reading(files.get, policy);
  const found = new Map();
  const paths = report.parts.flatMap(({ open, open_s: openS, a, a_s: aS }) => [
    ...(openS === null ? [] : [`covering/${open}`]), ...(aS === null ? [] : [`checkpoint/${a}`])]);
  for (const path of new Set(paths)) {
    const opened = await log.checkpoint(path).catch((error) => {
      if (error instanceof FormError) return null;
      throw error;
    });
    found.set(path, opened ? policy.witnesses.filter(({ key }) => opened.seen.has(key.name)) : []);
  }
  return ({ open, open_s: openS, a, a_s: aS }) => ({
    fixed: openS === null ? [] : found.get(`covering/${open}`),
    cut: aS === null ? [] : found.get(`checkpoint/${a}`),
  });
}
