-- Login codes: requests to sign in by a code and a link that are mailed, or by a code by SMS.

CREATE TABLE login_codes (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  handle TEXT COLLATE "C" NOT NULL, -- an address, or a phone number in E.164
  handle_key TEXT COLLATE "C" NOT NULL,
  user_id TEXT, -- to whom the code was sent; null for nobody, and for an address without an account
  request_hash TEXT NOT NULL, -- of the request token, which only the requesting app has
  code_hash TEXT NOT NULL, -- empty while no code was sent
  link_hash TEXT NOT NULL, -- of the link that is sent with the code; empty as above
  network TEXT NOT NULL, -- that asked for it
  client TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  locale TEXT NOT NULL,
  metadata TEXT, -- of the user who signs up; null if required fields are missing
  upgrades_user_id TEXT, -- the anonymous user who signs up
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX login_codes_request ON login_codes (app_id, request_hash);
CREATE INDEX login_codes_handle ON login_codes (app_id, handle_key);
CREATE INDEX login_codes_user ON login_codes (app_id, user_id);
CREATE INDEX login_codes_created ON login_codes (app_id, created_at, id);
CREATE INDEX login_codes_expiry ON login_codes (expires_at);

-- The SMS in the delivery log, which have more than one kind.
CREATE INDEX messages_app_sms ON messages (app_id, created_at) WHERE channel = 'sms';
