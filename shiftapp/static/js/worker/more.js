// What is loaded when something asks for it (lazy.js): the second script of the worker app.

import { showBadge } from './badge.js';
import { offerCamera } from './camera.js';
import { doorNote } from './doors.js';
import { sendEnrolPage, showEnrol } from './enrol.js';
import { dressStep, faultPhoto } from './evidence.js';
import { sendFiles } from './files.js';
import { signInHere } from './proof.js';
import { receiptPart } from './receipt.js';
import { remarksPart } from './remarks.js';
import { signatureField } from './signature.js';
import { showUploads } from './uploads.js';
import { tidy } from './tidy.js';
import { TEXTS_MORE } from './texts_more.js';
import { watchCode } from './typed.js';
import { offerVersion } from './version.js';
import { addTexts } from './words.js';

addTexts(TEXTS_MORE);

export const rest = {
  doorNote,
  dressStep,
  faultPhoto,
  offerCamera,
  offerVersion,
  receiptPart,
  remarksPart,
  sendEnrolPage,
  sendFiles,
  showBadge,
  showEnrol,
  signatureField,
  showUploads,
  signInHere,
  tidy,
  watchCode,
};
