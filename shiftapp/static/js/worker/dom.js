// Making and showing elements: text goes in as text, never as HTML, so that nothing typed or sent
// can become a script (the page's policy enforces Trusted Types).

const SVG = 'http://www.w3.org/2000/svg';
const GUARD_MS = 400;

let shownAt = 0;

/**
 * An element.
 * @param {string} tag
 * @param {object} [attrs] attributes; functions are listeners of their name; null, false: left out
 * @param {...(Node|string|null|Array)} children
 */
export function el(tag, attrs = {}, ...children) {
  const element = document.createElement(tag);
  if (tag === 'button') element.type = 'button';
  return fill(dress(element, attrs), children);
}

/** An element of a drawing. */
export function draw(tag, attrs = {}, ...children) {
  return fill(dress(document.createElementNS(SVG, tag), attrs), children);
}

/**
 * Put these into a place. What looks the same stays: a button taken away between the finger's down
 * and up is not pressed.
 */
export function renew(place, ...children) {
  const [before, now] = [place.childNodes, children.flat(3).filter(Boolean)];
  const isSame = before.length === now.length && now.every((one, n) => one.isEqualNode(before[n]));
  if (!isSame) place.replaceChildren(...now);
}

/** A drawn sign of the page's sprite; with a label it speaks, else it is decoration. */
export function icon(name, cls = 'i', label = '') {
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return draw('svg', { class: cls, ...said }, draw('use', { href: `#${name}` }));
}

function dress(element, attrs) {
  Object.entries(attrs).forEach(([name, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : value);
  });
  return element;
}

function fill(element, children) {
  element.append(...children.flat(3).filter((child) => child || child === 0));
  return element;
}

/**
 * Show a screen: head, main part and tray take the places of those before; the heading is read
 * out by moving the focus to it. A cut, no movement (ui.md §5).
 */
export function show({ title, head, main, tray = null, mainClass = '', open = false }) {
  const body = document.body;
  body.classList.toggle('w-pad-open', open);
  const place = el('main', { class: `w-main ${mainClass}`, id: 'main' }, main);
  body.querySelector(':scope > header').replaceWith(head);
  body.querySelector(':scope > main').replaceWith(place);
  const old = body.querySelector(':scope > footer');
  if (old) old.remove();
  if (tray) place.after(el('footer', { class: 'w-tray' }, tray));
  document.title = title;
  shownAt = performance.now();
  scrollTo(0, 0);
  focus(body.querySelector('[data-heading]') || body.querySelector('h1'));
}

/** Move the focus, and what is read out, to something that is no control. */
export function focus(element) {
  if (!element) return;
  if (!element.matches('a, button, input, textarea')) element.tabIndex = -1;
  element.focus({ preventScroll: element.tagName === 'H1' });
}

/** True for the 400 ms after a screen change: the second half of a double tap is no answer. */
export const isGuarded = () => performance.now() - shownAt < GUARD_MS;

/** Read something out politely. */
export function say(text) {
  const live = document.getElementById('live');
  live.textContent = '';
  setTimeout(() => { live.textContent = text; }, 50);
}

/** A short shake where the phone can; always beside something to see. */
export const shake = (...times) => navigator.vibrate && navigator.vibrate(times);

/** The bar of a screen: a way back, a heading with a line below it, and what stands at the right. */
export function bar({ back, backLabel, heading, label = '', right = null }) {
  return el(
    'header',
    { class: 'w-bar' },
    back && el('button', { class: 'btn btn-bare', 'aria-label': backLabel, click: back },
      icon('i-back', 'i i-32')),
    el('div', { class: 'row-main' }, el('h1', {}, heading),
      label && el('span', { class: 'w-label' }, label)),
    right,
  );
}

/** The one strong action of a screen, or its equal; `sub` is its second line. */
export function action(label, attrs, { sub = '', sign = null, cls = 'btn-must' } = {}) {
  const lines = [label, sub && el('span', { class: 'btn-sub' }, sub)];
  return el('button', { class: `btn btn-act ${cls}`, ...attrs }, sign, el('span', {}, lines));
}

/** A fact in the flow: `kind` is '', must, ok, warn or stop. */
export function note(kind, sign, strong, text = '') {
  return el(
    'div',
    { class: `note ${kind ? `note-${kind}` : ''}`, role: kind === 'stop' ? 'alert' : null },
    icon(sign, sign.startsWith('m-') ? 'mark' : 'i'),
    el('span', {}, strong && el('b', {}, strong), text),
  );
}

/**
 * One of a few answers: a radio group that the arrow keys walk through (WAI-ARIA pattern).
 * @param {Array<{id: string, text: string, bad?: boolean}>} options
 */
export function radios(label, options, chosen, pick, cls = '') {
  const buttons = options.map(({ id, text, bad }, n) => el('button', {
    class: `choice ${bad ? 'choice-abn' : ''} ${cls.includes('w-stack') ? 'choice-left' : ''}`,
    role: 'radio',
    'aria-checked': String(id === chosen),
    tabindex: id === chosen || (!chosen && n === 0) ? '0' : '-1',
    click: () => choose(n),
  }, text));
  const choose = (n) => {
    buttons.forEach((button, i) => {
      button.setAttribute('aria-checked', String(i === n));
      button.tabIndex = i === n ? 0 : -1;
    });
    buttons[n].focus();
    pick(options[n].id);
  };
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose((buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length);
  };
  return el('div', { class: `choices ${cls}`, role: 'radiogroup', 'aria-label': label, keydown: move },
    buttons);
}

/** The server's own page, kept aside: calling what is given shows it again as it was left. */
export function keepPage() {
  const { body, title } = document;
  const part = (tag) => body.querySelector(`:scope > ${tag}`);
  const [head, main, tray] = ['header', 'main', 'footer'].map(part);
  return () => {
    body.classList.remove('w-pad-open');
    part('header').replaceWith(head);
    part('main').replaceWith(main);
    if (part('footer')) part('footer').remove();
    if (tray) main.after(tray);
    document.title = title;
    shownAt = performance.now();
    scrollTo(0, 0);
    focus(head.querySelector('h1'));
  };
}
