-- Times are unix milliseconds; ids UUIDv7 text; values in *_sealed columns are encrypted under the key ring.

CREATE TABLE installation (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE applications (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  settings TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE app_tokens (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE INDEX app_tokens_app ON app_tokens (app_id);

CREATE TABLE app_secrets (
  hash TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE INDEX app_secrets_app ON app_secrets (app_id);

CREATE TABLE signing_keys (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  public_key TEXT NOT NULL,
  private_key_sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX signing_keys_app ON signing_keys (app_id);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  handle TEXT COLLATE "C" NOT NULL,
  user_name TEXT COLLATE "C",
  anonymous BOOLEAN NOT NULL,
  origin TEXT NOT NULL,
  status TEXT NOT NULL,
  locale TEXT NOT NULL,
  email_verified BOOLEAN NOT NULL,
  password_hash TEXT,
  password_prehashed BOOLEAN NOT NULL,
  metadata TEXT NOT NULL,
  invite_metadata TEXT NOT NULL,
  login_provider TEXT NOT NULL,
  provider_subject TEXT,
  phone TEXT,
  pending_phone TEXT,
  two_factor_google BOOLEAN NOT NULL,
  two_factor_phone BOOLEAN NOT NULL,
  totp_seed_sealed TEXT,
  totp_last_step BIGINT NOT NULL,
  failed_logins INTEGER NOT NULL,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_handle ON users (app_id, handle);
CREATE UNIQUE INDEX users_user_name ON users (app_id, user_name);
CREATE UNIQUE INDEX users_phone ON users (app_id, phone);
CREATE UNIQUE INDEX users_provider_subject ON users (app_id, login_provider, provider_subject);
CREATE INDEX users_created ON users (app_id, created_at, id);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE signups (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  handle TEXT COLLATE "C" NOT NULL,
  flow TEXT NOT NULL,
  status TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_prehashed BOOLEAN NOT NULL,
  metadata TEXT NOT NULL,
  locale TEXT NOT NULL,
  upgrades_user_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX signups_code_hash ON signups (app_id, handle, code_hash);
CREATE INDEX signups_created ON signups (app_id, created_at, id);
CREATE INDEX signups_expiry ON signups (expires_at);

CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  app_id TEXT REFERENCES applications (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  body_sealed TEXT,
  attempts INTEGER NOT NULL,
  next_attempt_at BIGINT NOT NULL,
  answer TEXT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT
);
CREATE INDEX messages_due ON messages (next_attempt_at) WHERE status = 'pending';
CREATE INDEX messages_recipient ON messages (recipient, created_at);
CREATE INDEX messages_created ON messages (app_id, created_at);

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  handle TEXT NOT NULL,
  code INTEGER NOT NULL,
  detail TEXT NOT NULL,
  client TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX audit_app ON audit (app_id, at, id);

CREATE TABLE limits (
  bucket TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  opens_at BIGINT NOT NULL,
  resets_at BIGINT NOT NULL
);
CREATE INDEX limits_expiry ON limits (resets_at);

CREATE TABLE developers (
  id TEXT PRIMARY KEY,
  email TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_login_at BIGINT
);
CREATE UNIQUE INDEX developers_email ON developers (email);

CREATE TABLE portal_sessions (
  token_hash TEXT PRIMARY KEY,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX portal_sessions_developer ON portal_sessions (developer_id);
