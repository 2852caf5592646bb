// Fetches what lies behind the log's prefix, and nothing else. Nothing is sent but the path.

const LARGEST = { tile: 8192, 'tile/entries': 256 * 65537, roster: 2 ** 24, announcement: 2 ** 22 };
const NOTE = 65536;

/** No answer, or one that says nothing of whether the file is there. */
export class NoAnswer extends Error {}

/** The files of a log that were fetched; those that may be asked for twice are kept. */
export class Files {
  constructor(prefix) {
    this.prefix = prefix;
    this.count = 0;
    this.bytes = 0;
    this.notes = new Map();
    this.get = this.get.bind(this);
  }

  /**
   * The bytes of a file; null: it is not there, or larger than such a file can be; throws
   * NoAnswer.
   */
  async get(path) {
    if (this.notes.has(path)) return this.notes.get(path);
    const bytes = await read(`${this.prefix}/${path}`, largest(path));
    this.count += 1;
    this.bytes += bytes?.length ?? 0;
    if (!path.startsWith('tile/') && !path.startsWith('roster/')) this.notes.set(path, bytes);
    return bytes;
  }
}

/**
 * What stands at an address of this server; null for 404 or more than `most` bytes; throws
 * NoAnswer.
 */
export async function read(url, most) {
  try {
    const answer = await fetch(url, { credentials: 'omit', redirect: 'error' });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new NoAnswer(String(answer.status));
    return await atMost(answer.body.getReader(), most);
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(String(error));
  }
}

/** The bytes of a body; null: there are more, and the rest is left where it is. */
async function atMost(reader, most) {
  const chunks = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      return null;
    }
  }
  const bytes = new Uint8Array(length);
  chunks.reduce((at, chunk) => {
    bytes.set(chunk, at);
    return at + chunk.length;
  }, 0);
  return bytes;
}

function largest(path) {
  const kind = path.startsWith('tile/entries/') ? 'tile/entries' : path.split('/')[0];
  return LARGEST[kind] ?? NOTE;
}
