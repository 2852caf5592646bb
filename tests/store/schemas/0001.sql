BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'shiftapp','0001_initial','2026-11-26 19:06:53.444235+00:00');
CREATE TABLE absence (            
  instance INTEGER NOT NULL REFERENCES instance (id),
  person TEXT NOT NULL REFERENCES person (id),
  why TEXT NOT NULL CHECK (why IN ('on_the_way', 'other')),
  note TEXT NOT NULL DEFAULT '',
  at_ms INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (instance, person)
) STRICT;
CREATE TABLE announcement (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
  date TEXT NOT NULL CHECK (length(date) = 10),       
  version INTEGER NOT NULL CHECK (version >= 1),      
  why TEXT NOT NULL CHECK (why IN ('first', 'update', 'correction')),
  doc TEXT NOT NULL,              
  note TEXT NOT NULL,             
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL REFERENCES person (id),
  supersedes TEXT REFERENCES announcement (id),
  entry_seq INTEGER NOT NULL UNIQUE REFERENCES entry (seq),   
  parts TEXT NOT NULL DEFAULT '[]',                   
  UNIQUE (kind, date, version),
  CHECK ((why = 'first') = (version = 1)),
  CHECK ((supersedes IS NULL) = (version = 1))
) STRICT;
CREATE TABLE api_key (            
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  secret BLOB NOT NULL UNIQUE CHECK (length(secret) = 32),  
  made_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL REFERENCES person (id),
  used_ms INTEGER,
  revoked_ms INTEGER
) STRICT;
CREATE TABLE area (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  risk TEXT NOT NULL CHECK (risk IN ('A', 'B', 'C', 'D')),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE attempt (            
  key TEXT PRIMARY KEY,           
  failures INTEGER NOT NULL,
  until_ms INTEGER NOT NULL       
) STRICT;
CREATE TABLE audit (              
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  person TEXT,                    
  what TEXT NOT NULL,             
  about TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE blob (               
  sha BLOB NOT NULL PRIMARY KEY CHECK (length(sha) = 32),
  kind TEXT NOT NULL
    CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp', 'application/json')),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  recv_ms INTEGER NOT NULL,
  device TEXT NOT NULL REFERENCES device (id)         
) STRICT;
CREATE TABLE channel (            
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'mail')),
  target TEXT NOT NULL,           
  template TEXT NOT NULL,         
  secret TEXT NOT NULL DEFAULT '',                    
  events TEXT NOT NULL,           
  crew TEXT REFERENCES crew (code),                   
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  quiet_from TEXT NOT NULL DEFAULT '',                
  quiet_to TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  CHECK ((quiet_from = '') = (quiet_to = ''))
) STRICT;
CREATE TABLE checklist (          
  job TEXT NOT NULL REFERENCES job (code),
  no INTEGER NOT NULL CHECK (no >= 1),
  sha BLOB NOT NULL CHECK (length(sha) = 32),
  doc TEXT NOT NULL,              
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL,     
  PRIMARY KEY (job, no),
  UNIQUE (job, sha)
) STRICT;
CREATE TABLE checkpoint (         
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,             
  cosignatures TEXT NOT NULL DEFAULT '',              
  at_ms INTEGER NOT NULL,
  quorum_s INTEGER                
) STRICT;
CREATE TABLE commitment (         
  no INTEGER PRIMARY KEY CHECK (no >= 1),
  sha BLOB NOT NULL UNIQUE CHECK (length(sha) = 32),
  doc TEXT NOT NULL,
  published_ms INTEGER NOT NULL,
  published_by TEXT NOT NULL
) STRICT;
CREATE TABLE counter (            
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO "counter" VALUES('board',0);
INSERT INTO "counter" VALUES('signals',0);
CREATE TABLE crew (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),                   
  grp TEXT NOT NULL REFERENCES reporting_group (code),
  unit TEXT REFERENCES unit (code),                   
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  pattern TEXT NOT NULL REFERENCES pattern (code),
  day_offset INTEGER NOT NULL DEFAULT 0,              
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE cut (                
  due_ms INTEGER PRIMARY KEY,
  size INTEGER NOT NULL
) STRICT;
CREATE TABLE delegation (         
  id INTEGER PRIMARY KEY,
  signatory TEXT NOT NULL REFERENCES person (id),     
  delegate TEXT NOT NULL REFERENCES person (id),
  first TEXT NOT NULL CHECK (length(first) = 10),     
  last TEXT NOT NULL CHECK (length(last) = 10),
  document TEXT NOT NULL CHECK (length(document) BETWEEN 1 AND 100),  
  made_ms INTEGER NOT NULL,
  ended_ms INTEGER,               
  CHECK (first <= last),
  CHECK (signatory <> delegate)
) STRICT;
CREATE TABLE delivery (           
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channel (id),
  event TEXT NOT NULL,
  about TEXT NOT NULL,            
  facts TEXT NOT NULL,            
  made_ms INTEGER NOT NULL,
  next_ms INTEGER,                
  tries INTEGER NOT NULL DEFAULT 0,
  sent_ms INTEGER,
  answer TEXT NOT NULL DEFAULT '',                    
  UNIQUE (channel, event, about)
) STRICT;
CREATE TABLE device (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('personal', 'shared')),
  person TEXT REFERENCES person (id),                 
  label TEXT NOT NULL DEFAULT '',
  site TEXT REFERENCES site (code),                   
  secret BLOB NOT NULL UNIQUE,                        
  pubkey BLOB,                                        
  enrolled_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  synced_ms INTEGER,
  unsent INTEGER,                                     
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  revoked_by TEXT
) STRICT;
CREATE TABLE draft (              
  about TEXT PRIMARY KEY,         
  doc TEXT NOT NULL,              
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE enrol_code (         
  hash BLOB PRIMARY KEY,                              
  kind TEXT NOT NULL CHECK (kind IN ('card', 'leader', 'shared')),
  person TEXT REFERENCES person (id),                 
  made_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER,
  used_device TEXT REFERENCES device (id)
) STRICT;
CREATE TABLE entry (              
  seq INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL UNIQUE CHECK (length(leaf) = 32),
  data BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('open', 'rec', 'chg', 'amend', 'key', 'ann')),
  s BLOB REFERENCES series (s),   
  recv_ms INTEGER NOT NULL,
  idx INTEGER UNIQUE,             
  CHECK ((s IS NULL) = (kind IN ('key', 'ann')))
) STRICT;
CREATE TABLE facility (           
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),                   
  kind TEXT NOT NULL CHECK (kind IN ('unit', 'tank_farm', 'warehouse')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  hazard_rank INTEGER NOT NULL DEFAULT 0 CHECK (hazard_rank BETWEEN 0 AND 4),  
  hazard_code TEXT NOT NULL DEFAULT '',               
  process INTEGER NOT NULL DEFAULT 0 CHECK (process IN (0, 1)),  
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE facility_look (      
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL REFERENCES site (code),
  at_ms INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id)
) STRICT;
CREATE TABLE facility_state (     
  id INTEGER PRIMARY KEY,
  facility TEXT NOT NULL REFERENCES facility (code),
  state TEXT NOT NULL CHECK (state IN (
    'running', 'stopped', 'maintenance', 'startup', 'shutdown', 'trial',  
    'safe', 'unsafe', 'empty')),                                          
  since_ms INTEGER NOT NULL,      
  note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  at_ms INTEGER NOT NULL,         
  by_person TEXT NOT NULL REFERENCES person (id),
  UNIQUE (facility, since_ms),
  CHECK (since_ms <= at_ms)
) STRICT;
CREATE TABLE finding (            
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('hazard', 'brief', 'replace')),   
  record_id TEXT NOT NULL,        
  part TEXT NOT NULL,             
  instance INTEGER REFERENCES instance (id),
  crew TEXT REFERENCES crew (code),
  station TEXT,
  job TEXT,
  reporter TEXT REFERENCES person (id),               
  veto INTEGER NOT NULL DEFAULT 0 CHECK (veto IN (0, 1)),
  level TEXT NOT NULL DEFAULT 'general' CHECK (level IN ('general', 'major')),
  what TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('found', 'assigned', 'fixed', 'accepted')),
  found_ms INTEGER NOT NULL,
  answered_ms INTEGER,            
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
CREATE TABLE gas_test (           
  id INTEGER PRIMARY KEY,
  work INTEGER NOT NULL REFERENCES special_work (id),
  tested_ms INTEGER NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  result TEXT NOT NULL DEFAULT '' CHECK (length(result) <= 100),  
  at_ms INTEGER NOT NULL,         
  by_person TEXT REFERENCES person (id),              
  CHECK (tested_ms <= at_ms)
) STRICT;
CREATE TABLE handover (           
  id INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL REFERENCES instance (id), 
  finding INTEGER REFERENCES finding (id),            
  station TEXT REFERENCES station (code),
  what TEXT NOT NULL CHECK (length(what) BETWEEN 1 AND 300),
  by_person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  ended_ms INTEGER,               
  taken_by_instance INTEGER REFERENCES instance (id), 
  taken_by TEXT REFERENCES person (id),
  taken_ms INTEGER,
  taken_note TEXT NOT NULL DEFAULT '',
  CHECK ((taken_ms IS NULL) = (taken_by_instance IS NULL))
) STRICT;
CREATE TABLE head (               
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,         
  size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,             
  wanted_ms INTEGER NOT NULL DEFAULT 0,               
  policy TEXT NOT NULL,           
  refused TEXT NOT NULL DEFAULT '',                   
  known TEXT NOT NULL DEFAULT ''                      
) STRICT;
CREATE TABLE instance (
  id INTEGER PRIMARY KEY,
  crew TEXT NOT NULL REFERENCES crew (code),
  date TEXT NOT NULL CHECK (length(date) = 10),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  opens_ms INTEGER NOT NULL,
  starts_ms INTEGER NOT NULL,     
  ends_ms INTEGER NOT NULL,
  closed_ms INTEGER NOT NULL,
  s BLOB NOT NULL REFERENCES series (s),
  UNIQUE (crew, date, code),
  CHECK (opens_ms <= starts_ms AND starts_ms < ends_ms AND starts_ms < closed_ms)
) STRICT;
CREATE TABLE job (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  ppe TEXT NOT NULL DEFAULT '[]',      
  card TEXT NOT NULL DEFAULT '{}',     
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE leave (              
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  first TEXT NOT NULL CHECK (length(first) = 10),
  last TEXT NOT NULL CHECK (length(last) = 10),
  made_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL REFERENCES person (id),
  ended_ms INTEGER,               
  CHECK (first <= last)
) STRICT;
CREATE TABLE level (              
  no INTEGER PRIMARY KEY CHECK (no BETWEEN 1 AND 5),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "level" VALUES(1,'班组','Crew');
INSERT INTO "level" VALUES(2,'车间','Workshop');
INSERT INTO "level" VALUES(3,'厂级','Plant');
CREATE TABLE pattern (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL,            
  anchor TEXT NOT NULL,           
  gaps_ok INTEGER NOT NULL DEFAULT 0 CHECK (gaps_ok IN (0, 1)),      
  double_ok INTEGER NOT NULL DEFAULT 0 CHECK (double_ok IN (0, 1))   
) STRICT;
CREATE TABLE person (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  no TEXT NOT NULL CHECK (length(no) BETWEEN 1 AND 32),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  title_en TEXT NOT NULL DEFAULT '',
  crew TEXT REFERENCES crew (code),
  employer TEXT NOT NULL DEFAULT '',                  
  phone TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  pin_hash TEXT,                                      
  pin_salt BLOB CHECK (length(pin_salt) = 16),        
  pin_tag INTEGER CHECK (pin_tag BETWEEN 0 AND 127),  
  badge_key BLOB CHECK (length(badge_key) = 32),      
  password_hash TEXT,                                 
  guest INTEGER NOT NULL DEFAULT 0 CHECK (guest IN (0, 1)),  
  vouched_ms INTEGER,             
  vouched_by TEXT REFERENCES person (id),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  made_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "person" VALUES('00000000-0000-4000-8000-000000000001','1','张三','','','',NULL,'','','zh',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1,1);
CREATE TABLE policy (             
  size INTEGER PRIMARY KEY,       
  text TEXT NOT NULL
) STRICT;
CREATE TABLE post (               
  person TEXT NOT NULL REFERENCES person (id),
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  run_required INTEGER NOT NULL DEFAULT 1 CHECK (run_required IN (0, 1)),
  PRIMARY KEY (person, station, job)
) STRICT;
CREATE TABLE proxy_answer (       
  record TEXT PRIMARY KEY REFERENCES record (id),
  mine INTEGER NOT NULL CHECK (mine IN (0, 1)),
  at_ms INTEGER NOT NULL,
  looked_ms INTEGER,              
  looked_by TEXT REFERENCES person (id)
) STRICT;
CREATE TABLE quarantine (         
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  c BLOB NOT NULL,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,             
  salt BLOB NOT NULL,
  sig BLOB,
  flags TEXT NOT NULL,
  recv_ms INTEGER NOT NULL,
  device TEXT REFERENCES device (id),
  chain_dev TEXT,                 
  chain_seq INTEGER,
  body_sha BLOB NOT NULL CHECK (length(body_sha) = 32),
  UNIQUE (id, c)
) STRICT;
CREATE TABLE record (             
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (kind IN ('commit', 'run', 'hazard')),
  c BLOB NOT NULL CHECK (length(c) = 32),
  salt BLOB CHECK (length(salt) = 32),                
  body BLOB,                                          
  sig BLOB,
  flags TEXT NOT NULL,            
  recv_ms INTEGER NOT NULL,
  device TEXT REFERENCES device (id),                 
  chain_dev TEXT,                 
  chain_seq INTEGER,              
  body_sha BLOB NOT NULL CHECK (length(body_sha) = 32),  
  person TEXT REFERENCES person (id),                 
  instance INTEGER REFERENCES instance (id),          
  station TEXT,                   
  job TEXT,                       
  version_no INTEGER,             
  result TEXT CHECK (result IN ('committed', 'cannot', 'done', 'stopped', 'none')),  
  counts INTEGER NOT NULL CHECK (counts IN (0, 1)),   
  sealed_ms INTEGER NOT NULL,     
  lower_ms INTEGER,               
  estimate_ms INTEGER,
  estimate_ok INTEGER NOT NULL DEFAULT 0 CHECK (estimate_ok IN (0, 1)),
  proxy INTEGER NOT NULL DEFAULT 0 CHECK (proxy IN (0, 1)),
  unverified INTEGER NOT NULL DEFAULT 0 CHECK (unverified IN (0, 1)),
  entry_seq INTEGER REFERENCES entry (seq),           
  receipt_leaf BLOB,              
  slot_u BLOB REFERENCES slot (u),
  erased_ms INTEGER,              
  CHECK ((erased_ms IS NULL) = (body IS NOT NULL)),
  CHECK ((body IS NULL) = (salt IS NULL))
) STRICT;
CREATE TABLE record_blob (        
  record TEXT NOT NULL REFERENCES record (id),
  sha BLOB NOT NULL CHECK (length(sha) = 32),
  PRIMARY KEY (record, sha)
) STRICT;
CREATE TABLE reporting_group (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  site TEXT NOT NULL REFERENCES site (code),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE role (
  person TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL
    CHECK (role IN ('operator', 'leader', 'manager', 'signatory', 'inspector', 'admin')),
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'area', 'crew')),
  scope TEXT NOT NULL DEFAULT '',                     
  PRIMARY KEY (person, role, scope_kind, scope)
) STRICT;
CREATE TABLE roster (             
  id INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL REFERENCES instance (id),
  person TEXT NOT NULL REFERENCES person (id),
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  run_required INTEGER NOT NULL CHECK (run_required IN (0, 1)),
  how TEXT NOT NULL CHECK (how IN ('pattern', 'added', 'standin', 'swap', 'overtime', 'guest', 'workbook')),
  for_person TEXT REFERENCES person (id),             
  added_ms INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  ended_ms INTEGER,
  ended_why TEXT CHECK (ended_why IN ('leave', 'swapped', 'replaced', 'mistake')),
  ended_by TEXT,
  CHECK ((ended_ms IS NULL) = (ended_why IS NULL))
) STRICT;
CREATE TABLE selfcheck (          
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  device TEXT UNIQUE REFERENCES device (id),          
  tier TEXT NOT NULL CHECK (tier IN ('full', 'online', 'plain')),
  agent TEXT NOT NULL CHECK (length(agent) <= 300),
  screen TEXT NOT NULL CHECK (length(screen) <= 24),
  font INTEGER NOT NULL,          
  checks TEXT NOT NULL            
) STRICT;
CREATE TABLE series (             
  s BLOB PRIMARY KEY CHECK (length(s) = 16),
  grp TEXT NOT NULL REFERENCES reporting_group (code),
  date TEXT NOT NULL,
  code TEXT NOT NULL,
  starts_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'small')),  
  roster BLOB,                    
  UNIQUE (grp, date, code, starts_ms, ends_ms),
  CHECK ((roster IS NULL) = (state <> 'open'))
) STRICT;
CREATE TABLE session (            
  sid BLOB PRIMARY KEY CHECK (length(sid) = 16),
  secret BLOB NOT NULL UNIQUE,                        
  person TEXT NOT NULL REFERENCES person (id),
  device TEXT REFERENCES device (id),                 
  how TEXT NOT NULL CHECK (how IN ('card', 'code', 'pin', 'badge', 'password', 'guest', 'demo')),
  made_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;
CREATE TABLE setting (            
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE shift (              
  pattern TEXT NOT NULL REFERENCES pattern (code),
  code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 8),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  start TEXT NOT NULL CHECK (length(start) = 5),      
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 60 AND 1440),
  PRIMARY KEY (pattern, code)
) STRICT;
CREATE TABLE signal (             
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('fast', 'same_rhythm', 'burst')),
  record TEXT NOT NULL REFERENCES record (id),
  person TEXT NOT NULL REFERENCES person (id),
  instance INTEGER NOT NULL REFERENCES instance (id),
  crew TEXT NOT NULL REFERENCES crew (code),
  figures TEXT NOT NULL,          
  at_ms INTEGER NOT NULL,
  shown_ms INTEGER,               
  looked_ms INTEGER,              
  looked_by TEXT REFERENCES person (id),
  looked_how TEXT CHECK (looked_how IN ('fine', 'talked')),
  UNIQUE (kind, record)
) STRICT;
CREATE TABLE signoff (            
  id INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL REFERENCES instance (id),
  no INTEGER NOT NULL CHECK (no >= 1),                
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  gaps TEXT NOT NULL,             
  UNIQUE (instance, no)
) STRICT;
CREATE TABLE site (
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  name_en TEXT NOT NULL DEFAULT '',
  zone TEXT NOT NULL,             
  phone TEXT NOT NULL DEFAULT '', 
  signals TEXT NOT NULL DEFAULT '{}'                  
) STRICT;
INSERT INTO "site" VALUES('S1','示例厂','','Asia/Shanghai','','{}');
CREATE TABLE slot (               
  u BLOB PRIMARY KEY CHECK (length(u) = 16),
  s BLOB NOT NULL REFERENCES series (s),
  person TEXT REFERENCES person (id),                 
  added_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
CREATE TABLE special_work (       
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL CHECK (length(no) BETWEEN 1 AND 40),            
  no_key TEXT NOT NULL UNIQUE CHECK (length(no_key) BETWEEN 1 AND 40),  
  kind TEXT NOT NULL,             
  level TEXT NOT NULL DEFAULT '', 
  site TEXT NOT NULL REFERENCES site (code),
  area TEXT REFERENCES area (code),
  facility TEXT REFERENCES facility (code),
  place TEXT NOT NULL CHECK (length(place) BETWEEN 1 AND 60),
  what TEXT NOT NULL DEFAULT '' CHECK (length(what) <= 200),
  starts_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  contractor TEXT NOT NULL DEFAULT '' CHECK (length(contractor) <= 60),  
  changed INTEGER NOT NULL DEFAULT 0 CHECK (changed IN (0, 1)),  
  gas_every_min INTEGER NOT NULL DEFAULT 0 CHECK (gas_every_min BETWEEN 0 AND 1440),  
  source TEXT NOT NULL CHECK (source IN ('desk', 'workbook', 'api')),
  made_ms INTEGER NOT NULL,       
  made_by TEXT REFERENCES person (id),                
  closed_ms INTEGER,              
  cancelled_ms INTEGER,           
  cancelled_why TEXT NOT NULL DEFAULT '' CHECK (length(cancelled_why) <= 200),
  ended_by TEXT REFERENCES person (id),
  CHECK (starts_ms < ends_ms),
  CHECK (closed_ms IS NULL OR cancelled_ms IS NULL)
) STRICT;
CREATE TABLE special_work_person (  
  work INTEGER NOT NULL REFERENCES special_work (id),
  person TEXT NOT NULL REFERENCES person (id),
  part TEXT NOT NULL CHECK (part IN ('guardian', 'worker')),
  PRIMARY KEY (work, person, part)
) STRICT;
CREATE TABLE station (
  code TEXT PRIMARY KEY CHECK (length(code) = 8),   
  area TEXT NOT NULL REFERENCES area (code),
  label TEXT NOT NULL UNIQUE,     
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  place_en TEXT NOT NULL DEFAULT '',
  risk TEXT NOT NULL CHECK (risk IN ('A', 'B', 'C', 'D')),
  phone_free INTEGER NOT NULL DEFAULT 0 CHECK (phone_free IN (0, 1)),  
  scoped INTEGER NOT NULL DEFAULT 1 CHECK (scoped IN (0, 1)),  
  staff INTEGER NOT NULL DEFAULT 0 CHECK (staff BETWEEN 0 AND 99),  
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE station_job (        
  station TEXT NOT NULL REFERENCES station (code),
  job TEXT NOT NULL REFERENCES job (code),
  PRIMARY KEY (station, job)
) STRICT;
CREATE TABLE tile (               
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (level, number)
) STRICT;
CREATE TABLE unit (               
  code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 16),
  level INTEGER NOT NULL REFERENCES level (no) CHECK (level >= 2),
  site TEXT NOT NULL REFERENCES site (code),
  parent TEXT REFERENCES unit (code),                 
  area TEXT REFERENCES area (code),                   
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE unit_signer (        
  unit TEXT NOT NULL REFERENCES unit (code),
  person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (unit, person)
) STRICT;
CREATE TABLE unit_signoff (       
  id INTEGER PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES unit (code),
  date TEXT NOT NULL CHECK (length(date) = 10),
  no INTEGER NOT NULL CHECK (no >= 1),                
  person TEXT NOT NULL REFERENCES person (id),
  at_ms INTEGER NOT NULL,
  figures TEXT NOT NULL,          
  research TEXT NOT NULL,         
  gaps TEXT NOT NULL,             
  below TEXT NOT NULL,            
  UNIQUE (unit, date, no)
) STRICT;
CREATE TABLE witness_answer (     
  name TEXT PRIMARY KEY,          
  asked_ms INTEGER NOT NULL,
  size INTEGER,                   
  signed_ms INTEGER,
  trouble TEXT NOT NULL DEFAULT ''                    
) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX person_no ON person (no) WHERE active = 1;
CREATE UNIQUE INDEX person_badge ON person (badge_key);
CREATE INDEX person_crew ON person (crew);
CREATE INDEX device_person ON device (person);
CREATE INDEX session_person ON session (person);
CREATE INDEX series_starts ON series (starts_ms);
CREATE INDEX instance_time ON instance (opens_ms, closed_ms);
CREATE INDEX instance_s ON instance (s);
CREATE UNIQUE INDEX roster_row ON roster (instance, person, station, job) WHERE ended_ms IS NULL;
CREATE INDEX roster_instance ON roster (instance);
CREATE INDEX roster_person ON roster (person);
CREATE INDEX leave_person ON leave (person, last);
CREATE UNIQUE INDEX slot_person ON slot (s, person) WHERE ended_ms IS NULL;
CREATE INDEX slot_s ON slot (s);
CREATE INDEX entry_s ON entry (s, seq);
CREATE INDEX entry_pending ON entry (seq) WHERE idx IS NULL;
CREATE INDEX checkpoint_seen ON checkpoint (quorum_s, size);
CREATE INDEX record_instance ON record (instance, person);
CREATE INDEX record_person ON record (person, seq);
CREATE INDEX record_chain ON record (chain_dev, chain_seq, body_sha);
CREATE INDEX record_kept ON record (kind, recv_ms) WHERE erased_ms IS NULL;
CREATE INDEX blob_recv ON blob (recv_ms);
CREATE INDEX record_blob_sha ON record_blob (sha, record);
CREATE INDEX quarantine_chain ON quarantine (chain_dev, chain_seq, body_sha);
CREATE INDEX finding_open ON finding (state, crew);
CREATE INDEX finding_instance ON finding (instance);
CREATE INDEX handover_instance ON handover (instance);
CREATE INDEX handover_taken ON handover (taken_by_instance);
CREATE UNIQUE INDEX handover_finding ON handover (instance, finding) WHERE ended_ms IS NULL;
CREATE INDEX signal_crew ON signal (crew, looked_ms);
CREATE INDEX signal_person ON signal (person, at_ms);
CREATE INDEX delivery_next ON delivery (next_ms);
CREATE INDEX facility_look_site ON facility_look (site, at_ms);
CREATE INDEX special_work_time ON special_work (starts_ms, ends_ms);
CREATE INDEX special_work_person_of ON special_work_person (person, work);
CREATE INDEX gas_test_work ON gas_test (work, tested_ms);
CREATE INDEX audit_about ON audit (about);
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_frozen BEFORE UPDATE ON entry
WHEN old.idx IS NOT NULL OR new.seq IS NOT old.seq OR new.data IS NOT old.data
  OR new.leaf IS NOT old.leaf OR new.recv_ms IS NOT old.recv_ms OR new.s IS NOT old.s
  OR new.kind IS NOT old.kind
BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a published checkpoint stays'); END;
CREATE TRIGGER checkpoint_frozen BEFORE UPDATE ON checkpoint
WHEN new.size IS NOT old.size OR new.note IS NOT old.note
  OR (old.quorum_s IS NOT NULL AND new.quorum_s IS NOT old.quorum_s)
BEGIN SELECT RAISE(ABORT, 'a published checkpoint stays'); END;
CREATE TRIGGER cut_frozen BEFORE UPDATE ON cut
BEGIN SELECT RAISE(ABORT, 'a cut stays'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'record is append-only'); END;
CREATE TRIGGER record_frozen BEFORE UPDATE ON record
WHEN new.id IS NOT old.id OR new.c IS NOT old.c OR new.recv_ms IS NOT old.recv_ms
  OR new.flags IS NOT old.flags OR (new.body IS NOT NULL AND new.body IS NOT old.body)
  OR new.receipt_leaf IS NOT old.receipt_leaf
BEGIN SELECT RAISE(ABORT, 'record is append-only'); END;
CREATE TRIGGER checklist_frozen BEFORE UPDATE ON checklist
BEGIN SELECT RAISE(ABORT, 'a published checklist is immutable'); END;
CREATE TRIGGER checklist_no_delete BEFORE DELETE ON checklist
BEGIN SELECT RAISE(ABORT, 'a published checklist is immutable'); END;
CREATE TRIGGER commitment_frozen BEFORE UPDATE ON commitment
BEGIN SELECT RAISE(ABORT, 'a published commitment text is immutable'); END;
CREATE TRIGGER commitment_no_delete BEFORE DELETE ON commitment
BEGIN SELECT RAISE(ABORT, 'a published commitment text is immutable'); END;
CREATE TRIGGER announcement_frozen BEFORE UPDATE ON announcement
BEGIN SELECT RAISE(ABORT, 'a published announcement is immutable'); END;
CREATE TRIGGER announcement_no_delete BEFORE DELETE ON announcement
BEGIN SELECT RAISE(ABORT, 'a published announcement is immutable'); END;
CREATE TRIGGER facility_state_frozen BEFORE UPDATE ON facility_state
BEGIN SELECT RAISE(ABORT, 'the history of a facility is append-only'); END;
CREATE TRIGGER facility_state_no_delete BEFORE DELETE ON facility_state
BEGIN SELECT RAISE(ABORT, 'the history of a facility is append-only'); END;
CREATE TRIGGER special_work_no_delete BEFORE DELETE ON special_work
BEGIN SELECT RAISE(ABORT, 'a permit is closed or cancelled, never deleted'); END;
CREATE TRIGGER gas_test_frozen BEFORE UPDATE ON gas_test
BEGIN SELECT RAISE(ABORT, 'a gas test is append-only'); END;
CREATE TRIGGER gas_test_no_delete BEFORE DELETE ON gas_test
BEGIN SELECT RAISE(ABORT, 'a gas test is append-only'); END;
COMMIT;
