// The newest checkpoint of each log that this browser has seen: whoever shows it another past, or a
// shorter one, is found out. Kept in localStorage; the signed notes stay here and go nowhere.

const PREFIX = 'shiftapp.log.';

/** `{size, root, note, vkey, at}` of a log, or null. */
export function remembered(origin) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + origin));
    const good = found && Number.isSafeInteger(found.size) && found.size >= 0
      && typeof found.root === 'string' && typeof found.note === 'string';
    return good ? found : null;
  } catch {
    return null;
  }
}

/** Keep a checkpoint unless a larger one is kept; whether this browser keeps anything. */
export function remember(origin, checkpoint) {
  try {
    const had = remembered(origin);
    if (!had || had.size <= checkpoint.size) {
      localStorage.setItem(PREFIX + origin, JSON.stringify(checkpoint));
    }
    return true;
  } catch {
    return false;
  }
}
