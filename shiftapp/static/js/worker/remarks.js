// What the server saw in the records, said first to the one who made them.

import { el, note } from './dom.js';
import { t } from './words.js';

const SAID = ['not_on_roster', 'outside_window', 'other_device', 'unknown_version', 'schema', 'shape',
  'id_conflict', 'time_unverified'];

/** A note for each; null where there is nothing to say. */
export function remarksPart(rows) {
  const flags = new Set(rows.flatMap((row) => row.flags));
  const notes = SAID.filter((flag) => flags.has(flag)).map((flag) => note('', 'i-doc', t(`flag_${flag}`)));
  return notes.length ? el('div', {}, notes) : null;
}
