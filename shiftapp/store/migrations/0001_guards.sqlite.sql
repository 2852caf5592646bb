-- Append-only guards: against our own mistakes, not a security boundary (ledger brief §3).
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
