// Who am I: this phone's enrolment by a code, and employee number with PIN on a shared phone.

import { action, bar, el, icon, note, say, show } from './dom.js';
import { parseCode } from './codes.js';
import { app, enrol, signIn, signOut } from './plant.js';
import { keypad } from './pad.js';
import { syncSign } from './sync.js';
import { named, t } from './words.js';

const IDLE_MS = 10 * 60 * 1000;
const PIN_LENGTH = 6;

let idleSince = Date.now();

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

/** Take over the server's enrolment page: the same form, with a key pair of this phone. */
export function takeEnrolPage() {
  const form = document.getElementById('enrol');
  const input = form.querySelector('#code');
  const fault = document.getElementById('code-help');
  const button = document.querySelector('.w-tray button');
  checkWhileTyping(input, fault);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { code, fault: wrong } = parseCode(input.value);
    if (wrong) {
      tell(fault, input, t(`code_${wrong}`));
      return;
    }
    busy(button, true);
    const answer = await enrol(code);
    busy(button, false);
    if (answer.status === 200) location.href = '/W/';
    else tell(fault, input, reason(answer));
  });
}

/** Test the check symbol as soon as eight symbols are there. */
export function checkWhileTyping(input, fault) {
  input.addEventListener('input', () => {
    const { code, fault: wrong } = parseCode(input.value);
    const early = wrong === 'length' && code.length < 8;
    if (early || !wrong) tell(fault, input, wrong ? '' : t('codeGood'), !wrong);
    else tell(fault, input, t(`code_${wrong}`));
  });
}

/** Employee number and PIN on our own keys, then `then`. */
export function showPin({ back, then }) {
  const no = el('input', { id: 'no', autocomplete: 'off', autocapitalize: 'characters',
    inputmode: 'none', maxlength: 32, 'aria-describedby': 'pin-help' });
  const pin = el('input', { id: 'pin', type: 'password', autocomplete: 'off', inputmode: 'none',
    maxlength: PIN_LENGTH, 'aria-describedby': 'pin-help' });
  const fault = el('span', { id: 'pin-help', class: 'help' }, t('pinHelp'));
  let active = no;
  [no, pin].forEach((input) => input.addEventListener('focus', () => { active = input; }));
  const press = (key) => {
    if (key === 'ABC') {
      no.inputMode = 'text';
      no.blur();
      no.focus();
      return;
    }
    active.value = key === 'erase' ? active.value.slice(0, -1) : (active.value + key).slice(0, active.maxLength);
    if (active === pin && key !== 'erase' && pin.value.length === PIN_LENGTH) submit();
  };
  const submit = async () => {
    if (active === no && !pin.value) {
      active = pin;
      pin.focus();
      return;
    }
    const answer = await signIn(no.value.trim(), pin.value);
    if (answer.status === 200) {
      idleSince = Date.now();
      then();
      return;
    }
    pin.value = '';
    tell(fault, pin, reason(answer));
  };
  const good = el('button', { class: 'key key-done', click: submit }, t('good'));
  show({
    title: t('whoAreYou'),
    head: bar({ back, backLabel: t('back'), heading: t('whoAreYou'), right: syncSign(true) }),
    main: el('form', { class: 'w-pin', submit: (event) => {
      event.preventDefault();
      submit();
    } },
    el('p', { class: 'field' }, el('label', { for: 'no' }, t('employeeNo')), no),
    el('p', { class: 'field' }, el('label', { for: 'pin' }, t('pin')), pin), fault,
    el('button', { class: 'sr', type: 'submit', tabindex: -1 }, t('good'))),
    tray: keypad(press, { left: 'ABC', below: good }),
    open: true,
  });
  no.focus();
}

/** On a shared phone: who is on it, 换人 in one tap, and when it ends by itself. */
export function whoIsOn(then) {
  if (!app.me || app.device.kind !== 'shared') return null;
  return el('div', { class: 'w-two w-who' },
    el('span', {}, el('b', {}, named(app.me)), el('span', { class: 'w-label' }, t('idleEnds'))),
    el('button', { class: 'btn', click: async () => {
      await signOut();
      then();
    } }, icon('i-swap'), t('swap')));
}

/** End a shared phone's session after ten minutes without a touch. */
export function watchIdle(then) {
  ['pointerdown', 'keydown'].forEach((name) => addEventListener(name, () => {
    idleSince = Date.now();
  }, { capture: true }));
  setInterval(async () => {
    const shared = app.me && app.device && app.device.kind === 'shared';
    if (!shared || Date.now() - idleSince < IDLE_MS) return;
    await signOut();
    then();
  }, 15_000);
}

/** The server's sentence, or that there is no signal. */
const reason = (answer) => (answer.status && answer.data ? answer.data.detail : t('noSignal'));

const codeInput = (id) => el('input', { id, class: 'w-code-in', autocomplete: 'off',
  autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, placeholder: '0000-0000',
  'aria-describedby': 'enrol-help' });

function tell(fault, input, text, good = false) {
  fault.textContent = text;
  fault.className = text && !good ? 'bad' : 'help';
  input.closest('.field').toggleAttribute('data-bad', Boolean(text) && !good);
  if (text && !good) say(text);
}

function busy(button, on) {
  button.setAttribute('aria-disabled', String(on));
}
