// Words and times in the language of the page: the sentences stand in a data block of the page.

/** @param {HTMLElement} root the element with `data-words`, `data-lang` and `data-zone` */
export function wordsOf(root) {
  const words = JSON.parse(root.querySelector('[data-words]').textContent);
  const say = (key, values = {}) => filled(words[key], values);
  const { lang, zone } = root.dataset;
  return {
    say,
    verdict: ({ code, ...values }) => filled(words.findings[code][1], values),
    fails: ({ code }) => words.findings[code][0] === 'fail',
    at: (seconds) => moment(seconds, lang, zone),
    number: (value) => value.toLocaleString(lang),
    listed: (names) => names.join(say('and')),
  };
}

/** `%(name)s` and `{name}` filled in; what is not known stays. */
function filled(text, values) {
  return text.replace(/%\((\w+)\)s|\{(\w+)\}/g, (whole, one, other) => {
    const value = values[one ?? other];
    return value === undefined ? whole : String(value);
  });
}

/** Day and time to the second at the site. */
function moment(seconds, lang, zone) {
  const when = new Date(seconds * 1000);
  if (Number.isNaN(when.getTime())) return String(seconds);
  const day = when.toLocaleDateString(lang, { timeZone: zone, month: 'long', day: 'numeric' });
  const time = when.toLocaleTimeString('en-GB', { timeZone: zone });
  return `${day} ${time}`;
}
