// The commitment: a few questions that each change something, the oath, the rights beside it.
// A negative answer opens its branch at once and never blocks.

import { action, bar, el, icon, note, radios, show } from './dom.js';
import { holdButton } from './hold.js';
import { fillIn } from './lazy.js';
import { app, noteOf } from './plant.js';
import { syncSign } from './sync.js';
import { named, t } from './words.js';

/**
 * @param {object} draft the round; `draft.commit` is kept at every answer
 * @param {{back: function, save: function, sealed: function(object)}} go
 */
export function showCommit(draft, go) {
  const doc = draft.commit.doc;
  draft.commit.signature = undefined; // one drawn before a reload is not on the screen any more
  const tray = el('div', { class: 'w-tray-in' });
  const signature = el('div', {});
  const held = holdButton(t('holdIt'), (how) => finish(draft, go, how));
  const changed = () => {
    go.save(draft);
    fillTray(tray, draft, held, go);
  };
  show({
    title: named(doc, 'title'),
    head: bar({
      back: go.back,
      backLabel: t('back'),
      heading: named(doc, 'title'),
      label: t('whoWhat', { who: named(app.me), job: named(draft.jobRow), shift: named(draft.shift) }),
      right: syncSign(true),
    }),
    main: [
      draft.commit.old && note('', 'i-doc', t('packChanged'), t('packChangedHow')),
      doc.items.map((item) => question(item, draft, changed, () => go.save(draft))),
      oath(doc, draft, held, signature),
    ],
    tray,
  });
  fillTray(tray, draft, held, go);
  fillIn(signature, (rest) => rest.signatureField(named(app.me), (sha) => {
    draft.commit.signature = sha;
    changed();
  }));
}

/** The answers as they are sealed, in the order of the text; open ones are left out. */
export function answersOf(commit, job) {
  return commit.doc.items.flatMap((item) => {
    const given = commit.answers[item.id] || { a: [] };
    const options = optionsOf(item, job);
    const a = options.filter((one) => given.a.includes(one.id)).map((one) => one.id);
    const r = verdict(item, options, a);
    if (!r) return [];
    const words = r === 'bad' ? noteOf(given.note) : undefined;
    return [{ i: item.id, r, a, note: words }];
  });
}

function verdict(item, options, a) {
  if (!a.length) return '';
  const bad = options.find((one) => a.includes(one.id) && one.r !== 'ok');
  if (bad) return bad.r;
  const all = options.filter((one) => one.r === 'ok').every((one) => a.includes(one.id));
  return item.type === 'ppe' && !all ? '' : 'ok';
}

/** What is offered: the job's own gear, the hazards of its card, else what the text says. */
function optionsOf(item, job) {
  const own = item.options || [];
  if (item.type === 'ppe' && job.ppe.length) {
    return own.filter((one) => one.r !== 'ok' || job.ppe.includes(one.id));
  }
  if (item.from !== 'card') return own;
  const risks = (job.card.risks || []).map((risk, n) => (
    { id: `risk${n + 1}`, t: risk.hazard, t_en: risk.hazard_en, r: 'ok' }
  ));
  return [...risks, ...own];
}

function question(item, draft, changed, keepWords) {
  const given = draft.commit.answers[item.id] || (draft.commit.answers[item.id] = { a: [] });
  const options = optionsOf(item, draft.jobRow);
  const branch = el('div', { class: 'w-branch' });
  const answer = (a) => {
    given.a = a;
    fillBranch(branch, item, given, verdict(item, options, a), keepWords);
    changed();
  };
  fillBranch(branch, item, given, verdict(item, options, given.a), keepWords);
  return el(
    'fieldset',
    { class: 'w-q', id: `q-${item.id}` },
    el('legend', {}, named(item, 'q')),
    item.help && el('p', { class: 'w-label' }, named(item, 'help')),
    item.from === 'handover' && leftovers(draft.shift),
    item.type === 'ppe' ? gear(options, given, answer) : one(item, options, given, answer),
    branch,
  );
}

function one(item, options, given, answer) {
  const offered = options.map((o) => ({ id: o.id, text: named(o, 't'), bad: o.r !== 'ok' }));
  const cls = item.type === 'pick' ? 'w-stack' : '';
  return radios(named(item, 'q'), offered, given.a[0], (id) => answer([id]), cls);
}

