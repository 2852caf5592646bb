// What is loaded when something asks for it (lazy.js): the second script of the worker app.

import { showBadge } from './badge.js';
import { showScan, stationIn } from './camera.js';
import { sendEnrolPage, showEnrol } from './enrol.js';
import { dressStep, faultPhoto } from './evidence.js';
import { signInHere } from './proof.js';
import { receiptPart } from './receipt.js';
import { rescueWays } from './rescue.js';
import { signatureField } from './signature.js';
import { tidy } from './tidy.js';
import { TEXTS_MORE } from './texts_more.js';
import { addTexts, t } from './words.js';

addTexts(TEXTS_MORE);

/** Scan the code of a station and open it. */
function showStationScan(back) {
  showScan({
    heading: t('scanStation'),
    hint: t('scanHint'),
    back,
    take(text) {
      const found = stationIn(text);
      if (!found) return t('notOurCode');
      location.href = ['/W', found.code, ...(found.mac ? [found.mac] : [])].join('/');
      return '';
    },
  });
}

export const rest = {
  dressStep,
  faultPhoto,
  receiptPart,
  rescueWays,
  sendEnrolPage,
  showBadge,
  showEnrol,
  showStationScan,
  signatureField,
  signInHere,
  tidy,
};
