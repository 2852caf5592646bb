// When a record was made, as far as this phone can show it (formats.md §4, pwa brief §9).

import { uuid } from './codes.js';
import { read } from './vault.js';

// A token's monotonic time only counts in the same life of the page.
const PAGE = uuid();

/** What is kept of the server's time token when it arrives with an answer. */
export const tokenOf = (data) => ({
  device: data.device.id,
  token: data.time_token,
  wall_ms: Date.now(),
  mono: performance.now(),
  page: PAGE,
});

/** The field `time` of a body that is sealed now on a device. */
export async function times(device, startedMs) {
  const held = await read('kv', 'token');
  const known = held && held.device === device;
  const same = known && held.page === PAGE;
  return {
    started_ms: startedMs,
    sealed_ms: Date.now(),
    token: known ? held.token : null,
    token_wall_ms: known ? held.wall_ms : null,
    mono_ms: same ? Math.floor(performance.now() - held.mono) : null,
  };
}
