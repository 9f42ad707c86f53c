-- What was done last to the Realm application of an application; the keys it was done with are not kept.
CREATE TABLE realm_configurations (
  app_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  signing TEXT NOT NULL,
  secret_key TEXT NOT NULL,
  report TEXT NOT NULL,
  configured_by TEXT NOT NULL,
  configured_at BIGINT NOT NULL
);
