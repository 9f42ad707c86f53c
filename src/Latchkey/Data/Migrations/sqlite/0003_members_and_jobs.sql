-- Who may look after an application in the portal: owner, editor or viewer. Operators need no row.
CREATE TABLE members (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, developer_id)
);
CREATE INDEX members_developer ON members (developer_id);

-- Long work that goes on behind a page: resets, exports. A node leases a job while it works on it.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  app_id TEXT REFERENCES applications (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  input TEXT NOT NULL,
  state TEXT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  leased_until BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX jobs_app ON jobs (app_id, created_at);
CREATE INDEX jobs_open ON jobs (leased_until) WHERE state = 'open';
