// Reading QR codes: in pictures, by zxing-wasm in a worker of its own; and in what a camera shows.
// No screen here. `BarcodeDetector` is left alone: it is there and broken in WeChat and others (pwa §3).

import { ours } from './lazy.js';

const EVERY_MS = 140;
const FRAME_PX = 640;
const PICTURE_PX = 1600;

/**
 * A reader of pictures.
 * @param {string} url the address of the worker's script
 * @returns {{read: function(ImageData): Promise<{text: string, failed?: boolean}>, close: function}}
 *   `text` '' = no code; `failed` = nothing can be read on this phone
 */
export function openReader(url) {
  const worker = new Worker(ours(url));
  const asked = new Map();
  let [count, dead] = [0, false];
  const answer = ({ n, ...said }) => {
    if (asked.has(n)) asked.get(n)(said);
    asked.delete(n);
  };
  worker.addEventListener('message', ({ data }) => answer(data));
  worker.addEventListener('error', () => {
    dead = true;
    [...asked.keys()].forEach((n) => answer({ n, text: '', failed: true }));
  });
  const read = (image) => new Promise((resolve) => {
    if (dead) {
      resolve({ text: '', failed: true });
      return;
    }
    count += 1;
    asked.set(count, resolve);
    worker.postMessage({ n: count, image });
  });
  return { read, close: () => worker.terminate() };
}

/** Read the code in a photo that somebody took; answers as a reader does. */
export async function readPhoto(reader, file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, PICTURE_PX / Math.max(bitmap.width, bitmap.height));
  return reader.read(pixels(bitmap, [0, 0, bitmap.width, bitmap.height],
    Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)));
}

/**
 * Show the camera in a video element and tell every text that is read in it.
 * @param {function(string): void} found
 * @param {function(): void} [failed] nothing can be read on this phone
 * @returns {Promise<{light: function(boolean)|null, close: function}>} `light` null: no lamp
 * @throws {DOMException} where there is no camera or it is not allowed
 */
export async function openCamera(video, reader, found, failed = () => {}) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false, video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  await video.play().catch(() => {}); // left again before it began
  const [track] = stream.getVideoTracks();
  let on = true;
  const look = async () => {
    if (!on) return;
    const read = video.videoWidth ? await reader.read(middle(video)) : { text: '' };
    if (on && read.text) found(read.text);
    if (on && read.failed) failed();
    else setTimeout(look, EVERY_MS);
  };
  look();
  const { torch } = track.getCapabilities ? track.getCapabilities() : {};
  return {
    light: torch ? (lit) => track.applyConstraints({ advanced: [{ torch: lit }] }).catch(() => {}) : null,
    close() {
      on = false;
      stream.getTracks().forEach((one) => one.stop());
    },
  };
}

/** The square in the middle of what the camera sees. */
function middle(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const at = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side];
  return pixels(video, at, FRAME_PX, FRAME_PX);
}

const canvas = document.createElement('canvas');

function pixels(source, [x, y, w, h], width, height) {
  Object.assign(canvas, { width, height });
  const paper = canvas.getContext('2d', { willReadFrequently: true });
  paper.drawImage(source, x, y, w, h, 0, 0, width, height);
  return paper.getImageData(0, 0, width, height);
}
