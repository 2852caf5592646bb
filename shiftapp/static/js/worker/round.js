// One round at a station: commitment, pointing and calling, receipt. The draft is kept at every
// step, so that a reload goes on where it was; sealing and the end of the draft are one write.

import { uuid } from './codes.js';
import { showCommit } from './commit.js';
import { showDone } from './done.js';
import { action, bar, note, show } from './dom.js';
import { app, hasCommitted, myself, runsDone, seal, shiftKey } from './plant.js';
import { showPlayer } from './player.js';
import { t } from './words.js';
import { keep, read } from './vault.js';

/** The name of a round: who, which shift, where, what. */
const keyOf = (shift, station, job) => [app.me.id, shiftKey(shift), station, job].join('|');

/** The round begun here and not finished, or undefined. */
export const begun = (shift, station, job) => read('drafts', keyOf(shift, station, job));

/** Begin a round, or go on with the one begun. `leave` shows the station again. */
export async function startRound({ shift, station, job, leave }) {
  const draft = (await begun(shift, station.code, job.code)) || await fresh(shift, station, job);
  draft.who = myself();
  mark(draft);
  await walk(draft, leave);
}

/** What a round will ask: whether the commitment is open, and how many steps. */
export async function asked(shift, station, job) {
  const steps = job.checklist ? job.checklist.doc.steps.length : 0;
  const done = (await runsDone(shift)).has(`${station}|${job.code}`);
  return { commit: !(await hasCommitted(shift)), steps, done };
}

async function fresh(shift, station, job) {
  const { commit, steps } = await asked(shift, station.code, job);
  const { checklist, ...jobRow } = job;
  return {
    key: keyOf(shift, station.code, job.code),
    shift: { ...shift, state: undefined },
    station,
    job: job.code,
    jobRow,
    sealed: [],
    commit: commit ? { id: uuid(), started_ms: Date.now(), ...app.pack.commitment, answers: {} } : null,
    run: steps ? { id: uuid(), ...checklist, at: 0, elapsed: 0, steps: {}, from: {} } : null,
  };
}

/** Say when the texts were published anew under a draft: this round keeps those it began with. */
function mark(draft) {
  const [text, job] = [app.pack.commitment, app.pack.jobs[draft.job]];
  if (draft.commit) draft.commit.old = Boolean(text) && text.sha !== draft.commit.sha;
  if (draft.run) draft.run.old = Boolean(job && job.checklist) && job.checklist.sha !== draft.run.sha;
}

async function walk(draft, leave) {
  const go = {
    back: leave,
    save: (changed) => keep('drafts', changed.key, changed).catch(() => {}),
    seal: (changed, kind, content) => sealPart(changed, kind, content, go),
    next: () => walk(draft, leave),
  };
  if (draft.commit) return showCommit(draft, go);
  if (draft.run) return showPlayer(draft, go);
  return showDone(draft, draft.sealed);
}

/** Seal the commitment or the run of a draft; a stop or "not today" ends the round. */
async function sealPart(draft, kind, content, go) {
  const part = kind === 'commit' ? draft.commit : draft.run;
  const about = { ...draft, id: part.id, started_ms: part.started_ms };
  const ends = ['cannot', 'stopped'].includes(content.result);
  const rest = {
    ...draft,
    commit: null,
    run: kind === 'run' || ends ? null : draft.run,
    sealed: [...draft.sealed, { id: part.id, kind, content }],
  };
  const left = rest.run ? rest : undefined;
  try {
    await seal(kind, about, content, [['drafts', draft.key, left]]);
  } catch {
    return saveFailed(() => sealPart(draft, kind, content, go));
  }
  Object.assign(draft, rest);
  return go.next();
}

/** The phone could not keep it: say so, lose nothing, try again. */
export function saveFailed(retry) {
  show({
    title: t('saveFailed'),
    head: bar({ heading: t('saveFailed') }),
    main: note('stop', 'i-stop', t('saveFailedWhat'), t('saveFailedHow')),
    tray: action(t('saveAgain'), { click: retry }),
  });
}
