-- OpenID provider: the applications' clients and resources, what users allowed to clients, and what is used once.

CREATE TABLE clients (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL, -- the client_id
  name TEXT NOT NULL,
  type TEXT NOT NULL, -- web, native, browser, service or device
  settings TEXT NOT NULL, -- a JSON object
  secrets TEXT NOT NULL, -- a JSON array: hashes, hints and times
  logout_uri TEXT NOT NULL, -- for back-channel logout; empty for none
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE INDEX clients_created ON clients (app_id, created_at, id);

-- The APIs that access tokens are for (RFC 8707).
CREATE TABLE resources (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL, -- the resource indicator: an absolute URI
  name TEXT NOT NULL,
  scopes TEXT NOT NULL, -- with spaces between them
  token_seconds BIGINT NOT NULL, -- the lifetime of access tokens
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- Clients of the provider have grants too, several in one session. Columns that say more of them are NULL for the app itself.
DROP INDEX session_grants_session;
CREATE UNIQUE INDEX session_grants_app ON session_grants (app_id, session_id) WHERE client = '';
CREATE INDEX session_grants_session ON session_grants (app_id, session_id, client);
CREATE INDEX session_grants_client ON session_grants (app_id, client, created_at) WHERE client <> '';
ALTER TABLE session_grants ADD COLUMN scope TEXT; -- with spaces between them
ALTER TABLE session_grants ADD COLUMN resources TEXT; -- as above
ALTER TABLE session_grants ADD COLUMN claims TEXT; -- the parameter claims of the request
ALTER TABLE session_grants ADD COLUMN dpop_key TEXT; -- the thumbprint of the key that refresh tokens are bound to
ALTER TABLE session_grants ADD COLUMN sid TEXT; -- the claim sid: the public id of the session in the browser
ALTER TABLE session_grants ADD COLUMN authenticated_at BIGINT; -- of a grant that moved to a later session: the claim auth_time
ALTER TABLE session_grants ADD COLUMN sid_session_id TEXT; -- if session_id is this grant's alone: the session that sid means
ALTER TABLE session_grants ADD COLUMN ended_at BIGINT; -- revoked, or its code came again; NULL: lives as long as its session
ALTER TABLE session_grants ADD COLUMN expires_at BIGINT; -- when the row can go, without a refresh token; NULL: with its session
CREATE INDEX session_grants_sid ON session_grants (app_id, sid_session_id) WHERE sid_session_id IS NOT NULL;
CREATE INDEX session_grants_expiry ON session_grants (expires_at) WHERE expires_at IS NOT NULL;

-- What a user has allowed to a client.
CREATE TABLE consents (
  app_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL, -- with spaces between them
  resources TEXT NOT NULL, -- as above
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, user_id, client_id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, client_id) REFERENCES clients (app_id, id) ON DELETE CASCADE
);
CREATE INDEX consents_client ON consents (app_id, client_id);

-- Devices without a browser that wait for somebody to type their code (RFC 8628).
CREATE TABLE device_codes (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL, -- the hash of the device code
  user_code TEXT NOT NULL, -- the keyed hash of the code to type
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  resources TEXT NOT NULL,
  dpop_key TEXT, -- the thumbprint of the key that tokens will be bound to
  client TEXT NOT NULL, -- the address of the device
  user_agent TEXT NOT NULL,
  state TEXT NOT NULL, -- pending, approved, denied or used
  user_id TEXT, -- who decided
  session_id TEXT, -- in which session
  interval_seconds BIGINT NOT NULL, -- between two polls
  polled_at BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, client_id) REFERENCES clients (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX device_codes_user_code ON device_codes (app_id, user_code);
CREATE INDEX device_codes_client ON device_codes (app_id, client_id);
CREATE INDEX device_codes_user ON device_codes (app_id, user_id);
CREATE INDEX device_codes_expiry ON device_codes (expires_at);

-- Hashes of ids of tokens that work once and were used (assertions, proofs, pushed requests), and of revoked access tokens.
CREATE TABLE used_tokens (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE INDEX used_tokens_expiry ON used_tokens (expires_at);

-- Back-channel logout: which clients have to be told that the session of a sid is over. Whatever ends it makes them.
CREATE TABLE logout_notices (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL, -- the claim sid, a space, and the client's id
  client_id TEXT NOT NULL,
  sid TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at BIGINT, -- NULL: delivered or given up
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, client_id) REFERENCES clients (app_id, id) ON DELETE CASCADE
);
CREATE INDEX logout_notices_client ON logout_notices (app_id, client_id);
CREATE INDEX logout_notices_due ON logout_notices (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX logout_notices_created ON logout_notices (created_at);

CREATE FUNCTION note_ended_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO logout_notices (app_id, id, client_id, sid, user_id, session_id, attempts, due_at, created_at)
    SELECT DISTINCT g.app_id, g.sid || ' ' || g.client, g.client, g.sid, NEW.user_id, NEW.id, 0, NEW.ended_at, NEW.ended_at
    FROM session_grants g JOIN clients c ON c.app_id = g.app_id AND c.id = g.client
    WHERE g.app_id = NEW.app_id AND (g.sid_session_id = NEW.id OR (g.session_id = NEW.id AND g.sid_session_id IS NULL))
      AND g.client <> '' AND g.sid IS NOT NULL AND c.logout_uri <> ''
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION note_ended_session();
