/** Between two shifts: loads the page anew when the next window opens; the page is then a board. */

const next = document.querySelector('[data-opens-ms]');
const { opensMs, nowMs } = next.dataset;
const startedAt = performance.now();
const LOOK_MS = 5_000;

setInterval(() => {
  if (performance.now() - startedAt >= Number(opensMs) - Number(nowMs)) location.reload();
}, LOOK_MS);
