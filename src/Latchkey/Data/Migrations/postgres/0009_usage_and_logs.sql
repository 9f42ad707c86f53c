-- What happened in an application on each day, counted. Days are UTC days since 1970-01-01; users active in a month stand on its first day.
CREATE TABLE usage_days (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (app_id, day, kind)
);

-- One row for each thing to count, written in the transaction of the thing itself, and added to usage_days soon after.
CREATE TABLE usage_events (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL
);

-- Users as they were counted last; for applications with too many to count them for a page.
CREATE TABLE user_counts (
  app_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  users BIGINT NOT NULL
);

-- A log that is exported in the background: CSV, gzipped, in the order of seq. The last row says where the export stands.
CREATE TABLE export_chunks (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  lines BIGINT NOT NULL,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, seq)
);
CREATE INDEX export_chunks_age ON export_chunks (created_at);

CREATE INDEX audit_action ON audit (app_id, action, at, id);
CREATE INDEX audit_handle ON audit (app_id, handle, at, id);
CREATE INDEX audit_done ON audit (app_id, at, id) WHERE code = 0;
CREATE INDEX audit_refused ON audit (app_id, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_action ON audit (app_id, action, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_code ON audit (app_id, code, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_code_action ON audit (app_id, code, action, at, id) WHERE code <> 0;

CREATE INDEX messages_app_kind ON messages (app_id, kind, created_at);
CREATE INDEX messages_app_pending ON messages (app_id, created_at) WHERE status = 'pending';
CREATE INDEX messages_app_failed ON messages (app_id, created_at) WHERE status = 'failed';
CREATE INDEX messages_app_mailbox ON messages (app_id, created_at) WHERE status = 'mailbox';

-- What an older version left behind, so that nobody starts at zero.
INSERT INTO usage_days (app_id, day, kind, count)
  SELECT app_id, CAST(EXTRACT(EPOCH FROM date_trunc('month', now() AT TIME ZONE 'UTC')) AS BIGINT) / 86400, 'active_month', COUNT(*) FROM users WHERE last_login_at >= CAST(EXTRACT(EPOCH FROM date_trunc('month', now() AT TIME ZONE 'UTC')) AS BIGINT) / 86400 * 86400000 GROUP BY app_id;
INSERT INTO usage_days (app_id, day, kind, count)
  SELECT app_id, created_at / 86400000, 'signup', COUNT(*) FROM users WHERE origin IN ('signup', 'invitation', 'social') GROUP BY app_id, created_at / 86400000;
INSERT INTO usage_days (app_id, day, kind, count)
  SELECT app_id, at / 86400000, 'failure', COUNT(*) FROM audit WHERE code <> 0 GROUP BY app_id, at / 86400000;
INSERT INTO usage_days (app_id, day, kind, count)
  SELECT app_id, at / 86400000, 'login', COUNT(*) FROM audit
  WHERE code = 0 AND action IN ('login', 'loginAnonymous', 'loginComplete', 'socialLogin') AND detail = '' GROUP BY app_id, at / 86400000;
INSERT INTO usage_days (app_id, day, kind, count)
  SELECT app_id, created_at / 86400000, CASE channel WHEN 'sms' THEN 'sms' ELSE 'mail' END, COUNT(*) FROM messages
  WHERE app_id IS NOT NULL GROUP BY 1, 2, 3;
