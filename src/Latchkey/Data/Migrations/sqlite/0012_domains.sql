-- Domains that an operator gave to an application: files that belong to a domain are answered there.
CREATE TABLE application_domains (
  host TEXT NOT NULL PRIMARY KEY, -- in lower case
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL
);
CREATE INDEX application_domains_application ON application_domains (app_id);
