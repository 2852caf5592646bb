// What the phone keeps: IndexedDB where there is one, memory where it is refused (private mode).
// Nothing else here: no network, no screen. Four stores of plain values by key: `kv` (pack, device,
// key pair, chain), `drafts` (rounds begun), `outbox` (records sealed, and their receipts), `blobs`
// (photos and signatures by hash: ArrayBuffers, since iOS loses Blobs).

const NAME = 'shiftapp';
const VERSION = 2;
const STORES = ['kv', 'drafts', 'outbox', 'blobs'];
const TRIES = 3;

let opened = null;
let memory = null;

/** True when a reload would lose what is not sent: said to the worker in plain words. */
export const isForgetful = () => memory !== null;

/** Open the store once; falls back to memory and never fails. */
export async function openVault() {
  if (memory) return;
  try {
    await connect();
  } catch {
    memory = new Map(STORES.map((name) => [name, new Map()]));
  }
}

/** One value, or undefined. */
export const read = (store, key) => (
  memory ? Promise.resolve(memory.get(store).get(key)) : ask(store, (s) => s.get(key))
);

/** All values of a store, in the order of their keys. */
export const readAll = (store) => (
  memory ? Promise.resolve([...memory.get(store).values()]) : ask(store, (s) => s.getAll())
);

/** The keys of a store, without its values. */
export const keysOf = (store) => (
  memory ? Promise.resolve([...memory.get(store).keys()]) : ask(store, (s) => s.getAllKeys())
);

/**
 * Write all of it or nothing: `[store, key, value]`, value undefined = delete.
 * @param {Array<[string, string, any]>} changes
 * @param {(chain: any) => boolean} [still] looked at with the chain before anything is written
 * @returns {Promise<boolean>} false: `still` said no, nothing was written
 */
export async function write(changes, still = () => true) {
  if (memory) {
    if (!still(memory.get('kv').get('chain'))) return false;
    changes.forEach(([store, key, value]) => change(memory.get(store), key, value));
    return true;
  }
  return retried((db) => new Promise((resolve, reject) => {
    const tx = db.transaction(STORES, 'readwrite', { durability: 'strict' });
    let done = false;
    tx.oncomplete = () => resolve(done);
    tx.onabort = () => reject(tx.error || new Error('aborted'));
    const asked = tx.objectStore('kv').get('chain');
    asked.onsuccess = () => {
      done = still(asked.result);
      if (!done) return;
      changes.forEach(([store, key, value]) => {
        if (value === undefined) tx.objectStore(store).delete(key);
        else tx.objectStore(store).put(value, key);
      });
    };
  }));
}

/** Put one value. */
export const keep = (store, key, value) => write([[store, key, value]]);

/** How many records are in a state: `waiting`, `attention` or `sent`. */
export const countOf = (state) => (
  memory ? Promise.resolve(held(state).length) : ask('outbox', (s) => s.index('due').count(whole(state)))
);

/**
 * Records in a state, as they would be sent: the least refused first, then in the order of sealing.
 * @param {number} [limit]
 */
export const inState = (state, limit) => (
  memory ? Promise.resolve(held(state).sort(bySending).slice(0, limit))
    : ask('outbox', (s) => s.index('due').getAll(whole(state), limit))
);

/** The records sealed last, newest first, in whatever state. */
export const latest = (limit) => (memory
  ? Promise.resolve([...memory.get('outbox').values()].sort((a, b) => b.sealed_ms - a.sealed_ms).slice(0, limit))
  : retried((db) => new Promise((resolve, reject) => {
    const found = [];
    const asked = db.transaction('outbox').objectStore('outbox').index('sealed').openCursor(null, 'prev');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      if (!asked.result || found.push(asked.result.value) === limit) resolve(found);
      else asked.result.continue();
    };
  })));

/** What this phone sealed for somebody in a shift. */
export const ofShift = (person, shift) => (
  memory ? Promise.resolve([...memory.get('outbox').values()].filter((one) => one.person === person && one.shift === shift))
    : ask('outbox', (s) => s.index('mine').getAll([person, shift]))
);

const whole = (state) => IDBKeyRange.bound([state], [state, []]);
const held = (state) => [...memory.get('outbox').values()].filter((one) => one.state === state);
const bySending = (a, b) => a.refused - b.refused || a.seq - b.seq;

function change(store, key, value) {
  if (value === undefined) store.delete(key);
  else store.set(key, value);
}

function connect() {
  opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => furnish(asked.result, asked.transaction);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('blocked'));
    asked.onsuccess = () => {
      asked.result.onversionchange = () => forget(asked.result);
      asked.result.onclose = () => forget(asked.result);
      resolve(asked.result);
    };
  });
  opened.catch(() => { opened = null; });
  return opened;
}

/** New stores and indexes beside what there is; rows of before get what the indexes ask for. */
function furnish(db, tx) {
  STORES.filter((name) => !db.objectStoreNames.contains(name)).forEach((name) => db.createObjectStore(name));
  const outbox = tx.objectStore('outbox');
  outbox.createIndex('due', ['state', 'refused', 'seq']);
  outbox.createIndex('mine', ['person', 'shift']);
  outbox.createIndex('sealed', 'sealed_ms');
  outbox.openCursor().onsuccess = ({ target: { result } }) => {
    if (!result) return;
    result.update({ refused: 0, seq: result.value.order, ...result.value });
    result.continue();
  };
}

function forget(db) {
  db.close();
  opened = null;
}

// Safari loses its connection in the background (WebKit 277615): open again, try again.
async function retried(work) {
  for (let n = 1; ; n += 1) {
    try {
      return await work(await connect());
    } catch (error) {
      opened = null;
      if (n === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, n * 100));
    }
  }
}

const ask = (store, question) => retried((db) => new Promise((resolve, reject) => {
  const asked = question(db.transaction(store).objectStore(store));
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
}));
