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
) WITHOUT ROWID;

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
) WITHOUT ROWID;

-- The same of an application; metering reads stored_bytes here.
CREATE TABLE storage_totals (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  bytes BIGINT NOT NULL,
  stored_bytes BIGINT NOT NULL,
  files BIGINT NOT NULL,
  pending BIGINT NOT NULL
) WITHOUT ROWID;

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

-- However an asset's row is deleted (by its user, with its user, with all users, as never completed), its objects are queued and its
-- bytes are counted down in the same transaction.
CREATE TRIGGER storage_asset_deleted AFTER DELETE ON storage_assets
BEGIN
  INSERT INTO storage_removals (app_id, id, folder, name, cuts, upload_until)
    VALUES (OLD.app_id, OLD.id, OLD.folder, OLD.name, OLD.cuts, OLD.upload_until);
  UPDATE storage_usage SET bytes = bytes - OLD.bytes, files = files - 1,
    stored_bytes = stored_bytes - CASE WHEN OLD.completed_at IS NULL THEN 0 ELSE OLD.bytes END,
    pending = pending - CASE WHEN OLD.completed_at IS NULL THEN 1 ELSE 0 END
    WHERE app_id = OLD.app_id AND user_id = OLD.user_id;
  UPDATE storage_totals SET bytes = bytes - OLD.bytes, files = files - 1,
    stored_bytes = stored_bytes - CASE WHEN OLD.completed_at IS NULL THEN 0 ELSE OLD.bytes END,
    pending = pending - CASE WHEN OLD.completed_at IS NULL THEN 1 ELSE 0 END
    WHERE app_id = OLD.app_id;
END;
