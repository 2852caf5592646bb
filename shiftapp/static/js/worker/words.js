// Words, names and times in the language of the page, at the plant's own hour.

import { TEXTS } from './texts.js';

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六'];

let english = false;
let zone = 'Asia/Shanghai';

/** More texts of ours, with the script that needs them. */
export function addTexts(more) {
  Object.assign(TEXTS, more);
}

/** The page's language, once: 'zh-CN' or 'en'. */
export function setLanguage(tag) {
  english = tag.startsWith('en');
}

/** The IANA zone of the plant. */
export function setZone(name) {
  zone = name || zone;
}

/** A text of ours; `{name}` stands for a value. */
export function t(key, values = {}) {
  const pair = TEXTS[key]; // of a joined script only the page's language is left
  return pair[english ? pair.length - 1 : 0].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A text of the plant's in the page's language, the Chinese one where there is no other. */
export const named = (row, key = 'name') => (english && row[`${key}_en`]) || row[key] || '';

/** The same for a list of texts. */
export const lines = (row, key) => (english && row[`${key}_en`]) || row[key] || [];

/** HH:MM, or with seconds, of an instant at the plant. */
export function clock(ms, seconds = false) {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: seconds ? '2-digit' : undefined,
    hourCycle: 'h23',
  }).format(ms);
}

/** `2026-11-24` as 11月24日 星期二, or Tue 24 Nov. */
export function dayText(date) {
  const day = new Date(`${date}T00:00:00Z`);
  if (!english) return `${day.getUTCMonth() + 1}月${day.getUTCDate()}日 星期${WEEKDAYS[day.getUTCDay()]}`;
  const how = { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat('en-GB', how).format(day);
}
