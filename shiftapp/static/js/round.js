// The crew round: the pad fills the field, and six figures are sent without another press.

const form = document.querySelector('[data-round]');

/** Ready for the next one; also when somebody comes back to the page by the browser's button. */
function wire({ secret }, pad) {
  let sent = false;

  const changed = () => {
    const typed = secret.value.normalize('NFKC');
    if (sent || !/^[0-9]{6}$/.test(typed)) return;
    sent = true;
    form.requestSubmit();
  };

  pad.hidden = false;
  secret.inputMode = 'none'; // the pad stands there already
  secret.addEventListener('input', changed);
  pad.addEventListener('click', ({ target }) => {
    const key = target.closest('button');
    if (!key || sent) return;
    if ('erase' in key.dataset) secret.value = secret.value.slice(0, -1);
    else if ('clear' in key.dataset) secret.value = '';
    else secret.value += key.dataset.key;
    changed();
  });
  form.addEventListener('submit', (event) => {
    if (sent === 'gone') event.preventDefault(); // pressed twice
    sent = 'gone';
  });
  secret.focus();
  changed(); // what was typed before this was here
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return; // the page as it was left: nobody has typed yet
    sent = false;
    secret.value = '';
    secret.focus();
  });
}

if (form) wire(form.elements, form.querySelector('[data-pad]'));
