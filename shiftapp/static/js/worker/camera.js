// The scanner in the page: the camera with its lamp, a photo of the code where there is no camera,
// and the code typed by hand. Only our own codes are taken; anything else is shown as what it is.

import {
  action, bar, el, icon, note, show,
} from './dom.js';
import { parseCode } from './codes.js';
import { openCamera, openReader, readPhoto } from './decode.js';
import { app } from './plant.js';
import { watchCode } from './typed.js';
import { t } from './words.js';

const STATION = /^https?:\/\/([^/]+)\/W\/([0-9A-Z]{8})(?:\/([0-9A-Z]{16}))?$/i;
const BADGE = /^https?:\/\/([^/]+)\/W\/ME\/([0-9A-Z]{16})$/i;

/** The station in a scanned text: `{code, mac}`; null: no code of this plant. */
export function stationIn(text) {
  const [, host, code, mac = null] = STATION.exec(text.trim()) || [];
  if (!code || parseCode(code).fault) return null;
  const found = { code: code.toUpperCase(), mac: mac && mac.toUpperCase() };
  const known = app.pack && app.pack.stations[found.code];
  const printed = known && known.mac === found.mac; // whatever name the plant had then
  return printed || isHere(host) ? found : null;
}

/** The secret in a scanned badge, or ''. */
export function badgeIn(text) {
  const [, host, secret] = BADGE.exec(text.trim()) || [];
  return secret && isHere(host) ? secret.toUpperCase() : '';
}

const isHere = (host) => host.toLowerCase() === location.host.toLowerCase();

/**
 * The screen.
 * @param {{heading: string, hint: string, back: function, take: function, typed?: function}} how
 *   `take(text, leave)` goes on with what was read, or gives the sentence why not; `typed` leads to
 *   where the code can be typed
 */
export function showScan({ heading, hint, back, take, typed = null }) {
  const video = el('video', { class: 'w-cam', muted: true, playsinline: true, 'aria-label': hint });
  video.muted = true; // as an attribute alone it is not, and then nothing plays by itself
  const told = el('div', { role: 'status', class: 'w-told' });
  const tray = el('div', { class: 'w-tray-in' });
  const scan = { typed: typed && (() => leave(typed)), reader: openReader(document.body.dataset.scan), camera: null, last: '', video };
  const leave = (go) => {
    if (scan.camera) scan.camera.close();
    scan.reader.close();
    document.removeEventListener('visibilitychange', look);
    go();
  };
  // A page nobody looks at has no camera; it is asked for again when somebody does.
  const look = () => {
    if (!video.isConnected) return;
    if (document.hidden && scan.camera) scan.camera.close();
    if (!document.hidden) start(scan, found, told);
  };
  document.addEventListener('visibilitychange', look);
  const found = async (text) => {
    if (text === scan.last) return; // the same wrong one, still held before the camera
    scan.last = text;
    const wrong = await take(text, leave);
    if (!wrong) return;
    // What a badge says is a secret: whoever reads it here could print another.
    told.replaceChildren(note('warn', 'm-abn', wrong, /\/W\/ME\//i.test(text) ? '' : text));
  };
  show({
    title: heading,
    head: bar({ back: () => leave(back), backLabel: t('back'), heading }),
    main: [el('div', { class: 'w-cam-box' }, video), el('p', { class: 'w-foot' }, hint), told],
    tray,
  });
  fillTray(tray, scan, found, told);
  start(scan, found, told).then(() => fillTray(tray, scan, found, told));
}

/** On the page of the typed code: the camera as its strong action, opened at once where it may be. */
export async function offerCamera() {
  watchCode('code');
  const main = document.querySelector('main');
  const open = () => showStationScan(() => { location.href = '/W/'; });
  main.querySelector('.note').replaceWith(
    action(t('openCamera'), { click: open }, { sign: icon('i-scan', 'i i-48'), cls: 'btn-must btn-lead' }),
  );
  main.querySelector('.btn-must[type=submit]').classList.replace('btn-must', 'btn-equal');
  if (location.search === '' && await isAllowed()) open();
}

/** Scan the code of a station and open it. */
function showStationScan(back) {
  showScan({
    heading: t('scanStation'),
    hint: t('scanHint'),
    back,
    typed: () => location.replace('/W/go?typed'),
    take(text) {
      const found = stationIn(text);
      if (!found) return t('notOurCode');
      location.href = ['/W', found.code, ...(found.mac ? [found.mac] : [])].join('/');
      return '';
    },
  });
}

async function isAllowed() {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state === 'granted';
  } catch {
    return false;
  }
}

async function start(scan, found, told) {
  try {
    const failed = () => told.replaceChildren(note('warn', 'm-abn', t('cannotRead'), t('cannotReadHow')));
    scan.camera = await openCamera(scan.video, scan.reader, found, failed);
    if (!scan.video.isConnected) scan.camera.close(); // left while it was asked for
  } catch {
    scan.video.parentElement.hidden = true;
    if (!told.firstChild) told.replaceChildren(note('', 'i-camera', t('noCamera'), t('noCameraHow')));
  }
}

function fillTray(tray, scan, found, told) {
  const light = scan.camera && scan.camera.light;
  const type = scan.typed && el('button', { class: 'btn', click: scan.typed }, t('typeCode'));
  tray.replaceChildren(...[light && lamp(light), type, photo(scan, found, told)].filter(Boolean));
}

function lamp(light) {
  return el('button', { class: 'btn', 'aria-pressed': 'false', click: ({ currentTarget: button }) => {
    const lit = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(lit));
    light(lit);
  } }, t('lamp'));
}

/** A photo of the code: by the phone's own camera app, which needs no permission of ours. */
function photo(scan, found, told) {
  const read = async () => {
    const [file] = input.files;
    input.value = '';
    if (!file) return;
    const { text, failed } = await readPhoto(scan.reader, file).catch(() => ({ text: '' }));
    if (text) {
      scan.last = '';
      found(text);
      return;
    }
    const [big, small] = failed ? ['cannotRead', 'cannotReadHow'] : ['noCode', 'noCodeHow'];
    told.replaceChildren(note('warn', 'm-abn', t(big), t(small)));
  };
  const input = el('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'sr', tabindex: -1,
    'aria-hidden': 'true', change: read });
  return el('div', {}, input, el('button', { class: 'btn btn-act btn-equal btn-lead', click: () => input.click() },
    icon('i-camera', 'i i-40'), el('span', {}, t('photoOfCode'))));
}
