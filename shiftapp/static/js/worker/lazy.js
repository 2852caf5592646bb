// What a first visit does not need lies in a second script: the camera, photos, signatures, and what
// is done once in a phone's life. It is loaded when something asks for it.

/**
 * What the second script has (`more.js`). Null: it is not on this phone and there is no signal, or
 * the server has a newer one; who asks does without.
 */
export async function more() {
  try {
    return (await import(document.body.dataset.more)).rest;
  } catch {
    return null;
  }
}

/** Do something with the second script, where it can be had. */
export async function withMore(go) {
  const rest = await more();
  return rest && go(rest);
}

/** Put into an empty place on the screen what the second script makes of it, once it is here. */
export const fillIn = (place, make) => withMore((rest) => {
  const made = place.isConnected && !place.firstChild && make(rest);
  if (made) place.append(made);
});

// The page's policy (Trusted Types) takes addresses of scripts from here alone, and these alone.
const OURS = /^\/W\/(sw\.(zh|en)|scan)\.js(\?v=\w+)?$/;
let policy = null;

/** The address of a worker's script, fit for the page's policy. */
export function ours(url) {
  if (!window.trustedTypes) return url;
  policy = policy || trustedTypes.createPolicy('app', {
    createScriptURL(asked) {
      if (!OURS.test(asked)) throw new TypeError(asked);
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
