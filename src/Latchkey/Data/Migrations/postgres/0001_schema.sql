-- The schema of Latchkey 0.1. Later versions add migrations and leave this one as it is.
--
-- Addresses stand as they came in handle or email. Their one key, with the domain in A-labels, stands in handle_key or email_key: it is
-- what is unique and looked up.
--
-- Times are unix milliseconds in a BIGINT named *_at. Ids are UUIDv7 text. A *_sealed column holds text that the key ring encrypted.
--
-- Every table of an application has app_id first in its primary key and in every unique index, so that PostgreSQL can partition the
-- tables by hash of app_id, or an engine can distribute them by it. What must be found without the application stands in a directory:
-- app_secret_directory and message_directory (docs/adr/0024-keys-by-application.md).

-- ---------------------------------------------------------------- Core, Cryptography

-- Settings and marks of the whole installation: the key ring's check value, the setup link, limits for application types.
CREATE TABLE installation (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- ---------------------------------------------------------------- Applications

-- The applications. The id is the App Id; settings is one JSON document. Erasing is 'reset' or 'delete' while rows are being deleted.
CREATE TABLE applications (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  settings TEXT NOT NULL,
  revision BIGINT NOT NULL,
  erasing TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- App Tokens: their ids, and the key of the ring that signed each. The token itself is not stored.
CREATE TABLE app_tokens (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  ring_key TEXT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (app_id, id)
);

-- App Secrets, as hashes.
CREATE TABLE app_secrets (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  label TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (app_id, hash)
);

-- Directory: whose App Secret a hash is. One row for each row of app_secrets.
CREATE TABLE app_secret_directory (
  hash TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE
);
CREATE INDEX app_secret_directory_app ON app_secret_directory (app_id);

-- Keys that sign user JWTs: announced, active, retiring. One of an application is active at a time.
CREATE TABLE signing_keys (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  public_key TEXT NOT NULL,
  private_key_sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  activated_at BIGINT,
  ends_at BIGINT,
  signed_until BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (app_id) WHERE state = 'active';
CREATE INDEX signing_keys_end ON signing_keys (ends_at) WHERE ends_at IS NOT NULL;

-- Texts of messages that an application has in place of the built-in ones.
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

-- Every status that an application had, and since when. The newest is the one it has. Time that was inactive is not charged.
CREATE TABLE application_statuses (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  previous TEXT,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX application_statuses_began_at ON application_statuses (app_id, began_at);

-- When JWT was switched off and on, by whom and why. While it is off, apps can only read the application's settings.
CREATE TABLE jwt_switches (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  switched_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- Requests to lift a suspension or a block, with the operator's answers. One of an application is open at a time.
CREATE TABLE petitions (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  petitioner TEXT NOT NULL,
  against TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  answered_at BIGINT,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX petitions_app_id ON petitions (app_id) WHERE state = 'open';
CREATE INDEX petitions_created ON petitions (app_id, created_at, id);
CREATE INDEX petitions_answered ON petitions (answered_at, id);

-- What was done last to the Realm application of an application. The keys it was done with are not kept.
CREATE TABLE realm_configurations (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  signing TEXT NOT NULL,
  secret_key TEXT NOT NULL,
  report TEXT NOT NULL,
  configured_by TEXT NOT NULL,
  configured_at BIGINT NOT NULL
);

-- A hash like the slowest that imports brought: what checking a password of an unknown handle costs.
CREATE TABLE imported_hashes (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  slowest TEXT NOT NULL
);

-- The server that an application moved from. With its public key, the one App Token and the old access tokens are accepted.
CREATE TABLE old_servers (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  app_token_hash TEXT NOT NULL,
  public_key TEXT,
  access_tokens_until BIGINT NOT NULL,
  added_at BIGINT NOT NULL
);

-- For applications with maxUsers: how many more users are known to fit, counted for one state of the settings (basis).
CREATE TABLE user_places (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  basis TEXT NOT NULL,
  free BIGINT NOT NULL
);

-- ---------------------------------------------------------------- Limits, Jobs

-- Counters of rate limits. A bucket names the application, network or address that it counts.
CREATE TABLE limits (
  bucket TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  opens_at BIGINT NOT NULL,
  resets_at BIGINT NOT NULL
);
CREATE INDEX limits_expiry ON limits (resets_at);

-- Work that runs behind a page: resets, exports. One queue for the installation; a node leases a job while it works on it.
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
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

-- Work that requests leave for the moment after their response, encrypted (docs/adr/0034-deferred-work.md). due_at: or leased until.
CREATE TABLE deferred_work (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  input_sealed TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX deferred_work_due ON deferred_work (due_at);

-- ---------------------------------------------------------------- Activity

-- The log of an application: what changed, and what was refused (code <> 0).
CREATE TABLE audit (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  id TEXT NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  handle TEXT NOT NULL,
  code INTEGER NOT NULL,
  detail TEXT NOT NULL,
  client TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 1, -- how often the same happened within a minute
  PRIMARY KEY (app_id, at, id)
);
CREATE INDEX audit_action ON audit (app_id, action, at, id);
CREATE INDEX audit_handle ON audit (app_id, handle, at, id);
CREATE INDEX audit_done ON audit (app_id, at, id) WHERE code = 0;
CREATE INDEX audit_refused ON audit (app_id, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_action ON audit (app_id, action, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_code ON audit (app_id, code, at, id) WHERE code <> 0;
CREATE INDEX audit_refused_code_action ON audit (app_id, code, action, at, id) WHERE code <> 0;

-- A log that is exported in the background: CSV, gzipped, in the order of seq. The last row says where the export stands.
CREATE TABLE export_chunks (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  lines BIGINT NOT NULL,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, job_id, seq)
);
CREATE INDEX export_chunks_job ON export_chunks (job_id);
CREATE INDEX export_chunks_age ON export_chunks (created_at);

-- What happened in an application on each day, counted. Days are UTC days since 1970-01-01. Users active in a month stand on its first day.
CREATE TABLE usage_days (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (app_id, day, kind)
);

-- One row for each thing to count, written in the transaction of the thing itself, and added to usage_days soon after.
CREATE TABLE usage_events (
  app_id TEXT NOT NULL,
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- Users as they were counted last, for applications with too many to count them for a page.
CREATE TABLE user_counts (
  app_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  users BIGINT NOT NULL
);

-- ---------------------------------------------------------------- Messages

-- The outbox, the mailbox and the delivery log in one. The app_id is empty for the portal's own mails.
CREATE TABLE messages (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  body_sealed TEXT,
  attempts INTEGER NOT NULL,
  answer TEXT,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  expires_at BIGINT, -- the end of the code or link that it carries
  PRIMARY KEY (app_id, id)
);
CREATE INDEX messages_created ON messages (app_id, created_at);
CREATE INDEX messages_recipient ON messages (app_id, recipient, created_at);
CREATE INDEX messages_app_kind ON messages (app_id, kind, created_at);
CREATE INDEX messages_app_pending ON messages (app_id, created_at) WHERE status = 'pending';
CREATE INDEX messages_app_failed ON messages (app_id, created_at) WHERE status = 'failed';
CREATE INDEX messages_app_mailbox ON messages (app_id, created_at) WHERE status = 'mailbox';
CREATE INDEX messages_failed ON messages (created_at) WHERE status = 'failed';
CREATE INDEX messages_app_expired ON messages (app_id, created_at) WHERE status = 'expired';
CREATE INDEX messages_expired ON messages (created_at) WHERE status = 'expired';

-- Directory: the messages that wait to be sent, with when they are due or leased until, and those in the mailbox (next_attempt_at is null).
CREATE TABLE message_directory (
  id TEXT NOT NULL PRIMARY KEY,
  app_id TEXT NOT NULL,
  next_attempt_at BIGINT
);
CREATE INDEX message_directory_due ON message_directory (app_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- ---------------------------------------------------------------- Users

-- The users of the applications.
CREATE TABLE users (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  handle TEXT COLLATE "C" NOT NULL,
  handle_key TEXT COLLATE "C" NOT NULL,
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
  failed_codes INTEGER NOT NULL DEFAULT 0, -- wrong codes of second factors in a row, and when the last one was
  failed_code_at BIGINT NOT NULL DEFAULT 0,
  last_login_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX users_handle_key ON users (app_id, handle_key);
-- Addresses in U-labels, to find parts of them as they are shown.
CREATE INDEX users_international ON users (app_id, handle) WHERE handle <> handle_key;
-- Most users have no name and no phone: the indexes leave them out.
CREATE UNIQUE INDEX users_user_name ON users (app_id, user_name) WHERE user_name IS NOT NULL;
CREATE UNIQUE INDEX users_phone ON users (app_id, phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX users_provider_subject ON users (app_id, login_provider, provider_subject);
CREATE INDEX users_created ON users (app_id, created_at, id);
-- Lists of users in the portal. Those with an address and those without are lists of their own.
CREATE INDEX users_list_created ON users (app_id, anonymous, created_at, id);
CREATE INDEX users_list_login ON users (app_id, anonymous, last_login_at, id);
CREATE INDEX users_list_suspended ON users (app_id, anonymous, created_at, id) WHERE status = 'suspend';
CREATE INDEX users_list_locked ON users (app_id, anonymous, created_at, id) WHERE failed_logins > 1 OR failed_codes >= 50;
CREATE INDEX users_list_origin ON users (app_id, anonymous, origin, created_at, id)
  WHERE origin IN ('invitation', 'portal', 'server', 'cli', 'social');
-- How many users a language has that is about to be removed. Most users have EN, so the index leaves those out.
CREATE INDEX users_locale ON users (app_id, locale) WHERE locale <> 'EN';

-- Parts of handles and user names are found by trigrams. Where the extension may not be added, the search reads on without: the same
-- answers, later. An operator who gets it afterwards runs these statements by hand (docs/operations.md).
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX users_search_handle ON users USING gin (handle_key gin_trgm_ops) WITH (gin_pending_list_limit = 1024) WHERE handle_key < 'ANON_' OR handle_key >= 'ANON`';
  CREATE INDEX users_search_name ON users USING gin (user_name gin_trgm_ops) WITH (gin_pending_list_limit = 1024);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: parts of handles are searched without an index';
END
$$;

-- The sessions of users: one for each login.
CREATE TABLE sessions (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  client TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (app_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Codes that one known user is asked for: a new password, a new phone number, the second step of a login.
CREATE TABLE user_codes (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  network TEXT NOT NULL, -- that asked for it
  code_hash TEXT NOT NULL,
  link_hash TEXT, -- of the link that is mailed with the code
  detail TEXT NOT NULL,
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE INDEX user_codes_user ON user_codes (app_id, user_id, purpose, created_at);
CREATE INDEX user_codes_expiry ON user_codes (expires_at);

-- Requests to sign up that wait for a code or a link.
CREATE TABLE signups (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  handle TEXT COLLATE "C" NOT NULL,
  handle_key TEXT COLLATE "C" NOT NULL,
  flow TEXT NOT NULL,
  status TEXT NOT NULL,
  network TEXT NOT NULL, -- that asked for it
  code_hash TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_prehashed BOOLEAN NOT NULL,
  metadata TEXT NOT NULL,
  locale TEXT NOT NULL,
  upgrades_user_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX signups_code_hash ON signups (app_id, handle_key, code_hash);
CREATE INDEX signups_created ON signups (app_id, created_at, id);
CREATE INDEX signups_expiry ON signups (expires_at);

-- Invitations of users by users, servers or the portal.
CREATE TABLE invitations (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  handle TEXT COLLATE "C" NOT NULL,
  handle_key TEXT COLLATE "C" NOT NULL,
  sender TEXT NOT NULL,
  inviter_user_id TEXT,
  network TEXT NOT NULL, -- that the inviter came from
  status TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  link_hash TEXT NOT NULL, -- of the link that is mailed with the code
  metadata TEXT NOT NULL,
  locale TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX invitations_code_hash ON invitations (app_id, handle_key, code_hash);
CREATE INDEX invitations_created ON invitations (app_id, created_at, id);
CREATE INDEX invitations_expiry ON invitations (expires_at);

-- ID tokens of Apple and Google that were used, until they are too old to be accepted.
CREATE TABLE used_id_tokens (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, token_hash)
);
CREATE INDEX used_id_tokens_expiry ON used_id_tokens (expires_at);

-- ---------------------------------------------------------------- Accounts

-- Portal accounts, with the authenticator seed in use and one that waits for its first code.
CREATE TABLE developers (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT COLLATE "C" NOT NULL,
  email_key TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  totp_seed_sealed TEXT,
  totp_pending_sealed TEXT,
  totp_pending_at BIGINT,
  totp_last_step BIGINT NOT NULL DEFAULT 0,
  failed_codes INTEGER NOT NULL DEFAULT 0, -- as in users
  failed_code_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  last_login_at BIGINT
);
CREATE UNIQUE INDEX developers_email_key ON developers (email_key);

-- Codes to sign in to the portal without the authenticator app, as hashes, and the key of the ring that hashed them.
CREATE TABLE developer_recovery_codes (
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  ring_key TEXT NOT NULL,
  PRIMARY KEY (developer_id, code_hash)
);

-- Who may manage an application in the portal: owner, editor or viewer. Operators need no row. (Applications/Members; needs developers.)
CREATE TABLE members (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, developer_id)
);
CREATE INDEX members_developer ON members (developer_id);

-- Sessions in the portal. The id names one to people; the token stays secret.
CREATE TABLE portal_sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  client TEXT NOT NULL,
  browser TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX portal_sessions_developer ON portal_sessions (developer_id);

-- Logins in the portal between the password and the second factor.
CREATE TABLE portal_logins (
  token_hash TEXT NOT NULL PRIMARY KEY,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  tries INTEGER NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX portal_logins_developer ON portal_logins (developer_id);

-- Links mailed to developers: a new password, a new address, the end of signing up. One that was never mailed has no developer.
CREATE TABLE developer_links (
  token_hash TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  developer_id TEXT REFERENCES developers (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX developer_links_developer ON developer_links (developer_id);
CREATE INDEX developer_links_expiry ON developer_links (expires_at);

-- Invitations to the portal: with an application and a role in it, or to the installation alone. Found by the token in the link.
CREATE TABLE developer_invitations (
  id TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  app_id TEXT REFERENCES applications (id) ON DELETE CASCADE,
  role TEXT,
  invited_by TEXT NOT NULL,
  inviter_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX developer_invitations_token_hash ON developer_invitations (token_hash);
CREATE UNIQUE INDEX developer_invitations_email_key ON developer_invitations ((COALESCE(app_id, '')), email_key);
CREATE INDEX developer_invitations_expiry ON developer_invitations (expires_at);