function gear(options, given, answer) {
  return el('div', { class: 'choices w-grid2' }, options.map((o) => el('button', {
    class: `choice choice-left ${o.r === 'ok' ? '' : 'choice-abn'}`,
    'aria-pressed': String(given.a.includes(o.id)),
    click(event) {
      const on = event.currentTarget.getAttribute('aria-pressed') !== 'true';
      event.currentTarget.setAttribute('aria-pressed', String(on));
      answer(on ? [...given.a, o.id] : given.a.filter((id) => id !== o.id));
    },
  }, icon(o.r === 'ok' ? 'i-check' : 'i-bang'), named(o, 't'))));
}

function leftovers(shift) {
  if (!shift.handover.length) return note('', 'i-doc', t('noLeftovers'));
  return note('', 'i-doc', t('leftovers', { n: shift.handover.length }),
    el('ul', {}, shift.handover.map((one) => el('li', {}, [one.what, one.note].filter(Boolean).join('，')))));
}

function fillBranch(branch, item, given, r, keepWords) {
  if ((branch.dataset.r || '') === r) return;
  branch.dataset.r = r;
  branch.replaceChildren();
  if (r === 'unfit') branch.append(note('must', 'i-shield', t('unfitGood'), t('unfitHow')));
  if (r !== 'bad') return;
  const id = `note-${item.id}`;
  branch.append(
    note('warn', 'm-abn', item.neg === 'hazard' ? t('badHazard') : t('badTodo'), t('noBlame')),
    el('p', { class: 'field' }, el('label', { for: id }, t('ownWords')), ownWords(id, given, keepWords)),
  );
}

// The words are kept, the tray is left alone: the press that ends the typing may be the hold itself.
function ownWords(id, given, keepWords) {
  const area = el('textarea', { id, rows: 2, maxlength: 500, change: keepWords, input: () => {
    given.note = area.value;
  } });
  area.value = given.note || '';
  return area;
}

function oath(doc, draft, held, signature) {
  return el(
    'section',
    { class: 'w-q', 'aria-labelledby': 'oath' },
    el('h2', { id: 'oath', class: 'w-label' }, t('myOath', { n: draft.commit.no })),
    el('p', { class: 'w-oath' }, named(doc, 'oath')),
    note('must', 'i-shield', '', named(doc, 'rights')),
    signature,
    el('p', { class: 'w-foot w-two' }, el('span', {}, t('gloves')),
      el('button', { class: 'btn', click: held.taps }, t('twoTaps'))),
  );
}

function fillTray(tray, draft, held, go) {
  const answers = answersOf(draft.commit, draft.jobRow);
  const items = draft.commit.doc.items;
  const unfit = answers.some((one) => one.r === 'unfit');
  const open = items.filter((item) => unfit || !answers.some((one) => one.i === item.id));
  held.ready(open.length ? t('answerFirst') : ''); // also where a finger is on it
  if (unfit) {
    tray.replaceChildren(action(t('tellLeader'), { click: () => finish(draft, go, null) },
      { sub: t('noReason'), sign: icon('m-abn', 'mark i-48'), cls: 'btn-must btn-lead' }));
    return;
  }
  const bad = answers.filter((one) => one.r === 'bad').length;
  const said = open.length ? stillOpen(open) : el('p', { class: 'w-dwell' },
    bad ? icon('m-abn', 'mark') : icon('m-done', 'mark mark-ok'),
    el('span', {}, t(bad ? 'allWithBad' : 'allAnswered', { n: items.length, bad }),
      draft.commit.signature && t('andSigned')));
  // The button stays where it is: taken out and put in again it would lose the finger on it.
  if (tray.lastChild !== held.button) tray.replaceChildren('', held.button);
  tray.firstChild.replaceWith(said);
}

function stillOpen(open) {
  const jump = () => {
    const first = document.getElementById(`q-${open[0].id}`);
    first.scrollIntoView({ block: 'start' });
    first.querySelector('button').focus({ preventScroll: true });
  };
  return el('button', { class: 'btn btn-bare w-open', click: jump }, icon('i-down'),
    el('span', {}, t('stillOpen', { n: open.length, q: named(open[0], 'q') })));
}

/** Seal it: a commitment, or (how null) "not today", which asks for nothing more. */
function finish(draft, go, how) {
  const { signature } = draft.commit;
  const content = {
    text: { no: draft.commit.no, sha: draft.commit.sha },
    result: how ? 'committed' : 'cannot',
    answers: answersOf(draft.commit, draft.jobRow),
    sign: how ? { how, blob: signature || null } : null,
    blobs: how && signature ? [signature] : [],
  };
  return go.seal(draft, 'commit', content);
}
