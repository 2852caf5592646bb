// Where no network helps: what is not sent, as a file or as a code that the leader's tablet scans. The
// bytes are the sealed ones; a record that arrives twice falls out by its id.

import {
  bar, draw, el, icon, note, say, show,
} from './dom.js';
import { doorNote } from './doors.js';
import { onWire, outbox } from './link.js';
import { inState } from './vault.js';
import { t } from './words.js';

const MOST_BYTES = 1_700; // a code that one phone shows and another still reads (version 30, level L)

/** Below the list of uploads: which door this is, and the ways out of it; `back` shows the list again. */
export function rescueWays(back) {
  return el('div', { class: 'w-foot w-feet' }, doorNote(), outbox.count > 0 && waysOf(back));
}

const unsent = async () => [...await inState('attention'), ...await inState('waiting')];

function waysOf(back) {
  return el('div', { class: 'w-feet' }, t('rescueHow'),
    el('button', { class: 'btn', click: save }, icon('i-down'), t('rescue')),
    el('button', { class: 'btn', click: () => showCodes(back) }, icon('i-scan'), t('asCode')));
}

/** A record in ASCII alone: readers of codes guess how other letters are written, and guess wrong. */
const textOf = (one) => JSON.stringify({ v: 1, records: [onWire(one)] }).replace(
  /[^\x20-\x7e]/g,
  (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
);

async function save() {
  const left = await unsent();
  const file = new Blob([JSON.stringify({ v: 1, records: left.map(onWire) })]);
  el('a', { href: URL.createObjectURL(file), download: `shiftapp-${left.length}.json` }).click();
}

/** The codes of all that fits into one; where nothing does, the file is the way. */
async function showCodes(back) {
  const small = (await unsent()).filter((one) => textOf(one).length <= MOST_BYTES);
  if (small.length) showCode(small, 0, back);
  else say(t('tooLong'));
}

/** One record a code, one code a screen. */
async function showCode(small, n, back) {
  const { generate } = await import(document.body.dataset.qr).catch(() => ({}));
  if (!generate) {
    say(t('tooLong'));
    return;
  }
  const next = (n + 1) % small.length;
  show({
    title: t('asCode'),
    head: bar({ back, backLabel: t('back'), heading: t('asCode'), label: t('codeOf', { n: n + 1, all: small.length }) }),
    main: [square(generate(textOf(small[n]))), note('', 'i-doc', t(`kind_${small[n].kind}`), t('asCodeHow'))],
    tray: small.length > 1 ? el('button', { class: 'btn btn-act btn-must', click: () => showCode(small, next, back) },
      t('nextCode')) : null,
  });
}

/** A code as a drawing with its quiet zone of four modules. */
function square(code) {
  const rows = Array.from({ length: code.size }, (_, y) => Array.from({ length: code.size }, (_, x) => (
    code.get(x, y) ? `M${x + 4} ${y + 4}h1v1h-1z` : '')).join(''));
  const side = code.size + 8;
  return draw('svg', { class: 'qr w-qr', viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': t('asCode'),
    'shape-rendering': 'crispEdges' }, draw('path', { d: rows.join('') }));
}
