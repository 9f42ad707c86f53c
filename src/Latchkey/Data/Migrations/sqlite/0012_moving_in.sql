-- A hash like the slowest that imports brought: what checking a password of an unknown handle costs.
CREATE TABLE imported_hashes (
  app_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  slowest TEXT NOT NULL
);

-- The server that an application moved in from. With its public key, the one App Token and the old access tokens are accepted.
CREATE TABLE old_servers (
  app_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  app_token_hash TEXT NOT NULL,
  public_key TEXT,
  access_tokens_until BIGINT NOT NULL,
  added_at BIGINT NOT NULL
);
