// Trust policies of C2SP tlog-policy: which log, which witnesses, how many must have seen it. The
// same as ledger/policy.py.

import { FormError, same } from './bytes.js';
import { COSIGNATURE, parseVkey } from './note.js';

const NONE = 'none'; // the quorum that asks nobody
const MOST_LINES = 200;
const BREAKS = /[^\t\n\x20-\x7e\x80-\u{10ffff}]/u;
const LEAST = /^[1-9][0-9]{0,3}$/;

/**
 * A policy from its file: `{log: {name, id, raw, vkey}, witnesses: [{name, key, own}], groups, quorum}`; `own`: a witness
 * whose key is named under the log's host is its operator's; throws FormError.
 */
export function parsePolicy(text) {
  if (BREAKS.test(text) || text.split('\n').length - 1 > MOST_LINES) {
    throw new FormError('not a policy');
  }
  const found = { logs: [], witnesses: [], groups: new Map(), used: new Set(), quorum: '' };
  for (const line of text.split('\n')) {
    const words = line.replace(/^[ \t]+|[ \t]+$/g, '').split(/[ \t]+/);
    if (words[0] && !words[0].startsWith('#')) take(found, words[0], words.slice(1));
  }
  if (!found.quorum || found.logs.length === 0) throw new FormError('a policy names log and quorum');
  const log = found.logs[0];
  const witnesses = found.witnesses.map((one) => (
    { ...one, own: same(one.key.raw, log.raw) || hostOf(one.key) === hostOf(log) }));
  const { logs, groups, quorum } = found;
  return { text, log, logs, witnesses, groups, quorum };
}

/** Whether two policies are about the same logs. */
export const isOfLogs = (one, other) => (
  one.logs.length === other.logs.length && one.logs.every(({ name, raw }, n) => (
    name === other.logs[n].name && same(raw, other.logs[n].raw))));

/** Whether these witnesses (a Set of names as the policy has them) make the quorum. */
export const satisfied = (policy, names) => (
  policy.quorum === NONE || has(policy, policy.quorum, names));

/** When the quorum had seen a checkpoint, Unix s; null: it has not, or nobody is asked. */
export function quorumTime(policy, seen) {
  if (policy.quorum === NONE) return null;
  const times = policy.witnesses.filter(({ key }) => seen.has(key.name))
    .map(({ name, key }) => [name, seen.get(key.name)]);
  const sorted = [...new Set(times.map(([, time]) => time))].sort((a, b) => a - b);
  const found = sorted.find((time) => (
    satisfied(policy, new Set(times.filter(([, at]) => at <= time).map(([name]) => name)))));
  return found === undefined ? null : found;
}

/** Whether the log's operator alone can make the quorum: 自证. */
export function isSelfAttested(policy) {
  return satisfied(policy, new Set(policy.witnesses.filter(({ own }) => own).map(({ name }) => name)));
}

function take(found, kind, words) {
  const takers = { log: takeLog, witness: takeWitness, group: takeGroup, quorum: takeQuorum };
  if (!Object.hasOwn(takers, kind)) throw new FormError('a line of no policy');
  takers[kind](found, words);
}

function takeLog(found, words) {
  mustBeFew(words, 1, 2);
  const key = parseVkey(words[0]);
  mustBeNewKey(key, found.logs);
  found.logs.push({ ...key, vkey: words[0] });
}

function takeWitness(found, words) {
  mustBeFew(words, 2, 3);
  const [name, vkey] = words;
  const key = parseVkey(vkey, COSIGNATURE);
  mustBeNewName(found, name);
  mustBeNewKey(key, found.witnesses.map((one) => one.key));
  // Two of one name would both count for one signature.
  if (found.witnesses.some((one) => one.key.name === key.name)) throw new FormError(`${name} is taken`);
  found.witnesses.push({ name, key });
}

function takeGroup(found, words) {
  if (words.length < 2) throw new FormError('too few words');
  const [name, least, ...members] = words;
  mustBeNewName(found, name);
  for (const one of members) {
    if (!isKnown(found, one) || found.used.has(one)) throw new FormError(`${one} cannot be a member`);
    found.used.add(one);
  }
  found.groups.set(name, { least: leastOf(least, members.length), members });
}

function takeQuorum(found, words) {
  mustBeFew(words, 1, 1);
  if (found.quorum || (words[0] !== NONE && !isKnown(found, words[0]))) {
    throw new FormError('not a quorum');
  }
  [found.quorum] = words;
}

function leastOf(word, members) {
  if (members === 0) throw new FormError('a group has members');
  if (word === 'all' || word === 'any') return word === 'all' ? members : 1;
  if (!LEAST.test(word) || Number(word) > members) throw new FormError('not that many members');
  return Number(word);
}

function has(policy, name, names) {
  const group = policy.groups.get(name);
  if (!group) return names.has(name);
  return group.members.filter((one) => has(policy, one, names)).length >= group.least;
}

const hostOf = ({ name }) => name.split('/')[0].toLowerCase();

const isKnown = (found, name) => (
  found.groups.has(name) || found.witnesses.some((one) => one.name === name));

function mustBeFew(words, least, most) {
  if (words.length < least || words.length > most) throw new FormError('too few or too many words');
}

function mustBeNewName(found, name) {
  if (name === NONE || isKnown(found, name)) throw new FormError(`${name} is taken`);
}

function mustBeNewKey(key, known) {
  if (known.some((one) => same(one.raw, key.raw))) throw new FormError('the same key twice');
}
