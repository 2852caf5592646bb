// The code of a receipt: what a colleague or an inspector can look the record up by.

import { receiptCode } from './codes.js';
import { el } from './dom.js';
import { t } from './words.js';

/** The receipt's code to show, to copy and to scan; null where the receipt is none of ours. */
export function receiptPart(receipt) {
  const text = receiptCode(receipt);
  if (!text) return null;
  return el('section', { class: 'w-h w-code', 'aria-label': t('receiptCode') },
    el('img', { class: 'qr', src: `/W/receipt/${text}.svg`, alt: t('qrOf', { text }), width: 96, height: 96 }),
    el('div', {}, el('span', { class: 'w-label' }, t('receiptCode')), el('b', {}, text),
      el('button', { class: 'btn btn-bare w-copy', click: (event) => copy(text, event.currentTarget) },
        t('copy'))));
}

/** The clipboard needs a secure context; else the code is selected, to be copied by hand. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t('copied');
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = t('selected');
  }
}
