-- The authenticator app of a portal account: the seed in use, and one that waits for its first code.
ALTER TABLE developers ADD COLUMN totp_seed_sealed TEXT;
ALTER TABLE developers ADD COLUMN totp_pending_sealed TEXT;
ALTER TABLE developers ADD COLUMN totp_last_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE developer_recovery_codes (
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  PRIMARY KEY (developer_id, code_hash)
);

-- Sessions have an id to be named by, and tell which browser they are in.
ALTER TABLE portal_sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE portal_sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';
UPDATE portal_sessions SET id = token_hash;

-- Between the password and the second factor.
CREATE TABLE portal_logins (
  token_hash TEXT PRIMARY KEY,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  tries INTEGER NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX portal_logins_developer ON portal_logins (developer_id);

-- Links mailed to developers: a new password, a new address, the end of signing up. One that was never mailed has no developer.
CREATE TABLE developer_links (
  token_hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  developer_id TEXT REFERENCES developers (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX developer_links_developer ON developer_links (developer_id);
CREATE INDEX developer_links_expiry ON developer_links (expires_at);

-- Invitations to the portal: with an application and a role in it, or to the installation alone.
CREATE TABLE developer_invitations (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL,
  email TEXT NOT NULL,
  app_id TEXT REFERENCES applications (id) ON DELETE CASCADE,
  role TEXT,
  invited_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX developer_invitations_token_hash ON developer_invitations (token_hash);
CREATE UNIQUE INDEX developer_invitations_email ON developer_invitations ((COALESCE(app_id, '')), email);
CREATE INDEX developer_invitations_expiry ON developer_invitations (expires_at);
