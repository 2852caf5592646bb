-- The first schema. One text for both engines: the adapter translates INTEGER, BLOB, IDENTITY
-- and STRICT. Times in ..._ms are Unix ms UTC. Texts named ..._en are the English twin ('' = none).

-- The enterprise ------------------------------------------------------------------------------

CREATE TABLE setting (            -- facts of the install, one JSON text each (settings.py)
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE counter (            -- 'board': rises with every write that a board could show
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;

CREATE TABLE site (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  zone TEXT NOT NULL,             -- IANA time zone
  phone TEXT NOT NULL DEFAULT '', -- emergency call
  signals TEXT NOT NULL DEFAULT '{}'                  -- JSON: thresholds of signals.py, where not the default
) STRICT;

CREATE TABLE area (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  risk TEXT NOT NULL CHECK (risk IN ('A', 'B', 'C', 'D')),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE station (
  code TEXT PRIMARY KEY CHECK (length(code) = 8),   -- qr/code.py
  area TEXT NOT NULL REFERENCES area (code),
  label TEXT NOT NULL UNIQUE,     -- the plant's own short name of the place, key of workbooks
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  place_en TEXT NOT NULL DEFAULT '',
  risk TEXT NOT NULL CHECK (risk IN ('A', 'B', 'C', 'D')),
  phone_free INTEGER NOT NULL DEFAULT 0 CHECK (phone_free IN (0, 1)),  -- code hangs outside
  scoped INTEGER NOT NULL DEFAULT 1 CHECK (scoped IN (0, 1)),  -- 0: who works here is not expected, but welcome
  staff INTEGER NOT NULL DEFAULT 0 CHECK (staff BETWEEN 0 AND 99),  -- people it needs in a shift; 0: not said
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE job (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  ppe TEXT NOT NULL DEFAULT '[]',      -- JSON array of option ids of the commitment text
  card TEXT NOT NULL DEFAULT '{}',     -- risk card, JSON as in library/jobs/*.json
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE station_job (        -- what one does there
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  PRIMARY KEY (station, job)
) STRICT;

CREATE TABLE checklist (          -- published versions, immutable
  job TEXT NOT NULL REFERENCES job (code),
  no INTEGER NOT NULL CHECK (no >= 1),
  sha BLOB NOT NULL CHECK (length(sha) = 32),
  doc TEXT NOT NULL,              -- canonical JSON; sha is of its UTF-8
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL,     -- person id, or 'import', 'library'
  PRIMARY KEY (job, no),
  UNIQUE (job, sha)
) STRICT;

CREATE TABLE commitment (         -- published versions of the commitment text, immutable
  no INTEGER PRIMARY KEY CHECK (no >= 1),
  sha BLOB NOT NULL UNIQUE CHECK (length(sha) = 32),
  doc TEXT NOT NULL,
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL
) STRICT;

-- People ---------------------------------------------------------------------------------------

CREATE TABLE reporting_group (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE pattern (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL,            -- one letter a day, R = rest
  anchor TEXT NOT NULL,           -- YYYY-MM-DD: day 0 of the cycle for offset 0
  gaps_ok INTEGER NOT NULL DEFAULT 0 CHECK (gaps_ok IN (0, 1)),      -- a shift without a crew is meant
  double_ok INTEGER NOT NULL DEFAULT 0 CHECK (double_ok IN (0, 1))   -- two crews in one shift are meant
) STRICT;

CREATE TABLE shift (              -- the shifts of a pattern, one per letter
  pattern TEXT NOT NULL REFERENCES pattern (code),
  code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 8),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  start TEXT NOT NULL CHECK (length(start) = 5),      -- HH:MM site time
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 60 AND 1440),
  PRIMARY KEY (pattern, code)
) STRICT;

CREATE TABLE level (              -- of the ladder of sign-offs: 1 is the crews, the last the plant
  no INTEGER PRIMARY KEY CHECK (no BETWEEN 1 AND 5),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE unit (               -- what signs above the crews: a workshop, the plant
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  level INTEGER NOT NULL REFERENCES level (no) CHECK (level >= 2),
  site TEXT NOT NULL REFERENCES site (code),
  parent TEXT REFERENCES unit (code),                 -- NULL: the top
  area TEXT REFERENCES area (code),                   -- whose managers sign it, if nobody is named
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE crew (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),                   -- NULL: the whole site
  grp TEXT NOT NULL REFERENCES reporting_group (code),
  unit TEXT REFERENCES unit (code),                   -- whom it answers to; NULL: not placed yet
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  pattern TEXT NOT NULL REFERENCES pattern (code),
  day_offset INTEGER NOT NULL DEFAULT 0,              -- days into the cycle on the anchor day
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE person (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  no TEXT NOT NULL CHECK (length(no) BETWEEN 1 AND 32),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  title_en TEXT NOT NULL DEFAULT '',
  crew TEXT REFERENCES crew (code),
  employer TEXT NOT NULL DEFAULT '',                  -- '' = own staff
  phone TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  pin_hash TEXT,                                      -- Argon2id; NULL: no PIN yet
  pin_salt BLOB CHECK (length(pin_salt) = 16),        -- of pin_tag
  pin_tag INTEGER CHECK (pin_tag BETWEEN 0 AND 127),  -- tells a typo from the PIN on a shared phone
  badge_key BLOB CHECK (length(badge_key) = 32),      -- ledger/badge.py; NULL: no badge
  password_hash TEXT,                                 -- Argon2id; NULL: cannot sign in at a desk
  guest INTEGER NOT NULL DEFAULT 0 CHECK (guest IN (0, 1)),  -- contractor or visitor of a day
  vouched_ms INTEGER,             -- a guest: since when a leader has confirmed who it is
  vouched_by TEXT REFERENCES person (id),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_no ON person (no) WHERE active = 1;
CREATE UNIQUE INDEX person_badge ON person (badge_key);
CREATE INDEX person_crew ON person (crew);

CREATE TABLE draft (              -- a text that a manager is still writing, right or wrong
  about TEXT PRIMARY KEY,         -- 'checklist:<job>' or 'commitment'
  doc TEXT NOT NULL,              -- JSON of what was typed
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE role (
  person TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL
    CHECK (role IN ('operator', 'leader', 'manager', 'signatory', 'inspector', 'admin')),
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'area', 'crew')),
  scope TEXT NOT NULL DEFAULT '',                     -- area or crew code; '' with 'all'
  PRIMARY KEY (person, role, scope_kind, scope)
) STRICT;

CREATE TABLE unit_signer (        -- who signs a unit, where it is not its managers or the signatories
  unit TEXT NOT NULL REFERENCES unit (code),
  person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (unit, person)
) STRICT;

CREATE TABLE post (               -- where a person of a crew ordinarily works: fills the roster
  person TEXT NOT NULL REFERENCES person (id),
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  run_required INTEGER NOT NULL DEFAULT 1 CHECK (run_required IN (0, 1)),
  PRIMARY KEY (person, station, job)
) STRICT;

-- Devices and sessions ---------------------------------------------------------------------------

CREATE TABLE device (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('personal', 'shared')),
  person TEXT REFERENCES person (id),                 -- owner of a personal device
  label TEXT NOT NULL DEFAULT '',
  site TEXT REFERENCES site (code),                   -- where a shared one is used; NULL: not known
  secret BLOB NOT NULL UNIQUE,                        -- SHA-256 of the credential in the cookie
  pubkey BLOB,                                        -- uncompressed P-256 point, NULL: none
  enrolled_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  synced_ms INTEGER,
  unsent INTEGER,                                     -- records it said it still held; NULL: never said
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  revoked_by TEXT
) STRICT;
CREATE INDEX device_person ON device (person);

CREATE TABLE selfcheck (          -- what a browser has, sent from the self-check page by who holds it
  id IDENTITY,
  at_ms INTEGER NOT NULL,
  device TEXT UNIQUE REFERENCES device (id),          -- its newest; NULL: nobody enrolled it
  tier TEXT NOT NULL CHECK (tier IN ('full', 'online', 'plain')),
  agent TEXT NOT NULL CHECK (length(agent) <= 300),
  screen TEXT NOT NULL CHECK (length(screen) <= 24),
  font INTEGER NOT NULL,          -- per cent of the ordinary size of letters
  checks TEXT NOT NULL            -- JSON {name: true or false}
) STRICT;

CREATE TABLE enrol_code (         -- enrolment card (7 days) or leader's code (5 minutes)
  hash BLOB PRIMARY KEY,                              -- SHA-256 of the code
  kind TEXT NOT NULL CHECK (kind IN ('card', 'leader', 'shared')),
  person TEXT REFERENCES person (id),                 -- NULL with 'shared'
  made_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER,
  used_device TEXT REFERENCES device (id)
) STRICT;

CREATE TABLE session (            -- a person's session (flask-login); sid is public, the cookie not
  sid BLOB PRIMARY KEY CHECK (length(sid) = 16),
  secret BLOB NOT NULL UNIQUE,                        -- SHA-256 of the cookie's value
  person TEXT NOT NULL REFERENCES person (id),
  device TEXT REFERENCES device (id),                 -- NULL: a desk, or the plain form
  how TEXT NOT NULL CHECK (how IN ('card', 'code', 'pin', 'badge', 'password', 'guest', 'demo')),
  made_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;
CREATE INDEX session_person ON session (person);

CREATE TABLE attempt (            -- failed PINs, passwords and codes; what is throttled by which key
  key TEXT PRIMARY KEY,           -- 'pin:<no>:<device>', 'day:<device>:<date>', 'password:<no>', …
  failures INTEGER NOT NULL,
  until_ms INTEGER NOT NULL       -- not before then
) STRICT;

-- Shifts -------------------------------------------------------------------------------------------

CREATE TABLE series (             -- a shift instance of a reporting group: what the log calls s
  s BLOB PRIMARY KEY CHECK (length(s) = 16),
  grp TEXT NOT NULL REFERENCES reporting_group (code),
  date TEXT NOT NULL,
  code TEXT NOT NULL,
  starts_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'small')),  -- small: < 5 slots at open
  roster BLOB,                    -- the sorted slots that its `open` entry commits to, 16 bytes each
  UNIQUE (grp, date, code, starts_ms, ends_ms),
  CHECK ((roster IS NULL) = (state <> 'open'))
) STRICT;
CREATE INDEX series_starts ON series (starts_ms);  -- the log is cut at each

CREATE TABLE instance (
  id IDENTITY,
  crew TEXT NOT NULL REFERENCES crew (code),
  date TEXT NOT NULL CHECK (length(date) = 10),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  opens_ms INTEGER NOT NULL,
  starts_ms INTEGER NOT NULL,     -- = due
  ends_ms INTEGER NOT NULL,
  closed_ms INTEGER NOT NULL,
  s BLOB NOT NULL REFERENCES series (s),
  UNIQUE (crew, date, code),
  CHECK (opens_ms <= starts_ms AND starts_ms < ends_ms AND starts_ms < closed_ms)
) STRICT;
CREATE INDEX instance_time ON instance (opens_ms, closed_ms);
CREATE INDEX instance_s ON instance (s);

CREATE TABLE roster (             -- person × instance × station × job
  id IDENTITY,
  instance INTEGER NOT NULL REFERENCES instance (id),
  person TEXT NOT NULL REFERENCES person (id),
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  run_required INTEGER NOT NULL CHECK (run_required IN (0, 1)),
  how TEXT NOT NULL CHECK (how IN ('pattern', 'added', 'standin', 'swap', 'overtime', 'guest', 'workbook')),
  for_person TEXT REFERENCES person (id),             -- stand-in for
  added_ms INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  ended_ms INTEGER,
  ended_why TEXT CHECK (ended_why IN ('leave', 'swapped', 'replaced', 'mistake')),
  ended_by TEXT,
  CHECK ((ended_ms IS NULL) = (ended_why IS NULL))
) STRICT;
CREATE UNIQUE INDEX roster_row ON roster (instance, person, station, job) WHERE ended_ms IS NULL;
CREATE INDEX roster_instance ON roster (instance);
CREATE INDEX roster_person ON roster (person);

CREATE TABLE leave (              -- days somebody is away; shifts that start on them are excused
  id IDENTITY,
  person TEXT NOT NULL REFERENCES person (id),
  first TEXT NOT NULL CHECK (length(first) = 10),
  last TEXT NOT NULL CHECK (length(last) = 10),
  made_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL REFERENCES person (id),
  ended_ms INTEGER,               -- taken back
  CHECK (first <= last)
) STRICT;
CREATE INDEX leave_person ON leave (person, last);

CREATE TABLE absence (            -- one tap of the leader: why somebody has not started
  instance INTEGER NOT NULL REFERENCES instance (id),
  person TEXT NOT NULL REFERENCES person (id),
  why TEXT NOT NULL CHECK (why IN ('on_the_way', 'other')),
  note TEXT NOT NULL DEFAULT '',
  at_ms INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (instance, person)
) STRICT;

CREATE TABLE slot (               -- belongs to one person in one s; never reused
  u BLOB PRIMARY KEY CHECK (length(u) = 16),
  s BLOB NOT NULL REFERENCES series (s),
  person TEXT REFERENCES person (id),                 -- NULL: erased
  added_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX slot_person ON slot (s, person) WHERE ended_ms IS NULL;
CREATE INDEX slot_s ON slot (s);  -- ended ones count at earlier instants

-- Records and the ledger ---------------------------------------------------------------------------

CREATE TABLE entry (              -- public bytes, append-only
  seq IDENTITY,
  leaf BLOB NOT NULL UNIQUE CHECK (length(leaf) = 32),
  data BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('open', 'rec', 'chg', 'amend', 'key', 'ann')),
  s BLOB REFERENCES series (s),   -- NULL: of no series
  recv_ms INTEGER NOT NULL,
  idx INTEGER UNIQUE,             -- place in the log; NULL until sequenced
  CHECK ((s IS NULL) = (kind IN ('key', 'ann')))
) STRICT;
CREATE INDEX entry_s ON entry (s, seq);
CREATE INDEX entry_pending ON entry (seq) WHERE idx IS NULL;

CREATE TABLE head (               -- the tree as the sequencer last signed it: one row
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,         -- rises with every turn: taking it is the lock
  size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,             -- its checkpoint, signed by the log; '' while it is empty
  wanted_ms INTEGER NOT NULL DEFAULT 0,               -- somebody waits for a checkpoint since then
  policy TEXT NOT NULL,           -- C2SP tlog-policy: keys, witnesses, quorum
  refused TEXT NOT NULL DEFAULT '',                   -- code of why nothing is signed any more
  known TEXT NOT NULL DEFAULT ''                      -- the newest note that was held against it
) STRICT;

CREATE TABLE policy (             -- each that was in force, for the trees signed after it came
  size INTEGER PRIMARY KEY,       -- of the head when it came
  text TEXT NOT NULL
) STRICT;

CREATE TABLE tile (               -- C2SP tlog-tiles: the only store of the tree's hashes
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (level, number)
) STRICT;

CREATE TABLE checkpoint (         -- that left the house; kept for ever
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,             -- signed by the log
  cosignatures TEXT NOT NULL DEFAULT '',              -- signature lines of witnesses
  at_ms INTEGER NOT NULL,
  quorum_s INTEGER                -- when a quorum had seen it, by the witnesses' clocks; NULL: not yet
) STRICT;
CREATE INDEX checkpoint_seen ON checkpoint (quorum_s, size);

CREATE TABLE cut (                -- the checkpoint taken at a shift's start: what was received before it
  due_ms INTEGER PRIMARY KEY,
  size INTEGER NOT NULL
) STRICT;

CREATE TABLE witness_answer (     -- what each witness of the policy said last
  name TEXT PRIMARY KEY,          -- as the policy names it
  asked_ms INTEGER NOT NULL,
  size INTEGER,                   -- the largest tree that it signed; NULL: none yet
  signed_ms INTEGER,
  trouble TEXT NOT NULL DEFAULT ''                    -- a code; '' when it signed
) STRICT;

CREATE TABLE record (             -- exactly what a device sealed, and what acceptance found
  seq IDENTITY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('commit', 'run', 'hazard')),
  c BLOB NOT NULL CHECK (length(c) = 32),
  salt BLOB CHECK (length(salt) = 32),                -- NULL: erased
  body BLOB,                                          -- the bytes as sealed; NULL: erased
  sig BLOB,
  flags TEXT NOT NULL,            -- JSON array, sorted, those of the first acceptance
  recv_ms INTEGER NOT NULL,
  device TEXT REFERENCES device (id),                 -- that delivered; NULL: plain form
  chain_dev TEXT,                 -- whose chain it stands in, as claimed; NULL: plain form
  chain_seq INTEGER,              -- its place there
  body_sha BLOB NOT NULL CHECK (length(body_sha) = 32),  -- what the next one names; never erased
  person TEXT REFERENCES person (id),                 -- NULL: unknown or anonymous
  instance INTEGER REFERENCES instance (id),          -- NULL: none, or unknown
  station TEXT,                   -- as claimed
  job TEXT,                       -- as claimed
  version_no INTEGER,             -- of the text or checklist; NULL: unknown, or a hazard
  result TEXT CHECK (result IN ('committed', 'cannot', 'done', 'stopped', 'none')),  -- as taken
  counts INTEGER NOT NULL CHECK (counts IN (0, 1)),   -- may count once on the roster
  sealed_ms INTEGER NOT NULL,     -- the device's claim
  lower_ms INTEGER,               -- surely not made before
  estimate_ms INTEGER,
  estimate_ok INTEGER NOT NULL DEFAULT 0 CHECK (estimate_ok IN (0, 1)),
  proxy INTEGER NOT NULL DEFAULT 0 CHECK (proxy IN (0, 1)),
  unverified INTEGER NOT NULL DEFAULT 0 CHECK (unverified IN (0, 1)),
  entry_seq INTEGER REFERENCES entry (seq),           -- NULL: no public leaf
  receipt_leaf BLOB,              -- the leaf its first receipt names; NULL: the receipt is over c
  slot_u BLOB REFERENCES slot (u),
  erased_ms INTEGER,              -- when body, salt and person were taken out; its leaf stays
  CHECK ((erased_ms IS NULL) = (body IS NOT NULL)),
  CHECK ((body IS NULL) = (salt IS NULL))
) STRICT;
CREATE INDEX record_instance ON record (instance, person);
CREATE INDEX record_person ON record (person, seq);
CREATE INDEX record_chain ON record (chain_dev, chain_seq, body_sha);
CREATE INDEX record_kept ON record (kind, recv_ms) WHERE erased_ms IS NULL;

CREATE TABLE blob (               -- photos and signatures: the file is durable before this row is
  sha BLOB NOT NULL PRIMARY KEY CHECK (length(sha) = 32),
  kind TEXT NOT NULL
    CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp', 'application/json')),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  recv_ms INTEGER NOT NULL,
  device TEXT NOT NULL REFERENCES device (id)         -- that brought it first
) STRICT;
CREATE INDEX blob_recv ON blob (recv_ms);

CREATE TABLE record_blob (        -- which files a record names, whether they are here or not yet
  record TEXT NOT NULL REFERENCES record (id),
  sha BLOB NOT NULL CHECK (length(sha) = 32),
  PRIMARY KEY (record, sha)
) STRICT;
CREATE INDEX record_blob_sha ON record_blob (sha, record);

CREATE TABLE quarantine (         -- kept, answered with a receipt over c, counted for nothing
  seq IDENTITY,
  id TEXT NOT NULL,
  c BLOB NOT NULL,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,             -- empty: erased, and the salt with it
  salt BLOB NOT NULL,
  sig BLOB,
  flags TEXT NOT NULL,
  recv_ms INTEGER NOT NULL,
  device TEXT REFERENCES device (id),
  chain_dev TEXT,                 -- as in record, where its body says so; else NULL
  chain_seq INTEGER,
  body_sha BLOB NOT NULL CHECK (length(body_sha) = 32),
  UNIQUE (id, c)
) STRICT;
CREATE INDEX quarantine_chain ON quarantine (chain_dev, chain_seq, body_sha);

-- What people answer ---------------------------------------------------------------------------------

CREATE TABLE finding (            -- a failed step, a negative answer, a reported fault: asks a person
  id IDENTITY,
  kind TEXT NOT NULL CHECK (kind IN ('hazard', 'brief', 'replace')),   -- brief, replace: to-dos
  record_id TEXT NOT NULL,        -- of the record that opened it
  part TEXT NOT NULL,             -- step number, item id, or 'self' for a hazard record
  instance INTEGER REFERENCES instance (id),
  crew TEXT REFERENCES crew (code),
  station TEXT,
  job TEXT,
  reporter TEXT REFERENCES person (id),               -- NULL: anonymous
  veto INTEGER NOT NULL DEFAULT 0 CHECK (veto IN (0, 1)),
  level TEXT NOT NULL DEFAULT 'general' CHECK (level IN ('general', 'major')),
  what TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('found', 'assigned', 'fixed', 'accepted')),
  found_ms INTEGER NOT NULL,
  answered_ms INTEGER,            -- first answer by a leader or manager: closes the person's state
  answered_by TEXT REFERENCES person (id),
  outcome TEXT CHECK (outcome IN ('assigned', 'fixed', 'replaced', 'mistake', 'briefed')),
  answer TEXT NOT NULL DEFAULT '',
  assignee TEXT REFERENCES person (id),
  due_ms INTEGER,
  fixed_ms INTEGER,
  accepted_ms INTEGER,
  accepted_by TEXT REFERENCES person (id),
  UNIQUE (record_id, part)
) STRICT;
CREATE INDEX finding_open ON finding (state, crew);
CREATE INDEX finding_instance ON finding (instance);

CREATE TABLE handover (           -- what a shift leaves to the next one on its post
  id IDENTITY,
  instance INTEGER NOT NULL REFERENCES instance (id), -- that leaves it
  finding INTEGER REFERENCES finding (id),            -- NULL: in words only
  station TEXT REFERENCES station (code),
  what TEXT NOT NULL CHECK (length(what) BETWEEN 1 AND 300),
  by_person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  ended_ms INTEGER,               -- taken back before anybody took it over
  taken_by_instance INTEGER REFERENCES instance (id), -- that took it over; NULL: nobody yet
  taken_by TEXT REFERENCES person (id),
  taken_ms INTEGER,
  taken_note TEXT NOT NULL DEFAULT '',
  CHECK ((taken_ms IS NULL) = (taken_by_instance IS NULL))
) STRICT;
CREATE INDEX handover_instance ON handover (instance);
CREATE INDEX handover_taken ON handover (taken_by_instance);
CREATE UNIQUE INDEX handover_finding ON handover (instance, finding) WHERE ended_ms IS NULL;

CREATE TABLE proxy_answer (       -- what somebody said of a record that another entered for them
  record TEXT PRIMARY KEY REFERENCES record (id),
  mine INTEGER NOT NULL CHECK (mine IN (0, 1)),
  at_ms INTEGER NOT NULL,
  looked_ms INTEGER,              -- "not mine": when somebody above the leader had looked at it
  looked_by TEXT REFERENCES person (id)
) STRICT;

CREATE TABLE signal (             -- something about a record that a person should look at (signals.py)
  id IDENTITY,
  kind TEXT NOT NULL CHECK (kind IN ('fast', 'same_rhythm', 'burst')),
  record TEXT NOT NULL REFERENCES record (id),
  person TEXT NOT NULL REFERENCES person (id),
  instance INTEGER NOT NULL REFERENCES instance (id),
  crew TEXT NOT NULL REFERENCES crew (code),
  figures TEXT NOT NULL,          -- JSON: what was measured and the threshold then
  at_ms INTEGER NOT NULL,
  shown_ms INTEGER,               -- to the person themself, first
  looked_ms INTEGER,              -- by a leader
  looked_by TEXT REFERENCES person (id),
  looked_how TEXT CHECK (looked_how IN ('fine', 'talked')),
  UNIQUE (kind, record)
) STRICT;
CREATE INDEX signal_crew ON signal (crew, looked_ms);
CREATE INDEX signal_person ON signal (person, at_ms);

CREATE TABLE signoff (            -- the crew's signature on its shift; a new one after something changed
  id IDENTITY,
  instance INTEGER NOT NULL REFERENCES instance (id),
  no INTEGER NOT NULL CHECK (no >= 1),                -- of that shift, in order
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  gaps TEXT NOT NULL,             -- JSON [{"what","person","reason"}]: signed over with a reason
  UNIQUE (instance, no)
) STRICT;

CREATE TABLE unit_signoff (       -- a unit's signature on a day (that of an announcement)
  id IDENTITY,
  unit TEXT NOT NULL REFERENCES unit (code),
  date TEXT NOT NULL CHECK (length(date) = 10),
  no INTEGER NOT NULL CHECK (no >= 1),                -- of that day, in order
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  figures TEXT NOT NULL,          -- JSON: what it signed, as numbers
  research TEXT NOT NULL,         -- JSON {item: {"a": "yes"|"no"|"none", "note"}}
  gaps TEXT NOT NULL,             -- JSON, as of a crew: signed over with a reason each
  below TEXT NOT NULL,            -- JSON {key of what is below: number of its signature, 0 = none}
  UNIQUE (unit, date, no)
) STRICT;

-- Reminders and alerts ----------------------------------------------------------------------------

CREATE TABLE channel (            -- where a message goes
  id IDENTITY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'mail')),
  target TEXT NOT NULL,           -- address of the webhook; of mail the receivers, comma between
  template TEXT NOT NULL,         -- name of a payload template
  secret TEXT NOT NULL DEFAULT '',                    -- to sign with, where the receiver asks for it
  events TEXT NOT NULL,           -- JSON array of event names
  crew TEXT REFERENCES crew (code),                   -- only about this crew; NULL: all
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  quiet_from TEXT NOT NULL DEFAULT '',                -- HH:MM site time; '' = never quiet
  quiet_to TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  CHECK ((quiet_from = '') = (quiet_to = ''))
) STRICT;

CREATE TABLE delivery (           -- one message to one channel: waiting, sent or given up
  id IDENTITY,
  channel INTEGER NOT NULL REFERENCES channel (id),
  event TEXT NOT NULL,
  about TEXT NOT NULL,            -- what it is about: the same is told once
  facts TEXT NOT NULL,            -- JSON that fills the template
  made_ms INTEGER NOT NULL,
  next_ms INTEGER,                -- when it is tried (again); NULL: sent or given up
  tries INTEGER NOT NULL DEFAULT 0,
  sent_ms INTEGER,
  answer TEXT NOT NULL DEFAULT '',                    -- what the other side said last
  UNIQUE (channel, event, about)
) STRICT;
CREATE INDEX delivery_next ON delivery (next_ms);

-- The state of the plant, and dangerous work -----------------------------------------------------------

CREATE TABLE facility (           -- a process unit, or what stores: the ladder's `unit` is something else
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),                   -- whose stations report about it; NULL: none
  kind TEXT NOT NULL CHECK (kind IN ('unit', 'tank_farm', 'warehouse')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  hazard_rank INTEGER NOT NULL DEFAULT 0 CHECK (hazard_rank BETWEEN 0 AND 4),  -- of a major hazard, 1 worst; 0: none
  hazard_code TEXT NOT NULL DEFAULT '',               -- its number in the regulator's registration
  process INTEGER NOT NULL DEFAULT 0 CHECK (process IN (0, 1)),  -- runs a process under special supervision
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE facility_state (     -- history, append-only: the newest that began is the state
  id IDENTITY,
  facility TEXT NOT NULL REFERENCES facility (code),
  state TEXT NOT NULL CHECK (state IN (
    'running', 'stopped', 'maintenance', 'startup', 'shutdown', 'trial',  -- of a unit
    'safe', 'unsafe', 'empty')),                                          -- of what stores
  since_ms INTEGER NOT NULL,      -- when it began
  note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  at_ms INTEGER NOT NULL,         -- when it was entered
  by_person TEXT NOT NULL REFERENCES person (id),
  UNIQUE (facility, since_ms),
  CHECK (since_ms <= at_ms)
) STRICT;

CREATE TABLE facility_look (      -- somebody looked: every state of the site is as recorded
  id IDENTITY,
  site TEXT NOT NULL REFERENCES site (code),
  at_ms INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id)
) STRICT;
CREATE INDEX facility_look_site ON facility_look (site, at_ms);

CREATE TABLE special_work (       -- a permit of today, as others issued it: we register, never issue
  id IDENTITY,
  no TEXT NOT NULL CHECK (length(no) BETWEEN 1 AND 40),            -- as on the permit
  no_key TEXT NOT NULL UNIQUE CHECK (length(no_key) BETWEEN 1 AND 40),  -- without case, width, spaces, hyphens
  kind TEXT NOT NULL,             -- of library/special_work.json
  level TEXT NOT NULL DEFAULT '', -- of that kind; '' where it has none
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),
  facility TEXT REFERENCES facility (code),
  place TEXT NOT NULL CHECK (length(place) BETWEEN 1 AND 60),
  what TEXT NOT NULL DEFAULT '' CHECK (length(what) <= 200),
  starts_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  contractor TEXT NOT NULL DEFAULT '' CHECK (length(contractor) <= 60),  -- '' = own people
  changed INTEGER NOT NULL DEFAULT 0 CHECK (changed IN (0, 1)),  -- work of a change (变更作业)
  gas_every_min INTEGER NOT NULL DEFAULT 0 CHECK (gas_every_min BETWEEN 0 AND 1440),  -- 0: none needed
  source TEXT NOT NULL CHECK (source IN ('desk', 'workbook', 'api')),
  made_ms INTEGER NOT NULL,       -- when it was registered
  made_by TEXT REFERENCES person (id),                -- NULL: by the API
  closed_ms INTEGER,              -- finished and checked
  cancelled_ms INTEGER,           -- does not take place, or stopped for good
  cancelled_why TEXT NOT NULL DEFAULT '' CHECK (length(cancelled_why) <= 200),
  ended_by TEXT REFERENCES person (id),
  CHECK (starts_ms < ends_ms),
  CHECK (closed_ms IS NULL OR cancelled_ms IS NULL)
) STRICT;
CREATE INDEX special_work_time ON special_work (starts_ms, ends_ms);

CREATE TABLE special_work_person (  -- who is named on the permit
  work INTEGER NOT NULL REFERENCES special_work (id),
  person TEXT NOT NULL REFERENCES person (id),
  part TEXT NOT NULL CHECK (part IN ('guardian', 'worker')),
  PRIMARY KEY (work, person, part)
) STRICT;
CREATE INDEX special_work_person_of ON special_work_person (person, work);

CREATE TABLE gas_test (           -- of a work, newest counts
  id IDENTITY,
  work INTEGER NOT NULL REFERENCES special_work (id),
  tested_ms INTEGER NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  result TEXT NOT NULL DEFAULT '' CHECK (length(result) <= 100),  -- as read: "LEL 0 %, O₂ 20.8 %"
  at_ms INTEGER NOT NULL,         -- when it was entered
  by_person TEXT REFERENCES person (id),              -- NULL: by the API
  CHECK (tested_ms <= at_ms)
) STRICT;
CREATE INDEX gas_test_work ON gas_test (work, tested_ms);

CREATE TABLE api_key (            -- another system of the plant that brings data; shown once
  id IDENTITY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),  -- SHA-256 of the key
  made_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL REFERENCES person (id),
  used_ms INTEGER,
  revoked_ms INTEGER
) STRICT;

-- The announcement --------------------------------------------------------------------------------------

CREATE TABLE delegation (         -- the principal's written leave to sign for them (书面授权)
  id IDENTITY,
  signatory TEXT NOT NULL REFERENCES person (id),     -- who gives it
  delegate TEXT NOT NULL REFERENCES person (id),
  first TEXT NOT NULL CHECK (length(first) = 10),     -- dates of announcements, both included
  last TEXT NOT NULL CHECK (length(last) = 10),
  document TEXT NOT NULL CHECK (length(document) BETWEEN 1 AND 100),  -- number or title of the paper
  made_ms INTEGER NOT NULL,
  ended_ms INTEGER,               -- taken back
  CHECK (first <= last),
  CHECK (signatory <> delegate)
) STRICT;

CREATE TABLE announcement (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
  date TEXT NOT NULL CHECK (length(date) = 10),       -- its day; of a period the last day
  version INTEGER NOT NULL CHECK (version >= 1),      -- of that day: 2, 3 … supersede
  why TEXT NOT NULL CHECK (why IN ('first', 'update', 'correction')),
  doc TEXT NOT NULL,              -- canonical JSON, what is signed and shown
  note TEXT NOT NULL,             -- signed note of the announcement key: the doc's hash and the words
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL REFERENCES person (id),
  supersedes TEXT REFERENCES announcement (id),
  entry_seq INTEGER NOT NULL UNIQUE REFERENCES entry (seq),   -- its place in the log
  parts TEXT NOT NULL DEFAULT '[]',                   -- canonical JSON: the parts of that entry
  UNIQUE (kind, date, version),
  CHECK ((why = 'first') = (version = 1)),
  CHECK ((supersedes IS NULL) = (version = 1))
) STRICT;

CREATE TABLE audit (              -- who changed what at a desk
  seq IDENTITY,
  at_ms INTEGER NOT NULL,
  person TEXT,                    -- NULL: the command line
  what TEXT NOT NULL,             -- e.g. 'device.revoke'
  about TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_about ON audit (about);

INSERT INTO counter (name, value) VALUES ('board', 0), ('signals', 0);
INSERT INTO level (no, name, name_en)
  VALUES (1, '班组', 'Crew'), (2, '车间', 'Workshop'), (3, '厂级', 'Plant');
