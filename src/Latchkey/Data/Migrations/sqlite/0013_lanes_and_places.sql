-- Messages that are due are looked for application by application.
CREATE INDEX messages_lanes ON messages (app_id, next_attempt_at) WHERE status = 'pending';
DROP INDEX messages_due;

-- For applications with maxUsers: how many more users are known to fit, counted for one state of the settings (basis).
CREATE TABLE user_places (
  app_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
  basis TEXT NOT NULL,
  free BIGINT NOT NULL
);
