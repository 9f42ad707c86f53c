-- Passkeys of portal accounts.

ALTER TABLE developers ADD COLUMN passkey_count INTEGER NOT NULL DEFAULT 0; -- also of earlier domains
ALTER TABLE developers ADD COLUMN passkey_user_handle TEXT; -- the random id that authenticators know the account by, base64url
UPDATE developers SET passkey_user_handle = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');

CREATE TABLE developer_passkeys (
  id TEXT NOT NULL PRIMARY KEY,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  rp_id TEXT NOT NULL, -- the domain for which it was made; it works nowhere else
  credential_id TEXT NOT NULL, -- base64url
  public_key TEXT NOT NULL, -- a COSE key in base64url
  sign_count BIGINT NOT NULL,
  transports TEXT NOT NULL, -- with commas between them
  backup_eligible BOOLEAN NOT NULL,
  backed_up BOOLEAN NOT NULL,
  aaguid TEXT NOT NULL, -- the kind of authenticator
  name TEXT NOT NULL, -- as the developer calls it
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX developer_passkeys_credential ON developer_passkeys (credential_id);
CREATE INDEX developer_passkeys_developer ON developer_passkeys (developer_id);

-- Challenges that were used. They are not stored before: they come back in a signed token.
CREATE TABLE used_portal_challenges (
  challenge_hash TEXT NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_portal_challenges_expiry ON used_portal_challenges (expires_at);
