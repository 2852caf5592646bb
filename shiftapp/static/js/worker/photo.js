// A photo for a record: taken by the phone's own camera app, drawn anew here, which leaves out where
// and with what it was taken, and made small enough to be sent over a bad line (pwa brief §1.6).

import { el, icon, say } from './dom.js';
import { b64u, sha256 } from './codes.js';
import { keep, keysOf } from './vault.js';
import { t } from './words.js';

const SIZES = [[1280, 0.7], [960, 0.6], [640, 0.5]];
const MOST_BYTES = 500 * 1024;
const MOST_HELD = 200; // some 50 MB that wait for a signal

/**
 * A button that takes a photo, and then shows it; `change` gets a promise of its hash, or undefined
 * when it is taken away.
 * @param {string} label
 * @param {string|undefined} sha one taken before
 */
export function photoField(label, change, sha) {
  const place = el('div', { class: 'w-photo' });
  const help = el('p', { class: 'w-label', role: 'status' });
  const input = el('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'sr', tabindex: -1,
    'aria-hidden': 'true', change: take });
  async function take() {
    const [file] = input.files;
    input.value = '';
    if (!file) return;
    help.textContent = t('photoWorks');
    const work = keepPhoto(file);
    change(work.then((kept) => kept.sha, () => undefined));
    try {
      const { sha: taken, picture } = await work;
      help.textContent = '';
      paint(taken, picture);
    } catch (error) {
      help.textContent = t(error.message === 'full' ? 'photoFull' : 'photoBad');
      say(help.textContent);
    }
  }
  const open = () => input.click();
  const paint = (taken, picture) => place.replaceChildren(...[
    taken && picture && el('img', { src: URL.createObjectURL(picture), alt: t('photoTaken') }),
    el('button', { class: 'btn', click: open }, icon('i-camera'), taken ? t('photoAgain') : label),
    taken && el('button', { class: 'btn', 'aria-label': t('photoAway'), click: () => {
      paint();
      change(undefined);
    } }, icon('i-erase')),
  ].filter(Boolean), input, help);
  paint(sha);
  return place;
}

/** Make a photo small, and keep it on this phone: its hash (b64u) and the picture. */
async function keepPhoto(file) {
  if ((await keysOf('blobs')).length >= MOST_HELD) throw new Error('full');
  const bitmap = await createImageBitmap(file);
  for (const [side, quality] of SIZES) {
    const picture = await drawn(bitmap, side, quality);
    const bytes = await picture.arrayBuffer();
    const sha = b64u(sha256(new Uint8Array(bytes)));
    try {
      if (bytes.byteLength > MOST_BYTES) continue;
      await keep('blobs', sha, { sha, bytes, at_ms: Date.now() });
      return { sha, picture };
    } catch { /* no room for this one: a smaller one */ }
  }
  throw new Error('full');
}

function drawn(bitmap, side, quality) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}
