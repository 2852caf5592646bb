// The words to call, read aloud by the phone: only by a voice that lies on the phone itself, since
// others send the words away.

import { el, icon } from './dom.js';
import { t } from './words.js';

if (window.speechSynthesis) speechSynthesis.getVoices(); // they come late: asked for early

function voiceHere() {
  const lang = document.documentElement.lang.slice(0, 2);
  const all = window.speechSynthesis ? speechSynthesis.getVoices() : [];
  return all.find((one) => one.localService && one.lang.toLowerCase().startsWith(lang));
}

/** A button that reads a text; null where this phone has no voice of its own for the language. */
export function readAloud(text) {
  if (!voiceHere()) return null;
  return el('button', { class: 'btn btn-bare', click: () => {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voiceHere();
    said.lang = said.voice.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(said);
  } }, icon('i-call'), t('readOut'));
}
