// This phone becomes a device: by a code, with a key pair of its own where the browser can.

import { action, bar, el, note, show } from './dom.js';
import { b64u, parseCode } from './codes.js';
import { call, kick } from './link.js';
import { app, refresh } from './plant.js';
import { syncSign } from './sync.js';
import { reason, tell } from './who.js';
import { write } from './vault.js';
import { t } from './words.js';

/** Enrol this phone with a code, then go on with `then`. */
export function showEnrol({ back, then }) {
  const input = codeInput('enrol-code');
  const fault = el('span', { id: 'enrol-help', class: 'help' }, t('enrolWhere'));
  const send = el('button', { class: 'btn btn-act btn-must', form: 'enrol-form' }, t('enrolMe'));
  send.type = 'submit';
  const submit = async (event) => {
    event.preventDefault();
    const { code, fault: wrong } = parseCode(input.value);
    if (wrong) return tell(fault, input, t(`code_${wrong}`));
    busy(send, true);
    const answer = await enrol(code);
    busy(send, false);
    return answer.status === 200 ? then() : tell(fault, input, reason(answer));
  };
  show({
    title: t('enrolTitle'),
    head: bar({ back, backLabel: t('back'), heading: t('enrolTitle'), right: syncSign(true) }),
    main: [
      app.refusal && note('warn', 'm-abn', t(`refused_${app.refusal}`), t('nothingLost')),
      el('form', { id: 'enrol-form', submit }, el('p', { class: 'field' },
        el('label', { for: 'enrol-code' }, t('enrolCode')), input, fault)),
      el('p', { class: 'w-foot' }, t('enrolOnly')),
    ],
    tray: send,
  });
}

/** What the server's enrolment page asks, sent with a key pair of this phone. */
export async function sendEnrolPage(form) {
  const input = form.querySelector('#code');
  const fault = document.getElementById('code-help');
  const button = document.querySelector('.w-tray button');
  const { code, fault: wrong } = parseCode(input.value);
  if (wrong) return tell(fault, input, t(`code_${wrong}`));
  busy(button, true);
  const answer = await enrol(code);
  busy(button, false);
  if (answer.status !== 200) return tell(fault, input, reason(answer));
  location.href = '/W/';
  return undefined;
}

/** Use an enrolment code: a key pair is made where the browser can, its private part never leaves. */
async function enrol(code) {
  const pair = await makeKeys();
  const pubkey = pair ? b64u(new Uint8Array(
    await crypto.subtle.exportKey('raw', pair.publicKey),
  )) : null;
  const answer = await call('POST', '/api/v1/enrol', { code, pubkey });
  if (answer.status === 200) {
    await write([['kv', 'key', pair ? { device: answer.data.device.id, pair } : undefined],
      ['kv', 'pack', undefined]]);
    await refresh();
    kick();
  }
  return answer;
}

async function makeKeys() {
  if (!crypto.subtle) return null;
  try {
    return await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  } catch {
    return null;
  }
}

const codeInput = (id) => el('input', { id, class: 'w-code-in', autocomplete: 'off',
  autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, placeholder: '0000-0000',
  'aria-describedby': 'enrol-help' });

function busy(button, on) {
  button.setAttribute('aria-disabled', String(on));
}
