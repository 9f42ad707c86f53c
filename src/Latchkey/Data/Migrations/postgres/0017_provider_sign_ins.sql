-- Sign-ins with other providers that are under way. Each works once, and in the browser that began it.

CREATE TABLE provider_sign_ins (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL, -- a hash of what names it: the state, or a code of an app
  browser TEXT NOT NULL, -- a hash of the browser's cookie; empty for an app
  content_sealed TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE INDEX provider_sign_ins_expiry ON provider_sign_ins (expires_at);
