// The Merkle tree of the log: RFC 6962 hashes and proofs over the tiles of C2SP tlog-tiles. The
// same as ledger/tree.py. Sizes may be larger than 32 bits: no bit operators on them.

import { same } from './bytes.js';
import { sha256 } from './sha256.js';

export const WIDTH = 256; // hashes of a tile
export const HASH = 32;
const HEIGHT = 8;

export const EMPTY = sha256(new Uint8Array(0));

/** A proof that shows nothing: too short, too long, or of another tree. */
export class BadProof extends Error {}

/** SHA-256 of 0x00 and the entry. */
export const leafHash = (entry) => sha256(entry, 0);

const both = new Uint8Array(2 * HASH);

/** SHA-256 of 0x01 and both children. */
export function nodeHash(left, right) {
  both.set(left);
  both.set(right, HASH);
  return sha256(both, 1);
}

/** The tree hash over leaf hashes (RFC 6962 §2.1). */
export function ofLeaves(hashes) {
  if (hashes.length === 0) return EMPTY;
  return span(0, hashes.length, (level, place) => subtree(level, place, 1, (_, at) => hashes[at]));
}

/** The root of the first `size` leaves; `tiles(level, place)` gives a stored hash. */
export const root = (size, tiles) => (size ? span(0, size, reader(tiles)) : EMPTY);

/** The audit path of a leaf in a tree, from the leaf up (RFC 6962 §2.1.1). */
export const inclusion = (index, size, tiles) => path(index, 0, size, reader(tiles));

/** The proof that a tree begins with an older one (RFC 6962 §2.1.2); empty where it is trivial. */
export function consistency(old, size, tiles) {
  if (old === 0 || old === size) return [];
  return subProof(old, 0, size, true, reader(tiles));
}

/** Pass when a leaf hash is at a place of the tree with a root; throws BadProof. */
export function checkInclusion(index, size, leaf, proof, wanted) {
  if (!(index >= 0 && index < size)) throw new BadProof('no such leaf');
  const rest = [...proof];
  const found = rootOfPath(index, size, leaf, rest);
  checkUsed(rest);
  if (!same(found, wanted)) throw new BadProof('the leaf is not in this tree');
}

/** Pass when a tree begins with an older one; throws BadProof. */
export function checkConsistency(old, size, oldRoot, proof, wanted) {
  if (!(old >= 0 && old <= size)) throw new BadProof('the older tree is the larger one');
  const rest = [...proof];
  const [first, second] = old === 0 ? [EMPTY, wanted] : rootsOfProof(old, size, oldRoot, rest);
  checkUsed(rest);
  if (!same(first, oldRoot) || !same(second, wanted)) {
    throw new BadProof('this tree does not begin with the older one');
  }
}

/** Where a tile is published: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits (C2SP). */
export const tilePath = (level, number, width = WIDTH) => `tile/${level}/${place(number, width)}`;

/** Where a bundle of entries is published. */
export const bundlePath = (number, width = WIDTH) => `tile/entries/${place(number, width)}`;

/** How many hashes tile (level, number) has in a tree of that size; 0: there is none. */
export function widthOf(level, number, size) {
  const held = Math.floor(size / WIDTH ** level) - number * WIDTH;
  return Math.max(0, Math.min(WIDTH, held));
}

/** All hashes of a tile's bytes. */
export function split(content) {
  const found = [];
  for (let at = 0; at < content.length; at += HASH) found.push(content.subarray(at, at + HASH));
  return found;
}

function place(number, width) {
  const groups = [String(number % 1000).padStart(3, '0')];
  for (let left = Math.floor(number / 1000); left > 0; left = Math.floor(left / 1000)) {
    groups.unshift(`x${String(left % 1000).padStart(3, '0')}`);
  }
  return groups.join('/') + (width === WIDTH ? '' : `.p/${width}`);
}

/** Nodes from what is stored: the lowest level of each tile. */
const reader = (tiles) => (level, at) => subtree(level, at, HEIGHT, tiles);

function subtree(level, at, every, stored) {
  if (level % every === 0 && (every > 1 || level === 0)) return stored(level / every, at);
  return nodeHash(
    subtree(level - 1, 2 * at, every, stored),
    subtree(level - 1, 2 * at + 1, every, stored),
  );
}

/** The level of a power of two; -1 for any other number. */
function levelOf(count) {
  let level = 0;
  for (; count > 1 && count % 2 === 0; level += 1) count /= 2;
  return count === 1 ? level : -1;
}

function powerBelow(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function span(start, count, node) {
  const level = levelOf(count);
  if (level >= 0) return node(level, start / count);
  const left = powerBelow(count);
  return nodeHash(span(start, left, node), span(start + left, count - left, node));
}

function path(index, start, count, node) {
  if (count === 1) return [];
  const left = powerBelow(count);
  if (index < left) {
    return [...path(index, start, left, node), span(start + left, count - left, node)];
  }
  return [...path(index - left, start + left, count - left, node), span(start, left, node)];
}

function subProof(old, start, count, known, node) {
  if (old === count) return known ? [] : [span(start, count, node)];
  const left = powerBelow(count);
  if (old <= left) {
    const below = subProof(old, start, left, known, node);
    return [...below, span(start + left, count - left, node)];
  }
  const below = subProof(old - left, start + left, count - left, false, node);
  return [...below, span(start, left, node)];
}

function rootOfPath(index, count, leaf, rest) {
  if (count === 1) return leaf;
  const left = powerBelow(count);
  if (index < left) return nodeHash(rootOfPath(index, left, leaf, rest), next(rest));
  const below = rootOfPath(index - left, count - left, leaf, rest);
  return nodeHash(next(rest), below);
}

function rootsOfProof(old, count, known, rest) {
  if (old === count) {
    const found = known === null ? next(rest) : known;
    return [found, found];
  }
  const left = powerBelow(count);
  if (old <= left) {
    const [first, second] = rootsOfProof(old, left, known, rest);
    return [first, nodeHash(second, next(rest))];
  }
  const [first, second] = rootsOfProof(old - left, count - left, null, rest);
  const shared = next(rest);
  return [nodeHash(shared, first), nodeHash(shared, second)];
}

function next(rest) {
  if (rest.length === 0) throw new BadProof('the proof is too short');
  return rest.shift();
}

function checkUsed(rest) {
  if (rest.length) throw new BadProof('the proof is too long');
}
