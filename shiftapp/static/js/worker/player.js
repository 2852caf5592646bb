// Pointing and calling, one step a screen: point, call, what counts as normal; then the pair.

import { showBranch } from './branch.js';
import { el, icon, isGuarded, note, say, shake, show } from './dom.js';
import { fillIn } from './lazy.js';
import { isReading } from './pad.js';
import { dwellLine, keyBadge, readingView } from './reading.js';
import { syncMark } from './sync.js';
import { lines, named, t } from './words.js';

const LONG_CALL = 14;
const TICK_MS = 100;
const MOST_BLOBS = 20; // of one record (formats.md §2)

let ticking = 0;

/**
 * @param {object} draft the round; `draft.run` is kept at every step
 * @param {{back: function, save: function, seal: function}} go
 */
export function showPlayer(draft, go) {
  const { run } = draft;
  run.started_ms = run.started_ms || Date.now();
  // After a reload the page's clock starts anew: go on from what the wall clock says, never back.
  run.elapsed = Math.max(run.elapsed, Math.min(Date.now() - run.started_ms, 86_400_000));
  const play = { draft, go, run, base: performance.now() - run.elapsed, steps: run.doc.steps };
  showStep(play);
}

const elapsed = (play) => Math.floor(performance.now() - play.base);

function showStep(play) {
  const { run, steps } = play;
  const step = steps[run.at];
  const first = run.from[step.n] === undefined || run.steps[step.n];
  if (first) run.from[step.n] = elapsed(play);
  delete run.steps[step.n];
  run.elapsed = elapsed(play);
  play.go.save(play.draft);
  const reading = step.ev === 'R';
  const again = () => showStep(play);
  const state = play.state && play.state.step === step ? play.state : { play, step, text: '', proof: {}, again };
  Object.assign(play, { state }); // what is typed and proved outlives a look at another screen
  state.from = run.from[step.n];
  const view = reading ? readingView(state, pairOf(state)) : plainView(state);
  show({
    title: t('stepTitle', { n: run.at + 1, job: named(play.draft.jobRow) }),
    head: head(play, step),
    main: view.main,
    tray: view.tray,
    mainClass: reading ? 'w-read' : 'w-step',
    open: reading,
  });
  watch(state, view);
  fillIn(view.place, (rest) => rest.dressStep(state, view));
}

function head(play, step) {
  const { run, steps } = play;
  const said = t('stepOf', { n: run.at + 1, all: steps.length });
  const beads = steps.map((one, i) => {
    const given = run.steps[one.n];
    const kind = i === run.at ? 'now' : given && (given.r === 'ok' ? 'done' : 'abn');
    return el('li', { class: kind || '' });
  });
  return el(
    'header',
    {},
    el('div', { class: 'w-bar' },
      el('button', { class: 'btn btn-bare', click: () => goBack(play) }, icon('i-back'), t('undo')),
      el('p', {
        class: 'w-where', role: 'progressbar', 'aria-label': t('progress'), 'aria-valuemin': 1,
        'aria-valuemax': steps.length, 'aria-valuenow': run.at + 1, 'aria-valuetext': said,
      }, said),
      el('button', { class: 'btn btn-stop', click: () => fail(play, step, { stop: true }) },
        icon('i-stop'), t('stop'))),
    el('div', { class: 'w-progress w-progress-sync' },
      el('ol', { class: 'beads', 'aria-hidden': 'true' }, beads), syncMark()),
  );
}

function plainView(state) {
  const place = el('div', { class: 'w-proofs' });
  const cue = el('p', { class: 'w-cue' }, icon('i-call'), t('call'));
  const { step, play } = state;
  const call = named(step, 'call');
  const long = [...call.replace(/\s/g, '')].length > LONG_CALL;
  state.count = step.ev === 'T' ? el('p', { class: 'w-count w-timer', role: 'timer' }) : null;
  const pair = pairOf(state);
  const line = dwellLine(dwell(step));
  return {
    ...pair,
    line,
    place,
    cue,
    main: [
      play.run.old && play.run.at === 0 && note('', 'i-doc', t('packChanged'), t('packChangedHow')),
      beat('i-point', t('point'), el('h1', { class: `w-target ${step.veto ? 'w-two' : ''}` },
        named(step, 'target'), step.veto && keyBadge())),
      el('section', { class: 'w-beat' }, cue,
        el('p', { class: `w-call ${long ? 'w-call-long' : ''}` }, call), state.count, place),
      beat('i-eye', t('normalIs'), el('ul', { class: 'w-crit' },
        lines(step, 'criteria').map((one) => el('li', {}, one)))),
    ],
    tray: [el('p', { class: 'w-dwell' }, line, el('span', {}, t('sayFirst'))), pair.row],
  };
}

