// A leader's tablet reads the codes in which a phone shows what it could not send: the text of each is
// put into the form as the file it would have been, and sent by the form itself.

import { openCamera, openReader } from './worker/decode.js';

const box = document.querySelector('[data-scan]');
const [video, said, button] = ['video', '[data-says]', 'button'].map((one) => box.querySelector(one));
const input = document.getElementById('file');

const isRecords = (text) => {
  try {
    const read = JSON.parse(text);
    return read.v === 1 && Array.isArray(read.records);
  } catch {
    return false;
  }
};

async function start() {
  const reader = openReader(box.dataset.scan);
  button.disabled = true;
  let camera = null;
  const found = (text) => {
    if (!isRecords(text)) {
      said.textContent = box.dataset.other;
      return;
    }
    camera.close();
    reader.close();
    const files = new DataTransfer();
    files.items.add(new File([text], 'scanned.json', { type: 'application/json' }));
    input.files = files.files;
    input.form.requestSubmit();
  };
  try {
    camera = await openCamera(video, reader, found);
    video.hidden = false;
    said.textContent = box.dataset.aim;
  } catch {
    button.disabled = false;
    said.textContent = box.dataset.none;
  }
}

if (navigator.mediaDevices && window.Worker) {
  box.hidden = false;
  button.addEventListener('click', start);
}
