-- The same guards for PostgreSQL (0001_guards.sqlite.sql).
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_frozen BEFORE UPDATE ON entry FOR EACH ROW
  WHEN (old.idx IS NOT NULL OR new.seq IS DISTINCT FROM old.seq OR new.data IS DISTINCT FROM old.data
    OR new.leaf IS DISTINCT FROM old.leaf OR new.recv_ms IS DISTINCT FROM old.recv_ms
    OR new.s IS DISTINCT FROM old.s OR new.kind IS DISTINCT FROM old.kind)
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_frozen BEFORE UPDATE ON checkpoint FOR EACH ROW
  WHEN (new.size IS DISTINCT FROM old.size OR new.note IS DISTINCT FROM old.note
    OR (old.quorum_s IS NOT NULL AND new.quorum_s IS DISTINCT FROM old.quorum_s))
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cut_frozen BEFORE UPDATE ON cut
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER record_frozen BEFORE UPDATE ON record FOR EACH ROW
  WHEN (new.id IS DISTINCT FROM old.id OR new.c IS DISTINCT FROM old.c
    OR new.recv_ms IS DISTINCT FROM old.recv_ms OR new.flags IS DISTINCT FROM old.flags
    OR (new.body IS NOT NULL AND new.body IS DISTINCT FROM old.body)
    OR new.receipt_leaf IS DISTINCT FROM old.receipt_leaf)
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checklist_frozen BEFORE UPDATE OR DELETE ON checklist
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commitment_frozen BEFORE UPDATE OR DELETE ON commitment
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER announcement_frozen BEFORE UPDATE OR DELETE ON announcement
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facility_state_frozen BEFORE UPDATE OR DELETE ON facility_state
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER special_work_no_delete BEFORE DELETE ON special_work
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gas_test_frozen BEFORE UPDATE OR DELETE ON gas_test
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
