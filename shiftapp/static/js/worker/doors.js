// The doors of one phone: WeChat, a browser's tab, the icon on the home screen. Each keeps its own
// records, so each says which it is, what waits in it, and how to come to one that opens anywhere.

import { note } from './dom.js';
import { outbox } from './link.js';
import { t } from './words.js';

/** Which door this is: `wechat`, `app` or `tab`. */
export function doorHere() {
  if (/MicroMessenger/i.test(navigator.userAgent)) return 'wechat';
  return matchMedia('(display-mode: standalone)').matches || navigator.standalone ? 'app' : 'tab';
}

/** What there is to know of it. */
export function doorNote() {
  const door = doorHere();
  return note('', 'i-phone', t(`door_${door}`, { n: outbox.count + outbox.files }), t(`doorHow_${door}`));
}
