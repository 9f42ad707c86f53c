-- Domains that developers ask for, and what DNS said of their proof. A request reserves nothing: several applications can ask for one name.
CREATE TABLE domain_requests (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  host TEXT NOT NULL, -- in lower case
  proof TEXT NOT NULL, -- the text that the name's owner puts into DNS
  requester TEXT NOT NULL, -- an e-mail address
  refusal TEXT, -- the operator's reason; NULL while it is not refused
  created_at BIGINT NOT NULL,
  checked_at BIGINT, -- when DNS was asked last
  proven_at BIGINT, -- when the proof was there last
  flaw TEXT NOT NULL, -- what was wrong when DNS was asked last; empty for nothing
  PRIMARY KEY (app_id, host)
);
CREATE INDEX domain_requests_host ON domain_requests (host);
