// A proof file of C2SP tlog-proof: that a leaf is in a log, for somebody who is offline; the same
// as ledger/proof.py. What stands in `extra` nobody has signed: the leaf is computed anew from it,
// and the sealed record must give the commitment that stands in the entry.

import { b64u, FormError, fromExactB64, joined, textOf, utf8 } from './bytes.js';
import { parseEntry } from './entries.js';
import { openCheckpoint } from './note.js';
import { isSelfAttested, parsePolicy, quorumTime } from './policy.js';
import { sha256 } from './sha256.js';
import { BadProof, checkInclusion, HASH, leafHash } from './tree.js';
import { seenBy, unseen } from './verify.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
const INDEX = /^index (0|[1-9][0-9]{0,18})$/;
const MOST_HASHES = 63;
const SALT = 32;
const RECORD_TAG = 'shiftapp/rec/v1\n';

/**
 * A proof from its file; nothing in it is checked yet: `{index, path, extra, checkpoint}`; throws
 * FormError.
 */
export function parseProof(text) {
  const at = text.indexOf('\n\n');
  const lines = text.slice(0, at).split('\n');
  const checkpoint = text.slice(at + 2);
  if (at < 0 || checkpoint === '' || lines.shift() !== HEADER) throw new FormError('not a proof');
  const extra = (lines[0] ?? '').startsWith('extra ')
    ? fromExactB64(lines.shift().slice('extra '.length)) : new Uint8Array(0);
  const index = INDEX.exec(lines.shift() ?? '');
  const path = lines.map(fromExactB64);
  if (!index || !Number.isSafeInteger(Number(index[1])) || path.length > MOST_HASHES
    || path.some((hash) => hash.length !== HASH)) {
    throw new FormError('not a proof');
  }
  return { index: Number(index[1]), path, extra, checkpoint };
}

/** The report on a proof file; throws FormError for no policy, Unable. */
export async function verifyProof(text, policyText) {
  const policy = parsePolicy(policyText);
  const report = {
    holds: false,
    log: { origin: policy.log.name, size: null, root: null, quorum_s: null },
    witnesses: unseen(policy),
    self_attested: isSelfAttested(policy),
    index: null,
    entry: null,
    body: null,
    findings: [],
  };
  const code = await fill(report, text, policy);
  if (code) report.findings.push({ code, part: null });
  report.holds = code === '';
  return report;
}

/** Put into the report what the proof shows; gives why it shows nothing, or ''. */
async function fill(report, text, policy) {
  const proof = tried(() => parseProof(text));
  const parts = proof && partsOf(proof.extra);
  if (!parts) return 'bad_proof';
  report.index = proof.index;
  const opened = await opening(proof.checkpoint, policy);
  if (opened === null) return 'bad_checkpoint';
  Object.assign(report, seenBy(policy, opened));
  if (opened.quorum === null) return 'no_quorum';
  if (!isIn(proof, leafHash(parts.entry), opened.checkpoint)) return 'bad_proof';
  report.entry = tried(() => parseEntry(parts.entry));
  if (report.entry === null) return 'not_canonical';
  if (!parts.body) return '';
  const body = tried(() => textOf(parts.body));
  const c = b64u(sha256(joined(utf8(RECORD_TAG), parts.salt, parts.body)));
  if (body === null || c !== report.entry.c) return 'c_differs';
  report.body = body;
  return '';
}

/** Entry, and salt and body where they are there; null: another form. */
function partsOf(extra) {
  if (extra.length < 2) return null;
  const end = 2 + extra[0] * 256 + extra[1];
  const entry = extra.subarray(2, end);
  if (end > extra.length) return null;
  if (end === extra.length) return { entry, salt: null, body: null };
  if (extra.length <= end + SALT) return null;
  return { entry, salt: extra.subarray(end, end + SALT), body: extra.subarray(end + SALT) };
}

async function opening(signed, policy) {
  try {
    const opened = await openCheckpoint(signed, policy.log, policy.witnesses.map(({ key }) => key));
    return { ...opened, quorum: quorumTime(policy, opened.seen) };
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}

function isIn(proof, leaf, { size, root }) {
  try {
    checkInclusion(proof.index, size, leaf, proof.path, root);
    return true;
  } catch (error) {
    if (error instanceof BadProof) return false;
    throw error;
  }
}

/** What a function gives; null where it finds another form. */
function tried(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}
