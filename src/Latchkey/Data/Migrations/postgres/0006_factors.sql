-- Second factors: recovery codes, remembered devices, and what a login waits for while the user sets a factor up.

ALTER TABLE user_codes ADD COLUMN seed_sealed TEXT; -- of an authenticator app that waits for its first code
ALTER TABLE user_codes ADD COLUMN phone TEXT; -- a number that waits for its first code

-- Single-use codes for users who lost their second factor. Renewing replaces all of a user's.
CREATE TABLE recovery_codes (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  ring_key TEXT NOT NULL, -- that hashed it
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX recovery_codes_user ON recovery_codes (app_id, user_id, code_hash);

-- Devices on which a login does not ask for the second factor.
CREATE TABLE remembered_devices (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  device_name TEXT NOT NULL, -- as the app called it
  client TEXT NOT NULL, -- the address from which it was remembered
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX remembered_devices_user ON remembered_devices (app_id, user_id, token_hash);
CREATE INDEX remembered_devices_expiry ON remembered_devices (expires_at);
