// What opens after 异常 or 停: reasons to tap, own words, and out. Nothing has to be filled in.

import { action, bar, el, icon, isGuarded, note, show } from './dom.js';
import { fillIn } from './lazy.js';
import { noteOf } from './plant.js';
import { lines, named, t } from './words.js';

/**
 * @param {{step: object, stop: boolean, value: string|undefined, photo: boolean, back: function,
 *   report: function(string|undefined, string|undefined)}} what `stop`: reporting ends the run
 */
export function showBranch({ step, stop, value, photo: wantsPhoto, back, report }) {
  const chosen = new Set();
  const area = el('textarea', { id: 'words', rows: 3, maxlength: 500 });
  const photo = el('div', {});
  let blob;
  const send = async () => {
    if (isGuarded()) return;
    const sha = await blob; // a photo that is still being made small
    if (!area.isConnected) return;
    report(noteOf([...chosen, area.value.trim()].filter(Boolean).join('；')), sha);
  };
  show({
    title: t('whatIsWrong'),
    head: bar({ back, backLabel: t('back'), heading: t('whatIsWrong'), label: named(step, 'target') }),
    main: [
      value && note('', 'i-eye', t('readingWas', { value, unit: step.reading.unit })),
      stop && note('stop', 'i-stop', t('stopHere'), t('stopHereHow')),
      el('fieldset', {}, el('legend', { class: 'w-h' }, t('whichOne')),
        el('div', { class: 'choices w-stack' }, reasons(step).map((text) => el('button', {
          class: 'choice choice-left choice-abn',
          'aria-pressed': 'false',
          click: (event) => toggle(event.currentTarget, chosen, text),
        }, icon('i-bang'), text)))),
      el('p', { class: 'field w-own' }, el('label', { for: 'words' }, t('ownWords')), area),
      photo,
    ],
    tray: action(stop ? t('reportStop') : t('reportGoOn'), { click: send },
      { sub: t('noBlame'), sign: icon('m-abn', 'mark i-48'), cls: 'btn-must btn-lead' }),
  });
  if (wantsPhoto) fillIn(photo, (rest) => rest.faultPhoto((sha) => { blob = sha; }));
}

/** The criteria turned round, and the two reasons that every step has. */
const reasons = (step) => [
  ...lines(step, 'criteria').map((one) => t('notThis', { one })), t('cannotSee'), t('notSure'),
];

function toggle(button, chosen, text) {
  const on = !chosen.has(text);
  if (on) chosen.add(text);
  else chosen.delete(text);
  button.setAttribute('aria-pressed', String(on));
}
