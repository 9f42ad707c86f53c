-- Files of users in an S3-compatible bucket of the application.

-- The bucket of an application. No foreign key: the row stays until the objects of a deleted application are removed.
CREATE TABLE storage_settings (
  app_id TEXT NOT NULL PRIMARY KEY,
  enabled BOOLEAN NOT NULL,
  endpoint TEXT NOT NULL,
  region TEXT NOT NULL,
  bucket TEXT NOT NULL,
  key_id TEXT NOT NULL,
  secret_sealed TEXT NOT NULL,
  path_style BOOLEAN NOT NULL,
  prefix TEXT NOT NULL,
  max_bytes BIGINT NOT NULL,
  content_types TEXT NOT NULL, -- with commas between them; empty for all
  link_hours INTEGER NOT NULL, -- 0: unsigned links that never end
  user_quota BIGINT NOT NULL, -- in bytes; 0: none
  app_quota BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- One file of a user, with the smaller pictures (cuts) that its app made of it. An object's key is folder/part/name, where the part is
-- 'original' or the name of a cut. Until completed_at is set, nobody has seen the objects.
CREATE TABLE storage_assets (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  path TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  cuts TEXT NOT NULL, -- JSON: names and sizes
  bytes BIGINT NOT NULL, -- of all objects
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  caption TEXT NOT NULL,
  extra TEXT NOT NULL, -- JSON of the app; empty for none
  link_hours INTEGER NOT NULL,
  upload_until BIGINT NOT NULL, -- when the links for uploading end
  created_at BIGINT NOT NULL,
  completed_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE INDEX storage_assets_user ON storage_assets (app_id, user_id, id);
CREATE INDEX storage_assets_pending ON storage_assets (created_at) WHERE completed_at IS NULL;

-- What a user has: bytes counts from createAsset on and is what quotas bound; stored_bytes counts completed files.
CREATE TABLE storage_usage (
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  stored_bytes BIGINT NOT NULL,
  files BIGINT NOT NULL,
  pending BIGINT NOT NULL, -- of the files, those not completed
  PRIMARY KEY (app_id, user_id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);

-- The same of an application; metering reads stored_bytes here.
CREATE TABLE storage_totals (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  bytes BIGINT NOT NULL,
  stored_bytes BIGINT NOT NULL,
  files BIGINT NOT NULL,
  pending BIGINT NOT NULL
);

-- Objects to remove from the bucket: one row for each deleted asset. No foreign key: they outlive the user and the application.
CREATE TABLE storage_removals (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  cuts TEXT NOT NULL,
  upload_until BIGINT NOT NULL,
  due_at BIGINT NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  removed BOOLEAN NOT NULL DEFAULT FALSE, -- once; the row stays until no link for uploading could bring the objects back
  PRIMARY KEY (app_id, id)
);
CREATE INDEX storage_removals_due ON storage_removals (due_at);
CREATE INDEX storage_removals_application ON storage_removals (app_id, due_at);

-- However assets' rows are deleted (by their user, with their user, with all users, as never completed), their objects are queued and
-- their bytes are counted down in the same transaction. This runs once for a statement, which includes what foreign keys delete after
-- users, and all partitions. So each counter changes once, and they are locked in one order: users first, then applications.
-- https://www.postgresql.org/docs/current/sql-createtrigger.html
CREATE FUNCTION storage_assets_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one RECORD;
BEGIN
  INSERT INTO storage_removals (app_id, id, folder, name, cuts, upload_until)
    SELECT d.app_id, d.id, d.folder, d.name, d.cuts, d.upload_until FROM deleted d;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  FOR one IN
    SELECT d.app_id, d.user_id, SUM(d.bytes) AS sum_bytes, COUNT(*) AS sum_files,
      COALESCE(SUM(d.bytes) FILTER (WHERE d.completed_at IS NOT NULL), 0) AS sum_stored,
      COUNT(*) FILTER (WHERE d.completed_at IS NULL) AS sum_pending
      FROM deleted d GROUP BY d.app_id, d.user_id ORDER BY d.app_id, d.user_id
  LOOP
    UPDATE storage_usage SET bytes = bytes - one.sum_bytes, stored_bytes = stored_bytes - one.sum_stored,
      files = files - one.sum_files, pending = pending - one.sum_pending
      WHERE app_id = one.app_id AND user_id = one.user_id;
  END LOOP;
  FOR one IN
    SELECT d.app_id, SUM(d.bytes) AS sum_bytes, COUNT(*) AS sum_files,
      COALESCE(SUM(d.bytes) FILTER (WHERE d.completed_at IS NOT NULL), 0) AS sum_stored,
      COUNT(*) FILTER (WHERE d.completed_at IS NULL) AS sum_pending
      FROM deleted d GROUP BY d.app_id ORDER BY d.app_id
  LOOP
    UPDATE storage_totals SET bytes = bytes - one.sum_bytes, stored_bytes = stored_bytes - one.sum_stored,
      files = files - one.sum_files, pending = pending - one.sum_pending
      WHERE app_id = one.app_id;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER storage_assets_deleted AFTER DELETE ON storage_assets REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION storage_assets_deleted();
