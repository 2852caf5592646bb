// A personal badge, held before a shared phone's camera: whose it is signs in, with a signal or without.

import { badgeIn, showScan } from './camera.js';
import { t } from './words.js';

/** Scan a badge; `tryIn` signs in and gives '' or the sentence why not. */
export function showBadge({ back, then, tryIn }) {
  showScan({
    heading: t('scanBadge'),
    hint: t('badgeHint'),
    back,
    async take(text, leave) {
      const badge = badgeIn(text);
      if (!badge) return t('notABadge');
      const screen = document.querySelector('main');
      const wrong = await tryIn({ badge }, () => screen.isConnected);
      if (!wrong && screen.isConnected) leave(then);
      return wrong;
    },
  });
}
