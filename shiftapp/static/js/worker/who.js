// Who am I: this phone's enrolment by a code, and employee number with PIN on a shared phone.

import { bar, el, icon, say, show } from './dom.js';
import { more, withMore } from './lazy.js';
import { app, signIn, signOut } from './plant.js';
import { keypad } from './pad.js';
import { syncSign } from './sync.js';
import { named, t } from './words.js';

const IDLE_MS = 10 * 60 * 1000;
const PIN_LENGTH = 6;

let idleSince = Date.now();
let trying = false;

/** Enrol this phone with a code, then go on with `then`; where the rest is missing, by the page. */
export async function askEnrol(how) {
  const rest = await more();
  if (rest) rest.showEnrol(how);
  else location.href = '/enrol';
}

/** Take over the server's enrolment page: the same form, with a key pair of this phone. */
export function takeEnrolPage() {
  const form = document.getElementById('enrol');
  withMore((rest) => rest.watchCode('code'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const rest = await more();
    if (rest) rest.sendEnrolPage(form);
    else form.submit();
  });
}

/** The page of the typed code, with the camera beside it. */
export const startGo = () => withMore((rest) => rest.offerCamera());

/**
 * Employee number and PIN on our own keys, then `then`. `check` looks at both and gives '' or the
 * sentence why not: who signs in, unless something else is asked.
 */
export function showPin({ back, then, check = tryIn, heading = t('whoAreYou') }) {
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
    const how = { no: no.value.trim(), pin: pin.value };
    pin.value = '';
    const wrong = await check(how, () => no.isConnected);
    if (!no.isConnected) return;
    if (wrong) tell(fault, pin, wrong);
    else then();
  };
  const good = el('button', { class: 'key key-done', click: submit }, t('good'));
  show({
    title: heading,
    head: bar({ back, backLabel: t('back'), heading, right: syncSign(true) }),
    main: el('form', { class: 'w-pin', submit: (event) => {
      event.preventDefault();
      submit();
    } },
    el('p', { class: 'field' }, el('label', { for: 'no' }, t('employeeNo')), no),
    el('p', { class: 'field' }, el('label', { for: 'pin' }, t('pin')), pin), fault,
    check === tryIn && app.pack && app.device.kind === 'shared' && el('button', { class: 'btn', click: () => scanBadge({ back, then }) },
      icon('i-scan'), t('scanBadge')),
    el('button', { class: 'sr', type: 'submit', tabindex: -1 }, t('good'))),
    tray: keypad(press, { left: 'ABC', below: good }),
    open: true,
  });
  no.focus();
}

/**
 * Sign in, without a signal by what this phone holds; gives '' or the sentence why not. One at a
 * time: an answer that comes late must not put the one before in the place of the next.
 */
async function tryIn(how, isHere) {
  if (trying) return t('signingIn');
  trying = true;
  const answer = await signIn(how);
  const rest = !answer.status && isHere() && await more();
  const wrong = answer.status === 200 ? '' : rest ? await rest.signInHere(how) : reason(answer);
  if (!wrong && !isHere()) await signOut(); // whoever asked has gone
  idleSince = Date.now();
  trying = false;
  return wrong;
}

/** Who one is by the code on the badge, read by the camera. */
const scanBadge = ({ back, then }) => withMore((rest) => rest.showBadge({ back, then, tryIn }));

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
  const look = async () => {
    const shared = app.me && app.device && app.device.kind === 'shared';
    if (!shared || Date.now() - idleSince < IDLE_MS) return false;
    await signOut();
    then();
    return true;
  };
  // A page that stood still wakes up with the touch of the next one: looked at before it counts.
  ['pointerdown', 'keydown'].forEach((name) => addEventListener(name, async () => {
    if (!(await look())) idleSince = Date.now();
  }, { capture: true }));
  setInterval(look, 15_000);
}

/** The server's sentence, or that there is no signal. */
export const reason = (answer) => (answer.status && answer.data ? answer.data.detail : t('noSignal'));

/** A sentence at a field; `good`: it is no fault. */
export function tell(fault, input, text, good = false) {
  fault.textContent = text;
  fault.className = text && !good ? 'bad' : 'help';
  input.closest('.field').toggleAttribute('data-bad', Boolean(text) && !good);
  if (text && !good) say(text);
}
