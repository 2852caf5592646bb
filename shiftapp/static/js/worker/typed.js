// A code typed by hand: its check symbol is tested as soon as eight symbols are there.

import { parseCode } from './codes.js';
import { tell } from './who.js';
import { t } from './words.js';

/** Watch a field of a code by its id; the sentence stands in `<id>-help`. */
export function watchCode(id) {
  const [input, fault] = [id, `${id}-help`].map((one) => document.getElementById(one));
  const check = () => {
    const { code, fault: wrong } = parseCode(input.value);
    const early = wrong === 'length' && code.length < 8;
    if (early || !wrong) tell(fault, input, wrong ? '' : t('codeGood'), !wrong);
    else tell(fault, input, t(`code_${wrong}`));
  };
  input.addEventListener('input', check);
  if (input.value) check(); // typed before this script was here
}