const beat = (sign, cue, content) => el('section', { class: 'w-beat' },
  el('p', { class: 'w-cue' }, icon(sign), cue), content);

/** 正常 left, 异常 right, always; only 正常 can be not available, and then it says why. */
function pairOf(state) {
  const low = state.step.ev === 'R';
  const inside = (sign, word) => (low
    ? el('span', { class: 'pair-in' }, icon(sign, 'i i-32'), word) : [icon(sign, 'i i-40'), word]);
  const ok = el('button', { class: 'pair-btn pair-ok', click: () => pressOk(state) },
    inside('i-check', t('normal')));
  const bad = el('button', { class: 'pair-btn pair-abn', click: () => pressBad(state) },
    inside('i-bang', t('abnormal')));
  return { ok, bad, row: el('div', { class: `pair ${low ? 'pair-low' : ''}` }, ok, bad) };
}

const dwell = (step) => (step.ev === 'T' ? step.timer_ms : step.dwell_ms || 0);

/** The dwell line, and the countdown of a timed stay. */
function watch(state, view) {
  clearInterval(ticking);
  if (state.step.ev !== 'R') document.onkeydown = null;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const all = dwell(state.step);
  const tick = () => {
    const past = Math.min(all, elapsed(state.play) - state.from);
    view.line.value = calm ? Math.floor((past / Math.max(1, all)) * 3) * (all / 3) : past;
    if (state.count) countDown(state, view, all - past);
    if (past >= all) clearInterval(ticking);
  };
  ticking = setInterval(tick, TICK_MS);
  tick();
}

function countDown(state, view, leftMs) {
  const left = Math.ceil(leftMs / 1000);
  const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  state.count.textContent = left ? t('stay', { left: text }) : t('stayDone');
  view.ok.setAttribute('aria-disabled', String(left > 0));
}

function pressOk(state) {
  const { play, step } = state;
  if (isGuarded()) return;
  if (state.no) {
    say(state.no);
    return;
  }
  if (elapsed(play) - state.from < dwell(step)) {
    hint(step.ev === 'T' ? t('stayLonger') : t('sayFirstShort'));
    return;
  }
  shake(30);
  answer(state.play, step, { r: 'ok', value: state.text || undefined });
}

/** Pressed early: no error. The line shows itself once, and the hint is read out. */
function hint(text) {
  say(text);
  const line = document.querySelector('.w-dwell');
  line.classList.remove('w-pulse');
  requestAnimationFrame(() => line.classList.add('w-pulse'));
}

function pressBad(state) {
  if (isGuarded()) return;
  const value = isReading(state.text) ? state.text : undefined;
  fail(state.play, state.step, { value });
}

function fail(play, step, { stop = false, value }) {
  clearInterval(ticking);
  document.onkeydown = null;
  showBranch({
    step,
    stop: stop || Boolean(step.veto),
    value,
    photo: !play.state.proof.P, // one a step
    back: () => showStep(play),
    report(words, blob) {
      shake(80, 60, 80);
      answer(play, step, { r: 'bad', value, note: words, ...(blob && { blob }) }, stop);
    },
  });
}

function answer(play, step, given, stop = false) {
  const { run, go, draft } = play;
  const { proof } = play.state;
  const from = run.from[step.n];
  run.steps[step.n] = { n: step.n, e: evidence(step, given, proof), from_ms: from, to_ms: elapsed(play),
    ...proof.S, ...proof.P, ...proof.D, ...given };
  play.state = null;
  const stopped = given.r === 'bad' && (stop || step.veto);
  if (stopped || run.at + 1 === play.steps.length) {
    clearInterval(ticking);
    document.onkeydown = null;
    return go.seal(draft, 'run', content(play, stopped, step.n));
  }
  run.at += 1;
  return showStep(play);
}

/** The evidence given: what the step asks for, if it was; else what else was; else a choice. */
function evidence(step, given, proof) {
  if (step.ev === 'T' || (step.ev === 'R' && given.value)) return step.ev;
  return [step.ev, 'S', 'P', 'D'].find((one) => proof[one]) || 'C';
}

function content(play, stopped, last) {
  const steps = Object.values(play.run.steps).filter((one) => !stopped || one.n <= last).sort((a, b) => a.n - b.n);
  const blobs = [...new Set(steps.map((one) => one.blob).filter(Boolean))].slice(0, MOST_BLOBS);
  return {
    checklist: { no: play.run.no, sha: play.run.sha },
    result: stopped ? 'stopped' : 'done',
    steps: steps.map((one) => (blobs.includes(one.blob) ? one : { ...one, blob: undefined })),
    blobs,
  };
}

function goBack(play) {
  clearInterval(ticking);
  document.onkeydown = null;
  if (play.run.at === 0) {
    play.go.back();
    return;
  }
  play.state = null;
  play.run.at -= 1;
  showStep(play);
}
