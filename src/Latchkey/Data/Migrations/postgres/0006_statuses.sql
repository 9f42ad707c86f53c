-- Set while all of an application's users are being deleted (reset), or it is itself (delete).
ALTER TABLE applications ADD COLUMN erasing TEXT NOT NULL DEFAULT '';

-- Every status that an application had, and since when; the newest is the one it has. Time that was inactive is not charged.
CREATE TABLE application_statuses (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  previous TEXT,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  began_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX application_statuses_began_at ON application_statuses (app_id, began_at);
INSERT INTO application_statuses (id, app_id, previous, status, reason, actor, began_at)
SELECT id, id, NULL, status, '', 'upgrade', CASE WHEN status = 'active' THEN created_at ELSE updated_at END FROM applications;

-- Requests to lift a suspension or a block, with the operator's answers.
CREATE TABLE petitions (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  petitioner TEXT NOT NULL,
  against TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE UNIQUE INDEX petitions_app_id ON petitions (app_id) WHERE state = 'open';
CREATE INDEX petitions_created ON petitions (app_id, created_at, id);
CREATE INDEX petitions_answered ON petitions (answered_at, id);
