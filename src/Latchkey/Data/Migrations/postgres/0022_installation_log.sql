-- What is done with the installation and its portal accounts, for operators.
CREATE TABLE installation_log (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL, -- a developer's address then, the command line, …; empty for the account itself
  actor_id TEXT NOT NULL, -- the actor's account, which may be gone; empty for none
  developer_id TEXT NOT NULL, -- the account that it is about, which may be gone; empty for none
  refused BOOLEAN NOT NULL,
  detail TEXT NOT NULL,
  client TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 1 -- how often the same happened within an hour
);
CREATE INDEX installation_log_at ON installation_log (at, id);
CREATE INDEX installation_log_action ON installation_log (action, at, id);
CREATE INDEX installation_log_actor ON installation_log (actor_id, at, id);
CREATE INDEX installation_log_name ON installation_log (actor, at, id) WHERE actor <> '';
CREATE INDEX installation_log_refused ON installation_log (at, id) WHERE refused = TRUE;
CREATE INDEX installation_log_developer ON installation_log (developer_id, at, id);

-- The servers that run on this database. Each writes its row twice a minute, and removes it when it stops.
CREATE TABLE nodes (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL, -- the machine and the process
  version TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  work TEXT NOT NULL -- a JSON list: when each background worker ran and failed last
);
