-- Passkeys of users: public keys that their devices sign in with (WebAuthn).

ALTER TABLE users ADD COLUMN passkey_count INTEGER NOT NULL DEFAULT 0; -- of the relying party that the application uses now
ALTER TABLE users ADD COLUMN passkey_user_handle TEXT; -- the random id that authenticators know the user by; NULL: never asked for one

CREATE TABLE passkeys (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  rp_id TEXT NOT NULL, -- the domain for which it was made; it works nowhere else
  credential_id TEXT NOT NULL, -- base64url
  public_key TEXT NOT NULL, -- a COSE key in base64url
  sign_count BIGINT NOT NULL,
  transports TEXT NOT NULL, -- with commas between them
  backup_eligible BOOLEAN NOT NULL,
  backed_up BOOLEAN NOT NULL,
  aaguid TEXT NOT NULL, -- the kind of authenticator
  name TEXT NOT NULL, -- as the user calls it
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (app_id, credential_id);
CREATE INDEX passkeys_user ON passkeys (app_id, user_id);

-- Challenges that were used. They are not stored before: they come back in a signed token.
CREATE TABLE used_passkey_challenges (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  challenge_hash TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, challenge_hash)
) WITHOUT ROWID;
CREATE INDEX used_passkey_challenges_expiry ON used_passkey_challenges (expires_at);
