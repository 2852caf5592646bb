// What a verifier reads of a log: checkpoints, tiles and bundles, each fetched once. Nothing that
// comes from there is believed: a tile shows something only when a signed root follows from it.

import { FormError, same, textOf } from './bytes.js';
import { splitBundle } from './entries.js';
import { openCheckpoint } from './note.js';
import { isOfLogs, parsePolicy, quorumTime } from './policy.js';
import * as tree from './tree.js';

const AT_ONCE = 6; // fetches
const UNKNOWN = new Uint8Array(tree.HASH); // stands for a hash that is still to be fetched

/** A tile that the log does not have, or in another form. */
export class NoTile extends Error {}

/** The log behind `get(path)`, which gives bytes, or null for what is not there. */
export class Reading {
  constructor(get, policy) {
    this.get = get;
    this.policy = policy;
    this.newest = null; // the checkpoint to which all is compared
    this.tiles = new Map();
    this.earlier = new Map(); // trees that needed an earlier policy, by size
  }

  /**
   * A checkpoint that opens: `{checkpoint, seen, quorum}`; null: it is not there; throws
   * FormError.
   */
  async checkpoint(path) {
    const bytes = await this.get(path);
    return bytes === null ? null : opened(textOf(bytes), this.policy);
  }

  /**
   * The same of a tree that is cited. A policy that asks for more binds from its day on: what its
   * witnesses have not seen is held against the policy that the log had at its time.
   */
  async cited(path) {
    const bytes = await this.get(path);
    if (bytes === null) return null;
    const found = await opened(textOf(bytes), this.policy);
    if (found.quorum !== null) return found;
    const { size } = found.checkpoint;
    const before = await this.policyAt(size);
    const then = before && await opened(textOf(bytes), before).catch(formless);
    if (!then || then.quorum === null) return found;
    this.earlier.set(size, before);
    return then;
  }

  /** The policy of the log's own at the time of a tree; null: none, or that of another log. */
  async policyAt(size) {
    const bytes = await this.get(`policy/${size}`);
    try {
      const found = bytes === null ? null : parsePolicy(textOf(bytes));
      return found && isOfLogs(found, this.policy) ? found : null;
    } catch (error) {
      return formless(error);
    }
  }

  /** Whether the newest tree begins with an older one; throws NoTile. */
  async begins({ size, root }) {
    const now = this.newest;
    if (size > now.size) return false;
    if (size === now.size) return same(root, now.root);
    const proof = await this.through((tiles) => tree.consistency(size, now.size, tiles));
    if (leads(size, now, root, proof)) return true;
    const own = await this.through((tiles) => tree.root(size, tiles));
    if (!leads(size, now, own, proof)) throw new NoTile();
    return false;
  }

  /** The first checkpoint that a quorum saw and that holds an entry; null: there is none. */
  async covering(index) {
    try {
      const found = await this.cited(`covering/${index}`);
      if (found === null || found.quorum === null || found.checkpoint.size <= index) return null;
      return (await this.begins(found.checkpoint)) ? found : null;
    } catch (error) {
      if (error instanceof FormError || error instanceof NoTile) return null;
      throw error;
    }
  }

  /** Whether a leaf hash stands at a place of the newest tree. */
  async holds(index, leaf) {
    const now = this.newest;
    try {
      const proof = await this.through((tiles) => tree.inclusion(index, now.size, tiles));
      tree.checkInclusion(index, now.size, leaf, proof, now.root);
      return true;
    } catch (error) {
      return never(error);
    }
  }

  /**
   * Whether the newest root follows from these leaf hashes in their places and the tiles
   * elsewhere. A stored hash above any of them is not read but worked out from what is below it,
   * at every level: else a log beyond 65,536 entries could show other entries than it signed.
   */
  async follows(first, leaves) {
    const now = this.newest;
    const end = first + leaves.length;
    const whole = new Map();
    const above = (level, place, tiles) => {
      if (level === 0) return place >= first && place < end ? leaves[place - first] : tiles(0, place);
      const width = tree.WIDTH ** level;
      if ((place + 1) * width <= first || place * width >= end) return tiles(level, place);
      const key = `${level}/${place}`;
      if (level === 1 && whole.has(key)) return whole.get(key);
      const below = [];
      for (let i = 0; i < tree.WIDTH; i += 1) below.push(above(level - 1, place * tree.WIDTH + i, tiles));
      const found = tree.ofLeaves(below);
      if (level === 1) whole.set(key, found); // all of its leaves are ours
      return found;
    };
    try {
      const root = await this.through((tiles) => (
        tree.root(now.size, (level, place) => above(level, place, tiles))));
      return same(root, now.root);
    } catch (error) {
      return never(error);
    }
  }

  /** The entries of a bundle of the newest tree; null: not there, or of another form. */
  async bundle(number) {
    const width = tree.widthOf(0, number, this.newest.size);
    const bytes = await this.get(tree.bundlePath(number, width));
    const found = bytes === null ? null : splitBundle(bytes);
    return found !== null && found.length === width ? found : null;
  }

  /** The bundles from … up to but not `end`, in their order, some at a time. */
  async bundles(start, end, done) {
    const found = [];
    await each(Array.from({ length: end - start }, (_, n) => start + n), async (number) => {
      found[number - start] = await this.bundle(number);
      done(1);
    });
    return found;
  }

  /** What a function makes of stored hashes; it is asked again once those it asked for are there. */
  async through(work) {
    for (;;) {
      const wanted = new Map();
      const result = work((level, place) => this.stored(level, place, wanted));
      if (wanted.size === 0) return result;
      await each([...wanted.values()], ([level, number]) => this.fetchTile(level, number));
    }
  }

  stored(level, place, wanted) {
    const number = Math.floor(place / tree.WIDTH);
    const key = `${level}/${number}`;
    const tile = this.tiles.get(key);
    if (tile) return tile[place % tree.WIDTH];
    wanted.set(key, [level, number]);
    return UNKNOWN;
  }

  async fetchTile(level, number) {
    const width = tree.widthOf(level, number, this.newest.size);
    const bytes = await this.get(tree.tilePath(level, number, width));
    if (bytes === null || bytes.length !== width * tree.HASH) throw new NoTile();
    this.tiles.set(`${level}/${number}`, tree.split(bytes));
  }
}

async function opened(text, policy) {
  const found = await openCheckpoint(text, policy.log, policy.witnesses.map(({ key }) => key));
  return { ...found, quorum: quorumTime(policy, found.seen) };
}

/** Null for what has another form; anything else goes on. */
function formless(error) {
  if (error instanceof FormError) return null;
  throw error;
}

/** Whether a proof leads from an older root to the newest. */
function leads(size, now, root, proof) {
  try {
    tree.checkConsistency(size, now.size, root, proof, now.root);
    return true;
  } catch (error) {
    return never(error);
  }
}

/** False for what shows nothing; anything else (no network, a fault of ours) goes on. */
function never(error) {
  if (error instanceof tree.BadProof || error instanceof NoTile) return false;
  throw error;
}

async function each(list, work) {
  const rest = [...list];
  const lanes = Array.from({ length: Math.min(AT_ONCE, rest.length) }, async () => {
    while (rest.length) await work(rest.shift());
  });
  await Promise.all(lanes);
}
