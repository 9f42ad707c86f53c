CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  handle TEXT NOT NULL,
  sender TEXT NOT NULL,
  inviter_user_id TEXT,
  status TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  metadata TEXT NOT NULL,
  locale TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitations_code_hash ON invitations (app_id, handle, code_hash);
CREATE INDEX invitations_created ON invitations (app_id, created_at, id);
CREATE INDEX invitations_expiry ON invitations (expires_at);

-- Codes that one known user is asked for: a new password, a new phone number, the second step of a login.
CREATE TABLE user_codes (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  detail TEXT NOT NULL,
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX user_codes_user ON user_codes (user_id, purpose, created_at);
CREATE INDEX user_codes_expiry ON user_codes (expires_at);

CREATE TABLE templates (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  html TEXT NOT NULL,
  link_text TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, locale, kind)
);

ALTER TABLE signups ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
