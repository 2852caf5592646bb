// The words of the second script (more.js), in the same way as those of the first.

export const TEXTS_MORE = {
  // this phone becomes a device
  enrolTitle: ['登记这台手机', 'Enrol this phone'],
  enrolWhere: ['登记卡上的，或者班长给的 5 分钟码。', 'From your card, or the leader’s 5-minute code.'],
  enrolMe: ['登记这台手机', 'Enrol this phone'],
  enrolOnly: ['只登记这台手机，不读通讯录、位置和照片。', 'Only this phone: no contacts, place or photos.'],

  // a code typed by hand
  code_alphabet: ['码里没有这个字母，再看一遍。', 'No such sign in a code. Look again.'],
  code_length: ['码是 8 位。', 'A code has 8 signs.'],
  code_check: ['有一位抄错了，再看一遍。', 'One sign is wrong. Look again.'],
  codeGood: ['码对上了。', 'The code is right.'],

  // what the server saw in a record
  flag_not_on_roster: ['已收到。你不在本班名单，班长会看到。', 'Received. You are not on the list; the leader will see it.'],
  flag_outside_window: ['已收到。不在承诺时段里做的，不算本班。', 'Received. Made outside the window, so not for this shift.'],
  flag_other_device: ['已收到。手机换过登记，班长会核一下。', 'Received. The phone was enrolled anew; the leader will check.'],
  flag_unknown_version: ['已收到。这张卡的版本对不上，班长会核一下。', 'Received. The card’s version is unknown; the leader will check.'],
  flag_schema: ['已收到，等系统升级后再读。', 'Received; read after an upgrade.'],
  flag_shape: ['已收到，但格式不对，另存着。找安全员。', 'Received but malformed, kept apart. Ask the safety officer.'],
  flag_id_conflict: ['已收到，但和先前一份撞号，另存着。找安全员。', 'Received but its id was used before, kept apart. Ask the safety officer.'],
  flag_time_unverified: ['已收到。时间没法核实，按晚到算。', 'Received. The time cannot be shown; it counts as late.'],

  // a new version
  newVersion: ['有新版本，点一下换上', 'New version: tap to use it'],

  // the scanner
  scanStation: ['扫岗位码', 'Scan the station'],
  openCamera: ['打开相机扫码', 'Open the camera'],
  typeCode: ['输 8 位码', 'Type the code'],
  scanHint: ['对准岗位牌上的码。', 'Point at the code on the station sign.'],
  noCamera: ['这里打不开相机', 'The camera cannot be opened here'],
  noCameraHow: ['拍一张码的照片，或者返回输 8 位码。', 'Take a photo of the code, or go back and type it.'],
  lamp: ['照明', 'Light'],
  photoOfCode: ['拍照识别', 'Photo of the code'],
  noCode: ['照片里没找到码', 'No code in the photo'],
  noCodeHow: ['靠近一点，擦一擦码，再拍。', 'Go closer, wipe the code, try again.'],
  cannotRead: ['这台手机读不了码', 'This phone cannot read codes'],
  cannotReadHow: ['返回输 8 位码。', 'Go back and type the 8 signs.'],
  notOurCode: ['不是本厂的岗位码', 'Not a station code of this plant'],
  badgeHint: ['对准工牌上的码。', 'Point at the code on the badge.'],
  notABadge: ['不是本厂的工牌码', 'Not a badge of this plant'],

  // without a signal
  notOnPhone: ['这台手机里没有这个工号，等有信号再来。', 'This phone does not know that number. Try with a signal.'],
  pinSlip: ['PIN 不对，再输一次。', 'That PIN is wrong. Try again.'],
  badgeNotHere: ['这台手机里没有这张工牌，等有信号再来。', 'This phone does not know that badge. Try with a signal.'],

  // what a step asks for
  readOut: ['读', 'Read it'],
  scanTag: ['扫挂牌的码', 'Scan the tag'],
  takePhoto: ['拍照', 'Take a photo'],
  photoTaken: ['照片拍好了', 'Photo taken'],
  photoAgain: ['重拍', 'Again'],
  photoAway: ['不要这张照片', 'Leave this photo out'],
  photoWorks: ['照片处理中…', 'Working on the photo…'],
  photoBad: ['这张照片打不开，再拍一张。', 'This photo cannot be opened. Take another.'],
  photoFull: ['手机里存不下照片了，先连网传完。', 'No room for photos. Send first.'],
  photoNoFace: ['别拍到人脸。', 'No faces, please.'],
  second: ['第二人', 'Second person'],
  askSecond: ['请第二人确认', 'Ask a second person'],
  secondIsMe: ['第二人要是另一个人。', 'The second person is somebody else.'],
  secondPin: ['PIN 是 6 位数字。', 'A PIN has 6 digits.'],
  secondNeeds: ['这里确认不了第二人，改为选择。', 'Cannot be proved here: choose instead.'],
  doAgain: ['重来', 'Again'],
  cannotProve: ['这里做不了，改为选择', 'Not possible here: choose instead'],
  first_S: ['先扫码', 'Scan first'],
  first_P: ['先拍照', 'Photo first'],
  first_D: ['先请第二人确认', 'Second person first'],

  // the signature
  signature: ['签名', 'Signature'],
  signAgain: ['重签', 'Sign again'],
  signatureOf: ['{who} 的签名', 'Signature of {who}'],
  signatureHow: ['戴手套签不了就空着，按住承诺一样算数。', 'Gloves on? Leave it empty: the hold counts alike.'],

  // the receipt
  qrOf: ['回执码 {text} 的二维码', 'QR code of receipt {text}'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  selected: ['已选中，长按复制', 'Selected: press and copy'],
  receiptCode: ['回执码', 'Receipt code'],

  // the doors of one phone
  door_wechat: ['微信入口：待传 {n} 份', 'In WeChat: {n} to send'],
  doorHow_wechat: ['没信号这里打不开。点右上角 ··· 选“在浏览器打开”。', 'Does not open without a signal: tap ··· and “Open in browser”.'],
  door_tab: ['浏览器入口：待传 {n} 份', 'In the browser: {n} to send'],
  doorHow_tab: ['微信里、桌面图标里的记录，到那里去传。', 'Records made in WeChat or by the icon are sent from there.'],
  door_app: ['桌面图标入口：待传 {n} 份', 'By the icon: {n} to send'],
  doorHow_app: ['微信里、浏览器里的记录，到那里去传。', 'Records made in WeChat or the browser are sent from there.'],

  // the list of uploads
  uploads: ['上传', 'Uploads'],
  sendNow: ['立即上传', 'Send now'],
  nothingYet: ['还没有记录', 'No records yet'],
  nothingYetHow: ['做完一份，就会出现在这里。', 'What you finish appears here.'],
  oneRefused: ['有一份公司读不了', 'One record cannot be read'],
  forgetful: ['这个浏览器不让存', 'This browser keeps nothing'],
  forgetfulHow: ['传完之前别关这一页。', 'Keep this page open until all is sent.'],

  // ways out of a phone that cannot send
  rescue: ['存成文件', 'Save as a file'],
  rescueHow: ['传不上去？存成文件，交给班长。', 'Cannot send? Save a file for your leader.'],
  asCode: ['显示成二维码', 'Show as a code'],
  asCodeHow: ['给班长的平板扫。扫几次都只算一份。', 'For the leader’s tablet. Scanned twice, it counts once.'],
  tooLong: ['这里显示不了二维码，存成文件。', 'No code can be shown here: save a file.'],
  codeOf: ['第 {n} 份，共 {all} 份', '{n} of {all}'],
  nextCode: ['下一份', 'Next'],
};
