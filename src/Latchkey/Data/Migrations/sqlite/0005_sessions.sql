-- Sessions say what they are, and when and why they ended; grants let them last.

ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN device_name TEXT NOT NULL DEFAULT ''; -- as the app called it
ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT ''; -- how the user signed in (amr), with spaces between them
ALTER TABLE sessions ADD COLUMN proved_at BIGINT; -- the last proof after the sign-in; NULL: none
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT; -- at most a minute late; NULL: not since the sign-in
ALTER TABLE sessions ADD COLUMN idle_expires_at BIGINT; -- when it ends without use; NULL: never
ALTER TABLE sessions ADD COLUMN end_reason TEXT; -- NULL: live, or ended before this was recorded
ALTER TABLE sessions ADD COLUMN end_client TEXT; -- the address that ended it
DROP INDEX sessions_expiry;
CREATE INDEX sessions_expiry ON sessions (expires_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_idle ON sessions (idle_expires_at) WHERE ended_at IS NULL AND idle_expires_at IS NOT NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- A user's last use of a refresh token, for the count of active users. It is written once a day and session.
ALTER TABLE users ADD COLUMN last_active_at BIGINT;

-- The right of one client of a session to refresh it. The refresh token of a generation is derived from the secret.
CREATE TABLE session_grants (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  client TEXT NOT NULL, -- empty for the app itself
  secret_sealed TEXT NOT NULL,
  generation BIGINT NOT NULL, -- of the newest refresh token
  rotations TEXT NOT NULL, -- when the last generations were first used, newest first, with spaces between them
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, session_id) REFERENCES sessions (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX session_grants_session ON session_grants (app_id, session_id, client);
